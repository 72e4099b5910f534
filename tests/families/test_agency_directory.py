"""The council's directory of agencies, which coordinators keep."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.enums import Role
from families.models import Agency, Post
from families.selectors import agencies_in_directory
from tests.factories import (
    AgencyFactory,
    AgencyInvolvementFactory,
    ChildFactory,
    PersonFactory,
    PostFactory,
    user_with_role,
)

pytestmark = pytest.mark.django_db

LIST = reverse("families:agencies")
ADD = reverse("families:add-to-directory")


@pytest.fixture
def coordinator(client, council):
    user = user_with_role(Role.COORDINATOR, authority=council.authority)
    client.force_login(user)
    return client


@pytest.fixture
def surgery(council):
    return AgencyFactory(authority=council.authority, kind="gp", name="Quayside Surgery", address="1 Quay Road")


def test_adds_an_agency_with_who_works_there_and_no_child(coordinator, council):
    typed = {
        "kind": "school",
        "name": "Lantern Hill Primary School",
        "given_name": "Callum",
        "family_name": "Reedling",
        "title": "Head teacher",
        "email": "head@lanternhill.example",
    }
    assert coordinator.post(ADD, typed).url == LIST
    post = Post.objects.get(agency__name="Lantern Hill Primary School")
    assert (post.person.full_name, post.title, post.agency.authority) == (
        "Callum Reedling",
        "Head teacher",
        council.authority,
    )
    assert post.agency.involvements.count() == 0
    assert "Callum Reedling" in coordinator.get(LIST).content.decode()


def test_adds_someone_to_an_agency_and_asks_about_one_that_may_be_known(coordinator, surgery):
    typed = {"agency": surgery.pk, "given_name": "Anil", "family_name": "Dunnock", "title": "GP"}
    assert coordinator.post(ADD, typed).status_code == 302
    again = coordinator.post(ADD, typed | {"title": "Partner"})
    assert list(again.context["form"].errors) == ["known_post"]
    alike = coordinator.post(ADD, {"kind": "gp", "name": "The Quayside"})
    assert list(alike.context["form"].errors) == ["another_agency"]


def test_changes_the_details_with_who_said_so_and_never_over_another_change(coordinator, surgery):
    address = reverse("families:change-agency", args=[surgery.pk])
    typed = {"address": "2 Quay Road", "phone": "01632 960100", "because": "Their office", "version": "1"}
    assert coordinator.post(address, typed).url == LIST
    surgery.refresh_from_db()
    assert (surgery.address, surgery.phone, surgery.changed_because, surgery.version) == (
        "2 Quay Road",
        "01632 960100",
        "Their office",
        2,
    )
    late = coordinator.post(address, typed | {"address": "3 Quay Road"})
    assert "Someone else has changed this agency" in late.content.decode()
    assert list(coordinator.post(address, typed | {"because": ""}).context["form"].errors) == ["because"]


def test_ends_an_agency_once_no_one_works_there_and_adding_it_again_brings_it_back(coordinator, council, surgery):
    post = PostFactory(agency=surgery, person=PersonFactory(authority=council.authority, given_name="Anil"))
    address = reverse("families:end-agency", args=[surgery.pk])
    typed = {"because": "It has closed: letter of 1 December", "version": "1"}
    assert "End these posts first" in coordinator.post(address, typed).content.decode()
    Post.objects.filter(pk=post.pk).update(ends_on="2026-12-01", ended_because="Left")
    assert coordinator.post(address, typed).url == LIST
    assert "Quayside Surgery" not in coordinator.get(LIST).content.decode()
    assert not agencies_in_directory(council.authority).filter(pk=surgery.pk).exists()
    assert coordinator.get(address).status_code == 404
    coordinator.post(ADD, {"kind": "gp", "name": "Quayside Surgery"})
    assert Agency.objects.get(pk=surgery.pk).ends_on is None


def test_searches_agencies_by_kind_and_by_who_works_there(coordinator, council, surgery):
    PostFactory(agency=surgery, person=PersonFactory(authority=council.authority, family_name="Dunnock"), title="GP")
    AgencyFactory(authority=council.authority, kind="school", name="Harbour Academy")
    assert [row.name for row in coordinator.post(LIST, {"q": "dunnock"}).context["rows"]] == ["Quayside Surgery"]
    assert [row.name for row in coordinator.post(LIST, {"q": "school"}).context["rows"]] == ["Harbour Academy"]


def test_an_agency_that_hides_where_a_child_is_stands_in_no_list(coordinator, council, client, case):
    hidden = AgencyFactory(authority=council.authority, kind="school", name="Hidden Lane School")
    AgencyInvolvementFactory(child=ChildFactory(authority=council.authority), agency=hidden, confidential=True)
    client.force_login(council.worker)
    assert "Hidden Lane School" not in client.get(LIST).content.decode()


def test_social_workers_read_the_directory_and_do_not_keep_it(client, council, surgery):
    client.force_login(council.worker)
    page = client.get(LIST)
    assert "Quayside Surgery" in page.content.decode()
    assert "Take out" not in page.content.decode()
    addresses = [ADD, *(reverse(f"families:{act}-agency", args=[surgery.pk]) for act in ("change", "end"))]
    assert {client.get(address).status_code for address in addresses} == {404}
