"""Those who have to be told by post, by telephone or in person: the list, and who told whom, when and how."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from conferences.enums import TellingOutcome
from conferences.forms.telling import TellingForm, WrongEntryForm
from conferences.models import Conference, Telling, ToTell
from conferences.selectors.people import participants_of, person_rows
from conferences.selectors.telling import list_of_those_to_tell, no_longer_to_tell, not_told_of_plans, tellings_in
from conferences.services.telling import record_telling, send_by_email_instead, take_back_telling
from conferences.views.page_context import ConferencePage, on_page_of, page_context
from govuk.generic import form_view


def to_tell(request: HttpRequest, pk: int) -> HttpResponse:
    """List who has to be told what, in which words and how it is safe, and who told whom so far."""
    conference = access_conference(request, pk, to="arrange")
    today = timezone.localdate()
    context = page_context(conference, user=user_of(request), tab="people", today=today)
    around: ConferencePage = context["conference_page"]
    rows = list_of_those_to_tell(conference, on=today)
    people = participants_of(conference).filter(pk__in={row.participant.pk for row in rows})
    roles = {
        row.participant.pk: row.role
        for row in person_rows(people, children=around.children, sitting=around.sitting, on=today)
    }
    context |= {"rows": [(row, roles.get(row.participant.pk, "")) for row in rows], "tellings": _entries(conference)}
    context["no_longer"] = no_longer_to_tell(conference)
    context["not_told"] = not_told_of_plans(conference)
    return render(request, "conferences/to_tell.html", context)


def tell(request: HttpRequest, pk: int, to_tell_pk: int) -> HttpResponse:
    """Say who told someone, when and how, or that they could not be reached."""
    conference = access_conference(request, pk, to="arrange")
    today, now = timezone.localdate(), timezone.now()
    row = _to_tell(conference, to_tell_pk)
    shown = next((one for one in list_of_those_to_tell(conference, on=today) if one.to_tell.pk == row.pk), None)
    if row.told_at is not None and request.method != "POST":
        raise Http404
    back = reverse("conferences:to-tell", args=[conference.pk])
    return form_view(
        request,
        kept_form(request, TellingForm, initial={"at": timezone.localtime(now)}),
        lambda data: record_telling(to_tell=row, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message=_what_follows,
        cancel_url=back,
        template_name="conferences/tell.html",
        draw=on_page_of(conference, tab="people"),
        row=None if shown is None or shown.waits else shown,
        to_tell=row,
    )


@require_POST
def send_by_email(request: HttpRequest, pk: int, to_tell_pk: int) -> HttpResponse:
    """Let an e-mail say it instead, to someone who has a safe address by now."""
    conference = access_conference(request, pk, to="arrange")
    row = _to_tell(conference, to_tell_pk)
    try:
        send_by_email_instead(to_tell=row, now=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "An e-mail is on the way to them. Where it does not leave, they are here again.")
    return redirect("conferences:to-tell", conference.pk)


def take_back(request: HttpRequest, pk: int, to_tell_pk: int, telling_pk: int) -> HttpResponse:
    """Take back a wrong entry, with the reason."""
    conference = access_conference(request, pk, to="arrange")
    telling = tellings_in(conference).filter(pk=telling_pk, to_tell=to_tell_pk, taken_back_at=None).first()
    if telling is None:
        raise Http404
    back = reverse("conferences:to-tell", args=[conference.pk])
    return form_view(
        request,
        kept_form(request, WrongEntryForm),
        lambda data: take_back_telling(telling=telling, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="The entry is taken back. It stays in the record, with your reason.",
        cancel_url=back,
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="people"),
        title=f"Take back what is recorded about {telling.to_tell.participant.person.full_name}",
        lead="Where they were not told after all, they have to be told again, and stand as invited only then.",
    )


def _entries(conference: Conference) -> list[tuple[Telling, str]]:
    """Return each entry with the address of the page that takes it back."""
    return [
        (entry, reverse("conferences:take-back-telling", args=[conference.pk, entry.to_tell_id, entry.pk]))
        for entry in tellings_in(conference)
    ]


def _to_tell(conference: Conference, pk: int) -> ToTell:
    row: ToTell | None = conference.to_tell.select_related("participant__person").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _what_follows(entry: Telling) -> str:
    if entry.outcome == TellingOutcome.NOT_REACHED:
        return "What was tried is recorded. They still have to be told."
    return "It is recorded that they were told."
