from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from entitlement import concealed_from
from families.models import Agency, AgencyInvolvement, Post
from tests.factories import AgencyFactory, AgencyInvolvementFactory, ChildFactory

pytestmark = pytest.mark.django_db


def url(family):
    return reverse("families:add-agency", args=[family.pk])


@pytest.fixture
def signed_in(client, council):
    client.force_login(council.worker)
    return client


def test_records_a_new_agency_with_a_named_professional(signed_in, case):
    response = signed_in.post(
        url(case.family),
        {
            "kind": "gp",
            "name": "Quayside Surgery",
            "address": "1 Quay Road",
            "phone": "01632 960100",
            "given_name": "Omar",
            "family_name": "Swift",
            "title": "GP",
            "email": "O.Swift@quayside.example",
            "work_phone": "01632 960101",
            "children": [case.robin.pk, case.baby.pk],
            "direct_contact": "on",
        },
    )
    post = Post.objects.latest("pk")
    known = AgencyInvolvement.objects.filter(agency=post.agency).order_by("child")
    assert response.url == reverse("families:family", args=[case.family.pk])
    assert (post.agency.name, post.person.full_name, post.title, post.email, post.phone) == (
        "Quayside Surgery",
        "Omar Swift",
        "GP",
        "o.swift@quayside.example",
        "01632 960101",
    )
    assert [(row.child, row.post, row.direct_contact, row.confidential) for row in known] == [
        (case.robin, post, True, False),
        (case.baby, post, True, False),
    ]


def test_reuses_an_agency_in_the_directory_and_hides_it(signed_in, case):
    surgery = AgencyFactory(authority=case.council.authority, kind="gp", name="Quayside Surgery")
    signed_in.post(
        url(case.family),
        {"agency": surgery.pk, "children": [case.wren.pk], "hidden_from": [case.father.pk], "another": "1"},
    )
    known = AgencyInvolvement.objects.get(agency=surgery)
    assert (known.post, known.direct_contact, known.confidential, list(known.hidden_from.all())) == (
        None,
        False,
        True,
        [case.father],
    )


def test_offers_only_the_councils_own_agencies(signed_in, case):
    elsewhere = AgencyFactory()
    page = signed_in.post(url(case.family), {"agency": elsewhere.pk, "children": [case.wren.pk]})
    assert list(page.context["form"].errors) == ["agency"]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        (
            {"kind": "", "name": ""},
            {
                "kind": ["Choose an agency from the list, or say what kind the new one is"],
                "name": ["Enter the name of the agency"],
            },
        ),
        ({"children": []}, {"children": ["Choose the children the agency knows"]}),
        ({"title": ""}, {"title": ["Enter the job title of this professional"]}),
        ({"given_name": "", "family_name": ""}, {"family_name": ["Enter the name of this professional"]}),
        ({"email": "o.swift"}, {"email": ["Enter an e-mail address like name@example.com"]}),
    ],
)
def test_refuses_with_a_clear_message_and_keeps_the_input(signed_in, case, changes, errors):
    form = {
        "kind": "gp",
        "name": "Quayside Surgery",
        "address": "1 Quay Road 🌻",
        "given_name": "Omar",
        "family_name": "Swift",
        "title": "GP",
        "children": [case.robin.pk],
    }
    page = signed_in.post(url(case.family), form | changes)
    assert page.context["form"].errors == errors
    assert "1 Quay Road 🌻" in page.content.decode()
    assert not Agency.objects.filter(kind="gp").exists()


def test_submitting_the_form_twice_records_it_once(signed_in, case):
    form = {
        "kind": "gp",
        "name": "Quayside Surgery",
        "given_name": "Omar",
        "family_name": "Swift",
        "title": "GP",
        "children": [case.robin.pk],
    }
    for _ in range(2):
        signed_in.post(url(case.family), form)
    assert (
        Agency.objects.filter(kind="gp").count(),
        Post.objects.filter(title="GP").count(),
        AgencyInvolvement.objects.filter(agency__kind="gp").count(),
    ) == (1, 1, 1)


def test_an_address_typed_for_an_agency_hidden_elsewhere_is_kept_and_hidden_with_it(signed_in, case):
    surgery = AgencyFactory(
        authority=case.council.authority,
        kind="gp",
        name="Quayside Surgery",
        address="1 Quay Road",
        phone="01632 960100",
    )
    AgencyInvolvementFactory(child=ChildFactory(authority=case.council.authority), agency=surgery, confidential=True)
    data = {
        "kind": "gp", "name": "quayside surgery", "address": "7 Harbour Steps\nEastmere", "phone": "01632 960777",
        "children": [case.wren.pk], "confidential": "on",
    }  # fmt: skip
    assert signed_in.post(url(case.family), data).status_code == 302
    known = AgencyInvolvement.objects.get(agency=surgery, child=case.wren)
    surgery.refresh_from_db()
    assert (known.address_given, known.phone_given) == ("7 Harbour Steps\nEastmere", "01632 960777")
    assert (surgery.address, surgery.phone) == ("1 Quay Road", "01632 960100")
    hidden = concealed_from([case.father], [case.wren], council="Eastmere Council", on=timezone.localdate())
    assert hidden.is_in("She waits at 7 Harbour Steps on Mondays.")
