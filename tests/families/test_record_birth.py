from __future__ import annotations

import pytest
from django.urls import reverse

from families import events
from families.events import EventKind
from families.models import Child
from tests.families.conftest import TODAY
from tests.hooks import restored

pytestmark = pytest.mark.django_db


def url(case):
    return reverse("families:record-birth", args=[case.family.pk, case.pregnancy.pk])


@pytest.fixture
def signed_in(client, council):
    client.force_login(council.worker)
    return client


@pytest.fixture
def heard():
    """Events announced during the test."""
    found = []
    with restored(events.case_changed):
        events.case_changed.connect(found.append)
        yield found


def baby(case, **changes):
    prefix = f"child-{case.baby.pk}"
    filled = {"born": "on", "given_name": "", "family_name": "Brambley", "sex": "F", **changes}
    return {f"{prefix}-{name}": value for name, value in filled.items()}


def test_the_unborn_child_is_born(signed_in, case, heard):
    signed_in.post(url(case), {"birth_date": "2026-12-07", **baby(case)})
    child = Child.objects.get(pk=case.baby.pk)
    assert (child.council_child_id, child.is_unborn, child.person.full_name, child.person.sex) == (
        "B1",
        False,
        "Baby Brambley",
        "F",
    )
    assert [event.kind for event in heard] == [EventKind.BORN]


def test_an_unexpected_baby_is_announced_separately(signed_in, case, heard):
    unexpected = {"unexpected-born": "on", "unexpected-given_name": "Moss", "unexpected-family_name": "Brambley"}
    signed_in.post(url(case), {"birth_date": "2026-12-07", **baby(case, given_name="Fern"), **unexpected})
    assert [(event.kind, event.family_ids) for event in heard] == [
        (EventKind.BORN, (case.family.pk,)),
        (EventKind.UNEXPECTED_CHILD_BORN, (case.family.pk,)),
    ]
    assert Child.objects.filter(pregnancy=case.pregnancy).count() == 2


@pytest.mark.parametrize(
    ("form", "errors"),
    [
        ({"birth_date": "2026-12-09"}, {"birth_date": ["The date of birth can’t be in the future"]}),
        ({"birth_date": "2026-12-07", "born": ""}, {"__all__": ["Tick at least one baby who was born."]}),
    ],
)
def test_refuses_with_a_clear_message(signed_in, case, form, errors):
    born = {"born": form["born"]} if "born" in form else {}
    page = signed_in.post(url(case), {"birth_date": form["birth_date"], **baby(case, given_name="Fern 🌻", **born)})
    assert page.context["form"].errors == errors
    assert "Fern 🌻" in page.content.decode()
    assert Child.objects.get(pk=case.baby.pk).is_unborn


def test_a_bad_nhs_number_is_refused(signed_in, case):
    page = signed_in.post(url(case), {"birth_date": "2026-12-07", **baby(case, nhs_number="12")})
    assert [list(one.errors) for one in page.context["babies"]] == [["nhs_number"], []]


def test_a_birth_is_recorded_once(signed_in, case):
    signed_in.post(url(case), {"birth_date": "2026-12-07", **baby(case)})
    assert signed_in.post(url(case), {"birth_date": "2026-12-07", **baby(case)}).status_code == 404


def test_the_end_without_a_living_child_is_announced(signed_in, case, heard):
    address = reverse("families:end-pregnancy", args=[case.family.pk, case.pregnancy.pk])
    ended = {"outcome": "stillbirth", "ended_on": "2026-12-08", "source": "Midwife"}
    check = signed_in.post(address, ended).content.decode()
    assert (case.mother.full_name in check, heard) == (True, [])
    for _ in range(2):
        signed_in.post(address, ended | {"confirm": "yes"})
    assert [event.kind for event in heard] == [EventKind.PREGNANCY_ENDED]
    assert Child.objects.get(pk=case.baby.pk).person.death_date == TODAY


def test_how_a_pregnancy_ended_is_for_managers_alone(client, signed_in, case):
    address = reverse("families:end-pregnancy", args=[case.family.pk, case.pregnancy.pk])
    ended = {"outcome": "stillbirth", "ended_on": "2026-12-08", "source": "Midwife"}
    assert "Her date of birth" in signed_in.post(address, ended).content.decode()
    signed_in.post(address, ended | {"confirm": "yes"})
    pages = [
        reverse(f"families:{name}", args=[case.family.pk, person.pk])
        for name in ("person", "see-person-history")
        for person in (case.baby.person, case.mother)
    ]
    read = [client.get(page).content.decode() for page in pages]
    assert "The pregnancy has ended" in read[0]
    assert [page for page, said in zip(pages, read, strict=True) if "stillbirth" in said.lower()] == []
    client.force_login(case.council.manager)
    assert "Stillbirth" in client.get(pages[0]).content.decode()
