"""Which children a conference is about: add one, correct the kind for one, withdraw one, put one back."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.models import User
from conferences.access import access_conference, may
from conferences.enums import FAMILY_CAPACITIES, ConferenceKind, ConferenceStatus, ParticipantStatus, WithdrawalGround
from conferences.forms.children import AddChildForm, CorrectKindForm, WithdrawChildForm
from conferences.guest_access import COUNCILS_OWN
from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.children import children_in, short_name_of
from conferences.selectors.joining import (
    CHANGEABLE,
    Candidate,
    Known,
    candidates_for,
    kinds_for,
    known_about,
    why_not_kind,
)
from conferences.selectors.understanding import written_to
from conferences.services.children import add_child
from conferences.services.comers import only_for
from conferences.services.guards import EditedMeanwhile
from conferences.services.kinds import DECIDED, correct_kind
from conferences.services.previewing import what_follows
from conferences.services.withdrawing import (
    LAST,
    Withdrawal,
    deciders,
    draft_for_those_taken_off,
    owed_words,
    withdraw_child,
)
from conferences.views.page_context import on_page_of, page_context
from families.models import Child
from families.selectors import agencies_knowing
from govuk.forms import BeyondTheForm, GovukBaseForm
from govuk.generic import Draw, form_view

LOOKED_AT = "Only to see what follows"
CHANGED_MEANWHILE = "Someone else has changed this since you opened it. Look at what follows now, then send it again."
INITIAL_BY_ENQUIRY = (ConferenceKind.INITIAL, ConferenceKind.PRE_BIRTH)


def children(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which children the conference is about, who was withdrawn and why, and who could be added."""
    conference = access_conference(request, pk)
    user, today = user_of(request), timezone.localdate()
    around = page_context(conference, user=user, tab="overview", today=today)
    rows = list(children_in(conference, withdrawn=True).select_related("withdrawal_decided_by"))
    decided = _decided(conference)
    may_change = conference.status in CHANGEABLE and around["conference_page"].may.change_children
    present = [row for row in rows if row.withdrawn_at is None]
    how = written_to(present, on=today)
    context = {
        **around,
        "present": [(row, row.pk in decided, how.get(row.pk)) for row in present],
        "may_set_how": around["conference_page"].may.arrange,
        "withdrawn": [row for row in rows if row.withdrawn_at is not None],
        "candidates": candidates_for(conference, user, on=today) if may_change else [],
        "may_change": may_change,
        "may_cancel": conference.status in (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED)
        and around["conference_page"].may.arrange,
        "is_last": len(present) == 1,
    }
    return render(request, "conferences/children.html", context)


def _decided(conference: Conference) -> set[int]:
    rows = conference.children.filter(decisions__isnull=False, decisions__superseded_by__isnull=True)
    return set(rows.values_list("pk", flat=True))


def add(request: HttpRequest, pk: int, added_pk: int) -> HttpResponse:
    """Show what follows when a child is added or put back, and do it."""
    conference = _changeable(request, pk)
    user, today = user_of(request), timezone.localdate()
    back = reverse("conferences:children", args=[pk])
    if conference.children.filter(child=added_pk, withdrawn_at__isnull=True).exists():
        messages.info(request, "The conference is about this child already.")
        return redirect(back)
    candidate = next((row for row in candidates_for(conference, user, on=today) if row.child.pk == added_pk), None)
    if candidate is None:
        raise Http404
    known = candidate.known
    kinds = kinds_for(conference, known)
    if candidate.refusal or not kinds:
        refusal = candidate.refusal or why_not_kind(conference, known, known.usual_kind)
        return _refused(request, conference, f"You can’t add {known.name}", refusal)
    kind = next((value for value, _ in kinds if value == request.GET.get("kind")), kinds[0][0])
    form = kept_form(
        request,
        AddChildForm,
        name=known.name,
        puts_back=candidate.withdrawn is not None,
        others=_others(conference, known.child, on=today),
        needs_reason=_needs_reason(known, kind, candidate.withdrawn),
    )

    def change(data: dict[str, Any]) -> ConferenceChild:
        return add_child(
            conference=conference,
            child=known.child,
            kind=kind,
            because=data["because"],
            added_reason=data.get("added_reason", ""),
            also=list(data.get("also") or ()),
            by=user,
            now=timezone.now(),
        )

    looked_at = {"because": LOOKED_AT, "added_reason": LOOKED_AT}
    return _answer(
        request,
        conference,
        form,
        change,
        looked_at,
        added_pk,
        success_message=f"The conference is about {known.name} as well. Look at who else is to be asked.",
        success_url=_next_page(conference),
        template_name="conferences/add_child.html",
        candidate=candidate,
        kind=ConferenceKind(kind).label.lower(),
        kinds=[row for row in kinds if row[0] != kind],
        title=_title_of_adding(candidate),
    )


def _title_of_adding(candidate: Candidate) -> str:
    return f"Put {candidate.known.name} back" if candidate.withdrawn else f"Add {candidate.known.name}"


def _next_page(conference: Conference) -> str:
    page = "children" if conference.status == ConferenceStatus.REQUESTED else "change-list"
    return reverse(f"conferences:{page}", args=[conference.pk])


def _needs_reason(known: Known, kind: str, row: ConferenceChild | None) -> bool:
    led = known.enquiry is not None or (row is not None and bool(row.enquiry_id or row.added_reason.strip()))
    return kind in INITIAL_BY_ENQUIRY and not led


def _others(conference: Conference, child: Child, *, on: datetime.date) -> Any:
    """Return those from agencies and with the family who may come for a child whom they aren't recorded to know."""
    known = [row.post_id for row in agencies_knowing([child], on=on) if row.post_id]
    off = (ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN, ParticipantStatus.KEPT_OUT)
    rows = conference.participants.exclude(status__in=off).exclude(capacity__in=COUNCILS_OWN)
    rows = rows.exclude(capacity__in=FAMILY_CAPACITIES).exclude(post__in=known)
    return rows.select_related("person", "agency").order_by("pk")


def correct(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Choose the right kind of conference for a child, see what follows, and correct it."""
    conference = _changeable(request, pk)
    row = _present(conference, child_pk)
    known = known_about(row.child)
    title = f"Correct what kind of conference it is for {known.name}"
    if row.pk in _decided(conference):
        return _refused(request, conference, title, DECIDED)
    kinds = [value for value, _ in kinds_for(conference, known) if value != row.kind]
    kind = next((value for value in kinds if value == request.GET.get("kind")), "")
    if not kind:
        others = [kind for kind in ConferenceKind if kind != row.kind]
        choices = [(kind, f"{kind.label} conference", why_not_kind(conference, known, kind)) for kind in others]
        draw = on_page_of(conference, tab="overview")
        context = {"row": row, "choices": choices, "kinds": kinds, "title": title}
        return draw(request, "conferences/choose_kind.html", context)
    form = kept_form(
        request,
        CorrectKindForm,
        becomes=f"{ConferenceKind(kind).label.lower()} conference",
        needs_reason=_needs_reason(known, kind, row),
        initial={"version": row.version},
    )

    def change(data: dict[str, Any]) -> ConferenceChild:
        return correct_kind(
            conference_child=row,
            kind=kind,
            because=data["because"],
            added_reason=data.get("added_reason", ""),
            version=data.get("version"),
            by=user_of(request),
            now=timezone.now(),
        )

    looked_at = {"because": LOOKED_AT, "added_reason": LOOKED_AT}
    return _answer(
        request,
        conference,
        form,
        change,
        looked_at,
        row.child_id,
        success_message=f"For {known.name} it is now a {ConferenceKind(kind).label.lower()} conference.",
        template_name="conferences/correct_kind.html",
        row=row,
        kind=ConferenceKind(kind).label.lower(),
        title=title,
    )


def withdraw(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Show what follows when a child is withdrawn, and do it; on the day, the meeting has a page of its own for it."""
    conference = _changeable(request, pk)
    row = _present(conference, child_pk)
    user, today = user_of(request), timezone.localdate()
    if conference.status == ConferenceStatus.OPEN:
        return redirect("meetings:withdraw-child", pk, child_pk)
    name = short_name_of(row.child)
    title = f"Withdraw {name} from the conference"
    if row.pk in _decided(conference):
        return _refused(request, conference, title, "The chair has already decided for this child.")
    if not conference.children.present().exclude(pk=row.pk).exists():
        return _refused(request, conference, title, LAST, may_cancel=True)
    leaving = only_for(row)
    may_decide = deciders(conference, on=today)
    is_chair = may(user, conference, to="chair")
    form = kept_form(
        request,
        WithdrawChildForm,
        name=name,
        deciders=User.objects.filter(pk__in=[one.pk for one in may_decide]).order_by("name"),
        only_for=Participant.objects.filter(pk__in=[one.pk for one in leaving])
        .select_related("person", "agency")
        .order_by("pk"),
        owes_words=any(owed_words(one) for one in leaving),
        is_chair=is_chair,
        initial={
            "version": row.version,
            "told_text": draft_for_those_taken_off(conference),
            "decided_by": user.pk if user in may_decide else None,
        },
    )

    def change(data: dict[str, Any]) -> ConferenceChild:
        withdrawal = Withdrawal(
            ground=data["ground"],
            because=data["because"],
            decided_by=data.get("decided_by"),
            staying=[one.pk for one in data.get("staying") or ()],
            told_text=data.get("told_text", ""),
            words_agreed=data.get("words_agreed", False),
            version=data.get("version"),
        )
        return withdraw_child(conference_child=row, withdrawal=withdrawal, by=user, now=timezone.now())

    looked_at = {
        "ground": WithdrawalGround.OTHER,
        "because": LOOKED_AT,
        "decided_by": next(iter(may_decide), None),
        "told_text": LOOKED_AT,
        "words_agreed": True,
    }
    return _answer(
        request,
        conference,
        form,
        change,
        looked_at,
        row.child_id,
        success_message=f"{name[:1].upper()}{name[1:]} is withdrawn. The conference goes on for the others.",
        template_name="conferences/withdraw_child.html",
        row=row,
        name=name,
        title=title,
    )


def _changeable(request: HttpRequest, pk: int) -> Conference:
    conference = access_conference(request, pk, to="change children")
    if conference.status not in CHANGEABLE:
        raise Http404
    if conference.status == ConferenceStatus.OPEN:
        return access_conference(request, pk, to="chair")
    return conference


def _present(conference: Conference, pk: int) -> ConferenceChild:
    row = children_in(conference).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _refused(
    request: HttpRequest, conference: Conference, title: str, refusal: str, *, may_cancel: bool = False
) -> HttpResponse:
    draw = on_page_of(conference, tab="overview")
    context = {"title": title, "refusal": refusal, "may_cancel": may_cancel}
    return draw(request, "conferences/child_refused.html", context)


def _answer(
    request: HttpRequest,
    conference: Conference,
    form: GovukBaseForm,
    change: Callable[[dict[str, Any]], ConferenceChild],
    looked_at: dict[str, Any],
    child_id: int,
    *,
    success_message: str,
    template_name: str,
    success_url: str = "",
    **context: Any,
) -> HttpResponse:
    """Show the form below what follows, until it is accepted; someone else's change meanwhile leads back."""
    back = reverse("conferences:children", args=[conference.pk])

    def save(data: dict[str, Any]) -> ConferenceChild:
        try:
            return change(data)
        except EditedMeanwhile as refusal:
            typed = request.POST.copy()
            typed["version"] = str(refusal.current.version)  # type: ignore[attr-defined]
            form.data = typed
            raise ValidationError(CHANGED_MEANWHILE) from refusal

    try:
        return form_view(
            request,
            form,
            save,
            success_url=success_url or back,
            success_message=success_message,
            cancel_url=back,
            template_name=template_name,
            draw=_with_what_follows(conference, lambda: change(looked_at), child_id),
            **context,
        )
    except BeyondTheForm as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(back)


def _with_what_follows(conference: Conference, change: Callable[[], object], child_id: int) -> Draw:
    draw_in_frame = on_page_of(conference, tab="overview")

    def draw(request: HttpRequest, template_name: str, context: dict[str, Any]) -> HttpResponse:
        follows = what_follows(conference, child_id, change, now=timezone.now())
        return draw_in_frame(request, template_name, {**context, "follows": follows})

    return draw
