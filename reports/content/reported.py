"""What each agency reported in short, and what the plan says beside its actions, in a document's content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from conferences.models import Conference, Decision
from conferences.selectors.children import those_in_at
from plans.enums import PlanEntryKind
from plans.models import PlanAction, PlanEntry
from reports.content.shared import Json, ids_of
from reports.enums import ReportState, ShortPart
from reports.models import Report, ReportSection, ShortPassage

# A passage longer than this ends at the last whole sentence before it, with an ellipsis.
IN_SHORT = 400


def reports_of(conference: Conference) -> list[Json]:
    """Return each report that is in, passage by passage: its short report where it has one, otherwise in short."""
    in_at = those_in_at(conference)
    rows = Report.objects.filter(conference=conference, state=ReportState.SUBMITTED)
    found = []
    for report in rows.select_related("author").prefetch_related("author__children").order_by("author", "pk"):
        among = sorted(in_at(report.submitted_at)) if report.submitted_at else []
        passages = _short(report) if report.short_ready_at else _sections(report)
        found.append(
            {
                "id": report.pk,
                "author": report.author_id,
                "why": report.why_held,
                "children": ids_of(report.author.children.all()),
                "among": among,
                "passages": passages,
            }
        )
    return found


def _short(report: Report) -> list[Json]:
    rows = report.short_passages.filter(removed_at__isnull=True).prefetch_related("children", "private_to", "kept_from")
    order = {part: place for place, part in enumerate(ShortPart.values)}
    ordered = sorted(rows, key=lambda row: (order[row.part], row.position, row.pk))
    return [_passage("short", row, str(ShortPart(row.part).label), row.text) for row in ordered]


def _sections(report: Report) -> list[Json]:
    rows = report.sections.filter(removed_at__isnull=True).prefetch_related("children", "private_to", "kept_from")
    return [_passage("section", row, row.heading, in_short(row.text)) for row in rows]


def _passage(kind: str, row: ShortPassage | ReportSection, under: str, text: str) -> Json:
    return {
        "entry": f"report-{kind}:{row.pk}",
        "under": under,
        "text": text,
        "children": ids_of(row.children.all()),
        "private_to": ids_of(row.private_to.all()),
        "kept_from": ids_of(row.kept_from.all()),
    }


def in_short(text: str) -> str:
    """Return a text of a report as far as the last whole sentence that fits, in the author's own words."""
    text = text.strip()
    if len(text) <= IN_SHORT:
        return text
    head = text[:IN_SHORT]
    ends = max(head.rfind(mark) for mark in (". ", "? ", "! ", ".\n", "\n"))
    return f"{head[: ends + 1].rstrip() if ends > 0 else head.rsplit(' ', 1)[0]} …"


def how_known(conference: Conference) -> dict[int, str]:
    """Return, by outline action, how the plan that came of it says that we shall know."""
    rows = PlanAction.objects.standing().filter(outline__conference=conference).exclude(how_known="")
    return dict(rows.order_by("pk").values_list("outline", "how_known"))


def contingency_of(decisions: Iterable[Decision]) -> list[Json]:
    """Return what the plans made by these decisions say we do if something happens; the same once for several."""
    child_of = {row.pk: row.conference_child_id for row in decisions}
    rows = (
        PlanEntry.objects.standing()
        .filter(plan__decision__in=child_of, kind=PlanEntryKind.CONTINGENCY)
        .select_related("plan")
        .prefetch_related("private_to")
        .order_by("created_at", "pk")
    )
    same: dict[tuple[Any, ...], Json] = {}
    children: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in rows:
        key = (row.text, row.we_do, tuple(ids_of(row.private_to.all())))
        same.setdefault(
            key, {"id": row.pk, "if_this": row.text, "we_do": row.we_do, "private_to": list(key[2]), "part": None}
        )
        children[key].append(child_of[row.plan.decision_id])  # type: ignore[index]
    return [{**row, "children": sorted(children[key])} for key, row in same.items()]
