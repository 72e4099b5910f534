"""After a child's death nobody is rung about the child's plan, and the family about nothing before a manager says so."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from conferences.enums import Occasion, TellingHow, TellingOutcome
from conferences.models import ToTell
from conferences.selectors.telling import to_tell_in
from conferences.services.telling import record_telling
from deadlines.models import Deadline
from families.models import Loss
from families.services import let_messages_go, record_death, withdraw_loss
from plans.services.key_workers import hand_over_plan
from tests.reports.test_plan_paper import NOW, TODAY, _in_january_2027, life, released  # noqa: F401 the fixtures

pytestmark = pytest.mark.django_db

LATER = NOW + datetime.timedelta(hours=1)


def still(story):
    return {(row.participant.person.given_name, row.occasion) for row in to_tell_in(story, on=TODAY)}


def tell(story, at):
    row = ToTell.objects.get(participant=story.hazel, occasion=Occasion.CANCELLED)
    return record_telling(
        to_tell=row, outcome=TellingOutcome.TOLD, how=TellingHow.PHONE, at=at, by=story.worker, now=LATER
    )


def test_news_of_the_dead_childs_plan_is_told_to_nobody_and_the_family_waits_for_a_manager(life):  # noqa: F811
    released(life)
    hand_over_plan(
        plan=life.plan, to=life.worker, on=TODAY, because="She left", is_interim=False, by=life.manager, now=NOW
    )
    ToTell.objects.create(
        conference=life, participant=life.hazel, occasion=Occasion.CANCELLED, words="It is off", because="No e-mail",
        arose_at=NOW,
    )  # fmt: skip
    before = still(life)
    assert {occasion for _, occasion in before} == {Occasion.PLAN_VERSION, Occasion.KEY_WORKER, Occasion.CANCELLED}
    died = record_death(person=life.plan.child.person, died_on=TODAY, source="Police", by=life.worker, now=LATER)
    assert still(life) == set()
    assert not Deadline.objects.filter(kind="tell-otherwise", not_needed="", met_at__isnull=True).exists()
    with pytest.raises(ValidationError, match="A manager decides"):
        tell(life, LATER)
    let_messages_go(loss=died, because="The funeral was held", by=life.manager, now=LATER)
    assert still(life) == {("Hazel", Occasion.CANCELLED)}
    assert Deadline.objects.filter(kind="tell-otherwise", not_needed="", met_at__isnull=True).count() == 1
    withdraw_loss(loss=Loss.objects.get(), because="Another boy", by=life.manager, now=LATER)
    assert still(life) == before


def test_who_was_told_before_the_death_was_known_is_recorded_as_told(life):  # noqa: F811
    ToTell.objects.create(
        conference=life, participant=life.hazel, occasion=Occasion.CANCELLED, words="It is off", because="No e-mail",
        arose_at=NOW,
    )  # fmt: skip
    record_death(person=life.plan.child.person, died_on=TODAY, source="Police", by=life.worker, now=LATER)
    assert tell(life, NOW).outcome == TellingOutcome.TOLD
