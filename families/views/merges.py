from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import record_read, require_roles, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import CASE_ROLES
from accounts.models import User
from families import services
from families.access import MAY_SETTLE_MERGES, access_merge, open_merges
from families.enums import MergeState
from families.forms.merges import ProposeMergeForm
from families.models import Person, PersonMerge
from families.selectors.merges import may_be_the_same, merges_waiting, side_by_side
from families.views.parts import access_member, person_url
from govuk.forms import ReasonForm
from govuk.generic import form_view
from govuk.lists import paginate

# What each button below two records does.
SETTLED = {
    "agree": "The records are joined.",
    "refuse": "The records stay separate.",
    "apart": "They are two people again.",
    "keep": "The records stay joined.",
}


def propose_merge(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Propose that two records are one person; nothing changes until another user agrees."""
    family, person = access_member(request, pk, person_pk, to="change")
    by = user_of(request)
    others = Person.objects.filter(pk__in=[other.pk for other in may_be_the_same(person, by)])
    form = kept_form(request, ProposeMergeForm, others=others)
    return form_view(
        request,
        form,
        lambda data: _propose(person, data["other"], data["reason"], by),
        success_url=lambda made: reverse("families:merge", args=[made.pk]),
        success_message="Proposed. Nothing changes until someone else agrees.",
        cancel_url=person_url(family, person),
        template_name="families/form_page.html",
        family=family,
        person=person,
        title=f"Another record of {person.full_name}",
    )


def _propose(person: Person, other: Person, reason: str, by: User) -> PersonMerge:
    # The record with a child's file is the one to keep.
    kept, merged = (other, person) if hasattr(other, "child") else (person, other)
    return services.propose_merge(kept=kept, merged=merged, reason=reason, by=by, now=timezone.now())


def merges(request: HttpRequest) -> HttpResponse:
    """List proposed merges waiting for a second person."""
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
    """Show two records side by side with what was decided, and let the user ask to undo a merge."""
    row = access_merge(request, pk)
    user, now = user_of(request), timezone.now()
    settles = user.holds(*MAY_SETTLE_MERGES)
    joined = settles and row.state == MergeState.AGREED
    may_ask = joined and row.undo_asked_by_id is None
    if request.method == "POST" and not may_ask:
        raise Http404
    form = kept_form(
        request,
        ReasonForm,
        label="Why are they two people?",
        required="Say why they are two people",
        button="They are two people",
    )
    return form_view(
        request,
        form,
        lambda data: services.ask_to_undo_merge(merge=row, by=user, now=now, **data),
        success_url=reverse("families:merge", args=[row.pk]),
        success_message="You have asked. Nothing changes until someone else agrees.",
        cancel_url=reverse("families:merges"),
        template_name="families/merge.html",
        merge=row,
        lines=side_by_side(row.kept, row.merged, user=user, on=timezone.localdate()),
        may_settle=settles and row.state == MergeState.PROPOSED and row.proposed_by_id != user.pk,
        may_ask=may_ask,
        may_undo=joined and row.undo_asked_by_id not in (None, user.pk),
    )


@require_POST
def settle_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree or refuse a proposed merge, or a request to undo one."""
    row = access_merge(request, pk, to="settle")
    user, now = user_of(request), timezone.now()
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
