"""A child's death is recorded, or consent taken back, while the chair of a review decides."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import ConferenceStatus, Outcome
from conferences.models import Decision
from families.enums import Answer
from families.services import record_death
from meetings.services.closing import agree_next_dates, close_conference
from meetings.services.decisions import Consent
from notifications.models import Notice
from plans.enums import EndReason, PlanKind
from plans.models import ConsentMatter, Plan
from plans.services.cin import withdraw_consent
from tests.conferences.conftest import NOW
from tests.factories import PlanFactory
from tests.meetings.test_decisions import decide, holder, plan_and_views
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
LOWERED = {
    "outcome": Outcome.CIN_PLAN, "still_harm": "no", "ends_because": "safer", "went_on_reason": "So",
    "against_majority_reason": "So", "help_offered": "The school’s family worker, until Easter",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def review(meeting):
    return as_review(meeting)


def as_review(meeting):
    """Return the meeting as a review of both children's plans, in session."""
    for row in (meeting.wren, meeting.robin):
        row.kind, row.enquiry = "review", None
        row.save()
        PlanFactory(child=row.child, starts_on=datetime.date(2026, 10, 1))
    plan_and_views(meeting, meeting.wren)
    meeting.hazel = meeting.people.hazel.person
    holder(meeting.wren, meeting.hazel)
    return meeting


def plans(row):
    return list(Plan.objects.filter(child=row.child).order_by("pk").values_list("kind", "end_reason"))


def agree(review):
    agree_next_dates(
        conference=review.conference, first_core_group_at=NOW + 5 * DAY, first_core_group_place="Meadow Lane",
        review_at=NOW + 80 * DAY, by=review.coordinator, now=NOW,
    )  # fmt: skip


def die(review):
    record_death(
        person=review.wren.child.person, died_on=NOW.date(), source="The hospital rang", by=review.worker, now=NOW
    )  # fmt: skip


def test_nothing_is_decided_for_a_child_whose_death_is_recorded_meanwhile(client, review):
    client.force_login(review.chair)
    url = reverse("meetings:check-decision", args=[review.conference.pk, review.wren.pk])
    die(review)
    with pytest.raises(ValidationError, match="This child has died"):
        decide(review, **LOWERED)
    said = client.post(url, {"outcome": "plan_ends", "rationale": "She is well", "still_harm": "no"}, follow=True)
    assert (Decision.objects.exists(), plans(review.wren)) == (False, [(PlanKind.CP, EndReason.DIED)])
    page = said.content.decode()
    assert ("This child has died" in page, "The child died." in page) == (True, True)
    # The meeting goes on for the other child.
    assert decide(review, review.robin, **{**LOWERED, "outcome": Outcome.OTHER_SUPPORT}).on_plan == "goes_on"


@pytest.mark.parametrize(
    ("facts", "after"),
    [
        ({**LOWERED, "outcome": Outcome.CP_PLAN, "still_harm": "yes"}, [("cp", "died")]),
        (LOWERED, [("cp", "stepped_down"), ("cin", "died")]),
        ({**LOWERED, "outcome": Outcome.PLAN_ENDS}, [("cp", "no_longer_at_risk")]),
    ],
)
def test_a_death_recorded_after_the_decision_ends_what_it_left_in_force(review, facts, after):
    consents = [Consent(review.hazel, Answer.YES)] if facts["outcome"] == Outcome.CIN_PLAN else []
    decide(review, **facts, consents=consents)
    die(review)
    assert plans(review.wren) == after
    assert plans(review.robin) == [("cp", "")]


def test_who_disagrees_at_the_conference_goes_to_a_manager_and_the_other_never_learns_it(review):
    dale = review.people.dale.person
    holder(review.wren, dale)
    no = Consent(dale, Answer.REFUSED, "I do not trust it")
    decide(review, **LOWERED, consents=[no, Consent(review.hazel, Answer.YES)])
    cin = Plan.objects.get(child=review.wren.child, kind=PlanKind.CIN)
    matter = ConsentMatter.objects.get()
    assert (matter.kind, matter.consent.person, matter.raised_by) == ("disagreed", dale, review.chair)
    assert dict(cin.consents.values_list("person", "answer")) == {dale.pk: "refused", review.hazel.pk: "yes"}
    told = Notice.objects.filter(key__startswith=f"consent-matter:{matter.pk}:")
    assert {row.user for row in told} == {review.manager}
    assert "I do not trust it" not in "".join(row.text for row in told)


def test_consent_taken_back_before_the_meeting_is_closed_waits_for_the_manager_and_closes_it_all_the_same(review):
    decide(review, **LOWERED, consents=[Consent(review.hazel, Answer.YES)])
    cin = Plan.objects.get(child=review.wren.child, kind=PlanKind.CIN)
    withdraw_consent(
        consent=cin.consents.get(), withdrawn_on=NOW.date(), because="She has thought again", by=review.worker, now=NOW
    )  # fmt: skip
    decide(review, review.robin, **{**LOWERED, "outcome": Outcome.OTHER_SUPPORT})
    agree(review)
    closed = close_conference(conference=review.conference, by=review.chair, ended_at=NOW, now=NOW)
    cin.refresh_from_db()
    assert (closed.status, cin.is_open, ConsentMatter.objects.get().plan) == (ConferenceStatus.CLOSED, True, cin)
