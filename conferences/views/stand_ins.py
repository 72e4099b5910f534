"""Stand-ins for the chair of a conference: named with reason and days, ended with a reason."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from conferences.forms.stand_ins import NameStandInForm
from conferences.selectors.stand_ins import chairs_of_council, stand_ins_of
from conferences.services.stand_ins import end_stand_in, name_stand_in
from conferences.views.page_context import on_page_of
from govuk.forms import ReasonForm
from govuk.generic import form_view


def stand_ins(request: HttpRequest, pk: int) -> HttpResponse:
    """List past and present stand-ins for the chair, with a form to name another chair of the council."""
    conference = access_conference(request, pk, to="name a stand-in")
    user, today = user_of(request), timezone.localdate()
    users = chairs_of_council(conference, on=today).exclude(chaired=conference)
    form = kept_form(request, NameStandInForm, users=users)
    return form_view(
        request,
        form,
        lambda data: name_stand_in(conference=conference, by=user, now=timezone.now(), **data),
        success_url=reverse("conferences:stand-ins", args=[conference.pk]),
        success_message=lambda stand_in: f"{stand_in.user.name} stands in for the chair on these days.",
        template_name="conferences/stand_ins.html",
        draw=on_page_of(conference, tab="people"),
        stand_ins=stand_ins_of(conference),
    )


def end(request: HttpRequest, pk: int, stand_in_pk: int) -> HttpResponse:
    """End a stand-in before the last day."""
    conference = access_conference(request, pk, to="name a stand-in")
    user, today = user_of(request), timezone.localdate()
    stand_in = stand_ins_of(conference).filter(pk=stand_in_pk, ended_at=None, ends_on__gt=today).first()
    if stand_in is None:
        raise Http404
    back = reverse("conferences:stand-ins", args=[conference.pk])
    form = kept_form(
        request, ReasonForm, field="because", required="Say why", max_length=250, button="End the stand-in"
    )
    return form_view(
        request,
        form,
        lambda data: end_stand_in(stand_in=stand_in, by=user, now=timezone.now(), **data),
        success_url=reverse("conferences:conferences") if stand_in.user == user else back,
        success_message=f"{stand_in.user.name} no longer stands in for the chair.",
        cancel_url=back,
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="people"),
        title=f"End {stand_in.user.name}’s time as stand-in",
        lead="They can no longer open the conference, unless they have another reason to.",
    )
