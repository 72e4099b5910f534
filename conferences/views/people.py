"""Who comes: the list, adding a person, checking and sending invitations, one person, requests to the chair."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.models import User
from conferences.access import access_conference, may
from conferences.agreed_by import KEEPS_OUT, named_rule
from conferences.enums import COME_WITH_SOMEBODY, Capacity, HowToAttend, ParticipantStatus, RequestGround
from conferences.forms import AddParticipantForm, AskChairForm, DecideRequestForm, PeopleForm, ReplyForm, at, initial_of
from conferences.models import Conference, ExclusionRequest, Participant
from conferences.selectors.absences import may_read_of
from conferences.selectors.advocate_agreements import about_advocates
from conferences.selectors.advocates import to_be_offered_an_advocate
from conferences.selectors.answers import asked_again, had_answered
from conferences.selectors.children import children_in
from conferences.selectors.letters import letter
from conferences.selectors.needs import asked_elsewhere, asked_for
from conferences.selectors.paper_only import choice_of
from conferences.selectors.people import PersonRow, grouped, participants_of, person_rows
from conferences.selectors.planned_parts import planned_parts
from conferences.selectors.procedures import policy_of_conference
from conferences.selectors.proposing import Proposals, proposals_for
from conferences.selectors.quorum_forecast import quorum_forecast
from conferences.selectors.reach import deliveries_of, reach_of
from conferences.selectors.requests import still_to_find
from conferences.selectors.risks import risks_of
from conferences.selectors.telling import on_the_list
from conferences.services.absences import decide_and_tell
from conferences.services.chairs_words import draft_for_asker, draft_for_person
from conferences.services.exclusions import open_request
from conferences.services.invitations import add_participant, change_list, record_reply
from conferences.services.proposals import propose_participants
from conferences.services.sending import was_told
from conferences.views.page_context import ConferencePage, on_page_of, page_context
from deadlines.working_days.arithmetic import civil_day
from families.access import visible_posts
from families.models import Person
from families.selectors import agencies_in_directory, directory_of, members_of, posts_in_directory
from families.selectors.work_of_posts import open_work
from families.services import enter_worker
from govuk import words
from govuk.generic import form_view


def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who is asked to the conference, each one's status and answer."""
    conference = access_conference(request, pk)
    today = timezone.localdate()
    around = page_context(conference, user=user_of(request), tab="people", today=today)
    participants = list(participants_of(conference))
    deliveries, earlier = deliveries_of(conference), asked_again(participants)
    listed = on_the_list(conference, on=today)
    rows = [
        replace(
            row,
            delivery=deliveries.get(row.participant.pk),
            is_to_be_told=row.participant.pk in listed,
            earlier=earlier.get(row.participant.pk),
        )
        for row in _rows(around["conference_page"], participants)
    ]
    context = {
        **around,
        "groups": grouped(rows),
        "asked_for": asked_for(conference, participants),
        "not_sent": [row for row in rows if row.is_asked and row.delivery and row.delivery.was_not_sent],
        "waiting": [row for row in rows if row.open_request and not around["conference_page"].is_over],
        "to_send": [
            row
            for row in rows
            if row.participant.status == ParticipantStatus.TO_INVITE
            and not (row.is_to_be_told or row.awaits_acceptance)
        ],
        "not_settled": [row for row in rows if row.participant.status == ParticipantStatus.PROPOSED],
        "to_accept": [row for row in rows if row.awaits_acceptance and not around["conference_page"].is_over],
        "parts": planned_parts(around["conference_page"].sitting),
        "invited": sum(row.participant.status == ParticipantStatus.INVITED for row in rows),
        "forecast": quorum_forecast(conference, participants),
        "advocates": to_be_offered_an_advocate(participants, policy_of_conference(conference), on=today),
        "work_left": open_work(conference.family) if around["conference_page"].may.arrange else [],
    }
    return render(request, "conferences/people.html", context)


def change_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick who is asked, each with the reason beside them; then check the invitations."""
    conference = access_conference(request, pk, to="arrange")
    now, today = timezone.now(), timezone.localdate()
    around = page_context(conference, user=user_of(request), tab="people", today=today)
    participants = list(participants_of(conference))
    form = kept_form(request, PeopleForm, participants=participants, sitting=around["conference_page"].sitting)

    def draw(request: HttpRequest, template_name: str, context: dict[str, Any]) -> HttpResponse:
        proposals = proposals_for(conference, on=today)
        reach = reach_of(participants, on=today)
        rows = [
            replace(row, fields=form.row_fields(row.participant), reach=reach[row.participant.pk])
            for row in _rows(around["conference_page"], participants)
        ]
        list_of_people = {
            "groups": grouped(rows, _not_on_list(proposals, participants)),
            "missing": [*proposals.missing, *still_to_find(conference)],
            "advocates": to_be_offered_an_advocate(participants, policy_of_conference(conference), on=today),
            "asked_for": asked_for(conference, participants),
            "forecast": quorum_forecast(conference, participants, if_all_come=True),
            "asked": sum(row.is_asked for row in rows),
        }
        return render(request, template_name, {**around, **context, **list_of_people})

    return form_view(
        request,
        form,
        lambda _: change_list(conference=conference, changes=form.changes(), by=user_of(request), now=now),
        success_url=reverse("conferences:check-invitations", args=[conference.pk]),
        template_name="conferences/change_people.html",
        draw=draw,
    )


def _rows(around: ConferencePage, participants: list[Participant]) -> list[PersonRow]:
    return person_rows(participants, children=around.children, sitting=around.sitting, on=around.today)


def _not_on_list(proposals: Proposals, participants: list[Participant]) -> list[Any]:
    """Return everyone known around the children who is not on the list, ticked or not when it was made."""
    known = {(row.person_id, row.post_id, row.capacity) for row in participants}
    return [proposal for proposal in proposals.people if proposal.key not in known]


def look_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose again, to include people recorded since the list was made."""
    conference = access_conference(request, pk, to="arrange")
    if request.method != "POST":
        raise Http404
    try:
        made = propose_participants(conference=conference, by=user_of(request), now=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("conferences:people", conference.pk)
    found = words.count(len(made), "person is", "people are") if made else "No one is"
    messages.success(request, f"{found} new on the list.")
    return redirect("conferences:change-list", conference.pk)


def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a person to the list who was not proposed, with the reason."""
    conference = access_conference(request, pk, to="arrange")
    today = timezone.localdate()
    persons = Person.objects.filter(
        pk__in=[
            *members_of(conference.family, on=today).values_list("pk", flat=True),
            *(proposal.person.pk for proposal in proposals_for(conference, on=today).people),
        ]
    )
    family, authority = conference.family, conference.authority
    form = kept_form(
        request,
        AddParticipantForm,
        conference=conference,
        workers=directory_of(authority, on=today, family=family),
        posts=posts_in_directory(authority, on=today, family=family),
        agencies=agencies_in_directory(authority, family=family),
        persons=persons,
        children=children_in(conference),
        initial=_initial_person(request, conference),
    )
    return form_view(
        request,
        form,
        lambda _: _add(conference, form, by=user_of(request), now=timezone.now()),
        success_url=reverse("conferences:change-list", args=[conference.pk]),
        success_message="Added to the list. Nothing has been sent yet.",
        cancel_url=reverse("conferences:change-list", args=[conference.pk]),
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="people"),
        title="Add someone",
        names_agencies=True,
    )


def _initial_person(request: HttpRequest, conference: Conference) -> dict[str, Any] | None:
    wanted = request.GET.get("person", "")
    for proposal in proposals_for(conference, on=timezone.localdate()).people if wanted else ():
        if str(proposal.person.pk) == wanted:
            return initial_of(proposal, conference.family_id)
    return None


@transaction.atomic
def _add(conference: Conference, form: AddParticipantForm, *, by: User, now: datetime.datetime) -> Participant:
    data = form.cleaned_data
    post = form.take_staff(on=civil_day(now))
    if post is None and (form.same_as or data["who"] == "new_worker"):
        post = enter_worker(
            entered=form.entered,
            agency=data["agency"] if data["who"] == "new_worker" else None,
            same_as=form.same_as,
            use=form.use,
            by=by,
            now=now,
        )
    person: Person | None = post.person if post else data["person"] if data["who"] == "person" else None
    if person is None:
        person = Person(authority=conference.authority, given_name=data["given_name"], family_name=data["family_name"])
        person.full_clean()
        person.save()
    return add_participant(
        conference=conference,
        person=person,
        post=post,
        capacity=data["capacity"],
        children=list(data["children"]),
        email=data["email"] or (post.email if post else ""),
        reports=data["reports"],
        acts_for=data["acts_for"] if data["capacity"] in COME_WITH_SOMEBODY else None,
        ties=data["ties"] or "",
        reason=data["reason"],
        by=by,
        now=now,
    )


def participant(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Show one person in the conference: how they take part, what they answered, requests about them."""
    conference = access_conference(request, pk)
    row = _participant(conference, participant_pk)
    user, today = user_of(request), timezone.localdate()
    around = page_context(conference, user=user, tab="people", today=today)
    if request.method == "POST":
        access_conference(request, pk, to="record" if around["conference_page"].may.record else "arrange")
    sitting = around["conference_page"].sitting

    def draw(request: HttpRequest, template_name: str, context: dict[str, Any]) -> HttpResponse:
        about = {
            "row": replace(
                _rows(around["conference_page"], [row])[0],
                delivery=deliveries_of(conference).get(row.pk),
                is_to_be_told=row.pk in on_the_list(conference, on=today),
                reach=reach_of([row], on=today)[row.pk],
            ),
            **about_advocates(row, policy_of_conference(conference), on=today),
            "companion_checks": row.companion_checks.select_related("asked_by", "answered_by"),
            "earlier_answers": [
                (answer, had_answered(answer)) for answer in row.earlier_answers.select_related("ended_by")
            ],
            "asked_elsewhere": asked_elsewhere(row),
            "may_answer": may(user, conference, to="correct"),
            "paper_only": choice_of(row.person_id),
            "requests": row.exclusion_requests.all(),
            "shows_post": row.post_id is not None and visible_posts(user).filter(pk=row.post_id).exists(),
            "letter": letter(participant=row, conference=conference, sitting=sitting)
            if sitting and row.status == ParticipantStatus.INVITED
            else "",
        }
        return render(request, template_name, {**around, **context, **about})

    return form_view(
        request,
        kept_form(request, ReplyForm, initial={"reply": row.reply}),
        lambda data: record_reply(participant=row, reply=data["reply"], by=user, now=timezone.now()),
        success_url=reverse("conferences:people", args=[conference.pk]),
        success_message="The answer is recorded.",
        template_name="conferences/participant.html",
        draw=draw,
    )


def _participant(conference: Conference, pk: int) -> Participant:
    row = (
        participants_of(conference)
        .filter(pk=pk)
        .prefetch_related("exclusion_requests__asked_by", "exclusion_requests__decided_by")
        .prefetch_related("exclusion_requests__absences_told__reader__person", "said_as_guest__answers__answered_by")
        .first()
    )
    if row is None:
        raise Http404
    return row


def ask_chair(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Ask the chair to keep a person out, or to let them attend differently."""
    conference = access_conference(request, pk)
    row = _participant(conference, participant_pk)
    if row.capacity in (Capacity.CHAIR, Capacity.COORDINATOR):
        raise Http404
    today = timezone.localdate()
    form = kept_form(request, AskChairForm, persons=members_of(conference.family, on=today).exclude(pk=row.person_id))
    return form_view(
        request,
        form,
        lambda data: open_request(
            participant=row, ground=RequestGround.ASKED, by=user_of(request), now=timezone.now(), **data
        ),
        success_url=reverse("conferences:people", args=[conference.pk]),
        success_message="The chair has been told. Nothing will be sent to this person until the chair decides.",
        cancel_url=reverse("conferences:people", args=[conference.pk]),
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="people"),
        title=f"Ask the chair about {row.person.full_name}",
        lead="Once you send this, nothing goes to this person, and anything not yet sent is held "
        "back, until the chair has decided. Anyone in the family may ask, at any time, even on "
        "the day.",
    )


def decide_attendance(request: HttpRequest, pk: int, request_pk: int) -> HttpResponse:
    """Decide, as whoever the procedures name, whether and how a person takes part, and say why."""
    conference = access_conference(request, pk, to=named_rule(KEEPS_OUT))
    asked = (
        ExclusionRequest.objects.filter(pk=request_pk, conference=conference)
        .select_related("participant__person", "participant__conference", "asked_by", "asked_for", "decided_by")
        .select_related("goes_on_from__conference", "goes_on_from__decided_by")
        .first()
    )
    if asked is None:
        raise Http404
    user, today = user_of(request), timezone.localdate()
    around = page_context(conference, user=user, tab="people", today=today)
    sitting = around["conference_page"].sitting
    others = conference.participants.exclude(person=asked.participant.person).exclude(
        status__in=[
            ParticipantStatus.LEFT_OUT,
            ParticipantStatus.KEPT_OUT,
            ParticipantStatus.WITHDRAWN,
            ParticipantStatus.AWAITING_CHAIR,
        ]
    )
    risks = risks_of([asked.participant], on=today).get(asked.participant.person_id, [])
    form = kept_form(
        request,
        DecideRequestForm,
        others=others.select_related("person").order_by("pk"),
        readers=may_read_of(asked),
        knows=was_told(asked.participant),
        parts=planned_parts(sitting),
        was_asked=asked.ground == RequestGround.ASKED and asked.asked_for_id is not None,
        initial={
            "risks_seen": " ".join(str(risk.pk) for risk in risks),
            "told_text": draft_for_person(asked.participant),
            "answer_text": draft_for_asker(),
        },
    )
    day = civil_day(sitting.starts_at) if sitting else today

    def draw(request: HttpRequest, template_name: str, context: dict[str, Any]) -> HttpResponse:
        row = _rows(around["conference_page"], [_participant(conference, asked.participant_id)])[0]
        return render(request, template_name, {**around, **context, "row": row})

    return form_view(
        request,
        form,
        lambda data: decide_and_tell(
            request=asked,
            absence_text=data.get("absence_text", ""),
            absence_readers=data.get("absence_readers", ()),
            by=user,
            how=data["how"],
            parts=form.chosen_parts(),
            reason=data["reason"],
            views_through=data["views_through"],
            arrives_at=at(day, data["arrives"]) if data["arrives"] else None,
            risks_seen=[int(pk) for pk in data["risks_seen"].split() if pk.isdigit()],
            told_text=data.get("told_text", ""),
            answer_text=data.get("answer_text", ""),
            now=timezone.now(),
        ),
        renamed={"arrives_at": "arrives"},
        success_url=reverse("conferences:people", args=[conference.pk]),
        success_message=_what_follows,
        cancel_url=reverse("conferences:people", args=[conference.pk]),
        template_name="conferences/decide_attendance.html",
        draw=draw,
        asked=asked,
        risks=risks,
    )


def _what_follows(decided: ExclusionRequest) -> str:
    if decided.how == HowToAttend.NOT_AT_ALL:
        if decided.told_text:
            return "Your decision is recorded. The person is told in your words, and gets nothing else."
        return "Your decision is recorded. Nothing will be sent to this person."
    return "Your decision is recorded. The coordinator will send what is needed."
