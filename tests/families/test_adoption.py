"""An adoption order: an act of its own that seals the record, stops everything, and closes no plan by itself."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import ConferenceKind, WithdrawalGround
from conferences.models import ConferenceChild
from deadlines.models import Deadline
from families.enums import AdoptedBy
from families.models import Adoption, Person
from families.services import record_adoption, record_death, seal_adopted, withdraw_adoption
from notifications.models import Notice
from plans.models import Plan
from plans.selectors.listed_children import listed_children
from plans.services.plans import close_plan
from tests.case_events import CaseEvents, at
from tests.factories import PersonFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

HELD = date(2026, 12, 22)
ORDERED = date(2027, 2, 1)
NOW = at(date(2027, 2, 8))
MARKER = "Zephyrine"


@once_per_module()
def life():
    return CaseEvents()


@once_per_module()
def child(life):
    """A child with a plan since 22 December, beside a brother who has one too."""
    made, life.brother = life.child(person__given_name=MARKER, person__birth_date=date(2024, 5, 5)), life.child()
    life.manager = user_with_role(Role.TEAM_MANAGER, team=life.family.team)
    life.service = user_with_role(Role.SERVICE_MANAGER, authority=life.authority)
    life.closes(life.held([made, life.brother], HELD))
    life.count(now=NOW)
    return made


def ordered(life, child, **changes):
    facts = {
        "adopted_by": AdoptedBy.OTHERS,
        "ordered_on": ORDERED,
        "court": "Family court, 27/04",
        "source": "The court",
        "may_see": [life.service],
        **changes,
    }
    return record_adoption(person=child.person, by=life.manager, now=NOW, **facts)


def sealed(child):
    return Person.objects.get(pk=child.person_id).sealed_at is not None


def ended(life, child):
    close_plan(
        Plan.objects.get(child=child), reason="no_longer_at_risk", on=date(2027, 1, 29), by=life.manager, now=NOW
    )


def test_an_order_ends_no_open_plan_and_seals_nothing_until_a_manager_has_ended_it(life, child):
    adoption = ordered(life, child)
    assert Plan.objects.get(child=child).is_open
    assert child in listed_children([life.authority.pk], on=NOW.date())
    assert not sealed(child)
    assert Notice.objects.filter(user=life.manager, key__startswith="adoption-of-a-child-on-a-plan").exists()
    with pytest.raises(ValidationError, match="An adoption ends no plan"):
        seal_adopted(adoption=adoption, because="Order", by=life.manager, now=NOW)
    ended(life, child)
    seal_adopted(adoption=adoption, because="The plan has ended", by=life.manager, now=NOW)
    assert sealed(child)
    assert Plan.objects.get(child=life.brother).is_open


def test_without_an_open_plan_the_record_is_sealed_at_once_and_everything_stops(life, child):
    ahead = life.booked([child, life.brother], date(2027, 3, 15), kind=ConferenceKind.REVIEW)
    ended(life, child)
    ordered(life, child)
    assert sealed(child)
    row = ConferenceChild.objects.get(conference=ahead, child=child)
    assert row.withdrawn_ground == WithdrawalGround.SEALED
    assert ConferenceChild.objects.get(conference=ahead, child=life.brother).withdrawn_at is None
    life.count()
    assert not Deadline.objects.open().filter(child_id=child.pk).exists()
    assert Deadline.objects.open().filter(child_id=life.brother.pk, kind="visit").exists()


def test_recorded_twice_it_is_one_and_another_order_is_refused(life, child):
    assert ordered(life, child) == ordered(life, child)
    with pytest.raises(ValidationError, match="recorded already"):
        ordered(life, child, ordered_on=date(2027, 1, 4))
    assert Adoption.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ordered_on": date(2027, 2, 9)}, "ordered_on"),
        ({"ordered_on": date(2024, 5, 4)}, "ordered_on"),
        ({"court": " "}, "court"),
        ({"source": ""}, "source"),
        ({"adopted_by": "x"}, "adopted_by"),
    ],
)
def test_refuses_what_cannot_be(life, child, changes, field):
    with pytest.raises(ValidationError) as caught:
        ordered(life, child, **changes)
    assert list(caught.value.message_dict) == [field]
    assert not Adoption.objects.exists()


def test_no_order_about_an_adult_or_a_child_who_died(life, child):
    with pytest.raises(ValidationError, match="a child who lives"):
        record_adoption(
            person=PersonFactory(authority=life.authority),
            adopted_by=AdoptedBy.OTHERS,
            ordered_on=ORDERED,
            court="x",
            source="x",
            may_see=[],
            by=life.manager,
            now=NOW,
        )
    record_death(person=child.person, died_on=date(2027, 2, 2), source="Police", by=life.manager, now=NOW)
    with pytest.raises(ValidationError, match="a child who lives"):
        ordered(life, child)


def test_adopted_within_the_family_a_child_stays_and_is_sealed_only_by_decision(life, child):
    ended(life, child)
    adoption = ordered(life, child, adopted_by=AdoptedBy.FAMILY)
    assert not sealed(child)
    with pytest.raises(ValidationError):
        seal_adopted(adoption=adoption, because=" ", by=life.manager, now=NOW)
    seal_adopted(adoption=adoption, because="The father is dangerous", by=life.manager, now=NOW)
    assert sealed(child)


def test_entered_in_error_the_record_opens_again_and_both_texts_stay(life, child):
    ahead = life.booked([child, life.brother], date(2027, 3, 15), kind=ConferenceKind.REVIEW)
    ended(life, child)
    adoption = ordered(life, child)
    withdraw_adoption(adoption=adoption, because="Another child", by=life.service, now=NOW)
    withdraw_adoption(adoption=adoption, because="Again", by=life.manager, now=NOW)
    assert not sealed(child)
    adoption.refresh_from_db()
    assert (adoption.withdrawn_because, adoption.withdrawn_by, adoption.sealed_by) == (
        "Another child",
        life.service,
        life.manager,
    )
    assert ConferenceChild.objects.get(conference=ahead, child=child).withdrawn_at is None
    assert ordered(life, child).pk != adoption.pk


# The pages


TYPED = {
    "adopted_by": "others",
    "ordered_on": ORDERED.isoformat(),
    "court": "Family court, 27/04",
    "source": "The court",
}


@time_machine.travel(NOW, tick=False)
def test_the_page_repeats_name_and_birth_date_and_only_the_second_button_acts(life, child, client):
    ended(life, child)
    client.force_login(life.manager)
    url = reverse("families:record-adoption", args=[life.family.pk, child.person_id])
    check = client.post(url, {**TYPED, "may_see": [life.service.pk]}).content.decode()
    for words in (MARKER, "5\xa0May\xa02024", "What happens at once", life.service.name):
        assert words in check
    assert not Adoption.objects.exists()
    answer = client.post(url, {**TYPED, "may_see": [life.service.pk], "confirm": "yes"})
    assert answer["Location"] == reverse("families:family", args=[life.family.pk])
    assert sealed(child)
    assert set(Adoption.objects.get().may_see.all()) == {life.manager, life.service}
    # Back, and the button again.
    assert client.post(url, {**TYPED, "confirm": "yes"}).status_code == 404


def test_those_named_see_the_order_without_a_name_and_no_one_else_does(life, child, client):
    ended(life, child)
    adoption = ordered(life, child)
    other = user_with_role(Role.SERVICE_MANAGER, authority=life.authority)
    error = reverse("families:withdraw-adoption", args=[adoption.pk])
    for user, sees in ((life.service, True), (other, False)):
        client.force_login(user)
        page = client.get(reverse("families:sealed")).content.decode()
        assert (child.council_child_id in page) is sees
        assert MARKER not in page
        assert client.get(error).status_code == (200 if sees else 404)
    client.force_login(life.service)
    assert client.post(error, {"because": "Another child"}).status_code == 302
    assert not sealed(child)
