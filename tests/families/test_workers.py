"""The council's directory, and a worker who is entered again: asked about, with every typed word kept."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from families.models import Agency, AgencyInvolvement, PersonName, Post
from families.selectors import agencies_in_directory, directory_of, posts_in_directory
from families.services import EnteredWorker, add_post, enter_worker
from tests.factories import (
    AgencyFactory,
    AgencyInvolvementFactory,
    ChildFactory,
    FamilyFactory,
    FamilyMemberFactory,
    PersonFactory,
    PostFactory,
    user_with_role,
)
from tests.families.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, council):
    client.force_login(council.worker)
    return client


@pytest.fixture
def kate(council):
    """A health visitor whom the council knows."""
    agency = AgencyFactory(authority=council.authority, kind="health_visiting", name="Quay Health")
    person = PersonFactory(authority=council.authority, given_name="Kate", family_name="Thrush")
    return PostFactory(
        agency=agency, person=person, title="Health visitor", email="kate@quay.example", phone="01632 960001"
    )


def child_elsewhere(council):
    family = FamilyFactory(team=council.team, name="Larch")
    child = ChildFactory(authority=council.authority, person=PersonFactory(authority=council.authority))
    FamilyMemberFactory(family=family, person=child.person)
    return family, child


def offered(council, family=None):
    return [row.post for row in directory_of(council.authority, on=TODAY, family=family) if row.post]


def test_the_directory_holds_current_posts_and_staff_of_the_council_only(council, kate):
    ended = PostFactory(agency=kate.agency, ends_on=TODAY)
    sealed = PostFactory(agency=kate.agency, person__sealed_at=NOW, person__sealed_because="Adopted")
    elsewhere = PostFactory()
    staff = user_with_role(Role.CHAIR, authority=council.authority, name="Tomasz Kestrel")
    user_with_role(Role.ADMINISTRATOR, authority=council.authority, name="Ada Wren")
    found = directory_of(council.authority, on=TODAY)
    posts = [row.post for row in found if row.post]
    assert kate in posts
    assert not {ended, sealed, elsewhere} & set(posts)
    assert {row.user for row in found if row.user} == {council.worker, council.manager, staff}
    assert "Kate Thrush, Health visitor, Quay Health" in [row.words for row in found]


def test_whose_agency_gives_away_another_familys_child_is_never_offered(council, case, kate):
    family, child = child_elsewhere(council)
    refuge = AgencyFactory(authority=council.authority, name="Harbour Refuge")
    post = PostFactory(agency=refuge)
    AgencyInvolvementFactory(child=child, agency=refuge, post=post, confidential=True)
    own = PostFactory(agency=kate.agency)
    AgencyInvolvementFactory(child=child, agency=kate.agency, post=own, confidential=True)
    AgencyInvolvementFactory(child=case.robin, agency=kate.agency, post=kate)
    assert not {post, own} & set(offered(council, case.family))
    assert {post, own, kate} <= set(offered(council, family))
    assert refuge not in agencies_in_directory(council.authority, family=case.family)
    assert refuge in agencies_in_directory(council.authority, family=family)
    # It is not asked about either: the question would say that it is there.
    AgencyInvolvementFactory(child=child, agency=refuge, post=None, ends_on=TODAY, confidential=True)
    assert post not in posts_in_directory(council.authority, on=TODAY)


def test_the_directory_takes_as_many_queries_for_thirty_as_for_one(council, kate, django_assert_max_num_queries):
    for _ in range(30):
        PostFactory(agency=kate.agency)
        user_with_role(Role.CHAIR, authority=council.authority)
    with django_assert_max_num_queries(3):
        assert len([row.words for row in directory_of(council.authority, on=TODAY)]) > 60


@pytest.mark.parametrize(
    ("typed", "asks"),
    [
        ({"given_name": "Katie", "family_name": "Thrush"}, ["use_name"]),
        ({"title": "Team lead"}, ["use_title"]),
        ({"email": "k.thrush@quay.example"}, ["use_email"]),
        ({"work_phone": "01632 960002"}, ["use_phone"]),
        ({"given_name": "Dr", "family_name": "Thrush"}, ["use_name"]),
        (
            {"given_name": "Cate", "family_name": "Thrush", "title": "Lead", "email": "lead@quay.example"},
            ["use_name", "use_title", "use_email"],
        ),
    ],
)
def test_who_is_entered_again_is_asked_about_and_no_word_is_dropped(signed_in, case, kate, typed, asks):
    address = reverse("families:add-agency", args=[case.family.pk])
    entered = {
        "agency": kate.agency_id, "given_name": "Kate", "family_name": "Thrush", "title": "Health visitor",
        "children": [case.robin.pk], **typed,
    }  # fmt: skip
    page = signed_in.post(address, entered)
    assert list(page.context["form"].errors) == ["known_post"]
    page = signed_in.post(address, {**entered, "known_post": kate.pk})
    assert list(page.context["form"].errors) == asks
    answers = dict.fromkeys(asks, "typed")
    for _ in range(2):
        assert signed_in.post(address, {**entered, "known_post": kate.pk, **answers}).status_code == 302
    kate.refresh_from_db()
    kept = {
        "title": kate.title,
        "email": kate.email,
        "work_phone": kate.phone,
        "given_name": PersonName.objects.filter(person=kate.person).values_list("given_name", flat=True).first(),
    }
    assert {name: kept[name] for name in typed if name in kept} == {
        name: value for name, value in typed.items() if name in kept
    }
    assert kate.agency.posts.count() == 1


def test_the_same_again_needs_no_question_and_fills_what_was_missing(signed_in, case, kate):
    Post.objects.filter(pk=kate.pk).update(phone="")
    entered = {
        "agency": kate.agency_id, "given_name": "kate", "family_name": "Thrush", "title": "Health visitor",
        "email": "KATE@quay.example", "work_phone": "01632 960009", "children": [case.robin.pk],
    }  # fmt: skip
    assert signed_in.post(reverse("families:add-agency", args=[case.family.pk]), entered).status_code == 302
    kate.refresh_from_db()
    assert (kate.agency.posts.count(), kate.phone) == (1, "01632 960009")


def test_two_posts_of_one_person_are_kept_as_two(council, kate):
    entered = EnteredWorker(given_name="Kate", family_name="Thrush", title="Safeguarding lead")
    both = enter_worker(entered=entered, same_as=kate, use={"title": "both"}, by=council.worker, now=NOW)
    assert (both.person, both.pk != kate.pk, both.email) == (kate.person, True, kate.email)
    other = AgencyFactory(authority=council.authority)
    there = enter_worker(entered=entered, agency=other, same_as=kate, by=council.worker, now=NOW)
    assert (there.person, there.agency, there.email) == (kate.person, other, "")


def test_a_service_never_drops_a_word_either(council, kate):
    typed = {"given_name": "Kate", "family_name": "Thrush", "title": "Health visitor", "email": "other@quay.example"}
    made = add_post(agency=kate.agency, by=council.worker, **typed)
    assert (made.pk != kate.pk, made.email) == (True, "other@quay.example")
    with pytest.raises(ValidationError) as refused:
        enter_worker(entered=EnteredWorker(**typed), same_as=kate, by=council.worker, now=NOW)
    assert list(refused.value.message_dict) == ["use_email"]


def test_whoever_is_chosen_from_the_directory_needs_no_name(signed_in, case, kate):
    page = signed_in.post(
        reverse("families:add-agency", args=[case.family.pk]),
        {"worker": f"post-{kate.pk}", "children": [case.robin.pk]},
    )
    assert page.status_code == 302
    assert AgencyInvolvement.objects.get(agency=kate.agency).post == kate


def test_a_long_directory_is_searched_without_saving_anything(signed_in, case, kate):
    for number in range(61):
        PostFactory(agency=kate.agency, title=f"Nurse {number}")
    address = reverse("families:add-agency", args=[case.family.pk])
    assert f"post-{kate.pk}" not in signed_in.get(address).content.decode()
    page = signed_in.post(address, {"find": "quay kate", "find_workers": "1", "address": "Kept <b>"})
    text = page.content.decode()
    assert (f'value="post-{kate.pk}"' in text, "There is a problem" in text) == (True, False)
    assert "Kept &lt;b&gt;" in text
    # Enter in another box presses the same button: what was found already is not found again.
    page = signed_in.post(address, {"find": "quay kate", "found": "quay kate", "find_workers": "1"})
    assert "There is a problem" in page.content.decode()


def test_an_agency_entered_again_asks_which_address_is_right(signed_in, case, kate):
    Agency.objects.filter(pk=kate.agency_id).update(address="1 Quay Road", phone="01632 960100")
    address = reverse("families:add-agency", args=[case.family.pk])
    entered = {
        "kind": "health_visiting", "name": "quay health", "address": "2 New Road", "phone": "01632 960200",
        "children": [case.robin.pk],
    }  # fmt: skip
    page = signed_in.post(address, entered)
    assert list(page.context["form"].errors) == ["use_address", "use_agency_phone"]
    signed_in.post(address, {**entered, "use_address": "typed", "use_agency_phone": "recorded"})
    kate.agency.refresh_from_db()
    assert (kate.agency.address, kate.agency.phone) == ("2 New Road", "01632 960100")
