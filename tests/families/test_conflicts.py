"""Conflicts of interest by person: recorded ties and declared conflicts."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from families import services
from families.access import FAMILY_RULE, PERSON_RULE, barred_families, belonging, visible_families
from families.enums import RelationshipKind
from families.models import Address, Allocation, BreakGlass, ConflictOfInterest, FamilyMember, Residence
from notifications.models import Message, Notice
from tests.factories import (
    AllocationFactory,
    BreakGlassFactory,
    ChildFactory,
    ConflictOfInterestFactory,
    FamilyFactory,
    PersonFactory,
    RelationshipFactory,
    user_with_role,
)
from tests.families.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db


def declare(case, user, **about):
    about = about or {"family": case.family}
    return services.declare_conflict(user=user, why="Her sister", by=case.council.manager, now=NOW, **about)


def opens(user, family):
    return FAMILY_RULE.right_of(type(user).objects.get(pk=user.pk), family) is not None


def person_of(case, user):
    return PersonFactory(authority=case.council.authority, user=user)


def co_parent(case, user):
    """The father of a child in another family, whose mother is also this child's mother."""
    child = ChildFactory(authority=case.council.authority)
    RelationshipFactory(child=child, person=case.mother, kind=RelationshipKind.MOTHER)
    RelationshipFactory(child=child, person=person_of(case, user), kind=RelationshipKind.FATHER)


def grown_up_child(case, user):
    own = person_of(case, user)
    RelationshipFactory(child=ChildFactory(authority=case.council.authority, person=own), person=case.grandmother)


def same_household(case, user):
    address = Address.objects.create(authority=case.council.authority, lines="1 Quiet Lane")
    for person in (case.mother, person_of(case, user)):
        Residence.objects.create(person=person, address=address)


@pytest.mark.parametrize("tie", [co_parent, grown_up_child, same_household])
def test_a_tie_through_an_adult_closes_the_case(case, tie):
    assert opens(case.council.manager, case.family)
    tie(case, case.council.manager)
    assert not opens(case.council.manager, case.family)
    assert (case.family.pk, case.council.manager.pk) in set(belonging())


def test_a_former_household_is_not_a_tie(case):
    same_household(case, case.council.manager)
    Residence.objects.filter(person=case.mother).update(ends_on=TODAY)
    assert opens(case.council.manager, case.family)
    assert set(belonging()) == set()


@pytest.mark.parametrize("with_whom", ["family", "a member", "a father who is no member"])
def test_a_declared_conflict_closes_the_case_everywhere(case, with_whom):
    user = case.council.manager
    if with_whom == "a father who is no member":
        FamilyMember.objects.filter(person=case.father)._raw_delete("default")
    declare(case, user, **({"family": case.family} if with_whom == "family" else {"person": case.father}))
    assert not opens(user, case.family)
    assert set(belonging()) == {(case.family.pk, user.pk)}
    assert barred_families(user) == [case.family.pk]


def test_a_person_with_a_declared_conflict_is_found_in_no_family(case):
    user = case.council.manager
    other = FamilyFactory(team=case.council.team)
    FamilyMember.objects.create(family=other, person=case.father, starts_on=TODAY)
    declare(case, user, person=case.father)
    user = type(user).objects.get(pk=user.pk)
    assert PERSON_RULE.right_of(user, case.father) is None
    assert list(visible_families(user)) == []


def test_a_declared_conflict_follows_a_merged_record(case):
    merged = PersonFactory(authority=case.council.authority, merged_into=case.father)
    ConflictOfInterestFactory(user=case.council.manager, person=merged)
    assert not opens(case.council.manager, case.family)
    assert set(belonging()) == {(case.family.pk, case.council.manager.pk)}


def test_declaring_is_idempotent_and_ending_reopens_the_case(case):
    conflict = declare(case, case.council.worker)
    assert declare(case, case.council.worker) == conflict
    services.end_conflict(conflict=conflict, why="A mix-up of names", by=case.council.manager, now=NOW)
    conflict.refresh_from_db()
    assert (conflict.ended_by, conflict.ended_at, conflict.ended_because) == (
        case.council.manager, NOW, "A mix-up of names",
    )  # fmt: skip
    assert opens(case.council.worker, case.family)


def test_users_can_not_end_their_own_conflict(case):
    conflict = declare(case, case.council.worker)
    with pytest.raises(ValidationError, match="Someone else"):
        services.end_conflict(conflict=conflict, why="x", by=case.council.worker, now=NOW)


def test_the_worker_loses_the_case_and_the_manager_is_told_without_the_reason(case):
    declare(case, case.council.worker)
    assert Allocation.objects.get().ends_on == TODAY
    notice = Notice.objects.get()
    assert (notice.user, notice.url) == (
        case.council.manager, reverse("families:allocate-case", args=[case.family.pk]),
    )  # fmt: skip
    assert "sister" not in notice.text
    assert case.council.worker.name not in notice.text


def test_it_closes_an_open_break_glass(case):
    duty = user_with_role(Role.DUTY_WORKER, authority=case.council.authority)
    glass = BreakGlassFactory(family=case.family, user=duty, opened_at=NOW - services.OPEN_FOR / 2)
    declare(case, duty)
    glass.refresh_from_db()
    assert glass.closes_at == NOW
    assert not opens(duty, case.family)


def test_break_glass_is_refused_after_a_declared_conflict(case, client):
    duty = user_with_role(Role.DUTY_WORKER, authority=case.council.authority)
    declare(case, duty)
    with pytest.raises(ValidationError):
        services.break_glass(user=duty, family=case.family, reason="x", now=NOW)
    client.force_login(duty)
    assert client.get(reverse("families:break-glass", args=[case.family.pk])).status_code == 404
    page = client.post(reverse("families:find-case"), {"case_number": case.family.case_number})
    assert list(page.context["form"].errors) == ["case_number"]
    assert not BreakGlass.objects.exists()


def test_a_relative_can_not_be_allocated_and_the_refusal_does_not_say_why(case):
    relative = user_with_role(Role.SOCIAL_WORKER, team=case.council.team)
    same_household(case, relative)
    with pytest.raises(ValidationError) as refused:
        services.allocate_case(family=case.family, user=relative, starts_on=TODAY, by=case.council.manager, now=NOW)
    assert refused.value.message_dict == {"user": ["This person can't hold the case. Choose someone else."]}


def test_a_worker_declares_their_own_conflict_and_the_case_closes(case, client):
    client.force_login(case.council.worker)
    address = reverse("families:declare-conflict", args=[case.family.pk])
    assert "user" not in client.get(address).context["form"].fields
    page = client.post(address, {"why": "", "user": case.council.manager.pk})
    assert list(page.context["form"].errors) == ["why"]
    page = client.post(address, {"why": "My neighbour", "user": case.council.manager.pk})
    assert page.url == reverse("deadlines:my-work")
    row = ConflictOfInterest.objects.get()
    assert (row.user, row.declared_by, row.family) == (
        case.council.worker, case.council.worker, case.family,
    )  # fmt: skip
    assert client.get(address).status_code == 404


def test_a_manager_declares_a_colleagues_conflict_with_a_person(case, client):
    client.force_login(case.council.manager)
    address = reverse("families:declare-conflict-with-person", args=[case.family.pk, case.father.pk])
    page = client.post(address, {"why": "Cousins", "user": case.council.worker.pk})
    assert page.url == reverse("families:family", args=[case.family.pk])
    row = ConflictOfInterest.objects.get()
    assert (row.user, row.person, row.family) == (case.council.worker, case.father, None)
    shown = client.get(reverse("families:who-may-open", args=[case.family.pk])).content.decode()
    assert "Cousins" in shown


def test_a_manager_ends_it_on_the_page(case, client):
    conflict = declare(case, case.council.worker)
    client.force_login(case.council.manager)
    address = reverse("families:end-conflict", args=[case.family.pk, conflict.pk])
    client.post(address, {"why": "A mix-up"})
    conflict.refresh_from_db()
    assert conflict.ended_at == NOW


def test_the_conflict_of_another_family_is_not_ended_through_this_one(case, client):
    other = ConflictOfInterestFactory(family=FamilyFactory())
    client.force_login(case.council.manager)
    address = reverse("families:end-conflict", args=[case.family.pk, other.pk])
    assert client.post(address, {"why": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["declare-conflict", "declare-conflict-with-person", "end-conflict"])
def test_other_users_can_neither_declare_nor_end_conflicts(case, client, name):
    conflict = declare(case, user_with_role(Role.CHAIR, authority=case.council.authority))
    extra = {"declare-conflict-with-person": [case.father.pk], "end-conflict": [conflict.pk]}.get(name, [])
    address = reverse(f"families:{name}", args=[case.family.pk, *extra])
    assert client.get(address).status_code == 302
    for user in (user_with_role(Role.TEAM_MANAGER), conflict.user):
        client.force_login(user)
        assert client.post(address, {"why": "x"}).status_code == 404


def test_nothing_is_sent_to_a_manager_with_a_conflict(case):
    AllocationFactory(family=FamilyFactory(team=case.council.team), user=case.council.worker)
    declare(case, case.council.manager)
    declare(case, case.council.worker)
    assert (Notice.objects.count(), Message.objects.count()) == (0, 0)
