"""What one recipient may read: a frozen content and a recipient in, their copy out.

Pure: no database, no clock, no settings. Entitlement is per child and per adult, never per family. The
rules, with the reasons for each choice, stand in docs/adr/0006-entitlement-per-child-and-adult.md; the shape
of the content in ``reports.content``.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from conferences.enums import (
    FAMILY_CAPACITIES,
    Capacity,
    Given,
    Harm,
    HowToAttend,
    Mode,
    Nature,
    Outcome,
    PartKind,
    Presence,
    Standing,
    StopGround,
    ViewStatus,
)
from families.enums import PARENT_KINDS, Answer, Certainty, RelationshipKind
from govuk import words
from reports.enums import DocumentKind, SharingOutcome
from reports.hidden_words import mentions, names_somebody

Content = dict[str, Any]
Row = dict[str, Any]

NOT_IN_THIS_COPY = "Not in this copy"
NOT_RECORDED = words.NOT_RECORDED
SOME_PROFESSIONAL = "A professional (name withheld)"
SOMEBODY = "Somebody in the family"
UNBORN_WORDS = ("unborn", "pregnan*", "the baby", "expecting")
NEVER_BY_DEFAULT = frozenset({Capacity.SUPPORTER, Capacity.ADVOCATE, Capacity.SOLICITOR, Capacity.INTERPRETER, Capacity.OBSERVER})
RUNS_THE_MEETING = frozenset({Capacity.CHAIR, Capacity.COORDINATOR})
CHILDLIKE = frozenset({Capacity.CHILD})


class Level(IntEnum):
    """How much somebody gets."""

    NOTHING = 0
    DECISIONS = 1
    RECORD = 2


LEVEL_OF = {DocumentKind.DECISIONS_LETTER: Level.DECISIONS, DocumentKind.MINUTES: Level.RECORD}


@dataclass(frozen=True)
class Entitlement:
    """How much, about which children, and the reason in a sentence where it is less than everything."""

    level: Level
    children: frozenset[int] = frozenset()
    because: str = ""
    chair_may_settle: bool = False

    def covers(self, kind: str) -> bool:
        return self.level >= LEVEL_OF[DocumentKind(kind)]


@dataclass(frozen=True)
class Reader:
    """A recipient, with everything that decides what their copy holds."""

    id: int
    person: int
    name: str
    capacity: str
    children: frozenset[int]
    parts: frozenset[int]
    every_child: bool
    every_part: bool
    is_separate: bool
    hidden_agencies: frozenset[int]
    hidden_persons: frozenset[int]
    hidden_words: frozenset[str]
    council: str
    other_children: tuple[str, ...]
    left_out: frozenset[str]
    is_adult_family: bool
    is_child: bool
    sees_everything: bool

    @property
    def is_family(self) -> bool:
        return self.is_adult_family or self.is_child

    def is_hidden(self, text: str) -> bool:
        return mentions(text, self.hidden_words, self.council)

    def names_another_child(self, *texts: str) -> bool:
        return any(names_somebody(text, self.other_children) for text in texts)


# Who gets anything


def entitlement_of(content: Content, participant_id: int, *, settled: Collection[int] = ()) -> Entitlement:
    """What a participant gets by default, or because the chair settled it (``settled``: their ids)."""
    who = _participant(content, participant_id)
    children = _children_for(content, who)
    if who["capacity"] in RUNS_THE_MEETING:
        return Entitlement(Level.RECORD, frozenset(row["id"] for row in content["children"]))
    if who["standing"] == Standing.AWAITING_CHAIR:
        return Entitlement(Level.NOTHING, because="Waits for the chair to decide how they take part.")
    if who["standing"] in {Standing.LEFT_OUT, Standing.WITHDRAWN}:
        return Entitlement(Level.NOTHING, because="Was not invited.")
    if who["capacity"] in NEVER_BY_DEFAULT:
        return Entitlement(Level.NOTHING, because=f"{Capacity(who['capacity']).label}: has no copy of their own.")
    is_settled = participant_id in settled
    if who["standing"] == Standing.KEPT_OUT or who["how"] == HowToAttend.NOT_AT_ALL:
        return _as_settled(children, is_settled, "Kept out of the meeting: the chair settles what they get.")
    if any(row["presence"] == Presence.REMOVED for row in who["attendance"]):
        return _as_settled(children, is_settled, "Removed from the meeting: the chair settles what they get.")
    if not _attended(who) and who["standing"] in {Standing.PROPOSED, Standing.TO_INVITE}:
        return Entitlement(Level.NOTHING, because="Was not invited.")
    if who["capacity"] in CHILDLIKE:
        return _of_child(children, is_settled)
    if who["capacity"] in FAMILY_CAPACITIES:
        return _of_adult(who, children)
    return _of_professional(content, who, children)


def _as_settled(children: frozenset[int], is_settled: bool, because: str) -> Entitlement:
    level = Level.DECISIONS if is_settled and children else Level.NOTHING
    return Entitlement(level, children, because, chair_may_settle=bool(children))


def _of_child(children: frozenset[int], is_settled: bool) -> Entitlement:
    if not children:
        return Entitlement(Level.NOTHING, because="The meeting was not about them.")
    if is_settled:
        return Entitlement(Level.RECORD, children)
    return Entitlement(
        Level.DECISIONS, children, "A child gets a letter of their own; other papers where the chair says so.",
        chair_may_settle=True,
    )


def _of_adult(who: Row, children: frozenset[int]) -> Entitlement:
    if children:
        return Entitlement(Level.RECORD, children)
    if who["capacity"] == Capacity.PARENT:
        return Entitlement(
            Level.NOTHING, because="Not recorded as the known parent of a child here, nor with parental responsibility."
        )
    return Entitlement(Level.NOTHING, because="Has no parental responsibility for a child here.")


def _of_professional(content: Content, who: Row, children: frozenset[int]) -> Entitlement:
    if not children:
        return Entitlement(Level.NOTHING, because="It is not recorded for which child they come.")
    if _attended(who):
        return Entitlement(Level.RECORD, children)
    in_core_group = any(who["id"] in decision["core_group"] for decision in content["decisions"])
    if in_core_group:
        return Entitlement(Level.DECISIONS, children, "In the core group, and was not at the meeting.")
    if who["report_in"]:
        return Entitlement(Level.DECISIONS, children, "Sent a report, and was not at the meeting.")
    return Entitlement(Level.NOTHING, because="Was not at the meeting and sent no report.")


def _children_for(content: Content, who: Row) -> frozenset[int]:
    """The children whose papers concern them. A parent's or carer's follow from who they are to each child."""
    if who["capacity"] in FAMILY_CAPACITIES:
        if who["capacity"] in CHILDLIKE:
            return frozenset(row["id"] for row in content["children"] if row["person"] == who["person"])
        own = frozenset(tie["child"] for tie in content["ties"] if tie["person"] == who["person"] and _reads(tie))
        return own & frozenset(who["children"]) if who["children"] else own
    return frozenset(who["children"])


def _reads(tie: Row) -> bool:
    """A known parent, or anybody who holds parental responsibility; a possible father does not read yet."""
    if tie["holds_responsibility"]:
        return True
    return any(
        row["kind"] in PARENT_KINDS
        and row["kind"] != RelationshipKind.POSSIBLE_FATHER
        and row["certainty"] == Certainty.KNOWN
        for row in tie["relationships"]
    )


def recipients_due(content: Content, kind: str, *, settled: Collection[int] = ()) -> list[int]:
    """Ids of the participants who are due a copy of this kind, in a fixed order."""
    return [
        who["id"]
        for who in content["participants"]
        if who["capacity"] not in RUNS_THE_MEETING
        and entitlement_of(content, who["id"], settled=settled).covers(kind)
    ]


def _participant(content: Content, participant_id: int) -> Row:
    return next(row for row in content["participants"] if row["id"] == participant_id)


def _attended(who: Row) -> bool:
    return any(row["presence"] == Presence.PRESENT for row in who["attendance"])


def reader_of(content: Content, participant_id: int, *, settled: Collection[int] = ()) -> Reader:
    """Everything about one recipient that decides what their copy holds."""
    who = _participant(content, participant_id)
    children = entitlement_of(content, participant_id, settled=settled).children
    runs_it = who["capacity"] in RUNS_THE_MEETING
    all_parts = frozenset(part["id"] for part in content["parts"])
    parts = all_parts if runs_it else frozenset(
        row["part"] for row in who["attendance"] if row["presence"] == Presence.PRESENT
    )
    others = [row for row in content["children"] if row["id"] not in children]
    hidden = {} if runs_it else content["hidden"].get(str(participant_id), {})
    return Reader(
        id=participant_id,
        person=who["person"],
        name=who["name"],
        capacity=who["capacity"],
        children=children,
        parts=parts,
        every_child=not others and not content["names_of_withdrawn"],
        every_part=parts == all_parts and bool(parts),
        is_separate=who["separate"],
        hidden_agencies=frozenset(hidden.get("agencies", ())),
        hidden_persons=frozenset(hidden.get("persons", ())),
        hidden_words=frozenset(hidden.get("words", ())),
        council=content["authority"]["name"],
        other_children=(
            *(name for row in others for name in (*row["names"], *(UNBORN_WORDS if row["unborn"] else ()))),
            *content["names_of_withdrawn"],
        ),
        left_out=frozenset(row["entry"] for row in content.get("left_out", ()) if participant_id in row["recipients"]),
        is_adult_family=who["capacity"] in FAMILY_CAPACITIES and who["capacity"] not in CHILDLIKE,
        is_child=who["capacity"] in CHILDLIKE,
        sees_everything=runs_it,
    )


# What may be read


def may_read(item: Row, reader: Reader, *texts: str) -> bool:
    """Whether something said or agreed is theirs by child and by adult; parts are asked for apart.

    ``item`` has ``children`` (none named: all of them) and ``private_to``.
    """
    named = frozenset(item["children"])
    if reader.sees_everything:
        return True
    if not reader.is_family:
        return bool(reader.children & named) if named else bool(reader.children)
    if set(item["private_to"]) - {reader.person}:
        return False
    if named and not named <= reader.children:
        return False
    return reader.every_child or not reader.names_another_child(*texts)


def in_their_parts(part: int | None, reader: Reader) -> bool:
    """Whether it was said where they were; what names no part may have been said in any."""
    return part in reader.parts if part is not None else reader.every_part


def _on_the_board_for(entry: Row, reader: Reader) -> bool:
    if entry["part"] is not None:
        return entry["part"] in reader.parts
    # Written before the meeting opened: everybody who came saw it, but for those who attend apart.
    return bool(reader.parts) and not (reader.is_separate and not reader.every_part)


def _in_the_plan_for(action: Row, reader: Reader, confidential: frozenset[int]) -> bool:
    if reader.sees_everything or action["who"] == reader.id:
        return True
    if action["part"] in confidential or reader.is_separate:
        return in_their_parts(action["part"], reader)
    if not reader.is_family and action["private_to"]:
        return in_their_parts(action["part"], reader)
    return True


# The copy


@dataclass(frozen=True)
class Passage:
    """A piece of free text in a copy, with where it stands, in words for the coordinator."""

    entry: str
    where: str
    text: str


@dataclass(frozen=True)
class BoardLine:
    text: str
    nature: str
    evidence: str
    speaker: str
    about: str
    seen_differently: str

    @property
    def is_fact(self) -> bool:
        return self.nature == Nature.FACT

    @property
    def nature_words(self) -> str:
        return Nature(self.nature).label


@dataclass(frozen=True)
class BoardGroup:
    label: str
    prompt: str
    lines: tuple[BoardLine, ...]


@dataclass(frozen=True)
class Scored:
    name: str
    words: str
    value: int | None
    given: str
    reason: str
    is_family: bool


@dataclass(frozen=True)
class Viewed:
    name: str
    words: str
    given: str
    harm: str
    status: str
    category: str
    reason: str
    is_family: bool


@dataclass(frozen=True)
class Action:
    about: str
    why: str
    what: str
    who: str
    by_when: str


@dataclass(frozen=True)
class Counted:
    """How many professionals, and from how many agencies, recommended one status."""

    status: str
    people: int
    agencies: int


@dataclass(frozen=True)
class Decided:
    outcome: str
    is_plan: bool
    category: str
    other_categories: str
    rationale: str
    help_offered: str
    against_majority: str
    missing: tuple[str, ...]
    went_on_because: str
    key_worker: str
    visits: str
    visit_reason: str
    core_group: tuple[str, ...]
    consents: tuple[str, ...]
    dissents: tuple[tuple[str, str], ...]
    earlier: tuple[tuple[str, str], ...]
    decided_by: str
    decided_on: datetime.date


@dataclass(frozen=True)
class ChildPart:
    id: int
    full_name: str
    short_name: str
    kind: str
    birth: str
    responsibility: tuple[str, ...]
    legal_status: str
    gp: str
    school: str
    participation: str
    no_plan_because: str
    in_time: str
    decision: Decided | None
    counts: tuple[Counted, ...]
    scores: tuple[Scored, ...]
    spread_explored: str
    views: tuple[Viewed, ...]

    @property
    def given_scores(self) -> list[Scored]:
        return [row for row in self.scores if row.value is not None]

    @property
    def range_words(self) -> str:
        values = [row.value for row in self.scores if row.value is not None]
        if not values:
            return ""
        return f"{min(values)} to {max(values)}" if min(values) != max(values) else f"{min(values)}"


@dataclass(frozen=True)
class Attendee:
    name: str
    words: str
    how: str
    report: str


@dataclass(frozen=True)
class Stop:
    child: str
    ground: str
    said: str
    action: str
    by: str
    when: str


@dataclass(frozen=True)
class AgendaLine:
    title: str
    note: str


@dataclass(frozen=True)
class NextStep:
    when: str
    what: str
    who: str


@dataclass
class Composed:
    """One recipient's copy, ready to be laid out."""

    kind: str
    reader: Reader
    reader_words: str
    reference: str
    case_number: str
    authority: Row
    title: str
    for_children: str
    held: str
    chair: str
    coordinator: str
    key_worker_title: str
    quorate: str
    why_held: str
    children: list[ChildPart]
    scale: Row
    plan: list[Action] = field(default_factory=list)
    next_steps: list[NextStep] = field(default_factory=list)
    dates_withheld: bool = False
    leaves_out: list[str] = field(default_factory=list)
    attendance: list[Attendee] = field(default_factory=list)
    apologies: list[Attendee] = field(default_factory=list)
    agenda: list[AgendaLine] = field(default_factory=list)
    board: list[BoardGroup] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    number: int = 0
    of: int = 0


class _Writer:
    """Writes one copy. Every free text passes through ``say``, so that the leak check sees all there is."""

    def __init__(self, content: Content, reader: Reader, kind: str) -> None:
        self.content = content
        self.reader = reader
        self.kind = kind
        self.people: dict[int, Row] = {row["id"]: row for row in content["participants"]}
        self.children: dict[int, Row] = {row["id"]: row for row in content["children"]}
        self.confidential = frozenset(part["id"] for part in content["parts"] if part["kind"] == PartKind.CONFIDENTIAL)
        self.passages: list[Passage] = []

    # Words

    def say(self, entry: str, where: str, text: str) -> str:
        if not text:
            return ""
        if entry in self.reader.left_out:
            return f"{NOT_IN_THIS_COPY}."
        self.passages.append(Passage(entry, where, text))
        return text

    def label(self, text: str, instead: str = NOT_IN_THIS_COPY) -> str:
        """A single value, such as a place: left out by itself where it would tell."""
        return instead if text and self.reader.is_hidden(text) else text

    def short_name(self, child_id: int) -> str:
        return str(self.children[child_id]["short_name"])

    def about(self, item: Row) -> str:
        ids = [row["id"] for row in self.content["children"] if row["id"] in (item["children"] or self.children)]
        ids = [child_id for child_id in ids if child_id in self.reader.children or self.reader.sees_everything]
        if not item["children"] and self.reader.every_child:
            return "All the children" if len(ids) > 1 else self.short_name(ids[0])
        return words.listed([self.short_name(child_id) for child_id in ids])

    def is_withheld(self, who: Row) -> bool:
        """Whether this person's name or agency would point to where somebody is, or to another's child."""
        reader = self.reader
        if who["id"] == reader.id or reader.sees_everything:
            return False
        if who["person"] in reader.hidden_persons or (who["agency"] or 0) in reader.hidden_agencies:
            return True
        if reader.is_hidden(who["name"]) or reader.is_hidden(who["agency_name"]):
            return True
        if not reader.is_family or who["capacity"] in FAMILY_CAPACITIES:
            return False
        return bool(who["children"]) and not set(who["children"]) & reader.children

    def shares_a_part(self, who: Row) -> bool:
        return any(
            row["part"] in self.reader.parts and row["presence"] in {Presence.PRESENT, Presence.REMOVED}
            for row in who["attendance"]
        )

    def name_of(self, participant_id: int | None) -> str:
        if participant_id is None:
            return ""
        who = self.people[participant_id]
        if self.is_withheld(who):
            return SOME_PROFESSIONAL
        is_kin = who["capacity"] in FAMILY_CAPACITIES or who["capacity"] in NEVER_BY_DEFAULT
        if self.reader.is_family and is_kin and who["id"] != self.reader.id and not self.shares_a_part(who):
            return SOMEBODY
        return str(who["name"])

    def role_of(self, who: Row) -> str:
        """What they are to the reader's children, or where they work."""
        if self.is_withheld(who):
            return ""
        if who["capacity"] in FAMILY_CAPACITIES:
            if who["capacity"] in CHILDLIKE:
                return "Child"
            ties = [tie for tie in self.content["ties"] if tie["person"] == who["person"] and tie["words"]]
            if not self.reader.sees_everything:
                ties = [tie for tie in ties if tie["child"] in self.reader.children]
            return _relations(ties, self.children, len(self.reader.children)) or "Family"
        if who["capacity"] in NEVER_BY_DEFAULT:
            acts_for = self.name_of(who["acts_for"])
            return f"{Capacity(who['capacity']).label}{f', with {acts_for}' if acts_for else ''}"
        role = ", ".join(filter(None, (who["title"], who["agency_name"]))) or Capacity(who["capacity"]).label
        return f"{role} (deputy)" if who["is_deputy"] else role

    def speaker(self, participant_id: int | None) -> str:
        if participant_id is None:
            return ""
        name, role = self.name_of(participant_id), self.role_of(self.people[participant_id])
        return f"{name}, {_small(role)}" if role and name not in {SOME_PROFESSIONAL, SOMEBODY} else name

    # Parts of the copy

    def child_parts(self) -> list[ChildPart]:
        return [
            self._child(row)
            for row in self.content["children"]
            if row["id"] in self.reader.children or self.reader.sees_everything
        ]

    def _child(self, row: Row) -> ChildPart:
        decision = next((one for one in self.content["decisions"] if one["child"] == row["id"]), None)
        views = [view for view in self.content["views"] if view["child"] == row["id"]]
        return ChildPart(
            id=row["id"],
            full_name=row["full_name"],
            short_name=row["short_name"],
            kind=row["kind_words"],
            birth=_birth_words(row),
            responsibility=tuple(row["responsibility"]) or (NOT_RECORDED,),
            legal_status=", ".join(row["legal_statuses"]) or "None recorded",
            gp=self._places(row, "gp"),
            school=self._places(row, "school"),
            participation=row["participation"],
            no_plan_because=self.say(f"no-plan:{row['id']}", f"Why no plan for {row['short_name']}", row["no_plan_needed"]),
            in_time=row["in_time"],
            decision=self._decision(row, decision) if decision else None,
            counts=_counts(views, self.people),
            scores=tuple(self._scores(row)),
            spread_explored=self._spread(row),
            views=tuple(self._views(row, views)),
        )

    def _places(self, row: Row, kind: str) -> str:
        """Name of a school or surgery. Nothing tells a hidden one from one that is not in this copy."""
        named = []
        for place in row[kind]:
            if place["agency"] in self.reader.hidden_agencies or self.reader.is_hidden(place["name"]):
                return NOT_IN_THIS_COPY
            named.append(place["name"])
        return ", ".join(named) or NOT_RECORDED

    def _decision(self, row: Row, decision: Row) -> Decided:
        key, child = f":{row['id']}", row["short_name"]
        is_child = self.reader.is_child
        return Decided(
            outcome=Outcome(decision["outcome"]).label,
            is_plan=decision["outcome"] in {Outcome.CP_PLAN, Outcome.CIN_PLAN},
            category=self._category(decision["main_category"]),
            other_categories=words.listed(
                [self._category(code) for code in decision["categories"] if code != decision["main_category"]]
            ),
            rationale="" if is_child else self.say(f"rationale{key}", f"Why, for {child}", decision["rationale"]),
            help_offered=self.say(f"help{key}", f"Help offered to {child}", decision["help_offered"]),
            against_majority=""
            if is_child
            else self.say(f"majority{key}", f"Against the majority, for {child}", decision["against_majority_reason"]),
            missing=() if is_child else tuple(self._missing(text) for text in decision["missing"]),
            went_on_because=""
            if is_child
            else self.say(f"went-on{key}", f"Why the chair went on, for {child}", decision["went_on_reason"]),
            key_worker=decision["key_worker"],
            visits=decision["visits"],
            visit_reason="" if is_child else self.say(f"visits{key}", f"Visits to {child}", decision["visit_reason"]),
            core_group=self._core_group(decision),
            consents=tuple(self._consents(decision)),
            dissents=tuple(self._dissents(row, decision)),
            earlier=() if is_child else tuple(
                (
                    self.say(f"earlier{key}", f"Earlier decision for {child}", f"{Outcome(old['outcome']).label}. {old['rationale']}"),
                    self.say(f"earlier{key}", f"Earlier decision for {child}", old["because"]),
                )
                for old in decision["earlier"]
            ),
            decided_by=decision["decided_by"],
            decided_on=datetime.date.fromisoformat(decision["decided_on"]),
        )

    def _category(self, code: str) -> str:
        return str(self.content["categories"].get(code, code)) if code else ""

    def _missing(self, text: str) -> str:
        withheld = [
            name
            for who in self.people.values()
            if self.is_withheld(who)
            for name in (who["name"], who["agency_name"])
            if name
        ]
        if self.reader.is_hidden(text) or (self.reader.is_family and names_somebody(text, withheld)):
            return f"Something that is {NOT_IN_THIS_COPY.lower()}"
        return text

    def _core_group(self, decision: Row) -> tuple[str, ...]:
        if self.reader.is_separate and self.reader.is_family:
            return ()
        return tuple(self.speaker(who) for who in decision["core_group"] if who in self.people)

    def _consents(self, decision: Row) -> Iterable[str]:
        for consent in decision["consents"]:
            if self.reader.is_family and consent["person"] != self.reader.person:
                continue
            yield f"{consent['name']}: {_small(Answer(consent['answer']).label)}"

    def _dissents(self, row: Row, decision: Row) -> Iterable[tuple[str, str]]:
        for dissent in decision["dissents"]:
            who = self.people[dissent["participant"]]
            is_kin = who["capacity"] in FAMILY_CAPACITIES
            if self.reader.is_child or (
                self.reader.is_family and is_kin and who["id"] != self.reader.id and not self.shares_a_part(who)
            ):
                continue
            text = self.say(f"dissent:{dissent['id']}", f"Who did not agree, for {row['short_name']}", dissent["text"])
            yield self.speaker(who["id"]), text

    def _reason(self, entry: str, where: str, text: str) -> str:
        if self.reader.is_family and not self.reader.every_child and self.reader.names_another_child(text):
            return f"{NOT_IN_THIS_COPY}."
        return self.say(entry, where, text)

    def _scores(self, row: Row) -> Iterable[Scored]:
        if self.reader.is_child:
            return
        found = [one for one in self.content["scores"] if one["child"] == row["id"]]
        found = [one for one in found if self.reader.sees_everything or in_their_parts(one["part"], self.reader)]
        for one in sorted(found, key=lambda score: (score["value"] is None, score["value"] or 0, score["id"])):
            who = self.people[one["participant"]]
            yield Scored(
                name=self.name_of(who["id"]),
                words=self.role_of(who),
                value=one["value"],
                given=Given(one["given"]).label,
                reason=self._reason(f"score:{one['id']}", f"Score for {row['short_name']}", one["reason"]),
                is_family=who["capacity"] in FAMILY_CAPACITIES,
            )

    def _views(self, row: Row, views: list[Row]) -> Iterable[Viewed]:
        if self.reader.is_child:
            return
        for one in views:
            if not (self.reader.sees_everything or in_their_parts(one["part"], self.reader)):
                continue
            who = self.people[one["participant"]]
            yield Viewed(
                name=self.name_of(who["id"]),
                words=self.role_of(who),
                given=Given(one["given"]).label,
                harm=Harm(one["harm"]).label if one["harm"] else "",
                status=ViewStatus(one["status"]).label if one["status"] else "",
                category=self._category(one["category"]),
                reason=self._reason(f"view:{one['id']}", f"View about {row['short_name']}", one["reason"]),
                is_family=who["capacity"] in FAMILY_CAPACITIES,
            )

    def _spread(self, row: Row) -> str:
        if self.reader.is_child or not (self.reader.sees_everything or self.reader.every_part):
            return ""
        return self._reason(f"spread:{row['id']}", f"What lay behind the scores for {row['short_name']}", row["spread_explored"])

    def plan(self) -> list[Action]:
        found = []
        for one in self.content["outline"]:
            if not may_read(one, self.reader, one["why"], one["what"], one["who_else"]):
                continue
            if not _in_the_plan_for(one, self.reader, self.confidential) or f"action:{one['id']}" in self.reader.left_out:
                continue
            entry, where = f"action:{one['id']}", f"Plan, for {self.about(one)}"
            found.append(
                Action(
                    about=self.about(one),
                    why=self.say(entry, where, one["why"]),
                    what=self.say(entry, where, one["what"]),
                    who=", ".join(filter(None, (self.name_of(one["who"]), self.label(one["who_else"], SOME_PROFESSIONAL)))),
                    by_when=one["by_when"],
                )
            )
        return found

    def board(self) -> list[BoardGroup]:
        groups = []
        for heading in self.content["headings"]:
            lines = [self._line(heading, one) for one in self.content["board"] if one["heading"] == heading["key"] and self._on_board(one)]
            if lines:
                groups.append(BoardGroup(heading["label"], heading["prompt"], tuple(lines)))
        return groups

    def _on_board(self, one: Row) -> bool:
        if f"board:{one['id']}" in self.reader.left_out:
            return False
        if self.reader.sees_everything:
            return True
        texts = (one["text"], one["evidence"], one["seen_differently"])
        return _on_the_board_for(one, self.reader) and may_read(one, self.reader, *texts)

    def _line(self, heading: Row, one: Row) -> BoardLine:
        entry, where = f"board:{one['id']}", f"Board entry under ‘{heading['label']}’"
        return BoardLine(
            text=self.say(entry, where, one["text"]),
            nature=one["nature"],
            evidence=self.say(entry, where, one["evidence"]),
            speaker=self.speaker(one["speaker"]),
            about=self.about(one),
            seen_differently=self.say(entry, where, one["seen_differently"]),
        )

    def stops(self) -> list[Stop]:
        found = []
        for one in self.content["stops"]:
            theirs = one["child"] in self.reader.children and in_their_parts(one["part"], self.reader)
            entry = f"stop:{one['id']}"
            if not (theirs or self.reader.sees_everything) or entry in self.reader.left_out:
                continue
            where = f"What was done at once for {self.short_name(one['child'])}"
            found.append(
                Stop(
                    child=self.short_name(one["child"]),
                    ground=StopGround(one["ground"]).label,
                    said=self._reason(entry, where, one["said"]),
                    action=self._reason(entry, where, one["action"]) or NOT_RECORDED,
                    by=self.label(one["action_by"], SOME_PROFESSIONAL) or NOT_RECORDED,
                    when=one["action_when"] or NOT_RECORDED,
                )
            )
        return found

    def agenda(self) -> list[AgendaLine]:
        sees_notes = self.reader.sees_everything or (
            self.reader.every_part and not self.reader.is_child and (self.reader.every_child or not self.reader.is_family)
        )
        return [
            AgendaLine(
                title=self.label(one["title"]),
                note=self.say(f"agenda:{one['id']}", f"Agenda, {one['title']}", one["note"]) if sees_notes else "",
            )
            for one in self.content["agenda"]
        ]

    def attendance(self) -> tuple[list[Attendee], list[Attendee]]:
        """Who was there with the reader, and which invited people sent apologies or stayed away."""
        there, away = [], []
        for who in self.content["participants"]:
            if self.reader.sees_everything or self.shares_a_part(who):
                if _attended(who) or any(row["presence"] == Presence.REMOVED for row in who["attendance"]):
                    there.append(self._attendee(who))
                    continue
            if who["standing"] == Standing.INVITED and not _attended(who) and self._hears_of_absence(who):
                away.append(self._attendee(who))
        return there, away

    def _hears_of_absence(self, who: Row) -> bool:
        if self.reader.sees_everything or who["id"] == self.reader.id:
            return True
        if who["capacity"] in FAMILY_CAPACITIES | NEVER_BY_DEFAULT:
            return not self.reader.is_family and bool(self._ties(who) & self.reader.children)
        return not self.is_withheld(who)

    def _ties(self, who: Row) -> set[int]:
        return {tie["child"] for tie in self.content["ties"] if tie["person"] == who["person"]} | set(who["children"])

    def _attendee(self, who: Row) -> Attendee:
        return Attendee(
            name=self.name_of(who["id"]),
            words=self.role_of(who),
            how=self._how(who),
            report=self._report(who),
        )

    def _how(self, who: Row) -> str:
        rows = [row for row in who["attendance"] if self.reader.sees_everything or row["part"] in self.reader.parts]
        if not rows:
            rows = who["attendance"]
        if any(row["presence"] == Presence.REMOVED for row in rows):
            return Presence.REMOVED.label
        present = [row for row in rows if row["presence"] == Presence.PRESENT]
        if not present:
            return Presence.APOLOGIES.label if any(row["presence"] == Presence.APOLOGIES for row in rows) else "Did not come"
        how = "Online" if all(row["mode"] == Mode.ONLINE for row in present) else "In the room"
        # When somebody came and went can help to find them, so the family reads its own times only.
        times = "" if self.reader.is_family and who["id"] != self.reader.id else _times(present)
        return f"{how}, {times}" if times else how

    def _report(self, who: Row) -> str:
        if not who["report_in"]:
            return "Not in" if who["reports"] else ""
        if not self.reader.is_adult_family:
            return "Yes"
        shared = next((row for row in who["sharings"] if row["person"] == self.reader.person), None)
        if shared is None or shared["outcome"] not in {SharingOutcome.SHARED, SharingOutcome.IN_PART}:
            return "Yes" if shared is None or shared["outcome"] != SharingOutcome.DECLINED else "Yes; you did not want to hear it"
        on = words.long_date(datetime.date.fromisoformat(shared["shared_on"]))
        return f"Yes, shared with you on {on}"

    def next_steps(self) -> tuple[list[NextStep], bool]:
        dates = self.content["dates"]
        if self.reader.is_separate and self.reader.is_family:
            return [], bool(dates["first_core_group"] or dates["review"])
        steps = []
        theirs = [one for one in self.content["decisions"] if one["child"] in self.reader.children or self.reader.sees_everything]
        if dates["first_core_group"] and any(one["outcome"] == Outcome.CP_PLAN for one in theirs):
            place = self.label(dates["first_core_group_place"], "place to be told to you")
            steps.append((dates["first_core_group"], f"First core group{f', {place}' if place else ''}", self._key_workers(theirs)))
        if dates["review"] and any(one["outcome"] == Outcome.CP_PLAN for one in theirs):
            steps.append((dates["review"], "First review conference", f"{self.content['chair']}, chair"))
        return [NextStep(_moment(when), what, who) for when, what, who in sorted(steps)], False

    def _key_workers(self, decisions: list[Row]) -> str:
        return words.listed(list(dict.fromkeys(one["key_worker"] for one in decisions if one["key_worker"])))

    def held(self) -> str:
        held = self.content["held"]
        if self.reader.every_part or self.reader.sees_everything:
            place = self.label(held["place"], "")
            return ", ".join(filter(None, (held["when"], place)))
        return str(held["day"])

    def quorate(self) -> str:
        if self.content["quorate"] is None:
            return NOT_RECORDED
        if self.content["quorate"]:
            return "Yes"
        reason = ""
        if self.reader.sees_everything or not self.reader.is_family or (self.reader.every_child and self.reader.every_part):
            reason = self.say("quorum", "Why the chair went on without a quorum", self.content["inquorate_reason"])
        return f"No. {reason}" if reason else "No"

    def why_held(self) -> str:
        text = self.content["reason"]
        if self.reader.is_child or (self.reader.is_family and (not self.reader.every_child or self.reader.is_separate)):
            return ""
        return self.say("reason", "Why the conference was held", text)


def compose(content: Content, participant_id: int, kind: str, *, settled: Collection[int] = ()) -> Composed:
    """The copy of one recipient. Raises ValueError for somebody who is not entitled to this kind."""
    entitlement = entitlement_of(content, participant_id, settled=settled)
    if not entitlement.covers(kind):
        raise ValueError("not entitled")
    reader = reader_of(content, participant_id, settled=settled)
    writer = _Writer(content, reader, kind)
    who = _participant(content, participant_id)
    children = writer.child_parts()
    steps, withheld = writer.next_steps()
    copy = Composed(
        kind=kind,
        reader=reader,
        reader_words=_small(writer.role_of(who)),
        reference=content["reference"],
        case_number=content["case_number"],
        authority=content["authority"],
        title=_title(kind, children),
        for_children=words.listed([child.full_name for child in children]),
        held=writer.held(),
        chair=content["chair"],
        coordinator=content["coordinator"],
        key_worker_title=content["key_worker_title"],
        quorate=writer.quorate(),
        why_held=writer.why_held(),
        children=children,
        scale=content["scale"],
        plan=writer.plan(),
        next_steps=steps,
        dates_withheld=withheld,
        leaves_out=_leaves_out(kind, reader),
    )
    if kind == DocumentKind.MINUTES:
        copy.attendance, copy.apologies = writer.attendance()
        copy.agenda = writer.agenda()
        copy.board = writer.board()
        copy.stops = writer.stops()
    copy.passages = writer.passages
    due = recipients_due(content, kind, settled=settled)
    copy.of = len(due)
    copy.number = due.index(participant_id) + 1 if participant_id in due else 0
    return copy


def leaks(copy: Composed) -> list[Passage]:
    """The passages of a copy in which something confidential from its reader stands."""
    return [passage for passage in copy.passages if copy.reader.is_hidden(passage.text)]


# Words


def _small(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _relations(ties: list[Row], children: dict[int, Row], among: int) -> str:
    """"Mother" where it is so for all, else "Father of Wren"."""
    by_words: dict[str, list[str]] = {}
    for tie in ties:
        by_words.setdefault(tie["words"], []).append(children[tie["child"]]["short_name"])
    if len(by_words) == 1 and len(ties) == among:
        return next(iter(by_words))
    return "; ".join(f"{said} of {words.listed(named)}" for said, named in by_words.items())


def _birth_words(row: Row) -> str:
    if row["unborn"]:
        return f"expected {words.plain_date(datetime.date.fromisoformat(row['expected_on']))}" if row["expected_on"] else "unborn"
    if not row["birth_date"]:
        return NOT_RECORDED
    born = words.plain_date(datetime.date.fromisoformat(row["birth_date"]))
    return f"{born}{row['birth_note']}" + (f", aged {row['age']}" if row["age"] is not None else "")


def _counts(views: list[Row], people: dict[int, Row]) -> tuple[Counted, ...]:
    """Professionals' views by person and by agency. A number names nobody, so every reader gets it."""
    given = [
        view
        for view in views
        if view["given"] == Given.GIVEN and view["status"] and people[view["participant"]]["capacity"] not in FAMILY_CAPACITIES
    ]
    persons = Counter(view["status"] for view in given)
    found = []
    for status, number in sorted(persons.items(), key=lambda pair: (-pair[1], pair[0])):
        rows = [people[view["participant"]] for view in given if view["status"] == status]
        agencies = {row["agency_name"] or row["capacity"] for row in rows}
        found.append(Counted(ViewStatus(status).label, number, len(agencies)))
    return tuple(found)


def _times(rows: list[Row]) -> str:
    came = min((row["arrived"] for row in rows if row["arrived"]), default="")
    left = max((row["left"] for row in rows if row["left"]), default="") if all(row["left"] for row in rows) else ""
    if came and left:
        return f"{_clock(came)} to {_clock(left)}"
    return f"from {_clock(came)}" if came else ""


def _clock(moment: str) -> str:
    return words.clock(datetime.datetime.fromisoformat(moment))


def _moment(moment: str) -> str:
    at = datetime.datetime.fromisoformat(moment)
    return f"{words.long_date(at)}, {words.clock(at)}"


def _title(kind: str, children: list[ChildPart]) -> str:
    if kind == DocumentKind.DECISIONS_LETTER:
        return "What was decided, and the plan"
    kinds = list(dict.fromkeys(child.kind for child in children))
    return f"Record of the {words.listed([_small(one) for one in kinds])} child protection conference"


def _leaves_out(kind: str, reader: Reader) -> list[str]:
    """The same words for every reader of a group: what differs would itself tell."""
    if reader.sees_everything:
        return ["It is the whole record, for those who run the meeting. Do not pass it on."]
    if not reader.is_family:
        return [
            "It holds what concerns the children you are there for, from the parts of the meeting you were in.",
            "It gives no addresses.",
        ]
    about = "your children" if reader.is_adult_family else "you"
    parts = f"It holds what is about {about}"
    if kind == DocumentKind.MINUTES:
        parts += ", from the parts of the meeting you were in"
    return [
        f"{parts}.",
        "What is about other children or private to other people is left out, and so are all addresses and some names "
        "of places and of people who work there.",
    ]
