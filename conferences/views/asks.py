"""For staff: answers to what the family asked for, who is told that someone stays away, paper only, and feedback."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import record_read, require_roles, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import Role
from conferences.access import UPCOMING, access_conference
from conferences.agreed_by import KEEPS_OUT, named_rule
from conferences.enums import AFTERWARDS, ConferenceStatus, HowToAttend, Need
from conferences.forms.asks import AnswerGuestForm, EndPaperOnlyForm, PaperOnlyForm, TellAbsenceForm, WriteDownForm
from conferences.models import AnswerToGuest, Conference, ExclusionRequest, Participant, SaidByGuest
from conferences.selectors.absences import may_read_of
from conferences.selectors.feedback import feedback_of
from conferences.selectors.paper_only import choice_of
from conferences.services.absences import tell_absence
from conferences.services.answering_guests import answer_guest, reads_own_page
from conferences.services.guest_answers import ask_as_guest
from conferences.services.paper_only import choose_paper_only, end_paper_only
from conferences.views.page_context import on_page_of
from govuk.generic import form_view


def answer(request: HttpRequest, pk: int, said_pk: int) -> HttpResponse:
    """Answer what someone asked for on their own page; they read it there."""
    conference = access_conference(request, pk, to="correct")
    said = (
        SaidByGuest.objects.filter(pk=said_pk, participant__conference=conference, reply="")
        .select_related("participant__person", "participant__conference__authority")
        .first()
    )
    decides = named_rule(KEEPS_OUT).right_of(user_of(request), conference) is not None
    if said is None or (said.is_only_for_chair and not decides):
        raise Http404
    current = said.answers.filter(superseded_at__isnull=True).select_related("answered_by").first()
    person = _person(conference, said.participant_id)
    return form_view(
        request,
        kept_form(request, AnswerGuestForm, initial={"text": current.text if current else ""}),
        lambda data: answer_guest(said=said, text=data["text"], by=user_of(request), now=timezone.now()),
        success_url=person,
        success_message=_what_follows,
        cancel_url=person,
        template_name="conferences/answer_guest.html",
        draw=on_page_of(conference, tab="people"),
        said=said,
        hides_text=said.is_for_chair and not decides,
        needs=[need for need in said.needs_words if decides or need != Need.APART.label],
        current=current,
    )


def write_down(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Write down, as theirs, what someone invited says by telephone, on paper or in person."""
    conference = access_conference(request, pk, to="correct")
    row = (
        Participant.objects.filter(pk=participant_pk, conference=conference)
        .select_related("person", "conference__authority", "conference__family", "conference__coordinator")
        .first()
    )
    if row is None or not row.is_invited_from_outside or conference.status == ConferenceStatus.CANCELLED:
        raise Http404
    is_over = conference.status not in UPCOMING
    person = _person(conference, row.pk)
    return form_view(
        request,
        kept_form(request, WriteDownForm, needs=AFTERWARDS if is_over else Need),
        lambda data: ask_as_guest(participant=row, by=user_of(request), now=timezone.now(), **data),
        success_url=person,
        success_message="It is written down as theirs. It waits for an answer, with whoever has to give it.",
        cancel_url=person,
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="people"),
        title=f"Write down what {row.person.full_name} says",
        lead="By telephone, on paper or in person. It counts as if they had sent it from their own page: whoever they "
        "do not want to be in a room with is held back at once.",
    )


def _what_follows(given: AnswerToGuest) -> str:
    if reads_own_page(given.said, now=timezone.now()):
        return "Your answer stands on their page, and an e-mail tells them that it is there."
    return "Your answer is recorded. They can’t open their page now: ring them, or write to them."


def _person(conference: Conference, participant_pk: int) -> str:
    return reverse("conferences:participant", args=[conference.pk, participant_pk])


def absence(request: HttpRequest, pk: int, request_pk: int) -> HttpResponse:
    """Say who in the family reads that a person will not be there, or is apart, and in which words."""
    conference = access_conference(request, pk, to=named_rule(KEEPS_OUT))
    asked = (
        ExclusionRequest.objects.filter(pk=request_pk, conference=conference, decided_at__isnull=False)
        .exclude(how=HowToAttend.WHOLE)
        .select_related("participant__person", "conference__authority")
        .first()
    )
    if asked is None:
        raise Http404
    standing = list(asked.absences_told.filter(ended_at__isnull=True))
    initial = {
        "absence_text": standing[0].text if standing else "",
        "absence_readers": [row.reader_id for row in standing],
    }
    person = _person(conference, asked.participant_id)
    return form_view(
        request,
        kept_form(request, TellAbsenceForm, readers=may_read_of(asked), initial=initial),
        lambda data: tell_absence(
            request=asked,
            text=data["absence_text"],
            readers=data["absence_readers"],
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=person,
        success_message="Saved. They read it on their own page.",
        cancel_url=person,
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="people"),
        title=f"Who is told about {asked.participant.person.full_name}?",
        lead="Each of them reads this sentence on their own page, and nobody else does. It never says who asked.",
    )


def paper_only(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Record that someone of the family wants everything on paper, or that they want to be written to online again."""
    conference = access_conference(request, pk, to="arrange")
    row = (
        Participant.objects.filter(pk=participant_pk, conference=conference)
        .select_related("person", "conference__authority", "conference__family")
        .first()
    )
    if row is None or not row.is_family:
        raise Http404
    choice, person = choice_of(row.person_id), _person(conference, row.pk)
    if choice is not None:
        return form_view(
            request,
            kept_form(request, EndPaperOnlyForm),
            lambda data: end_paper_only(choice=choice, by=user_of(request), now=timezone.now(), **data),
            success_url=person,
            success_message="They may be written to online again. Enter their e-mail address on the list.",
            cancel_url=person,
            template_name="conferences/form_page.html",
            draw=on_page_of(conference, tab="people"),
            title=f"Write to {row.person.full_name} online again?",
            lead="They asked for everything on paper. No e-mail and no link goes to them until you change this.",
        )
    return form_view(
        request,
        kept_form(request, PaperOnlyForm),
        lambda _: choose_paper_only(participant=row, by=user_of(request), now=timezone.now()),
        success_url=person,
        success_message="From now on everything goes on paper. Their letters are in the list of whom to tell.",
        cancel_url=person,
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="people"),
        title=f"Paper only for {row.person.full_name}?",
        lead="Their links are closed, their e-mail address is taken off the list, and no e-mail goes to them. "
        "What they are due is asked for by post or by hand.",
    )


@require_safe
def family_feedback(request: HttpRequest) -> HttpResponse:
    """Show what families thought of the council's meetings, as a whole."""
    user = require_roles(request, Role.SERVICE_MANAGER)
    ids = list(user.authority_ids(Role.SERVICE_MANAGER))
    record_read(request, page="conferences:family-feedback", subject="Authority", subject_id=ids[0])
    return render(request, "conferences/family_feedback.html", {"feedback": feedback_of(ids)})
