"""What staff see and do about one person's link, and about the deputy who comes in their place."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from conferences.access import access_conference, may
from conferences.enums import DeputyState
from conferences.forms.guests import ConfirmDeputyForm, NameDeputyForm, ReasonForm
from conferences.frame import frame
from conferences.guest_access import may_send_deputy
from conferences.models import Conference, Deputy, Participant
from conferences.selectors.guests import link_state, sees_who_comes
from conferences.services.deputies import confirm_deputy, name_deputy, refuse_deputy, take_back_deputy
from conferences.services.new_links import close_guest_link, send_new_link, show_list, stop_showing_list
from families.views.parts import signed_in


def guest_link(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Where somebody's link went, whether it was opened, why it is closed; who comes in their place."""
    conference = access_conference(request, pk)
    row = _participant(conference, participant_pk)
    context = {
        **frame(conference, user=signed_in(request), tab="people", today=timezone.localdate()),
        "row": row,
        "state": link_state(row, now=timezone.now()),
        "sees_who_comes": sees_who_comes(row),
        "list_shown": row.list_shown.select_related("shown_by").filter(ended_at__isnull=True).first(),
        "deputies": row.deputies.select_related("named_by", "settled_by", "ended_by", "comes_as"),
        "can_have_deputy": may_send_deputy(row),
        "comes_for": Deputy.objects.filter(comes_as=row).select_related("participant__person").first(),
    }
    return render(request, "conferences/guest_link.html", context)


def close_link(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Close somebody's link; whoever is inside is out."""
    conference, row = _arranging(request, pk, participant_pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if _accepts(
        request,
        form,
        lambda data: close_guest_link(participant=row, by=signed_in(request), now=timezone.now(), **data),
    ):
        messages.success(request, "The link is closed.")
        return _back(conference, row)
    lead = "Whoever is on the page now is out with their next step. The invitation itself stands."
    return _form_page(request, conference, row, form, "Close this link", "Close the link", lead)


def new_link(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Send somebody a new link; the one before is closed."""
    conference, row = _arranging(request, pk, participant_pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if _accepts(
        request,
        form,
        lambda data: send_new_link(participant=row, by=signed_in(request), now=timezone.now(), **data),
    ):
        messages.success(request, "A new link is on its way. The one before is closed.")
        return _back(conference, row)
    lead = f"It goes to {row.email}. The link before is closed." if row.email else "Nothing can be sent."
    return _form_page(request, conference, row, form, "Send a new link", "Send a new link", lead)


@require_POST
def show_people(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """The chair shows somebody who else comes, or takes that back."""
    conference = access_conference(request, pk, to="chair")
    row = _participant(conference, participant_pk)
    shows = request.POST.get("show") == "yes"
    change = show_list if shows else stop_showing_list
    change(participant=row, by=signed_in(request), now=timezone.now())
    messages.success(request, "They see who else comes." if shows else "They no longer see who else comes.")
    return _back(conference, row)


def add_deputy(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Name who comes in a professional's place, for somebody who said so another way."""
    conference, row = _arranging(request, pk, participant_pk)
    form = NameDeputyForm(request.POST if request.method == "POST" else None)
    if _accepts(
        request,
        form,
        lambda data: name_deputy(participant=row, by=signed_in(request), now=timezone.now(), **data),
    ):
        messages.success(request, "Named. Make sure who it is; nothing is sent before.")
        return _back(conference, row)
    lead = "Nothing goes to the deputy before you have made sure who it is."
    return _form_page(request, conference, row, form, "Name a deputy", "Name the deputy", lead)


def settle_deputy(request: HttpRequest, pk: int, participant_pk: int, deputy_pk: int) -> HttpResponse:
    """Make sure who a deputy is, and let them in with a link of their own."""
    conference, row = _arranging(request, pk, participant_pk)
    deputy = _deputy(row, deputy_pk, DeputyState.NAMED)
    form = ConfirmDeputyForm(request.POST if request.method == "POST" else None)
    if _accepts(
        request,
        form,
        lambda data: confirm_deputy(deputy=deputy, by=signed_in(request), now=timezone.now(), **data),
    ):
        messages.success(request, "Confirmed. The deputy gets an invitation with a link of their own.")
        return _back(conference, row)
    lead = f"{deputy.full_name}, {deputy.title}, {deputy.email}, in place of {row.person.full_name}."
    return _form_page(
        request, conference, row, form, "Make sure of the deputy", "Confirm and send the link", lead
    )


def end_deputy(request: HttpRequest, pk: int, participant_pk: int, deputy_pk: int) -> HttpResponse:
    """Refuse a deputy who was named, or take back one who was confirmed."""
    conference, row = _arranging(request, pk, participant_pk)
    deputy = _deputy(row, deputy_pk, DeputyState.NAMED, DeputyState.CONFIRMED)
    end = refuse_deputy if deputy.state == DeputyState.NAMED else take_back_deputy
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if _accepts(
        request,
        form,
        lambda data: end(deputy=deputy, by=signed_in(request), now=timezone.now(), **data),
    ):
        messages.success(request, "Recorded. Nothing more goes to this deputy.")
        return _back(conference, row)
    lead = f"{deputy.full_name} does not come in place of {row.person.full_name}. Their link is closed."
    return _form_page(request, conference, row, form, "Not this deputy", "Take the deputy back", lead)


def _arranging(request: HttpRequest, pk: int, participant_pk: int) -> tuple[Conference, Participant]:
    """The conference for those who arrange it, or its chair, who can close a link at any time."""
    conference = access_conference(request, pk)
    to = "record" if may(signed_in(request), conference, to="record") else "arrange"
    conference = access_conference(request, pk, to=to)  # type: ignore[arg-type]
    return conference, _participant(conference, participant_pk)


def _participant(conference: Conference, pk: int) -> Participant:
    rows = conference.participants.select_related("conference__authority", "person", "post", "agency")
    row: Participant | None = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _deputy(participant: Participant, pk: int, *states: DeputyState) -> Deputy:
    deputy = participant.deputies.filter(pk=pk, state__in=states).first()
    if deputy is None:
        raise Http404
    deputy.participant = participant
    return deputy


def _accepts(request: HttpRequest, form: Any, act: Any) -> bool:
    return bool(request.method == "POST" and form.is_valid() and form.accepts(lambda: act(form.cleaned_data)))


def _back(conference: Conference, row: Participant) -> HttpResponse:
    return redirect("conferences:guest-link", conference.pk, row.pk)


def _form_page(
    request: HttpRequest,
    conference: Conference,
    row: Participant,
    form: BaseForm,
    title: str,
    button: str,
    lead: str,
) -> HttpResponse:
    context = {
        **frame(conference, user=signed_in(request), tab="people", today=timezone.localdate()),
        "form": form,
        "title": f"{title}: {row.person.full_name}",
        "lead": lead,
        "button": button,
        "back_url": reverse("conferences:guest-link", args=[conference.pk, row.pk]),
    }
    return render(request, "conferences/form_page.html", context)
