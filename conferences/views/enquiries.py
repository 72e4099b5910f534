"""Pages about section 47 enquiries: the discussion that starts them, the last day, ending without a conference."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import drafts
from conferences.forms import EndEnquiryForm, StrategyDiscussionForm
from conferences.selectors.children import short_name_of
from conferences.selectors.enquiries import counted, discussions_of, states_of, waiting_enquiries
from conferences.services.enquiries import end_without_conference, record_strategy_discussion
from families.access import access_family, may_change_family
from families.models import Enquiry
from families.selectors import children_of
from families.views.parts import form_page, signed_in


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
        {
            "counted": counted(discussion, authority_id=family.authority_id, today=today),
            "states": [states[enquiry.pk] for enquiry in discussion.enquiries.all()],
        }
        for discussion in discussions
    ]
    may_change = may_change_family(signed_in(request), family)
    context = {
        "family": family,
        "rows": rows,
        "waiting": bool(waiting_enquiries(family)) and may_change,
        "may_change": may_change,
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
