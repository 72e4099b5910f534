"""Child in need plans: whose consent is enough, what goes to a manager, reviews, and the end."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import Outcome
from deadlines.models import Deadline
from deadlines.policies import versions as policy_versions
from families.enums import Answer, ResponsibilitySource, ResponsibilityStatus
from families.models import ParentalResponsibility
from meetings.models import DecisionConsent
from notifications.models import Notice
from plans.enums import ConsentMatterOutcome, EndReason, PlanKind
from plans.models import CinReview, Consent
from plans.selectors.consent import answers, is_enough, people_asked
from plans.services.cin import (
    HelpThatGoesOn,
    decide_consent_matter,
    end_cin_plan,
    hold_cin_review,
    record_consent,
    withdraw_consent,
)
from plans.services.consent import follow_answers
from tests.factories import (
    ChildFactory,
    DecisionFactory,
    FamilyFactory,
    PersonFactory,
    PlanFactory,
    PregnancyFactory,
    policy_version_of,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 1, 20, 12, tzinfo=datetime.UTC)
TODAY = NOW.date()
GOES_ON = HelpThatGoesOn(what="The school’s family worker", by_whom="The school", until="the summer")


@pytest.fixture(autouse=True)
def _in_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def need():
    """Robin's child in need plan; mother and father have parental responsibility."""
    family = FamilyFactory()
    child = ChildFactory(authority=family.authority, family=family)
    family.plan = PlanFactory(
        child=child, kind=PlanKind.CIN, initial_category="", policy_version_id=policy_version_of(family.authority)
    )
    family.mother, family.father = (
        PersonFactory(authority=family.authority, given_name=name) for name in ("Hazel", "Dale")
    )
    for person in (family.mother, family.father):
        ParentalResponsibility.objects.create(
            child=child, person=person, status=ResponsibilityStatus.HELD, source=ResponsibilitySource.BIRTH
        )
    family.worker = user_with_role(Role.SOCIAL_WORKER, team=family.team)
    family.manager = user_with_role(Role.TEAM_MANAGER, team=family.team)
    return family


def says(need, person, answer, **fields):
    return record_consent(
        plan=need.plan, person=person, answer=answer, answered_on=TODAY, by=need.worker, now=NOW, **fields
    )


def test_one_parent_is_enough_and_each_answer_is_kept(need):
    assert is_enough(need.plan, on=TODAY) is False
    says(need, need.mother, Answer.YES)
    assert is_enough(need.plan, on=TODAY) is True
    says(need, need.father, Answer.NOT_ASKED, not_asked_because="He is at sea")
    assert [(row.person, row.agrees) for row in answers(need.plan, on=TODAY)] == [
        (need.mother, True),
        (need.father, False),
    ]
    says(need, need.father, Answer.YES)
    kept = Consent.objects.filter(person=need.father).order_by("pk")
    assert [(row.answer, row.replaced_at is None) for row in kept] == [("not_asked", False), ("yes", True)]


def test_who_was_not_asked_has_a_reason_and_no_one_else_answers(need):
    with pytest.raises(ValidationError, match="Say why this person was not asked"):
        says(need, need.mother, Answer.NOT_ASKED)
    with pytest.raises(ValidationError, match="not asked about the plan"):
        says(need, PersonFactory(authority=need.authority), Answer.YES)


@pytest.mark.value("one-consent-enough")
def test_both_parents_have_to_agree_where_the_procedures_say_so(need, monkeypatch):
    says(need, need.mother, Answer.YES)
    policy = policy_versions.policy_for(need.authority_id, on=TODAY)
    monkeypatch.setitem(policy.data["values"]["one-consent-enough"], "value", False)
    monkeypatch.setattr("plans.selectors.consent.policy_for", lambda *_, **__: policy)
    assert is_enough(need.plan, on=TODAY) is False


def test_a_young_person_of_16_agrees_for_themselves(need):
    young = need.plan.child.person
    young.birth_date = datetime.date(2010, 1, 20)
    young.save()
    need.plan.refresh_from_db()
    assert young in people_asked(need.plan, on=TODAY)
    says(need, young, Answer.YES)
    assert is_enough(need.plan, on=TODAY) is True


def test_for_an_unborn_child_the_mother_alone_is_asked(need):
    pregnancy = PregnancyFactory(authority=need.authority)
    child = ChildFactory(authority=need.authority, family=need, person__birth_date=None, pregnancy=pregnancy)
    plan = PlanFactory(child=child, kind=PlanKind.CIN, initial_category="")
    assert people_asked(plan, on=TODAY) == [child.pregnancy.mother]


def test_a_disagreement_goes_to_the_manager_within_the_procedures_days(need):
    says(need, need.mother, Answer.YES)
    says(need, need.father, Answer.NO, note="I do not want this")
    matter = need.plan.consent_matters.get()
    assert matter.kind == "disagreed"
    notice = Notice.objects.get(user=need.manager)
    assert notice.url == reverse("plans:decide-consent", args=[need.plan.pk, matter.pk])
    deadline = Deadline.objects.get(kind="consent-decided")
    # Wednesday 20 January and two working days.
    assert (deadline.due_on, deadline.responsible_ids) == (datetime.date(2027, 1, 22), [need.manager.pk])
    with pytest.raises(ValidationError, match="A manager of this case"):
        decide(need, matter, by=need.worker)
    decided = decide(need, matter)
    assert (decided.outcome, need.plan.ends_on) == (ConsentMatterOutcome.GOES_ON, None)
    deadline.refresh_from_db()
    assert deadline.met_at == NOW
    with pytest.raises(ValidationError, match="has decided this already"):
        decide(need, matter)


def test_an_answer_given_at_a_conference_takes_the_place_of_the_one_before(need):
    says(need, need.mother, Answer.YES)
    says(need, need.father, Answer.YES)
    decision = DecisionFactory(outcome=Outcome.CIN_PLAN)
    for person, answer in ((need.father, Answer.REFUSED), (need.mother, Answer.YES)):
        DecisionConsent.objects.create(decision=decision, person=person, answer=answer)
    for _ in range(2):
        follow_answers(need.plan, decision, now=NOW)
    kept = Consent.objects.filter(plan=need.plan).order_by("pk").values_list("person", "answer", "replaced_at")
    assert list(kept) == [
        (need.mother.pk, "yes", None), (need.father.pk, "yes", NOW), (need.father.pk, "refused", None),
    ]  # fmt: skip
    assert need.plan.consent_matters.get().kind == "disagreed"


def decide(need, matter, outcome=ConsentMatterOutcome.GOES_ON, by=None, **fields):
    return decide_consent_matter(
        matter=matter,
        outcome=outcome,
        reason="The mother’s consent is enough",
        by=by or need.manager,
        now=NOW,
        **fields,
    )


def test_consent_taken_back_leaves_the_plan_until_the_manager_decides(need):
    consent = says(need, need.mother, Answer.YES)
    withdraw_consent(consent=consent, withdrawn_on=TODAY, because="Enough", by=need.worker, now=NOW)
    need.plan.refresh_from_db()
    assert (need.plan.ends_on, is_enough(need.plan, on=TODAY)) == (None, False)
    matter = need.plan.consent_matters.get()
    with pytest.raises(ValidationError, match="Say what help goes on"):
        decide(need, matter, ConsentMatterOutcome.ENDS)
    decide(need, matter, ConsentMatterOutcome.ENDS, goes_on=GOES_ON)
    need.plan.refresh_from_db()
    assert (need.plan.end_reason, need.plan.goes_on_by) == (EndReason.CONSENT_WITHDRAWN, "The school")


def test_a_review_has_attendance_progress_and_a_next_one_within_twelve_weeks(need):
    review = {
        "plan": need.plan, "held_on": TODAY, "progress": "Half of it", "note": "Go on", "by": need.worker, "now": NOW,
        "came": [(need.mother, None)], "not_there": [(need.father, None)],
    }  # fmt: skip
    with pytest.raises(ValidationError, match="The next review is due by 14"):
        hold_cin_review(**review, next_on=datetime.date(2027, 4, 15))
    with pytest.raises(ValidationError, match="Choose who came"):
        hold_cin_review(**{**review, "came": []}, next_on=datetime.date(2027, 4, 14))
    hold_cin_review(**review, next_on=datetime.date(2027, 4, 14))
    held = CinReview.objects.get()
    assert (held.there, held.not_there) == (need.mother.full_name, need.father.full_name)


def test_a_plan_ends_with_what_help_goes_on_and_not_while_a_manager_has_to_decide(need):
    ending = {"plan": need.plan, "reason": EndReason.GOALS_MET, "note": "", "by": need.worker, "now": NOW}
    with pytest.raises(ValidationError, match="Say what help goes on"):
        end_cin_plan(**ending, goes_on=HelpThatGoesOn(what="", by_whom="", until=""))
    says(need, need.father, Answer.NO)
    with pytest.raises(ValidationError, match="A manager has first to decide"):
        end_cin_plan(**ending, goes_on=GOES_ON)
    decide(need, need.plan.consent_matters.get())
    assert end_cin_plan(**ending, goes_on=GOES_ON).ends_on == TODAY


def test_the_pages_from_an_answer_to_the_managers_decision(client, need):
    client.force_login(need.worker)
    of_plan = {"pk": need.plan.pk}
    day = {"answered_on_day": "20", "answered_on_month": "1", "answered_on_year": "2027"}
    for person, answer in ((need.mother, "yes"), (need.father, "refused")):
        typed = {"person": person.pk, "answer": answer, **day}
        assert client.post(reverse("plans:record-consent", kwargs=of_plan), typed).status_code == 302
    page = client.get(reverse("plans:plan", kwargs=of_plan)).content.decode()
    assert "a manager decides what happens" in page
    matter = need.plan.consent_matters.get()
    address = reverse("plans:decide-consent", args=[need.plan.pk, matter.pk])
    assert client.get(address).status_code == 404
    client.force_login(need.manager)
    assert address in client.get(reverse("plans:plan", kwargs=of_plan)).content.decode()
    client.post(address, {"outcome": "goes_on", "reason": "One is enough"})
    matter.refresh_from_db()
    assert matter.decided_by == need.manager
