"""Refers an allegation, corrects what it says in the open, takes it on, and records what came of it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from accounts.people.selectors.roles import users_with_role
from allegations.access import MANAGERS, REFERRAL_RULES, roles_that_handle
from allegations.enums import OUTCOMES, StepKind, Threshold
from allegations.models import Referral, ReferralStep, ReferralText
from conferences.models import Conference
from deadlines.policies import policy_for
from deadlines.working_days.arithmetic import civil_day
from families.models import Agency, Child, Family, FamilyMember, Person
from notifications.services.outbox import notify

FUTURE = "This day is in the future"
NOBODY = (
    "No designated officer of this council can take this on here. Ring the designated officer, or the director of "
    "children’s services, now. Nothing was saved."
)
CHANGED = "Someone else changed it while you had the page open. Look at it, then save yours again."


@dataclass(frozen=True, kw_only=True)
class Allegation:
    """What is said about someone who works with children: exactly one of user, person and written name says who."""

    threshold: Threshold | str
    what: str
    happened: str
    about_user: User | None = None
    about_person: Person | None = None
    about_name: str = ""
    job: str = ""
    agency: Agency | None = None
    agency_name: str = ""
    who_was_told: str = ""


@transaction.atomic
def refer(
    *,
    family: Family,
    child: Child,
    allegation: Allegation,
    known_on: datetime.date,
    by: User,
    now: datetime.datetime,
    conference: Conference | None = None,
    told_manager: User | None = None,
    form_key: uuid.UUID | None = None,
) -> Referral:
    """Refer an allegation to the designated officer.

    In order: writes the referral and what it says; tells each who handles allegations and may read it, and the manager
    who was told, by a reference alone. Nothing is written into the case. The same form again returns the first
    referral. Raises ValidationError by field: about the referrer, about nobody or two, a child who is not of the
    family, a day in the future; and where no one may take it on.
    """
    if form_key and (made := Referral.objects.filter(form_key=form_key, made_by=by).first()):
        return made
    said = _checked(allegation, family=family, by=by)
    faults: dict[str, str] = {}
    member = FamilyMember.objects.filter(family=family, person=child.person_id, person__sealed_at__isnull=True)
    if not member.exists():
        faults["child"] = "Choose a child of this family"
    if known_on > civil_day(now):
        faults["known_on"] = FUTURE
    if told_manager is not None and told_manager not in managers_to_tell(family, by=by, on=civil_day(now)):
        faults["told_manager"] = "Choose a manager of this council"
    if faults:
        raise ValidationError(faults)
    with refused_by_database():
        referral = Referral.objects.create(
            authority_id=family.authority_id,
            family=family,
            conference=conference,
            child=child,
            known_on=known_on,
            policy_version_id=policy_for(family.authority_id, on=civil_day(now)).version_id,
            told_manager=told_manager,
            made_by=by,
            made_at=now,
            form_key=form_key,
        )
        _write(referral, said, by=by, now=now)
    handlers = may_handle(referral, on=civil_day(now))
    if not handlers:
        raise ValidationError(NOBODY)
    if told_manager is not None and REFERRAL_RULES["read"].right_of(told_manager, referral) is None:
        raise ValidationError({"told_manager": "Choose a manager whom it is not about"})
    _tell(referral, [*handlers, *([told_manager] if told_manager else [])], now=now)
    return referral


def managers_to_tell(family: Family, *, by: User, on: datetime.date) -> list[User]:
    """Return the managers of the council, one of whom the referrer may have told."""
    found = users_with_role(authority=family.authority, roles=MANAGERS, on=on).exclude(pk=by.pk)
    return list(found.order_by("name", "pk"))


def may_handle(referral: Referral, *, on: datetime.date) -> list[User]:
    """Return who handles allegations in the council and may read this one: never whom it is about."""
    roles = roles_that_handle(referral.authority_id)
    found = users_with_role(authority=referral.authority, roles=roles, on=on).order_by("pk")
    return [user for user in found if REFERRAL_RULES["handle"].right_of(user, referral) is not None]


@transaction.atomic
def correct_referral(
    *, referral: Referral, allegation: Allegation, because: str, version: int, by: User, now: datetime.datetime
) -> ReferralText:
    """Supersede what a referral says; the earlier words stay beside the new ones.

    The same words again change nothing. Raises ValidationError by field as ``refer`` does, without a reason, for
    someone who may not correct it, and where someone else changed it since ``version``.
    """
    locked = _lock(referral, by, to="correct")
    said = _checked(allegation, family=locked.family, by=by)
    current = locked.texts.select_for_update(of=("self",)).get(superseded_at__isnull=True)
    if _facts(said) == _facts_of(current):
        return current
    if not because.strip():
        raise ValidationError({"because": "Say why it is corrected"})
    if locked.version != version:
        raise ValidationError(CHANGED)
    current.superseded_at = now
    current.save(update_fields=["superseded_at"])
    with refused_by_database():
        new = _write(locked, said, by=by, now=now, because=because.strip())
    locked.version += 1
    locked.save(update_fields=["version"])
    return new


@transaction.atomic
def take_on(*, referral: Referral, by: User, now: datetime.datetime) -> Referral:
    """Record that the designated officer has it, which ends the limit. The first time counts."""
    locked = _lock(referral, by, to="handle")
    if locked.received_at is None:
        locked.received_by, locked.received_at = by, now
        locked.save(update_fields=["received_by", "received_at"])
    return locked


@transaction.atomic
def record_step(
    *, referral: Referral, kind: StepKind | str, on: datetime.date, note: str, by: User, now: datetime.datetime
) -> ReferralStep:
    """Record what came of a referral on a day; whoever does so has it. The same again stays one.

    Raises ValidationError by field: an unknown step, a day in the future or before it became known, no words; and an
    outcome beside one that stands.
    """
    locked = take_on(referral=referral, by=by, now=now)
    faults: dict[str, str] = {}
    if kind not in StepKind.values:
        faults["kind"] = "Choose what came of it"
    if on > civil_day(now):
        faults["on"] = FUTURE
    elif on < locked.known_on:
        faults["on"] = "This day is before it became known"
    if not note.strip():
        faults["note"] = "Say what was found or agreed, and by whom"
    if faults:
        raise ValidationError(faults)
    standing = locked.steps.filter(withdrawn_at__isnull=True)
    same = standing.filter(kind=kind, on=on, note=note.strip()).first()
    if same is not None:
        return same
    outcome = standing.filter(kind__in=OUTCOMES).first() if kind in OUTCOMES else None
    if outcome is not None:
        raise ValidationError(
            {"kind": f"“{outcome.get_kind_display()}” stands. Take it back first, with the reason, if it was wrong"}
        )
    return ReferralStep.objects.create(
        referral=locked, kind=kind, on=on, note=note.strip(), recorded_by=by, recorded_at=now
    )


@transaction.atomic
def withdraw_step(*, step: ReferralStep, because: str, by: User, now: datetime.datetime) -> ReferralStep:
    """Take back a step recorded in error; it stays, with who says so and why. A no-op on one taken back.

    Raises ValidationError without a reason.
    """
    _lock(step.referral, by, to="handle")
    locked = ReferralStep.objects.select_for_update(of=("self",)).get(pk=step.pk)
    if locked.withdrawn_at is not None:
        return locked
    if not because.strip():
        raise ValidationError({"because": "Say why it was recorded in error"})
    locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_because = now, by, because.strip()
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    return locked


def _lock(referral: Referral, by: User, *, to: str) -> Referral:
    locked = (
        Referral.objects.select_for_update(no_key=True, of=("self",))
        .select_related("family__authority")
        .get(pk=referral.pk)
    )
    if REFERRAL_RULES[to].right_of(by, locked) is None:  # type: ignore[index]
        raise ValidationError("This is not yours to change.")
    return locked


def _checked(said: Allegation, *, family: Family, by: User) -> Allegation:
    """Return the allegation with its words tidied and a written agency found in the directory."""
    name, place = " ".join(said.about_name.split()), " ".join(said.agency_name.split())
    faults: dict[str, str] = {}
    named = [one for one in (said.about_user, said.about_person, name) if one]
    if len(named) != 1:
        faults["about"] = "Choose who it is about, or write the name down"
    own = said.about_user == by or (said.about_person is not None and said.about_person.user_id == by.pk)
    if own or name.casefold() == by.name.casefold():
        faults["about"] = "Ask someone else to make this referral"
    if said.threshold not in Threshold.values:
        faults["threshold"] = "Choose what they are said to have done"
    needed = {
        "what": (said.what, "Say what happened"),
        "happened": (said.happened, "Say when it happened, as far as you know"),
    }
    faults |= {field: sentence for field, (text, sentence) in needed.items() if not text.strip()}
    if faults:
        raise ValidationError(faults)
    agency = said.agency
    if agency is None and place:
        agency = Agency.objects.filter(authority=family.authority_id, name__iexact=place).order_by("pk").first()
    return replace(
        said,
        about_name=name,
        job=said.job.strip(),
        agency=agency,
        agency_name="" if agency else place,
        what=said.what.strip(),
        happened=said.happened.strip(),
        who_was_told=said.who_was_told.strip(),
    )


def _write(
    referral: Referral, said: Allegation, *, by: User, now: datetime.datetime, because: str = ""
) -> ReferralText:
    return ReferralText.objects.create(
        referral=referral, recorded_by=by, recorded_at=now, because=because, **_facts(said)
    )


def _facts(said: Allegation) -> dict[str, object]:
    return {name: getattr(said, name) for name in Allegation.__dataclass_fields__}


def _facts_of(text: ReferralText) -> dict[str, object]:
    return {name: getattr(text, name) for name in Allegation.__dataclass_fields__}


def _tell(referral: Referral, users: Iterable[User], *, now: datetime.datetime) -> None:
    for user in {user.pk: user for user in users}.values():
        notify(
            user=user,
            key=f"referral:{referral.pk}",
            text=f"{referral.reference} waits for you.",
            url=reverse("allegations:referral", args=[referral.pk]),
            urgent=True,
            now=now,
        )
