"""Someone whom the core group before did not propose comes into a child in need plan: named, checked, agreed."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from families.enums import Answer, RiskGround
from families.models import AgencyInvolvement
from families.services import record_contact_risk
from plans.enums import CinMemberState
from plans.models import CinMember
from plans.services.cin import settle_cin_member
from plans.services.cin_members import propose_cin_member
from tests.factories import AgencyFactory, PersonFactory, PostFactory
from tests.plans.test_child_in_need import NOW, _in_january_2027, need  # noqa: F401 the fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def club(need):  # noqa: F811
    need.club = PostFactory(agency=AgencyFactory(authority=need.authority))
    AgencyInvolvement.objects.create(child=need.plan.child, agency=need.club.agency, post=need.club)
    return need


def propose(need, **changes):  # noqa: F811
    facts = {
        "plan": need.plan, "person": need.club.person, "post": need.club, "because": "He likes football",
        "by": need.worker, "now": NOW,
    }  # fmt: skip
    return propose_cin_member(**{**facts, **changes})


def test_no_one_is_in_the_plan_before_the_family_was_asked(club):
    member = propose(club)
    assert (member.state, member.proposed_by, member.family_agrees) == (
        CinMemberState.PROPOSED, club.worker, Answer.NOT_ASKED,
    )  # fmt: skip
    assert propose(club) == member
    settle_cin_member(
        member=member, state=CinMemberState.IN, family_agrees=Answer.YES, because="", by=club.worker, now=NOW
    )
    assert propose(club).state == CinMemberState.IN


def test_whoever_was_left_out_can_be_proposed_anew(club):
    member = propose(club)
    settle_cin_member(
        member=member, state=CinMemberState.LEFT_OUT, family_agrees=Answer.NO, because="No", by=club.worker, now=NOW
    )
    assert (propose(club).pk, propose(club).state) == (member.pk, CinMemberState.PROPOSED)


def test_who_is_not_around_the_child_or_a_danger_is_refused(club):
    record_contact_risk(
        person=club.father, ground=RiskGround.BAIL, detail="So", by=club.worker, now=NOW, protects=[club.mother]
    )
    for changes, field in (
        ({"person": PersonFactory(authority=club.authority), "post": None}, "who"),
        ({"person": club.father, "post": None}, "who"),
        ({"because": " "}, "because"),
    ):
        with pytest.raises(ValidationError) as refused:
            propose(club, **changes)
        assert list(refused.value.message_dict) == [field]


def test_the_page_leads_on_to_asking_the_family(client, club):
    client.force_login(club.worker)
    url = reverse("plans:propose-member", args=[club.plan.pk])
    assert url in client.get(reverse("plans:plan", args=[club.plan.pk])).content.decode()
    posted = client.post(url, {"who": f"post-{club.club.pk}", "because": "He likes football"})
    member = CinMember.objects.get()
    assert posted["Location"] == reverse("plans:settle-member", args=[club.plan.pk, member.pk])
    assert "He likes football" in client.get(reverse("plans:plan", args=[club.plan.pk])).content.decode()
