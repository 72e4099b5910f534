"""Views of an entry about the wrong child: where it should go, and the second person who agrees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from conferences.models import Conference
from conferences.selectors.children import short_name_of
from conferences.views.page_context import page_context
from families.models import Child
from govuk.forms import Button, ReasonForm
from govuk.generic import form_view
from meetings.enums import EntryKind
from meetings.forms.corrections import MoveForm
from meetings.misfiled_entries import Place, movable
from meetings.models import BoardEntry, EntryMove, OutlineAction, Score, View
from meetings.selectors.corrections import moves_of
from meetings.selectors.shown_answers import scores_shown, views_shown
from meetings.services.misfiled_entries import agree_to_move, may_agree_to_move, move_entry, refuse_move
from meetings.views.meeting import tells_refusal

TEMPLATE = "meetings/move_entry.html"
IN_CONFERENCE: dict[str, tuple[Any, str, str]] = {
    EntryKind.BOARD: (BoardEntry, "conference", "meetings:board"),
    EntryKind.OUTLINE: (OutlineAction, "conference", "meetings:plan"),
    EntryKind.SCORE: (Score, "conference_child__conference", "meetings:scores"),
    EntryKind.VIEW: (View, "conference_child__conference", "meetings:views"),
}


def move_in_conference(request: HttpRequest, pk: int, kind: str, entry_pk: int) -> HttpResponse:
    """Move a note, an action, a score or a view to the child it concerns."""
    conference = access_conference(request, pk, to="record")
    model, path, back = IN_CONFERENCE[kind]
    get_object_or_404(_readable(kind, model), pk=entry_pk, **{path: conference})
    around = page_context(conference, user=user_of(request), tab="day", today=timezone.localdate())
    return move_page(
        request,
        kind,
        entry_pk,
        around={**around, "base": "conferences/page.html"},
        back=reverse(back, args=[pk]),
        settle=lambda move: reverse("meetings:see-move", args=[pk, move.pk]),
    )


def _readable(kind: str, model: type[Model]) -> QuerySet[Any]:
    """Return the entries that may be read: a hidden answer cannot be looked at by moving it."""
    rows: QuerySet[Any] = model._default_manager.all()
    if kind == EntryKind.SCORE:
        return rows.filter(pk__in=scores_shown())
    return rows.filter(pk__in=views_shown()) if kind == EntryKind.VIEW else rows


def move_page(
    request: HttpRequest,
    kind: str,
    entry_pk: int,
    *,
    around: dict[str, Any],
    back: str,
    settle: Callable[[EntryMove], str],
    allowed: Callable[[list[Child]], list[Child]] | None = None,
) -> HttpResponse:
    """Show the form that moves one entry, for every app that has movable entries.

    The caller has checked access to its place. ``allowed`` narrows the children to those whose record the user
    may change.
    """
    place = _place(kind, entry_pk)
    wrong = _wrong_child(request, place)
    others = [child for child in place.possible if wrong is None or child.pk != wrong.pk]
    choices = [(child, short_name_of(child)) for child in (allowed(others) if allowed else others)]
    page = {
        **around,
        "place": place,
        "kind": EntryKind(kind).label.lower(),
        "wrong": wrong,
        "named": [(child, short_name_of(child)) for child in place.children],
        "back": back,
    }
    if wrong is None:
        return render(request, TEMPLATE, page)
    form = kept_form(request, MoveForm, children=choices)
    return form_view(
        request,
        form,
        lambda data: move_entry(
            kind=kind,
            entry_id=entry_pk,
            from_child=wrong,
            to_child=form.chosen(),
            reason=data["reason"],
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=lambda move: back if move.moved_at else settle(move),
        success_message=lambda move: (
            "It has been moved." if move.moved_at else "A second person has to agree, because it has gone out."
        ),
        cancel_url=back,
        button="Ask to move it" if place.is_released else "Move it",
        template_name=TEMPLATE,
        **page,
    )


def _place(kind: str, entry_pk: int) -> Place:
    known = movable(kind)
    if known is None:
        raise Http404
    place = known.look(entry_pk)
    if place is None:
        raise Http404
    return place


def _wrong_child(request: HttpRequest, place: Place) -> Child | None:
    """Return the child it is wrongly filed under: the only one, or the one named in the URL."""
    if len(place.children) == 1:
        return place.children[0]
    chosen = request.GET.get("child", "")
    return next((child for child in place.children if str(child.pk) == chosen), None)


def why_it_stays(request: HttpRequest) -> ReasonForm:
    """Return the form with which someone leaves an entry where it is."""
    button = Button("Leave it where it is", look="secondary")
    return kept_form(request, ReasonForm, field="because", button=button)


def see_move(request: HttpRequest, pk: int, move_pk: int) -> HttpResponse:
    """Show a requested or completed move: from which child to which, why, and who agreed."""
    conference = access_conference(request, pk)
    move = get_object_or_404(moves_of(conference), pk=move_pk)
    return _draw_move(request, conference, move, why_it_stays(request))


def _draw_move(request: HttpRequest, conference: Conference, move: EntryMove, form: ReasonForm) -> HttpResponse:
    around = page_context(conference, user=user_of(request), tab="minutes", today=timezone.localdate())
    context = move_context(request, move, form, urls=("meetings:agree-move", "meetings:refuse-move"), pk=conference.pk)
    return render(request, "meetings/see_move.html", {**around, **context, "base": "conferences/page.html"})


def move_context(
    request: HttpRequest, move: EntryMove, form: ReasonForm, *, urls: tuple[str, str], pk: int, knows_both: bool = True
) -> dict[str, Any]:
    """Return the context of a move's page; it names the other child only to those with access."""
    user = user_of(request)
    may_agree = move.is_open and move.asked_by_id != user.pk and may_agree_to_move(user, move)
    known = movable(move.kind)
    place = known.look(move.entry_id) if known else None
    form.helper.form_action = reverse(urls[1], args=[pk, move.pk])
    return {
        "move": move,
        "text": place.text if place else "",
        "from_name": short_name_of(move.from_child),
        "to_name": short_name_of(move.to_child) if knows_both else "another child",
        "reason": move.reason if knows_both else "",
        "form": form,
        "may_agree": may_agree and knows_both,
        "may_refuse": move.is_open and (may_agree or move.asked_by_id == user.pk),
        "agree_url": reverse(urls[0], args=[pk, move.pk]),
    }


@require_POST
def agree_move(request: HttpRequest, pk: int, move_pk: int) -> HttpResponse:
    """Record a second person's agreement to the move."""
    conference = access_conference(request, pk, to="agree")
    move = get_object_or_404(moves_of(conference), pk=move_pk)
    if tells_refusal(request, lambda: agree_to_move(move=move, by=user_of(request), now=timezone.now())):
        messages.success(request, "It has been moved.")
    return redirect("meetings:see-move", pk, move_pk)


@require_POST
def refuse_a_move(request: HttpRequest, pk: int, move_pk: int) -> HttpResponse:
    """Record why the entry stays, or withdraw one's own request."""
    conference = access_conference(request, pk)
    move = get_object_or_404(moves_of(conference), pk=move_pk)
    return form_view(
        request,
        why_it_stays(request),
        lambda data: refuse_move(move=move, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("meetings:see-move", args=[pk, move_pk]),
        draw=lambda request, _, context: _draw_move(request, conference, move, context["form"]),
    )
