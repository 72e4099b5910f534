from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import record_read, require_roles
from accounts.enums import CASE_ROLES
from families import services
from families.access import MAY_SETTLE_MERGES, access_merge, open_merges
from families.enums import MergeState
from families.forms.merges import ProposeMergeForm, UndoMergeForm
from families.models import Person, PersonMerge
from families.selectors.merges import may_be_the_same, merges_waiting, side_by_side
from families.views.parts import access_member, form_page, posted, signed_in
from govuk.lists import paginate

# What the buttons under two records do.
SETTLED = {
    "agree": "The records are joined.",
    "refuse": "The records stay apart.",
    "apart": "They are two people again.",
    "keep": "The records stay joined.",
}


def propose_merge(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Say that somebody's record and another one are of one person; it changes nothing before another agrees."""
    family, person = access_member(request, pk, person_pk, to="change")
    by = signed_in(request)
    others = Person.objects.filter(pk__in=[other.pk for other in may_be_the_same(person, by)])
    form = ProposeMergeForm(posted(request), others=others)
    made: list[PersonMerge] = []
    if request.method == "POST" and form.is_valid():
        other, reason = form.cleaned_data["other"], form.cleaned_data["reason"]
        # The record with a child's file is the one that stays.
        kept, merged = (other, person) if hasattr(other, "child") else (person, other)
        if form.accepts(
            lambda: made.append(
                services.propose_merge(kept=kept, merged=merged, reason=reason, by=by, now=timezone.now())
            )
        ):
            messages.success(request, "Proposed. Nothing changes before somebody else agrees.")
            return redirect("families:merge", made[0].pk)
    title = f"Another record of {person.full_name}"
    return form_page(request, family, form, title=title, button="Propose to join them", person=person)


def merges(request: HttpRequest) -> HttpResponse:
    """Records proposed to be joined that wait for a second person."""
    user = require_roles(request, *sorted(CASE_ROLES))
    page = paginate(request, merges_waiting(open_merges(user)))
    record_read(
        request,
        page="families:merges",
        subject=PersonMerge.__name__,
        subject_id=None,
        person_ids={pk for row in page for pk in (row.kept_id, row.merged_id)},
    )
    return render(request, "families/merges.html", {"page": page})


def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Two records side by side, and what was decided about them; asking to take them apart again says why."""
    row = access_merge(request, pk)
    user, now = signed_in(request), timezone.now()
    settles = user.holds(*MAY_SETTLE_MERGES)
    joined = settles and row.state == MergeState.AGREED
    may_ask = joined and row.undo_asked_by_id is None
    form = UndoMergeForm(posted(request))
    if request.method == "POST" and not may_ask:
        raise Http404
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if form.accepts(lambda: services.ask_to_undo_merge(merge=row, reason=reason, by=user, now=now)):
            messages.success(request, "Asked for. Nothing changes before somebody else agrees.")
            return redirect("families:merge", row.pk)
    context = {
        "merge": row,
        "lines": side_by_side(row.kept, row.merged, user=user, on=timezone.localdate()),
        "may_settle": settles and row.state == MergeState.PROPOSED and row.proposed_by_id != user.pk,
        "may_ask": may_ask,
        "may_undo": joined and row.undo_asked_by_id not in (None, user.pk),
        "form": form,
    }
    return render(request, "families/merge.html", context)


@require_POST
def settle_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree that two records are one person, or refuse; the same where somebody asked to take them apart again."""
    row = access_merge(request, pk, to="settle")
    user, now = signed_in(request), timezone.now()
    wanted = next((key for key in SETTLED if key in request.POST), "refuse")
    first = {"agree": row.proposed_by_id, "apart": row.undo_asked_by_id}.get(wanted)
    if first == user.pk:
        raise Http404
    acts: dict[str, Callable[[], PersonMerge]] = {
        "agree": lambda: services.agree_merge(merge=row, by=user, now=now),
        "refuse": lambda: services.refuse_merge(merge=row, by=user, now=now),
        "apart": lambda: services.undo_merge(merge=row, by=user, now=now),
        "keep": lambda: services.keep_merge(merge=row),
    }
    try:
        acts[wanted]()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, SETTLED[wanted])
    return redirect("families:merges")
