"""One judgement of who may already be known, for people, families and agencies' workers."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from families.models import Agency, Family, Person, Post, Pregnancy
from families.selectors import likely_agencies, likely_duplicates, likely_families, likely_workers, posts_in_directory
from tests.factories import AgencyFactory, FamilyFactory, PersonFactory
from tests.families.conftest import TODAY

pytestmark = pytest.mark.django_db

BORN = datetime.date(1990, 3, 14)
EVERYBODY = {"given_name": "Kathryn", "family_name": "Smith-Brambley"}


@pytest.fixture
def signed_in(client, council):
    client.force_login(council.worker)
    return client


@pytest.fixture
def known(council):
    return PersonFactory(authority=council.authority, birth_date=BORN, **EVERYBODY)


def found(given, family, born=None, **more):
    asked = {"given_name": given, "family_name": family, "birth_date": born, **more}
    return likely_duplicates(Person.objects.all(), **asked)


@pytest.mark.parametrize("born", [None, BORN, datetime.date(1990, 3, 15), datetime.date(1991, 3, 14)])
@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Catherine", "Smith Brambley"),
        ("Smith-Brambley", "Kathryn"),
        ("Kathryn Rose", "Smith-Bramley"),
        ("Rose Kathryn", "Smythe"),
        ("Kath\u200bryn", "Smith\u2011Brambley"),
        ("K\u00adathryn", "SmithBrambley"),
        ("Kathryn Brambley", ""),
        ("", "Brambley, Kathryn"),
    ],
)
def test_sound_order_hyphens_middle_names_and_unseen_characters_make_no_difference(known, given, family, born):
    assert found(given, family, born) == [known]


@pytest.mark.parametrize(
    ("given", "family", "born"),
    [
        ("Kathryn", "Smith", datetime.date(1972, 8, 2)),
        ("Robin", "Larch", BORN),
        ("Robin", "Brambley", datetime.date(1990, 4, 14)),
        ("Kathryn", "Larch", None),
        ("Kathryn", "", None),
    ],
)
def test_another_birth_or_another_name_is_somebody_else(known, given, family, born):
    assert found(given, family, born) == []


def test_a_changed_last_name_with_the_same_birth_is_found(known):
    assert found("Cathryn", "Larch", BORN) == [known]


def test_a_former_last_name_with_the_own_first_name_is_found(known):
    known.names.create(family_name="Larch")
    assert found("Kathryn", "Larch") == [known]


@pytest.mark.parametrize(
    ("given", "family"), [("Kate", "Smyth-Brambly"), ("Tina", "Brambley"), ("K", "Smith Brambley")]
)
def test_a_short_first_name_with_the_last_name_and_the_same_birth_is_found(known, given, family):
    assert found(given, family, BORN) == [known]
    assert found(given, family, datetime.date(1971, 3, 9)) == []


def test_whoever_reads_the_same_mailbox_is_found_unless_it_is_confidential(known):
    known.contact_points.create(kind="email", value="K.Smith@home.example")
    assert found("Teasel", "Wort", email="k.smith@HOME.example") == [known]
    known.contact_points.update(confidential=True)
    assert found("Teasel", "Wort", email="k.smith@home.example") == []


def test_a_families_name_is_judged_alike(council):
    family = FamilyFactory(team=council.team, name="Smith-Brambley")
    FamilyFactory(team=council.team, name="Larch")
    alike = ["Smith Bramley", "Brambley-Smythe", "Smith\u200b\u2011Brambley"]
    assert [likely_families(Family.objects.all(), name=name) for name in alike] == [[family]] * len(alike)
    assert likely_families(Family.objects.all(), name="!") == []


def test_an_agencys_worker_is_judged_alike(council):
    school, other = AgencyFactory(authority=council.authority), AgencyFactory(authority=council.authority)
    person = PersonFactory(authority=council.authority, **EVERYBODY)
    post = Post.objects.create(agency=school, person=person, title="Teacher", email="ks@school.example")
    posts = posts_in_directory(council.authority, on=TODAY)
    asked = {"given_name": "Catherine", "family_name": "Bramley"}
    assert likely_workers(posts, agency=school, **asked) == [post]
    assert likely_workers(posts, agency=other, **asked) == []
    assert likely_workers(posts, agency=school, given_name="Mrs", family_name="Smith-Brambley") == [post]
    elsewhere = {"given_name": "Wren", "family_name": "Thrush", "email": "KS+form@school.example"}
    assert likely_workers(posts, agency=other, **elsewhere) == [post]


@pytest.mark.parametrize(
    ("recorded", "typed"),
    [
        ("Ada", "Ms A"),
        ("Ada", "A."),
        ("Ada", "Mrs."),
        ("Dr", "Ada"),
        ("A", "Ada"),
        ("Dr Ada", "Ada"),
        ("PC", "PC 1234"),
    ],
)
def test_at_an_agency_the_last_name_is_enough_where_one_has_a_title_or_an_initial(council, recorded, typed):
    agency = AgencyFactory(authority=council.authority)
    person = PersonFactory(authority=council.authority, given_name=recorded, family_name="Lark")
    post = Post.objects.create(agency=agency, person=person, title="Teacher")
    posts = posts_in_directory(council.authority, on=TODAY)
    assert likely_workers(posts, agency=agency, given_name=typed, family_name="Larke") == [post]
    assert likely_workers(posts, agency=agency, given_name=typed, family_name="Pipit") == []
    assert likely_workers(posts, agency=agency, given_name="Ben", family_name="Lark") == (
        [post] if len(recorded) < 3 else []
    )


@pytest.mark.parametrize(
    ("recorded", "alike", "different"),
    [
        ("Bridge Surgery", ["Bridge Surg.", "The Bridge Surgery", "Bridge GP practice"], ["Mill Surgery"]),
        ("St Mary's Primary School", ["Saint Marys", "St. Mary’s C of E Primary Sch"], ["St Mark's Primary School"]),
        ("Meadow Lane Primary", ["Meadowlane Primary", "Medow Ln Prim. School"], ["Meadow Road", "Primary School"]),
    ],
)
def test_an_agencys_name_is_judged_by_what_it_tells(council, recorded, alike, different):
    agency = AgencyFactory(authority=council.authority, kind="gp", name=recorded)
    known = Agency.objects.filter(pk=agency.pk)
    asked = {name: likely_agencies(known, kind="gp", name=name) for name in (*alike, *different)}
    assert asked == {name: [agency] if name in alike else [] for name in asked}
    assert likely_agencies(known, kind="school", name=recorded) == []


def test_an_agency_is_asked_about_before_a_second_one_is_made(signed_in, case):
    surgery = AgencyFactory(authority=case.council.authority, kind="gp", name="Bridge Surgery")
    address = reverse("families:add-agency", args=[case.family.pk])
    entered = {"kind": "gp", "name": "The Bridge Surg.", "children": [case.robin.pk]}
    page = signed_in.post(address, entered)
    assert (list(page.context["form"].errors), page.context["form"].likely_agencies) == (["another_agency"], [surgery])
    assert "This is another agency" in page.content.decode()
    assert signed_in.post(address, {**entered, "another_agency": "on"}).status_code == 302
    assert Agency.objects.filter(kind="gp").count() == 2


def test_a_namesake_with_the_same_job_at_another_agency_is_asked_about(signed_in, case):
    surgery = AgencyFactory(authority=case.council.authority, kind="gp", name="Bridge Surgery")
    person = PersonFactory(authority=case.council.authority, given_name="Sarah", family_name="Thrush")
    post = Post.objects.create(agency=surgery, person=person, title="GP", email="st@bridge.example")
    address = reverse("families:add-agency", args=[case.family.pk])
    entered = {
        "kind": "gp", "name": "Mill Surgery", "given_name": "Sarah", "family_name": "Thrush", "title": "GP",
        "children": [case.robin.pk],
    }  # fmt: skip
    page = signed_in.post(address, entered)
    assert (list(page.context["form"].errors), page.context["form"].likely_posts) == (["known_post"], [post])
    assert signed_in.post(address, {**entered, "known_post": "someone_else"}).status_code == 302
    assert Post.objects.filter(title="GP", person__family_name="Thrush").values("person").distinct().count() == 2


def test_an_adult_without_a_date_of_birth_is_asked_about(signed_in, case):
    entered = {"given_name": "Ashdowne", "family_name": "Dayle", "sex": "M", "form_key": str(uuid.uuid4())}
    page = signed_in.post(reverse("families:add-person", args=[case.family.pk]), entered)
    assert (list(page.context["form"].errors), page.context["form"].duplicates) == (["somebody_else"], [case.father])


def test_a_new_mother_is_asked_about_and_a_form_sent_twice_records_one(signed_in, case):
    address, before = reverse("families:add-pregnancy", args=[case.family.pk]), Pregnancy.objects.count()
    entered = {
        "mother_given_name": "Dayle", "mother_family_name": "Ashdown", "expected_on": "2027-04-01",
        "number_expected": "1", "form_key": str(uuid.uuid4()),
    }  # fmt: skip
    page = signed_in.post(address, entered)
    assert list(page.context["form"].errors) == ["somebody_else"]
    for _ in range(2):
        assert signed_in.post(address, {**entered, "somebody_else": "on"}).status_code == 302
    assert Pregnancy.objects.count() == before + 1


def test_a_family_is_asked_about_and_a_form_sent_twice_opens_one(signed_in, case, council):
    address, before = reverse("families:create-family"), Family.objects.count()
    entered = {"name": f"{case.family.name}e", "team": council.team.pk, "form_key": str(uuid.uuid4())}
    page = signed_in.post(address, entered)
    assert (list(page.context["form"].errors), page.context["form"].duplicates) == (["another_family"], [case.family])
    for _ in range(2):
        assert signed_in.post(address, {**entered, "another_family": "on"}).status_code == 302
    assert Family.objects.count() == before + 1


def test_a_worker_is_asked_about_and_taken_or_added(signed_in, case):
    school = AgencyFactory(authority=case.family.authority)
    person = PersonFactory(authority=case.family.authority, given_name="Wren", family_name="Thrush")
    post = Post.objects.create(agency=school, person=person, title="Teacher")
    address = reverse("families:add-agency", args=[case.family.pk])
    entered = {
        "agency": school.pk, "given_name": "Ren", "family_name": "Thrushe", "title": "Head teacher",
        "children": [case.robin.pk],
    }  # fmt: skip
    page = signed_in.post(address, entered)
    assert (list(page.context["form"].errors), page.context["form"].likely_posts) == (["known_post"], [post])
    page = signed_in.post(address, {**entered, "known_post": post.pk})
    assert list(page.context["form"].errors) == ["use_name", "use_title"]
    signed_in.post(address, {**entered, "known_post": post.pk, "use_name": "typed", "use_title": "recorded"})
    assert (school.posts.count(), school.involvements.get().post) == (1, post)
    signed_in.post(address, {**entered, "known_post": "someone_else"})
    assert school.posts.count() == 2


def test_names_are_found_by_index(known, django_assert_num_queries):
    with CaptureQueriesContext(connection) as asked, django_assert_num_queries(2):
        found("Kathryn", "Brambley", BORN)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + asked.captured_queries[-1]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert {name for name in ("person_by_name_keys", "other_name_by_name_keys") if name in plan} == {
        "person_by_name_keys", "other_name_by_name_keys",
    }  # fmt: skip
