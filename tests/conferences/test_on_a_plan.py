"""A child on an own open plan has a review: never booked, corrected to or decided as an initial conference."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from conferences.enums import ConferenceKind, ConferenceStatus
from conferences.models import Conference, ConferenceChild
from conferences.selectors.enquiries import open_enquiries, waiting_enquiries
from conferences.selectors.joining import known_about
from conferences.services.booking import ChildToConfer
from conferences.services.children import add_child
from conferences.services.enquiries import end_without_conference, record_strategy_discussion
from conferences.services.scheduling import request_conference
from deadlines.models import Deadline
from families.enums import EnquiryOutcome
from families.models import AgencyInvolvement, Enquiry, TransferIn
from plans.enums import EndReason
from plans.models import Plan
from tests.conferences.story import HELD_AT, NOW
from tests.conferences.test_pages_before_the_day import DISCUSSION, clock, schedule_data  # noqa: F401 the fixture
from tests.factories import (
    AgencyFactory,
    AgencyInvolvementFactory,
    ConferenceChildFactory,
    ConferenceFactory,
    DecisionFactory,
    PlanFactory,
    SittingFactory,
    policy_version_of,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
SINCE = datetime.date(2026, 9, 1)
SAID = "There is a child protection plan since 1\xa0September\xa02026 for Wren, so the conference is a review."
NOT_REQUIRED = "Initial conference not required: on a plan"


@once_per_module(at=NOW)
def on_plan(told):
    """Wren has a child protection plan of this council; nothing is discussed yet."""
    told.plan = PlanFactory(child=told.wren, starts_on=SINCE)
    return told


@pytest.fixture
def signed_in(on_plan, client):
    client.force_login(on_plan.coordinator)
    return client


def ask(told, kind, child=None, **fields):
    return request_conference(
        family=told.family,
        children=[ChildToConfer(child=child or told.wren, kind=kind, added_reason="Asked for", **fields)],
        reason="It is time.",
        by=told.coordinator,
        now=NOW,
    )


def discuss(told, *children):
    return record_strategy_discussion(
        family=told.family, children=children, held_at=HELD_AT, reason="A new bruise", agencies_present="Police",
        by=told.social_worker, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("kind", [ConferenceKind.INITIAL, ConferenceKind.PRE_BIRTH])
def test_no_initial_conference_is_asked_for(on_plan, kind):
    with pytest.raises(ValidationError) as refused:
        ask(on_plan, kind)
    assert refused.value.message_dict == {"children": [SAID]}
    assert not Conference.objects.exists()
    assert ask(on_plan, ConferenceKind.REVIEW).children.get().kind == "review"


def test_nor_a_transfer_in(on_plan):
    move = TransferIn.objects.create(
        family=on_plan.family, child=on_plan.wren, from_authority="Elsewhere", told_by="Their custodian",
        notified_on=NOW.date(), recorded_by=on_plan.coordinator, recorded_at=NOW,
        policy_version_id=policy_version_of(on_plan.authority),
    )  # fmt: skip
    assert known_about(on_plan.wren).usual_kind == ConferenceKind.REVIEW
    with pytest.raises(ValidationError):
        ask(on_plan, ConferenceKind.TRANSFER_IN, transfer=move)


def test_a_plan_held_elsewhere_or_ended_is_no_bar(on_plan):
    Plan.objects.filter(pk=on_plan.plan.pk).update(held_elsewhere="Elsewhere")
    assert ask(on_plan, ConferenceKind.INITIAL).children.get().kind == "initial"
    PlanFactory(child=on_plan.robin, starts_on=SINCE, ends_on=NOW.date(), end_reason=EndReason.LEFT_UK)
    assert ask(on_plan, ConferenceKind.INITIAL, on_plan.robin).children.get().kind == "initial"


@pytest.mark.parametrize("kind", ["initial", "pre_birth", "transfer_in"])
@pytest.mark.parametrize("status", [ConferenceStatus.REQUESTED, ConferenceStatus.OPEN])
def test_the_database_refuses_it_too(on_plan, kind, status):
    started = {"opened_at": NOW} if status == ConferenceStatus.OPEN else {}
    conference = ConferenceFactory(family=on_plan.family, status=status, **started)
    with pytest.raises(IntegrityError, match="review"), transaction.atomic():
        ConferenceChildFactory(conference=conference, child=on_plan.wren, kind=kind)
    row = ConferenceChildFactory(conference=conference, child=on_plan.wren, kind="review", enquiry=None)
    with pytest.raises(IntegrityError, match="review"), transaction.atomic():
        ConferenceChild.objects.filter(pk=row.pk).update(kind=kind, added_reason="So")


def test_the_database_refuses_a_decision_at_an_initial_one(on_plan):
    Plan.objects.update(held_elsewhere="Elsewhere")
    conference = ConferenceFactory(family=on_plan.family)
    row = ConferenceChildFactory(conference=conference, child=on_plan.wren)
    sitting = SittingFactory(conference=conference)
    Plan.objects.update(held_elsewhere="")
    with pytest.raises(IntegrityError, match="review"), transaction.atomic():
        DecisionFactory(conference_child=row, sitting=sitting)


def test_a_child_with_a_plan_is_not_added_as_initial(on_plan):
    conference = ask(on_plan, ConferenceKind.INITIAL, on_plan.robin)
    with pytest.raises(ValidationError) as refused:
        add_child(
            conference=conference, child=on_plan.wren, kind=ConferenceKind.INITIAL, because="She too",
            by=on_plan.coordinator, now=NOW, added_reason="Sister",
        )  # fmt: skip
    assert refused.value.message_dict == {"kind": [SAID]}


@pytest.mark.parametrize("page", ["schedule", "ask-for-conference"])
def test_the_page_proposes_a_review_and_refuses_anything_else(signed_in, on_plan, page):
    url = reverse(f"conferences:{page}", args=[on_plan.family.pk])
    found = signed_in.get(url, {"day": "2026-12-22"})
    assert found.context["form"][f"kind-{on_plan.wren.pk}"].value() == ConferenceKind.REVIEW
    assert "child protection plan since" in found.content.decode()
    typed = schedule_data(on_plan, children=[on_plan.wren.pk], added_reason="Asked for", reason="Typed words")
    refused = signed_in.post(url, {**typed, f"kind-{on_plan.wren.pk}": "initial"})
    assert refused.context["form"].errors == {f"kind-{on_plan.wren.pk}": [SAID]}
    assert ("Typed words" in refused.content.decode(), Conference.objects.count()) == (True, 0)
    signed_in.post(url, {**typed, f"kind-{on_plan.wren.pk}": "review"})
    assert ConferenceChild.objects.get().kind == "review"


def test_a_new_enquiry_records_that_no_initial_conference_is_required(on_plan):
    discuss(on_plan, on_plan.wren, on_plan.robin)
    enquiry = Enquiry.objects.get(child=on_plan.wren)
    assert (enquiry.outcome, enquiry.outcome_reason) == (EnquiryOutcome.CONFERENCE_NOT_REQUIRED, NOT_REQUIRED)
    assert Enquiry.objects.get(child=on_plan.robin).outcome == EnquiryOutcome.UNDER_WAY
    assert [row.child for row in waiting_enquiries(on_plan.family)] == [on_plan.robin]
    assert on_plan.wren.pk not in open_enquiries([on_plan.wren])
    running = Deadline.objects.filter(kind="initial-conference", met_at=None, not_needed="")
    assert list(running.values_list("child_id", flat=True)) == [on_plan.robin.pk]
    assert end_without_conference(enquiry=enquiry, reason="", by=on_plan.social_worker, now=NOW) == enquiry


def test_a_discussion_before_the_plan_began_is_an_enquiry_like_any_other(on_plan):
    Plan.objects.update(starts_on=HELD_AT.date() + datetime.timedelta(days=1))
    discuss(on_plan, on_plan.wren)
    assert Enquiry.objects.get().outcome == EnquiryOutcome.UNDER_WAY


def test_a_new_enquiry_proposes_an_early_review(signed_in, on_plan):
    discuss(on_plan, on_plan.wren)
    page = signed_in.get(reverse("conferences:enquiries", args=[on_plan.family.pk])).content.decode()
    assert NOT_REQUIRED in page
    assert "Consider an early review for Wren" in page
    assert "The conference has to be" not in page
    url = reverse("conferences:schedule", args=[on_plan.family.pk])
    assert f'href="{url}"' in page
    assert signed_in.get(url, {"day": "2026-12-22"}).context["form"]["children"].value() == [on_plan.wren.pk]
    ask(on_plan, ConferenceKind.REVIEW)
    page = signed_in.get(reverse("conferences:enquiries", args=[on_plan.family.pk])).content.decode()
    assert "Consider an early review" not in page


def test_a_sibling_still_has_the_limit_of_the_same_discussion(signed_in, on_plan):
    discuss(on_plan, on_plan.wren, on_plan.robin)
    page = signed_in.get(reverse("conferences:enquiries", args=[on_plan.family.pk]))
    text = " ".join(page.content.decode().split())
    assert "The strategy discussion about Robin was held on" in text
    assert "Consider an early review for Wren" in text
    form = signed_in.get(reverse("conferences:schedule", args=[on_plan.family.pk]), {"day": "2026-12-22"}).context[
        "form"
    ]
    assert set(form["children"].value()) == {on_plan.wren.pk, on_plan.robin.pk}
    kinds = {child: form[f"kind-{child.pk}"].value() for child in (on_plan.wren, on_plan.robin)}
    assert kinds == {on_plan.wren: "review", on_plan.robin: "initial"}


def test_the_discussion_recorded_says_what_to_do(signed_in, on_plan):
    signed_in.force_login(on_plan.social_worker)
    url = reverse("conferences:record-strategy-discussion", args=[on_plan.family.pk])
    page = signed_in.post(url, {**DISCUSSION, "children": [on_plan.wren.pk]}, follow=True).content.decode()
    assert f"The strategy discussion is recorded. {NOT_REQUIRED}, for Wren. Consider an early review." in page
    assert "time limit is running" not in page


def test_booking_warns_where_the_agencies_that_know_a_child_make_no_quorum(signed_in, on_plan):
    url = reverse("conferences:schedule", args=[on_plan.family.pk])
    discuss(on_plan, on_plan.wren, on_plan.robin)
    page = " ".join(signed_in.get(url, {"day": "2026-12-22"}).content.decode().replace("\xa0", " ").split())
    assert (
        "For Wren, 1 agency can count towards the quorum. It needs 2 agencies besides social care in direct contact "
        "with the child; without it the child protection plan can’t end or be lowered."
    ) in page
    assert "For Robin" not in page.split("There may be no quorum", 1)[1].split("If an agency is missing")[0]
    for kind in ("health_visiting", "social_care"):
        agency = AgencyFactory(authority=on_plan.authority, kind=kind, name=f"Hidden name {kind}")
        AgencyInvolvementFactory(child=on_plan.wren, agency=agency, direct_contact=kind != "health_visiting")
    assert "There may be no quorum" in signed_in.get(url, {"day": "2026-12-22"}).content.decode()
    AgencyInvolvement.objects.update(direct_contact=True)
    assert "There may be no quorum" not in signed_in.get(url, {"day": "2026-12-22"}).content.decode()


def test_the_request_and_the_overview_warn_where_there_can_be_no_quorum(signed_in, on_plan):
    discuss(on_plan, on_plan.wren, on_plan.robin)
    url = reverse("conferences:ask-for-conference", args=[on_plan.family.pk])
    assert "There may be no quorum" in signed_in.get(url).content.decode()
    asked = request_conference(
        family=on_plan.family,
        children=[ChildToConfer(child=on_plan.wren, kind=ConferenceKind.REVIEW)],
        reason="So",
        by=on_plan.social_worker,
        now=NOW,
    )
    overview = reverse("conferences:overview", args=[asked.pk])
    signed_in.force_login(on_plan.social_worker)
    assert "For Wren, 1\xa0agency can count" in signed_in.get(overview).content.decode()
    health = AgencyFactory(authority=on_plan.authority, kind="health_visiting", name="Health visiting")
    AgencyInvolvementFactory(child=on_plan.wren, agency=health, direct_contact=True)
    assert "There may be no quorum" not in signed_in.get(overview).content.decode()
    Conference.objects.filter(pk=asked.pk).update(status="cancelled", cancelled_because="So")
    AgencyInvolvement.objects.update(direct_contact=False)
    assert "There may be no quorum" not in signed_in.get(overview).content.decode()
