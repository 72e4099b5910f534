"""Open corrections of a wrong decision: requested with a reason, agreed by chair and manager, both texts kept."""

from __future__ import annotations

import datetime
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.access import chairs_of, may
from conferences.enums import ConferenceStatus, Outcome
from conferences.models import Conference, Decision
from conferences.selectors.recipients import managers_of
from conferences.services.guards import family_ids_of, text_of
from conferences.services.scheduling import lock_conference
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.models import Person
from meetings.events import tell_corrected
from meetings.models import DecisionConsent, DecisionCorrection, Dissent
from meetings.selectors.day_steps import TheDay
from meetings.selectors.outcomes import Answers, Choices
from meetings.services.decisions import ASKS_CONSENT, WITH_A_PLAN, DecisionFacts, check_decision
from notifications.services.outbox import notify

AS_ANOTHER = "You have already agreed in your other role. Someone else has to agree as well."


@transaction.atomic
def ask_for_correction(
    *, decision: Decision, facts: DecisionFacts, reason: str, by: User, now: datetime.datetime
) -> DecisionCorrection:
    """Request the correction of a decision that was entered wrongly.

    In order:
    1. locks the conference, which must be closed, and the decision, which must be in force;
    2. checks ``facts`` as the decision itself was checked;
    3. stores the request; the decision stands until two people have agreed;
    4. tells the chair and the team's managers.

    The same request by the same person in the same words returns the first one. Raises ValidationError on
    ``reason`` and by field, for a decision that was replaced, while another correction is open, if nothing
    would change, for anyone who may not ask, and if a later conference has decided about the child.
    """
    conference = lock_conference(decision.conference_child.conference)
    if not may(by, conference, to="correct"):
        raise ValidationError("Only the chair, a coordinator or the case's social worker can ask for this.")
    if conference.status != ConferenceStatus.CLOSED:
        raise ValidationError("The meeting is not closed. The chair can still put this right in it.")
    locked = _lock(decision)
    words = text_of("reason", reason, "Say what is wrong, and what the evidence is.")
    open_one = locked.corrections.filter(made_at__isnull=True, refused_at__isnull=True).first()
    if open_one is not None:
        if (open_one.asked_by_id, open_one.reason, open_one.rationale) == (by.pk, words, facts.rationale):
            return open_one
        raise ValidationError("Someone has already asked to correct this decision. Look at that one first.")
    _refuse_when_unlike(locked, facts)
    # What was missing on the day stays missing: the correction concerns an entry, not the meeting.
    judged = replace(facts, went_on_reason=facts.went_on_reason or locked.went_on_reason or words)
    day, child = TheDay(conference), locked.conference_child
    choices = choices_then(locked)
    check_decision(day=day, child=child, sitting=locked.sitting, facts=judged, choices=choices)
    _refuse_over_later(locked, facts.outcome)
    is_cp = facts.outcome == Outcome.CP_PLAN
    with refused_by_database():
        correction = DecisionCorrection.objects.create(
            decision=locked,
            reason=words,
            outcome=facts.outcome,
            main_category=facts.main_category if is_cp else "",
            categories=facts.categories if is_cp else [],
            rationale=facts.rationale,
            help_offered=facts.help_offered,
            against_majority_reason=day.views_of(child).rule.reason_against(
                facts.outcome, choices.effect(facts.answers), facts.against_majority_reason
            ),
            key_worker=facts.key_worker if facts.outcome in WITH_A_PLAN else None,
            visit_every_working_days=facts.visit_every_working_days if is_cp else None,
            visit_reason=facts.visit_reason if is_cp else "",
            still_harm=facts.still_harm if choices.plan else "",
            refusal_changes=facts.refusal_changes if choices.plan else "",
            ends_because=facts.ends_because if choices.plan else "",
            also_advised=list(facts.also_advised) if choices.plan else [],
            consents=[
                {"person": row.person.pk, "answer": row.answer, "note": row.note[:250]}
                for row in facts.consents
                if facts.outcome in ASKS_CONSENT
            ],
            asked_by=by,
            asked_at=now,
        )
    correction.core_group.set(facts.core_group if is_cp else [])
    _tell(correction, conference, f"Conference {conference.reference}: a correction is waiting for agreement.", now)
    return correction


@transaction.atomic
def agree_to_correction(
    *, correction: DecisionCorrection, as_chair: bool, by: User, now: datetime.datetime
) -> DecisionCorrection:
    """Record the chair's or a manager's agreement; the second one replaces the decision.

    In order:
    1. locks conference, decision and correction, and records who agreed and when;
    2. once both have agreed, makes the new decision on the day and in the sitting of the old one, with the
      dissent of that day, and marks the old one as replaced, with the reason;
    3. lets plans, core groups and papers follow in the same transaction, and records in sentences what they
      did;
    4. recounts the deadlines;
    5. tells those who asked for it or are responsible for it, the coordinator and the key workers.

    Agreeing twice for the same side is a no-op. Raises ValidationError for anyone who is neither chair nor
    manager, for the same person on both sides, for a correction that was refused, and if the decision has been
    replaced or a later conference has decided in the meantime.
    """
    conference = lock_conference(correction.decision.conference_child.conference)
    locked = _lock_correction(correction)
    if locked.made_at is not None:
        return locked
    if locked.refused_at is not None:
        raise ValidationError("This correction was refused. Ask for a new one with its own reason.")
    if as_chair:
        if not may(by, conference, to="chair"):
            raise ValidationError("Only the chair of this conference can agree as its chair.")
        _refuse_the_same(by, locked.manager_agreed_by_id)
        if locked.chair_agreed_at is None:
            locked.chair_agreed_by, locked.chair_agreed_at = by, now
    else:
        if not may(by, conference, to="manage"):
            raise ValidationError("Only a team manager or service manager can agree as the manager.")
        _refuse_the_same(by, locked.chair_agreed_by_id)
        if locked.manager_agreed_at is None:
            locked.manager_agreed_by, locked.manager_agreed_at = by, now
    with refused_by_database():
        locked.save(update_fields=["chair_agreed_by", "chair_agreed_at", "manager_agreed_by", "manager_agreed_at"])
    if locked.chair_agreed_by is None or locked.manager_agreed_by is None:
        return locked
    _correct(locked, conference, now=now)
    return locked


@transaction.atomic
def refuse_correction(
    *, correction: DecisionCorrection, because: str, by: User, now: datetime.datetime
) -> DecisionCorrection:
    """Refuse a correction, as chair or manager, or withdraw one's own; the decision is untouched.

    Refusing twice returns the first refusal. Raises ValidationError on ``because``, for anyone else, and once
    the correction was made.
    """
    conference = lock_conference(correction.decision.conference_child.conference)
    locked = _lock_correction(correction)
    if locked.refused_at is not None:
        return locked
    if locked.made_at is not None:
        raise ValidationError("This decision is already corrected.")
    if by.pk != locked.asked_by_id and not may(by, conference, to="agree"):
        raise ValidationError("Only the chair, a manager, or the person who asked can do this.")
    locked.refused_because = text_of("because", because, "Say why the decision stands.")
    locked.refused_by, locked.refused_at = by, now
    locked.save(update_fields=["refused_by", "refused_at", "refused_because"])
    _tell(locked, conference, f"Conference {conference.reference}: a decision is not corrected.", now)
    return locked


def _lock(decision: Decision) -> Decision:
    locked = (
        Decision.objects.select_for_update(of=("self",))
        .select_related(
            "sitting",
            "conference_child__conference",
            "conference_child__child__person",
            "conference_child__child__pregnancy",
            "decided_by",
        )
        .get(pk=decision.pk)
    )
    if locked.superseded_by_id is not None:
        raise ValidationError("This decision has already been corrected. Look at the current one.")
    return locked


def _lock_correction(correction: DecisionCorrection) -> DecisionCorrection:
    return (
        DecisionCorrection.objects.select_for_update(of=("self",))
        .select_related("decision__sitting", "decision__conference_child__child", "asked_by")
        .get(pk=correction.pk)
    )


def _refuse_the_same(by: User, other_id: int | None) -> None:
    if other_id == by.pk:
        raise ValidationError(AS_ANOTHER)


def _refuse_when_unlike(decision: Decision, facts: DecisionFacts) -> None:
    """Raise ValidationError if the correction says the same as the decision."""
    core_group = {row.pk for row in facts.core_group}
    is_cp = facts.outcome == Outcome.CP_PLAN
    same = (
        facts.outcome == decision.outcome
        and facts.rationale == decision.rationale
        and facts.help_offered == decision.help_offered
        and (not is_cp or (facts.main_category, facts.categories) == (decision.main_category, decision.categories))
        and (not is_cp or facts.visit_every_working_days == decision.visit_every_working_days)
        and (not is_cp or core_group == set(decision.core_group.values_list("pk", flat=True)))
        and (facts.still_harm, facts.refusal_changes) == (decision.still_harm, decision.refusal_changes)
        and (facts.ends_because, set(facts.also_advised)) == (decision.ends_because, set(decision.also_advised))
        and (facts.key_worker.pk if facts.key_worker else None) == decision.key_worker_id
    )
    if same:
        raise ValidationError("Nothing is different from the current decision. Change what is wrong.")


def _refuse_over_later(decision: Decision, outcome: str) -> None:
    """Raise ValidationError if the outcome would change underneath a later conference."""
    if outcome == decision.outcome:
        return
    later = Decision.objects.filter(
        conference_child__child=decision.conference_child.child_id,
        superseded_by__isnull=True,
        decided_at__gt=decision.decided_at,
    )
    if later.exists():
        raise ValidationError(
            {
                "outcome": "A later conference has decided about this child, and built on this outcome. "
                "Correct that decision first."
            }
        )


def effects_if_made(correction: DecisionCorrection, *, now: datetime.datetime) -> list[str]:
    """Return in sentences what agreeing would do, by doing and undoing it.

    Raises ValidationError if the correction cannot be made.
    """
    with transaction.atomic():
        said = _replace_decision(_lock_correction(correction), now=now)
        transaction.set_rollback(True)
    return said


def _correct(correction: DecisionCorrection, conference: Conference, *, now: datetime.datetime) -> None:
    correction.effects = _replace_decision(correction, now=now)
    correction.save(update_fields=["made", "made_at", "effects"])
    reconcile(family_ids=family_ids_of(conference), now=now)
    _tell(correction, conference, f"Conference {conference.reference}: a decision was corrected.", now)


def _replace_decision(correction: DecisionCorrection, *, now: datetime.datetime) -> list[str]:
    """Replace the decision, let everything that follows happen, and return it in sentences.

    The database allows one decision in force for each child: the old one refers to the new one's id before the
    new one is written, and the foreign key is checked when the transaction ends.
    """
    old = _lock(correction.decision)
    _refuse_over_later(old, correction.outcome)
    new_id = _next_decision_id()
    old.superseded_by_id = new_id
    old.superseded_because = correction.reason
    old.save(update_fields=["superseded_by", "superseded_because"])
    with refused_by_database():
        new = Decision.objects.create(
            pk=new_id,
            conference_child=old.conference_child,
            sitting=old.sitting,
            outcome=correction.outcome,
            main_category=correction.main_category,
            categories=correction.categories,
            rationale=correction.rationale,
            help_offered=correction.help_offered,
            against_majority_reason=correction.against_majority_reason,
            missing=old.missing,
            went_on_reason=old.went_on_reason,
            key_worker=correction.key_worker,
            visit_every_working_days=correction.visit_every_working_days,
            visit_reason=correction.visit_reason,
            decided_by=old.decided_by,
            decided_at=old.decided_at,
            **choices_then(old).recorded(
                Answers(
                    correction.outcome,
                    correction.still_harm,
                    correction.refusal_changes,
                    correction.ends_because,
                    correction.also_advised,
                )
            ),
        )
    new.core_group.set(correction.core_group.all())
    persons = Person.objects.in_bulk([row["person"] for row in correction.consents])
    DecisionConsent.objects.bulk_create(
        DecisionConsent(decision=new, person=persons[row["person"]], answer=row["answer"], note=row.get("note", ""))
        for row in correction.consents
    )
    Dissent.objects.bulk_create(
        Dissent(
            decision=new,
            participant_id=row.participant_id,
            text=row.text,
            recorded_by_id=row.recorded_by_id,
            recorded_at=row.recorded_at,
        )
        for row in old.dissents.order_by("pk")
    )
    correction.decision = old
    correction.made = new
    correction.made_at = now
    return tell_corrected(correction, now=now)


def choices_then(decision: Decision) -> Choices:
    """Return what the chair could decide when this decision was made, from who was there at that moment."""
    row = decision.conference_child
    day = TheDay(row.conference, sitting=decision.sitting)
    return day.choices_for(row, at=decision.decided_at, corrects=True)


def _next_decision_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [Decision._meta.db_table])
        return int(cursor.fetchone()[0])


def _tell(correction: DecisionCorrection, conference: Conference, text: str, now: datetime.datetime) -> None:
    """Tell chair, coordinator, managers, requester and both decisions' key workers; references only."""
    url = reverse("meetings:see-correction", args=[conference.pk, correction.pk])
    state = "made" if correction.made_at else "refused" if correction.refused_at else "asked"
    today = civil_day(now)
    people = [
        *chairs_of(conference, on=today),
        conference.coordinator,
        correction.asked_by,
        correction.key_worker,
        correction.decision.key_worker,
        *managers_of(conference, on=today),
    ]
    for user in {person.pk: person for person in people if person is not None and person.is_active}.values():
        if not may(user, conference, to="read"):
            continue
        notify(user=user, key=f"correction:{correction.pk}:{state}", text=text, url=url, now=now)
