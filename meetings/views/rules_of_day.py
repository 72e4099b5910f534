"""Views of the rules of the day: what is read out, breaks, and who agrees to an observer."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.selectors.procedures import policy_of_conference
from conferences.services.guards import EditedMeanwhile
from govuk.generic import form_view
from meetings.enums import Statement
from meetings.forms.rules_of_day import ObserverForm
from meetings.selectors.rules_of_day import about_observers, statements_of, statements_read_in
from meetings.services.rules_of_day import begin_break, end_break, record_answers_about, record_statements_read
from meetings.views.meeting import (
    draw,
    during_the_day,
    meeting,
    on_the_day,
    refuse_when_over,
    tells_refusal,
    who_changed,
)


@during_the_day
def statements(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is read out in each part, in the council's words, and record that it was."""
    posted = request.method == "POST"
    found = meeting(request, pk, to="record" if posted else "read")
    part = found.part_now
    if posted:
        refuse_when_over(found)
        if part is not None:
            tells_refusal(request, lambda: record_statements_read(part=part, by=user_of(request), now=timezone.now()))
        return redirect("meetings:statements", pk)
    words = statements_of(policy_of_conference(found.conference))
    read = statements_read_in(found.parts)
    return draw(
        request,
        found,
        "meetings/statements.html",
        step="agenda",
        statements=[(key.label, words[key]) for key in Statement],
        parts=[(row, read[row.pk]) for row in found.parts],
        part=part,
        is_read=bool(part and read[part.pk]),
    )


@require_POST
@during_the_day
def call_break(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a break; for the chair."""
    found = meeting(request, pk, to="chair")
    reason = request.POST.get("reason", "")
    tells_refusal(
        request,
        lambda: begin_break(conference=found.conference, reason=reason, by=user_of(request), now=timezone.now()),
    )
    return redirect("meetings:day", pk)


@require_POST
@during_the_day
def go_on_after_break(request: HttpRequest, pk: int) -> HttpResponse:
    """End the break."""
    found = meeting(request, pk, to="record")
    tells_refusal(request, lambda: end_break(conference=found.conference, by=user_of(request), now=timezone.now()))
    return redirect("meetings:day", pk)


@during_the_day
def ask_about_observer(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Record whether each of the family agrees to an observer."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    about = about_observers(found.attendees).get(participant_pk)
    if about is None:
        raise Http404
    form = kept_form(request, ObserverForm, about=about)

    def save(_: object) -> None:
        try:
            record_answers_about(
                observer=about.observer, answers=form.answers(), by=user_of(request), now=timezone.now()
            )
        except EditedMeanwhile as refusal:
            raise ValidationError(
                f"{who_changed(refusal.current)[0]} has just recorded an answer. Open this page again and read it."
            ) from None

    people = reverse("meetings:attendance", args=[pk])
    return form_view(
        request,
        form,
        save,
        success_url=f"{people}#person-{participant_pk}",
        cancel_url=people,
        template_name="meetings/ask_about_observer.html",
        draw=on_the_day(found, step="people"),
        about=about,
    )
