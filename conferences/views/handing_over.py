"""Views to hand conferences on to another chair or coordinator, one by one or all that someone runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import record_read, require_roles, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import Role
from accounts.models import User
from conferences.access import RULES, access_conference, may
from conferences.enums import Job
from conferences.forms.handing_over import HandOnEachForm, HandOnForm
from conferences.models import Conference
from conferences.selectors.runners import candidates, candidates_for, replacements_of, unfinished
from conferences.services import handing_over
from conferences.services.handing_over import HANDED_ON
from conferences.views.page_context import on_page_of
from govuk.generic import form_view

HAND_ON = (Role.COORDINATOR, Role.SERVICE_MANAGER)


def hand_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand one conference on to another chair, another coordinator, or both."""
    conference = access_conference(request, pk, to="hand on")
    if conference.status not in HANDED_ON:
        raise Http404
    user, today = user_of(request), timezone.localdate()
    offered = {job: candidates(job, conference, on=today) for job in Job}
    form = kept_form(request, HandOnForm, conference=conference, offered=offered)
    overview, everything = reverse("conferences:overview", args=[conference.pk]), reverse("conferences:conferences")
    return form_view(
        request,
        form,
        lambda data: handing_over.hand_on(conference=conference, by=user, now=timezone.now(), **data),
        success_url=lambda after: overview if may(user, after, to="read") else everything,
        success_message=lambda after: (
            f"{after.chair.name} chairs this conference, and {after.coordinator.name} coordinates it."
            if after.chair and after.coordinator
            else ""
        ),
        cancel_url=overview,
        template_name="conferences/hand_on.html",
        draw=on_page_of(conference, tab="people"),
        replacements=replacements_of(conference),
    )


@dataclass
class RunBy:
    """Someone who runs conferences, and how many of those that the reader may hand on."""

    user: User
    chairs: int = 0
    coordinates: int = 0


def _to_hand_on(user: User) -> QuerySet[Conference]:
    return unfinished(RULES["hand on"].visible(Conference.objects.all(), user))


def who_runs(request: HttpRequest) -> HttpResponse:
    """List everyone who runs conferences that the reader may hand on, and how many."""
    user = require_roles(request, *HAND_ON)
    conferences = list(_to_hand_on(user).values_list("chair", "coordinator", "family"))
    chairs = Counter(chair for chair, _, _ in conferences)
    coordinates = Counter(coordinator for _, coordinator, _ in conferences)
    people = User.objects.filter(pk__in={*chairs, *coordinates} - {None}).order_by("name", "pk")
    record_read(
        request,
        page="conferences:who-runs",
        subject=Conference.__name__,
        subject_id=None,
        family_ids={family for _, _, family in conferences},
    )
    rows = [RunBy(one, chairs[one.pk], coordinates[one.pk]) for one in people]
    return render(request, "conferences/who_runs.html", {"rows": rows})


def hand_on_each(request: HttpRequest, runner_pk: int) -> HttpResponse:
    """List every conference someone runs that is not finished, to hand each to someone."""
    reader, today = require_roles(request, *HAND_ON), timezone.localdate()
    rows = _to_hand_on(reader).filter(Q(chair=runner_pk) | Q(coordinator=runner_pk)).order_by("meets_at", "pk")
    conferences = list(rows.select_related("chair", "coordinator", "family", "authority"))
    about = User.objects.filter(pk=runner_pk).first()
    if about is None or not conferences:
        raise Http404
    record_read(
        request,
        page="conferences:hand-on-each",
        subject=User.__name__,
        subject_id=about.pk,
        family_ids={row.family_id for row in conferences},
    )
    offered = {job: candidates_for(job, conferences, on=today) for job in Job}
    form = kept_form(request, HandOnEachForm, user=about, conferences=conferences, offered=offered)
    return form_view(
        request,
        form,
        lambda data: handing_over.hand_on_each(
            handed=form.handed(), reason=data["reason"], by=reader, now=timezone.now()
        ),
        success_url=reverse("conferences:who-runs"),
        success_message="Handed over. Everyone who was told another name is told the new one.",
        cancel_url=reverse("conferences:who-runs"),
        template_name="conferences/hand_on_each.html",
        about=about,
    )
