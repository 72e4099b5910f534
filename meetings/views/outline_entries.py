"""Views of what a meeting agrees for the plans besides actions: outcomes, and what is done if something happens."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from govuk.generic import form_view
from meetings.enums import OutlineKind
from meetings.forms.outline import FORM_OF
from meetings.models import OutlineEntry
from meetings.selectors.day_steps import TheDay
from meetings.selectors.readers import who_reads_of
from meetings.services.outline_entries import agree_on, change_agreed, take_out_agreed
from meetings.views.meeting import during_the_day, edited_together, give_reason, meeting, on_the_day, refuse_when_over

TITLES: dict[str, str] = {
    OutlineKind.OUTCOME: "What has to be different?",
    OutlineKind.CONTINGENCY: "What do we do if something happens?",
}


def _back(found: TheDay) -> str:
    return f"{reverse('meetings:plan', args=[found.conference.pk])}#agreed"


@during_the_day
def add_agreed(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Write an outcome, or what is done if something happens, into the drafted plan."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    form = kept_form(request, FORM_OF[kind], day=found)
    return form_view(
        request,
        form,
        lambda _: agree_on(
            conference=found.conference,
            kind=kind,
            agreed=form.agreed(),
            part=found.part_now,
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=_back(found),
        cancel_url=_back(found),
        template_name="meetings/agreed.html",
        draw=on_the_day(found, step="plan"),
        title=TITLES[kind],
        who_reads=lambda: who_reads_of(found),
    )


def _entry(found: TheDay, entry_pk: int) -> OutlineEntry:
    row = get_object_or_404(OutlineEntry, pk=entry_pk, conference=found.conference)
    if row.withdrawn_at is not None:
        raise Http404
    return row


@during_the_day
def change_agreed_entry(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Change what was agreed. A second editor sees both texts and chooses."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    entry = _entry(found, entry_pk)
    form = kept_form(request, FORM_OF[entry.kind], day=found, initial=_as_typed(entry))
    return edited_together(
        request,
        form,
        lambda data: change_agreed(
            entry=entry, version=data["version"] or 0, agreed=form.agreed(), by=user_of(request)
        ),
        texts=("text", "we_do"),
        success_url=_back(found),
        cancel_url=_back(found),
        button="Save",
        template_name="meetings/agreed.html",
        draw=on_the_day(found, step="plan"),
        title=TITLES[entry.kind],
        who_reads=lambda: who_reads_of(found),
    )


def _as_typed(entry: OutlineEntry) -> dict[str, Any]:
    return {
        "text": entry.text,
        "we_do": entry.we_do,
        "who": str(entry.who_id or ""),
        "who_else": entry.who_else,
        "version": entry.version,
        "children": [str(row.pk) for row in entry.children.all()],
    }


@during_the_day
def take_out_entry(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Take it out of the drafted plan, with the reason."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    entry = _entry(found, entry_pk)
    return give_reason(
        request,
        found,
        lambda data: take_out_agreed(entry=entry, by=user_of(request), now=timezone.now(), **data),
        step="plan",
        back="meetings:plan",
        title="Take this out of the plan",
        field="because",
        label="Why are you taking this out of the plan?",
        button="Take it out",
        quoted=entry.text,
    )
