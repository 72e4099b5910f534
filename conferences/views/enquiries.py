"""Pages about section 47 enquiries: the discussion that starts them, the last day, ending without a conference."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.forms import ConveneForm, StartingDiscussionForm, StrategyDiscussionForm
from conferences.selectors.children import short_name_of
from conferences.selectors.enquiries import (
    ON_A_PLAN,
    counted_alike,
    discussions_in_full,
    discussions_to_choose,
    is_on_a_plan,
    last_day_from,
    managers_of,
    states_of,
    waiting_enquiries,
    waiting_reviews,
    why_not_starting,
)
from conferences.selectors.starting import may_choose_start, who_chooses_start
from conferences.selectors.transfers import transfers_of
from conferences.services.enquiries import (
    choose_starting_discussion,
    decide_to_convene,
    end_without_conference,
    record_strategy_discussion,
)
from families.access import access_family, may_change_family
from families.models import Enquiry, StrategyDiscussion
from families.selectors import children_of
from govuk import words
from govuk.date_fields import DateInput
from govuk.forms import ReasonForm
from govuk.generic import form_view

TWO = 2
PAGE = "conferences/family_form_page.html"


def strategy_discussion(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the strategy discussion that started enquiries about children of the family."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    form = kept_form(request, StrategyDiscussionForm, children=children_of(family, on=today), on=today)
    return form_view(
        request,
        form,
        lambda data: record_strategy_discussion(
            family=family, **{**data, "children": list(data["children"])}, by=user_of(request), now=timezone.now()
        ),
        renamed={"held_on": "held_at"},
        success_url=reverse("conferences:enquiries", args=[family.pk]),
        success_message=_recorded,
        cancel_url=reverse("families:family", args=[family.pk]),
        template_name=PAGE,
        family=family,
        title="Record a strategy discussion",
        lead="This is the discussion that decided to start section 47 enquiries. The time limit for "
        "the conference runs from that day. Moving the conference later does not restart it.",
    )


def _recorded(discussion: StrategyDiscussion) -> str:
    """Return what follows from a discussion: a running limit, or for children on a plan none."""
    enquiries = discussion.enquiries.select_related("child__person", "child__pregnancy")
    on_a_plan = words.listed([short_name_of(row.child) for row in enquiries if is_on_a_plan(row)])
    if not on_a_plan:
        return "The strategy discussion is recorded, and the time limit is running."
    return f"The strategy discussion is recorded. {ON_A_PLAN}, for {on_a_plan}. Consider an early review."


def enquiries(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the family's section 47 enquiries: the last day for the conference, and every day counted."""
    family = access_family(request, pk)
    today = timezone.localdate()
    discussions = [row for row in discussions_in_full(family) if row.enquiries.all()]
    states = states_of(enquiry for row in discussions for enquiry in row.enquiries.all())
    rows = [
        {"counted": counted, "states": [states[enquiry.pk] for enquiry in counted.enquiries]}
        for discussion in discussions
        for counted in counted_alike(discussion, authority_id=family.authority_id, today=today)
    ]
    user = user_of(request)
    may_change = may_change_family(user, family)
    transfers = transfers_of(family)
    waiting = bool(waiting_enquiries(family)) or any(row.needs_conference for row in transfers)
    context = {
        "family": family,
        "rows": rows,
        "transfers": transfers,
        "waiting": waiting and may_change,
        "names_to_review": words.listed([short_name_of(row.child) for row in waiting_reviews(family)]),
        "may_change": may_change,
        "may_convene": may_change and any(state.may_be_convened for state in states.values()),
        "may_choose_start": may_choose_start(user, family, on=today),
    }
    return render(request, "conferences/enquiries.html", context)


def end_enquiry(request: HttpRequest, pk: int, enquiry_pk: int) -> HttpResponse:
    """Record that an enquiry does not lead to a conference."""
    family = access_family(request, pk, to="change")
    enquiry = Enquiry.objects.filter(pk=enquiry_pk, discussion__family=family).select_related("child__person").first()
    if enquiry is None:
        raise Http404
    form = kept_form(
        request,
        ReasonForm,
        label="Why is no conference needed?",
        required="Say why no conference is needed",
        button="End the enquiry",
    )
    return form_view(
        request,
        form,
        lambda data: end_without_conference(enquiry=enquiry, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("conferences:enquiries", args=[family.pk]),
        success_message="The enquiry has ended without a conference.",
        cancel_url=reverse("conferences:enquiries", args=[family.pk]),
        template_name=PAGE,
        family=family,
        title=f"No conference for {short_name_of(enquiry.child)}",
        lead="The enquiry ends and its time limit stops. A manager must have agreed.",
    )


def convene(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a manager decided that a conference is needed."""
    family = access_family(request, pk, to="change")
    today, user = timezone.localdate(), user_of(request)
    enquiries = Enquiry.objects.filter(discussion__family=family).select_related("child__person", "child__pregnancy")
    waiting = [row.enquiry.pk for row in states_of(enquiries).values() if row.may_be_convened]
    managers = managers_of(family, on=today)
    form = kept_form(
        request,
        ConveneForm,
        enquiries=enquiries.filter(pk__in=waiting),
        managers=managers,
        initial={
            "children": waiting,
            "decided_at": [DateInput().decompress(today), None],
            "decided_by": user.pk if user in managers else None,
        },
    )
    if not waiting:
        raise Http404
    return form_view(
        request,
        form,
        lambda data: decide_to_convene(
            enquiries=list(data["children"]),
            decided_at=data["decided_at"],
            decided_by=data["decided_by"],
            now=timezone.now(),
        ),
        renamed={"decided_on": "decided_at"},
        success_url=reverse("conferences:ask-for-conference", args=[family.pk]),
        success_message="You have recorded that a conference is needed. Now ask the conference service to arrange it.",
        cancel_url=reverse("conferences:enquiries", args=[family.pk]),
        template_name=PAGE,
        family=family,
        title="A conference is needed",
        lead="Record when this was decided, and by which manager. The limit for asking the "
        "conference service runs from then. The limit for the conference itself has been "
        "running since the strategy discussion.",
    )


def starting_discussion(request: HttpRequest, pk: int, enquiry_pk: int) -> HttpResponse:
    """Choose, as whoever the procedures name, which of several discussions starts the time limit of an enquiry."""
    family = access_family(request, pk)
    today = timezone.localdate()
    enquiry = (
        Enquiry.objects.filter(pk=enquiry_pk, discussion__family=family)
        .select_related("child__person", "child__pregnancy", "discussion")
        .first()
    )
    discussions = discussions_to_choose(enquiry) if enquiry else []
    if enquiry is None or len(discussions) < TWO or not may_choose_start(user_of(request), family, on=today):
        raise Http404
    standing = enquiry.starting_choices.first()
    form = kept_form(
        request,
        StartingDiscussionForm,
        discussions=discussions,
        last_days={row.pk: last_day_from(enquiry, row) for row in discussions},
        initial={"discussion": standing.discussion_id if standing else enquiry.discussion_id},
    )
    return form_view(
        request,
        form,
        lambda data: choose_starting_discussion(enquiry=enquiry, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("conferences:enquiries", args=[family.pk]),
        success_message="The time limit is now counted from the discussion you chose.",
        cancel_url=reverse("conferences:enquiries", args=[family.pk]),
        template_name=PAGE,
        family=family,
        title=f"Choose which discussion counts for {short_name_of(enquiry.child)}",
        lead=why_not_starting(enquiry, discussions[-1])
        or f"A later discussion counts only if {who_chooses_start(family, on=today)} decides so and says why. Until "
        "then the first one counts.",
    )
