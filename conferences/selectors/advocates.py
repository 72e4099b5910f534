"""To which invited children an advocate is still to be offered, by the council's procedures."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable

from conferences.enums import AdvocateCame, Capacity, ParticipantStatus
from conferences.models import AdvocateOffer, Conference, Participant
from deadlines.policies import Policy
from govuk import words

MAY_HAVE_ONE = frozenset({Capacity.CHILD, Capacity.PARENT, Capacity.CARER})
NOT_ASKED = frozenset({ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN})


def to_be_offered_an_advocate(
    participants: Iterable[Participant], policy: Policy, *, on: datetime.date
) -> list[Participant]:
    """Return the children asked to come who are old enough, were not offered one, and for whom none is on the list.

    An offer counts once it is known when it was made, whatever the answer. An advocate who is not said to come with
    anyone is there for all of them. A child whose age is not known counts as old enough.
    """
    asked = [row for row in participants if row.status not in NOT_ASKED]
    helped = {row.acts_for_id for row in asked if row.capacity == Capacity.ADVOCATE}
    if None in helped:
        return []
    found = [row for row in asked if row.capacity == Capacity.CHILD and row.pk not in helped]
    due = [row for row in found if policy.offers_an_advocate(row.person.age(on))]
    if not due:
        return []
    made = AdvocateOffer.objects.filter(
        participant__in=[row.pk for row in due], superseded_at__isnull=True, offered_on__isnull=False
    )
    offered = set(made.values_list("participant", flat=True))
    return [row for row in due if row.pk not in offered]


def may_be_offered(participant: Participant) -> bool:
    """Return whether an advocate can be offered to a participant: to a child, and to a parent or carer on wish."""
    return participant.capacity in MAY_HAVE_ONE


def offer_to(participant: Participant) -> AdvocateOffer | None:
    """Return what is recorded about the offer of an advocate to a participant; None where nobody has asked."""
    return participant.advocate_offers.select_related("recorded_by").filter(superseded_at__isnull=True).first()


def offers_in_words(persons: Collection[int], conference: Conference) -> dict[int, str]:
    """Return, by person id, a sentence about the offer of an advocate in a conference, for those with one."""
    rows = AdvocateOffer.objects.filter(
        participant__conference=conference, participant__person__in=persons, superseded_at__isnull=True
    ).select_related("participant")
    return {row.participant.person_id: in_words(row) for row in rows.order_by("pk")}


def in_words(offer: AdvocateOffer) -> str:
    """Return an offer in a sentence: "An advocate was offered on Thursday 3 December 2026: accepted."."""
    day = f" on {words.long_date(offer.offered_on)}" if offer.offered_on else ""
    came = f" The advocate {'came' if offer.came == AdvocateCame.YES else 'did not come'}." if offer.came else ""
    return f"An advocate was offered{day}: {offer.get_answer_display().lower()}.{came}"
