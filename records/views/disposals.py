"""Records due for disposal: what is held and why, keeping longer, proposing and agreeing to a disposal."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import record_read, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import ReadKind, Role
from deadlines.policies import policy_for
from govuk.forms import ReasonForm
from govuk.generic import form_view
from govuk.lists import paginate
from records.enums import DisposalState
from records.forms.disposals import AGREE, KeepLongerForm, SetHoldForm, SettleDisposalForm
from records.models import Disposal
from records.retention.access import DISPOSAL_RULE, access_disposal, access_hold, access_records, access_records_case
from records.retention.certificate import certificate_of
from records.retention.due import RECORDS_ROLES, facts_of, kept_case, kept_children, review_list
from records.retention.legal_holds import children_of_case, holds_on, lift_hold, set_hold
from records.retention.rules import rules_of
from records.retention.services import (
    agree_to_disposal,
    held_about,
    keep_longer,
    propose_disposal,
    reach_of,
    refuse_disposal,
    who_may_agree,
)
from reports.uploads import storing


def review_cases(request: HttpRequest) -> HttpResponse:
    """List closed cases due for disposal, oldest first, and what waits for a second person."""
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
    """Show what is held about one case, until when and by which rule, and what stops its disposal."""
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
    back = reverse("records:review-case", args=[pk])
    return form_view(
        request,
        kept_form(request, KeepLongerForm),
        lambda data: keep_longer(family=family, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="The case will be kept. It comes back to the list on that day.",
        cancel_url=back,
        template_name="families/form_page.html",
        family=family,
        title="Keep this case longer",
    )


def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to dispose of a case's records; nothing happens until a second person agrees."""
    family = access_records_case(request, pk)
    form = kept_form(
        request,
        ReasonForm,
        label="Why is it no longer needed?",
        field="why",
        help_text="Don’t name anyone. The second person will read this. It is disposed of with the case.",
        button="Propose it to a second person",
    )
    back = reverse("records:review-case", args=[pk])
    return form_view(
        request,
        form,
        lambda data: propose_disposal(family=family, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="Proposed. Another service manager, the custodian or who is named for that has to agree.",
        cancel_url=back,
        template_name="families/form_page.html",
        family=family,
        title="Propose to dispose of this case",
        lead="Its records are overwritten once a second person agrees. That can’t be undone.",
    )


def disposals(request: HttpRequest) -> HttpResponse:
    """List the council's proposals and certificates, newest first."""
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
    """Show one proposal: agree as the second person, disposing of the case, or refuse; later its certificate."""
    disposal = access_disposal(request, pk)
    user = user_of(request)
    is_own = disposal.proposed_by_id == user.pk
    is_open = disposal.state == DisposalState.PROPOSED
    context = {
        **certificate_of(disposal),
        "is_open": is_open,
        "is_own": is_own,
        "is_done": disposal.state == DisposalState.DONE,
        "held": held_about(reach_of(disposal.family)) if is_open else [],
        "may_open": user.holds(Role.SERVICE_MANAGER),
        "manages_service": user.holds(Role.SERVICE_MANAGER),
        "keeps_records": user.holds(*RECORDS_ROLES),
        "others": is_open and who_may_agree(disposal.family, proposed_by=disposal.proposed_by, on=timezone.localdate()),
    }
    if not is_open:
        return render(request, "records/settle_disposal.html", context)
    return form_view(
        request,
        kept_form(request, SettleDisposalForm, is_own=is_own),
        lambda data: _settle(request, disposal, data),
        success_url=reverse("records:settle-disposal", args=[pk]),
        success_message=lambda said: said,
        cancel_url=reverse("records:review-cases" if user.holds(*RECORDS_ROLES) else "deadlines:my-work"),
        template_name="records/settle_disposal.html",
        **context,
    )


def _settle(request: HttpRequest, disposal: Disposal, data: dict[str, Any]) -> str:
    by, now = user_of(request), timezone.now()
    if data["answer"] == AGREE:
        agree_to_disposal(disposal=disposal, by=by, now=now)
        return "Disposed of. The certificate is below."
    refuse_disposal(disposal=disposal, because=data["because"], by=by, now=now)
    return "The case is kept."


def certificate_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Download the certificate of a disposal, as it was stored."""
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
    back = reverse("records:review-case", args=[pk])
    return form_view(
        request,
        form,
        lambda data: set_hold(
            family=family, by=user_of(request), now=timezone.now(), **{**data, "child": form.chosen_child()}
        ),
        success_url=back,
        success_message="The hold is set. Nothing it covers can be disposed of.",
        cancel_url=back,
        template_name="families/form_page.html",
        family=family,
        title="Hold this case",
    )


def end_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift a legal hold."""
    hold = access_hold(request, pk)
    back = reverse("records:review-case", args=[hold.family_id])
    return form_view(
        request,
        kept_form(request, ReasonForm, label="Why are you lifting it?", field="because", button="Lift the hold"),
        lambda data: lift_hold(hold=hold, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="The hold is lifted.",
        cancel_url=back,
        template_name="families/form_page.html",
        family=hold.family,
        title="Lift this hold",
        lead=f"{hold.get_ground_display()}: {hold.why}",
    )
