"""The clocks that an enquiry, a pregnancy, a move and a booking start."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Prefetch
from django.urls import reverse

from conferences.enums import INITIAL_KINDS, ConferenceKind, ConferenceStatus
from conferences.models import Conference, ConferenceChild, Decision
from deadlines.arithmetic import due
from deadlines.calendars import calendars_for
from deadlines.clocks import Clock, ClockFact, register
from deadlines.models import Deadline
from deadlines.policies import policies_of
from families.enums import EnquiryOutcome, PregnancyOutcome
from families.models import Allocation, Child, Enquiry

Families = Sequence[int] | None
NOT_OVER = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)
ENDED = (
    PregnancyOutcome.STILLBIRTH,
    PregnancyOutcome.MISCARRIAGE,
    PregnancyOutcome.TERMINATION,
    PregnancyOutcome.NOT_PREGNANT,
)


def initial_conferences(families: Families) -> Iterator[ClockFact]:
    """For each enquiry: from the day of its strategy discussion to the decision for that child."""
    enquiries = _enquiries(families)
    known = _Known(enquiries)
    for enquiry in enquiries:
        yield ClockFact(
            authority_id=enquiry.child.authority_id,
            family_id=enquiry.discussion.family_id,
            fact_id=enquiry.pk,
            child_id=enquiry.child_id,
            starts=enquiry.started_on,
            policy_version_id=enquiry.policy_version_id,
            conference_id=known.conference_id(enquiry),
            responsible_ids=known.responsible(enquiry),
            met_at=known.decided_at(enquiry),
            not_needed=_not_needed(enquiry),
        )


def pre_birth_conferences(families: Families) -> Iterator[ClockFact]:
    """For each enquiry about an unborn child: back from the expected date, where that was still ahead.

    A birth before the conference makes it an ordinary initial one: this clock stops, the other runs on.
    """
    enquiries = [row for row in _enquiries(families) if row.child.pregnancy_id and row.policy_version_id]
    known = _Known(enquiries)
    policies = policies_of({row.policy_version_id for row in enquiries if row.policy_version_id})
    calendars = calendars_for({row.child.authority_id for row in enquiries})
    seen: set[int] = set()
    for enquiry in enquiries:
        pregnancy = enquiry.child.pregnancy
        if pregnancy is None or enquiry.child_id in seen or enquiry.policy_version_id is None:
            continue
        limit = policies[enquiry.policy_version_id].limit("pre-birth-conference")
        day = due(limit, pregnancy.expected_on, calendars[enquiry.child.authority_id]).on
        if day < enquiry.started_on or enquiry.outcome == EnquiryOutcome.CONFERENCE_NOT_REQUIRED:
            continue
        seen.add(enquiry.child_id)
        born = pregnancy.outcome == PregnancyOutcome.LIVE_BIRTH or enquiry.child.person.birth_date is not None
        yield ClockFact(
            authority_id=enquiry.child.authority_id,
            family_id=enquiry.discussion.family_id,
            fact_id=pregnancy.pk,
            child_id=enquiry.child_id,
            starts=pregnancy.expected_on,
            policy_version_id=enquiry.policy_version_id,
            conference_id=known.conference_id(enquiry),
            responsible_ids=known.responsible(enquiry),
            met_at=known.decided_at(enquiry),
            not_needed=_not_needed(enquiry)
            or ("Born before the conference, which became an ordinary initial one." if born else ""),
        )


def transfer_in_conferences(families: Families) -> Iterator[ClockFact]:
    """For each child who moved in with another council's plan: from the day on which the move was notified."""
    rows = (
        ConferenceChild.objects.filter(kind=ConferenceKind.TRANSFER_IN, withdrawn_at__isnull=True)
        .exclude(conference__status=ConferenceStatus.CANCELLED)
        .select_related("conference", "child")
        .prefetch_related(_current_decisions())
        .order_by("pk")
    )
    if families is not None:
        rows = rows.filter(conference__family__in=families)
    found = list(rows)
    allocated = _allocated({row.conference.family_id for row in found})
    for row in found:
        conference = row.conference
        decision = next(iter(row.decisions.all()), None)
        yield ClockFact(
            authority_id=conference.authority_id,
            family_id=conference.family_id,
            fact_id=row.pk,
            child_id=row.child_id,
            starts=conference.requested_at,
            policy_version_id=conference.policy_version_id,
            conference_id=conference.pk,
            responsible_ids=_answering(conference, allocated[conference.family_id]),
            met_at=decided_at(decision) if decision else None,
        )


def invitations(families: Families) -> Iterator[ClockFact]:
    """For each conference: from the day on which its date was fixed to the sending of the invitations."""
    rows = Conference.objects.filter(scheduled_at__isnull=False).order_by("pk")
    if families is not None:
        rows = rows.filter(family__in=families)
    for conference in rows:
        stopped = ""
        if conference.status == ConferenceStatus.CANCELLED:
            stopped = "The conference was cancelled."
        elif conference.invited_at is None and conference.opened_at is not None:
            stopped = "The conference was held without."
        yield ClockFact(
            authority_id=conference.authority_id,
            family_id=conference.family_id,
            fact_id=conference.pk,
            starts=conference.scheduled_at or conference.requested_at,
            policy_version_id=conference.policy_version_id,
            conference_id=conference.pk,
            responsible_ids=(conference.coordinator_id,) if conference.coordinator_id else (),
            met_at=conference.invited_at,
            not_needed="" if conference.invited_at else stopped,
        )


def decided_at(decision: Decision) -> datetime.datetime:
    """When a decision was made: of a sitting recorded afterwards, the time at which it was held."""
    sitting = decision.sitting
    if sitting.recorded_afterwards_reason:
        return sitting.ended_at or sitting.opened_at or sitting.starts_at
    return decision.decided_at


def _enquiries(families: Families) -> list[Enquiry]:
    rows = Enquiry.objects.select_related("discussion", "child__person", "child__pregnancy").order_by("pk")
    return list(rows if families is None else rows.filter(discussion__family__in=families))


def _not_needed(enquiry: Enquiry) -> str:
    child: Child = enquiry.child
    if enquiry.outcome == EnquiryOutcome.CONFERENCE_NOT_REQUIRED:
        return "The enquiries ended without a conference."
    if child.pregnancy and child.person.birth_date is None and child.pregnancy.outcome in ENDED:
        return "The pregnancy ended."
    if child.person.death_date:
        return "The child died."
    return ""


def _current_decisions() -> Prefetch:
    return Prefetch(
        "decisions", Decision.objects.filter(superseded_by__isnull=True).select_related("sitting")
    )


def _allocated(family_ids: set[int]) -> dict[int, list[int]]:
    """By family: the social workers who hold the case now."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = Allocation.objects.filter(family__in=family_ids, ends_on__isnull=True).order_by("pk")
    for family_id, user_id in rows.values_list("family_id", "user_id"):
        found[family_id].append(user_id)
    return found


def _answering(conference: Conference | None, allocated: list[int]) -> tuple[int, ...]:
    booked = [conference.coordinator_id, conference.chair_id] if conference else []
    return tuple(dict.fromkeys([*allocated, *(user_id for user_id in booked if user_id)]))


class _Known:
    """What has become of enquiries, read in a fixed number of queries."""

    def __init__(self, enquiries: Sequence[Enquiry]) -> None:
        rows = (
            ConferenceChild.objects.filter(
                child__in={row.child_id for row in enquiries},
                kind__in=INITIAL_KINDS,
                withdrawn_at__isnull=True,
            )
            .exclude(conference__status=ConferenceStatus.CANCELLED)
            .select_related("conference")
            .prefetch_related(_current_decisions())
            .order_by("pk")
        )
        self._by_child: dict[int, list[ConferenceChild]] = defaultdict(list)
        for row in rows:
            self._by_child[row.child_id].append(row)
        self._allocated = _allocated({row.discussion.family_id for row in enquiries})

    def _rows(self, enquiry: Enquiry) -> list[ConferenceChild]:
        """Of the child's conferences, those that this enquiry can have led to."""
        return [
            row
            for row in self._by_child[enquiry.child_id]
            if row.enquiry_id == enquiry.pk or row.conference.requested_at >= enquiry.discussion.held_at
        ]

    def decided_at(self, enquiry: Enquiry) -> datetime.datetime | None:
        moments = [decided_at(decision) for row in self._rows(enquiry) for decision in row.decisions.all()]
        return min(moments, default=None)

    def _conference(self, enquiry: Enquiry) -> Conference | None:
        rows = self._rows(enquiry)
        live = [row.conference for row in rows if row.conference.status in NOT_OVER]
        decided = [row.conference for row in rows if row.decisions.all()]
        return next(iter([*decided, *live[::-1]]), None)

    def conference_id(self, enquiry: Enquiry) -> int | None:
        conference = self._conference(enquiry)
        return conference.pk if conference else None

    def responsible(self, enquiry: Enquiry) -> tuple[int, ...]:
        return _answering(self._conference(enquiry), self._allocated[enquiry.discussion.family_id])


def _where_arranged(deadline: Deadline) -> str:
    if deadline.conference_id:
        return reverse("conferences:overview", args=[deadline.conference_id])
    return reverse("conferences:schedule", args=[deadline.family_id])


def _where_people(deadline: Deadline) -> str:
    return reverse("conferences:people", args=[deadline.conference_id])


def register_clocks() -> None:
    """Called from ``ConferencesConfig.ready``."""
    decided = "the chair has decided for the child"
    register(
        Clock(
            kind="initial-conference",
            title="Hold the initial conference",
            rule=(
                "The conference is held within the limit after the strategy discussion that started the "
                "section 47 enquiries, for each child."
            ),
            event="strategy discussion",
            met_when=decided,
            facts=initial_conferences,
            url=_where_arranged,
            button="Schedule the conference",
            button_in_conference="Open the conference",
        )
    )
    register(
        Clock(
            kind="pre-birth-conference",
            title="Hold the pre-birth conference",
            rule="A conference about an unborn child is held so long before the expected date of birth.",
            event="expected date of birth",
            met_when=decided,
            facts=pre_birth_conferences,
            url=_where_arranged,
            button="Schedule the conference",
            button_in_conference="Open the conference",
        )
    )
    register(
        Clock(
            kind="transfer-in-conference",
            title="Hold the transfer-in conference",
            rule="The council to which a child with a plan has moved holds a conference within the limit.",
            event="notification of the move",
            met_when=decided,
            facts=transfer_in_conferences,
            url=_where_arranged,
            button="Open the conference",
        )
    )
    register(
        Clock(
            kind="invitations-sent",
            title="Send the invitations",
            rule=(
                "Invitations go out as soon as the date is fixed, so that people can come "
                "and can write their reports."
            ),
            event="day the date was fixed",
            met_when="all invitations are sent, or await the chair",
            facts=invitations,
            url=_where_people,
            button="Choose whom to invite",
        )
    )
