"""The own page of a member of the family: what the meeting is for, how to get there, what to do if they disagree."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guests.access import GuestRequired, other_pages
from conferences.enums import ConferenceStatus, Reply
from conferences.guest_access import INVITATION, To, access_as_guest
from conferences.guest_steps import further_steps
from conferences.models import Participant, Sitting
from conferences.selectors.family_home import about_meeting, chair_of, coming, family_meeting, shown
from conferences.selectors.guests import sees_who_comes, who_comes
from conferences.services.sending import booked_sitting
from conferences.views.guest_parts import page_of, reminder_for
from deadlines.policies import policy_of
from govuk import words


def family_page(
    request: HttpRequest, participant: Participant, sitting: Sitting | None, *, now: datetime.datetime
) -> HttpResponse:
    """Show a member of the family their own page, before the meeting and after it."""
    meeting = family_meeting(participant, sitting, now=now) if sitting is not None else None
    steps = [*_before(participant, now=now), *further_steps(participant, now=now)]
    context = {
        "meeting": meeting,
        "is_over": participant.conference.status == ConferenceStatus.CLOSED,
        "reminder": reminder_for(participant, sitting) if sitting is not None else "",
        "tasks": [*(steps if meeting else further_steps(participant, now=now)), *_other(request)],
        "has_answered": participant.reply != Reply.NONE,
    }
    return page_of(request, "guest_meeting/family_home.html", participant, context)


def _other(request: HttpRequest) -> list[dict[str, str]]:
    return other_pages(request, purpose=INVITATION)


def _before(participant: Participant, *, now: datetime.datetime) -> list[dict[str, str]]:
    answered = participant.reply != Reply.NONE
    rows = [
        {
            "title": "Change your answer" if answered else "Say if you can come",
            "url": reverse("guest_meeting:answer"),
            "status": participant.get_reply_display() if answered else "To do",
            "colour": "green" if answered else "blue",
        },
        {
            "title": "What the meeting is for",
            "hint": "Why we meet, and what happens when.",
            "url": reverse("guest_meeting:about"),
        },
        {
            "title": "Getting there",
            "hint": "The way, what to bring, and who can come with you.",
            "url": reverse("guest_meeting:coming"),
        },
    ]
    if sees_who_comes(participant):
        number = len(who_comes(participant, now=now))
        rows.append(
            {
                "title": "See who will be there",
                "hint": f"{words.count(number, 'person', 'people')}, and why each one comes.",
                "url": reverse("guest_meeting:who-will-be-there"),
            }
        )
    rows.append(
        {
            "title": "Ask for something",
            "hint": "Someone to stay out, a lift, an interpreter, bigger print, someone to come with you.",
            "url": reverse("guest_meeting:ask"),
        }
    )
    return rows


def family_member(request: HttpRequest, *, to: To) -> Participant:
    """Return the guest's own participant, who has to be of the family. Raises GuestRequired."""
    participant = access_as_guest(request, to=to)
    if not participant.is_family:
        raise GuestRequired
    return participant


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say why we meet, what happens in which order, what nobody there can do, and what one may say no to."""
    participant = family_member(request, to="meeting")
    said = about_meeting(participant, now=timezone.now())
    context = {"about": said, "children_named": words.listed(said.children)}
    return page_of(request, "guest_meeting/about.html", participant, context)


@require_safe
def getting_there(request: HttpRequest) -> HttpResponse:
    """Say where and how to come, what to bring, who may come along, and what helps on the day."""
    participant = family_member(request, to="meeting")
    sitting = booked_sitting(participant.conference)
    context = {"coming": coming(participant, sitting, now=timezone.now())}
    return page_of(request, "guest_meeting/coming.html", participant, context)


@require_safe
def disagree(request: HttpRequest) -> HttpResponse:
    """Say how to disagree and to complain, and by when."""
    participant = family_member(request, to="home")
    policy = policy_of(participant.conference.policy_version_id)
    context: dict[str, Any] = {
        "is_over": participant.conference.status == ConferenceStatus.CLOSED,
        "dissent_within": policy.limit("dissent").words,
        "dissent_at_once": policy.value("dissent-wanted") == "at once",
        "dissent_answered": policy.limit("dissent-answer").words,
        "comments_within": policy.limit("minutes-comments").words,
        "comments_at_once": policy.value("minutes-comments-wanted") == "at once",
        "complaint_answered": policy.limit("complaint-answer").words,
        "complaint_help": shown(policy.value("family-complaint-help"), participant, now=timezone.now()),
        "chair": chair_of(participant.conference),
    }
    return page_of(request, "guest_meeting/disagree.html", participant, context)


@require_safe
def talk(request: HttpRequest) -> HttpResponse:
    """Say whom to ring now, tonight and in danger, and whom to talk to that evening."""
    participant = family_member(request, to="home")
    policy = policy_of(participant.conference.policy_version_id)
    context = {"talk_to": shown(policy.value("family-to-talk-to"), participant, now=timezone.now())}
    return page_of(request, "guest_meeting/talk.html", participant, context)
