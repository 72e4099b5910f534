"""Open correction of a wrong decision: chair and manager, both texts kept, plans corrected, people told."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import Category, Outcome
from conferences.models import Conference, ConferenceChild, Decision
from core_groups.models import CoreGroup, CoreGroupMember
from deadlines.models import Deadline
from deadlines.services import reconcile
from meetings.events import tell_decided
from meetings.models import DecisionCorrection, Dissent
from meetings.services.corrections import agree_to_correction, ask_for_correction, effects_if_made, refuse_correction
from meetings.services.decisions import DecisionFacts
from notifications.models import Notice
from plans.enums import EndReason, PlanKind
from plans.models import Plan
from reports.content import content_of
from reports.copies import compose
from reports.enums import Channel, DocumentKind, DocumentState
from reports.models import CorrectionToTell, Document
from reports.services.circulation import record_copy
from reports.services.corrections import record_told
from reports.services.documents import prepare_document, release_document
from tests.factories import (
    ENDING,
    ConferenceChildFactory,
    ConferenceFactory,
    DecisionFactory,
    PlanFactory,
    RoleAssignmentFactory,
    UserFactory,
    user_with_role,
)
from tests.reports.story import NOW, conference_of, tell
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

SITTING = datetime.date(2026, 12, 22)
LATER = NOW + datetime.timedelta(days=1)
WHY = "The notes say child in need; the wrong box was ticked."


@once_per_module()
def decided():
    """The closed conference, whose three child protection decisions have taken effect."""
    story = tell()
    for child in ("robin", "wren", "baby"):
        tell_decided(getattr(story, f"{child}_decision"), now=NOW)
    reconcile(family_ids=[story.family.pk], now=NOW)
    return story


def facts(story, **changes):
    """Return the chair's decision for Robin, by default as entered."""
    return DecisionFacts(
        **{
            "outcome": Outcome.CP_PLAN,
            "main_category": Category.EMO,
            "categories": [Category.EMO],
            "rationale": "Robin carries a grown-up's worry.",
            "help_offered": "",
            "key_worker": story.worker,
            "visit_every_working_days": 10,
            "visit_reason": "",
            "core_group": [story.of.hazel, story.of.worker, story.of.teacher],
            "consents": [],
            "against_majority_reason": "The chair weighs it otherwise.",
            "went_on_reason": "",
            **changes,
        }
    )


def no_plan(story, **changes):
    return facts(
        story,
        **{
            "outcome": Outcome.OTHER_SUPPORT,
            "main_category": "",
            "categories": [],
            "help_offered": "Family support each week.",
            "key_worker": None,
            "visit_every_working_days": None,
            "core_group": [],
            **changes,
        },
    )


def asked(story, wanted=None, **changes):
    return ask_for_correction(
        **{
            "decision": story.robin_decision,
            "facts": wanted or no_plan(story),
            "reason": WHY,
            "by": story.worker,
            "now": LATER,
            **changes,
        }
    )


def agreed(correction, story):
    """Record both agreements."""
    agree_to_correction(correction=correction, as_chair=True, by=story.chair, now=LATER)
    made = agree_to_correction(correction=correction, as_chair=False, by=story.manager, now=LATER)
    made.refresh_from_db()
    return made


def robins_plans(story):
    rows = Plan.objects.filter(child=story.robin).order_by("starts_on", "pk")
    return [(row.kind, row.starts_on, row.ends_on, row.end_reason) for row in rows]


def test_the_decision_stands_until_two_people_have_agreed(decided):
    correction = asked(decided)
    agree_to_correction(correction=correction, as_chair=True, by=decided.chair, now=LATER)
    decided.robin_decision.refresh_from_db()
    assert decided.robin_decision.superseded_by is None
    assert robins_plans(decided) == [(PlanKind.CP, SITTING, None, "")]


def test_both_texts_are_kept_and_the_new_decision_is_of_the_same_sitting(decided):
    Dissent.objects.create(
        decision=decided.robin_decision,
        participant=decided.of.dale,
        text="Not fair.",
        recorded_by=decided.coordinator,
        recorded_at=NOW,
    )
    correction = agreed(asked(decided), decided)
    old, new = Decision.objects.filter(conference_child=decided.robin_row).order_by("pk")
    assert (old.outcome, old.rationale, old.superseded_by, old.superseded_because) == (
        Outcome.CP_PLAN,
        "Robin carries a grown-up's worry.",
        new,
        WHY,
    )
    assert (new.outcome, new.sitting, new.decided_by, new.decided_at) == (
        Outcome.OTHER_SUPPORT,
        old.sitting,
        old.decided_by,
        old.decided_at,
    )
    assert [row.text for row in new.dissents.all()] == ["Not fair."]
    assert [row.text for row in old.dissents.all()] == ["Not fair."]
    assert (correction.made, correction.made_at) == (new, LATER)
    assert (correction.chair_agreed_by, correction.manager_agreed_by) == (decided.chair, decided.manager)


def test_a_plan_started_by_mistake_is_ended_as_entered_in_error(decided):
    decided.chair = user_with_role(Role.CHAIR, authority=decided.authority)
    Conference.objects.filter(pk=decided.conference.pk).update(chair=decided.chair)
    correction = agreed(asked(decided), decided)
    assert robins_plans(decided) == [
        (PlanKind.CP, SITTING, SITTING + datetime.timedelta(days=1), EndReason.ENTERED_IN_ERROR)
    ]
    plan = Plan.objects.get(child=decided.robin)
    assert (plan.end_note, plan.ended_by) == (WHY, decided.chair)
    assert not plan.key_workers.filter(ends_on__isnull=True).exists()
    assert next(row.replace("\xa0", " ") for row in correction.effects) == (
        "The child protection plan that started on 22 December 2026 is ended as entered in error."
    )
    group = CoreGroup.objects.get(conference=decided.conference)
    assert decided.robin not in [plan.child for plan in group.plans.all()]
    assert group.ended_on is None
    running = Deadline.objects.filter(child_id=decided.robin.pk, met_at__isnull=True, not_needed="")
    assert not running.filter(kind__in=["first-review", "visit", "first-core-group"]).exists()


def entered_as_other_support(story, **changes):
    """Rewrite Robin's decision as if the coordinator had entered "other support", or ``changes``, in the meeting."""
    right = story.robin_decision
    wrong = Decision(
        **{
            "conference_child": story.robin_row,
            "sitting": story.sitting,
            "outcome": Outcome.OTHER_SUPPORT,
            "rationale": "Support is enough.",
            "help_offered": "Weekly visits by a volunteer.",
            "decided_by": story.chair,
            "decided_at": right.decided_at,
            "superseded_by": right,
            **changes,
        }
    )
    wrong.save()
    Decision.objects.filter(pk=right.pk).update(superseded_by=wrong, superseded_because="Set up")
    Decision.objects.filter(pk=wrong.pk).update(superseded_by=None)
    story.robin_decision = wrong
    tell_decided(wrong, now=NOW)


def test_a_plan_that_should_have_started_starts_on_the_day_of_the_sitting(db):
    story = tell()
    entered_as_other_support(story)
    correction = agreed(asked(story, facts(story)), story)
    assert robins_plans(story) == [(PlanKind.CP, SITTING, None, "")]
    assert correction.effects[0].replace("\xa0", " ") == (
        "A child protection plan begins on 22 December 2026, the day of the sitting that decided."
    )
    plan = Plan.objects.get(child=story.robin)
    assert (plan.decision, plan.initial_category) == (correction.made, Category.EMO)
    assert CoreGroupMember.objects.filter(plans=plan).count() == 3
    running = Deadline.objects.filter(child_id=story.robin.pk, met_at__isnull=True, not_needed="")
    assert set(running.values_list("kind", flat=True)) >= {"first-review", "visit"}


def refused_fields(act):
    with pytest.raises(ValidationError) as refused:
        act()
    return refused.value.message_dict


def test_a_plan_that_was_ended_by_mistake_continues(db):
    story = tell()
    ConferenceChild.objects.filter(pk=story.robin_row.pk).update(kind="review")
    before = PlanFactory(child=story.robin, authority=story.authority, starts_on=datetime.date(2026, 6, 1))
    entered_as_other_support(story, outcome=Outcome.PLAN_ENDS, **ENDING)
    before.refresh_from_db()
    assert (before.ends_on, before.end_reason) == (SITTING, EndReason.NO_LONGER_AT_RISK)
    assert "still_harm" in refused_fields(lambda: asked(story, facts(story)))
    correction = agreed(asked(story, facts(story, still_harm="yes")), story)
    assert (correction.made.still_harm, correction.made.on_plan) == ("yes", "goes_on")
    before.refresh_from_db()
    assert (before.ends_on, before.end_reason, before.ended_by) == (None, "", None)
    assert robins_plans(story) == [(PlanKind.CP, datetime.date(2026, 6, 1), None, "")]
    assert correction.effects[0].replace("\xa0", " ") == (
        "The child protection plan that started on 1 June 2026 goes on: it had not ended."
    )


def test_a_wrong_category_is_corrected_with_its_history(decided):
    wanted = facts(decided, main_category=Category.NEG, categories=[Category.NEG, Category.EMO])
    correction = agreed(asked(decided, wanted), decided)
    plan = Plan.objects.get(child=decided.robin)
    assert (plan.ends_on, plan.initial_category, plan.decision) == (None, Category.NEG, correction.made)
    (row,) = plan.categories.all()
    assert (row.category, row.also, row.starts_on, row.decision) == ("NEG", "EMO", SITTING, correction.made)
    kept = list(row.events.order_by("pgh_id").values_list("category", flat=True))
    assert kept[0] == "EMO"
    assert kept[-1] == "NEG"
    assert plan.actions.count() > 0
    assert plan.actions.count() == len(set(plan.actions.values_list("outline", flat=True)))


def test_a_wrong_key_worker_and_wrong_visits_are_corrected(decided):
    other = user_with_role(Role.SOCIAL_WORKER, team=decided.team)
    wanted = facts(decided, key_worker=other, visit_every_working_days=5)
    correction = agreed(asked(decided, wanted), decided)
    plan = Plan.objects.get(child=decided.robin)
    assert plan.visit_every_working_days == 5
    assert [row.replace("\xa0", " ") for row in correction.effects[:2]] == [
        "The child is visited at least every 5 working days.",
        "The key worker is corrected from 22 December 2026.",
    ]
    assert list(plan.key_workers.values_list("user", "starts_on", "ends_on")) == [
        (decided.worker.pk, SITTING, SITTING),
        (other.pk, SITTING, None),
    ]


def sent(story, kind=DocumentKind.DECISIONS_LETTER):
    """Release the letter and send it to Hazel and Dale."""
    document = prepare_document(conference=conference_of(story), kind=kind, by=story.coordinator, now=NOW)
    release_document(document=document, by=story.chair, now=NOW)
    for who in (story.of.hazel, story.of.dale):
        record_copy(
            document=document,
            recipient=who,
            channel=Channel.BY_HAND,
            channel_confirmed="Handed over in the office.",
            sent_at=NOW,
            by=story.coordinator,
            now=NOW,
        )
    return document


def test_recipients_of_old_copies_must_be_told_until_a_new_copy_is_sent(decided):
    old = sent(decided)
    correction = agreed(asked(decided), decided)
    old.refresh_from_db()
    assert (old.state, old.superseded_by, old.superseded_because) == (
        DocumentState.SUPERSEDED,
        decided.chair,
        f"A decision was corrected: {WHY}",
    )
    waiting = CorrectionToTell.objects.order_by("recipient_id")
    assert [(row.recipient, row.document, row.correction, row.is_told) for row in waiting] == [
        (decided.of.hazel, old, correction, False),
        (decided.of.dale, old, correction, False),
    ]
    assert Notice.objects.filter(user=decided.coordinator, key=f"correction:{correction.pk}:papers").exists()
    new = prepare_document(conference=conference_of(decided), kind=old.kind, by=decided.coordinator, now=LATER)
    assert new.number == old.number + 1
    release_document(document=new, by=decided.chair, now=LATER)
    copy = record_copy(
        document=new,
        recipient=decided.of.hazel,
        channel=Channel.BY_HAND,
        channel_confirmed="Handed over in the office.",
        sent_at=LATER,
        by=decided.coordinator,
        now=LATER,
    )
    hazel, dale = waiting.all()
    assert (hazel.copy, hazel.told_at, hazel.told_by) == (copy, LATER, decided.coordinator)
    assert dale.told_at is None
    record_told(row=dale, how="By phone, by the social worker.", by=decided.coordinator, now=LATER)
    again = record_told(row=dale, how="Another way.", by=decided.manager, now=LATER)
    assert (again.told_how, again.told_by) == ("By phone, by the social worker.", decided.coordinator)


def test_the_minutes_print_both_texts_with_day_reason_and_who_agreed(decided):
    agreed(asked(decided), decided)
    content = content_of(conference_of(decided), now=LATER)
    copy = compose(content, decided.of.police.pk, DocumentKind.MINUTES)
    robin = next(child for child in copy.children if child.short_name == "Robin")
    (earlier,) = robin.decision.earlier
    assert earlier.text == f"{Outcome.CP_PLAN.label}. Emotional abuse. Robin carries a grown-up's worry."
    assert (earlier.because, earlier.on) == (WHY, datetime.date(2026, 12, 23))
    assert earlier.agreed_by == "Tomasz Kestrel and Grace Heron"


def test_the_page_previews_the_effects_without_changing_anything(decided):
    correction = asked(decided)
    said = effects_if_made(correction, now=LATER)
    assert said[0].replace("\xa0", " ") == (
        "The child protection plan that started on 22 December 2026 is ended as entered in error."
    )
    assert robins_plans(decided) == [(PlanKind.CP, SITTING, None, "")]
    assert Decision.objects.filter(conference_child=decided.robin_row).count() == 1


# Refusals


def refusal(act):
    with pytest.raises(ValidationError) as refused:
        act()
    return refused.value.messages


def test_the_same_person_cannot_agree_on_both_sides(decided):
    RoleAssignmentFactory(user=decided.chair, authority=decided.authority, team=decided.team, role=Role.TEAM_MANAGER)
    correction = asked(decided)
    agree_to_correction(correction=correction, as_chair=True, by=decided.chair, now=LATER)
    assert refusal(lambda: agree_to_correction(correction=correction, as_chair=False, by=decided.chair, now=LATER)) == [
        "You have already agreed in your other role. Someone else has to agree as well."
    ]


@pytest.mark.parametrize("as_chair", [True, False])
def test_only_the_chair_and_a_manager_agree(decided, as_chair):
    correction = asked(decided)
    for user in (
        decided.worker,
        decided.coordinator,
        user_with_role(Role.CHAIR, authority=decided.authority),
        user_with_role(Role.TEAM_MANAGER, authority=decided.authority),
        user_with_role(Role.SERVICE_MANAGER),
        UserFactory(),
    ):
        assert (
            len(
                refusal(lambda by=user: agree_to_correction(correction=correction, as_chair=as_chair, by=by, now=LATER))
            )
            == 1
        )
    correction.refresh_from_db()
    assert correction.is_open


def test_only_those_who_work_with_the_conference_can_ask(decided):
    for user in (
        user_with_role(Role.SOCIAL_WORKER, authority=decided.authority),
        user_with_role(Role.CHAIR, authority=decided.authority),
        user_with_role(Role.COORDINATOR),
        user_with_role(Role.AUDITOR, authority=decided.authority),
        UserFactory(),
    ):
        assert refusal(lambda by=user: asked(decided, by=by)) == [
            "Only the chair, a coordinator or the case's social worker can ask for this."
        ]


def test_asking_and_agreeing_twice_changes_nothing(decided):
    correction = asked(decided)
    assert asked(decided) == correction
    agreed(correction, decided)
    again = agree_to_correction(correction=correction, as_chair=True, by=decided.chair, now=LATER)
    assert again.made_at == LATER
    assert Decision.objects.filter(conference_child=decided.robin_row).count() == 2
    assert refusal(lambda: asked(decided)) == ["This decision has already been corrected. Look at the current one."]


def test_missing_and_unchanged_values_are_refused(decided):
    assert refusal(lambda: asked(decided, reason=" ")) == ["Say what is wrong, and what the evidence is."]
    assert refusal(lambda: asked(decided, facts(decided, against_majority_reason=""))) == [
        "Nothing is different from the current decision. Change what is wrong."
    ]
    asked(decided)
    assert refusal(lambda: asked(decided, by=decided.coordinator)) == [
        "Someone has already asked to correct this decision. Look at that one first."
    ]


def test_a_refused_correction_leaves_the_decision_and_another_can_be_asked_for(decided):
    correction = asked(decided)
    assert refusal(lambda: refuse_correction(correction=correction, because="", by=decided.manager, now=LATER)) == [
        "Say why the decision stands."
    ]
    assert (
        len(refusal(lambda: refuse_correction(correction=correction, because="No", by=UserFactory(), now=LATER))) == 1
    )
    refuse_correction(correction=correction, because="The notes agree.", by=decided.manager, now=LATER)
    assert refusal(lambda: agree_to_correction(correction=correction, as_chair=True, by=decided.chair, now=LATER)) == [
        "This correction was refused. Ask for a new one with its own reason."
    ]
    assert asked(decided, reason="More came to light.") != correction


def test_an_outcome_cannot_change_underneath_a_later_conference(decided):
    review = ConferenceFactory(family=decided.family)
    child = ConferenceChildFactory(conference=review, child=decided.robin, kind="review", enquiry=None)
    DecisionFactory(conference_child=child, decided_at=LATER)
    assert len(refusal(lambda: asked(decided))) == 1
    assert asked(decided, facts(decided, rationale="Said in other words.")).is_open


# Pages


def ask_url(story):
    return reverse("meetings:ask-correction", args=[story.conference.pk, story.robin_row.pk])


def form_of(story, **changes):
    asked_for = {
        "reason": WHY,
        "outcome": Outcome.OTHER_SUPPORT.value,
        "help_offered": "Family support each week.",
        "rationale": "Support is enough.",
        "against_majority_reason": "The chair weighs it otherwise.",
        **changes,
    }
    return {name: value for name, value in asked_for.items() if value is not None}


def test_the_pages_lead_from_the_decision_to_both_agreements(client, decided):
    with time_machine.travel(LATER, tick=False):
        client.force_login(decided.worker)
        page = client.get(reverse("meetings:decisions", args=[decided.conference.pk]))
        assert ask_url(decided) in page.content.decode()
        assert client.get(ask_url(decided)).context["form"]["rationale"].value() == (
            "Robin carries a grown-up's worry."
        )
        done = client.post(ask_url(decided), form_of(decided))
        correction = DecisionCorrection.objects.get()
        url = reverse("meetings:see-correction", args=[decided.conference.pk, correction.pk])
        assert (done.status_code, done["Location"]) == (302, url)
        assert "Agree as" not in client.get(url).content.decode()
        agree = reverse("meetings:agree-correction", args=[decided.conference.pk, correction.pk])
        assert client.post(agree, {"side": "chair"}).status_code == 404
        for user, side in ((decided.chair, "chair"), (decided.manager, "manager")):
            client.force_login(user)
            assert "Agree as" in client.get(url).content.decode()
            client.post(agree, {"side": side})
        text = client.get(url).content.decode()
        assert "Corrected on" in text
        assert WHY in text
        record = client.get(reverse("reports:minutes", args=[decided.conference.pk])).content.decode()
        assert "The decision for Robin" in record
        decisions = client.get(reverse("meetings:decisions", args=[decided.conference.pk]))
        assert "Corrected on" in decisions.content.decode()
        assert "Robin carries a grown-up" in decisions.content.decode()


def test_an_incomplete_form_keeps_the_input(client, decided):
    with time_machine.travel(LATER, tick=False):
        client.force_login(decided.worker)
        page = client.post(ask_url(decided), form_of(decided, reason=" ", help_offered=""))
        assert page.status_code == 200
        assert page.context["form"].errors["reason"] == ["Say what is wrong, and what the evidence is."]
        assert "Support is enough." in page.content.decode()
        assert DecisionCorrection.objects.count() == 0


def test_others_cannot_open_the_pages_of_a_correction(client, decided):
    correction = asked(decided)
    args = [decided.conference.pk, correction.pk]
    urls = [
        ask_url(decided),
        reverse("meetings:see-correction", args=args),
        reverse("meetings:agree-correction", args=args),
        reverse("meetings:refuse-correction", args=args),
    ]
    assert [client.post(url).status_code for url in urls] == [302] * 4
    for user in (
        UserFactory(),
        user_with_role(Role.SOCIAL_WORKER, authority=decided.authority),
        user_with_role(Role.SERVICE_MANAGER),
        user_with_role(Role.AUDITOR, authority=decided.authority),
    ):
        client.force_login(user)
        assert [client.post(url).status_code for url in urls] == [404] * 4


def test_the_coordinator_records_that_a_person_was_told_another_way(client, decided):
    sent(decided)
    agreed(asked(decided), decided)
    row = CorrectionToTell.objects.get(recipient=decided.of.dale)
    url = reverse("reports:tell-of-correction", args=[decided.conference.pk, row.pk])
    assert client.get(url).status_code == 302
    for user in (decided.worker, decided.chair, user_with_role(Role.COORDINATOR)):
        client.force_login(user)
        assert client.get(url).status_code == 404
    client.force_login(decided.coordinator)
    assert "To be told" in client.get(reverse("reports:minutes", args=[decided.conference.pk])).content.decode()
    assert client.post(url, {"how": ""}).context["form"].errors == {"how": ["Say how they were told."]}
    assert client.post(url, {"how": "By phone."}).status_code == 302
    row.refresh_from_db()
    assert row.told_how == "By phone."
    assert Document.objects.filter(state=DocumentState.SUPERSEDED).count() == 1
