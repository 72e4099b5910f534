"""The chair's decision for one child, after plan and views, and the disagreement recorded in the minutes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.access import is_barred_from
from conferences.enums import Capacity, Category, Outcome, PlanEffect
from conferences.models import Conference, ConferenceChild, Decision, Participant, Sitting
from conferences.selectors.children import short_name_of
from conferences.selectors.procedures import policy_of_conference
from conferences.selectors.quorum import RUNS_THE_MEETING
from conferences.services.guards import family_ids_of, lock_child, participant_in, require_chair, text_of
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import due
from deadlines.working_days.calendars import calendar_for
from families.enums import Answer
from families.models import ParentalResponsibility, Person
from families.selectors import holders_of_responsibility
from govuk.words import listed
from meetings.events import tell_decided
from meetings.models import DecisionConsent, Dissent
from meetings.selectors.day_steps import TheDay
from meetings.selectors.outcomes import Answers, Choices, advised_in_words
from meetings.services.guards import lock_in_session
from meetings.services.safety import tell_managers

# Children Act 1989, s105: a child is under 18.
ADULT = 18
YOUNG_PERSON = 16


@dataclass(frozen=True)
class Consent:
    """One person's answer when asked to consent to a child in need plan."""

    person: Person
    answer: str
    note: str = ""


@dataclass(frozen=True)
class DecisionFacts:
    """The chair's decision for one child, as shown for checking, validated and recorded.

    ``main_category``, ``categories`` (which may include the main one), the visits and ``core_group`` belong to
    a child protection plan, ``key_worker`` to both kinds of plan, ``consents`` to a child in need plan.
    ``still_harm``, ``refusal_changes``, ``ends_because`` and ``also_advised`` are answered where a child protection
    plan is in force.
    """

    outcome: str
    rationale: str
    main_category: str = ""
    categories: Sequence[str] = ()
    help_offered: str = ""
    key_worker: User | None = None
    visit_every_working_days: int | None = None
    visit_reason: str = ""
    core_group: Sequence[Participant] = ()
    consents: Sequence[Consent] = ()
    against_majority_reason: str = ""
    went_on_reason: str = ""
    still_harm: str = ""
    refusal_changes: str = ""
    ends_because: str = ""
    also_advised: Sequence[str] = ()

    @property
    def answers(self) -> Answers:
        return Answers(self.outcome, self.still_harm, self.refusal_changes, self.ends_because, self.also_advised)

    def tidied(self) -> DecisionFacts:
        """Return a copy with texts stripped and each category once, the main one first."""
        texts = ("rationale", "help_offered", "visit_reason", "against_majority_reason", "went_on_reason")
        categories = dict.fromkeys(code for code in (self.main_category, *self.categories) if code)
        stripped = {name: getattr(self, name).strip() for name in texts}
        return replace(self, categories=list(categories), **stripped)


class PlanAndViewsMissing(ValidationError):
    """The chair cannot decide yet; ``missing`` says what is missing, one sentence each."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(
            {"went_on_reason": "Say why you go on although something is missing. The minutes will say so."}
        )
        self.missing = list(missing)


@dataclass(frozen=True)
class ToDecide:
    """A child of a running meeting, both locked, with what form and service read of it, each once."""

    day: TheDay
    sitting: Sitting
    child: ConferenceChild

    @property
    def standing(self) -> Decision | None:
        """Return the decision in force, if there is one."""
        pk: int | None = self.child.decision_id  # type: ignore[attr-defined]
        return Decision.objects.get(pk=pk) if pk else None


def lock_to_decide(*, conference: Conference, child: ConferenceChild, chair: User) -> ToDecide:
    """Lock a conference in session and one of its children for the chair, until the transaction ends.

    Raises ValidationError if ``chair`` does not chair it, if the child is not in it or if it was not opened;
    StoppedForSafety or MeetingClosed.
    """
    conference, sitting = lock_in_session(conference, waits_for_safety=True)
    require_chair(chair, conference, "decide")
    return ToDecide(TheDay(conference, sitting=sitting), sitting, lock_child(conference, child))


@transaction.atomic
def record_decision(
    *, conference_child: ConferenceChild, facts: DecisionFacts, chair: User, now: datetime.datetime
) -> Decision:
    """Lock a child of a running meeting and decide; see ``decide_for``."""
    locked = lock_to_decide(conference=conference_child.conference, child=conference_child, chair=chair)
    return decide_for(locked, facts=facts, chair=chair, now=now)


def decide_for(locked: ToDecide, *, facts: DecisionFacts, chair: User, now: datetime.datetime) -> Decision:
    """Record the chair's decision for one child, inside the transaction that locked the meeting.

    In order:
    1. returns the existing decision if the child is already decided;
    2. where a plan is in force, checks that the outcome may be chosen now (``meetings.selectors.outcomes``): only a
      review with a quorum for this child ends or lowers it, after the answer that harm is no longer likely;
    3. checks that the plan is drafted and everyone's view is recorded, or asks for ``went_on_reason`` and
      stores what was missing with it (domain rule: the plan comes before the decision);
    4. checks what the outcome needs: for a child protection plan the main category, key worker, core group and
      how often the child is visited; for a child in need plan the answer of each holder of responsibility;
    5. writes the decision, with what becomes of the plan in force, its core group and consents, none of which can
      be altered afterwards;
    6. tells the team's managers if a child in need plan was refused, and of what the chair advises beside it;
    7. lets plans and core groups create what follows, in the same transaction;
    8. recounts the families' deadlines; a decision affects no papers, so those are not looked through.

    Raises PlanAndViewsMissing or ValidationError keyed by field; the transaction must not go on then.
    """
    if locked.standing is not None:
        return locked.standing
    day, sitting, child = locked.day, locked.sitting, locked.child
    conference = day.conference
    facts = facts.tidied()
    choices = day.choices_for(child, at=now)
    missing = check_decision(day=day, child=child, sitting=sitting, facts=facts, choices=choices)
    is_cp = facts.outcome == Outcome.CP_PLAN
    with refused_by_database(goes_on=False):
        decision = Decision.objects.create(
            conference_child=child,
            sitting=sitting,
            outcome=facts.outcome,
            main_category=facts.main_category if is_cp else "",
            categories=list(facts.categories) if is_cp else [],
            rationale=facts.rationale,
            help_offered=facts.help_offered,
            against_majority_reason=day.views_of(child).rule.reason_against(
                facts.outcome, choices.effect(facts.answers), facts.against_majority_reason
            ),
            missing=missing,
            went_on_reason=facts.went_on_reason if missing else "",
            key_worker=facts.key_worker if facts.outcome in WITH_A_PLAN else None,
            visit_every_working_days=facts.visit_every_working_days if is_cp else None,
            visit_reason=facts.visit_reason if is_cp else "",
            decided_by=chair,
            decided_at=now,
            **choices.recorded(facts.answers),
        )
    if is_cp:
        decision.core_group.add(*facts.core_group)
    if facts.outcome in ASKS_CONSENT:
        DecisionConsent.objects.bulk_create(
            DecisionConsent(decision=decision, person=row.person, answer=row.answer, note=row.note[:250])
            for row in facts.consents
        )
    if facts.outcome == Outcome.CIN_REFUSED:
        tell_managers(
            conference,
            key=f"plan-refused:{decision.pk}",
            text=f"Conference {conference.reference}: a child in need plan was offered and refused.",
            now=now,
        )
    if decision.also_advised:
        tell_managers(
            conference,
            key=f"also-advised:{decision.pk}",
            text=f"Conference {conference.reference}: the chair advises: {advised_in_words(decision.also_advised)}.",
            now=now,
        )
    tell_decided(decision, now=now)
    reconcile(family_ids=family_ids_of(conference), now=now, prepared=True)
    return decision


WITH_A_PLAN = frozenset({Outcome.CP_PLAN, Outcome.CIN_PLAN})
ASKS_CONSENT = frozenset({Outcome.CIN_PLAN, Outcome.CIN_REFUSED})
HELP_IS_SAID = frozenset({Outcome.CIN_REFUSED, Outcome.FURTHER_ASSESSMENT, Outcome.OTHER_SUPPORT, Outcome.PLAN_ENDS})


def check_decision(
    *, day: TheDay, child: ConferenceChild, sitting: Sitting, facts: DecisionFacts, choices: Choices
) -> list[str]:
    """Check everything that can be refused before the decision is written; the form uses it too.

    Returns what is missing, for which ``facts`` give a reason to go on. Raises PlanAndViewsMissing if they give
    none, otherwise ValidationError by field.
    """
    faults = choices.faults(facts.answers)
    if not facts.rationale:
        faults["rationale"] = "Write why. The parents will read this."
    if facts.outcome == Outcome.CP_PLAN:
        faults = {**_cp_faults(child, sitting, facts, goes_on=choices.plan is not None), **faults}
    if facts.outcome in ASKS_CONSENT:
        faults |= _consent_faults(child, sitting, facts)
    faults |= _key_worker_faults(child, facts)
    if facts.outcome in HELP_IS_SAID and not facts.help_offered:
        faults["help_offered"] = (
            "Write what help goes on, by whom and until when. Help never simply stops."
            if choices.effect(facts.answers) == PlanEffect.ENDS
            else "Write what help is offered, and by whom."
        )
    views = day.views_of(child)
    if views.hidden:
        raise ValidationError("Views are in that no one has seen. Show them first, on the page of the views.")
    why_asked = views.rule.why_asked(facts.outcome, choices.effect(facts.answers))
    if why_asked and not facts.against_majority_reason:
        faults["against_majority_reason"] = f"{why_asked} Say why you decide differently."
    missing = day.missing_for(child)
    if missing and not facts.went_on_reason:
        if faults:
            faults["went_on_reason"] = "Say why you go on although something is missing. The minutes will say so."
            raise ValidationError(faults)
        raise PlanAndViewsMissing(missing)
    if faults:
        raise ValidationError(faults)
    for member in facts.core_group:
        participant_in(child.conference, member, "core_group")
    return missing


def _key_worker_faults(child: ConferenceChild, facts: DecisionFacts) -> dict[str, str]:
    """Refuse key workers with a family tie or a conflict of interest, without saying which."""
    if facts.key_worker is None:
        missing = facts.outcome == Outcome.CIN_PLAN
        return {"key_worker": "Choose the social worker who will see the plan through."} if missing else {}
    if is_barred_from(facts.key_worker, child.conference):
        return {"key_worker": f"{facts.key_worker.name} can’t do this here. Choose someone else."}
    return {}


def _cp_faults(child: ConferenceChild, sitting: Sitting, facts: DecisionFacts, *, goes_on: bool) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not goes_on and child.child.person.turned(ADULT, sitting.day):
        faults["outcome"] = "This person is 18 or older. A new child protection plan is not possible."
    if facts.main_category not in Category.values:
        faults["main_category"] = "Choose the main category of harm."
    if facts.key_worker is None:
        faults["key_worker"] = "Choose the key worker, or the manager who stands in."
    if not _others(facts):
        faults["core_group"] = "Choose at least one member of the core group besides the key worker."
    every = facts.visit_every_working_days
    if every is None or every < 1:
        faults["visit_every_working_days"] = "Enter how often the child is visited, in working days."
    elif is_beyond_ceiling(child.conference, sitting, every) and not facts.visit_reason:
        ceiling = policy_of_conference(child.conference).visit_ceiling.words
        faults["visit_reason"] = f"Visits are normally no further apart than {ceiling}. Say why this child's are."
    return faults


def _others(facts: DecisionFacts) -> list[Participant]:
    """Return the members of the core group besides the key worker and whoever runs the meeting."""
    key_worker = facts.key_worker.pk if facts.key_worker else None
    return [
        row
        for row in facts.core_group
        if row.person.user_id != key_worker or (row.person.user_id is None and key_worker is None)
        if row.capacity not in RUNS_THE_MEETING
    ]


def is_beyond_ceiling(conference: Conference, sitting: Sitting, every: int) -> bool:
    """Return whether visits at this interval in working days exceed the council's ceiling."""
    calendar = calendar_for(conference.authority_id)
    ceiling = due(policy_of_conference(conference).visit_ceiling, sitting.day, calendar)
    return calendar.add(sitting.day, every) > ceiling.on


def _consent_faults(child: ConferenceChild, sitting: Sitting, facts: DecisionFacts) -> dict[str, str]:
    answers = {row.person.pk: row.answer for row in facts.consents if row.answer}
    unasked = [person for person in asked_for_consent(child, on=sitting.day) if person.pk not in answers]
    if unasked:
        return {"consents": f"Record what {listed([person.full_name for person in unasked])} said about the plan."}
    agreed = Answer.YES in answers.values()
    if facts.outcome == Outcome.CIN_PLAN and not agreed:
        return {"consents": "No one has agreed to the plan. If everyone refuses, choose “offered and refused”."}
    if facts.outcome == Outcome.CIN_REFUSED and agreed:
        return {"consents": "Someone has agreed to the plan. Choose “Child in need plan, with consent”."}
    return {}


def asked_for_consent(child: ConferenceChild, *, on: datetime.date) -> list[Person]:
    """Return the people asked on a day to consent to a child in need plan.

    Each holder of parental responsibility is asked, and young people themselves from the age of 16. No one has
    parental responsibility before the birth, so the mother is asked for an unborn child. If no one is recorded
    as having it, the parents and carers on the list are asked.
    """
    holders: list[ParentalResponsibility] = holders_of_responsibility([child.child], on=on).get(child.child_id, [])
    persons = [row.person for row in holders if row.person is not None]
    if child.child.person.turned(YOUNG_PERSON, on):
        persons.append(child.child.person)
    if child.child.is_unborn and child.child.pregnancy is not None:
        persons.append(child.child.pregnancy.mother)
    if not persons:
        parents = Participant.objects.filter(
            conference=child.conference_id, children=child, capacity__in=[Capacity.PARENT, Capacity.CARER]
        )
        persons = [row.person for row in parents.select_related("person").order_by("pk")]
    return list({person.pk: person for person in persons}.values())


@transaction.atomic
def record_dissent(
    *, decision: Decision, participant: Participant, text: str, by: User, now: datetime.datetime
) -> Dissent:
    """Record that someone disagrees with a decision; the same words are kept once.

    Raises ValidationError on ``text``, or if the person is not part of this conference; MeetingClosed.
    """
    conference, _ = lock_in_session(decision.conference_child.conference)
    participant_in(conference, participant, "participant")
    words = text_of("text", text, f"Write what this person disagrees with about {_name(decision)}.")
    dissent, _ = Dissent.objects.get_or_create(
        decision=decision, participant=participant, text=words, defaults={"recorded_by": by, "recorded_at": now}
    )
    return dissent


def _name(decision: Decision) -> str:
    return short_name_of(decision.conference_child.child)
