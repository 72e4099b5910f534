"""Pages about section 47 enquiries: the discussion that starts them, the last day, ending without a conference."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import drafts
from conferences.forms import ConveneForm, EndEnquiryForm, StartingDiscussionForm, StrategyDiscussionForm
from conferences.selectors.children import short_name_of
from conferences.selectors.enquiries import (
    counted_alike,
    discussions_of,
    discussions_to_choose,
    last_day_from,
    managers_of,
    states_of,
    waiting_enquiries,
    why_not_starting,
)
from conferences.selectors.transfers import transfers_of
from conferences.services.enquiries import (
    choose_starting_discussion,
    decide_to_convene,
    end_without_conference,
    record_strategy_discussion,
)
from families.access import access_family, may_change_family, may_manage_family
from families.models import Enquiry
from families.selectors import children_of
from families.views.parts import form_page, signed_in

TWO = 2


def strategy_discussion(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the strategy discussion that started enquiries about children of the family."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    form = drafts.kept_form(request, StrategyDiscussionForm, children=children_of(family, on=today), on=today)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if form.accepts(
            lambda: record_strategy_discussion(
                family=family,
                children=list(data["children"]),
                held_at=form.held_at,
                reason=data["reason"],
                agencies_present=data["agencies_present"],
                by=signed_in(request),
                now=timezone.now(),
            )
        ):
            messages.success(request, "The strategy discussion is recorded, and the time limit is running.")
            return redirect("conferences:enquiries", family.pk)
    return form_page(
        request,
        family,
        form,
        template="conferences/family_form_page.html",
        title="Record a strategy discussion",
        lead="The discussion that decided to start section 47 enquiries. Its day starts the time limit "
        "for the conference, and moving the conference later does not start it again.",
        button="Save the strategy discussion",
    )


def enquiries(request: HttpRequest, pk: int) -> HttpResponse:
    """The family's section 47 enquiries: the last day for the conference, and every day that was counted."""
    family = access_family(request, pk)
    today = timezone.localdate()
    discussions = [row for row in discussions_of(family) if row.enquiries.all()]
    states = states_of(enquiry for row in discussions for enquiry in row.enquiries.all())
    rows = [
        {"counted": counted, "states": [states[enquiry.pk] for enquiry in counted.enquiries]}
        for discussion in discussions
        for counted in counted_alike(discussion, authority_id=family.authority_id, today=today)
    ]
    user = signed_in(request)
    may_change = may_change_family(user, family)
    transfers = transfers_of(family)
    waiting = bool(waiting_enquiries(family)) or any(row.needs_conference for row in transfers)
    context = {
        "family": family,
        "rows": rows,
        "transfers": transfers,
        "waiting": waiting and may_change,
        "may_change": may_change,
        "may_convene": may_change and any(state.may_be_convened for state in states.values()),
        "may_choose_start": may_manage_family(user, family),
    }
    return render(request, "conferences/enquiries.html", context)


def end_enquiry(request: HttpRequest, pk: int, enquiry_pk: int) -> HttpResponse:
    """Record that an enquiry does not lead to a conference."""
    family = access_family(request, pk, to="change")
    enquiry = (
        Enquiry.objects.filter(pk=enquiry_pk, discussion__family=family)
        .select_related("child__person")
        .first()
    )
    if enquiry is None:
        raise Http404
    form = drafts.kept_form(request, EndEnquiryForm)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: end_without_conference(
                enquiry=enquiry, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )
        )
    ):
        messages.success(request, "The enquiry ends without a conference.")
        return redirect("conferences:enquiries", family.pk)
    return form_page(
        request,
        family,
        form,
        template="conferences/family_form_page.html",
        title=f"No conference for {short_name_of(enquiry.child)}",
        lead="The enquiry ends and its time limit stops. A manager has to have agreed.",
        button="End the enquiry",
        back_url=reverse("conferences:enquiries", args=[family.pk]),
    )


def convene(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a manager decided that a conference is needed."""
    family = access_family(request, pk, to="change")
    today, user = timezone.localdate(), signed_in(request)
    enquiries = Enquiry.objects.filter(discussion__family=family).select_related("child__person")
    waiting = [row.enquiry.pk for row in states_of(enquiries).values() if row.may_be_convened]
    managers = managers_of(family, on=today)
    form = drafts.kept_form(
        request,
        ConveneForm,
        enquiries=enquiries.filter(pk__in=waiting),
        managers=managers,
        initial={
            "children": waiting,
            "decided_on": today,
            "decided_by": user.pk if user in managers else None,
        },
    )
    if not waiting:
        raise Http404
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if form.accepts(
            lambda: decide_to_convene(
                enquiries=list(data["children"]),
                decided_at=form.decided_at,
                decided_by=data["decided_by"],
                now=timezone.now(),
            )
        ):
            messages.success(
                request, "It is recorded that a conference is needed. Ask the service for it now."
            )
            return redirect("conferences:ask-for-conference", family.pk)
    return form_page(
        request,
        family,
        form,
        template="conferences/family_form_page.html",
        title="A conference is needed",
        lead="Record when it was decided, and by which manager. The limit for asking the conference service runs "
        "from then; the limit for the conference itself has run since the strategy discussion.",
        button="Save the decision",
        back_url=reverse("conferences:enquiries", args=[family.pk]),
    )


def starting_discussion(request: HttpRequest, pk: int, enquiry_pk: int) -> HttpResponse:
    """As a manager, choose which of several discussions starts the time limit of an enquiry."""
    family = access_family(request, pk, to="manage")
    enquiry = (
        Enquiry.objects.filter(pk=enquiry_pk, discussion__family=family)
        .select_related("child__person", "child__pregnancy", "discussion")
        .first()
    )
    discussions = discussions_to_choose(enquiry) if enquiry else []
    if enquiry is None or len(discussions) < TWO:
        raise Http404
    standing = enquiry.starting_choices.first()
    form = drafts.kept_form(
        request,
        StartingDiscussionForm,
        discussions=discussions,
        last_days={row.pk: last_day_from(enquiry, row) for row in discussions},
        initial={"discussion": standing.discussion_id if standing else enquiry.discussion_id},
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: choose_starting_discussion(
                enquiry=enquiry, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )
        )
    ):
        messages.success(request, "The time limit is counted from the discussion that you chose.")
        return redirect("conferences:enquiries", family.pk)
    return form_page(
        request,
        family,
        form,
        template="conferences/family_form_page.html",
        title=f"Which discussion counts for {short_name_of(enquiry.child)}",
        lead=why_not_starting(enquiry, discussions[-1])
        or "A later discussion counts only where a manager decides so and says why. Until then the first one does.",
        button="Save the choice",
        back_url=reverse("conferences:enquiries", args=[family.pk]),
    )
