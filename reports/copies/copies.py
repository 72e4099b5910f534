"""The parts of a copy, ready to be laid out."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from entitlement import Reader
from meetings.enums import Nature
from reports.copies.levels import Row


@dataclass(frozen=True)
class Passage:
    """A piece of free text in a copy, with its place in words for the coordinator."""

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
    is_own: bool = False

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
    discussion: tuple[str, ...] = ()


@dataclass(frozen=True)
class ViewsSaid:
    """Words of My Views that the chair released to the reader, as they were said: by whom, and to which question."""

    speaker: str
    asked: str
    text: str


@dataclass(frozen=True)
class ReportUnder:
    """What a report says under one heading."""

    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class ReportSaid:
    """One report, in short or whole: by whom, and what of it this reader may read."""

    author: str
    parts: tuple[ReportUnder, ...]
    is_whole: bool = False


@dataclass(frozen=True)
class Then:
    """What might happen, what is done then, and who acts; for which children."""

    if_this: str
    we_do: str
    who_acts: str = ""
    for_whom: str = ""


@dataclass(frozen=True)
class Different:
    """What will be different when the plan has worked, and for which children."""

    for_whom: str
    text: str


@dataclass(frozen=True)
class Roads:
    """In how many days mistakes and dissent are wanted and answered; "" where at once, or not known."""

    comments: str = ""
    dissent: str = ""
    dissent_answer: str = ""
    complaint_answer: str = ""
    complaint_help: tuple[str, ...] = ()


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
    how_known: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class Counted:
    """How many professionals, and from how many agencies, recommended one status."""

    status: str
    people: int
    agencies: int


@dataclass(frozen=True)
class Earlier:
    """A corrected decision: what had been entered, when and why it was corrected, and who agreed."""

    text: str
    because: str
    on: datetime.date | None
    agreed_by: str


@dataclass(frozen=True)
class Explained:
    """To whom a decision was explained, by whom and when, and in what words they understood it."""

    to: str
    by: str
    on: datetime.date
    words: str


@dataclass(frozen=True)
class Decided:
    outcome: str
    outcome_words: str
    on_plan: str
    ends_because: str
    also_advised: str
    is_plan: bool
    category: str
    category_code: str
    category_means: str
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
    explained: tuple[Explained, ...]
    earlier: tuple[Earlier, ...]
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
    parts: str = ""


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
class ReadOut:
    """One of the council's statements, as it was read out."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class NextStep:
    when: str
    what: str
    who: str


@dataclass(frozen=True)
class Raised:
    """What someone said against the meeting or its minutes afterwards, and the answer; ``quoted`` only of a comment."""

    is_dissent: bool
    who: str
    on: datetime.date
    quoted: str
    text: str
    answer: str
    answered_by: str
    is_own: bool


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
    led_by: str
    notes_by: str
    chair: str
    coordinator: str
    key_worker_title: str
    quorate: str
    why_held: str
    children: list[ChildPart]
    scale: Row
    why_in_general: tuple[str, ...] = ()
    danger: list[str] = field(default_factory=list)
    goal: list[str] = field(default_factory=list)
    outcomes: list[Different] = field(default_factory=list)
    plan: list[Action] = field(default_factory=list)
    then: list[Then] = field(default_factory=list)
    reports_said: list[ReportSaid] = field(default_factory=list)
    roads: Roads = field(default_factory=Roads)
    next_steps: list[NextStep] = field(default_factory=list)
    dates_withheld: bool = False
    leaves_out: list[str] = field(default_factory=list)
    recording: str = ""
    read_out: list[ReadOut] = field(default_factory=list)
    course: list[str] = field(default_factory=list)
    attendance: list[Attendee] = field(default_factory=list)
    apologies: list[Attendee] = field(default_factory=list)
    agenda: list[AgendaLine] = field(default_factory=list)
    board: list[BoardGroup] = field(default_factory=list)
    views_said: list[ViewsSaid] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    raised: list[Raised] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    masked: frozenset[int] = frozenset()
    times_masked: int = 0
    replaces: str = ""
    differs_in: tuple[str, ...] = ()
    number: int = 0
    of: int = 0

    @property
    def own_actions(self) -> list[Action]:
        """Return what the reader, or someone of the reader's agency, has to do."""
        return [action for action in self.plan if action.is_own]

    @property
    def said_by_reader(self) -> list[BoardLine]:
        """Return what the reader said in the meeting."""
        return [line for group in self.board for line in group.lines if line.is_own]
