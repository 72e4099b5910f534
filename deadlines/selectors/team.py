"""A team's work: who carries what, what is late and who knows, and which cases are unallocated."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Case, Max, Q, QuerySet, When
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.enums import TEAM_ROLES, Role
from accounts.models import AccessEvent, RoleAssignment, Team, User
from charts import squares
from deadlines.access import about_a_sealed_child
from deadlines.cases import contexts_of
from deadlines.models import Deadline
from deadlines.selectors.late_causes import labels_of
from deadlines.selectors.notices import Told, told_of
from deadlines.selectors.rows import WorkBlock, WorkBuilder, WorkRow, act_of, title_of
from deadlines.working_days.arithmetic import civil_day, start_of
from deadlines.working_days.calendars import WorkingCalendar, calendar_for, calendars_for
from families.access import may_change_families, visible_families
from families.models import Allocation, Family
from govuk import words

DAYS_AHEAD = 5
WORK_PAGE = "deadlines:my-work"
NOBODY = "nobody"


@dataclass
class Load:
    """How many things a person has to do; siblings' deadlines settled by one act count once."""

    late: int = 0
    today: int = 0
    soon: int = 0
    later: int = 0

    @property
    def total(self) -> int:
        return self.late + self.today + self.soon + self.later

    @property
    def picture(self) -> SafeString:
        return squares(late=self.late, today=self.today, soon=self.soon, later=self.later)

    def add(self, when: str) -> None:
        setattr(self, when, getattr(self, when) + 1)


@dataclass
class PersonLoad:
    """One person's share; ``key`` is their key in the URL, ``opened_at`` when they opened their list today."""

    key: str
    name: str
    cases: int = 0
    in_team: bool = False
    opened_at: datetime.datetime | None = None
    load: Load = field(default_factory=Load)


@dataclass(frozen=True)
class KindLoad:
    kind: str
    title: str
    load: Load


@dataclass(frozen=True)
class TeamRow:
    """One thing to do, with who is responsible and who has been told."""

    row: WorkRow
    answers: list[str]
    told: list[Told]
    late_cause: str = ""

    @property
    def told_now(self) -> list[Told]:
        """Return what each person was told last."""
        return list({told.name: told for told in self.told}.values())


@dataclass(frozen=True)
class UnallocatedCase:
    """An open case without a social worker; ``url`` is where to allocate it."""

    family: Family
    url: str
    button: str


@dataclass
class TeamWork:
    """Everything on the page except the rows of its list, which are loaded page by page."""

    team: Team
    today: datetime.date
    total: Load
    people: list[PersonLoad]
    kinds: list[KindLoad]
    unallocated: list[UnallocatedCase]
    for_you: list[WorkBlock]
    for_you_count: int
    things: list[Deadline]

    @property
    def lead(self) -> str:
        members = sum(person.in_team for person in self.people)
        waiting = self.for_you_count + len(self.unallocated)
        said = f"The work of {words.count(members, 'person', 'people')}."
        if waiting:
            said += f" {words.count(waiting, 'thing waits', 'things wait')} for a decision."
        return said

    @property
    def tiles(self) -> list[dict[str, object]]:
        """Return counts that add up to all the team's work, and the unallocated cases."""
        load = self.total
        parts = (
            ("Late", "", load.late, "red", "#work"),
            ("Today", "", load.today, "yellow", "#people"),
            (f"Next {DAYS_AHEAD}", "working days", load.soon, "", "#people"),
            ("Later", "", load.later, "", "#people"),
            ("No social worker", "", len(self.unallocated), "purple", "#unallocated"),
        )
        return [
            {
                "label": label,
                "more": more,
                "count": count,
                "colour": colour if count else "",
                "url": url if count else "",
            }
            for label, more, count, colour, url in parts
        ]

    def listed(self, *, now: datetime.datetime, person: str = "", kind: str = "") -> list[Deadline]:
        """Return what the list shows, longest late first: everything late, or all of a person's or kind's."""
        rows = self.things
        if person == NOBODY:
            rows = [row for row in rows if not row.responsible_ids]
        elif person:
            rows = [row for row in rows if int(person) in row.responsible_ids]
        if kind:
            rows = [row for row in rows if row.kind == kind]
        return rows if person or kind else [row for row in rows if now >= row.late_from]

    @property
    def late_text(self) -> str:
        return f"{self.total.late} late"

    @property
    def unallocated_text(self) -> str:
        return words.count(len(self.unallocated), "case")

    @property
    def family_ids_for_you(self) -> set[int]:
        return {row.family_id for block in self.for_you for row in block.rows}

    @property
    def is_empty(self) -> bool:
        return not (self.total.total or self.unallocated)


def teams_open_to(user: User) -> QuerySet[Team]:
    """Return the teams whose work a user may view: those they manage, or all of a service they manage."""
    managed = user.team_ids(Role.TEAM_MANAGER)
    teams = Team.objects.filter(Q(pk__in=managed) | Q(authority__in=user.authority_ids(Role.SERVICE_MANAGER)))
    own_first = Case(When(pk__in=managed, then=0), default=1)
    return teams.select_related("authority").order_by(own_first, "name", "pk")


def team_work(team: Team, *, user: User, now: datetime.datetime) -> TeamWork:
    """Return what is open in one team's families that the user may see.

    Starts from the team's families, so that its cost grows with the team and not with the ledger.
    """
    today = civil_day(now)
    calendar = calendar_for(team.authority_id)
    families = {row.pk: row for row in visible_families(user).filter(team=team)}
    rows = _open_in(families)
    acts = _acts(rows)
    holders = _holders(families, today=today)
    people = _people(team, acts, holders, calendar, now=now)
    mine = [row for row in rows if user.pk in row.responsible_ids]
    return TeamWork(
        team=team,
        today=today,
        total=_load(acts.values(), calendar, now=now),
        people=people,
        kinds=_by_kind(acts, calendar, now=now),
        unallocated=_unallocated(families, holders, user=user),
        for_you=_blocks(mine, families, now=now),
        for_you_count=len({act_of(row) for row in mine}),
        things=list(acts.values()),
    )


def team_rows(deadlines: Sequence[Deadline], *, now: datetime.datetime) -> list[TeamRow]:
    """Return one page of the list: each item in words, who is responsible, who was told and has seen it."""
    builder = _builder(list(deadlines), now=now)
    told = told_of(deadlines)
    users = User.objects.in_bulk({pk for row in deadlines for pk in row.responsible_ids})
    causes = labels_of(deadlines)
    return [
        TeamRow(
            row=builder.work_row(deadline),
            answers=sorted(users[pk].name for pk in deadline.responsible_ids if pk in users),
            told=told.get(deadline.pk, []),
            late_cause=causes.get(deadline.pk, ""),
        )
        for deadline in deadlines
    ]


def _open_in(families: dict[int, Family]) -> list[Deadline]:
    rows = Deadline.objects.open().filter(family_id__in=list(families))
    return list(rows.exclude(about_a_sealed_child()).order_by("late_from", "pk"))


Acts = dict[Hashable, Deadline]


def _acts(rows: Iterable[Deadline]) -> Acts:
    """Return one deadline for each thing to do; siblings' deadlines settled by one act are represented by the first."""
    found: Acts = {}
    for row in rows:
        found.setdefault(act_of(row), row)
    return found


def _when(row: Deadline, calendar: WorkingCalendar, *, now: datetime.datetime) -> str:
    today = civil_day(now)
    if now >= row.late_from:
        return "late"
    if row.plan_for_on <= today:
        return "today"
    return "soon" if row.plan_for_on <= calendar.add(today, DAYS_AHEAD) else "later"


def _load(rows: Iterable[Deadline], calendar: WorkingCalendar, *, now: datetime.datetime) -> Load:
    load = Load()
    for row in rows:
        load.add(_when(row, calendar, now=now))
    return load


def _by_kind(acts: Acts, calendar: WorkingCalendar, *, now: datetime.datetime) -> list[KindLoad]:
    by_kind: dict[str, list[Deadline]] = defaultdict(list)
    for row in acts.values():
        by_kind[row.kind].append(row)
    loads = [
        KindLoad(kind=kind, title=title_of(kind), load=_load(rows, calendar, now=now)) for kind, rows in by_kind.items()
    ]
    return sorted(loads, key=lambda found: (-found.load.late, -found.load.total, found.title))


def _holders(families: dict[int, Family], *, today: datetime.date) -> dict[int, list[int]]:
    """Return, by family, the users to whom its case is allocated."""
    found: dict[int, list[int]] = defaultdict(list)
    held = Allocation.objects.current(on=today).filter(family__in=list(families))
    for family_id, user_id in held.order_by("pk").values_list("family_id", "user_id"):
        found[family_id].append(user_id)
    return found


def _people(
    team: Team, acts: Acts, holders: dict[int, list[int]], calendar: WorkingCalendar, *, now: datetime.datetime
) -> list[PersonLoad]:
    """Return the team's people by name, then others responsible for something, then unassigned work."""
    today = civil_day(now)
    held = RoleAssignment.objects.current(on=today).filter(team=team, role__in=TEAM_ROLES)
    members = set(held.values_list("user", flat=True))
    answering = {user_id for row in acts.values() for user_id in row.responsible_ids}
    users = User.objects.in_bulk(members | answering)
    opened = dict(
        AccessEvent.objects.filter(user__in=list(users), at__gte=start_of(today), page=WORK_PAGE)
        .order_by()
        .values_list("user")
        .annotate(last=Max("at"))
    )
    cases = Counter(user_id for holding in holders.values() for user_id in holding)
    found = {
        pk: PersonLoad(key=str(pk), name=user.name, cases=cases[pk], in_team=pk in members, opened_at=opened.get(pk))
        for pk, user in users.items()
        if user.is_active or pk in answering
    }
    nobody = PersonLoad(key=NOBODY, name="No one yet")
    for row in acts.values():
        when = _when(row, calendar, now=now)
        answer = [found[pk] for pk in row.responsible_ids if pk in found] or [nobody]
        for person in answer:
            person.load.add(when)
    ordered = sorted(found.values(), key=lambda person: (not person.in_team, person.name, person.key))
    return [*ordered, nobody] if nobody.load.total else ordered


def _unallocated(families: dict[int, Family], holders: dict[int, list[int]], *, user: User) -> list[UnallocatedCase]:
    cases = [row for row in families.values() if row.closed_on is None and not holders.get(row.pk)]
    changeable = may_change_families(user, cases)
    return [
        UnallocatedCase(
            family=row,
            url=reverse("families:allocate-case" if row.pk in changeable else "families:family", args=[row.pk]),
            button="Allocate" if row.pk in changeable else "Open the case",
        )
        for row in sorted(cases, key=lambda row: (row.created_at, row.pk))
    ]


def _blocks(mine: list[Deadline], families: dict[int, Family], *, now: datetime.datetime) -> list[WorkBlock]:
    """Return the user's own work in this team, by family; the first block is the page's next step."""
    builder = _builder(mine, now=now, families=families)
    blocks = builder.blocks(builder.work_rows(mine), "purple")
    if blocks:
        blocks[0].rows[0].primary = True
    return blocks


def _builder(rows: list[Deadline], *, now: datetime.datetime, families: dict[int, Family] | None = None) -> WorkBuilder:
    family_ids = {row.family_id for row in rows}
    known = families if families is not None else Family.objects.in_bulk(family_ids)
    return WorkBuilder(
        now=now,
        families={pk: known[pk] for pk in family_ids},
        calendars=calendars_for({row.authority_id for row in rows}),
        contexts=contexts_of(sorted(family_ids), today=civil_day(now)) if families is not None else {},
        rows=rows,
    )
