"""Records whose time is over: what is held and why, keeping longer, proposing and agreeing to a disposal."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import record_read, user_of
from accounts.drafts import kept_form
from accounts.enums import ReadKind, Role
from deadlines.policies import policy_for
from govuk.lists import paginate
from records.forms.disposals import (
    AGREE,
    KeepLongerForm,
    LiftHoldForm,
    ProposeDisposalForm,
    SetHoldForm,
    SettleDisposalForm,
)
from records.retention.access import (
    DISPOSAL_RULE,
    access_disposal,
    access_hold,
    access_records,
    access_records_case,
)
from records.retention.certificate import certificate_of
from records.retention.due import facts_of, kept_case, kept_children, review_list
from records.retention.legal_holds import children_of_case, holds_on, lift_hold, set_hold
from records.retention.rules import rules_of
from records.retention.services import (
    agree_to_disposal,
    held_about,
    keep_longer,
    propose_disposal,
    reach_of,
    refuse_disposal,
)
from reports.enums import DisposalState
from reports.models import Disposal
from reports.uploads import storing


def review_cases(request: HttpRequest) -> HttpResponse:
    """Closed cases whose time is over, the oldest first; and what waits for a second person."""
    user = access_records(request)
    today = timezone.localdate()
    cases = review_list(user, today=today)
    page = paginate(request, cases)
    rows = cases.described(list(page))
    proposals = DISPOSAL_RULE.visible(Disposal.objects.all(), user).filter(state=DisposalState.PROPOSED)
    record_read(
        request,
        page="records:review-cases",
        subject="Family",
        subject_id=None,
        family_ids=[row.family.pk for row in rows],
        kind=ReadKind.SEARCH,
    )
    context = {
        "page": page,
        "rows": rows,
        "proposals": proposals.select_related("proposed_by").order_by("proposed_at", "pk"),
        "may_review": user.holds(Role.SERVICE_MANAGER),
    }
    return render(request, "records/review_cases.html", context)


def review_case(request: HttpRequest, pk: int) -> HttpResponse:
    """What is held about one case, until when and by which rule, and what stops its disposal."""
    family = access_records_case(request, pk)
    today = timezone.localdate()
    rules = rules_of(policy_for(family.authority, on=today))
    case = facts_of([family.pk])[family.pk]
    kept = kept_case(case, rules)
    holds = list(holds_on(family.pk))
    subject = reach_of(family)
    context = {
        "family": family,
        "title": "How long is this case kept?",
        "kept": kept,
        "is_over": kept.is_over(today),
        "children": kept_children(case, rules),
        "alone": set(subject.children),
        "holds": holds,
        "held": held_about(subject),
        "kept_longer": family.kept_longer.select_related("by").first(),
        "disposals": family.disposals.select_related("proposed_by", "settled_by"),
        "waiting": family.disposals.filter(state=DisposalState.PROPOSED).first(),
        "may_propose": kept.is_over(today) and not holds,
    }
    return render(request, "records/review_case.html", context)


def keep_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a case longer than its rule says."""
    family = access_records_case(request, pk)
    form = kept_form(request, KeepLongerForm)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: keep_longer(family=family, by=user_of(request), now=timezone.now(), **form.cleaned_data)
        )
    ):
        messages.success(request, "The case is kept. It comes back to the list on that day.")
        return redirect("records:review-case", pk)
    context = {"family": family, "form": form, "title": "Keep this case longer", "button": "Keep it longer"}
    return render(request, "records/record_form.html", context)


def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that the records of a case go; nothing happens before a second person agrees."""
    family = access_records_case(request, pk)
    form = kept_form(request, ProposeDisposalForm)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: propose_disposal(
                family=family, why=form.cleaned_data["why"], by=user_of(request), now=timezone.now()
            )
        )
    ):
        messages.success(request, "Proposed. Another service manager or the custodian has to agree.")
        return redirect("records:review-case", pk)
    context = {
        "family": family,
        "form": form,
        "title": "Propose to dispose of this case",
        "lead": "Its records are overwritten once a second person agrees. That can’t be undone.",
        "button": "Propose it to a second person",
    }
    return render(request, "records/record_form.html", context)


def disposals(request: HttpRequest) -> HttpResponse:
    """Every proposal and certificate of the council, the newest first."""
    user = access_records(request)
    rows = DISPOSAL_RULE.visible(Disposal.objects.all(), user).select_related("proposed_by", "settled_by")
    page = paginate(request, rows)
    record_read(
        request,
        page="records:see-disposals",
        subject="Disposal",
        subject_id=None,
        family_ids=[row.family_id for row in page],
        kind=ReadKind.SEARCH,
    )
    return render(request, "records/disposals.html", {"page": page})


def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: the second person agrees, which disposes of the case, or refuses; later its certificate."""
    disposal = access_disposal(request, pk)
    user = user_of(request)
    is_own = disposal.proposed_by_id == user.pk
    form = SettleDisposalForm(request.POST if request.method == "POST" else None, is_own=is_own)
    if (
        disposal.state == DisposalState.PROPOSED
        and form.is_valid()
        and form.accepts(lambda: _settle(request, disposal, form))
    ):
        return redirect("records:settle-disposal", pk)
    is_open = disposal.state == DisposalState.PROPOSED
    context = {
        **certificate_of(disposal),
        "form": form,
        "is_open": is_open,
        "is_own": is_own,
        "is_done": disposal.state == DisposalState.DONE,
        "held": held_about(reach_of(disposal.family)) if is_open else [],
        "may_open": user.holds(Role.SERVICE_MANAGER),
    }
    return render(request, "records/settle_disposal.html", context)


def _settle(request: HttpRequest, disposal: Disposal, form: SettleDisposalForm) -> None:
    by, now = user_of(request), timezone.now()
    if form.cleaned_data["answer"] == AGREE:
        agree_to_disposal(disposal=disposal, by=by, now=now)
        messages.success(request, "Disposed of. The certificate is below.")
    else:
        refuse_disposal(disposal=disposal, because=form.cleaned_data["because"], by=by, now=now)
        messages.success(request, "The case is kept.")


def certificate_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate of a disposal, as it was stored."""
    disposal = access_disposal(request, pk, kind=ReadKind.PDF)
    file = storing.get(disposal.stored_as) if disposal.stored_as else None
    if file is None:
        raise Http404
    response = HttpResponse(file, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{disposal.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def hold_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold a case, or everything about one of its children."""
    family = access_records_case(request, pk)
    children = list(children_of_case(family.pk).select_related("person"))
    form = kept_form(request, SetHoldForm, children=children)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: set_hold(
                family=family,
                child=form.chosen_child(),
                ground=form.cleaned_data["ground"],
                why=form.cleaned_data["why"],
                reference=form.cleaned_data["reference"],
                by=user_of(request),
                now=timezone.now(),
            )
        )
    ):
        messages.success(request, "The hold stands. Nothing it covers can be disposed of.")
        return redirect("records:review-case", pk)
    context = {"family": family, "form": form, "title": "Hold this case", "button": "Set the hold"}
    return render(request, "records/record_form.html", context)


def end_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift a legal hold."""
    hold = access_hold(request, pk)
    form = kept_form(request, LiftHoldForm)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: lift_hold(
                hold=hold, because=form.cleaned_data["because"], by=user_of(request), now=timezone.now()
            )
        )
    ):
        messages.success(request, "The hold is lifted.")
        return redirect("records:review-case", hold.family_id)
    context = {
        "family": hold.family,
        "form": form,
        "title": "Lift this hold",
        "lead": f"{hold.get_ground_display()}: {hold.why}",
        "button": "Lift the hold",
    }
    return render(request, "records/record_form.html", context)
