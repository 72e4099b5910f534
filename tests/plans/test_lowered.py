"""A plan that is lowered loses nothing: what it says goes on, members are proposed, visits go on until they are set."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from conferences.enums import ConferenceKind, Outcome
from core_groups.models import CoreGroup, CoreGroupMember
from core_groups.services.changes import propose_cin_members
from deadlines.models import Deadline
from deadlines.services import reconcile
from families.enums import Answer
from plans.enums import CinMemberState, Occasion, PlanEntryKind, PlanKind, Progress, WhyChanged
from plans.models import CinMember, Plan
from plans.selectors.versions import versions_of
from plans.services.cin import set_cin_visits, settle_cin_member
from plans.services.document import ActionWords, EntryWords, add_to_plans
from plans.services.plans import follow_decision, record_progress
from plans.services.versions import Why
from tests.factories import (
    ENDING,
    ChildFactory,
    ConferenceChildFactory,
    DecisionFactory,
    FamilyFactory,
    PersonFactory,
    PlanFactory,
    PostFactory,
    SittingFactory,
    policy_version_of,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

BEFORE = datetime.datetime(2027, 2, 1, 12, tzinfo=datetime.UTC)
NOW = datetime.datetime(2027, 3, 16, 13, tzinfo=datetime.UTC)


@once_per_module(at=NOW)
def lowered():
    """Robin's plan, with a need, a private action under way and a teacher in the core group, is lowered at a review."""
    family = FamilyFactory()
    child = ChildFactory(authority=family.authority, family=family)
    plan = PlanFactory(child=child, policy_version_id=policy_version_of(family.authority), visit_every_working_days=7)
    worker = user_with_role(Role.SOCIAL_WORKER, team=family.team)
    mother = PersonFactory(authority=family.authority)
    why = Why(occasion=Occasion.BETWEEN, because=WhyChanged.CIRCUMSTANCES, reason="So", by=worker, now=BEFORE)
    need = EntryWords(kind=PlanEntryKind.NEED, text="To sleep", services="Sleep clinic")
    wish = EntryWords(kind=PlanEntryKind.WISHES, text="A lamp")
    act = ActionWords(
        what="See the clinic", why="To sleep", who=[(mother, None)], by_when_words="soon", private_to=[mother]
    )
    for words in (need, wish, act):
        add_to_plans(plans=[plan], words=words, why=why)
    action = plan.actions.get()
    record_progress(action=action, progress=Progress.UNDER_WAY, note="First visit", version=1, by=worker, now=BEFORE)
    sitting = SittingFactory(conference__family=family, starts_at=NOW - datetime.timedelta(hours=3))
    group = CoreGroup.objects.create(
        authority=family.authority, family=family, conference=sitting.conference, formed_on=plan.starts_on
    )
    group.plans.add(plan)
    post = PostFactory(agency__authority=family.authority)
    member = CoreGroupMember.objects.create(core_group=group, person=post.person, post=post, starts_on=plan.starts_on)
    member.plans.add(plan)
    listed = ConferenceChildFactory(
        conference=sitting.conference, child=child, kind=ConferenceKind.REVIEW, enquiry=None
    )
    decision = DecisionFactory(
        conference_child=listed, sitting=sitting,
        **{**ENDING, "outcome": Outcome.CIN_PLAN, "on_plan": "lowered", "main_category": "", "categories": [],
           "visit_every_working_days": None},
    )  # fmt: skip
    follow_decision(decision, NOW)
    propose_cin_members(decision, NOW)
    family.plan, family.cin = plan, Plan.objects.get(kind=PlanKind.CIN)
    family.mother, family.worker, family.post = mother, worker, post
    return family


def test_what_the_plan_said_goes_on(lowered):
    cin, plan = lowered.cin, lowered.plan
    assert cin.carried_from == plan
    assert sorted(cin.entries.standing().values_list("kind", "text")) == [("need", "To sleep"), ("wishes", "A lamp")]
    action = cin.actions.standing().get()
    assert (action.what, action.progress, action.progress_note) == ("See the clinic", Progress.UNDER_WAY, "First visit")
    assert (action.thread, list(action.private_to.all())) == (plan.actions.get().thread, [lowered.mother])
    assert action.progress_rows.get().carried_over is True
    assert [row.version.occasion for row in versions_of(cin)] == [Occasion.CARRIED]


def test_following_the_decision_again_carries_nothing_twice(lowered):
    follow_decision(lowered.cin.decision, NOW)
    assert lowered.cin.actions.count() == 1


def test_the_child_is_visited_as_before_until_the_visits_are_set(lowered):
    assert lowered.cin.visit_every_working_days == 7
    reconcile(family_ids=[lowered.pk], now=NOW)
    visits = Deadline.objects.filter(kind="visit", child_id=lowered.cin.child_id, met_at=None, not_needed="")
    # 16 March 2027 and seven working days: 17, 18, 19, 22, 23, 24 and 25 March.
    assert [row.due_on for row in visits] == [datetime.date(2027, 3, 25)]
    set_cin_visits(plan=lowered.cin, every_working_days=20, by=lowered.worker, now=NOW)
    # Good Friday and Easter Monday (26 and 29 March) are no working days: the twentieth is 15 April.
    assert [row.due_on for row in visits.all()] == [datetime.date(2027, 4, 15)]
    set_cin_visits(plan=lowered.cin, every_working_days=None, by=lowered.worker, now=NOW)
    assert list(visits.all()) == []


def test_members_are_proposed_and_in_only_after_a_check_and_the_familys_answer(lowered):
    member = CinMember.objects.get(plan=lowered.cin)
    assert (member.person, member.state) == (lowered.post.person, CinMemberState.PROPOSED)
    settle = {"member": member, "state": CinMemberState.IN, "because": "", "by": lowered.worker, "now": NOW}
    with pytest.raises(ValidationError, match="Ask the family first"):
        settle_cin_member(family_agrees=Answer.NOT_ASKED, **settle)
    with pytest.raises(ValidationError, match="Say why"):
        settle_cin_member(family_agrees=Answer.NO, **settle)
    assert settle_cin_member(family_agrees=Answer.YES, **settle).state == CinMemberState.IN
    lowered.post.ends_on = NOW.date()
    lowered.post.save()
    with pytest.raises(ValidationError, match="has left that post"):
        settle_cin_member(family_agrees=Answer.YES, **settle)


def test_the_page_shows_what_was_carried(client, lowered):
    client.force_login(lowered.worker)
    page = client.get(f"/plans/{lowered.cin.pk}/").content.decode()
    assert "Carried on from the" in page
    assert "Set how often the child is visited" in page
    assert "See the clinic" in page
    assert "Check and ask the family" in page
