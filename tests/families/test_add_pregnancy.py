from __future__ import annotations

import datetime

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from families.models import Child, Person, Pregnancy
from tests.families.conftest import NOW

pytestmark = pytest.mark.django_db


def url(family):
    return reverse("families:add-pregnancy", args=[family.pk])


@pytest.fixture
def signed_in(client, council):
    client.force_login(council.worker)
    return client


def test_records_the_pregnancy_of_a_family_member(signed_in, case):
    Child.objects.filter(pk=case.baby.pk).update(pregnancy=None)
    Pregnancy.objects.update(outcome="unknown")
    signed_in.post(
        url(case.family),
        {"mother": case.mother.pk, "expected_on": "2027-06-01", "number_expected": "2", "source": "Midwife"},
    )
    pregnancy = Pregnancy.objects.latest("pk")
    assert (pregnancy.mother, pregnancy.expected_on, pregnancy.number_expected) == (
        case.mother,
        datetime.date(2027, 6, 1),
        2,
    )
    assert [child.person.sex for child in pregnancy.children.all()] == ["U", "U"]
    assert pregnancy.expected_dates.get().source == "Midwife"


def test_records_a_mother_who_is_not_known_yet(signed_in, family):
    page = signed_in.get(url(family))
    assert "mother" not in page.context["form"].fields
    signed_in.post(
        url(family),
        {
            "mother_given_name": "Fern",
            "mother_family_name": "Sedge",
            "mother_birth_date": "2010-06-01",
            "expected_on": "2027-04-01",
            "number_expected": "1",
        },
    )
    pregnancy = Pregnancy.objects.get()
    assert (pregnancy.mother.full_name, pregnancy.mother.age(NOW.date())) == ("Fern Sedge", 16)
    assert pregnancy.children.get().person.full_name == "Unborn baby Sedge"


def test_offers_only_members_who_could_be_pregnant(signed_in, case):
    offered = set(signed_in.get(url(case.family)).context["form"].fields["mother"].queryset)
    assert offered == {case.robin.person, case.wren.person, case.mother, case.grandmother}


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"mother": ""}, {"mother": ["Choose who is pregnant, or enter her name"]}),
        (
            {"expected_on": "2026-11-09"},
            {
                "expected_on": [
                    "This date has long passed. Check the year, or record the birth or how the pregnancy ended."
                ]
            },
        ),
        (
            {"expected_on": "2027-12-01"},
            {"expected_on": ["This date is too far ahead for a pregnancy. Check the year."]},
        ),
        ({"number_expected": "none"}, {"number_expected": ["Enter a number from 1 to 6"]}),
        ({"number_expected": "7"}, {"number_expected": ["Enter a number from 1 to 6"]}),
        (
            {},
            {
                "mother": [
                    "A pregnancy is already recorded for her. Change its expected date or record the birth first."
                ]
            },
        ),
    ],
)
def test_refuses_with_a_clear_message(signed_in, case, changes, errors):
    form = {"mother": case.mother.pk, "expected_on": "2027-06-01", "number_expected": "1", "source": "Scan 🌻"}
    page = signed_in.post(url(case.family), form | changes)
    assert page.context["form"].errors == errors
    assert "Scan 🌻" in page.content.decode()
    assert Pregnancy.objects.count() == 1


def test_a_date_just_past_is_accepted_with_a_warning(signed_in, family):
    response = signed_in.post(
        url(family), {"mother_given_name": "Fern", "expected_on": "2026-12-01", "number_expected": "1"}
    )
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert said == [
        "The expected date has passed. Record the birth as soon as you hear of it.",
        "The pregnancy is recorded.",
    ]


def test_submitting_the_form_twice_creates_one_pregnancy_and_one_mother(signed_in, family):
    form = {
        "mother_given_name": "Fern",
        "expected_on": "2027-04-01",
        "number_expected": "1",
        "form_key": "c0ffee00-0000-4000-8000-000000000001",
    }
    for _ in range(2):
        signed_in.post(url(family), form)
    assert (Pregnancy.objects.count(), Child.objects.count(), Person.objects.count()) == (1, 1, 2)


def test_changes_the_expected_date(signed_in, case):
    address = reverse("families:change-expected-date", args=[case.family.pk, case.pregnancy.pk])
    signed_in.post(address, {"expected_on": "2027-04-09", "source": "Scan of 1 December"})
    case.pregnancy.refresh_from_db()
    assert case.pregnancy.expected_on == datetime.date(2027, 4, 9)
    page = signed_in.post(address, {"expected_on": "2025-04-09", "source": "Scan"})
    assert list(page.context["form"].errors) == ["expected_on"]
