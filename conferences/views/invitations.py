"""The last page before invitations go: to whom, when each arrives, and who gets nothing."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import user_of
from conferences.access import access_conference
from conferences.enums import ParticipantStatus
from conferences.models import Participant
from conferences.selectors.agreements import newest_agreement, why_not_agreed
from conferences.selectors.letters import letter
from conferences.selectors.needs import asked_for
from conferences.selectors.people import PersonRow, participants_of, person_rows
from conferences.selectors.reach import Reach, reach_of
from conferences.selectors.telling import on_the_list
from conferences.services.invitations import send_invitations, to_be_sent
from conferences.views.page_context import ConferencePage, page_context
from govuk import words


def check_invitations(request: HttpRequest, pk: int) -> HttpResponse:
    """Review invitations before they go: to whom, when each arrives, and who gets nothing."""
    conference = access_conference(request, pk, to="arrange")
    now, today = timezone.now(), timezone.localdate()
    around = page_context(conference, user=user_of(request), tab="people", today=today)
    refusals: list[str] = []
    if request.method == "POST":
        try:
            sent = send_invitations(conference=conference, by=user_of(request), now=now)
        except ValidationError as refusal:
            refusals = refusal.messages
        else:
            messages.success(request, _what_became_of(sent))
            return redirect("conferences:people", conference.pk)
    participants = list(participants_of(conference))
    reach = reach_of(participants, on=today)
    rows = [replace(row, reach=reach[row.participant.pk]) for row in _rows(around["conference_page"], participants)]
    listed = {pk for pk in on_the_list(conference, on=today) if reach[pk] != Reach.BY_MAIL}
    waiting = {row.pk for row in to_be_sent(conference)} - listed
    going = [row for row in rows if row.participant.pk in waiting]
    context = {
        **around,
        "going": going,
        "asked_for": asked_for(conference, [row.participant for row in rows if row.is_asked]),
        "letters": [
            (row, letter(participant=row.participant, conference=conference, sitting=around["conference_page"].sitting))
            for row in going[:1]
            if around["conference_page"].sitting
        ],
        "held": [
            row for row in rows if row.participant.status == ParticipantStatus.AWAITING_CHAIR or row.awaits_acceptance
        ],
        "out": [
            row for row in rows if row.participant.status in (ParticipantStatus.LEFT_OUT, ParticipantStatus.KEPT_OUT)
        ],
        "proposed": [row for row in rows if row.participant.status == ParticipantStatus.PROPOSED],
        "refusals": refusals,
        "not_agreed": why_not_agreed(newest_agreement(conference)),
    }
    return render(request, "conferences/check_invitations.html", context)


def _what_became_of(asked: list[Participant]) -> str:
    """Return how many invitations are on the way, and how many people someone has to tell."""
    mailed = sum(row.status == ParticipantStatus.INVITED for row in asked)
    said = []
    if mailed or not asked:
        on_the_way = words.count(mailed, "invitation is", "invitations are")
        said.append(f"{on_the_way} on the way. This page shows when each was sent.")
    if len(asked) > mailed:
        others = words.count(len(asked) - mailed, "person gets", "people get")
        said.append(f"{others} no e-mail and must be told. They stand as invited once someone has told them.")
    return " ".join(said)


def _rows(around: ConferencePage, participants: list[Participant]) -> list[PersonRow]:
    return person_rows(participants, children=around.children, sitting=around.sitting, on=around.today)
