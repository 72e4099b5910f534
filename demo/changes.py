"""What changes at one conference after its invitations: who was told, who chairs it, which children it is about."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError

from conferences.enums import ConferenceKind, TellingHow, TellingOutcome, WithdrawalGround
from conferences.models import Conference, Participant
from conferences.selectors.agreements import newest_agreement, who_answers
from conferences.services.agreements import answer_agreement
from conferences.services.children import add_child as add_child_to
from conferences.services.handing_over import hand_on
from conferences.services.invitations import ListChange, change_list, send_invitations
from conferences.services.telling import record_telling
from conferences.services.withdrawing import Withdrawal, withdraw_child
from deadlines.working_days.arithmetic import civil_day
from demo.council import Council
from demo.families import DemoFamily, referral
from families.enums import Ethnicity, RelationshipKind
from families.services import PersonFacts, TieFacts, add_child, record_tie

CHAIRS = ("Tomasz Kestrel", "Ruth Avocet")
BY_HAND = "They asked for a visit, not an e-mail"


def agree_to_hold(conference: Conference, *, now: datetime.datetime) -> None:
    """Let the first of those whom the procedures name agree that the conference is held."""
    asked = newest_agreement(conference)
    if asked is not None and asked.answered_at is None:
        by = who_answers(asked, on=civil_day(now))[0]
        answer_agreement(agreement=asked, agreed=True, by=by, now=now)


def tell_one_by_hand(council: Council, demo: DemoFamily, conference: Conference, *, now: datetime.datetime) -> None:
    """Put both parents on the list of those who are told by hand; the mother has been told, the father has not."""
    coordinator = council.user("Joan Plover")
    parents = list(conference.participants.filter(person__in=[demo.mother, demo.father]))
    change_list(conference=conference, changes=[_without_mail(parent) for parent in parents], by=coordinator, now=now)
    send_invitations(conference=conference, by=coordinator, now=now)
    waits = conference.to_tell.filter(told_at=None, ended_at=None)
    for row in waits.filter(participant__person=demo.mother):
        record_telling(
            to_tell=row, outcome=TellingOutcome.TOLD, how=TellingHow.IN_PERSON, at=now, by=demo.social_worker, now=now
        )


def _without_mail(participant: Participant) -> ListChange:
    return ListChange(
        participant=participant,
        wanted=True,
        arrives_at=participant.arrives_at,
        mode=participant.mode,
        reports=participant.reports,
        email="",
        invited_how=BY_HAND,
    )


def replace_chair(council: Council, conference: Conference, *, now: datetime.datetime) -> None:
    """Hand the conference to the other chair, where they are free at that time."""
    conference.refresh_from_db()
    others = [council.user(name) for name in CHAIRS if council.user(name) != conference.chair]
    try:
        hand_on(
            conference=conference,
            chair=others[0],
            reason="The chair is at court that week.",
            by=council.user("Joan Plover"),
            now=now,
        )
    except ValidationError as refusal:
        if "chair" not in getattr(refusal, "error_dict", {}):
            raise


def change_children(council: Council, demo: DemoFamily, conference: Conference, *, now: datetime.datetime) -> None:
    """Add a half-sister who came to live with the family, and withdraw the youngest child."""
    coordinator = council.user("Joan Plover")
    sister = add_child(
        family=demo.family,
        facts=PersonFacts(
            given_name="Sorrel",
            family_name=demo.family.name,
            sex="F",
            birth_date=now.date() - datetime.timedelta(days=365 * 13),
            ethnicity=Ethnicity.WBRI,
            language="English",
        ),
        by=demo.social_worker,
        now=now,
        referral=referral(now.date()),
    )
    tie = TieFacts(child=sister, kind=RelationshipKind.FATHER)
    record_tie(person=demo.father, tie=tie, by=demo.social_worker, today=now.date())
    add_child_to(
        conference=conference,
        child=sister,
        kind=ConferenceKind.INITIAL,
        because="She has come to live with her father, and saw the same.",
        added_reason="The worry about the others is a worry about her.",
        by=coordinator,
        now=now,
    )
    conference.refresh_from_db()
    withdraw_child(
        conference_child=conference.children.present().exclude(child=sister).order_by("-pk")[0],
        withdrawal=Withdrawal(
            ground=WithdrawalGround.NOT_NEEDED,
            because="The enquiries found no worry about him: he lives with his grandmother.",
            decided_by=conference.chair,
        ),
        by=coordinator,
        now=now,
    )
