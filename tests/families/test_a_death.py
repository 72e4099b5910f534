"""Recording a death is an act of its own, checked on a page that repeats who it is about."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from families import events
from families.events import EventKind
from families.models import Address, Loss, Person, Residence
from families.services import change_person
from families.services.people import PersonFacts
from tests.families.conftest import TODAY
from tests.hooks import restored

pytestmark = pytest.mark.django_db

DIED = datetime.date(2026, 12, 7)
ENTERED = {
    "died_on_0": "7",
    "died_on_1": "12",
    "died_on_2": "2026",
    "died_on": "2026-12-07",
    "source": "Police, PC Ash",
}


@pytest.fixture
def signed_in(client, council):
    client.force_login(council.worker)
    return client


def url(case, person, page="record-death"):
    return reverse(f"families:{page}", args=[case.family.pk, person.pk])


@pytest.fixture
def heard():
    found = []
    with restored(events.case_changed):
        events.case_changed.connect(found.append)
        yield found


def test_nothing_is_written_before_the_check_page_is_confirmed(signed_in, case, heard):
    page = signed_in.post(url(case, case.robin.person), ENTERED)
    words = page.content.decode()
    assert "Check that this is the right person" in words
    assert case.robin.person.full_name in words
    assert "Date of birth" in words
    assert (Loss.objects.count(), heard) == (0, [])
    back = signed_in.post(url(case, case.robin.person), ENTERED | {"change": "yes"}).content.decode()
    assert 'value="Police, PC Ash"' in back


def test_a_death_is_recorded_once_and_announced(signed_in, case, heard):
    for _ in range(2):
        page = signed_in.post(url(case, case.robin.person), ENTERED | {"confirm": "yes"}, follow=True)
    words = page.content.decode()
    assert "changes are saved" not in words
    assert "is recorded." in words
    assert "Police, PC Ash" in words
    case.robin.person.refresh_from_db()
    assert (case.robin.person.death_date, Loss.objects.get().source) == (DIED, "Police, PC Ash")
    assert [(event.kind, event.child_ids) for event in heard] == [(EventKind.PERSON_DIED, (case.robin.pk,))]


def test_the_page_of_details_knows_no_death(signed_in, case):
    page = signed_in.get(url(case, case.robin.person, "change-person"))
    assert "death_date" not in page.context["form"].fields
    case.robin.person.death_date = DIED
    case.robin.person.save()
    changed = change_person(
        person=case.robin.person, facts=PersonFacts(given_name="Rob"), by=case.council.worker, now=an_hour_later()
    )
    assert changed.death_date == DIED


def an_hour_later():
    return datetime.datetime.combine(TODAY, datetime.time(11), tzinfo=datetime.UTC)


def test_an_error_is_corrected_in_the_open(signed_in, case, heard):
    signed_in.post(url(case, case.robin.person), ENTERED | {"confirm": "yes"})
    wrong = {"because": "Another boy of that name"}
    check = signed_in.post(url(case, case.robin.person, "withdraw-loss"), wrong).content.decode()
    assert "Another boy of that name" in check
    assert "Police, PC Ash" in check
    for _ in range(2):
        page = signed_in.post(
            url(case, case.robin.person, "withdraw-loss"), wrong | {"confirm": "yes"}, follow=True
        ).content.decode()
    assert "Police, PC Ash" in page
    assert "Another boy of that name" in page
    assert [event.kind for event in heard] == [EventKind.PERSON_DIED, EventKind.LOSS_WITHDRAWN]
    signed_in.post(url(case, case.robin.person), ENTERED | {"confirm": "yes"})
    assert Loss.objects.filter(withdrawn_at=None).count() == 1


def test_an_unborn_child_and_somebody_elses_family_have_no_such_page(signed_in, case):
    assert signed_in.get(url(case, case.baby.person)).status_code == 404
    assert signed_in.get(url(case, case.robin.person, "withdraw-loss")).status_code == 404


def text_of(page):
    return " ".join(strip_tags(page.content.decode()).split())


def test_no_page_says_that_the_dead_live_somewhere_or_can_be_reached(signed_in, case):
    """The case's family page and the person's: what is said in the present is said of the living."""
    robin, hazel = case.robin.person, case.mother
    address = Address.objects.create(authority=case.council.authority, lines="1 Quay Road")
    for person in (robin, hazel):
        Residence.objects.create(person=person, address=address)
    family = reverse("families:family", args=[case.family.pk])
    living = signed_in.get(family).context["cards"]
    facts = {card["name"]: {fact["key"]: fact["value"] for fact in card["facts"]} for card in living}
    assert hazel.short_name in facts[robin.full_name]["Lives with"]
    assert hazel.full_name in facts[robin.full_name]["Parental responsibility"]
    Person.objects.filter(pk=hazel.pk).update(death_date=DIED)
    page = signed_in.get(family)
    facts = {card["name"]: {fact["key"]: fact["value"] for fact in card["facts"]} for card in page.context["cards"]}
    assert hazel.short_name not in facts[robin.full_name]["Lives with"]
    assert hazel.full_name not in facts[robin.full_name]["Parental responsibility"]
    assert "Nothing is sent any more" in text_of(page)
    own = text_of(signed_in.get(reverse("families:person", args=[case.family.pk, hazel.pk])))
    assert "Nothing is sent to Hazel any more" in own
    assert "Add a way to reach them" not in own
    Person.objects.filter(pk=robin.pk).update(death_date=DIED)
    (card,) = [card for card in signed_in.get(family).context["cards"] if card["name"] == robin.full_name]
    assert "Lives with" not in {fact["key"] for fact in card["facts"]}
