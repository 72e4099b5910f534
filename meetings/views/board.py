"""Views of the board: adding, changing and withdrawing notes, and the screen that everyone in the room sees."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.enums import FAMILY_CAPACITIES
from conferences.selectors.procedures import policy_of_conference
from families.models import Person
from govuk.generic import form_view
from meetings.forms.board import EntryForm
from meetings.forms.notes import as_written, for_the_next
from meetings.models import BoardEntry
from meetings.selectors.board import is_on_first_page, last_written, page_of_board
from meetings.selectors.day_steps import TheDay
from meetings.selectors.readers import who_reads_of
from meetings.selectors.released_views import released_for_board
from meetings.selectors.room_screen import room_screen
from meetings.services.board import add_entry, change_entry, move_to_heading, withdraw_entry
from meetings.services.shown import show_entry, take_off_screen
from meetings.views.meeting import (
    during_the_day,
    edited_together,
    give_reason,
    meeting,
    on_the_day,
    refuse_when_over,
    tells_refusal,
)
from meetings.views.notes import begin_with, found_under, move_note_page, words_to_find

BOARD = "board"
NEW_FOR = datetime.timedelta(minutes=2)


def form_facts(found: TheDay) -> dict[str, Any]:
    """Return what the form of a note is made from."""
    persons = Person.objects.filter(
        participations__conference=found.conference, participations__capacity__in=FAMILY_CAPACITIES
    ).distinct()
    return {"day": found, "policy": policy_of_conference(found.conference), "persons": persons}


@during_the_day
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything said so far under the council's headings, and the form that adds to it."""
    found = meeting(request, pk, to="record" if request.method == "POST" else "read")
    find = words_to_find(request, BOARD, pk)
    columns = page_of_board(found.conference, attendees=found.attendees, begin_with=begin_with(request), find=find)
    initial = _chosen_last(request, found, columns[0].heading.key)
    form = kept_form(request, EntryForm, initial=initial, **form_facts(found))
    address = reverse("meetings:board", args=[pk])
    form.helper.form_action = address
    return form_view(
        request,
        form,
        lambda _: add_entry(conference=found.conference, by=user_of(request), now=timezone.now(), **form.note()),
        success_url=address,
        template_name="meetings/board.html",
        draw=on_the_day(found, step="board"),
        columns=columns,
        find=find,
        who_reads=lambda: who_reads_of(found),
        released_views=lambda: released_for_board(found.conference, found.parts),
        heading_now=request.POST.get("heading") or initial["heading"],
        new_since=timezone.now() - NEW_FOR,
    )


def _chosen_last(request: HttpRequest, found: TheDay, first_heading: str) -> dict[str, Any]:
    """Return what is chosen for the next note: what the user chose last, in the part that is under way now."""
    last = None if request.method == "POST" else last_written(found.conference, user_of(request))
    chosen = for_the_next(last, where="part") if last else {}
    heading = request.GET.get("heading") or chosen.get("heading", first_heading)
    return {**chosen, "heading": heading, "part": str(found.part_now.pk) if found.part_now else ""}


@require_POST
@during_the_day
def find_on_board(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the notes that hold certain words; the words stay out of the address."""
    found = meeting(request, pk)
    return found_under(request, BOARD, found.conference.pk, reverse("meetings:board", args=[pk]))


@during_the_day
def change_board_entry(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Edit one note. A second editor sees both texts and chooses."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    entry = get_object_or_404(BoardEntry.objects.prefetch_related("children"), pk=entry_pk, conference=found.conference)
    form = kept_form(request, EntryForm, initial=as_written(entry, where="part"), **form_facts(found))
    return edited_together(
        request,
        form,
        lambda data: change_entry(
            entry=entry, version=data["version"] or 0, by=user_of(request), now=timezone.now(), **form.note()
        ),
        texts=("text",),
        success_url=_at_note,
        cancel_url=reverse("meetings:board", args=[pk]),
        button="Save the note",
        template_name="meetings/change_entry.html",
        draw=on_the_day(found, step="board"),
        entry=entry,
        who_reads=lambda: who_reads_of(found),
    )


def _at_note(entry: BoardEntry) -> str:
    page = "" if is_on_first_page(entry) else f"?from={entry.pk}"
    return f"{reverse('meetings:board', args=[entry.conference_id])}{page}#note-{entry.pk}"


@during_the_day
def move_board_entry(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Put a note under another heading, or go on to another child."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    entry = get_object_or_404(BoardEntry, pk=entry_pk, conference=found.conference, withdrawn_at__isnull=True)
    return move_note_page(
        request,
        entry,
        policy_of_conference(found.conference).framework.headings,
        lambda data: move_to_heading(
            entry=entry, heading=data["heading"], version=data["version"] or 0, by=user_of(request), now=timezone.now()
        ),
        success_url=_at_note,
        cancel_url=reverse("meetings:board", args=[pk]),
        template_name="meetings/move_note.html",
        draw=on_the_day(found, step="board"),
        other_child=reverse("meetings:move-entry", args=[pk, "board", entry_pk]) if len(found.children) > 1 else "",
    )


@require_POST
@during_the_day
def put_on_screen(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Put one note on the shared screen, as it was read here, or take it off."""
    found = meeting(request, pk, to="record")
    entry = get_object_or_404(BoardEntry, pk=entry_pk, conference=found.conference)
    by, now = user_of(request), timezone.now()
    version = request.POST.get("version", "")
    if request.POST.get("off"):
        tells_refusal(request, lambda: take_off_screen(entry=entry, by=by, now=now))
    else:
        read = int(version) if version.isdecimal() else 0
        tells_refusal(request, lambda: show_entry(entry=entry, version=read, by=by, now=now))
    back = f"from={entry.pk}&" if not is_on_first_page(entry) else ""
    return redirect(f"{reverse('meetings:board', args=[pk])}?{back}heading={entry.heading}#note-{entry.pk}")


@during_the_day
def withdraw_board_entry(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Take a note off the board, with the reason."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    entry = get_object_or_404(BoardEntry, pk=entry_pk, conference=found.conference)
    return give_reason(
        request,
        found,
        lambda data: withdraw_entry(entry=entry, by=user_of(request), now=timezone.now(), **data),
        step="board",
        back="meetings:board",
        title="Take this note off the board",
        field="because",
        label="Why are you taking this note off the board?",
        button="Take it off the board",
        quoted=entry.text,
    )


@during_the_day
def shared_screen(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the room one heading of one part, in large type.

    No surnames of children, no addresses, no other part.
    """
    found = meeting(request, pk)
    asked = request.GET
    words = room_screen(found, part_id=asked.get("part", ""), heading=asked.get("heading", ""), now=timezone.now())
    follows = {"live_stream": f"/live/{pk}/", "live_changed": reverse("meetings:changed", args=[pk])}
    return render(request, "meetings/shared_screen.html", {**words, **follows})
