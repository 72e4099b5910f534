"""Views with which the chair prepares: the page to read from, own notes, and the talks with the family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference, may
from conferences.enums import FAMILY_CAPACITIES, ConferenceStatus
from conferences.models import Conference
from conferences.selectors.procedures import policy_of_conference
from conferences.views.page_context import on_page_of, page_context
from families.models import Person
from govuk.generic import form_view
from meetings.forms.preparation import ChairNoteForm, TalkForm, WordsForBoardForm, typed_of
from meetings.models import WordsBefore
from meetings.reading_page import sections
from meetings.selectors.chairs_reading import last_reading, note_of, without_whereabouts
from meetings.selectors.talks_before import TalkRow, talks_before
from meetings.services.preparation import mark_read, put_words_on_board, record_talk, write_note
from meetings.views.meeting import (
    during_the_day,
    edited_together,
    meeting,
    on_the_day,
    refuse_when_over,
    replaced_knowingly,
    tells_refusal,
)

BEFORE = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)


def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the chair everything to read before the meeting, in order, without confidential whereabouts."""
    conference = access_conference(request, pk, to="chair")
    user, now = user_of(request), timezone.now()
    found = [section for finder in sections if (section := finder(request, conference)) is not None]
    drawn = [
        (
            section,
            mark_safe(
                without_whereabouts(
                    render_to_string(section.template, {"conference": conference, **section.context}, request),
                    conference,
                )
            ),
        )
        for section in found
    ]
    around = page_context(conference, user=user, tab="overview", today=timezone.localdate())
    context = {"sections": drawn, "note": note_of(conference, user), "read": last_reading(conference, user), "now": now}
    return render(request, "meetings/reading.html", {**around, **context})


@require_POST
def mark_as_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the chair has read what the page showed."""
    conference = access_conference(request, pk, to="chair")
    now = timezone.now()
    shown = parse_datetime(request.POST.get("shown_at", ""))
    if shown is None or shown.tzinfo is None:
        shown = now
    tells_refusal(
        request, lambda: mark_read(conference=conference, shown_at=min(shown, now), by=user_of(request), now=now)
    )
    return redirect("meetings:reading", pk)


@during_the_day
def own_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the chair's own notes, which no one else reads."""
    conference = access_conference(request, pk, to="chair")
    note = note_of(conference, user_of(request))
    form = kept_form(
        request, ChairNoteForm, initial={"text": note.text if note else "", "version": note.version if note else 0}
    )
    back = reverse("meetings:reading", args=[pk])
    return edited_together(
        request,
        form,
        lambda data: write_note(
            conference=conference,
            text=data["text"],
            version=data["version"] or 0,
            by=user_of(request),
            now=timezone.now(),
        ),
        texts=("text",),
        success_url=back,
        success_message="Your notes are saved.",
        cancel_url=back,
        template_name="meetings/own_notes.html",
        draw=on_page_of(conference, tab="overview"),
    )


@during_the_day
def before(request: HttpRequest, pk: int) -> HttpResponse:
    """List the family, each with the chair's talk with them before the meeting."""
    found = meeting(request, pk, to="chair")
    page = on_the_day(found, step="")
    return page(request, "meetings/before.html", {"rows": talks_before(found.conference)})


def _row(conference: Conference, participant_pk: int) -> TalkRow:
    row = next((row for row in talks_before(conference) if row.participant.pk == participant_pk), None)
    if row is None:
        raise Http404
    return row


@during_the_day
def talk_before(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Go through the points of the talk with one of the family, apart from everyone else's."""
    found = meeting(request, pk, to="chair")
    refuse_when_over(found)
    row = _row(found.conference, participant_pk)
    form = kept_form(request, TalkForm, row=row, initial=typed_of(row))
    back = reverse("meetings:before", args=[pk])
    return form_view(
        request,
        form,
        replaced_knowingly(
            form,
            lambda data: record_talk(
                participant=row.participant,
                facts=form.facts(),
                version=data["version"] or 0,
                by=user_of(request),
                now=timezone.now(),
            ),
            words="recorded this talk since you opened the page. Saving again replaces what they wrote.",
        ),
        success_url=back,
        success_message="Saved. No one but the chair reads this.",
        cancel_url=back,
        template_name="meetings/talk_before.html",
        draw=on_the_day(found, step=""),
        row=row,
        words=WordsBefore.objects.filter(talk=row.talk, entry__withdrawn_at__isnull=True).select_related("entry")
        if row.talk
        else [],
    )


@during_the_day
def words_for_board(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Put on the board what one of the family said beforehand and agrees to."""
    found = meeting(request, pk, to="chair")
    refuse_when_over(found)
    row = _row(found.conference, participant_pk)
    policy = policy_of_conference(found.conference)
    persons = Person.objects.filter(
        participations__conference=found.conference, participations__capacity__in=FAMILY_CAPACITIES
    ).distinct()
    form = kept_form(
        request,
        WordsForBoardForm,
        day=found,
        policy=policy,
        persons=persons,
        initial={"private_to": [row.participant.person_id]},
    )
    back = reverse("meetings:talk-before", args=[pk, participant_pk])
    return form_view(
        request,
        form,
        lambda data: put_words_on_board(
            participant=row.participant,
            text=data["text"],
            heading=data["heading"],
            children=form.chosen_children(),
            private_to=data["private_to"],
            agreed=bool(data["agreed"]),
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=back,
        success_message="Their words are on the board.",
        cancel_url=back,
        template_name="meetings/words_for_board.html",
        draw=on_the_day(found, step=""),
        row=row,
    )


def chairs_panel(request: HttpRequest, conference: Conference) -> tuple[str, Mapping[str, Any]] | None:
    """Return for the chair, until the meeting is over, the way to the reading page and to the talks before."""
    user = user_of(request)
    if conference.status not in BEFORE or not may(user, conference, to="chair"):
        return None
    rows = talks_before(conference)
    return "meetings/chairs_panel.html", {
        "read": last_reading(conference, user),
        "talks": len(rows),
        "ready": sum(row.is_ready for row in rows),
    }


def ready_of(request: HttpRequest, conference: Conference) -> tuple[int, int] | None:
    """Return for the chair how many of the family say that they are ready, and of how many; None for others."""
    if not may(user_of(request), conference, to="chair"):
        return None
    rows = [row for row in talks_before(conference) if not row.is_declined]
    return sum(row.is_ready for row in rows), len(rows)
