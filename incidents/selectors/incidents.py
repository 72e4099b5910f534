"""What the pages of incidents show."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.utils import timezone

from accounts.guests.purposes import stays_open
from accounts.models import GuestLink, User
from conferences.enums import FAMILY_CAPACITIES
from conferences.models import Participant
from deadlines.models import Deadline
from families.models import Family, FamilyMember, Person
from govuk import words
from incidents.access import INCIDENT_RULES
from incidents.enums import IncidentKind, Telling
from incidents.models import Incident, IncidentStep, PersonConcerned, RegulatorDecision
from reports.models import Copy

# The clocks of an incident: telling one person who is in danger, and the regulator.
TOLD, REGULATOR = "incident-told", "incident-regulator"


def people_of(family: Family) -> QuerySet[Person]:
    """Return who may be concerned: members of the family, and who was asked to its conferences as family."""
    members = FamilyMember.objects.filter(family=family).values("person")
    asked = Participant.objects.filter(conference__family=family, capacity__in=FAMILY_CAPACITIES).values("person")
    found = Person.objects.filter(Q(pk__in=members) | Q(pk__in=asked), sealed_at__isnull=True, merged_into=None)
    return found.order_by("family_name", "given_name", "pk")


def copies_of(family: Family) -> QuerySet[Copy]:
    """Return the copies of the case's papers that went out, newest first."""
    return (
        Copy.objects.filter(document__conference__family=family)
        .select_related("document__conference", "recipient__person", "member__person", "person")
        .order_by("-sent_at", "-pk")
    )


def copy_in_words(copy: Copy) -> str:
    """Return which copy it is: the paper, its version, to whom and when."""
    holder = copy.recipient or copy.member
    person = holder.person if holder is not None else copy.person
    name = person.full_name if person is not None else ""
    return (
        f"{copy.document.get_kind_display()}, version {copy.document.number}, for {name}, sent "
        f"{copy.sent_at:%-d %B %Y} ({copy.get_channel_display().lower()})"
    )


@dataclass(frozen=True)
class OpenLink:
    link: GuestLink
    person: Person

    @property
    def label(self) -> str:
        """Return whose it is and since when; never the mailbox, which may tell where someone works."""
        return f"{self.person.full_name}, link of {words.plain_date(timezone.localdate(self.link.created_at))}"


def links_of(family: Family, *, now: datetime.datetime) -> list[OpenLink]:
    """Return the open links to the case, with whose they are."""
    asked = Participant.objects.filter(conference__family=family).values("person")
    people = {
        person.pk: person
        for person in Person.objects.filter(Q(pk__in=asked) | Q(pk__in=people_of(family).values("pk")))
    }
    links = GuestLink.objects.filter(stays_open(now), person_id__in=people, revoked_at__isnull=True)
    found = [OpenLink(link, people[link.person_id]) for link in links.order_by("pk")]
    return sorted(found, key=lambda row: (row.person.family_name, row.person.given_name, row.link.pk))


@dataclass(frozen=True)
class IncidentPage:
    """One incident as its page shows it. ``missing`` is what has to be settled before it can be closed."""

    incident: Incident
    what: str
    people: Sequence[PersonConcerned]
    decisions: Sequence[RegulatorDecision]
    steps: Sequence[IncidentStep]
    regulator_due: datetime.datetime | None
    told_due: datetime.datetime | None
    may_handle: bool
    may_name: bool

    @property
    def decision(self) -> RegulatorDecision | None:
        return next((row for row in self.decisions if row.superseded_at is None), None)

    @property
    def at_risk(self) -> list[PersonConcerned]:
        return [row for row in self.people if row.at_risk]

    @property
    def others(self) -> list[PersonConcerned]:
        return [row for row in self.people if not row.at_risk]

    @property
    def untold(self) -> list[PersonConcerned]:
        return [row for row in self.at_risk if row.telling == Telling.TELL]


def incident_page(incident: Incident, user: User) -> IncidentPage:
    """Return an incident with its people, decisions and steps, in a fixed number of queries."""
    due = {
        row.kind: row.due_at
        for row in Deadline.objects.filter(
            Q(kind=REGULATOR, fact_id=incident.pk) | Q(kind=TOLD, fact_id__in=incident.people.values("pk")),
            met_at__isnull=True,
        ).order_by("-due_at")
    }
    copy = copies_of(incident.family).filter(pk=incident.copy_id).first() if incident.copy_id else None
    people = incident.people.select_related("person", "decided_by", "told_by", "added_by")
    return IncidentPage(
        incident=incident,
        what=copy_in_words(copy) if copy is not None else incident.paper,
        people=list(people),
        decisions=list(incident.decisions.select_related("decided_by").order_by("-decided_at", "-pk")),
        steps=list(incident.steps.select_related("recorded_by", "withdrawn_by")),
        regulator_due=due.get(REGULATOR),
        told_due=due.get(TOLD),
        may_handle=INCIDENT_RULES["handle"].right_of(user, incident) is not None,
        may_name=INCIDENT_RULES["name"].right_of(user, incident) is not None,
    )


def incidents_listed(user: User) -> QuerySet[Incident]:
    """Return the council's incidents as their list shows them, open ones first; never what got out, or of whom."""
    rows = INCIDENT_RULES["list"].visible(Incident.objects.all(), user)
    current = Q(decisions__superseded_at__isnull=True)
    return rows.annotate(
        is_over=Q(closed_at__isnull=False) | Q(withdrawn_at__isnull=False),
        untold=Count("people", Q(people__at_risk=True, people__telling=Telling.TELL), distinct=True),
        decided=Count("decisions", current, distinct=True),
        reported=Count("decisions", current & Q(decisions__reported=True), distinct=True),
    ).order_by("is_over", "-aware_at", "-pk")


@dataclass(frozen=True)
class Figures:
    """The incidents of one year, counted from when the council became aware."""

    year: int
    kinds: tuple[tuple[str, int], ...]
    total: int
    reported: int
    in_time: int


def figures(user: User) -> list[Figures]:
    """Return the figures of each year: how many of each kind, how many were reported, how many of those in time."""
    rows = INCIDENT_RULES["list"].visible(Incident.objects.filter(withdrawn_at__isnull=True), user)
    current = RegulatorDecision.objects.filter(incident=OuterRef("pk"), superseded_at__isnull=True, reported=True)
    timely = Deadline.objects.filter(kind=REGULATOR, fact_id=OuterRef("pk"), met_at__lte=F("due_at"))
    counted = (
        rows.order_by()
        .annotate(year=ExtractYear("aware_at"), was_reported=Exists(current), was_timely=Exists(timely))
        .values("year", "kind")
        .annotate(
            number=Count("pk"),
            reported=Count("pk", Q(was_reported=True)),
            in_time=Count("pk", Q(was_reported=True, was_timely=True)),
        )
    )
    found: dict[int, dict[str, tuple[int, int, int]]] = {}
    for row in counted:
        found.setdefault(row["year"], {})[row["kind"]] = (row["number"], row["reported"], row["in_time"])
    return [
        Figures(
            year=year,
            kinds=tuple(
                (IncidentKind(kind).label, by_kind[kind][0]) for kind in IncidentKind.values if kind in by_kind
            ),
            total=sum(number for number, _, _ in by_kind.values()),
            reported=sum(reported for _, reported, _ in by_kind.values()),
            in_time=sum(timely for _, _, timely in by_kind.values()),
        )
        for year, by_kind in sorted(found.items(), reverse=True)
    ]
