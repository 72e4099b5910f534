"""What a decision needs besides plan and views: its fields, reasons and consents."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from conferences.enums import Outcome
from families.enums import Answer
from meetings.enums import ViewStatus
from meetings.services.decisions import Consent, is_beyond_ceiling
from notifications.models import Notice
from plans.models import Plan
from tests.meetings.test_decisions import PROFESSIONALS, decide, holder, plan_and_views, ready  # noqa: F401 the fixtures

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"rationale": " "}, ["rationale"]),
        ({"outcome": "adoption"}, ["outcome"]),
        ({"main_category": ""}, ["main_category"]),
        ({"key_worker": None}, ["key_worker"]),
        ({"visit_every_working_days": None}, ["visit_every_working_days"]),
        ({"visit_every_working_days": 0}, ["visit_every_working_days"]),
        ({"core_group": []}, ["core_group"]),
        ({"visit_every_working_days": 40}, ["visit_reason"]),
    ],
)
def test_errors_in_a_child_protection_plan_appear_beside_their_fields(ready, changes, fields):  # noqa: F811
    with pytest.raises(ValidationError) as refused:
        decide(ready, **changes)
    assert list(refused.value.message_dict) == fields


def test_a_core_group_needs_more_than_the_key_worker(ready):  # noqa: F811
    with pytest.raises(ValidationError) as refused:
        decide(ready, core_group=[ready.people.amara])
    assert list(refused.value.message_dict) == ["core_group"]


def test_visits_beyond_the_ceiling_need_a_reason(ready):  # noqa: F811
    decision = decide(ready, visit_every_working_days=40, visit_reason="Lives with the aunt in the week")
    assert (decision.visit_every_working_days, decision.visit_reason) == (40, "Lives with the aunt in the week")
    assert is_beyond_ceiling(ready.conference, ready.sitting, 10) is False


def test_an_18_year_old_gets_no_new_plan(ready):  # noqa: F811
    """T20."""
    ready.wren.child.person.birth_date = datetime.date(2008, 12, 22)
    ready.wren.child.person.save()
    with pytest.raises(ValidationError) as refused:
        decide(ready)
    assert refused.value.message_dict == {
        "outcome": ["This person is 18 or older. A new child protection plan is not possible."]
    }


def test_deciding_against_most_professionals_needs_a_reason(ready):  # noqa: F811
    facts = {"outcome": Outcome.OTHER_SUPPORT, "help_offered": "The school's family worker"}
    with pytest.raises(ValidationError) as refused:
        decide(ready, **facts)
    assert list(refused.value.message_dict) == ["against_majority_reason"]
    decision = decide(ready, **facts, against_majority_reason="He has left for good.")
    assert decision.against_majority_reason == "He has left for good."


@pytest.mark.parametrize("outcome", [Outcome.FURTHER_ASSESSMENT, Outcome.OTHER_SUPPORT])
def test_the_help_offered_is_required_without_a_plan(ready, outcome):  # noqa: F811
    with pytest.raises(ValidationError) as refused:
        decide(ready, outcome=outcome, against_majority_reason="So")
    assert list(refused.value.message_dict) == ["help_offered"]


def test_consent_is_recorded_for_each_holder_of_responsibility(meeting):
    """T17: two parents disagree; one agreement carries the plan and both answers are kept."""
    plan_and_views(meeting, meeting.wren, views=dict.fromkeys(PROFESSIONALS, ViewStatus.CIN_PLAN))
    hazel, dale = meeting.people.hazel.person, meeting.people.dale.person
    holder(meeting.wren, hazel)
    holder(meeting.wren, dale)
    with pytest.raises(ValidationError) as refused:
        decide(meeting, outcome=Outcome.CIN_PLAN, consents=[Consent(hazel, Answer.YES)])
    assert refused.value.message_dict == {"consents": ["Record what Dale Ashdown said about the plan."]}
    decision = decide(
        meeting,
        outcome=Outcome.CIN_PLAN,
        consents=[Consent(hazel, Answer.YES), Consent(dale, Answer.NO, "He never agreed")],
    )
    assert sorted(decision.consents.values_list("person__given_name", "answer", "note")) == [
        ("Dale", "no", "He never agreed"), ("Hazel", "yes", ""),
    ]  # fmt: skip


def test_a_16_year_old_is_also_asked_to_consent(meeting):
    """T17."""
    meeting.wren.child.person.birth_date = datetime.date(2010, 6, 1)
    meeting.wren.child.person.save()
    plan_and_views(meeting, meeting.wren, views=dict.fromkeys(PROFESSIONALS, ViewStatus.CIN_PLAN))
    with pytest.raises(ValidationError) as refused:
        decide(meeting, outcome=Outcome.CIN_PLAN)
    assert refused.value.message_dict == {"consents": ["Record what Wren Brambley said about the plan."]}


def test_a_refused_plan_tells_the_manager(meeting):
    plan_and_views(meeting, meeting.wren, views=dict.fromkeys(PROFESSIONALS, ViewStatus.CIN_PLAN))
    hazel = meeting.people.hazel.person
    holder(meeting.wren, hazel)
    facts = {"outcome": Outcome.CIN_REFUSED, "help_offered": "The health visitor stays in touch"}
    with pytest.raises(ValidationError) as refused:
        decide(meeting, **facts, consents=[Consent(hazel, Answer.YES)])
    assert list(refused.value.message_dict) == ["consents"]
    with pytest.raises(ValidationError):
        decide(meeting, outcome=Outcome.CIN_PLAN, consents=[Consent(hazel, Answer.NO)])
    decision = decide(meeting, **facts, consents=[Consent(hazel, Answer.NO)])
    notice = Notice.objects.get(user=meeting.manager, key=f"plan-refused:{decision.pk}")
    assert notice.urgent is True
    assert Plan.objects.count() == 0
