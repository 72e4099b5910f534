"""Views of the board: adding, changing and withdrawing notes, and the screen that everyone in the room sees."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.enums import FAMILY_CAPACITIES
from conferences.selectors.procedures import policy_of_conference
from families.models import Person
from govuk.generic import form_view
from meetings.forms.board import EntryForm
from meetings.models import BoardEntry
from meetings.selectors.board import is_on_first_page, page_of_board
from meetings.selectors.day_steps import TheDay
from meetings.selectors.readers import who_reads_of
from meetings.selectors.released_views import released_for_board
from meetings.selectors.room_screen import room_screen
from meetings.services.board import add_entry, change_entry, withdraw_entry
from meetings.views.meeting import during_the_day, edited_together, give_reason, meeting, on_the_day, refuse_when_over

NEW_FOR = datetime.timedelta(minutes=2)


def _form_facts(found: TheDay) -> dict[str, Any]:
    persons = Person.objects.filter(
        participations__conference=found.conference, participations__capacity__in=FAMILY_CAPACITIES
    ).distinct()
    return {"day": found, "policy": policy_of_conference(found.conference), "persons": persons}


@during_the_day
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything said so far under the council's headings, and the form that adds to it."""
    found = meeting(request, pk, to="record" if request.method == "POST" else "read")
    begin_with = request.GET.get("from", "")
    columns = page_of_board(
        found.conference, attendees=found.attendees, begin_with=int(begin_with) if begin_with.isdecimal() else None
    )
    wanted = request.POST.get("heading") or request.GET.get("heading") or columns[0].heading.key
    initial = {"heading": wanted, "part": str(found.part_now.pk) if found.part_now else ""}
    form = kept_form(request, EntryForm, initial=initial, **_form_facts(found))
    address = reverse("meetings:board", args=[pk])
    form.helper.form_action = address
    return form_view(
        request,
        form,
        lambda _: add_entry(conference=found.conference, by=user_of(request), now=timezone.now(), **form.note()),
        success_url=lambda entry: f"{address}?heading={entry.heading}#add",
        template_name="meetings/board.html",
        draw=on_the_day(found, step="board"),
        columns=columns,
        who_reads=lambda: who_reads_of(found),
        released_views=lambda: released_for_board(found.conference, found.parts),
        heading_now=wanted,
        new_since=timezone.now() - NEW_FOR,
    )


@during_the_day
def change_board_entry(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Edit one note. A second editor sees both texts and chooses."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    entry = get_object_or_404(BoardEntry.objects.prefetch_related("children"), pk=entry_pk, conference=found.conference)
    form = kept_form(request, EntryForm, initial=_as_typed(entry), **_form_facts(found))
    address = reverse("meetings:board", args=[pk])
    return edited_together(
        request,
        form,
        lambda data: change_entry(
            entry=entry, version=data["version"] or 0, by=user_of(request), now=timezone.now(), **form.note()
        ),
        texts=("text",),
        success_url=lambda saved: f"{address}{'' if is_on_first_page(saved) else f'?from={saved.pk}'}#note-{saved.pk}",
        cancel_url=address,
        button="Save the note",
        template_name="meetings/change_entry.html",
        draw=on_the_day(found, step="board"),
        entry=entry,
        who_reads=lambda: who_reads_of(found),
    )


def _as_typed(entry: BoardEntry) -> dict[str, Any]:
    return {
        **{
            name: getattr(entry, name)
            for name in ("heading", "nature", "text", "evidence", "seen_differently", "version")
        },
        "speaker": str(entry.speaker_id or ""),
        "part": str(entry.part_id or ""),
        "children": [str(row.pk) for row in entry.children.all()],
        "private_to": list(entry.private_to.all()),
    }


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
