"""Whether whoever the procedures name agrees that a conference is held, and who may answer."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.readers import Reader
from accounts.rules import Rule
from conferences.access import RULES, may
from conferences.agreed_by import named_rule, named_words, people_named, said_of
from conferences.enums import ConferenceKind, ConferenceStatus
from conferences.models import Conference, ConferenceAgreement
from conferences.selectors.recipients import service_managers

KEY = "conference-agreed-by"
# A review follows from the plan, and a conference about a child who moved here from the move: no one is asked.
ASKED_ABOUT = (ConferenceKind.INITIAL, ConferenceKind.PRE_BIRTH)
STILL_AHEAD = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED)


def _named(reader: Reader) -> Q:
    conferences = named_rule(KEY).visible(Conference.objects.all(), reader).filter(pk=OuterRef("conference"))
    return Q(Exists(conferences), taken_further=False)


def _taken_further(reader: Reader) -> Q:
    conferences = RULES["manage the service"].visible(Conference.objects.all(), reader)
    return Q(Exists(conferences.filter(pk=OuterRef("conference"))), taken_further=True)


def _asked_or_refused(reader: Reader) -> Q:
    """Match what the reader asked themselves, or refused before: someone else has to answer."""
    refused = ConferenceAgreement.objects.filter(conference=OuterRef("conference"), answered_by=reader.pk, agreed=False)
    return Q(asked_by=reader.pk) | Q(Exists(refused))


AGREEMENT_RULE = Rule(
    rights=(("named in the procedures", _named), ("service manager", _taken_further)), never=_asked_or_refused
)


def may_answer(user: User, agreement: ConferenceAgreement) -> bool:
    """Return whether the user answers an open question whether a conference is held."""
    return agreement.answered_at is None and AGREEMENT_RULE.right_of(user, agreement) is not None


def who_answers(agreement: ConferenceAgreement, *, on: datetime.date) -> list[User]:
    """Return who may answer on a day."""
    conference = agreement.conference
    if agreement.taken_further:
        service = service_managers(conference, on=on)
        asked = [user for user in service if may(user, conference, to="manage the service")]
    else:
        asked = people_named(conference, KEY, on=on)
    return [user for user in asked if may_answer(user, agreement)]


def answers_in_words(agreement: ConferenceAgreement) -> str:
    """Return who is asked, such as "the team manager"."""
    return "a service manager" if agreement.taken_further else named_words(agreement.conference, KEY)


def needs_agreement(conference: Conference) -> bool:
    """Return whether the conference's procedures ask someone whether it is held."""
    about = conference.children.filter(withdrawn_at__isnull=True, kind__in=ASKED_ABOUT)
    return said_of(conference, KEY) != "nobody" and about.exists()


def newest_agreement(conference: Conference) -> ConferenceAgreement | None:
    """Return the newest question whether the conference is held; None where no one had to be asked."""
    return conference.agreements.select_related("asked_by", "answered_by").order_by("-asked_at", "-pk").first()


def why_not_agreed(newest: ConferenceAgreement | None) -> str:
    """Return why nothing goes out about a conference yet; "" where someone agreed, or no one has to.

    ``newest`` is its newest question.
    """
    if newest is None or newest.agreed:
        return ""
    whoever = answers_in_words(newest)
    if newest.agreed is None:
        return f"Nothing goes out before {whoever} has agreed that this conference is held."
    return f"{whoever.capitalize()} does not agree that this conference is held. Nothing goes out."
