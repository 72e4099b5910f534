"""One member's copy of the minutes of a core group meeting."""

from __future__ import annotations

from dataclasses import dataclass, field

from entitlement import in_their_parts, may_read
from govuk import words
from reports.copies.children import ChildrenWriter, birth_words
from reports.copies.copies import ChildPart, Composed, NextStep
from reports.copies.levels import Row
from reports.copies.meeting import PLACE_TO_FOLLOW, MeetingWriter, moment
from reports.copies.naming import SOME_PROFESSIONAL
from reports.copies.readers import excerpt_of

# The meeting of those who do not sit apart, among the parts of the content.
MAIN = 0


@dataclass(frozen=True)
class ProgressLine:
    """How far one action has come, and what was said about it; ``own`` is what members say themselves."""

    about: str
    what: str
    who: str
    by_when: str
    progress: str
    said: str
    own: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class OwnLine:
    """What a member says about a child in their own words."""

    name: str
    about: str
    text: str


@dataclass
class ComposedCoreGroup(Composed):
    """One member's copy of the minutes of a core group meeting."""

    progress: list[ProgressLine] = field(default_factory=list)
    own_words: list[OwnLine] = field(default_factory=list)
    stood_in: str = ""


class CoreGroupWriter(ChildrenWriter, MeetingWriter):
    """Writes one copy of the minutes of a core group meeting."""

    def child_parts(self) -> list[ChildPart]:
        return [
            ChildPart(
                id=row["id"],
                full_name=row["full_name"],
                short_name=row["short_name"],
                kind="",
                birth=birth_words(row),
                responsibility=(),
                legal_status="",
                gp="",
                school="",
                participation="",
                no_plan_because="",
                in_time="",
                decision=None,
                counts=(),
                scores=tuple(self._scores(row)),
                spread_explored="",
                views=(),
            )
            for row in self.content["children"]
            if self._reads(row)
        ]

    def held(self) -> str:
        """Return when and where the reader's own sitting was; the day alone for one who was in none."""
        theirs = [
            part for part in self.content["parts"] if self.reader.sees_everything or part["id"] in self.reader.parts
        ]
        said = [", ".join(filter(None, (part["when"], self.label(part["place"], "")))) for part in theirs]
        if said:
            return "; ".join(said)
        return "" if self.reader.is_separate and self.reader.is_family else str(self.content["held"]["day"])

    def _hears_of_absence(self, who: Row) -> bool:
        """Return whether the reader learns that someone did not come: only to a sitting that the reader knows of."""
        if self.reader.sees_everything or who["id"] == self.reader.id:
            return True
        missed = {row["part"] for row in who["attendance"]}
        return bool(missed & set(self.reader.parts)) and super()._hears_of_absence(who)

    def key_workers(self) -> str:
        """Return who carries the plans of the reader's children."""
        names = self.content["key_workers"]
        theirs = [
            names[str(row["id"])] for row in self.content["children"] if self._reads(row) and str(row["id"]) in names
        ]
        return words.listed([self.label(name, SOME_PROFESSIONAL) for name in dict.fromkeys(theirs)])

    def _reads(self, child: Row) -> bool:
        return child["id"] in self.reader.children or self.reader.sees_everything

    def quorate(self) -> str:
        """Return whether the meeting counts as held for the reader's children; a difference is said child by child."""
        held_for = self.content.get("held_for", {})
        theirs = [
            (child["short_name"], held_for.get(str(child["id"]), {}).get("counts", self.content["quorate"]))
            for child in self.content["children"]
            if self._reads(child)
        ]
        answers = {counts for _, counts in theirs}
        if len(answers) < 2:  # noqa: PLR2004 - alike for all
            return "Yes" if answers == {True} else "No"
        return ". ".join(f"{name}: {'yes' if counts else 'no, the time limit runs on'}" for name, counts in theirs)

    def stood_in(self) -> str:
        """Return who stood in for the key worker of the reader's children, to whoever reads of the others' meeting.

        Whoever sat apart does not learn of it, and a child is told in words of their own.
        """
        if self.reader.is_child or not (MAIN in self.reader.parts or self.reader.sees_everything):
            return ""
        held_for = self.content.get("held_for", {})
        names = [
            held_for[str(child["id"])]["stood_in"]
            for child in self.content["children"]
            if self._reads(child) and str(child["id"]) in held_for
        ]
        said = dict.fromkeys(self.label(name, SOME_PROFESSIONAL) for name in names if name)
        return words.listed(list(said))

    def why_held(self) -> str:
        return ""

    def next_steps(self) -> tuple[list[NextStep], bool]:
        own = self.content["next"].get(str(self.reader.id))
        if self.reader.sees_everything:
            own = next(iter(self.content["next"].values()), None)
        if own is None:
            return [], self.reader.is_separate and self.reader.is_family
        place = self.label(own["place"], PLACE_TO_FOLLOW) or PLACE_TO_FOLLOW
        return [NextStep(moment(own["at"]), f"Core group, {place}", self.key_workers())], False

    def progress(self) -> list[ProgressLine]:
        found = []
        for one in self.content["actions"]:
            entry = f"action:{one['id']}"
            action = excerpt_of({**one, "part": None, "who": None}, one["what"])
            if not may_read(action, self.reader) or entry in self.reader.left_out or self.reader.id in one["kept_from"]:
                continue
            about = self.about(one)
            said = next((row for row in one["said"] if row["member"] is None), None)
            found.append(
                ProgressLine(
                    about=about,
                    what=self.say(entry, f"Plan of {about}", one["what"]),
                    who=self.label(one["who"], SOME_PROFESSIONAL),
                    by_when=self.label(one["by_when"]),
                    progress=said["progress"] if said else "",
                    said=self._said(said, about) if said and self._heard(said) else "",
                    own=tuple(self._own_progress(one, about)),
                )
            )
        return found

    def _heard(self, row: Row) -> bool:
        return self.reader.sees_everything or in_their_parts(row["part"], self.reader)

    def _heard_from(self, member: int) -> bool:
        """Return whether someone's own words are the reader's to read: not those of a sitting they were not in."""
        part = self.content.get("apart", {}).get(str(member))
        return member == self.reader.id or self.reader.sees_everything or part is None or part in self.reader.parts

    def _said(self, row: Row, about: str) -> str:
        return self.reason(f"progress:{row['id']}", f"Progress, for {about}", row["text"])

    def _own_progress(self, one: Row, about: str) -> list[tuple[str, str, str]]:
        """Return what members say themselves, which of the family only they read."""
        return [
            (
                self.name_of(row["member"]),
                row["progress"],
                self.reason(f"progress:{row['id']}", f"Own words, for {about}", row["text"]),
            )
            for row in one["said"]
            if row["member"] is not None
            and (not self.reader.is_family or row["member"] == self.reader.id)
            and self._heard_from(row["member"])
        ]

    def own_words(self) -> list[OwnLine]:
        found = []
        for one in self.content["own_words"]:
            text = excerpt_of({**one, "part": None}, one["text"])
            theirs = may_read(text, self.reader) and self._heard_from(one["member"])
            if theirs or one["member"] == self.reader.id:
                about = self.about(one)
                said = self.say(f"words:{one['id']}", f"Own words about {about}", one["text"])
                found.append(OwnLine(self.name_of(one["member"]), about, said))
        return found

    def title(self) -> str:
        return f"Minutes of core group {self.content['core_group']}"


def written(writer: CoreGroupWriter) -> ComposedCoreGroup:
    """Return the copy, without the number that its recipient's has."""
    content, reader = writer.content, writer.reader
    children = writer.child_parts()
    steps, withheld = writer.next_steps()
    copy = ComposedCoreGroup(
        kind=writer.kind,
        reader=reader,
        reader_words="",
        reference=content["reference"],
        case_number=content["case_number"],
        authority=content["authority"],
        title=writer.title(),
        for_children=words.listed([child.full_name for child in children]),
        held=writer.held(),
        led_by=writer.key_workers(),
        notes_by=content["coordinator"],
        chair=writer.key_workers(),
        coordinator=content["coordinator"],
        key_worker_title=content["key_worker_title"],
        quorate=writer.quorate(),
        why_held="",
        children=children,
        scale=content["scale"],
        plan=[],
        next_steps=steps,
        dates_withheld=withheld,
        leaves_out=_leaves_out(writer),
    )
    copy.stood_in = writer.stood_in()
    copy.progress = writer.progress()
    copy.own_words = writer.own_words()
    if not reader.is_child:
        # Opinions about a child are talked through with the child, and not read by them on paper.
        copy.board = writer.board()
        copy.attendance, copy.apologies = writer.attendance()
    copy.passages = writer.passages
    copy.masked, copy.times_masked = frozenset(writer.masked), writer.times_masked
    return copy


def _leaves_out(writer: CoreGroupWriter) -> list[str]:
    """Return the same words for every reader of a group: a difference would itself reveal something."""
    reader = writer.reader
    if reader.sees_everything:
        return ["It is the full version, for whoever releases it."]
    if not reader.is_family:
        return ["It holds what concerns the children you are in the core group for. It gives no addresses."]
    about = "you" if reader.is_child else "your child" if len(reader.children) == 1 else "your children"
    return [f"It is made for you. It holds what is about {about}. Other people get a copy made for them."]
