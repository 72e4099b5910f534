"""What the notices about conferences are about."""

from __future__ import annotations

from django.db.models import Q

from conferences.access import UPCOMING
from conferences.enums import DeputyState
from conferences.models import (
    CompanionCheck,
    Conference,
    ConferenceAgreement,
    ConferenceRequest,
    Deputy,
    ExclusionRequest,
    LateAgreement,
    PaperOnly,
    Participant,
    RecordingDecision,
    RequestedItem,
    SaidByGuest,
    Sitting,
    StandIn,
)
from conferences.selectors.companions import STILL_TO_ACCEPT
from deadlines.notice_matters import NoticeMatter, family_of_person
from families.models import Child
from notifications.enums import MessageState
from notifications.models import Message

UNSETTLED = Q(decided_at__isnull=True, conference__status__in=UPCOMING)

MATTERS = (
    NoticeMatter("conference", Conference.objects.all, family="family_id"),
    NoticeMatter("who-runs", Conference.objects.all, family="family_id"),
    NoticeMatter("sitting", Sitting.objects.all, family="conference__family_id"),
    NoticeMatter("moved-undecided", Sitting.objects.all, family="conference__family_id"),
    NoticeMatter("stand-in", StandIn.objects.all, family="conference__family_id"),
    NoticeMatter(
        "request",
        ExclusionRequest.objects.all,
        family="conference__family_id",
        person="participant__person",
        waits=UNSETTLED,
    ),
    NoticeMatter(
        "companion",
        CompanionCheck.objects.all,
        family="participant__conference__family_id",
        person="participant__person",
        waits=Q(answered_at__isnull=True, participant__conference__status__in=STILL_TO_ACCEPT),
    ),
    NoticeMatter(
        "companion-answered",
        CompanionCheck.objects.all,
        family="participant__conference__family_id",
        person="participant__person",
    ),
    NoticeMatter("companion-left", Participant.objects.all, family="conference__family_id", person="person"),
    NoticeMatter(
        "late", LateAgreement.objects.all, waits=Q(agreed_at__isnull=True, superseded_at__isnull=True), decided=True
    ),
    NoticeMatter(
        "conference-agreement", ConferenceAgreement.objects.all, waits=Q(answered_at__isnull=True), decided=True
    ),
    NoticeMatter("conference-agreement-answered", ConferenceAgreement.objects.all, family="conference__family_id"),
    NoticeMatter("conference-request", ConferenceRequest.objects.all, waits=Q(answered_at__isnull=True), decided=True),
    NoticeMatter("conference-request-news", ConferenceRequest.objects.all, family="family_id"),
    NoticeMatter("conference-request-answered", ConferenceRequest.objects.all, family="family_id"),
    NoticeMatter("conference-asked", ConferenceRequest.objects.all, family="family_id"),
    NoticeMatter("conference-request-told", ConferenceRequest.objects.all),
    NoticeMatter("conference-request-ring", ConferenceRequest.objects.all, family="family_id"),
    NoticeMatter(
        "told-danger", RequestedItem.objects.all, family="request__family_id", waits=Q(settled_at__isnull=True)
    ),
    NoticeMatter(
        "deputy",
        Deputy.objects.all,
        family="participant__conference__family_id",
        person="participant__person",
        waits=Q(state=DeputyState.NAMED, participant__conference__status__in=UPCOMING),
    ),
    NoticeMatter(
        "said-by-guest",
        SaidByGuest.objects.all,
        family="participant__conference__family_id",
        person="participant__person",
    ),
    NoticeMatter("recording", RecordingDecision.objects.all, family="conference__family_id"),
    NoticeMatter("paper-only", PaperOnly.objects.all, family=family_of_person("person"), person="person"),
    NoticeMatter("views", Participant.objects.all, family="conference__family_id", person="person"),
    NoticeMatter("unexpected-baby", Child.objects.all, family=family_of_person("person"), person="person"),
    NoticeMatter("message-failed", Message.objects.all, waits=Q(state=MessageState.FAILED)),
    NoticeMatter("not-sent", Message.objects.all, waits=~Q(state=MessageState.SENT)),
)
