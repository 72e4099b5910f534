"""Who comes: the list, adding somebody, checking and sending the invitations, one person, requests to the chair."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import drafts
from conferences.access import access_conference
from conferences.enums import Capacity, HowToAttend, RequestGround, Standing
from conferences.forms import (
    AddParticipantForm,
    AskChairForm,
    DecideRequestForm,
    PeopleForm,
    ReplyForm,
    at,
    initial_of,
)
from conferences.frame import Frame, frame
from conferences.models import Conference, ExclusionRequest, Participant
from conferences.selectors.children import children_in
from conferences.selectors.people import PersonRow, grouped, participants_of, person_rows, quorum_forecast
from conferences.selectors.proposing import Proposals, proposals_for
from conferences.selectors.risks import risks_of
from conferences.services.exclusions import decide_request, open_request
from conferences.services.invitations import (
    add_participant,
    change_list,
    propose_participants,
    record_reply,
    send_invitations,
    to_be_sent,
)
from conferences.services.sending import letter
from deadlines.arithmetic import civil_day
from families.models import Person, Post
from families.selectors import members_of
from families.views.parts import signed_in
from govuk import words


def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is asked to the conference, where each stands and what they answered."""
    conference = access_conference(request, pk)
    today = timezone.localdate()
    around = frame(conference, user=signed_in(request), tab="people", today=today)
    participants = list(participants_of(conference))
    rows = _rows(around["frame"], participants)
    context = {
        **around,
        "groups": grouped(rows),
        "waiting": [row for row in rows if row.open_request],
        "to_send": [row for row in rows if row.participant.standing == Standing.TO_INVITE],
        "not_settled": [row for row in rows if row.participant.standing == Standing.PROPOSED],
        "invited": sum(row.participant.standing == Standing.INVITED for row in rows),
        "forecast": quorum_forecast(conference, participants),
    }
    return render(request, "conferences/people.html", context)


def change_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick who is asked, each with the reason beside them; then check the invitations."""
    conference = access_conference(request, pk, to="arrange")
    now, today = timezone.now(), timezone.localdate()
    around = frame(conference, user=signed_in(request), tab="people", today=today)
    participants = list(participants_of(conference))
    form = PeopleForm(request.POST or None, participants=participants, sitting=around["frame"].sitting)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: change_list(conference=conference, changes=form.changes(), by=signed_in(request), now=now)
        )
    ):
        return redirect("conferences:check-invitations", conference.pk)
    proposals = proposals_for(conference, on=today)
    rows = [
        PersonRow(**{**vars(row), "fields": form.row_fields(row.participant)})
        for row in _rows(around["frame"], participants)
    ]
    context = {
        **around,
        "form": form,
        "groups": grouped(rows, _not_on_list(proposals, participants)),
        "missing": proposals.missing,
        "forecast": quorum_forecast(conference, participants, if_all_come=True),
        "asked": sum(row.is_asked for row in rows),
    }
    return render(request, "conferences/change_people.html", context)


def _rows(around: Frame, participants: list[Participant]) -> list[PersonRow]:
    return person_rows(participants, children=around.children, sitting=around.sitting, on=around.today)


def _not_on_list(proposals: Proposals, participants: list[Participant]) -> list[Any]:
    """Everybody known around the children who is not on the list, ticked or not when it was made."""
    known = {(row.person_id, row.post_id, row.capacity) for row in participants}
    return [proposal for proposal in proposals.people if proposal.key not in known]


def look_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose anew: somebody who was recorded since the list was made."""
    conference = access_conference(request, pk, to="arrange")
    if request.method != "POST":
        raise Http404
    made = propose_participants(conference=conference, by=signed_in(request), now=timezone.now())
    found = words.count(len(made), "person is", "people are") if made else "Nobody is"
    messages.success(request, f"{found} new on the list.")
    return redirect("conferences:change-list", conference.pk)


def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Put somebody on the list whom nobody proposed, with the reason."""
    conference = access_conference(request, pk, to="arrange")
    today = timezone.localdate()
    persons = Person.objects.filter(
        pk__in=[
            *members_of(conference.family, on=today).values_list("pk", flat=True),
            *(proposal.person.pk for proposal in proposals_for(conference, on=today).people),
        ]
    )
    form = drafts.kept_form(
        request,
        AddParticipantForm,
        posts=Post.objects.current(on=today)
        .filter(agency__authority=conference.authority)
        .select_related("person", "agency")
        .order_by("agency__kind", "agency__name", "pk"),
        persons=persons,
        children=children_in(conference),
        initial=_initial_person(request, conference),
    )
    if request.method == "POST" and form.is_valid() and form.accepts(lambda: _add(request, conference, form)):
        messages.success(request, "Added to the list. Nothing has been sent yet.")
        return redirect("conferences:change-list", conference.pk)
    context = {
        **frame(conference, user=signed_in(request), tab="people", today=today),
        "form": form,
        "title": "Add somebody",
        "button": "Add to the list",
        "back_url": reverse("conferences:change-list", args=[conference.pk]),
    }
    return render(request, "conferences/form_page.html", context)


def _initial_person(request: HttpRequest, conference: Conference) -> dict[str, Any] | None:
    wanted = request.GET.get("person", "")
    for proposal in proposals_for(conference, on=timezone.localdate()).people if wanted else ():
        if str(proposal.person.pk) == wanted:
            return initial_of(proposal)
    return None


@transaction.atomic
def _add(request: HttpRequest, conference: Conference, form: AddParticipantForm) -> Participant:
    data = form.cleaned_data
    post: Post | None = data["post"] if data["who"] == "post" else None
    person: Person | None = post.person if post else data["person"] if data["who"] == "person" else None
    if person is None:
        person = Person(
            authority=conference.authority, given_name=data["given_name"], family_name=data["family_name"]
        )
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
        reason=data["reason"],
        by=signed_in(request),
        now=timezone.now(),
    )


def check_invitations(request: HttpRequest, pk: int) -> HttpResponse:
    """The last look before invitations go: to whom, when each arrives, and who gets nothing."""
    conference = access_conference(request, pk, to="arrange")
    now, today = timezone.now(), timezone.localdate()
    around = frame(conference, user=signed_in(request), tab="people", today=today)
    refusals: list[str] = []
    if request.method == "POST":
        try:
            sent = send_invitations(conference=conference, by=signed_in(request), now=now)
        except ValidationError as refusal:
            refusals = refusal.messages
        else:
            messages.success(request, f"{words.count(len(sent), 'invitation')} sent.")
            return redirect("conferences:people", conference.pk)
    participants = list(participants_of(conference))
    rows = _rows(around["frame"], participants)
    waiting = {row.pk for row in to_be_sent(conference)}
    going = [row for row in rows if row.participant.pk in waiting]
    context = {
        **around,
        "going": going,
        "letters": [
            (row, letter(participant=row.participant, conference=conference, sitting=around["frame"].sitting))
            for row in going[:1]
            if around["frame"].sitting
        ],
        "held": [row for row in rows if row.participant.standing == Standing.AWAITING_CHAIR],
        "out": [row for row in rows if row.participant.standing in (Standing.LEFT_OUT, Standing.KEPT_OUT)],
        "proposed": [row for row in rows if row.participant.standing == Standing.PROPOSED],
        "refusals": refusals,
    }
    return render(request, "conferences/check_invitations.html", context)


def participant(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """One person of the conference: how they take part, what they answered, requests about them."""
    conference = access_conference(request, pk)
    row = _participant(conference, participant_pk)
    user, today = signed_in(request), timezone.localdate()
    around = frame(conference, user=user, tab="people", today=today)
    form = ReplyForm(request.POST or None, initial={"reply": row.reply})
    if request.method == "POST":
        access_conference(request, pk, to="record" if around["frame"].may.record else "arrange")
        if form.is_valid() and form.accepts(
            lambda: record_reply(
                participant=row, reply=form.cleaned_data["reply"], by=user, now=timezone.now()
            )
        ):
            messages.success(request, "The answer is recorded.")
            return redirect("conferences:people", conference.pk)
    shown = _rows(around["frame"], [row])[0]
    sitting = around["frame"].sitting
    context = {
        **around,
        "row": shown,
        "form": form,
        "requests": row.exclusion_requests.all(),
        "letter": letter(participant=row, conference=conference, sitting=sitting)
        if sitting and row.standing == Standing.INVITED
        else "",
    }
    return render(request, "conferences/participant.html", context)


def _participant(conference: Conference, pk: int) -> Participant:
    row = (
        participants_of(conference)
        .filter(pk=pk)
        .prefetch_related("exclusion_requests__asked_by", "exclusion_requests__decided_by")
        .first()
    )
    if row is None:
        raise Http404
    return row


def ask_chair(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Ask the chair to keep somebody out, or to let them attend differently."""
    conference = access_conference(request, pk)
    row = _participant(conference, participant_pk)
    if row.capacity in (Capacity.CHAIR, Capacity.COORDINATOR):
        raise Http404
    today = timezone.localdate()
    form = drafts.kept_form(
        request, AskChairForm, persons=members_of(conference.family, on=today).exclude(pk=row.person_id)
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: open_request(
                participant=row,
                ground=RequestGround.ASKED,
                reason=form.cleaned_data["reason"],
                asked_for=form.cleaned_data["asked_for"],
                by=signed_in(request),
                now=timezone.now(),
            )
        )
    ):
        messages.success(
            request, "The chair has been told. Nothing goes to this person until the chair decides."
        )
        return redirect("conferences:people", conference.pk)
    context = {
        **frame(conference, user=signed_in(request), tab="people", today=today),
        "form": form,
        "title": f"Ask the chair about {row.person.full_name}",
        "lead": "From the moment you send this nothing goes to this person, and what has not left is held back, "
        "until the chair has decided. Anybody in the family may ask, at any time, also on the day.",
        "button": "Send to the chair",
        "back_url": reverse("conferences:people", args=[conference.pk]),
    }
    return render(request, "conferences/form_page.html", context)


def decide_attendance(request: HttpRequest, pk: int, request_pk: int) -> HttpResponse:
    """The chair decides whether and how somebody takes part, and says why."""
    conference = access_conference(request, pk, to="chair")
    asked = (
        ExclusionRequest.objects.filter(pk=request_pk, conference=conference)
        .select_related("participant__person", "asked_by", "asked_for", "decided_by")
        .first()
    )
    if asked is None:
        raise Http404
    user, today = signed_in(request), timezone.localdate()
    around = frame(conference, user=user, tab="people", today=today)
    sitting = around["frame"].sitting
    others = conference.participants.exclude(person=asked.participant.person).exclude(
        standing__in=[Standing.LEFT_OUT, Standing.KEPT_OUT, Standing.WITHDRAWN, Standing.AWAITING_CHAIR]
    )
    risks = risks_of([asked.participant], on=today).get(asked.participant.person_id, [])
    form = drafts.kept_form(
        request,
        DecideRequestForm,
        others=others.select_related("person").order_by("pk"),
        initial={"risks_seen": " ".join(str(risk.pk) for risk in risks)},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        day = civil_day(sitting.starts_at) if sitting else today
        if form.accepts(
            lambda: decide_request(
                request=asked,
                by=user,
                how=data["how"],
                reason=data["reason"],
                views_through=data["views_through"],
                arrives_at=at(day, data["arrives"]) if data["arrives"] else None,
                risks_seen=[int(pk) for pk in data["risks_seen"].split() if pk.isdigit()],
                now=timezone.now(),
            )
        ):
            kept_out = data["how"] == HowToAttend.NOT_AT_ALL
            messages.success(
                request,
                "Your decision is recorded. "
                + (
                    "Nothing goes to this person."
                    if kept_out
                    else "The coordinator sends what follows from it."
                ),
            )
            return redirect("conferences:people", conference.pk)
    context = {
        **around,
        "form": form,
        "asked": asked,
        "risks": risks,
        "row": _rows(around["frame"], [_participant(conference, asked.participant_id)])[0],
    }
    return render(request, "conferences/decide_attendance.html", context)
