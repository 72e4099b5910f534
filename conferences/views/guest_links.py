"""Staff pages about one person's link, and the deputy who comes in their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.models import User
from conferences.access import access_conference, may
from conferences.enums import Capacity, DeputyState
from conferences.forms.guests import ConfirmDeputyForm, NameKnownDeputyForm
from conferences.guest_access import may_send_deputy
from conferences.models import Conference, Deputy, Participant
from conferences.selectors.devices import device_of, why_no_own_link
from conferences.selectors.guests import link_state, sees_who_comes
from conferences.selectors.places_of_work import is_confidential
from conferences.services.deputies import confirm_deputy, name_deputy, refuse_deputy, take_back_deputy
from conferences.services.new_links import close_guest_link, send_new_link, show_list, stop_showing_list
from conferences.views.page_context import on_page_of, page_context
from families.selectors import Worker, posts_in_directory
from families.selectors.agency_names import confidential_agencies
from govuk.forms import GovukForm, ReasonForm
from govuk.generic import form_view


def guest_link(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Show where a person's link went, whether it was opened, why it is closed; and any deputy."""
    conference = access_conference(request, pk)
    row = _participant(conference, participant_pk)
    context = {
        **page_context(conference, user=user_of(request), tab="people", today=timezone.localdate()),
        "row": row,
        "state": link_state(row, now=timezone.now()),
        "is_child": row.capacity == Capacity.CHILD,
        "device": device_of(row) if row.capacity == Capacity.CHILD else None,
        "no_own_link": why_no_own_link(row),
        "sees_who_comes": sees_who_comes(row),
        "list_shown": row.list_shown.select_related("shown_by").filter(ended_at__isnull=True).first(),
        "deputies": row.deputies.select_related("named_by", "settled_by", "ended_by", "comes_as"),
        "can_have_deputy": may_send_deputy(row),
        "comes_for": Deputy.objects.filter(comes_as=row).select_related("participant__person").first(),
    }
    return render(request, "conferences/guest_link.html", context)


def close_link(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Revoke a person's link and end its session."""
    conference, row = _arranging(request, pk, participant_pk)
    return _form_view(
        request,
        conference,
        row,
        _why(request, "Close the link"),
        lambda data: close_guest_link(participant=row, by=user_of(request), now=timezone.now(), **data),
        title="Close this link",
        lead="If they are on the page now, they will be out at their next step. They are still invited.",
        success_message="The link is closed.",
    )


def new_link(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Send a person a new link, revoking the old one."""
    conference, row = _arranging(request, pk, participant_pk)
    return _form_view(
        request,
        conference,
        row,
        _why(request, "Send a new link"),
        lambda data: send_new_link(participant=row, by=user_of(request), now=timezone.now(), **data),
        title="Send a new link",
        lead=f"It goes to {_address(row)}. The old link closes." if row.email else "Nothing can be sent.",
        success_message="A new link is on its way. The old one is closed.",
    )


@require_POST
def show_people(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Show a person who else is coming, or stop showing it, as the chair."""
    conference = access_conference(request, pk, to="chair")
    row = _participant(conference, participant_pk)
    shows = request.POST.get("show") == "yes"
    change = show_list if shows else stop_showing_list
    change(participant=row, by=user_of(request), now=timezone.now())
    messages.success(
        request, "They can now see who else is coming." if shows else "They can no longer see who else is coming."
    )
    return redirect("conferences:guest-link", conference.pk, row.pk)


def add_deputy(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Name a professional's deputy on their behalf."""
    conference, row = _arranging(request, pk, participant_pk)
    if row.agency is None:
        raise Http404
    form = kept_form(request, NameKnownDeputyForm, agency=row.agency, **_colleagues(row))
    return _form_view(
        request,
        conference,
        row,
        form,
        lambda _: _name(row, form, by=user_of(request)),
        title="Name a deputy",
        lead="Nothing goes to the deputy until you have checked who they are.",
        success_message="Named. Now check who they are. Nothing is sent until you do.",
    )


def settle_deputy(request: HttpRequest, pk: int, participant_pk: int, deputy_pk: int) -> HttpResponse:
    """Confirm who a deputy is, and let them in with a link of their own."""
    conference, row = _arranging(request, pk, participant_pk)
    deputy = _deputy(row, deputy_pk, DeputyState.NAMED)
    form = kept_form(request, ConfirmDeputyForm, deputy=deputy, **_colleagues(row))
    return _form_view(
        request,
        conference,
        row,
        form,
        lambda data: confirm_deputy(
            deputy=deputy,
            how_confirmed=data["how_confirmed"],
            same_as=form.same_as,
            use=form.use,
            by=user_of(request),
            now=timezone.now(),
        ),
        title="Check who the deputy is",
        lead=f"{deputy.full_name}, {deputy.title}, {deputy.email}, in place of {row.person.full_name}.",
        success_message="Confirmed. The deputy will get an invitation with their own link.",
    )


def end_deputy(request: HttpRequest, pk: int, participant_pk: int, deputy_pk: int) -> HttpResponse:
    """Refuse a named deputy, or withdraw a confirmed one."""
    conference, row = _arranging(request, pk, participant_pk)
    deputy = _deputy(row, deputy_pk, DeputyState.NAMED, DeputyState.CONFIRMED)
    end = refuse_deputy if deputy.state == DeputyState.NAMED else take_back_deputy
    return _form_view(
        request,
        conference,
        row,
        _why(request, "Withdraw the deputy"),
        lambda data: end(deputy=deputy, by=user_of(request), now=timezone.now(), **data),
        title="Refuse this deputy",
        lead=f"{deputy.full_name} will not come in place of {row.person.full_name}. Their link is closed.",
        success_message="Recorded. Nothing more will be sent to this deputy.",
    )


def _name(row: Participant, form: NameKnownDeputyForm, *, by: User) -> Deputy:
    who = form.named()
    return name_deputy(
        participant=row,
        given_name=who["given_name"],
        family_name=who["family_name"],
        title=who["title"],
        email=who["email"],
        by=by,
        now=timezone.now(),
    )


def _colleagues(row: Participant) -> dict[str, Any]:
    """Return whom a form about a deputy offers: those of the professional's agency, but not the professional."""
    family, today = row.conference.family, timezone.localdate()
    posts = posts_in_directory(row.conference.authority, on=today, family=family).exclude(person=row.person_id)
    hidden = confidential_agencies(family.pk)
    workers = [Worker(post=post, hidden=hidden) for post in posts.filter(agency=row.agency)]
    return {"posts": posts, "workers": workers, "family_id": family.pk}


def _address(row: Participant) -> str:
    return "their confidential e-mail address" if is_confidential(row) else row.email


def _why(request: HttpRequest, button: str) -> ReasonForm:
    return kept_form(request, ReasonForm, field="because", required="Say why", max_length=250, button=button)


def _arranging(request: HttpRequest, pk: int, participant_pk: int) -> tuple[Conference, Participant]:
    """Return the conference for those who arrange it, or its chair, who can revoke a link at any time."""
    conference = access_conference(request, pk)
    to = "record" if may(user_of(request), conference, to="record") else "arrange"
    conference = access_conference(request, pk, to=to)  # type: ignore[arg-type]
    return conference, _participant(conference, participant_pk)


def _participant(conference: Conference, pk: int) -> Participant:
    rows = conference.participants.select_related(
        "conference__authority", "conference__family", "person", "post", "agency"
    )
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


def _form_view(
    request: HttpRequest,
    conference: Conference,
    row: Participant,
    form: GovukForm,
    save: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    lead: str,
    success_message: str,
) -> HttpResponse:
    back = reverse("conferences:guest-link", args=[conference.pk, row.pk])
    return form_view(
        request,
        form,
        save,
        success_url=back,
        success_message=success_message,
        cancel_url=back,
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="people"),
        title=f"{title}: {row.person.full_name}",
        lead=lead,
    )
