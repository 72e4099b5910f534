"""Visits further apart than the ceiling count once whoever the procedures name has agreed to them."""

from __future__ import annotations

import datetime
from http import HTTPStatus

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.models import Conference
from deadlines.models import Deadline
from deadlines.policies import policy_for
from deadlines.to_decide import to_decide
from plans.models import LongerVisits, Plan
from plans.selectors.frequency import visits_every
from plans.services.longer_visits import answer_longer_visits
from tests.conferences.conftest import NOW
from tests.factories import procedures_with, user_with_role
from tests.meetings.test_closing import decide

pytestmark = pytest.mark.django_db
CEILING = 17  # Working days in four weeks from 22 December 2026.
NEXT_WEEK = NOW + datetime.timedelta(days=8)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def decided(meeting, words):
    procedures_with(meeting.authority, since=NOW.date(), values={"longer-visits-agreed-by": words})
    version = policy_for(meeting.authority, on=NOW.date()).version_id
    Conference.objects.filter(pk=meeting.conference.pk).update(policy_version_id=version)
    meeting.wren.refresh_from_db()
    decide(meeting, meeting.wren, visit_every_working_days=40, visit_reason="Lives with the aunt in the week")
    return Plan.objects.get(child=meeting.wren.child_id)


def every(plan, day):
    return Plan.objects.filter(pk=plan.pk).annotate(every=visits_every(day)).values_list("every", flat=True).get()


@pytest.mark.value("longer-visits-agreed-by")
@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("chair", set()),
        ("chair or their manager", set()),
        ("nobody", set()),
        ("team manager", {"manager"}),
        ("service manager", {"head"}),
    ],
)
def test_the_ceiling_counts_until_whoever_is_named_agrees(meeting, words, named):
    people = {"manager": meeting.manager, "chair": meeting.chair, "worker": meeting.worker}
    people["head"] = user_with_role(Role.SERVICE_MANAGER, authority=meeting.authority)
    plan = decided(meeting, words)
    listed = {who for who, user in people.items() if "longer-visits" in {key for _, key, *_ in to_decide(user)}}
    assert listed == named
    if not named:
        assert (every(plan, NOW.date()), LongerVisits.objects.count()) == (40, 0)
        return
    assert every(plan, NOW.date()) == CEILING
    longer = LongerVisits.objects.get()
    for who, user in people.items():
        if who not in named:
            with pytest.raises(ValidationError, match="By this council’s procedures"):
                answer_longer_visits(longer=longer, agreed=True, by=user, now=NEXT_WEEK)
    answer_longer_visits(longer=longer, agreed=True, by=people[min(named)], now=NEXT_WEEK)
    before, since = NEXT_WEEK.date() - datetime.timedelta(days=1), NEXT_WEEK.date()
    assert (every(plan, before), every(plan, since)) == (CEILING, 40)


def test_a_refusal_says_why_and_the_ceiling_goes_on(meeting, client):
    plan = decided(meeting, "team manager")
    longer = LongerVisits.objects.get()
    page = reverse("plans:agree-longer-visits", args=[plan.pk, longer.pk])
    shown = reverse("plans:plan", args=[plan.pk])
    client.force_login(meeting.manager)
    assert page in client.get(shown).content.decode()
    assert "Say why you do not agree" in client.post(page, {"answer": "no", "reason": ""}).content.decode()
    assert client.post(page, {"answer": "no", "reason": "She is three"}).status_code == HTTPStatus.FOUND
    assert "She is three" in client.get(shown).content.decode()
    assert every(plan, NEXT_WEEK.date()) == CEILING
    assert Deadline.objects.get(kind="visit", child_id=plan.child_id).own_amount == CEILING
