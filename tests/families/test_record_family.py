"""A whole family on one page, that grows by a button and records everything or nothing."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.urls import reverse

from accounts.models import Draft
from families.models import Child, ContactPoint, ContactRisk, FamilyMember, ParentalResponsibility, Person, Residence
from govuk.drafts import OWNER_FIELD, sign_owner

pytestmark = pytest.mark.django_db


def url(family):
    return reverse("families:record-family", args=[family.pk])


@pytest.fixture
def signed_in(client, council):
    client.force_login(council.worker)
    return client


def row(prefix, **typed):
    return {f"{prefix}-{name}": value for name, value in typed.items()}


def entered(**more):
    """Two children, an unborn baby, their mother, a father who is dangerous, and a hidden home."""
    return {
        "form_key": str(uuid.uuid4()),
        "children": "2",
        "babies": "1",
        "adults": "3",
        "homes": "1",
        **row("child-1", given_name="Robin", family_name="Brambley", birth_date="14 5 2014"),
        **row("child-2", given_name="Wren", family_name="Brambley", birth_date="2 March 2020", is_estimated="on"),
        **row("baby-1", expected_on="19/4/2027", source="The midwife", number_expected="1"),
        **row(
            "adult-1",
            given_name="Hazel",
            family_name="Brambley",
            **{"kind-all": "mother", "pr-all": "held:birth"},
            email="hazel@post.example",
            email_safety="yes",
            safe_how="Asked her alone",
            safe_on="1 12 2026",
            risk="no",
        ),
        **row(
            "adult-2",
            given_name="Dale",
            family_name="Ashdown",
            **{"kind-child-1": "father", "pr-child-1": "held:certificate", "kind-baby-1": "possible_father"},
            mobile="07700 900456",
            mobile_safety="no",
            risk="yes",
            risk_for=["adult-1", "all"],
            risk_ground="bail",
            risk_detail="Not to contact Hazel.",
        ),
        **row(
            "home-1",
            lines="Flat 3, Lantern Court",
            postcode="em47qt",
            persons=["adult-1", "born"],
            hiding="yes",
            hidden_from=["adult-2"],
        ),
        **more,
    }


def test_records_everyone_with_ties_safety_home_and_risk_at_once(signed_in, family):
    response = signed_in.post(url(family), entered())
    assert response.status_code == 302, response.context["rows"]
    robin, wren, baby = Child.objects.order_by("pk")
    hazel, dale = Person.objects.get(given_name="Hazel"), Person.objects.get(given_name="Dale")
    assert (robin.person.full_name, robin.person.birth_date) == ("Robin Brambley", datetime.date(2014, 5, 14))
    assert [child.person.birth_date_precision for child in (robin, wren)] == ["exact", "estimated"]
    assert (baby.pregnancy.mother, baby.pregnancy.expected_on) == (hazel, datetime.date(2027, 4, 19))
    assert [(row.child, row.kind) for row in hazel.relationships.order_by("child")] == [
        (robin, "mother"),
        (wren, "mother"),
        (baby, "mother"),
    ]
    assert [(row.child, row.kind) for row in dale.relationships.order_by("child")] == [
        (robin, "father"),
        (baby, "possible_father"),
    ]
    assert sorted(ParentalResponsibility.objects.values_list("person", "child", "status", "basis")) == sorted(
        [
            (hazel.pk, robin.pk, "held", "birth"),
            (hazel.pk, wren.pk, "held", "birth"),
            (dale.pk, robin.pk, "held", "certificate"),
        ]
    )
    assert list(
        ContactPoint.objects.order_by("pk").values_list("person", "value", "is_safe", "safety_asked", "safe_how")
    ) == [(hazel.pk, "hazel@post.example", True, "yes", "Asked her alone"), (dale.pk, "07700 900456", False, "no", "")]
    assert {home.person_id for home in Residence.objects.filter(confidential=True)} == {
        hazel.pk,
        robin.person_id,
        wren.person_id,
    }
    assert {who for home in Residence.objects.all() for who in home.hidden_from.all()} == {dale}
    risk = ContactRisk.objects.get()
    assert (risk.person, set(risk.children.all()), list(risk.protects.all())) == (dale, {robin, wren, baby}, [hazel])
    assert dict(FamilyMember.objects.values_list("person", "risk_asked")) == {
        robin.person_id: "not_asked",
        wren.person_id: "not_asked",
        baby.person_id: "not_asked",
        hazel.pk: "no",
        dale.pk: "yes",
    }


def test_nothing_is_answered_beforehand(signed_in, family):
    page = signed_in.get(url(family)).context["page"]
    begun = {
        name: field.initial
        for adult in page.adults
        for name, field in adult.fields.items()
        if name.startswith(("kind-", "pr-", "email_safety", "mobile_safety", "risk")) and field.initial
    }
    assert begun == {}
    assert all(not home[name].value() for home in page.homes for name in ("persons", "hiding", "hidden_from"))


def shown_to(user, family):
    """Return the field that a page with a form holds: whose it is."""
    return {OWNER_FIELD: sign_owner(user.pk, url(family))}


def test_a_row_more_keeps_what_was_typed_and_calls_people_by_their_names(signed_in, council, family):
    typed = entered(add_adults="1", **shown_to(council.worker, family))
    page = signed_in.post(url(family), typed).context["page"]
    assert [adult["given_name"].value() for adult in page.adults] == ["Hazel", "Dale", None, None]
    assert page.adults[3].columns["child-2"] == ("Wren", False)
    assert dict(page.homes[0].fields["persons"].choices)["adult-2"] == "Dale"
    assert not Person.objects.filter(given_name="Hazel").exists()
    again = signed_in.get(url(family)).context["page"]
    assert [adult["given_name"].value() for adult in again.adults][:2] == ["Hazel", "Dale"]
    assert Draft.objects.filter(finished_at__isnull=True).count() == 1


def test_a_refused_page_records_no_one_and_stays_as_typed(signed_in, council, family):
    wrong = entered(
        **shown_to(council.worker, family),
        **{"child-1-birth_date": "", "adult-1-safe_how": "", "adult-2-risk_for": [], "home-1-persons": ["adult-3"]},
    )
    response = signed_in.post(url(family), wrong)
    assert response.status_code == 200
    page = response.context["page"]
    assert set(page.children[0].errors) == {"birth_date"}
    assert set(page.adults[0].errors) == {"safe_how"}
    assert set(page.adults[1].errors) == {"risk_for"}
    assert not Person.objects.filter(given_name="Wren").exists()
    assert signed_in.get(url(family)).context["page"].adults[1]["risk_detail"].value() == "Not to contact Hazel."


@pytest.mark.parametrize(
    ("changes", "where", "message"),
    [
        ({"home-1-persons": ["adult-3"]}, "home-1-persons", "You chose someone who is not entered"),
        ({"adult-1-kind-all": "carer"}, "baby-1-expected_on", "Say who is pregnant"),
        ({"adult-2-kind-baby-1": "mother"}, "baby-1-expected_on", "Only one adult"),
        (
            {"adult-3-given_name": "Dale", "adult-3-family_name": "Ashdown"},
            "adult-3-given_name",
            "Dale is entered twice",
        ),
        ({"baby-1-expected_on": "19 4 2029"}, "baby-1-expected_on", "too far ahead"),
        ({"child-1-birth_date": "14 5 2004"}, "child-1-birth_date", "18 or over"),
        ({"home-1-hidden_from": ["adult-1"]}, "home-1-hidden_from", "from someone who lives there"),
    ],
)
def test_says_in_its_row_what_is_wrong(signed_in, family, changes, where, message):
    response = signed_in.post(url(family), entered(**changes))
    prefix, _, name = where.rpartition("-")
    row = next(row for row in response.context["page"].rows if row.key == prefix)
    assert message in " ".join(row.errors[name])
    assert not Person.objects.filter(given_name="Hazel").exists()


def test_an_empty_page_and_what_is_only_emptied_are_no_one(signed_in, family):
    response = signed_in.post(url(family), {"form_key": str(uuid.uuid4()), "child-1-family_name": "Brambley"})
    assert "Enter at least one" in response.content.decode()


def test_asks_about_everyone_who_may_be_known_on_one_page(signed_in, case):
    typed = {name: value for name, value in entered().items() if "baby" not in name}
    typed["child-1-birth_date"] = "14 5 2015"
    response = signed_in.post(url(case.family), typed)
    asked = {row.key for row in response.context["page"].rows if "somebody_else" in row.errors}
    assert asked == {"child-1", "child-2", "adult-1", "adult-2"}
    sure = typed | {f"{key}-somebody_else": "on" for key in asked}
    assert signed_in.post(url(case.family), sure).status_code == 302
    assert Person.objects.filter(given_name="Hazel").count() == 2


def test_children_recorded_before_have_their_place_in_the_ties(signed_in, case):
    typed = {
        "form_key": str(uuid.uuid4()),
        **row("adult-1", given_name="Ash", family_name="Elder", **{f"kind-known-{case.wren.person_id}": "friend"}),
        **row("home-1", lines="1 High Street", persons=["adult-1", f"known-{case.robin.person_id}"]),
    }
    assert signed_in.post(url(case.family), typed).status_code == 302
    ash = Person.objects.get(given_name="Ash")
    assert [row.child for row in ash.relationships.all()] == [case.wren]
    assert {home.person for home in Residence.objects.all()} == {ash, case.robin.person}


def test_the_same_page_sent_again_records_no_one_twice(signed_in, family):
    typed = entered()
    signed_in.post(url(family), typed)
    signed_in.post(url(family), typed | {f"{key}-somebody_else": "on" for key in ("child-1", "child-2", "adult-1")})
    assert Person.objects.filter(given_name__in=["Robin", "Wren", "Hazel"]).count() == 3
    assert ContactRisk.objects.count() == 1
