from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from families.models import Child, LegalStatus, Person, PersonName
from tests.families.conftest import TODAY

pytestmark = pytest.mark.django_db


def url(case, person, name="change-person"):
    return reverse(f"families:{name}", args=[case.family.pk, person.pk])


@pytest.fixture
def signed_in(client, council):
    client.force_login(council.worker)
    return client


def sent_back(page):
    """Return what the browser would submit if nothing were changed on the page."""
    form = page.context["form"]
    sent = {}
    for bound in form:
        value = bound.value()
        if value not in (None, "", False, []):
            sent[bound.html_name] = "on" if value is True else value
    return sent


def test_submitting_the_page_unchanged_changes_nothing(signed_in, case):
    person = case.mother
    person.nhs_number, person.access_needs, person.circumstances = "9990000018", "Large print", "In prison"
    person.save()
    before = Person.objects.filter(pk=person.pk).values().get()
    signed_in.post(url(case, person), sent_back(signed_in.get(url(case, person))))
    after = Person.objects.filter(pk=person.pk).values().get()
    assert after == before | {"birth_date_precision": "exact"}


def test_a_new_name_keeps_the_old_one(signed_in, case):
    form = sent_back(signed_in.get(url(case, case.mother))) | {"family_name": "Sedge"}
    signed_in.post(url(case, case.mother), form)
    assert Person.objects.get(pk=case.mother.pk).full_name == "Hazel Sedge"
    assert str(PersonName.objects.get()) == "Hazel Brambley"


def test_a_corrected_spelling_keeps_nothing(signed_in, case):
    form = sent_back(signed_in.get(url(case, case.mother))) | {"family_name": "Bramley", "keep_former_name": ""}
    signed_in.post(url(case, case.mother), form)
    assert not PersonName.objects.exists()


def test_a_childs_own_facts_are_changed_too(signed_in, case):
    form = sent_back(signed_in.get(url(case, case.robin.person)))
    signed_in.post(url(case, case.robin.person), form | {"upn": "H801200001001", "disabilities": ["LD"]})
    child = Child.objects.get(pk=case.robin.pk)
    assert (child.upn, child.disabilities, child.council_child_id) == ("H801200001001", ["LD"], "R1")


def test_a_childs_date_of_birth_can_not_be_cleared(signed_in, case):
    form = sent_back(signed_in.get(url(case, case.robin.person)))
    page = signed_in.post(url(case, case.robin.person), form | {"birth_date": "", "access_needs": "Breaks 🌻"})
    assert list(page.context["form"].errors) == ["birth_date"]
    assert "Breaks 🌻" in page.content.decode()


def test_an_unborn_child_is_not_asked_about_birth(signed_in, case):
    fields = set(signed_in.get(url(case, case.baby.person)).context["form"].fields)
    assert fields & {"birth_date", "birth_date_precision", "age_disputed", "death_date", "upn", "sex"} == set()


def test_adds_another_name(signed_in, case):
    for _ in range(2):
        signed_in.post(url(case, case.father, "add-name"), {"kind": "alias", "given_name": "Deano"})
    name = PersonName.objects.get()
    assert (name.person, name.kind, str(name)) == (case.father, "alias", "Deano")
    page = signed_in.post(url(case, case.father, "add-name"), {"kind": "alias"})
    assert page.context["form"].errors == {"given_name": ["Enter a first or a last name"]}


def test_records_a_legal_status(signed_in, case):
    signed_in.post(
        url(case, case.wren.person, "record-legal-status"),
        {"status": "looked_after", "starts_on": "2026-12-01", "source": "Order"},
    )
    status = LegalStatus.objects.get()
    assert (status.child, status.status, status.starts_on) == (case.wren, "looked_after", datetime.date(2026, 12, 1))


def test_an_adult_can_not_have_a_legal_status(signed_in, case):
    assert signed_in.get(url(case, case.mother, "record-legal-status")).status_code == 404


@pytest.mark.parametrize("who", ["robin", "baby", "mother", "grandmother"])
def test_the_page_of_each_person_shows_what_is_recorded(signed_in, case, who):
    row = getattr(case, who)
    person = getattr(row, "person", row)
    page = signed_in.get(url(case, person, "person"))
    about = page.context["about"]
    assert (about.person, about.child) == (person, row if isinstance(row, Child) else None)
    assert "Not recorded" in page.content.decode()


def test_a_record_ends_and_stays_in_the_history(signed_in, case):
    known = case.wren.involvements.get()
    address = reverse("families:end-record", args=[case.family.pk, "agency", known.pk])
    page = signed_in.post(address, {"on": "2026-12-09"})
    assert page.context["form"].errors == {
        "on": ["Enter today or an earlier day. You can only end something once it is over"]
    }
    signed_in.post(address, {"on": "2026-12-08"})
    known.refresh_from_db()
    assert (known.ends_on, known.is_current(TODAY)) == (TODAY, False)
    assert signed_in.get(address).status_code == 404
