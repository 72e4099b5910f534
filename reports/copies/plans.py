"""One person's copy of a plan: the family's in plain words, a professional's need by need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from plans.enums import PlanEntryKind
from reports.copies.children import birth_words
from reports.copies.copies import ChildPart, Composed
from reports.copies.levels import Row
from reports.copies.naming import SOME_PROFESSIONAL, Naming


@dataclass(frozen=True)
class PlanAct:
    """One action, and who carries it out as this reader may know it."""

    what: str
    why: str
    who: str
    by_when: str
    how_known: str
    progress: str


@dataclass(frozen=True)
class PlanAim:
    """What will be different, and the actions that lead to it; no text for what leads to nothing written."""

    text: str
    actions: tuple[PlanAct, ...]


@dataclass(frozen=True)
class PlanNeed:
    """What has to change, what meets it, and what will be different then."""

    text: str
    services: str
    aims: tuple[PlanAim, ...]


@dataclass(frozen=True)
class PlanWho:
    """Who visits and how often, or who has which role."""

    who: str
    text: str
    how_often: str


@dataclass(frozen=True)
class PlanThen:
    """What might happen, what we do then, and who acts."""

    if_this: str
    we_do: str
    who: str


@dataclass
class ComposedPlan(Composed):
    """One person's copy of a plan."""

    plan_kind: str = ""
    plan_version: int = 0
    since: str = ""
    changed: str = ""
    wishes: list[str] = field(default_factory=list)
    danger: list[str] = field(default_factory=list)
    goal: list[str] = field(default_factory=list)
    needs: list[PlanNeed] = field(default_factory=list)
    mine: list[PlanAct] = field(default_factory=list)
    others: list[PlanAct] = field(default_factory=list)
    visiting: list[PlanWho] = field(default_factory=list)
    roles: list[PlanWho] = field(default_factory=list)
    contingency: list[PlanThen] = field(default_factory=list)

    @property
    def has_to_change(self) -> list[str]:
        return [need.text for need in self.needs if need.text]

    @property
    def will_be_different(self) -> list[str]:
        return [*self.goal, *(aim.text for need in self.needs for aim in need.aims if aim.text)]

    @property
    def services(self) -> list[str]:
        return [need.services for need in self.needs if need.services]


class PlanWriter(Naming):
    """Writes one copy of a plan from the lines that its reader may read."""

    def lines(self, *kinds: str) -> list[Row]:
        """Return the lines of these kinds that this copy holds."""
        reads = self.content["reads"].get(str(self.reader.id))
        known = None if reads is None else set(reads["lines"])
        return [
            row
            for row in self.content["lines"]
            if row["kind"] in kinds
            and (known is None or row["entry"] in known)
            and row["entry"] not in self.reader.left_out
        ]

    def texts(self, kind: PlanEntryKind) -> list[str]:
        return [self._said(row, row["text"]) for row in self.lines(kind)]

    def _said(self, row: Row, text: str) -> str:
        return self.say(row["entry"], f"The plan, {_place(row['kind'])}", text)

    def who(self, row: Row) -> str:
        """Return who it is; a name that may not be told has been taken out when the version was prepared."""
        reads = self.content["reads"].get(str(self.reader.id))
        return self._said(row, reads["who"].get(row["entry"], "") if reads else row["who"])

    def actions(self) -> list[tuple[Row, PlanAct]]:
        return [(row, self._act(row)) for row in self.lines("action")]

    def mine(self) -> set[str]:
        """Return the entries that this reader carries out."""
        return set(self.content["reads"].get(str(self.reader.id), {}).get("mine", ()))

    def _act(self, row: Row) -> PlanAct:
        return PlanAct(
            what=self._said(row, row["text"]),
            why=self._said(row, row["why"]),
            who=self.who(row),
            by_when=self._said(row, row["by_when"]),
            how_known=self._said(row, row["how_known"]),
            progress=row["progress"],
        )

    def needs(self, acts: Iterable[tuple[Row, PlanAct]]) -> list[PlanNeed]:
        """Return needs with their outcomes and actions; last what stands under none that this copy holds."""
        needs, outcomes = self.lines(PlanEntryKind.NEED), self.lines(PlanEntryKind.OUTCOME)
        under: dict[str, list[PlanAct]] = {}
        homes = {row["thread"] for row in outcomes}
        for row, act in acts:
            under.setdefault(row["under"] if row["under"] in homes else "", []).append(act)
        aims: dict[str, list[PlanAim]] = {}
        known = {row["thread"] for row in needs}
        for row in outcomes:
            aim = PlanAim(self._said(row, row["text"]), tuple(under.pop(row["thread"], ())))
            aims.setdefault(row["under"] if row["under"] in known else "", []).append(aim)
        loose = under.get("", [])
        found = [
            PlanNeed(self._said(row, row["text"]), self._said(row, row["services"]), tuple(aims.get(row["thread"], ())))
            for row in needs
        ]
        rest = [*aims.get("", ()), *([PlanAim("", tuple(loose))] if loose else [])]
        return [*found, *([PlanNeed("", "", tuple(rest))] if rest else [])]

    def named_in(self, kind: PlanEntryKind) -> list[PlanWho]:
        return [
            PlanWho(self.who(row), self._said(row, row["text"]), self._said(row, _often(row)))
            for row in self.lines(kind)
        ]

    def contingency(self) -> list[PlanThen]:
        return [
            PlanThen(self._said(row, row["text"]), self._said(row, row["we_do"]), self.who(row))
            for row in self.lines(PlanEntryKind.CONTINGENCY)
        ]


def _often(row: Row) -> str:
    begins = f"from {row['from_when']}" if row["from_when"] else ""
    return ", ".join(filter(None, (row["how_often"], begins)))


def _place(kind: str) -> str:
    return "an action" if kind == "action" else str(PlanEntryKind(kind).label).lower()


def written_plan(writer: PlanWriter) -> ComposedPlan:
    """Return the copy, without the number that its recipient's has."""
    content, reader = writer.content, writer.reader
    child = content["children"][0]
    key_worker = writer.label(content.get("key_worker", ""), SOME_PROFESSIONAL)
    copy = ComposedPlan(
        kind=writer.kind,
        reader=reader,
        reader_words="",
        reference=content["reference"],
        case_number=content["case_number"],
        authority=content["authority"],
        title="Your plan" if reader.is_child else f"The plan for {child['full_name']}",
        for_children=child["full_name"],
        held="",
        led_by=key_worker,
        notes_by="",
        chair=key_worker,
        coordinator="",
        key_worker_title=content["key_worker_title"],
        quorate="",
        why_held="",
        children=[child_of_paper(child)],
        scale=content["scale"],
        leaves_out=_leaves_out(writer),
        plan_kind=content["plan_kind"],
        plan_version=content["plan_version"],
        since=content["stands_since"],
        changed=content.get("why_changed", ""),
    )
    acts, own = writer.actions(), writer.mine()
    copy.wishes = writer.texts(PlanEntryKind.WISHES)
    if not reader.is_child:
        # What the grown-ups fear is talked through with the child, and not read by them on paper.
        copy.danger = writer.texts(PlanEntryKind.DANGER)
        copy.contingency = writer.contingency()
    copy.goal = writer.texts(PlanEntryKind.GOAL)
    copy.needs = writer.needs(acts)
    copy.mine = [act for row, act in acts if row["entry"] in own]
    copy.others = [act for row, act in acts if row["entry"] not in own]
    copy.visiting = writer.named_in(PlanEntryKind.VISITING)
    copy.roles = writer.named_in(PlanEntryKind.ROLE)
    copy.passages = writer.passages
    return copy


def child_of_paper(row: Row) -> ChildPart:
    """Return the child of a paper that tells no details of them."""
    return ChildPart(
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
        scores=(),
        spread_explored="",
        views=(),
    )


def _leaves_out(writer: PlanWriter) -> list[str]:
    """Return the same words for every reader of a group: a difference would itself reveal something."""
    reader = writer.reader
    if reader.sees_everything:
        return ["It is the full version, for whoever releases it."]
    if not reader.is_family:
        return ["It holds what you may read of this child’s plan. It gives no addresses."]
    about = "you" if reader.is_child else "your child"
    return [f"It is made for you. It holds what is about {about}. Other people get a copy made for them."]
