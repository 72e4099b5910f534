from __future__ import annotations

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from families import services
from families.models import Child, Person, Referral
from tests.factories import ChildFactory, FamilyFactory
from tests.families.conftest import NOW, TODAY, facts

pytestmark = pytest.mark.django_db

NHS, UPN = "9990000018", "H801200001001"


def url(family):
    return reverse("families:add-child", args=[family.pk])


def entered(**changes):
    return {
        "given_name": "Robin",
        "family_name": "Brambley",
        "birth_date": "2015-05-14",
        "birth_date_precision": "exact",
        "sex": "M",
        "form_key": str(uuid.uuid4()),
        **changes,
    }


@pytest.fixture
def signed_in(client, council):
    client.force_login(council.worker)
    return client


def test_records_a_child_with_the_next_reference(signed_in, family):
    response = signed_in.post(url(family), entered())
    child = Child.objects.get()
    assert response.url == reverse("families:family", args=[family.pk])
    assert (child.council_child_id, child.person.full_name, child.person.birth_date, child.person.sex) == (
        "C000001",
        "Robin Brambley",
        datetime.date(2015, 5, 14),
        "M",
    )
    assert child.person.memberships.get().family == family


def test_records_everything_asked(signed_in, family):
    signed_in.post(
        url(family),
        entered(
            nhs_number="999 000 0018",
            upn="h80 1200001001",
            ethnicity="MWBC",
            language="Welsh",
            interpreter_needed="on",
            access_needs="Large print",
            disabilities=["LD", "AUT"],
            age_disputed="on",
            birth_date_precision="estimated",
            council_child_id="ABC123",
            previous_plans_elsewhere="2",
            referred_on="2026-12-01",
            referral_source="6",
            primary_need="N1",
        ),
    )
    child = Child.objects.select_related("person").get()
    person = child.person
    assert (person.nhs_number, person.ethnicity, person.language, person.interpreter_needed) == (
        NHS,
        "MWBC",
        "Welsh",
        True,
    )
    assert (person.access_needs, person.age_disputed, person.birth_date_precision) == ("Large print", True, "estimated")
    assert (child.upn, child.disabilities, child.council_child_id, child.previous_plans_elsewhere) == (
        UPN,
        ["LD", "AUT"],
        "ABC123",
        2,
    )
    referral = Referral.objects.get()
    assert (referral.referred_on, referral.referral_source, referral.primary_need) == (
        datetime.date(2026, 12, 1),
        "6",
        "N1",
    )


def test_returns_to_the_form_for_another_child(signed_in, family):
    assert signed_in.post(url(family), entered(another="1")).url == url(family)


def test_submitting_the_form_twice_creates_one_child(signed_in, family):
    form = entered()
    for _ in range(2):
        signed_in.post(url(family), {**form, "somebody_else": "on"})
    assert (Child.objects.count(), Person.objects.filter(given_name="Robin").count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        (
            {"given_name": "", "family_name": ""},
            {"given_name": ["Enter a name, or what you call them if you don’t know the name"]},
        ),
        (
            {"birth_date": "", "birth_date_precision": ""},
            {
                "birth_date": [
                    "Enter a date of birth. If it is not known, enter your best guess and choose “Estimated”"
                ]
            },
        ),
        ({"birth_date": "2026-12-09"}, {"birth_date": ["The date of birth can’t be in the future"]}),
        ({"birth_date": "2008-12-08"}, {"birth_date": ["This person is 18 or over. Add them as an adult instead."]}),
        ({"birth_date": "", "birth_date_day": "31", "birth_date_month": "2", "birth_date_year": "2015"},
         {"birth_date": ["February 2015 has no day 31"]}),
        ({"nhs_number": "999 000 0019"},
         {"nhs_number": ["This NHS number has a wrong digit. Check it against a letter from the NHS."]}),
        ({"nhs_number": "12"}, {"nhs_number": ["An NHS number has 10 digits, such as 999 000 0018."]}),
        ({"upn": "A801200001001"},
         {"upn": ["The first letter of this UPN does not fit its digits. Ask the school for it again."]}),
        ({"upn": "12"}, {"upn": ["A UPN is one letter followed by 12 digits, such as H801200001001."]}),
        ({"council_child_id": "A B"},
         {"council_child_id": ["A council's child ID has at most 20 letters and digits, and no spaces."]}),
        ({"disabilities": ["NONE", "LD"]},
         {"disabilities": ["Choose either “No disability” or the disabilities, not both"]}),
        ({"referred_on": "2026-12-09"}, {"referred_on": ["The date of referral can’t be in the future"]}),
        ({"previous_plans_elsewhere": "two"}, {"previous_plans_elsewhere": ["Enter a number, such as 0 or 2"]}),
    ],
)  # fmt: skip
def test_refuses_with_a_clear_message_and_keeps_the_input(signed_in, family, changes, errors):
    page = signed_in.post(url(family), entered(family_name="O’Brambley 🌻") | changes)
    assert page.status_code == 200
    assert page.context["form"].errors == errors
    if "family_name" not in changes:
        assert "O’Brambley 🌻" in page.content.decode()
    for typed in changes.values():
        for text in typed if isinstance(typed, list) else [typed]:
            assert text in page.content.decode() or text.startswith("20")
    assert not Child.objects.exists()


def test_a_reference_already_in_use_is_refused(signed_in, family):
    ChildFactory(authority=family.authority, council_child_id="ABC1")
    page = signed_in.post(url(family), entered(council_child_id="ABC1"))
    assert page.context["form"].errors == {"__all__": ["Another child already has this council's child ID."]}


def test_warns_of_a_known_person_with_the_same_name_and_birth_date(signed_in, case):
    page = signed_in.post(url(case.family), entered(given_name="róbin"))
    assert list(page.context["form"].errors) == ["somebody_else"]
    assert page.context["form"].duplicates == [case.robin.person]
    assert "R1" in page.content.decode()
    assert Child.objects.count() == 3
    signed_in.post(url(case.family), entered(given_name="róbin", somebody_else="on"))
    assert Child.objects.count() == 4


def test_warns_of_a_known_person_with_the_same_nhs_number_or_alias(signed_in, case):
    case.father.nhs_number = NHS
    case.father.save()
    page = signed_in.post(url(case.family), entered(given_name="Teasel", birth_date="2012-02-01", nhs_number=NHS))
    assert page.context["form"].duplicates == [case.father]
    case.robin.person.names.create(given_name="Bobby", family_name="Brambley")
    page = signed_in.post(url(case.family), entered(given_name="Bobby"))
    assert page.context["form"].duplicates == [case.robin.person]


def test_never_reveals_people_the_user_may_not_see(signed_in, case):
    hidden = FamilyFactory(team__authority=case.council.authority, authority=case.council.authority)
    ChildFactory(
        authority=case.council.authority,
        family=hidden,
        person__given_name="Moss",
        person__family_name="Sedge",
        person__birth_date=datetime.date(2016, 1, 1),
    )
    signed_in.post(url(case.family), entered(given_name="Moss", family_name="Sedge", birth_date="2016-01-01"))
    assert Child.objects.filter(person__given_name="Moss").count() == 2


def test_names_of_100_letters_fit_and_longer_ones_are_kept_on_the_page(signed_in, family):
    page = signed_in.post(url(family), entered(given_name="x" * 101))
    assert list(page.context["form"].errors) == ["given_name"]
    assert "x" * 101 in page.content.decode()


def test_an_18_year_old_is_not_a_child(family, council):
    with pytest.raises(ValidationError) as refusal:
        services.add_child(
            family=family,
            facts=facts("Robin", "Brambley", birth_date=TODAY.replace(year=2008)),
            by=council.worker,
            now=NOW,
        )
    assert list(refusal.value.message_dict) == ["birth_date"]


def test_references_continue_from_the_highest(family, council):
    ChildFactory(authority=council.authority, council_child_id="C000041")
    ChildFactory(council_child_id="C000900")
    child = services.add_child(
        family=family,
        facts=facts("Robin", "Brambley", birth_date=datetime.date(2015, 5, 14)),
        by=council.worker,
        now=NOW,
    )
    assert child.council_child_id == "C000042"
