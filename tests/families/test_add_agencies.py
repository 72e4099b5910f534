"""Choosing agencies for several children at once, from the council's directory."""

from __future__ import annotations

import pytest
from django.urls import reverse

from families.models import AgencyInvolvement
from families.selectors import family_page
from families.views.several_agencies import offered_to
from tests.factories import AgencyFactory, AgencyInvolvementFactory, ChildFactory, PersonFactory, PostFactory
from tests.families.conftest import TODAY

pytestmark = pytest.mark.django_db


def url(family):
    return reverse("families:add-agencies", args=[family.pk])


@pytest.fixture
def signed_in(client, council):
    client.force_login(council.worker)
    return client


def post_at(council, kind, agency, given_name, family_name):
    return PostFactory(
        agency=AgencyFactory(authority=council.authority, kind=kind, name=agency),
        person=PersonFactory(authority=council.authority, given_name=given_name, family_name=family_name),
        title="Lead",
    )


@pytest.fixture
def directory(council):
    return {
        "gp": post_at(council, "gp", "Quayside Surgery", "Anil", "Dunnock"),
        "midwife": post_at(council, "midwifery", "Eastmere Midwifery", "Sioned", "Teal"),
    }


def test_records_several_agencies_for_their_children_in_one_go(signed_in, case, directory):
    gp, midwife = directory["gp"], directory["midwife"]
    response = signed_in.post(
        url(case.family),
        {
            f"knows-post-{gp.pk}": ["all"],
            f"hiding-post-{gp.pk}": "no",
            f"knows-post-{midwife.pk}": [case.baby.pk],
            f"hiding-post-{midwife.pk}": "yes",
        },
    )
    assert response.url == reverse("families:family", args=[case.family.pk])
    rows = AgencyInvolvement.objects.filter(post__in=[gp, midwife]).order_by("post_id", "child_id")
    assert [(row.child, row.post, row.confidential, row.hiding_asked) for row in rows] == [
        (case.robin, gp, False, "no"),
        (case.wren, gp, False, "no"),
        (case.baby, gp, False, "no"),
        (case.baby, midwife, True, "yes"),
    ]
    assert {row.agency.name: row.confidential for row in family_page(case.family, on=TODAY).agencies} == {
        "Quayside Surgery": False,
        "Eastmere Midwifery": True,
        "Meadow Lane Primary": False,
    }


def test_a_search_for_several_things_keeps_what_was_ticked_and_saves_nothing(signed_in, case, directory):
    for number in range(20):
        post_at(case.council, "school", f"School {number}", "Ada", f"Lark{number}")
    gp = directory["gp"]
    page = signed_in.post(
        url(case.family), {f"knows-post-{gp.pk}": [case.robin.pk], "find": "midwifery, lark7", "find_agencies": "1"}
    )
    assert [offered.agency.name for offered, _, _ in page.context["form"].shown] == [
        "Quayside Surgery",
        "Eastmere Midwifery",
        "School 7",
    ]
    assert not AgencyInvolvement.objects.filter(post=gp).exists()


def test_nothing_chosen_and_a_mark_without_a_child_are_refused(signed_in, case, directory):
    nothing = signed_in.post(url(case.family), {})
    assert nothing.context["form"].errors["find"] == ["Choose at least one agency: tick the children whom it knows"]
    marked = signed_in.post(url(case.family), {f"hiding-post-{directory['gp'].pk}": "yes"})
    assert list(marked.context["form"].errors) == [f"knows-post-{directory['gp'].pk}"]


def test_a_confidential_agency_and_one_that_hides_another_child_are_not_offered(case, directory):
    elsewhere = AgencyFactory(authority=case.council.authority, kind="school", name="Hidden Lane School")
    AgencyInvolvementFactory(child=ChildFactory(authority=case.council.authority), agency=elsewhere, confidential=True)
    AgencyInvolvementFactory(child=case.wren, agency=directory["gp"].agency, confidential=True)
    names = {row.agency.name for row in offered_to(case.family, on=TODAY)}
    assert names == {"Eastmere Midwifery", "Meadow Lane Primary"}


def test_the_number_of_queries_does_not_grow(signed_in, case, directory, django_assert_max_num_queries):
    for number in range(30):
        post_at(case.council, "school", f"School {number}", "Ada", f"Lark{number}")
    with django_assert_max_num_queries(40):
        signed_in.get(url(case.family))
