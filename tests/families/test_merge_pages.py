"""Two records of one person in two families, merged only by a second person who may open both."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from families import services
from families.access import FAMILY_RULE, visible_persons
from families.enums import MergeState, SafetyAlertKind
from families.models import Address, Person, PersonMerge, Residence, SafetyAlert
from families.selectors.safety import alerts_of
from families.selectors.whereabouts import hidden_whereabouts
from families.services import PersonFacts
from tests.factories import (
    AllocationFactory,
    FamilyFactory,
    FamilyMemberFactory,
    PersonFactory,
    TeamFactory,
    user_with_role,
)
from tests.families.conftest import NOW, TODAY
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db


@once_per_module(at=NOW)
def two(case):
    """A second record of Dale Ashdown, in another team's family held by another worker; a coordinator sees both."""
    council = case.council
    team = TeamFactory(authority=council.authority)
    other = FamilyFactory(team=team, name="Yarrow", case_number="26-0500")
    twin = PersonFactory(
        authority=council.authority, given_name="Dale", family_name="Ashdown", birth_date=case.father.birth_date
    )
    FamilyMemberFactory(family=other, person=twin)
    their_worker = user_with_role(Role.SOCIAL_WORKER, team=team)
    AllocationFactory(family=other, user=their_worker)
    coordinators = [user_with_role(Role.COORDINATOR, authority=council.authority) for _ in range(2)]
    return SimpleNamespace(family=other, twin=twin, worker=their_worker, first=coordinators[0], second=coordinators[1])


def propose(case, two, by=None):
    return services.propose_merge(
        kept=case.father, merged=two.twin, reason="Same NHS number", by=by or two.first, now=NOW
    )


def apart(merge, two):
    services.ask_to_undo_merge(merge=merge, reason="Two cousins", by=two.first, now=NOW)
    return services.undo_merge(merge=merge, by=two.second, now=NOW)


def fresh(user):
    return type(user).objects.get(pk=user.pk)


def sees(user):
    return set(visible_persons(fresh(user)))


def test_a_proposal_opens_nothing(case, two):
    before = {user: sees(user) for user in (case.council.worker, two.worker)}
    propose(case, two)
    assert {user: sees(user) for user in (case.council.worker, two.worker)} == before
    assert case.father not in sees(two.worker)
    assert two.twin not in sees(case.council.worker)


def test_agreement_by_a_second_person_widens_access_and_undoing_narrows_it(case, two):
    merge = propose(case, two)
    with pytest.raises(ValidationError):
        services.agree_merge(merge=merge, by=two.first, now=NOW)
    assert case.father not in sees(two.worker)
    services.agree_merge(merge=merge, by=two.second, now=NOW)
    assert case.father in sees(two.worker)
    apart(merge, two)
    assert case.father not in sees(two.worker)
    assert two.twin in sees(two.worker)
    merge.refresh_from_db()
    assert (merge.state, merge.undo_asked_by, merge.undone_by, merge.undone_because) == (
        MergeState.UNDONE,
        two.first,
        two.second,
        "Two cousins",
    )


def test_undoing_a_merge_needs_a_reason(case, two):
    merge = propose(case, two)
    services.agree_merge(merge=merge, by=two.second, now=NOW)
    with pytest.raises(ValidationError) as refused:
        services.ask_to_undo_merge(merge=merge, reason=" ", by=two.first, now=NOW)
    assert list(refused.value.message_dict) == ["reason"]


def test_undoing_a_merge_needs_a_second_person(case, two):
    """Undoing alone would lift what held for both records, such as a conflict of interest."""
    services.declare_conflict(user=two.worker, person=case.father, why="x", by=case.council.manager, now=NOW)
    merge = propose(case, two)
    services.agree_merge(merge=merge, by=two.second, now=NOW)
    with pytest.raises(ValidationError, match="Someone first has to say"):
        services.undo_merge(merge=merge, by=two.second, now=NOW)
    for by in (two.second, two.first):
        services.ask_to_undo_merge(merge=merge, reason="Two cousins", by=by, now=NOW)
    with pytest.raises(ValidationError, match="other than the person who asked"):
        services.undo_merge(merge=merge, by=two.second, now=NOW)
    assert sees(two.worker) == set()
    services.undo_merge(merge=merge, by=two.first, now=NOW)
    assert sees(two.worker) == {two.twin}


def test_a_request_to_undo_a_merge_can_be_refused(case, two):
    merge = propose(case, two)
    services.agree_merge(merge=merge, by=two.second, now=NOW)
    services.ask_to_undo_merge(merge=merge, reason="Two cousins", by=two.first, now=NOW)
    services.keep_merge(merge=merge)
    merge.refresh_from_db()
    assert (merge.state, merge.undo_asked_by, merge.undone_because) == (MergeState.AGREED, None, "")


def third_of(case):
    return services.add_person(
        family=case.family, facts=PersonFacts(given_name="Dale", family_name="Ashdon"), by=case.council.worker, now=NOW
    )  # fmt: skip


def join(kept, merged, two):
    merge = services.propose_merge(kept=kept, merged=merged, reason="Same man", by=two.first, now=NOW)
    return services.agree_merge(merge=merge, by=two.second, now=NOW)


def test_chained_merges_are_all_one_person(case, two):
    """The account belongs to the first record, the case to the last."""
    two.twin.user = case.council.manager
    two.twin.save()
    between, last = third_of(case), case.father
    first = join(between, two.twin, two)
    second = join(last, between, two)
    assert set(Person.objects.filter(merged_into=last)) == {between, two.twin}
    assert FAMILY_RULE.right_of(fresh(case.council.manager), case.family) is None
    with pytest.raises(ValidationError, match="since been joined with another one"):
        services.ask_to_undo_merge(merge=first, reason="x", by=two.first, now=NOW)
    apart(second, two)
    assert set(Person.objects.filter(merged_into=between)) == {two.twin}


def test_two_accounts_are_never_merged_through_a_third_record(case, two):
    between = third_of(case)
    for person, user in ((two.twin, case.council.manager), (case.father, case.council.worker)):
        person.user = user
        person.save()
    join(between, two.twin, two)
    with pytest.raises(ValidationError, match="people with accounts"):
        join(case.father, between, two)


@pytest.mark.parametrize("names", ["the record kept", "the record given up"])
@pytest.mark.parametrize("gets", ["the record kept", "the record given up"])
def test_an_address_hidden_from_one_record_is_hidden_from_both(case, two, names, gets):
    records = {"the record kept": case.father, "the record given up": two.twin}
    address = Address.objects.create(authority=case.council.authority, lines="Hidden House")
    home = Residence.objects.create(person=case.mother, address=address, confidential=True)
    home.hidden_from.set([records[names]])
    join(case.father, two.twin, two)
    recipient = Person.objects.get(pk=records[gets].pk)
    hidden = hidden_whereabouts(recipients=[recipient], children=[case.wren], on=TODAY)
    assert hidden.address_ids == {address.pk}


def test_a_danger_follows_the_person(case, two):
    alert = SafetyAlert.objects.create(
        person=two.twin, kind=SafetyAlertKind.DOG, recorded_by=two.worker, recorded_at=NOW
    )
    join(case.father, two.twin, two)
    assert list(alerts_of(case.family, on=TODAY)) == [alert]


@pytest.mark.parametrize("sealed", ["kept", "merged"])
def test_a_merge_with_a_sealed_record_can_not_be_undone(case, two, sealed):
    merge = propose(case, two)
    services.agree_merge(merge=merge, by=two.second, now=NOW)
    person = {"kept": case.father, "merged": two.twin}[sealed]
    type(person).objects.filter(pk=person.pk).update(sealed_at=NOW, sealed_because="Witness protection")
    with pytest.raises(ValidationError) as refused:
        services.ask_to_undo_merge(merge=merge, reason="x", by=two.first, now=NOW)
    assert refused.value.messages == ["These records can't be separated."]


def test_a_conflict_of_interest_covers_both_merged_records(case, two):
    services.declare_conflict(user=two.worker, person=case.father, why="x", by=case.council.manager, now=NOW)
    merge = propose(case, two)
    services.agree_merge(merge=merge, by=two.second, now=NOW)
    assert sees(two.worker) == set()


# the pages


def test_a_merge_is_proposed_from_the_persons_page(case, two, client):
    client.force_login(two.first)
    address = reverse("families:propose-merge", args=[case.family.pk, case.father.pk])
    page = client.post(address, {"other": two.twin.pk, "reason": " "})
    assert list(page.context["form"].errors) == ["reason"]
    answer = client.post(address, {"other": two.twin.pk, "reason": "Same NHS number"})
    merge = PersonMerge.objects.get()
    assert answer.url == reverse("families:merge", args=[merge.pk])
    assert (merge.kept, merge.merged, merge.proposed_by) == (case.father, two.twin, two.first)


def test_a_record_closed_to_the_user_is_not_offered(case, two, client):
    client.force_login(case.council.worker)
    address = reverse("families:propose-merge", args=[case.family.pk, case.father.pk])
    page = client.post(address, {"other": two.twin.pk, "reason": "A guess"})
    assert list(page.context["form"].errors) == ["other"]
    assert not PersonMerge.objects.exists()


def test_a_childs_record_is_the_one_kept(case, two, client):
    type(two.twin).objects.filter(pk=two.twin.pk).update(family_name="Brambley", given_name="Robin")
    client.force_login(two.first)
    address = reverse("families:propose-merge", args=[two.family.pk, two.twin.pk])
    client.post(address, {"other": case.robin.person.pk, "reason": "One child"})
    merge = PersonMerge.objects.get()
    assert (merge.kept, merge.merged) == (case.robin.person, two.twin)


@pytest.mark.parametrize("name", ["merge", "settle-merge"])
def test_a_merge_opens_only_to_those_who_may_see_both_records(case, two, client, name):
    merge = propose(case, two)
    address = reverse(f"families:{name}", args=[merge.pk])
    ask = client.get if name == "merge" else client.post
    assert ask(address).status_code == 302
    for user in (case.council.worker, two.worker, case.council.manager, user_with_role(Role.COORDINATOR)):
        client.force_login(user)
        assert ask(address).status_code == 404
    assert PersonMerge.objects.get().state == MergeState.PROPOSED


def test_the_proposer_can_not_agree_with_a_tampered_form(case, two, client):
    merge = propose(case, two)
    client.force_login(two.first)
    assert "join them" not in client.get(reverse("families:merge", args=[merge.pk])).content.decode()
    address = reverse("families:settle-merge", args=[merge.pk])
    assert client.post(address, {"agree": "1"}).status_code == 404


def test_a_second_person_compares_agrees_and_undoes(case, two, client):
    merge = propose(case, two)
    client.force_login(two.second)
    page = client.get(reverse("families:merge", args=[merge.pk])).content.decode()
    assert "26-0500, Yarrow" in page
    assert "26-0417, Brambley" in page
    listed = client.get(reverse("families:merges"))
    assert list(listed.context["page"]) == [merge]
    client.post(reverse("families:settle-merge", args=[merge.pk]), {"agree": "1"})
    assert PersonMerge.objects.get().state == MergeState.AGREED
    client.post(reverse("families:merge", args=[merge.pk]), {"reason": "Two cousins"})
    settle = reverse("families:settle-merge", args=[merge.pk])
    assert client.post(settle, {"apart": "1"}).status_code == 404
    assert PersonMerge.objects.get().state == MergeState.AGREED
    client.force_login(two.first)
    assert list(client.get(reverse("families:merges")).context["page"]) == [merge]
    assert "Two cousins" in client.get(reverse("families:merge", args=[merge.pk])).content.decode()
    client.post(settle, {"apart": "1"})
    assert PersonMerge.objects.get().state == MergeState.UNDONE


def test_the_list_shows_only_what_is_open(case, two, client):
    propose(case, two)
    assert client.get(reverse("families:merges")).status_code == 302
    for user in (case.council.worker, user_with_role(Role.COORDINATOR)):
        client.force_login(user)
        assert list(client.get(reverse("families:merges")).context["page"]) == []
    client.force_login(user_with_role(Role.AUDITOR, authority=case.council.authority))
    assert client.get(reverse("families:merges")).status_code == 404
