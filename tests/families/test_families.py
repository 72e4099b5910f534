from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from families import services
from families.enums import NameKind
from families.models import Child, Family, Person
from families.selectors import search_families
from families.selectors.search import Search, fold, read_term
from tests.factories import AllocationFactory, ChildFactory, FamilyFactory, TeamFactory, user_with_role
from tests.families.conftest import NOW, TODAY, add_member

pytestmark = pytest.mark.django_db

URL = reverse("families:families")
SEARCH = reverse("families:search")


def listed(response):
    return [row.family for row in response.context["rows"]]


def found(term):
    return set(search_families(Family.objects.all(), term))


def test_lists_the_open_families_the_user_may_see_by_name(client, case):
    FamilyFactory(team=case.council.team, name="Closed", closed_on=TODAY)
    alder = FamilyFactory(team=case.council.team, name="Alder")
    FamilyFactory(authority=case.council.authority, team=TeamFactory(authority=case.council.authority))
    client.force_login(case.council.worker)
    assert listed(client.get(URL)) == [alder, case.family]


def test_each_row_says_who_the_children_are_and_who_holds_the_case(client, case):
    client.force_login(case.council.worker)
    [row] = client.get(URL).context["rows"]
    assert (row.children, row.social_workers, row.children_words) == (
        [case.robin, case.wren, case.baby],
        ["Amara Finch"],
        ["Robin, 11", "Wren, 6", "unborn, expected Thu\xa01\xa0Apr\xa02027"],
    )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Brambley", "Alder"}),
        ("?status=closed", {"Closed"}),
        ("?status=all", {"Brambley", "Alder", "Closed"}),
        ("?whose=me", {"Brambley"}),
        ("?status=nonsense&page=99", {"Brambley", "Alder"}),
        ("?team=0", {"Brambley", "Alder"}),
    ],
)
def test_filters(client, case, query, names):
    FamilyFactory(team=case.council.team, name="Closed", closed_on=TODAY)
    FamilyFactory(team=case.council.team, name="Alder")
    client.force_login(case.council.worker)
    assert {row.name for row in listed(client.get(URL + query))} == names


def test_filters_by_team(client, case):
    manager = user_with_role(Role.SERVICE_MANAGER, authority=case.council.authority)
    other = FamilyFactory(team=TeamFactory(authority=case.council.authority))
    client.force_login(manager)
    assert listed(client.get(f"{URL}?team={other.team_id}")) == [other]


def test_sorts_by_case_number(client, case):
    later = FamilyFactory(team=case.council.team, name="Alder", case_number="26-0900")
    client.force_login(case.council.worker)
    assert listed(client.get(f"{URL}?sort=case")) == [case.family, later]
    assert listed(client.get(f"{URL}?sort=-case")) == [later, case.family]


def test_shows_25_a_page(client, council):
    for number in range(27):
        FamilyFactory(team=council.team, name=f"Family {number:02d}")
    client.force_login(council.worker)
    assert (len(listed(client.get(URL))), len(listed(client.get(f"{URL}?page=2")))) == (25, 2)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_does_not_grow(client, council, rows, django_assert_num_queries):
    for _ in range(rows):
        family = FamilyFactory(team=council.team)
        AllocationFactory(family=family, user=council.worker)
        ChildFactory.create_batch(2, authority=council.authority, family=family)
    client.force_login(council.worker)
    client.get(URL)
    with django_assert_num_queries(12):
        client.get(URL)


def test_an_empty_list_says_what_to_do(client, council):
    client.force_login(council.worker)
    assert "create a family you are starting to work with" in client.get(URL).content.decode()


def test_a_search_keeps_the_name_out_of_the_address(client, case):
    client.force_login(case.council.worker)
    response = client.post(SEARCH, {"q": "wren"})
    assert response.status_code == 302
    assert "wren" not in response.url.lower()
    page = client.get(response.url)
    assert (listed(page), page.context["term"]) == ([case.family], "wren")


def test_a_search_looks_at_closed_cases_too(client, case):
    services.close_case(family=case.family, on=TODAY, by=case.council.worker)
    client.force_login(case.council.worker)
    assert listed(client.post(SEARCH, {"q": "Wren"}, follow=True)) == [case.family]


def test_a_search_is_logged_with_what_it_showed(client, case):
    client.force_login(case.council.worker)
    client.post(SEARCH, {"q": "Wren"}, follow=True)
    event = AccessEvent.objects.get()
    assert (event.kind, event.page, event.family_ids) == (ReadKind.SEARCH, "families:families", [case.family.pk])


def test_a_search_without_results_says_so_and_keeps_the_term(client, case):
    client.force_login(case.council.worker)
    page = client.post(SEARCH, {"q": "O’Nobody <b>"}, follow=True)
    assert listed(page) == []
    assert "No one found" in page.content.decode()
    assert 'value="O’Nobody &lt;b&gt;"' in page.content.decode()


def test_an_empty_search_shows_the_list(client, case):
    client.force_login(case.council.worker)
    assert client.post(SEARCH, {"q": "  "}).url == URL


def test_a_search_never_finds_what_the_user_may_not_see(client, case):
    client.force_login(user_with_role(Role.SOCIAL_WORKER, authority=case.council.authority))
    assert listed(client.post(SEARCH, {"q": "Wren"}, follow=True)) == []


@pytest.mark.parametrize(
    "term",
    [
        "wren",
        "REN",
        "hazel bram",
        "bram hazel",
        "Ashdown",
        "Brambley",
        "26-0417",
        "26-04",
        "2 February 2020",
        "2 Feb 2020",
        "02/02/2020",
        "2.2.2020",
        "2020-02-02",
        "Wren 2/2/2020",
        "2/2/2020 wren",
        "unborn baby",
        "Brambley, Wren",
        "BRAMBLEY , wren",
        "Brambley, Wren 2/2/20",
        "26\u20130417",
        "26 \u2212 0417",
        "W1",
        "w1",
        "999 000 0018",
        "999\u2013000\u20130018",
    ],
)
def test_finds_by_part_of_a_name_birth_date_or_case_number(case, term):
    FamilyFactory(team=case.council.team, name="Sedge", case_number="26-0999")
    Child.objects.filter(pk=case.wren.pk).update(council_child_id="W1")
    Person.objects.filter(pk=case.wren.person_id).update(nhs_number="9990000018")
    assert found(term) == {case.family}


@pytest.mark.parametrize("dash", "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d")
def test_dashes_of_every_kind_are_one(family, dash):
    add_member(family, "Mary-Ann", "Smith\u2013Jones")
    assert found(f"Smith{dash}Jones") == found(f"jones {dash} smith, mary{dash}ann") == {family}


def test_a_number_of_a_child_whose_record_is_sealed_finds_nothing(case):
    services.seal_person(person=case.wren.person, because="New identity", by=case.council.manager, now=NOW)
    assert found(case.wren.council_child_id) == set()


def test_the_page_says_which_date_was_not_understood(client, case):
    client.force_login(case.council.worker)
    page = client.post(reverse("families:search"), {"q": "Wren 5/14/2015"}, follow=True).content.decode()
    assert "“5/14/2015”" in page
    page = client.post(reverse("families:search"), {"q": "Wren 2/2/2020"}, follow=True).content.decode()
    assert "did not understand" not in page


@pytest.mark.parametrize("term", ["Zzz", "wren ashdown", "Robin 2/2/2020", "31/2/2020", "3 Feb 2020", "%", "_", "'"])
def test_finds_no_other_family(case, term):
    assert found(term) == set() if term != "'" else {case.family}


@pytest.mark.parametrize(
    ("name", "term"),
    [
        (("Zoë", "Ńuñez"), "zoe nunez"),
        (("Zoe", "Nunez"), "Zoë Ńuñez"),
        (("Sean", "O’Neill"), "o'neill"),
        (("Sean", "O'Neill"), "oneill"),
        (("مريم", "الزهراء"), "مريم"),
        (("Robin 🌻", "Sedge"), "🌻"),
    ],
)
def test_accents_and_apostrophes_do_not_matter(family, name, term):
    add_member(family, *name)
    assert found(term) == {family}


def test_finds_by_an_alias_and_by_a_former_name(case):
    services.add_name(
        person=case.father, kind=NameKind.ALIAS, given_name="Deano", family_name="Reed", by=case.council.worker
    )
    former = case.father.names.create(kind=NameKind.FORMER, family_name="Thistle", ends_on=datetime.date(2010, 1, 1))
    assert found("deano") == found("reed dale") == found(former.family_name) == {case.family}


def test_a_sealed_record_is_never_found(case):
    services.seal_person(person=case.father, because="New identity", by=case.council.manager, now=NOW)
    assert found("Ashdown") == found("3 June 1995") == set()


def test_parses_a_search_term():
    day = datetime.date(2015, 5, 14)
    assert read_term("Zoë 14/5/2015") == Search(("zoe",), ((day, day),), "", ())
    assert read_term("2015-05-14") == Search((), ((day, day),), "2015-05-14", ())
    assert read_term("Wren 31/2/2020") == Search(("wren",), (), "", ("31/2/2020",))
    assert fold("O’Neill-Ñ") == "oneill-n"
