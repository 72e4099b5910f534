"""What an advocate reads: only what the child or parent they speak for agrees to, kind of paper by kind."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet

from conferences.enums import AdvocateReads, Band, Capacity, ParticipantStatus
from conferences.models import AdvocateAgreement, Participant
from conferences.selectors.advocates import may_be_offered, offer_to, to_be_offered_an_advocate
from conferences.selectors.children import children_in
from conferences.selectors.companions import GONE, waits_for_acceptance
from conferences.selectors.understanding import band_of
from deadlines.policies import Policy
from families.models import Person
from families.selectors import holders_of_responsibility

# Before the chair has decided about somebody, nothing of theirs is shown to anyone on their behalf either.
NOT_SETTLED = (ParticipantStatus.AWAITING_CHAIR, *GONE)


def has_client(participant: Participant) -> bool:
    """Return whether a participant is an advocate who speaks for somebody on the list."""
    return participant.capacity == Capacity.ADVOCATE and participant.acts_for is not None


def advocates_of(client: Participant) -> QuerySet[Participant]:
    """Return those on the list who speak for a child or parent."""
    rows: QuerySet[Participant] = (
        client.conference.participants.filter(capacity=Capacity.ADVOCATE, acts_for=client)
        .exclude(status__in=GONE)
        .select_related("person")
        .order_by("pk")
    )
    return rows


def agreements_with(advocate: Participant) -> QuerySet[AdvocateAgreement]:
    """Return what is agreed now between an advocate and whom they speak for today."""
    rows: QuerySet[AdvocateAgreement] = (
        AdvocateAgreement.objects.filter(advocate=advocate, client=advocate.acts_for_id, withdrawn_at__isnull=True)
        .select_related("said_by", "recorded_by")
        .order_by("pk")
    )
    return rows


def all_agreements_with(advocate: Participant) -> QuerySet[AdvocateAgreement]:
    """Return every agreement of an advocate, those that were withdrawn and those of others before too."""
    rows: QuerySet[AdvocateAgreement] = AdvocateAgreement.objects.filter(advocate=advocate).select_related(
        "said_by", "recorded_by", "client__person", "withdrawn_by_person", "withdrawal_recorded_by"
    )
    return rows.order_by("pk")


def may_read_of_client(advocate: Participant) -> frozenset[str]:
    """Return the kinds of paper that an advocate may read now: agreed, invited, and accepted by the chair.

    Nothing while the chair has still to decide about whom they speak for.
    """
    client = advocate.acts_for
    if not has_client(advocate) or client is None or advocate.status != ParticipantStatus.INVITED:
        return frozenset()
    if client.status in NOT_SETTLED or waits_for_acceptance(advocate):
        return frozenset()
    return frozenset(agreements_with(advocate).values_list("matter", flat=True))


def reads(advocate: Participant, matter: AdvocateReads) -> bool:
    """Return whether an advocate may read one kind of paper of whom they speak for."""
    return matter in may_read_of_client(advocate)


def matters_of(client: Participant) -> list[AdvocateReads]:
    """Return the kinds of paper that a child or parent can have; reports are never shared with a child."""
    return [one for one in AdvocateReads if client.capacity != Capacity.CHILD or one != AdvocateReads.REPORTS]


def who_may_agree(client: Participant, *, on: datetime.date) -> list[Person]:
    """Return who can say yes or no for a child or parent: they themselves, first.

    For a child who is written to as a child, an adult with parental responsibility too; a young person decides alone.
    """
    found = [client.person]
    if client.capacity != Capacity.CHILD:
        return found
    row = children_in(client.conference).filter(child__person=client.person_id).first()
    if row is None:
        return found
    row.conference = client.conference
    if band_of(row, on=on) == Band.OLDER:
        return found
    held = holders_of_responsibility([row.child], on=on)[row.child_id]
    return [*found, *(one.person for one in held if one.person is not None)]


def about_advocates(participant: Participant, policy: Policy, *, on: datetime.date) -> dict[str, Any]:
    """Return what the page of one person says: the advocate they were offered, or what they may read as one."""
    return {
        "may_be_offered": may_be_offered(participant),
        "advocate_offer": offer_to(participant),
        "advocate_due": to_be_offered_an_advocate([participant], policy, on=on),
        "advocate_reads": agreements_with(participant) if has_client(participant) else [],
    }
