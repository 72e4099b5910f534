"""The wording of a paper that is to be prepared."""

from __future__ import annotations

from dataclasses import dataclass

from conferences.models import Conference
from core_groups.models import CoreGroupMeeting
from plans.models import Plan
from reports.content.shared import Json
from reports.content.wording import Editable, editable_in, long_reports, with_wording
from reports.enums import DocumentKind
from reports.models import PaperWording


@dataclass(frozen=True)
class PaperOf:
    """Which paper it is: of a conference, of a core group's meeting, or of a plan."""

    conference: Conference
    kind: str
    meeting: CoreGroupMeeting | None = None
    plan: Plan | None = None

    @property
    def columns(self) -> dict[str, object]:
        return {"conference": self.conference, "kind": self.kind, "core_group_meeting": self.meeting, "plan": self.plan}


@dataclass(frozen=True)
class TextToMend:
    """A recorded text with its mended words, if any; ``is_behind`` where the record has changed since."""

    one: Editable
    wording: PaperWording | None

    @property
    def is_behind(self) -> bool:
        return self.wording is not None and self.wording.recorded != self.one.recorded

    @property
    def mended(self) -> str:
        return self.wording.text if self.wording is not None and not self.is_behind else ""

    @property
    def leaves_out(self) -> bool:
        return self.wording is not None and self.wording.leaves_out and not self.is_behind

    @property
    def version(self) -> int:
        return self.wording.version if self.wording is not None else 0


@dataclass(frozen=True)
class ReportAtLength:
    """A report that its author did not put in short, paragraph by paragraph; ``is_short`` once somebody has."""

    id: int
    author: str
    paragraphs: tuple[TextToMend, ...]

    @property
    def is_short(self) -> bool:
        return any(row.wording is not None and not row.is_behind for row in self.paragraphs)


def wording_of(paper: PaperOf) -> list[PaperWording]:
    """Return the wording in force of a paper."""
    rows = PaperWording.objects.filter(**paper.columns, withdrawn_at__isnull=True).order_by("pk")
    return list(rows.select_related("edited_by").prefetch_related("children", "private_to"))


def worded(content: Json, paper: PaperOf) -> Json:
    """Return a content in the words in which the paper goes out."""
    return with_wording(content, wording_of(paper))


def texts_to_mend(content: Json, paper: PaperOf) -> list[TextToMend]:
    """Return every text that may be mended, as recorded, with what it was mended to."""
    known = {row.entry: row for row in wording_of(paper)}
    return [TextToMend(one, known.get(one.key)) for one in editable_in(content)]


def reports_at_length(content: Json, paper: PaperOf) -> list[ReportAtLength]:
    """Return the reports that stand whole in the minutes because their authors wrote nothing in short."""
    if paper.kind != DocumentKind.MINUTES:
        return []
    texts = {row.one.key: row for row in texts_to_mend(content, paper)}
    people = {row["id"]: row["name"] for row in content["participants"]}
    return [
        ReportAtLength(
            report["id"],
            people[report["author"]],
            tuple(texts[f"{row['entry']}:text"] for row in report["passages"] if f"{row['entry']}:text" in texts),
        )
        for report in long_reports(content)
    ]


def authors_at_length(content: Json) -> list[str]:
    """Return whose reports stand whole in minutes that want them in short."""
    people = {row["id"]: row["name"] for row in content["participants"]}
    return [people[row["author"]] for row in long_reports(content)]
