"""The own page of a member of the family: what the meeting is for, how to get there, what to do if they disagree."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.drafts.forms import kept_form
from accounts.guests.access import GuestRequired, other_pages
from conferences.enums import AdvocateReads, ConferenceStatus, Reply
from conferences.forms.asks import FeedbackForm, PaperOnlyForm
from conferences.forms.companions import OwnAdvocateForm
from conferences.guest_access import INVITATION, To, access_as_guest
from conferences.guest_steps import follows, further_steps
from conferences.models import Participant, Sitting
from conferences.selectors.absences import absences_for
from conferences.selectors.advocate_agreements import advocates_of, agreements_with, matters_of
from conferences.selectors.asks import asks_of
from conferences.selectors.family_home import (
    about_meeting,
    chair_of,
    childs_page,
    coming,
    family_meeting,
    next_dates,
    shown,
    words_for_child,
)
from conferences.selectors.guests import sees_who_comes, who_comes
from conferences.selectors.recording import recording_words
from conferences.services.advocate_agreements import record_what_advocate_reads, standing_token
from conferences.services.feedback import give_feedback
from conferences.services.paper_only import choose_paper_only
from conferences.services.sending import booked_sitting
from conferences.views.guest_parts import drawn_for, page_of, reminder_for, says, thanks
from deadlines.policies import policy_of
from deadlines.working_days.arithmetic import civil_day
from govuk import words
from govuk.generic import form_view


def family_page(
    request: HttpRequest, participant: Participant, sitting: Sitting | None, *, now: datetime.datetime
) -> HttpResponse:
    """Show a member of the family their own page, before the meeting and after it."""
    meeting = family_meeting(participant, sitting, now=now) if sitting is not None else None
    is_over = participant.conference.status == ConferenceStatus.CLOSED
    further = further_steps(participant, now=now)
    if meeting is not None:
        first, *others = _before(participant, now=now)
        steps = [first, *further, *others]
    else:
        steps = [*further, *(_after(participant) if is_over else [])]
    context = {
        "meeting": meeting,
        "is_over": is_over,
        "reminder": reminder_for(participant, sitting) if sitting is not None else "",
        "tasks": [*steps, *_other(request)],
        "following": follows(participant, now=now),
        "dates": next_dates(participant, now=now) if is_over else [],
        "absences": absences_for(participant, now=now) if meeting else [],
        "recording": recording_words(participant.conference) if meeting else "",
    }
    if (child := childs_page(participant, now=now)) is not None:
        return page_of(request, "guest_meeting/childs_home.html", participant, {**context, "child": child})
    return page_of(request, "guest_meeting/family_home.html", participant, context)


# What somebody may let their advocate read, in the words of who decides it.
IN_OWN_WORDS = {
    AdvocateReads.MY_VIEWS: "What I wrote in My Views",
    AdvocateReads.REPORTS: "The reports that I was shown",
    AdvocateReads.RECORD: "My letter, and the notes of the meeting",
    AdvocateReads.PLAN: "The plan",
}


def _advocate(participant: Participant) -> list[dict[str, str]]:
    """Return the row that leads to what the own advocate may read, for whoever has one."""
    names = [row.person.full_name for row in advocates_of(participant)]
    if not names:
        return []
    return [
        {
            "title": "Choose what your advocate may read",
            "hint": f"You decide what {words.listed(names)} can see.",
            "url": reverse("guest_meeting:advocate"),
        }
    ]


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
    return [*rows, *_advocate(participant), _asking(participant)]


def _asking(participant: Participant) -> dict[str, str]:
    asks = asks_of(participant)
    answered = sum(bool(one.answer) for one in asks)
    say = words_for_child(participant, now=timezone.now())
    row = {
        "title": say.asking_heading if say else "Ask for something",
        "hint": say.asking_row
        if say
        else "For example a lift, an interpreter, bigger print, or that someone stays out.",
        "url": reverse("guest_meeting:ask"),
    }
    if participant.conference.status == ConferenceStatus.CLOSED and say is None:
        row["hint"] = "Tell us if something is wrong, if you do not agree, or if you need something."
    if answered:
        return {**row, "status": words.count(answered, "answer"), "colour": "green"}
    return {**row, "status": "We are on it", "colour": "blue"} if asks else row


def _after(participant: Participant) -> list[dict[str, str]]:
    return [
        *_advocate(participant),
        _asking(participant),
        {
            "title": "Say how the meeting was for you",
            "hint": "It does not go on your file. We can’t see who wrote it.",
            "url": reverse("guest_meeting:feedback"),
        },
    ]


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
    if (child := childs_page(participant, now=timezone.now())) is not None:
        return page_of(request, "guest_meeting/childs_about.html", participant, {"child": child})
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


@require_http_methods(["GET", "HEAD", "POST"])
def paper_only(request: HttpRequest) -> HttpResponse:
    """Choose paper only, nothing online: the page says what follows, and is closed from then on."""
    participant = family_member(request, to="home")
    form = kept_form(request, PaperOnlyForm)
    if request.method == "POST" and form.is_valid():
        choose_paper_only(
            participant=participant,
            guest_session_id=request.guest.session_id,  # type: ignore[attr-defined]
            now=timezone.now(),
        )
        return page_of(request, "guest_meeting/paper_only_chosen.html", participant, {})
    return page_of(request, "guest_meeting/paper_only.html", participant, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def own_advocate(request: HttpRequest) -> HttpResponse:
    """Choose what one's own advocate may read, as long as there is one; what is no longer ticked closes at once."""
    participant = family_member(request, to="home")
    advocates = list(advocates_of(participant))
    if not advocates:
        raise GuestRequired
    form = kept_form(
        request,
        OwnAdvocateForm,
        advocates=[(row.pk, row.person.full_name) for row in advocates],
        choices=[(one.value, IN_OWN_WORDS[one]) for one in matters_of(participant)],
        initial={
            name: value
            for row in advocates
            for name, value in (
                (f"matters_{row.pk}", [one.matter for one in agreements_with(row)]),
                (f"standing_{row.pk}", standing_token(row)),
            )
        },
    )

    def save(data: dict[str, Any]) -> None:
        now = timezone.now()
        for row in advocates:
            record_what_advocate_reads(
                advocate=row,
                matters=data[f"matters_{row.pk}"],
                said_by=participant.person,
                said_on=civil_day(now),
                standing=data[f"standing_{row.pk}"],
                guest_session_id=request.guest.session_id,  # type: ignore[attr-defined]
                now=now,
            )

    return form_view(
        request,
        form,
        lambda data: says(participant, lambda: save(data)),
        success_url=thanks("advocate"),
        template_name="guest_meeting/own_advocate.html",
        draw=drawn_for(participant),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """Say how the meeting was, apart from the record."""
    participant = family_member(request, to="home")
    conference = participant.conference
    if conference.status != ConferenceStatus.CLOSED:
        raise GuestRequired
    form = kept_form(
        request,
        FeedbackForm,
        questions=shown(
            policy_of(conference.policy_version_id).value("family-feedback-questions"), participant, now=timezone.now()
        ),
    )
    return form_view(
        request,
        form,
        lambda data: says(
            participant,
            lambda: give_feedback(
                authority=conference.authority, answers=form.answers(), text=data["text"], now=timezone.now()
            ),
        ),
        success_url=thanks("feedback"),
        template_name="guest_meeting/feedback.html",
        draw=drawn_for(participant),
    )
