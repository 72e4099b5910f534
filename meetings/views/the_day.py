"""Views of the meeting as a whole: opening, agenda and parts, adjourning."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.enums import Role
from conferences.access import may
from conferences.forms import NextSittingForm, initial_booking
from conferences.models import Sitting
from conferences.selectors.children import short_name_of
from conferences.selectors.lateness import last_day_of
from conferences.selectors.procedures import policy_of_conference
from conferences.selectors.windows import holders, rooms_of
from conferences.services.booking import booked_for, check_next_sitting
from conferences.services.scheduling import book_next_sitting
from conferences.views.checking import look_first, what_changes
from deadlines.policies import Policy
from govuk.generic import form_view
from meetings.forms.agenda import AdjournForm, ItemForm, PartForm
from meetings.models import AgendaItem
from meetings.own_access import has_own_place
from meetings.services.agenda import begin_item, change_item_note, finish_item
from meetings.services.opening import add_part, adjourn, open_conference, withdraw_child
from meetings.views.meeting import (
    draw,
    during_the_day,
    edited_together,
    give_reason,
    meeting,
    on_the_day,
    refuse_when_over,
    tells_refusal,
)
from meetings.views.preparation import ready_of


@during_the_day
def day(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far the meeting has got, and the one thing to do next."""
    found = meeting(request, pk)
    return draw(
        request,
        found,
        "meetings/day.html",
        step="",
        quorum=found.quorum if found.sitting else None,
        own_place=has_own_place(user_of(request), found.conference) if found.is_open else False,
        family_ready=ready_of(request, found.conference) if found.can_open else None,
    )


@require_POST
@during_the_day
def open_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the meeting; for the chair."""
    found = meeting(request, pk, to="chair")
    opened = tells_refusal(
        request, lambda: open_conference(conference=found.conference, by=user_of(request), now=timezone.now())
    )
    return redirect("meetings:attendance" if opened else "meetings:day", pk)


@during_the_day
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the items of the meeting, and which of them is under way."""
    return draw(request, meeting(request, pk), "meetings/agenda.html", step="agenda")


@require_POST
@during_the_day
def move_on(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Start an item or mark it as done, and return to where the button was."""
    found = meeting(request, pk, to="record")
    item = get_object_or_404(AgendaItem, pk=item_pk, conference=found.conference)
    act = finish_item if request.POST.get("done") else begin_item
    tells_refusal(request, lambda: act(item=item, by=user_of(request), now=timezone.now()))
    if request.POST.get("back") == "board":
        return redirect("meetings:board", pk)
    return redirect(_back_to_agenda(pk, item))


def _back_to_agenda(pk: int, item: AgendaItem) -> str:
    return f"{reverse('meetings:agenda', args=[pk])}#item-{item.pk}"


@during_the_day
def change_item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Edit the note on one agenda item."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    item = get_object_or_404(AgendaItem, pk=item_pk, conference=found.conference)
    form = kept_form(request, ItemForm, initial={"note": item.note, "version": item.version})
    return edited_together(
        request,
        form,
        lambda data: change_item_note(
            item=item, note=data["note"], version=data["version"] or 0, by=user_of(request), now=timezone.now()
        ),
        texts=("note",),
        success_url=_back_to_agenda(pk, item),
        cancel_url=reverse("meetings:agenda", args=[pk]),
        template_name="meetings/change_item.html",
        draw=on_the_day(found, step="agenda"),
        item=item,
    )


@during_the_day
def add_meeting_part(request: HttpRequest, pk: int) -> HttpResponse:
    """Add another part to the meeting, with other people in it."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    return form_view(
        request,
        kept_form(request, PartForm),
        lambda data: add_part(conference=found.conference, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("meetings:attendance", args=[pk]),
        cancel_url=reverse("meetings:attendance", args=[pk]),
        template_name="meetings/add_part.html",
        draw=on_the_day(found, step="people"),
    )


@during_the_day
def adjourn_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Adjourn the meeting, to be continued in another sitting; for the chair."""
    found = meeting(request, pk, to="chair")
    refuse_when_over(found)
    return form_view(
        request,
        kept_form(request, AdjournForm),
        lambda data: adjourn(
            conference=found.conference,
            reason=data["reason"],
            inquorate=data["why_kind"] == "inquorate",
            goes_on_at=data["goes_on_at"],
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=reverse("conferences:overview", args=[pk]),
        success_message="The meeting is adjourned. The coordinator is asked to book the next sitting.",
        cancel_url=reverse("meetings:day", args=[pk]),
        template_name="meetings/adjourn.html",
        draw=on_the_day(found, step="close"),
        last_day=last_day_of(found.conference),
    )


def _begins_with(last: Sitting, policy: Policy) -> dict[str, Any]:
    """Return the values of the next sitting's booking: as the last, at the time agreed there."""
    agreed = timezone.localtime(last.goes_on_at) if last.goes_on_at else None
    when: dict[str, Any] = {"day": agreed.date(), "start": agreed.time()} if agreed else {"day": None}
    return {**initial_booking(last, policy), **when}


@during_the_day
def next_sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """Book the sitting in which an adjourned meeting continues, after a look at who is told and what it changes."""
    found = meeting(request, pk, to="arrange")
    refuse_when_over(found)
    conference, now, today = found.conference, timezone.now(), timezone.localdate()
    last, policy = found.sitting, policy_of_conference(conference)
    form = kept_form(
        request,
        NextSittingForm,
        may_hand_on=may(user_of(request), conference, to="hand on"),
        booked_for=booked_for(conference),
        now=now,
        policy=policy,
        chairs=holders(conference.authority, Role.CHAIR, on=today),
        coordinators=holders(conference.authority, Role.COORDINATOR, on=today),
        rooms=rooms_of(conference.authority),
        initial=_begins_with(last, policy) if last else {},
    )
    page = on_the_day(found, step="")
    first = look_first(
        request,
        form,
        check=lambda: check_next_sitting(conference, last, form.booking(), now=now),
        show_check=lambda: page(
            request,
            "meetings/check_next_sitting.html",
            {**(what_changes(request, last, form, now=now) if last else {}), "button": "Book the next sitting"},
        ),
        show_form=lambda: page(request, "meetings/next_sitting.html", {"form": form}),
    )
    if first is not None:
        return first
    return form_view(
        request,
        form,
        lambda _: book_next_sitting(conference=conference, booking=form.booking(), by=user_of(request), now=now),
        success_url=reverse("conferences:overview", args=[pk]),
        success_message="The next sitting is booked. The people invited are being told.",
        cancel_url=reverse("meetings:day", args=[pk]),
        template_name="meetings/next_sitting.html",
        draw=page,
    )


@during_the_day
def withdraw_conference_child(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Withdraw a child from the conference on the day; for the chair."""
    found = meeting(request, pk, to="chair")
    refuse_when_over(found)
    child = next((row for row in found.children if row.pk == child_pk), None)
    if child is None:
        messages.error(request, "This child is not in the conference.")
        return redirect("meetings:decisions", pk)
    name = short_name_of(child.child)
    return give_reason(
        request,
        found,
        lambda data: withdraw_child(conference_child=child, by=user_of(request), now=timezone.now(), **data),
        step="decisions",
        back="meetings:decisions",
        title=f"Withdraw {name} from the conference",
        field="because",
        label=f"Why are you withdrawing {name} from the conference?",
        button=f"Withdraw {name}",
        lead="No decision is made for a child who is withdrawn. The child’s time limits keep running.",
    )
