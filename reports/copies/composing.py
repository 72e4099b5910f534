"""Composing one recipient's copy of a frozen content."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import replace

from entitlement import Reader
from govuk import words
from reports.copies.children import ChildrenWriter
from reports.copies.childs_letter import written_letter
from reports.copies.copies import ChildPart, Composed, Passage
from reports.copies.core_groups import CoreGroupWriter, written
from reports.copies.course import CourseWriter
from reports.copies.levels import Content, entitlement_of, participant_in, recipients_due, turns_to
from reports.copies.meeting import DANGER, GOAL, MeetingWriter
from reports.copies.naming import Naming, small
from reports.copies.plans import PlanWriter, written_plan
from reports.copies.raised import RaisedWriter
from reports.copies.readers import reader_of, reader_of_all
from reports.enums import DocumentKind


class Writer(ChildrenWriter, MeetingWriter, RaisedWriter, CourseWriter):
    """Writes one copy."""


def compose(content: Content, participant_id: int, kind: str, *, settled: Collection[int] = ()) -> Composed:
    """Return one recipient's copy. Raises ValueError for anyone not entitled to this kind."""
    entitlement = entitlement_of(content, participant_id, settled=settled)
    if not entitlement.covers(kind):
        raise ValueError("not entitled")
    reader = reader_of(content, participant_id, settled=settled)
    copy = _copy(content, reader, kind)
    who = participant_in(content, participant_id)
    copy.reader_words = small(Writer(content, reader, kind).role_of(who))
    due = recipients_due(content, kind, settled=settled)
    copy.of = len(due)
    note_changes(content, copy)
    copy.number = due.index(participant_id) + 1 if participant_id in due else 0
    return copy


def note_changes(content: Content, copy: Composed) -> None:
    """Say on a copy that it takes the place of a released version, and where it says something else."""
    replaces = content.get("replaces")
    if replaces:
        released = datetime.datetime.fromisoformat(replaces["released_at"])
        copy.replaces = f"version {replaces['number']} of {words.plain_date(released)}"
        copy.differs_in = tuple(content.get("changed", {}).get(str(copy.reader.id), ()))


def compose_whole(content: Content, kind: str) -> Composed:
    """Return everything the document could say, for the chair to read before anyone gets a copy."""
    return _copy(content, reader_of_all(content), kind)


def compose_about(content: Content, kind: str, children: Collection[int]) -> Composed:
    """Return everything the document could say about some children (ConferenceChild ids), in all parts."""
    whole = reader_of_all(content)
    reader = replace(whole, children=frozenset(children), every_child=False, sees_everything=False)
    return _copy(content, reader, kind)


def _copy(content: Content, reader: Reader, kind: str) -> Composed:
    if kind == DocumentKind.CORE_GROUP:
        return written(CoreGroupWriter(content, reader, kind))
    if kind == DocumentKind.CHILDS_LETTER:
        return written_letter(Naming(content, reader, kind))
    if kind == DocumentKind.PLAN:
        return written_plan(PlanWriter(content, reader, kind))
    return _written(Writer(content, reader, kind), content, kind)


def _written(writer: Writer, content: Content, kind: str) -> Composed:
    reader = writer.reader
    children = writer.child_parts()
    steps, withheld = writer.next_steps()
    copy = Composed(
        kind=kind,
        reader=reader,
        reader_words="",
        reference=content["reference"],
        case_number=content["case_number"],
        authority=content["authority"],
        title=_title(kind, children),
        for_children=words.listed([child.full_name for child in children]),
        held=writer.held(),
        led_by=writer.label(content["chair"], "the chair"),
        notes_by=writer.label(content["coordinator"], "the coordinator"),
        chair=writer.label(turns_to(content, "chair"), "the chair"),
        coordinator=writer.label(turns_to(content, "coordinator"), "the coordinator"),
        key_worker_title=content["key_worker_title"],
        quorate=writer.quorate(),
        why_held=writer.why_held(),
        why_in_general=writer.why_in_general(),
        children=children,
        scale=content["scale"],
        outcomes=writer.outcomes(),
        plan=writer.plan(),
        then=writer.contingency(),
        roads=writer.roads(),
        next_steps=steps,
        dates_withheld=withheld,
        leaves_out=_leaves_out(kind, reader),
    )
    copy.views_said = writer.views_said()
    if not reader.is_child:
        # What the grown-ups fear is talked through with the child, and not read by them on paper.
        copy.danger, copy.goal = writer.under(DANGER), writer.under(GOAL)
    if kind == DocumentKind.MINUTES:
        copy.attendance, copy.apologies = writer.attendance()
        copy.reports_said = writer.reports_said()
        copy.agenda = writer.agenda()
        copy.recording = writer.recording()
        copy.read_out, copy.course = writer.read_out(), writer.course()
        copy.board = writer.board()
        copy.stops = writer.stops()
        copy.raised = writer.raised()
    copy.passages = writer.passages
    copy.masked, copy.times_masked = frozenset(writer.masked), writer.times_masked
    return copy


def leaks(copy: Composed) -> list[Passage]:
    """Return the passages of a copy that contain something confidential from its reader."""
    return [passage for passage in copy.passages if copy.reader.is_hidden(passage.text)]


def _title(kind: str, children: list[ChildPart]) -> str:
    if kind == DocumentKind.DECISIONS_LETTER:
        return "What was decided, and the plan"
    kinds = list(dict.fromkeys(child.kind for child in children))
    return f"Minutes of the {words.listed([small(one) for one in kinds])} child protection conference"


def _leaves_out(kind: str, reader: Reader) -> list[str]:
    """Return the same words for every reader of a group: a difference would itself reveal something."""
    if reader.sees_everything:
        return ["It is the full version, for the people who run the meeting."]
    if not reader.is_family:
        return [
            "It holds what concerns the children you are there for, from the parts of the meeting you were in.",
            "It gives no addresses.",
        ]
    about = "you" if reader.is_child else "your child" if len(reader.children) == 1 else "your children"
    parts = " and was said while you were there" if kind == DocumentKind.MINUTES else ""
    return [f"It is made for you. It holds what is about {about}{parts}. Other people get a copy made for them."]
