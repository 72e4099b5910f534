"""Pages of incidents: recording one, what is done about it, and the council's list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import record_read, require_roles, rights_of, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import CASE_ROLES, ReadKind, Role
from families.access import access_family
from govuk.forms import GovukForm, ReasonForm
from govuk.generic import form_view
from govuk.lists import paginate
from incidents.access import HANDLING, INCIDENT_RULE, access_incident
from incidents.enums import Telling
from incidents.forms.incidents import LinksForm, PersonForm, RecordForm, RegulatorForm, StepForm, TellingForm, ToldForm
from incidents.models import Incident, PersonConcerned
from incidents.selectors.incidents import copies_of, figures, incident_page, incidents_listed, links_of, people_of
from incidents.services.incidents import (
    add_person_concerned,
    close_incident,
    close_more_links,
    decide_about_regulator,
    record_incident,
    what_is_missing,
    withdraw_incident,
    withdraw_step,
)
from incidents.services.incidents import record_step as record_what_was_done
from incidents.services.telling import decide_about_telling
from incidents.services.telling import record_told as record_that_told

FORM = "incidents/form_page.html"


@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """List the council's incidents without what got out, and the figures of each year."""
    user = require_roles(request, *HANDLING, Role.AUDITOR)
    page = paginate(request, incidents_listed(user))
    rows = list(page.object_list)
    record_read(
        request,
        page="incidents:incidents",
        subject=Incident.__name__,
        subject_id=None,
        family_ids=[row.family_id for row in rows],
        right=rights_of(rows),
        kind=ReadKind.SEARCH,
    )
    context = {"page": page, "rows": rows, "figures": figures(user), "may_open": user.holds(*HANDLING)}
    return render(request, "incidents/incidents.html", context)


def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a paper of this case reached the wrong hands; the copy may be named in the address."""
    family, user = access_family(request, pk), user_of(request)
    if not user.holds(*CASE_ROLES):
        raise Http404
    now = timezone.localtime().replace(second=0, microsecond=0)
    copies = list(copies_of(family))
    form = kept_form(
        request,
        RecordForm,
        initial={"aware_at": now, "copy": request.GET.get("copy", "")},
        copies=copies,
        people=list(people_of(family)),
        links=links_of(family, now=now),
    )
    return form_view(
        request,
        form,
        lambda data: record_incident(
            family=family,
            what=form.what(),
            at_risk=form.chosen_people(),
            danger=data["danger"],
            links=form.chosen_links(),
            form_key=data["form_key"],
            by=user,
            now=timezone.now(),
        ),
        success_url=lambda made: reverse("incidents:incident", args=[made.pk]),
        success_message="The incident is recorded, and the links are closed. Tell whoever is in danger now.",
        cancel_url=reverse("families:family", args=[pk]),
        template_name="incidents/record.html",
        family=family,
        earlier=INCIDENT_RULE.visible(family.incidents.all(), user),
        title="A paper reached the wrong hands",
    )


@require_safe
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one incident: who is in danger, what was done, and what still waits."""
    found = access_incident(request, pk)
    user = user_of(request)
    page = incident_page(found, user)
    context = {"incident": found, "page": page, "missing": what_is_missing(found) if page.may_handle else []}
    return render(request, "incidents/incident.html", context)


def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Name somebody whom an incident concerns."""
    found = access_incident(request, pk, to="name")
    people = list(people_of(found.family))
    return _form(
        request,
        found,
        kept_form(request, PersonForm, people=people),
        lambda data: add_person_concerned(incident=found, by=user_of(request), now=timezone.now(), **data),
        title="Whom does it concern?",
        done="The person is named.",
    )


def decide_telling(request: HttpRequest, pk: int, concerned_pk: int) -> HttpResponse:
    """Decide whether somebody whom an incident concerns is told."""
    found = access_incident(request, pk, to="handle")
    row = _concerned(found, concerned_pk)
    initial = {"tell": row.telling == Telling.TELL, "because": row.decided_because} if row.telling else {}
    return _form(
        request,
        found,
        kept_form(request, TellingForm, initial=initial),
        lambda data: decide_about_telling(concerned=row, by=user_of(request), now=timezone.now(), **data),
        title=f"Is {row.person.full_name} told?",
        done="The decision is recorded.",
    )


def record_told(request: HttpRequest, pk: int, concerned_pk: int) -> HttpResponse:
    """Record when and how somebody was told."""
    found = access_incident(request, pk)
    row = _concerned(found, concerned_pk)
    now = timezone.localtime().replace(second=0, microsecond=0)
    return _form(
        request,
        found,
        kept_form(request, ToldForm, initial={"told_at": now}),
        lambda data: record_that_told(concerned=row, by=user_of(request), now=timezone.now(), **data),
        title=f"{row.person.full_name} was told",
        done="It is recorded that they were told.",
    )


def close_links(request: HttpRequest, pk: int) -> HttpResponse:
    """Close links to the case because of an incident."""
    found = access_incident(request, pk, to="name")
    links = links_of(found.family, now=timezone.now())
    return _form(
        request,
        found,
        kept_form(request, LinksForm, links=links),
        lambda data: close_more_links(incident=found, links=data["links"], by=user_of(request), now=timezone.now()),
        title="Close links",
        done="The links are closed.",
    )


def decide_regulator(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide whether the Information Commissioner is told."""
    found = access_incident(request, pk, to="handle")
    current = found.decisions.filter(superseded_at__isnull=True).first()
    names = ("reported", "reported_at", "reference", "because")
    initial = {name: getattr(current, name) for name in names} if current is not None else {}
    return _form(
        request,
        found,
        kept_form(request, RegulatorForm, initial=initial),
        lambda data: decide_about_regulator(incident=found, by=user_of(request), now=timezone.now(), **data),
        title="Is the Information Commissioner told?",
        done="The decision is recorded.",
    )


def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what was done about an incident."""
    found = access_incident(request, pk)
    return _form(
        request,
        found,
        kept_form(request, StepForm, initial={"on": timezone.localdate()}),
        lambda data: record_what_was_done(incident=found, by=user_of(request), now=timezone.now(), **data),
        title="What was done?",
        done="It is recorded.",
    )


def take_back_step(request: HttpRequest, pk: int, step_pk: int) -> HttpResponse:
    """Take back a step that was recorded in error, with the reason."""
    found = access_incident(request, pk)
    row = get_object_or_404(found.steps, pk=step_pk)
    return _form(
        request,
        found,
        _reason(request, "because", "What was wrong?", "Say why it was recorded in error", "Take it back"),
        lambda data: withdraw_step(step=row, by=user_of(request), now=timezone.now(), **data),
        title=f"“{row.get_kind_display()}” was recorded in error",
        done="It is taken back, and stays with your reason.",
    )


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that it was no incident."""
    found = access_incident(request, pk, to="handle")
    return _form(
        request,
        found,
        _reason(request, "because", "Why is it no incident?", "Say why it is no incident", "Record that it is none"),
        lambda data: withdraw_incident(incident=found, by=user_of(request), now=timezone.now(), **data),
        title="It was no incident",
        done="It is recorded that it was no incident. Links that were closed stay closed.",
    )


def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an incident with what was learned."""
    found = access_incident(request, pk, to="handle")
    return _form(
        request,
        found,
        _reason(
            request,
            "learned",
            "What is done so that it does not happen again?",
            "Say what is done so that it does not happen again",
            "Close the incident",
        ),
        lambda data: close_incident(incident=found, by=user_of(request), now=timezone.now(), **data),
        title="Close the incident",
        done="The incident is closed.",
    )


def _concerned(found: Incident, pk: int) -> PersonConcerned:
    row: PersonConcerned = get_object_or_404(found.people.select_related("person", "incident"), pk=pk)
    return row


def _reason(request: HttpRequest, field: str, label: str, required: str, button: str) -> ReasonForm:
    return kept_form(request, ReasonForm, label=label, field=field, required=required, button=button)


def _form(
    request: HttpRequest,
    found: Incident,
    form: GovukForm,
    save: Callable[[dict[str, Any]], object],
    *,
    title: str,
    done: str,
) -> HttpResponse:
    back = reverse("incidents:incident", args=[found.pk])
    return form_view(
        request,
        form,
        save,
        success_url=back,
        success_message=done,
        cancel_url=back,
        template_name=FORM,
        incident=found,
        title=title,
    )
