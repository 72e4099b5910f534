"""Shared by the pages of notes, of a conference and of a core group: finding words, and moving a note."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.drafts.forms import kept_form
from conferences.models.recorded import Noted
from deadlines.policies import Heading
from govuk.generic import Draw
from meetings.forms.notes import MoveNoteForm
from meetings.views.meeting import edited_together

LONGEST = 100
REMEMBERED = 20
FOUND = "found"


def begin_with(request: HttpRequest) -> int | None:
    """Return the note with which a page of notes begins, from its address."""
    asked = request.GET.get("from", "")
    return int(asked) if asked.isdecimal() else None


def found_under(request: HttpRequest, kind: str, pk: int, address: str) -> HttpResponse:
    """Remember the words to find, so that names stay out of addresses and logs, and go to the notes that hold them."""
    term = " ".join(request.POST.get("words", "").split())[:LONGEST]
    kept = {key: words for key, words in _kept(request).items() if key != f"{kind}-{pk}"}
    newest = dict(list(kept.items())[-REMEMBERED:])
    request.session["notes_to_find"] = {**newest, **({f"{kind}-{pk}": term} if term else {})}
    return redirect(f"{address}?{FOUND}=1#notes" if term else address)


def words_to_find(request: HttpRequest, kind: str, pk: int) -> str:
    """Return the words that this page of notes is narrowed to; empty for all notes."""
    return _kept(request).get(f"{kind}-{pk}", "") if FOUND in request.GET else ""


def _kept(request: HttpRequest) -> dict[str, str]:
    kept: dict[str, str] = request.session.get("notes_to_find", {})
    return kept


def move_note_page(
    request: HttpRequest,
    note: Noted,
    headings: Iterable[Heading],
    save: Callable[[dict[str, Any]], object],
    *,
    draw: Draw,
    template_name: str,
    **options: Any,
) -> HttpResponse:
    """Ask for the other heading of a note, with the way to another child in ``other_child``."""
    form = kept_form(request, MoveNoteForm, initial={"version": note.version})
    form.fields["heading"].set_choices([(row.key, row.label) for row in headings if row.key != note.heading])  # type: ignore[attr-defined]
    return edited_together(request, form, save, texts=(), draw=draw, template_name=template_name, note=note, **options)
