"""Nothing ends or lowers a plan unless the chair of a quorate review records it for that child."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from conferences.enums import AlsoAdvised, EndsBecause, Outcome, PlanEffect, Presence, StillHarm
from conferences.models import Attendance, ConferenceChild, Decision
from families.enums import Answer
from families.models import AgencyInvolvement
from meetings.enums import ViewStatus
from meetings.models import View
from meetings.selectors.day_steps import TheDay
from meetings.services.attendance import record_attendance, remove_attendee
from meetings.services.closing import close_conference
from meetings.services.decisions import Consent
from meetings.services.opening import add_part
from notifications.models import Notice
from plans.enums import EndReason, PlanKind
from plans.models import Plan
from reports.content.decided import decisions_in, said_decisions
from tests.conferences.conftest import NOW, attend
from tests.factories import PlanFactory
from tests.meetings.test_decisions import decide, holder, plan_and_views
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
HARMED = "Wren still suffers, or is likely to suffer, significant harm"
SINCE = datetime.date(2026, 10, 1)
MINUTE = datetime.timedelta(minutes=1)
HELP = "The school’s family worker, every week until Easter"
WELL = {
    "still_harm": StillHarm.NO, "went_on_reason": "So", "against_majority_reason": "So", "help_offered": HELP,
    "ends_because": EndsBecause.SAFER,
}  # fmt: skip
ILL = {**WELL, "still_harm": StillHarm.YES}
LEAVE_IT = (Outcome.FURTHER_ASSESSMENT, Outcome.OTHER_SUPPORT)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def review(meeting):
    """The same meeting as a review of both children's plans; Wren's professionals are there."""
    for row in (meeting.wren, meeting.robin):
        row.kind, row.enquiry = "review", None
        row.save()
        PlanFactory(child=row.child, starts_on=SINCE)
    plan_and_views(meeting, meeting.wren)
    meeting.hazel = meeting.people.hazel.person
    holder(meeting.wren, meeting.hazel)
    return meeting


def plan_of(row):
    return Plan.objects.get(child=row.child, kind=PlanKind.CP)


def refused(act):
    with pytest.raises(ValidationError) as refusal:
        act()
    assert not Decision.objects.exists()
    return refusal.value.message_dict


def agreed(review, answer=Answer.YES):
    return {"consents": [Consent(review.hazel, answer)]}


@pytest.mark.parametrize("outcome", LEAVE_IT)
@pytest.mark.parametrize("answer", [WELL, ILL])
def test_further_assessment_and_other_support_leave_the_plan_in_force(review, outcome, answer):
    decision = decide(review, outcome=outcome, **answer)
    assert (plan_of(review.wren).is_open, decision.on_plan) == (True, PlanEffect.GOES_ON)


@pytest.mark.parametrize("outcome", LEAVE_IT)
def test_what_leaves_the_plan_in_force_is_not_against_those_who_want_it(review, outcome):
    facts = {**WELL, "outcome": outcome, "against_majority_reason": ""}
    assert decide(review, **facts).against_majority_reason == ""


@pytest.mark.parametrize("outcome", LEAVE_IT)
def test_what_leaves_the_plan_in_force_is_against_those_who_want_none(review, outcome):
    View.objects.filter(conference_child=review.wren).update(status=ViewStatus.NO_PLAN)
    facts = {**WELL, "outcome": outcome}
    assert "against_majority_reason" in refused(lambda: decide(review, **{**facts, "against_majority_reason": ""}))
    decision = decide(review, **facts)
    assert decision.against_majority_reason == "So"
    (said,) = said_decisions([decision])
    assert said["against_majority_reason"] == "So"


def test_ending_is_recorded_and_ends_the_plan_of_that_child_only(review):
    decision = decide(review, outcome=Outcome.PLAN_ENDS, **WELL)
    ended = plan_of(review.wren)
    assert (ended.ends_on, ended.end_reason, ended.ended_by) == (
        review.sitting.day, EndReason.NO_LONGER_AT_RISK, review.chair,
    )  # fmt: skip
    assert plan_of(review.robin).is_open
    assert (decision.still_harm, decision.on_plan, decision.quorate) == (StillHarm.NO, PlanEffect.ENDS, True)
    assert decision.ends_because == EndsBecause.SAFER


@pytest.mark.parametrize(
    "facts", [{"outcome": Outcome.PLAN_ENDS}, {"outcome": Outcome.CIN_REFUSED, "refusal_changes": "no"}]
)
def test_a_plan_ends_only_with_its_cause(review, facts):
    consents = agreed(review, Answer.REFUSED) if facts["outcome"] == Outcome.CIN_REFUSED else {}
    said = refused(lambda: decide(review, **{**WELL, **facts, **consents, "ends_because": ""}))
    assert said == {"ends_because": ["Say why the plan ends or is lowered."]}


def test_what_the_chair_advises_besides_is_kept_and_told_to_the_managers(review):
    advised = [AlsoAdvised.JOINT_REVIEW, AlsoAdvised.LEGAL_PLANNING]
    decision = decide(review, outcome=Outcome.FURTHER_ASSESSMENT, **{**ILL, "also_advised": advised})
    assert (decision.ends_because, decision.also_advised) == ("", list(reversed(advised)))
    (text,) = Notice.objects.filter(key=f"also-advised:{decision.pk}").values_list("text", flat=True).distinct()
    assert "A legal planning meeting; A joint review" in text
    (said,) = said_decisions([decision])
    assert said["also_advised"] == decision.also_advised


def test_lowering_is_recorded_and_begins_the_other_plan(review):
    decision = decide(review, outcome=Outcome.CIN_PLAN, **WELL, **agreed(review))
    assert plan_of(review.wren).end_reason == EndReason.STEPPED_DOWN
    assert Plan.objects.get(child=review.wren.child, kind=PlanKind.CIN).is_open
    assert decision.on_plan == PlanEffect.LOWERED


def test_a_plan_that_goes_on_is_recorded_as_such(review):
    decision = decide(review, still_harm=StillHarm.YES)
    assert (decision.on_plan, plan_of(review.wren).is_open) == (PlanEffect.GOES_ON, True)
    assert Plan.objects.filter(child=review.wren.child).count() == 1


@pytest.mark.parametrize("outcome", Outcome)
def test_the_question_comes_first(review, outcome):
    said = refused(lambda: decide(review, outcome=outcome, went_on_reason="So", help_offered=HELP))
    assert said["still_harm"] == [f"Say first whether {HARMED}."]


@pytest.mark.parametrize("outcome", [Outcome.PLAN_ENDS, Outcome.CIN_PLAN, Outcome.CIN_REFUSED])
def test_yes_cannot_end_or_lower_it(review, outcome):
    said = refused(lambda: decide(review, outcome=outcome, refusal_changes="no", **ILL, **agreed(review, Answer.NO)))
    assert said["outcome"] == [f"You answered that {HARMED}. The plan can’t end or be lowered then."]


def test_no_cannot_let_it_simply_go_on(review):
    assert "The plan can’t simply go on then" in refused(lambda: decide(review, still_harm=StillHarm.NO))["outcome"][0]


def test_nothing_at_all_is_no_choice_where_a_plan_stands(review):
    assert (
        "A child protection plan is in force"
        in refused(lambda: decide(review, outcome=Outcome.NOTHING, **WELL))["outcome"][0]
    )
    assert plan_of(review.wren).is_open


@pytest.mark.parametrize("outcome", [Outcome.PLAN_ENDS, Outcome.CIN_REFUSED])
def test_help_never_simply_stops(review, outcome):
    facts = {**WELL, "help_offered": " ", "refusal_changes": "no", **agreed(review, Answer.NO)}
    assert "help_offered" in refused(lambda: decide(review, outcome=outcome, **facts))


@pytest.mark.parametrize(("changes", "effect"), [("no", PlanEffect.ENDS), ("yes", PlanEffect.GOES_ON)])
def test_a_refused_child_in_need_plan_asks_whether_that_changes_the_answer(review, changes, effect):
    facts = {"outcome": Outcome.CIN_REFUSED, **WELL, **agreed(review, Answer.NO)}
    assert list(refused(lambda: decide(review, **facts))) == ["refusal_changes"]
    decision = decide(review, **facts, refusal_changes=changes)
    assert decision.on_plan == effect
    assert plan_of(review.wren).is_open is (effect == PlanEffect.GOES_ON)


def test_where_no_plan_stands_nothing_of_this_is_asked_or_kept(review):
    Plan.objects.update(held_elsewhere="Elsewhere")
    assert (
        "no child protection plan" in refused(lambda: decide(review, outcome=Outcome.PLAN_ENDS, **WELL))["outcome"][0]
    )
    decision = decide(review, outcome=Outcome.OTHER_SUPPORT, **WELL)
    assert (decision.still_harm, decision.on_plan, decision.quorate) == ("", "", None)
    assert Plan.objects.filter(ends_on__isnull=True).count() == 2


@pytest.mark.parametrize("kind", ["initial", "pre_birth", "transfer_in"])
def test_a_conference_that_is_not_a_review_decides_nothing_about_a_child_on_a_plan(review, kind):
    Plan.objects.update(held_elsewhere="Elsewhere")
    ConferenceChild.objects.filter(pk=review.wren.pk).update(kind=kind, added_reason="Entered so")
    Plan.objects.update(held_elsewhere="")
    said = refused(lambda: decide(review, outcome=Outcome.PLAN_ENDS, **WELL))
    assert "so the conference is a review. Correct its kind first." in said["outcome"][0]


# Quorum, per child and at the moment

ENDING = [Outcome.PLAN_ENDS, Outcome.CIN_PLAN, Outcome.CIN_REFUSED]


def choices(review, row=None, at=NOW):
    return TheDay(review.conference).choices_for(row or review.wren, at=at)


def is_quorate(review, row=None, at=NOW):
    found = choices(review, row, at)
    offered = [value for value, _ in found.offered]
    assert found.quorum.is_met is (Outcome.PLAN_ENDS in offered) is (Outcome.CIN_PLAN in offered)
    assert {Outcome.CP_PLAN, *LEAVE_IT} <= set(offered)
    return found.quorum.is_met


def test_agencies_count_for_the_children_they_know(review):
    assert (is_quorate(review), is_quorate(review, review.robin)) == (True, False)
    for name in ("callum", "ngozi"):
        AgencyInvolvement.objects.create(
            child=review.robin.child, agency=getattr(review.people, name).agency, direct_contact=True
        )
    assert is_quorate(review, review.robin)


def test_those_who_came_for_another_child_do_not_count(review):
    for name in ("callum", "ngozi", "beth"):
        getattr(review.people, name).children.set([review.robin])
    assert not is_quorate(review)


def test_an_agency_that_no_longer_knows_the_child_does_not_count(review):
    AgencyInvolvement.objects.filter(agency=review.people.callum.agency).update(ends_on=datetime.date(2026, 12, 1))
    assert is_quorate(review)
    AgencyInvolvement.objects.filter(agency=review.people.beth.agency).update(direct_contact=False)
    assert not is_quorate(review)


def left(review, *names, at=NOW - MINUTE):
    for name in names:
        participant = getattr(review.people, name)
        version = participant.attendances.get(part=review.part).version
        record_attendance(
            participant=participant, part=review.part, presence=Presence.PRESENT, left_at=at, version=version,
            by=review.coordinator, now=NOW,
        )  # fmt: skip


def test_those_who_left_do_not_count_from_then_on(review):
    left(review, "callum", "beth")
    assert not is_quorate(review)
    assert is_quorate(review, at=NOW - 2 * MINUTE)
    left(review, "callum", at=None)
    assert is_quorate(review)


def test_social_care_that_left_does_not_count(review):
    left(review, "amara")
    assert not is_quorate(review)


def test_nor_those_who_have_not_come_yet_or_were_removed(review):
    Attendance.objects.filter(participant=review.people.callum).update(arrived_at=NOW)
    assert is_quorate(review)
    remove_attendee(participant=review.people.beth, reason="Shouting", by=review.chair, now=NOW - MINUTE)
    assert (is_quorate(review), is_quorate(review, at=NOW - MINUTE)) == (True, False)


def test_those_who_are_not_in_this_part_do_not_count(review):
    second = add_part(conference=review.conference, kind="half", title="With the father", by=review.chair, now=NOW)
    assert is_quorate(review)
    for name in ("amara", "callum"):
        attend(review, getattr(review.people, name), part=second, arrived_at=NOW)
    assert (is_quorate(review), is_quorate(review, at=NOW - MINUTE)) == (False, True)
    attend(review, review.people.ngozi, part=second, arrived_at=NOW)
    assert is_quorate(review)


@pytest.mark.parametrize("outcome", ENDING)
def test_below_quorum_a_request_past_the_choices_is_refused(review, outcome):
    left(review, "callum", "beth")
    facts = {"refusal_changes": "no", **WELL, **agreed(review, Answer.NO)}
    said = refused(lambda: decide(review, outcome=outcome, **facts))["outcome"]
    assert said[0].startswith("There is no quorum for Wren now: social care and 1 of 2\xa0other agencies (")
    assert plan_of(review.wren).is_open


def test_below_quorum_the_plan_goes_on_whatever_the_answer(review):
    left(review, "callum", "beth")
    decision = decide(review, still_harm=StillHarm.NO)
    assert (decision.on_plan, decision.quorate) == (PlanEffect.GOES_ON, False)


def test_the_database_has_the_last_word(review):
    fields = {
        "conference_child": review.wren, "sitting": review.sitting, "outcome": Outcome.PLAN_ENDS, "rationale": "So",
        "help_offered": HELP, "decided_by": review.chair, "decided_at": NOW,
    }  # fmt: skip
    right = {"still_harm": "no", "on_plan": PlanEffect.ENDS, "quorate": True}
    for wrong in ({"still_harm": "yes"}, {"still_harm": ""}, {"quorate": False}, {"quorate": None}, {"on_plan": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(**fields, **{**right, **wrong})
    ConferenceChild.objects.filter(pk=review.wren.pk).update(kind="review")
    made = Decision.objects.create(**fields, **right)
    for changed in ({"on_plan": PlanEffect.GOES_ON}, {"still_harm": "yes"}, {"quorate": False}):
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            Decision.objects.filter(pk=made.pk).update(**changed)


def test_a_conference_of_another_kind_ends_nothing_in_the_database(review):
    Plan.objects.update(held_elsewhere="Elsewhere")
    ConferenceChild.objects.filter(pk=review.wren.pk).update(kind="initial", added_reason="So")
    with pytest.raises(IntegrityError, match="review"), transaction.atomic():
        Decision.objects.create(
            conference_child=review.wren, sitting=review.sitting, outcome=Outcome.PLAN_ENDS, rationale="So",
            help_offered=HELP, decided_by=review.chair, decided_at=NOW, still_harm="no", on_plan=PlanEffect.ENDS,
            quorate=True,
        )  # fmt: skip


# What follows, on the pages and on paper


def test_dates_are_agreed_for_a_plan_that_stays_in_force(review):
    Plan.objects.filter(child=review.robin.child).update(held_elsewhere="Elsewhere")
    decide(review, outcome=Outcome.FURTHER_ASSESSMENT, **ILL)
    decide(review, child=review.robin, outcome=Outcome.NOTHING, went_on_reason="So")
    assert TheDay(review.conference).plans_needed
    with pytest.raises(ValidationError, match="Agree the next dates first"):
        close_conference(conference=review.conference, by=review.chair, now=NOW)


def test_the_papers_say_that_the_plan_stays_in_force(review):
    decide(review, outcome=Outcome.OTHER_SUPPORT, **ILL)
    [said] = said_decisions(decisions_in(review.conference))
    assert said["on_plan"] == PlanEffect.GOES_ON


@pytest.fixture
def chair(review, client):
    client.force_login(review.chair)
    return client


def page_of(client, review, row=None):
    return reverse("meetings:decide", args=[review.conference.pk, (row or review.wren).pk])


def text_of(response):
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def typed(review, outcome, **changes):
    return {
        "outcome": outcome, "rationale": "She is well", "help_offered": HELP, "against_majority_reason": "So",
        "still_harm": "no", "ends_because": "safer", **changes,
    }  # fmt: skip


def test_the_page_asks_first_and_says_what_becomes_of_the_plan(review, chair):
    page = text_of(chair.get(page_of(chair, review)))
    asks = page.index("Does Wren still suffer significant harm, or is Wren likely to?")
    assert asks < page.index("The chair’s decision")
    assert "child protection plan since 1 October 2026" in page
    for words in ("The child protection plan goes on", "The child protection plan ends", "Lowered to a child in need"):
        assert words in page
    assert page.count("The plan stays in force") == len(LEAVE_IT)
    assert 'value="nothing"' not in page
    check = text_of(chair.post(page_of(chair, review), typed(review, "other_support")))
    assert "The child protection plan for Wren stays in force" in check
    assert "No plan starts" not in check
    done = reverse("meetings:check-decision", args=[review.conference.pk, review.wren.pk])
    after = text_of(chair.post(done, typed(review, "other_support"), follow=True))
    assert "The child protection plan stays in force" in after
    assert plan_of(review.wren).is_open


def test_below_quorum_the_page_says_why_and_a_forged_request_is_refused(review, chair):
    left(review, "callum", "beth")
    page = text_of(chair.get(page_of(chair, review)))
    assert "There is no quorum for Wren now" in page
    for value in ENDING:
        assert f'value="{value}"' not in page
    for name in ("decide", "check-decision"):
        url = reverse(f"meetings:{name}", args=[review.conference.pk, review.wren.pk])
        answer = chair.post(url, typed(review, "plan_ends"))
        assert "There is no quorum for Wren now" in text_of(answer)
        assert "She is well" in answer.content.decode()
    assert not Decision.objects.exists()


def test_someone_leaving_between_the_check_and_the_button_is_noticed(review, chair):
    assert "The child protection plan for Wren ends" in text_of(
        chair.post(page_of(chair, review), typed(review, "plan_ends"))
    )
    left(review, "callum", "beth")
    done = reverse("meetings:check-decision", args=[review.conference.pk, review.wren.pk])
    assert "There is no quorum for Wren now" in text_of(chair.post(done, typed(review, "plan_ends")))
    assert plan_of(review.wren).is_open


def test_a_plan_ends_by_page(review, chair):
    done = reverse("meetings:check-decision", args=[review.conference.pk, review.wren.pk])
    after = text_of(chair.post(done, typed(review, "plan_ends"), follow=True))
    assert "The child protection plan ends" in after
    assert plan_of(review.wren).end_reason == EndReason.NO_LONGER_AT_RISK


def test_for_a_child_without_a_plan_the_page_is_as_it_was(review, chair):
    Plan.objects.update(held_elsewhere="Elsewhere")
    page = text_of(chair.get(page_of(chair, review)))
    assert 'name="still_harm"' not in page
    assert 'value="plan_ends"' not in page
    assert 'value="nothing"' in page
