"""Who stands in for the chair of a conference: named with reason and days, ended with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from conferences.access import access_conference
from conferences.forms.guests import ReasonForm
from conferences.forms.stand_ins import NameStandInForm
from conferences.frame import frame
from conferences.selectors.stand_ins import chairs_of_council, stand_ins_of
from conferences.services.stand_ins import end_stand_in, name_stand_in


def stand_ins(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who stands or stood in for the chair, and a form to name another chair of the council."""
    conference = access_conference(request, pk, to="name a stand-in")
    user, today = user_of(request), timezone.localdate()
    users = chairs_of_council(conference, on=today).exclude(chaired=conference)
    form = NameStandInForm(request.POST if request.method == "POST" else None, users=users)
    if form.is_valid() and form.accepts(
        lambda: name_stand_in(conference=conference, by=user, now=timezone.now(), **form.cleaned_data)
    ):
        messages.success(request, f"{form.cleaned_data['user'].name} stands in for the chair on these days.")
        return redirect("conferences:stand-ins", conference.pk)
    context = {
        **frame(conference, user=user, tab="people", today=today),
        "form": form,
        "stand_ins": list(stand_ins_of(conference)),
    }
    return render(request, "conferences/stand_ins.html", context)


def end(request: HttpRequest, pk: int, stand_in_pk: int) -> HttpResponse:
    """End a stand-in before the last day."""
    conference = access_conference(request, pk, to="name a stand-in")
    user, today = user_of(request), timezone.localdate()
    stand_in = stand_ins_of(conference).filter(pk=stand_in_pk, ended_at=None, ends_on__gt=today).first()
    if stand_in is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and form.accepts(
        lambda: end_stand_in(stand_in=stand_in, by=user, now=timezone.now(), **form.cleaned_data)
    ):
        messages.success(request, f"{stand_in.user.name} no longer stands in for the chair.")
        if stand_in.user == user:
            return redirect("conferences:conferences")
        return redirect("conferences:stand-ins", conference.pk)
    context = {
        **frame(conference, user=user, tab="people", today=today),
        "form": form,
        "title": f"End the stand-in of {stand_in.user.name}",
        "lead": "The conference closes to them at once, unless they can open it for another reason.",
        "button": "End the stand-in",
        "back_url": reverse("conferences:stand-ins", args=[conference.pk]),
    }
    return render(request, "conferences/form_page.html", context)
