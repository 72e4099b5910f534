"""Records an incident and closes the links at once; then what was done, the regulator, and its end."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.constraint_errors import refused_by_database
from accounts.guests.services import close_link
from accounts.models import GuestLink, User
from accounts.people.selectors.roles import users_with_role
from conferences.selectors.enquiries import managers_of
from deadlines.policies import policy_for
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.models import Allocation, Family, Person
from incidents.access import HANDLING, INCIDENT_RULE, INCIDENT_RULES, To
from incidents.enums import IncidentKind, StepKind, Telling
from incidents.models import Incident, IncidentStep, PersonConcerned, RegulatorDecision
from incidents.selectors.incidents import copies_of, links_of, people_of
from notifications.services.outbox import notify
from reports.models import Copy

FUTURE = "This is in the future"
NOT_YOURS = "This is not yours to change."
OVER = "This incident is closed. Nothing more can be recorded about it."


@dataclass(frozen=True, kw_only=True)
class WhatHappened:
    """What went where it must not: the copy on record, or words for anything else."""

    kind: IncidentKind | str
    happened: str
    who_has_it: str
    aware_at: datetime.datetime
    copy: Copy | None = None
    paper: str = ""


@transaction.atomic
def record_incident(
    *,
    family: Family,
    what: WhatHappened,
    by: User,
    now: datetime.datetime,
    at_risk: Collection[Person] = (),
    danger: str = "",
    links: Collection[GuestLink] = (),
    form_key: uuid.UUID | None = None,
) -> Incident:
    """Record that a paper, page or message reached the wrong hands.

    In order:
    1. writes the incident and who is in danger because of it;
    2. closes these links, with their sessions;
    3. tells whoever handles incidents, the allocated worker and the managers of the case, by a reference alone;
    4. counts the time limits: telling who is in danger, and the regulator's 72 hours, which run from ``aware_at``
       (UK GDPR, Article 33).

    The same form again returns the first incident. Raises ValidationError by field.
    """
    if form_key and (made := Incident.objects.filter(form_key=form_key, recorded_by=by).first()):
        return made
    faults = _faults_of(what, family, now=now)
    if at_risk and not danger.strip():
        faults["danger"] = "Say what could happen to them"
    if {row.pk for row in at_risk} - set(people_of(family).values_list("pk", flat=True)):
        faults["at_risk"] = "Choose people of this case"
    if {row.pk for row in links} - {row.link.pk for row in links_of(family, now=now)}:
        faults["links"] = "One of these links has been closed meanwhile. Look at the list again"
    if faults:
        raise ValidationError(faults)
    with refused_by_database():
        incident = Incident.objects.create(
            authority_id=family.authority_id,
            family=family,
            kind=what.kind,
            copy=what.copy,
            paper="" if what.copy else what.paper.strip(),
            happened=what.happened.strip(),
            who_has_it=what.who_has_it.strip(),
            aware_at=what.aware_at,
            policy_version_id=policy_for(family.authority_id, on=civil_day(what.aware_at)).version_id,
            recorded_by=by,
            recorded_at=now,
            form_key=form_key,
        )
    for person in at_risk:
        _name(incident, person, at_risk=True, because=danger, by=by, now=now)
    _close(incident, links, by=by, now=now)
    _tell(incident, by=by, now=now)
    reconcile(family_ids=[family.pk], now=now)
    return incident


@transaction.atomic
def add_person_concerned(
    *, incident: Incident, person: Person, at_risk: bool, because: str, by: User, now: datetime.datetime
) -> PersonConcerned:
    """Name somebody whom an incident concerns. Somebody in danger is to be told the same day; of others it is decided.

    The same again stays one; who is found to be in danger later becomes so. Raises ValidationError by field.
    """
    locked = lock(incident, by, to="name")
    if person.pk not in set(people_of(locked.family).values_list("pk", flat=True)):
        raise ValidationError({"person": "Choose somebody of this case"})
    if not because.strip():
        raise ValidationError({"because": "Say what could happen to them, or what of theirs got out"})
    row = _name(locked, person, at_risk=at_risk, because=because, by=by, now=now)
    reconcile(family_ids=[locked.family_id], now=now)
    return row


@transaction.atomic
def close_more_links(*, incident: Incident, links: Iterable[GuestLink], by: User, now: datetime.datetime) -> int:
    """Close links to the case because of an incident, and return how many. Raises ValidationError for none chosen."""
    locked, chosen = lock(incident, by, to="name"), list(links)
    known = {row.link.pk for row in links_of(locked.family, now=now)}
    if not chosen:
        raise ValidationError({"links": "Choose the links to close"})
    return _close(locked, [link for link in chosen if link.pk in known], by=by, now=now)


@transaction.atomic
def decide_about_regulator(
    *,
    incident: Incident,
    reported: bool,
    because: str,
    by: User,
    now: datetime.datetime,
    reported_at: datetime.datetime | None = None,
    reference: str = "",
) -> RegulatorDecision:
    """Record whether the Information Commissioner is told, which ends the 72 hours. A new decision supersedes.

    Source: UK GDPR, Article 33. Raises ValidationError by field: no reason, reported without a time, a time in the
    future or before the council was aware.
    """
    locked = lock(incident, by, to="handle")
    faults: dict[str, str] = {}
    if not because.strip():
        faults["because"] = "Say why"
    if reported and reported_at is None:
        faults["reported_at"] = "Enter when it was reported"
    elif reported and reported_at is not None and reported_at > now:
        faults["reported_at"] = FUTURE
    elif reported and reported_at is not None and reported_at < locked.aware_at.replace(second=0, microsecond=0):
        faults["reported_at"] = "This is before the council was aware of it"
    if faults:
        raise ValidationError(faults)
    facts = {
        "reported": reported,
        "reported_at": reported_at if reported else None,
        "reference": reference.strip() if reported else "",
        "because": because.strip(),
    }
    current = locked.decisions.select_for_update(of=("self",)).filter(superseded_at__isnull=True).first()
    if current is not None and all(getattr(current, name) == value for name, value in facts.items()):
        return current
    if current is not None:
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    with refused_by_database():
        made = RegulatorDecision.objects.create(incident=locked, decided_by=by, decided_at=now, **facts)
    reconcile(family_ids=[locked.family_id], now=now)
    return made


@transaction.atomic
def record_step(
    *, incident: Incident, kind: StepKind | str, on: datetime.date, note: str, by: User, now: datetime.datetime
) -> IncidentStep:
    """Record what was done on a day. The same again stays one. Raises ValidationError by field."""
    locked = lock(incident, by)
    faults: dict[str, str] = {}
    if kind not in StepKind.values:
        faults["kind"] = "Choose what was done"
    if on > civil_day(now):
        faults["on"] = "This day is in the future"
    if not note.strip():
        faults["note"] = "Say what was done, and by whom"
    if faults:
        raise ValidationError(faults)
    facts = {"kind": kind, "on": on, "note": note.strip()}
    standing = locked.steps.filter(**facts, withdrawn_at__isnull=True).first()
    return standing or IncidentStep.objects.create(incident=locked, recorded_by=by, recorded_at=now, **facts)


@transaction.atomic
def withdraw_step(*, step: IncidentStep, because: str, by: User, now: datetime.datetime) -> IncidentStep:
    """Take back a step recorded in error; it stays. A no-op on one taken back. Raises ValidationError without why."""
    lock(step.incident, by)
    locked = IncidentStep.objects.select_for_update(of=("self",)).get(pk=step.pk)
    if locked.withdrawn_at is not None:
        return locked
    if not because.strip():
        raise ValidationError({"because": "Say why it was recorded in error"})
    locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_because = now, by, because.strip()
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    return locked


@transaction.atomic
def withdraw_incident(*, incident: Incident, because: str, by: User, now: datetime.datetime) -> Incident:
    """Record that it was no incident, which stops its time limits. A no-op on one that is over.

    Links that it closed stay closed. Raises ValidationError without a reason, and for who does not handle incidents.
    """
    locked = lock(incident, by, to="handle", over=True)
    if not locked.is_open:
        return locked
    if not because.strip():
        raise ValidationError({"because": "Say why it is no incident"})
    locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_because = now, by, because.strip()
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    reconcile(family_ids=[locked.family_id], now=now)
    return locked


@transaction.atomic
def close_incident(*, incident: Incident, learned: str, by: User, now: datetime.datetime) -> Incident:
    """Close an incident with what was learned. A no-op on one that is over.

    Raises ValidationError while ``what_is_missing`` names something, and without what was learned.
    """
    locked = lock(incident, by, to="handle", over=True)
    if not locked.is_open:
        return locked
    missing = what_is_missing(locked)
    if missing:
        raise ValidationError(missing)
    if not learned.strip():
        raise ValidationError({"learned": "Say what is done so that it does not happen again"})
    locked.closed_at, locked.closed_by, locked.learned = now, by, learned.strip()
    locked.save(update_fields=["closed_at", "closed_by", "learned"])
    return locked


def what_is_missing(incident: Incident) -> list[str]:
    """Return what has to be settled before an incident can be closed."""
    found = []
    people = list(incident.people.all())
    if any(row.at_risk and row.telling == Telling.TELL for row in people):
        found.append("Somebody who is in danger has not been told.")
    if any(not row.at_risk and row.telling in {Telling.OPEN, Telling.TELL} for row in people):
        found.append("Of somebody whom it concerns it is not settled whether they are told.")
    if not incident.decisions.filter(superseded_at__isnull=True).exists():
        found.append("It is not decided whether the Information Commissioner is told.")
    return found


def lock(incident: Incident, by: User, *, to: To = "read", over: bool = False) -> Incident:
    """Lock an incident for a change. Raises ValidationError for who may not and, unless ``over``, once it is over."""
    locked = (
        Incident.objects.select_for_update(no_key=True, of=("self",))
        .select_related("family__authority")
        .get(pk=incident.pk)
    )
    if INCIDENT_RULES[to].right_of(by, locked) is None:
        raise ValidationError(NOT_YOURS)
    if not over and not locked.is_open:
        raise ValidationError(OVER)
    return locked


def _faults_of(what: WhatHappened, family: Family, *, now: datetime.datetime) -> dict[str, str]:
    faults: dict[str, str] = {}
    if what.kind not in IncidentKind.values:
        faults["kind"] = "Choose what went wrong"
    if what.copy is not None and not copies_of(family).filter(pk=what.copy.pk).exists():
        faults["copy"] = "Choose a copy of this case"
    if what.copy is None and not what.paper.strip():
        faults["paper"] = "Choose the copy, or say what it was"
    if not what.happened.strip():
        faults["happened"] = "Say what happened"
    if not what.who_has_it.strip():
        faults["who_has_it"] = "Say who has it, or may have seen it; if nobody knows, say so"
    if what.aware_at > now:
        faults["aware_at"] = FUTURE
    return faults


def _name(
    incident: Incident, person: Person, *, at_risk: bool, because: str, by: User, now: datetime.datetime
) -> PersonConcerned:
    telling = Telling.TELL if at_risk else Telling.OPEN
    row, made = PersonConcerned.objects.get_or_create(
        incident=incident,
        person=person,
        defaults={"at_risk": at_risk, "because": because.strip(), "telling": telling, "added_by": by, "added_at": now},
    )
    if not made and at_risk and not row.at_risk:
        row.at_risk, row.because = True, because.strip()
        row.telling = Telling.TELL if row.telling != Telling.TOLD else row.telling
        row.save(update_fields=["at_risk", "because", "telling"])
    return row


def _close(incident: Incident, links: Iterable[GuestLink], *, by: User, now: datetime.datetime) -> int:
    because = f"Incident {incident.reference}"
    return len([close_link(link=link, because=because, by=by, now=now) for link in links])


def _tell(incident: Incident, *, by: User, now: datetime.datetime) -> None:
    on, family = civil_day(now), incident.family
    handling = users_with_role(authority=family.authority, roles=HANDLING, on=on)
    workers = User.objects.filter(allocations__in=Allocation.objects.current(on=on).filter(family=family))
    told = {user.pk: user for user in (*handling, *workers, *managers_of(family, on=on))}
    for pk, user in sorted(told.items()):
        if pk != by.pk and INCIDENT_RULE.right_of(user, incident) is not None:
            notify(
                user=user,
                key=f"incident:{incident.pk}",
                text=f"Incident {incident.reference}: a paper reached the wrong hands. See who is in danger.",
                url=reverse("incidents:incident", args=[incident.pk]),
                urgent=True,
                now=now,
            )
