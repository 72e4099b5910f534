from __future__ import annotations

import datetime
import uuid

import pytest
from django.urls import reverse

from families.models import ContactPoint, Person
from tests.families.conftest import TODAY

pytestmark = pytest.mark.django_db


def url(family):
    return reverse("families:add-person", args=[family.pk])


def entered(**changes):
    return {"given_name": "Heath", "family_name": "Sedge", "sex": "M", "form_key": str(uuid.uuid4()), **changes}


@pytest.fixture
def signed_in(client, council):
    client.force_login(council.worker)
    return client


def test_records_an_adult_and_their_tie_to_each_child_together(signed_in, case):
    response = signed_in.post(
        url(case.family),
        entered(
            birth_date="1990-01-02",
            birth_date_precision="exact",
            circumstances="In prison",
            email="heath@home.example",
            email_is_safe="on",
            safe_how="Asked him",
            safe_on="2025-12-01",
            mobile="07700 900456",
            **{
                f"child-{case.robin.pk}-kind": "step_parent",
                f"child-{case.robin.pk}-certainty": "known",
                f"child-{case.robin.pk}-responsibility": "held",
                f"child-{case.robin.pk}-basis": "agreement",
                f"child-{case.wren.pk}-kind": "father",
                f"child-{case.wren.pk}-certainty": "disputed",
                f"child-{case.wren.pk}-responsibility": "not_held",
                f"child-{case.baby.pk}-kind": "possible_father",
                f"child-{case.baby.pk}-certainty": "unknown",
            },
        ),
    )
    person = Person.objects.get(given_name="Heath")
    assert response.url == reverse("families:family", args=[case.family.pk])
    assert (person.birth_date, person.circumstances) == (datetime.date(1990, 1, 2), "In prison")
    assert [(row.child, row.kind, row.certainty) for row in person.relationships.order_by("pk")] == [
        (case.robin, "step_parent", "known"),
        (case.wren, "father", "disputed"),
        (case.baby, "possible_father", "unknown"),
    ]
    assert [(row.child, row.status, row.basis) for row in person.responsibilities.order_by("pk")] == [
        (case.robin, "held", "agreement"),
        (case.wren, "not_held", "not_known"),
    ]
    assert [(row.kind, row.value, row.is_safe) for row in ContactPoint.objects.order_by("pk")] == [
        ("email", "heath@home.example", True),
        ("mobile", "07700 900456", False),
    ]


def test_an_unborn_child_is_not_asked_about_responsibility(signed_in, case):
    ties = {tie.child: set(tie.fields) for tie in signed_in.get(url(case.family)).context["ties"]}
    assert ties == {
        case.robin: {"kind", "certainty", "responsibility", "basis"},
        case.wren: {"kind", "certainty", "responsibility", "basis"},
        case.baby: {"kind", "certainty"},
    }


def test_a_person_without_a_known_name_gets_a_description(signed_in, case):
    signed_in.post(url(case.family), entered(given_name="", family_name="", unnamed_as="Robin’s uncle"))
    assert Person.objects.latest("pk").full_name == "Robin’s uncle"


def test_returns_to_the_form_for_another_adult(signed_in, case):
    assert signed_in.post(url(case.family), entered(another="1")).url == url(case.family)


def test_submitting_the_form_twice_creates_one_person(signed_in, case):
    form = entered(email="heath@home.example")
    for _ in range(2):
        signed_in.post(url(case.family), form)
    assert (Person.objects.filter(given_name="Heath").count(), ContactPoint.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"email": "heath@"}, {"email": ["Enter an e-mail address like name@example.com"]}),
        (
            {"birth_date": "1990-01-02", "birth_date_precision": "unknown"},
            {"birth_date_precision": ["Choose exact or estimated, or leave the date empty"]},
        ),
        ({"birth_date_precision": "exact"}, {"birth_date": ["Enter the date of birth, or choose “Date not known”"]}),
        ({"nhs_number": "abc"}, {"nhs_number": ["An NHS number has 10 digits, such as 999 000 0018."]}),
    ],
)
def test_refuses_with_a_clear_message_and_keeps_the_input(signed_in, case, changes, errors):
    tie = {f"child-{case.robin.pk}-kind": "grandparent"}
    page = signed_in.post(url(case.family), entered(access_needs="Large print 🌻", **tie) | changes)
    assert page.context["form"].errors == errors
    assert "Large print 🌻" in page.content.decode()
    assert '<option value="grandparent" selected>' in page.content.decode()
    assert not Person.objects.filter(given_name="Heath").exists()


def test_an_invalid_choice_is_refused(signed_in, case):
    page = signed_in.post(url(case.family), entered(**{f"child-{case.robin.pk}-kind": "king"}))
    assert [tie.errors for tie in page.context["ties"] if tie.errors] != []
    assert not Person.objects.filter(given_name="Heath").exists()


def test_warns_of_a_possible_duplicate(signed_in, case):
    page = signed_in.post(url(case.family), entered(given_name="Dale", family_name="Ashdown", birth_date="1995-06-03"))
    assert (list(page.context["form"].errors), page.context["form"].duplicates) == (["somebody_else"], [case.father])


def test_changes_a_persons_ties_to_the_children(signed_in, case):
    address = reverse("families:change-ties", args=[case.family.pk, case.grandmother.pk])
    signed_in.post(
        address,
        {
            f"child-{case.wren.pk}-kind": "carer",
            f"child-{case.wren.pk}-certainty": "known",
            f"child-{case.robin.pk}-responsibility": "held",
            f"child-{case.robin.pk}-basis": "order",
        },
    )
    kinds = case.grandmother.relationships.order_by("pk").values_list("child", "kind")
    assert list(kinds) == [(case.robin.pk, "grandparent"), (case.wren.pk, "carer")]
    signed_in.post(address, {f"child-{case.robin.pk}-responsibility": "disputed"})
    rows = case.grandmother.responsibilities.order_by("pk")
    assert [(row.status, row.starts_on, row.ends_on) for row in rows] == [
        ("held", None, TODAY),
        ("disputed", TODAY, None),
    ]


def test_a_child_of_the_family_is_not_related_to_itself(signed_in, case):
    page = signed_in.get(reverse("families:change-ties", args=[case.family.pk, case.robin.person_id]))
    assert [tie.child for tie in page.context["ties"]] == [case.wren, case.baby]
