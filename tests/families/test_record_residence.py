from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from families.models import Address, ContactPoint, Residence
from families.services.whereabouts import clean_postcode

pytestmark = pytest.mark.django_db


def url(family):
    return reverse("families:record-residence", args=[family.pk])


@pytest.fixture
def signed_in(client, council):
    client.force_login(council.worker)
    return client


def test_records_residents_and_who_the_address_is_hidden_from(signed_in, case):
    response = signed_in.post(
        url(case.family),
        {
            "persons": [case.mother.pk, case.wren.person_id],
            "lines": " Hidden House \r\n\r\nQuiet Lane",
            "postcode": "ea123ql",
            "is_main": "on",
            "starts_on": "2026-12-01",
            "source": "Refuge",
            "hidden_from": [case.father.pk],
        },
    )
    rows = Residence.objects.order_by("person")
    assert response.url == reverse("families:family", args=[case.family.pk])
    assert {row.person for row in rows} == {case.mother, case.wren.person}
    assert [(str(row.address), row.confidential, list(row.hidden_from.all()), row.starts_on) for row in rows] == [
        ("Hidden House, Quiet Lane, EA12 3QL", True, [case.father], datetime.date(2026, 12, 1))
    ] * 2
    assert Address.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"persons": []}, {"persons": ["Choose at least one person who lives there"]}),
        ({"lines": " "}, {"lines": ["Enter the address"]}),
    ],
)
def test_refuses_with_a_clear_message_and_keeps_the_input(signed_in, case, changes, errors):
    form = {"persons": [case.mother.pk], "lines": "Hidden House", "source": "Neighbour 🌻"}
    page = signed_in.post(url(case.family), form | changes)
    assert page.context["form"].errors == errors
    assert "Neighbour 🌻" in page.content.decode()


def test_an_address_can_not_be_hidden_from_its_residents(signed_in, case):
    page = signed_in.post(
        url(case.family), {"persons": [case.mother.pk], "lines": "Hidden House", "hidden_from": [case.mother.pk]}
    )
    assert page.context["form"].errors == {"hidden_from": ["You can’t hide this from someone who lives there"]}


def test_submitting_the_form_twice_records_it_once(signed_in, case):
    for _ in range(2):
        signed_in.post(url(case.family), {"persons": [case.mother.pk], "lines": "Hidden House", "is_main": "on"})
    assert (Address.objects.count(), Residence.objects.count()) == (1, 1)


def test_an_unborn_child_can_not_have_an_address(signed_in, case):
    assert case.baby.person not in signed_in.get(url(case.family)).context["form"].fields["persons"].queryset


def test_postcodes_are_normalised():
    assert [clean_postcode(text) for text in ("ea12 3ql", "EA123QL", " ea1", "")] == ["EA12 3QL", "EA12 3QL", "EA1", ""]


def test_records_a_contact_detail(signed_in, case):
    address = reverse("families:record-contact-point", args=[case.family.pk, case.mother.pk])
    form = {"kind": "mobile", "value": "07700 900123", "is_safe": "on", "safety_note": "Only from 9 to 3"}
    form |= {"safe_how": "Asked her", "safe_on_day": "1", "safe_on_month": "12", "safe_on_year": "2025"}
    signed_in.post(address, form | {"confidential": "on"})
    signed_in.post(address, form | {"hidden_from": [case.father.pk], "is_safe": ""})
    point = ContactPoint.objects.get()
    assert (point.person, point.value, point.is_safe, point.safety_note, point.confidential) == (
        case.mother,
        "07700 900123",
        False,
        "Only from 9 to 3",
        True,
    )
    assert list(point.hidden_from.all()) == [case.father]


def test_an_invalid_e_mail_address_is_refused(signed_in, case):
    address = reverse("families:record-contact-point", args=[case.family.pk, case.mother.pk])
    page = signed_in.post(address, {"kind": "email", "value": "hazel at home"})
    assert page.context["form"].errors == {
        "value": ["Enter an e-mail address in the right format, such as name@example.com."]
    }
    assert "hazel at home" in page.content.decode()


def test_changes_who_an_address_is_hidden_from(signed_in, hidden):
    row = Residence.objects.get(person=hidden.mother)
    address = reverse("families:mark-whereabouts", args=[hidden.family.pk, "home", row.pk])
    signed_in.post(address, {"confidential": "on", "hidden_from": [hidden.robins_father.pk]})
    row.refresh_from_db()
    assert (row.confidential, list(row.hidden_from.all())) == (True, [hidden.robins_father])
    signed_in.post(address, {})
    row.refresh_from_db()
    assert (row.confidential, list(row.hidden_from.all())) == (False, [])
