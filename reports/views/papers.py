"""Views of who reports, what is in, and who in the family has heard it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import record_read, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import Role
from conferences.access import access_conference
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from conferences.panels import Wait
from govuk.forms import ReasonForm
from govuk.generic import form_view
from reports.selectors.missing import to_ask
from reports.selectors.own_conferences import own_conferences
from reports.selectors.papers import gone_on_without, papers_of
from reports.services.going_on import go_on_without
from reports.views.parts import around_conference

BEFORE = (ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)


def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Show for each report whether it is in and shared with each person due it."""
    conference = access_conference(request, pk)
    found, is_ahead = papers_of(conference), conference.status in BEFORE
    missing = [row.author for row in found.missing] if is_ahead else []
    context = {
        **around_conference(request, conference, tab="papers"),
        "papers": found,
        "to_ask": to_ask(conference, missing, on=timezone.localdate()),
        "gone_on": gone_on_without(conference),
        "is_ahead": is_ahead,
    }
    return render(request, "reports/papers.html", context)


def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the chair's decision to hold the conference without the missing reports."""
    conference = access_conference(request, pk, to="chair")
    found = papers_of(conference)
    if conference.status not in BEFORE or not found.not_received or gone_on_without(conference):
        return redirect("reports:papers", pk)
    form = kept_form(
        request,
        ReasonForm,
        label="Why can the conference go ahead without them?",
        required="Say why the conference can go ahead without these reports",
        help_text="For example, what you know from elsewhere, and how the meeting will hear what is missing",
        button="Go ahead without them",
    )
    back = reverse("reports:papers", args=[pk])
    return form_view(
        request,
        form,
        lambda data: go_on_without(conference=conference, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="Recorded. We will still ask for the missing reports.",
        cancel_url=back,
        template_name="reports/go_on.html",
        papers=found,
        **around_conference(request, conference, tab="papers"),
    )


def own_conferences_panel(request: HttpRequest) -> tuple[str, Mapping[str, Any]] | None:
    """Return the conferences and reports of a professional with an account, for their first page."""
    user = user_of(request)
    if not user.holds(Role.PROFESSIONAL):
        return None
    rows = own_conferences(user, now=timezone.now())
    families = [one.participant.conference.family_id for one in rows]
    record_read(
        request,
        page="reports:own-conferences",
        subject="Participant",
        subject_id=None,
        family_ids=families,
        right="own invitation",
    )
    return "reports/own_conferences.html", {"conferences": rows}


def papers_panel(request: HttpRequest, conference: Conference) -> tuple[str, Mapping[str, Any]] | None:
    """Return the same table for the overview, until the meeting is over."""
    if conference.status not in BEFORE:
        return None
    found = papers_of(conference)
    request.papers_of_conference = found  # type: ignore[attr-defined]
    return ("reports/papers_panel.html", {"papers": found}) if found.rows else None


def papers_waits(request: HttpRequest, conference: Conference) -> Iterable[Wait]:
    """Yield reports that are missing, and submitted ones that someone has yet to hear."""
    if conference.status not in BEFORE:
        return
    found = getattr(request, "papers_of_conference", None) or papers_of(conference)
    url = reverse("reports:papers", args=[conference.pk])
    for row in found.missing:
        yield Wait(who=row.author.person.full_name, what=f"Report of {row.agency_words}", url=url)
    for row in found.lacking:
        yield Wait(
            who=row.author.person.full_name,
            what=f"Report of {row.agency_words} about {row.lacking_words}",
            url=reverse("reports:read-report", args=[conference.pk, row.author.pk]),
        )
    for row in found.to_agree:
        yield Wait(
            who="The team manager",
            what=f"To agree to the report of {row.agency_words}",
            url=reverse("reports:read-report", args=[conference.pk, row.author.pk]),
        )
    for row in found.unheard:
        names = ", ".join(cell.due.person.short_name for cell in row.unshared)
        yield Wait(who=names, what=f"To hear the report of {row.agency_words}", url=url)
