"""Checks of the list by telephone, at night: the answer is right, and reveals no more than it must."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from families.enums import DatePrecision, RiskGround, SafetyAlertKind, TransferState
from families.likeness import Agrees
from families.models import Address, ContactRisk, FamilyMember, PersonName, Residence, SafetyAlert, TransferIn
from families.name_keys import keys_of
from plans.enums import ListAnswerKind
from plans.models import KeyWorker, ListAnswer, ListCheck
from plans.selectors.list_matches import Asked, find_children
from plans.selectors.listed_children import listed_children
from plans.services.list_checks import check_list
from tests.factories import (
    AuthorityFactory,
    ChildFactory,
    ConflictOfInterestFactory,
    FamilyFactory,
    FamilyMemberFactory,
    NamedForFamilyFactory,
    PersonFactory,
    PlanFactory,
    PregnancyFactory,
    TeamFactory,
    UserFactory,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 12, 9)
NOW = datetime.datetime(2026, 12, 9, 23, 40, tzinfo=datetime.UTC)
BORN = datetime.date(2015, 5, 14)
SINCE = datetime.date(2026, 6, 1)
URL = reverse("plans:check-list")
OTHER_ROLES = sorted(set(Role.values) - {Role.CUSTODIAN, Role.DUTY_WORKER})


@once_per_module()
def council():
    return AuthorityFactory(name="Eastmere", day_phone="01632 960 001", night_phone="01632 960 002")


@once_per_module()
def family(council):
    return FamilyFactory(team=TeamFactory(authority=council), name="Brambley")


@pytest.fixture
def duty(council, client):
    user = user_with_role(Role.DUTY_WORKER, authority=council, name="Olive Nightjar")
    client.force_login(user)
    return user


def listed(family, given="Kathryn", last="Brambley", born=BORN, **plan):
    person = PersonFactory(
        authority=family.authority, given_name=given, family_name=last, birth_date=born,
        birth_date_precision=DatePrecision.EXACT,
    )  # fmt: skip
    child = ChildFactory(authority=family.authority, person=person, family=family)
    PlanFactory(child=child, authority=family.authority, **{"starts_on": SINCE, **plan})
    return child


def live_at(child, lines="14 Station Road\nEastmere", postcode="EM1 2AB", **residence):
    address = Address.objects.create(authority=child.authority, lines=lines, postcode=postcode)
    Residence.objects.create(person=child.person, address=address, **residence)
    return address


def ask(user, council, name="", born=None, address="", about=False) -> ListAnswer:
    check = check_list(
        authority=council,
        asked=Asked(name=name, birth_date=born, birth_date_is_about=about, address=address),
        caller_name="Dr Wren Thrush",
        caller_agency="Eastmere Hospital",
        caller_phone="01632 960 100",
        known_by="called_back",
        why="A child with a broken arm.",
        form_key=uuid.uuid4(),
        by=user,
        now=NOW,
        today=TODAY,
    )
    return check.answers.last()


def posted(**changed):
    facts = {
        "name": "Catherine Bramley", "birth_date": "2015-05-14", "address": "",
        "caller_name": "Dr Wren Thrush", "caller_agency": "Eastmere Hospital", "known_by": "called_back",
        "caller_phone": "01632 960 100", "why": "A child with a broken arm.", "form_key": str(uuid.uuid4()),
    }  # fmt: skip
    return {**facts, **changed}


def found(family, name="", born=None, address="", about=False):
    asked = Asked(name=name, birth_date=born, birth_date_is_about=about, address=address)
    return find_children(asked, among=listed_children([family.authority_id], on=TODAY))


@pytest.mark.parametrize(
    "alike",
    [
        "Catherine Kathryn Katharine Cathryn", "Stephen Steven", "Sean Shaun Shawn", "Siobhan Shevaun",
        "Mohammed Muhammad Mohamed Mohammad", "Hussain Hussein", "Thompson Tomson", "Smith Smyth Smythe",
        "Jon John", "Philip Phillip Filip", "Jeffrey Geoffrey", "Gillian Jillian", "Leigh Lee Li", "Wright Rite",
        "McDonald MacDonald", "O'Neill Oneil", "Rees Rhys Reece", "Nicholas Nicolas", "Jacqueline Jaclyn",
        "Singh Sing", "Khan Kahn", "Chloe Cloe", "Hughes Huws", "Choudhury Chaudhry", "Stewart Stuart", "Zoë Zoe",
        "Brambley Bramley", "Łukasz Lukasz", "Louis Lewis", "Niamh Neve", "Aoife Eefa",
    ],
)  # fmt: skip
def test_names_that_sound_alike_share_a_key(alike):
    first, *others = keys_of(alike.split())
    assert [bool(set(first) & set(keys)) for keys in others] == [True] * len(others)


@pytest.mark.parametrize("unlike", ["John Jane", "Smith Jones", "Mia Maya", "Robin Rowena", "Иванов Петров"])
def test_names_that_do_not_sound_alike_share_none(unlike):
    one, other = keys_of(unlike.split())
    assert set(one) & set(other) == set()


def test_a_name_as_it_sounds_with_the_date_of_birth_is_one_child(council, family, duty):
    child = listed(family)
    worker = UserFactory(name="Amara Finch", phone="01632 960 417")
    KeyWorker.objects.create(plan=child.plans.get(), user=worker, starts_on=SINCE)
    listed(family, given="Robin")
    answer = ask(duty, council, name="catherine bramley", born=BORN)
    assert (answer.kind, answer.child, answer.plan) == (ListAnswerKind.ON_LIST, child, child.plans.get())
    assert answer.told == {
        "name": "Kathryn Brambley",
        "since": "1\u00a0June\u00a02026",
        "held_by": "Eastmere",
        "is_ours": True,
        "begins_with_news": False,
        "key_worker": {"name": "Amara Finch", "phone": "01632 960 417"},
        "phones": {"day": "01632 960 001", "night": "01632 960 002"},
        "alerts": [],
    }


def test_an_alias_and_a_name_written_in_two_words_are_found(family):
    child = listed(family, given="Mary-Ann", last="O'Neill")
    PersonName.objects.create(person=child.person, given_name="Molly", family_name="Thompson")
    for name in ("Maryann Oneil", "mary ann o neill", "Molly Tomson", "Mary Thompson"):
        assert [(row.child, row.name) for row in found(family, name)] == [(child, Agrees.YES)], name


@pytest.mark.parametrize(
    ("asked", "about", "fits"),
    [
        ((2015, 5, 14), False, Agrees.YES),
        ((2015, 5, 15), False, Agrees.NEAR),
        ((2015, 6, 14), False, Agrees.NEAR),
        ((2014, 5, 14), False, Agrees.NEAR),
        ((2016, 2, 1), True, Agrees.NEAR),
        ((2016, 2, 1), False, Agrees.NO),
        ((2009, 5, 14), False, Agrees.NO),
        ((2012, 2, 29), True, Agrees.NO),
    ],
)
def test_a_date_of_birth_may_be_nearly_right(family, asked, about, fits):
    listed(family)
    [row] = found(family, "Kathryn Brambley", born=datetime.date(*asked), about=about)
    assert row.birth == fits


def test_one_word_of_the_name_is_enough_with_birth_or_house(family):
    child = listed(family)
    live_at(child)
    assert found(family, "Kathryn Somebody") == []
    assert [row.child for row in found(family, "Kathryn Somebody", born=BORN)] == [child]
    assert [row.child for row in found(family, "Kathryn Somebody", address="Flat 2, 14 station rd")] == [child]
    assert [row.child for row in found(family, born=BORN, address="EM12AB")] == [child]
    assert [row.child for row in found(family, address="14 Station Road, EM1 2AB")] == [child]


def test_a_confidential_address_never_matches(family):
    child = listed(family)
    address = live_at(child, confidential=True)
    other = listed(family, given="Robin")
    Residence.objects.create(person=other.person, address=address)
    assert found(family, address="14 Station Road, EM1 2AB") == []
    [row] = found(family, "Kathryn Brambley", address="14 Station Road, EM1 2AB")
    assert row.house == Agrees.UNKNOWN


def test_an_unborn_child_is_found_by_its_mother(council, family):
    mother = PersonFactory(authority=council, given_name="Hazel", family_name="Brambley")
    pregnancy = PregnancyFactory(authority=council, mother=mother)
    person = PersonFactory(authority=council, given_name="", family_name="", unnamed_as="Baby Brambley")
    child = ChildFactory(authority=council, person=person, pregnancy=pregnancy, family=family)
    PlanFactory(child=child, authority=council, starts_on=SINCE)
    assert [row.child for row in found(family, "Hazel Bramley")] == [child]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"name": "Kathryn"}, None),
        ({"name": "Kathryn Somebody"}, ["a date of birth", "an address or postcode"]),
        ({"name": "Katrin Bramly"}, None),
        ({"name": "Somebody", "address": "EM1 2AB"}, ["a date of birth", "a first and last name"]),
        ({"name": "Robin Somebody", "address": "14 Station Road"}, ["a date of birth"]),
        ({"name": "Kathin Brombley", "born": BORN}, None),
        ({"name": "Kathy Somebody", "born": BORN}, ["an address or postcode"]),
        ({"name": "Kathryn Somebody", "born": datetime.date(2009, 1, 1)}, "not on the list"),
        ({"name": "Wren Somebody"}, "not on the list"),
    ],
)
def test_what_comes_near_is_never_not_on_the_list(council, family, duty, asked, wanted):
    live_at(listed(family))
    answer = ask(duty, council, **asked)
    if wanted == "not on the list":
        assert answer.kind == ListAnswerKind.NOT_ON_LIST
    elif wanted is None:
        assert answer.kind in {ListAnswerKind.SEVERAL, ListAnswerKind.ON_LIST}
    else:
        assert (answer.kind, answer.told["wanted"], answer.candidate_ids) == (ListAnswerKind.ONE_MORE, wanted, [])


def test_a_near_match_with_every_fact_given_is_told_apart_by_the_worker(council, family, duty):
    child = listed(family)
    live_at(child)
    answer = ask(duty, council, name="Kathy Somebody", born=BORN, address="2 Other Street, EM9 9ZZ")
    assert (answer.kind, answer.candidate_ids) == (ListAnswerKind.SEVERAL, [child.pk])


def test_one_more_fact_is_asked_without_naming_anybody_and_what_was_asked_is_kept(council, family, duty, client):
    listed(family)
    check = ask(duty, council, name="Kathryn Somebody").check_of_list
    page = client.get(reverse("plans:list-check", args=[check.pk])).content.decode()
    assert ("Ask the caller for one more fact" in page, "Brambley" in page) == (True, False)
    again = client.get(URL, {"again": check.pk}).context["form"]
    assert (again.initial["name"], again.initial["caller_name"]) == ("Kathryn Somebody", "Dr Wren Thrush")
    client.force_login(user_with_role(Role.DUTY_WORKER, authority=council))
    assert client.get(URL, {"again": check.pk}).context["form"].initial == {}
    assert client.get(URL, {"again": "9" * 40}).context["form"].initial == {}


def test_not_on_the_list_is_recorded_as_an_answer(council, family, duty):
    ChildFactory(authority=council, family=family)
    answer = ask(duty, council, name="Kathryn Brambley", born=BORN)
    assert (answer.kind, answer.child, answer.told) == (ListAnswerKind.NOT_ON_LIST, None, {})


@pytest.mark.parametrize(
    "changed", [{"kind": "cin", "initial_category": ""}, {"ends_on": datetime.date(2026, 11, 1), "end_reason": "died"}]
)
def test_other_and_ended_plans_are_not_on_the_list(family, changed):
    listed(family, **changed)
    assert found(family, "Kathryn Brambley", born=BORN) == []


def test_another_councils_plan_is_on_the_list_and_marked(council, family, duty):
    listed(family, held_elsewhere="Westmere", initial_category="")
    told = ask(duty, council, name="Kathryn Brambley", born=BORN).told
    assert (told["held_by"], told["is_ours"], told["key_worker"]) == ("Westmere", False, None)


@pytest.mark.parametrize(
    ("state", "stands"),
    [
        (TransferState.TOLD, True),
        (TransferState.ACCEPTED, True),
        (TransferState.TEMPORARY, True),
        (TransferState.REFUSED, False),
        (TransferState.RETURNED, False),
        (TransferState.CANCELLED, False),
    ],
)
def test_a_child_who_moved_here_with_a_plan_is_on_the_list(council, family, duty, state, stands):
    child = ChildFactory(authority=council, family=family)
    TransferIn.objects.create(
        family=family, child=child, notified_on=SINCE, policy_version_id=1, from_authority="Westmere",
        told_by="Their custodian", state=state, state_by=duty, state_at=NOW, state_reason="Said so",
        recorded_by=duty, recorded_at=NOW,
    )  # fmt: skip
    assert [row.child for row in found(family, child.person.full_name, born=child.person.birth_date)] == (
        [child] if stands else []
    )


def test_a_sealed_child_is_never_found(council, family, duty):
    child = listed(family)
    child.person.sealed_at, child.person.sealed_because = NOW, "Adopted"
    child.person.save()
    assert ask(duty, council, name="Kathryn Brambley", born=BORN).kind == ListAnswerKind.NOT_ON_LIST


def test_a_restricted_record_says_only_that_there_is_a_plan_and_who_to_ask(council, family, duty, client):
    listed(family)
    family.restricted = True
    family.save()
    manager = user_with_role(Role.SERVICE_MANAGER, authority=council, name="Sorrel Kite", phone="01632 960 500")
    NamedForFamilyFactory(family=family, user=manager)
    answer = ask(duty, council, name="Kathryn Brambley", born=BORN)
    assert answer.kind == ListAnswerKind.RESTRICTED
    assert answer.told == {
        "managers": [{"name": "Sorrel Kite", "phone": "01632 960 500"}],
        "phones": {"day": "01632 960 001", "night": "01632 960 002"},
    }
    page = client.get(reverse("plans:list-check", args=[answer.check_of_list_id])).content.decode()
    assert "Sorrel Kite" in page
    assert "1\u00a0June\u00a02026" not in page


def test_several_children_are_told_apart_by_the_minimum_needed(council, family, duty, client):
    child = listed(family)
    other = listed(FamilyFactory(team=family.team), given="Catherine", born=datetime.date(2020, 1, 2))
    hidden = listed(FamilyFactory(team=family.team, restricted=True), born=datetime.date(2019, 1, 2))
    answer = ask(duty, council, name="Cathryn Brambley")
    assert (answer.kind, answer.candidate_ids) == (ListAnswerKind.SEVERAL, [child.pk, other.pk, hidden.pk])
    assert answer.told["candidates"] == [
        {"id": child.pk, "name": "Kathryn Brambley", "age": "11", "fits": ["The name agrees"]},
        {"id": other.pk, "name": "Catherine Brambley", "age": "6", "fits": ["The name agrees"]},
        {"id": hidden.pk, "name": "", "age": "", "fits": ["The name agrees"]},
    ]
    client.post(reverse("plans:choose-child", args=[answer.check_of_list_id]), {"child": child.pk})
    answers = list(ListAnswer.objects.values_list("kind", "child"))
    assert answers == [(ListAnswerKind.SEVERAL, None), (ListAnswerKind.ON_LIST, child.pk)]


def test_none_of_several_is_recorded_and_a_second_choice_changes_nothing(council, family, duty, client):
    child = listed(family)
    check = ask(duty, council, name="Kathryn Brambley").check_of_list
    address = reverse("plans:choose-child", args=[check.pk])
    client.post(address, {"child": "9" * 12})
    assert check.answers.count() == 1
    client.post(address, {"child": "none"})
    client.post(address, {"child": child.pk})
    assert list(check.answers.values_list("kind", flat=True)) == ["several", "not_on_list"]


def test_a_matching_date_of_birth_excludes_other_children(council, family, duty):
    child = listed(family)
    listed(FamilyFactory(team=family.team), born=datetime.date(2020, 1, 2))
    assert ask(duty, council, name="Kathryn Brambley", born=BORN).child == child


def test_too_many_candidates_are_counted_but_not_named(council, family, duty):
    for day in range(1, 12):
        listed(family, born=datetime.date(2018, 3, day))
    answer = ask(duty, council, name="Kathryn Brambley")
    assert (answer.candidate_ids, answer.told) == ([], {"number": 11, "candidates": []})


def test_dangers_to_staff_are_told_without_where_or_about_whom(council, family, duty):
    child = listed(family)
    address = live_at(child, confidential=True)
    father = FamilyMemberFactory(family=family).person
    common = {"recorded_by": duty, "recorded_at": NOW}
    SafetyAlert.objects.create(person=father, kind=SafetyAlertKind.VIOLENCE, **common)
    SafetyAlert.objects.create(address=address, kind=SafetyAlertKind.DOG, words="Loose in the yard", **common)
    SafetyAlert.objects.create(person=father, kind=SafetyAlertKind.WEAPON, ends_on=SINCE, **common)
    risk = ContactRisk.objects.create(person=father, ground=RiskGround.BAIL, detail="Secret", **common)
    risk.children.add(child)
    assert ask(duty, council, name="Kathryn Brambley", born=BORN).told["alerts"] == [
        "Dangerous dog: Loose in the yard",
        "Violence or threats to staff",
        "Contact risk (bail condition): speak to the key worker before anyone in the family hears about this",
    ]


def test_users_can_not_check_their_own_people_on_the_list_or_not(council, family, duty):
    me = PersonFactory(authority=council, user=duty, given_name="Olive", family_name="Brambley")
    FamilyMember.objects.create(family=family, person=me)
    listed(family)
    ChildFactory(
        authority=council, family=family, person=PersonFactory(authority=council, given_name="Tansy", family_name="Brambley")
    )  # fmt: skip
    assert ask(duty, council, name="Kathryn Brambley", born=BORN).kind == ListAnswerKind.NOT_FOR_YOU
    assert ask(duty, council, name="Tansy Brambley").kind == ListAnswerKind.NOT_FOR_YOU
    assert ask(duty, council, name="Robin Thompson").kind == ListAnswerKind.NOT_ON_LIST


def test_a_users_own_relative_is_not_told_under_another_name(council, family, duty):
    """Birth and house match and the name doesn't: it may still be her, under an unrecorded name."""
    me = PersonFactory(authority=council, user=duty, given_name="Olive", family_name="Brambley")
    FamilyMember.objects.create(family=family, person=me)
    live_at(listed(family))
    answer = ask(duty, council, name="Rose Smith", born=BORN, address="14 Station Road, EM1 2AB")
    assert answer.kind == ListAnswerKind.NOT_FOR_YOU


@pytest.mark.parametrize("told", ["one", "several"])
@pytest.mark.parametrize("close", ["conflict", "own people", "sealed"])
def test_a_check_closes_with_the_child_it_was_about(council, family, duty, client, told, close):
    child = listed(family)
    if told == "several":
        listed(FamilyFactory(team=family.team))
    check = ask(duty, council, name="Kathryn Brambley", born=BORN).check_of_list
    service = user_with_role(Role.SERVICE_MANAGER, authority=council)
    one, many = reverse("plans:list-check", args=[check.pk]), reverse("plans:list-checks")
    for user in (duty, service):
        client.force_login(user)
        assert client.get(one).status_code == 200
        if close == "conflict":
            ConflictOfInterestFactory(user=user, family=family)
        elif close == "own people":
            FamilyMember.objects.create(family=family, person=PersonFactory(authority=council, user=user))
        else:
            type(child.person).objects.filter(pk=child.person_id).update(sealed_at=NOW, sealed_because="Adopted")
        assert client.get(one).status_code == 404
        assert list(client.get(many).context["page"]) == []
        type(child.person).objects.filter(pk=child.person_id).update(sealed_at=None, sealed_because="")


def test_the_page_answers_and_records_who_asked_why_and_what(council, family, duty, client):
    child = listed(family)
    response = client.post(URL, posted(), follow=True)
    page = response.content.decode()
    check = ListCheck.objects.get()
    assert response.redirect_chain == [(reverse("plans:list-check", args=[check.pk]), 302)]
    assert (check.checked_by, check.caller_agency, check.name) == (duty, "Eastmere Hospital", "Catherine Bramley")
    assert "On the list" in page
    assert "1\u00a0June\u00a02026" in page
    assert "Emotional" not in page
    assert reverse("families:break-glass", args=[family.pk]) in page
    event = AccessEvent.objects.filter(page="plans:list-check").get()
    assert (event.kind, event.family_ids, event.person_ids) == (
        ReadKind.SEARCH, [family.pk], [child.person_id],
    )  # fmt: skip
    assert event.right == "made the check"


def test_the_candidates_shown_by_a_check_are_in_the_read_log(council, family, duty, client):
    child = listed(family)
    other_family = FamilyFactory(team=family.team)
    other = listed(other_family, given="Catherine", born=datetime.date(2020, 1, 2))
    answer = ask(duty, council, name="Cathryn Brambley")
    client.get(reverse("plans:list-check", args=[answer.check_of_list_id]))
    event = AccessEvent.objects.filter(page="plans:list-check").get()
    assert (answer.kind, event.family_ids, event.person_ids) == (
        ListAnswerKind.SEVERAL,
        sorted([family.pk, other_family.pk]),
        sorted([child.person_id, other.person_id]),
    )


def test_submitting_the_form_twice_makes_one_check(family, duty, client):
    form = posted()
    client.post(URL, form)
    client.post(URL, form)
    assert ListCheck.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "", "birth_date": ""}, "name"),
        ({"caller_name": ""}, "caller_name"),
        ({"caller_agency": ""}, "caller_agency"),
        ({"known_by": ""}, "known_by"),
        ({"caller_phone": ""}, "caller_phone"),
        ({"why": " "}, "why"),
        ({"birth_date": "2999-01-01"}, "birth_date"),
    ],
)
def test_says_what_is_missing_and_keeps_the_input(duty, client, changed, field):
    response = client.post(URL, posted(**{"why": "Broken arm", **changed}))
    assert list(response.context["form"].errors) == [field]
    assert "Dr Wren Thrush" in response.content.decode() or field == "caller_name"
    assert ListCheck.objects.count() == 0


def test_too_many_checks_are_throttled(duty, client, monkeypatch):
    for _ in range(60):
        client.post(URL, posted(name="", birth_date="", address="EM1 2AB"))
    page = client.post(URL, posted()).content.decode()
    assert "Too many checks in a short time" in page
    assert ListCheck.objects.count() == 60


@pytest.mark.parametrize("role", OTHER_ROLES)
def test_other_roles_get_not_found(client, role):
    client.force_login(user_with_role(role))
    for name in ("plans:check-list", "plans:see-list", "plans:export-list"):
        assert client.get(reverse(name)).status_code == 404


def test_signed_out_users_are_sent_to_sign_in(client):
    for name in ("plans:check-list", "plans:see-list", "plans:export-list", "plans:list-checks"):
        assert client.get(reverse(name)).headers["Location"].startswith(reverse("account_login"))


def test_a_duty_worker_can_not_read_the_list_itself(duty, client):
    assert client.get(reverse("plans:see-list")).status_code == 404


def test_a_check_opens_to_its_author_and_the_custodian(council, family, duty, client):
    address = reverse("plans:list-check", args=[ask(duty, council, name="Robin").check_of_list_id])
    choose = reverse("plans:choose-child", args=[ListCheck.objects.get().pk])
    for role, authority, status in (
        (Role.CUSTODIAN, council, 200),
        (Role.SERVICE_MANAGER, council, 200),
        (Role.DUTY_WORKER, council, 404),
        (Role.TEAM_MANAGER, council, 404),
        (Role.ADMINISTRATOR, council, 404),
        (Role.CUSTODIAN, AuthorityFactory(), 404),
    ):
        client.force_login(user_with_role(role, authority=authority))
        assert client.get(address).status_code == status, role
        assert client.post(choose, {"child": "none"}).status_code == 404, role


def test_another_councils_list_is_not_asked(family):
    listed(family)
    elsewhere = AuthorityFactory()
    other = user_with_role(Role.DUTY_WORKER, authority=elsewhere)
    assert ask(other, elsewhere, name="Kathryn Brambley", born=BORN).kind == ListAnswerKind.NOT_ON_LIST


def test_checks_and_answers_can_not_be_changed(council, duty):
    answer = ask(duty, council, name="Robin")
    for row in (answer, answer.check_of_list):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(at=NOW)


def test_the_custodian_reads_and_exports_the_list(council, family, client):
    child = listed(family, last="=1+1")
    listed(family, given="Robin", held_elsewhere="Westmere", initial_category="")
    listed(FamilyFactory(team=family.team, restricted=True), given="Hidden")
    custodian = user_with_role(Role.CUSTODIAN, authority=council)
    client.force_login(custodian)
    response = client.get(reverse("plans:see-list"))
    assert [row.person.given_name for row in response.context["page"]] == ["Kathryn", "Robin"]
    assert [
        row.person.given_name for row in client.get(reverse("plans:see-list"), {"held": "elsewhere"}).context["page"]
    ] == ["Robin"]
    lines = client.get(reverse("plans:export-list"), {"held": "here"}).content.decode("utf-8-sig").splitlines()
    assert lines[1] == f"{child.council_child_id},Kathryn,'=1+1,2015-05-14,2026-06-01,This council,Emotional,"
    event = AccessEvent.objects.filter(page="plans:export-list").get()
    assert (event.kind, event.person_ids, event.family_ids) == (ReadKind.EXPORT, [child.person_id], [family.pk])


def test_the_form_asks_for_each_thing_once(duty, client):
    page = client.get(URL).content.decode()
    asked = ("caller_name", "caller_agency", "known_by", "caller_phone", "why", "name", "address")
    times = {name: page.count(f'name="{name}"') for name in asked}
    assert times == {**dict.fromkeys(asked, 1), "known_by": 3}


def test_a_duty_workers_landing_page_is_the_check(duty, client):
    assert client.get("/").headers["Location"] == URL


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_and_its_checks_take_the_same_number_of_queries(
    council, family, client, number, django_assert_num_queries
):
    custodian = user_with_role(Role.CUSTODIAN, authority=council)
    for place in range(number):
        listed(FamilyFactory(team=family.team), given=f"Robin{place}")
        ask(custodian, council, name=f"Robin{place}", born=BORN)
    client.force_login(custodian)
    client.get(reverse("plans:see-list"))
    with django_assert_num_queries(8):
        client.get(reverse("plans:see-list"))
    with django_assert_num_queries(9):
        client.get(reverse("plans:list-checks"))
