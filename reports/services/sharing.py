"""The outcome of talking a report through with each person who is due it."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.access import may
from conferences.selectors.children import children_in
from conferences.services.guards import family_ids_of
from core_groups.services.guards import entered
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.models import Person
from reports.enums import ReportState, SharingManner, SharingOutcome
from reports.models import Report, Sharing
from reports.selectors.due import PersonDue, people_due
from reports.selectors.papers import children_concerned, sections_in_force
from reports.selectors.versions import version_for

KEPT_BACK = frozenset({SharingOutcome.IN_PART, SharingOutcome.NOT_TO_BE_SHARED})
NAMES_AN_HOUR = frozenset({SharingOutcome.SHARED, SharingOutcome.IN_PART})


@transaction.atomic
def record_sharing(
    *,
    report: Report,
    person: Person,
    outcome: str,
    by: User | None,
    now: datetime.datetime,
    manner: str = "",
    shared_at: datetime.datetime | None = None,
    language: str = "",
    reason: str = "",
    disputed: str = "",
    guest_session_id: int | None = None,
) -> Sharing:
    """Record one outcome for one person; the newest counts, earlier ones are kept.

    In order:
    1. locks the report and checks that it is submitted, and that this person is due it now;
    2. checks that the chair has agreed if something is withheld: only the chair can say that a report is not
      shared, or only in part; once the chair has agreed to a part, the author records when that was talked
      through;
    3. writes the outcome, or returns the newest if it says the same;
    4. recounts the deadlines.

    Raises ValidationError on ``outcome`` (also if a section names a place that is hidden from the person),
    ``manner``, ``shared_at`` or ``reason``; or if the chair has yet to decide about the person, because nothing
    reaches them before that.
    """
    locked = (
        Report.objects.select_for_update(of=("self",))
        .select_related("conference__authority", "author")
        .prefetch_related("author__children", Prefetch("sections", sections_in_force()))
        .get(pk=report.pk)
    )
    if locked.state != ReportState.SUBMITTED:
        raise ValidationError("Submit the report before you share it.")
    due = _due(locked, person)
    if outcome == SharingOutcome.SHARED:
        _refuse_whereabouts(locked, due, now)
    newest = Sharing.objects.filter(report=locked, person=person).order_by("-recorded_at", "-pk").first()
    agreed_by = _agreed(locked, outcome, by, newest)
    if newest is not None and agreed_by is not None and not reason.strip():
        reason = newest.reason
    wanted = _checked(
        outcome=outcome, manner=manner, shared_at=shared_at, language=language, reason=reason, disputed=disputed,
        now=now, may_wait=agreed_by is not None and by == agreed_by,
    )  # fmt: skip
    if newest is not None and all(getattr(newest, name) == value for name, value in wanted.items()):
        return newest
    with refused_by_database(shared_says_when_and_how="shared_at", not_shared_says_why="reason"):
        sharing = Sharing.objects.create(
            report=locked,
            person=person,
            agreed_by=agreed_by,
            recorded_at=now,
            **wanted,
            **entered(by, guest_session_id),
        )
    reconcile(family_ids=family_ids_of(locked.conference), now=now)
    return sharing


def due_for(report: Report, person_id: int) -> PersonDue | None:
    """Return the person as one who is due this report; None if they are not."""
    children = list(children_in(report.conference))
    about = children_concerned(report.author, report, children)
    for row in people_due(report.conference, children):
        if row.person.pk == person_id and row.children & about:
            return row
    return None


def _due(report: Report, person: Person) -> PersonDue:
    due = due_for(report, person.pk)
    if due is None:
        raise ValidationError("This report is not about their child, so it is not shared with them.")
    if due.waits:
        raise ValidationError(
            "The chair has not yet decided how this person takes part. Nothing is shared with them until then."
        )
    return due


def _refuse_whereabouts(report: Report, due: PersonDue, now: datetime.datetime) -> None:
    """Refuse a fully shared report if a section names a place hidden from the person."""
    version = version_for(report, due, list(children_in(report.conference)), on=civil_day(now))
    if version.blocked:
        raise ValidationError(
            {
                "outcome": "The report names something marked confidential from this person. Write a "
                "new version without it, or ask the chair to agree to share it in part."
            }
        )


def _agreed(report: Report, outcome: str, by: User | None, newest: Sharing | None) -> User | None:
    """Return the chair who agreed to withhold something; None if everything is shared."""
    if outcome not in KEPT_BACK:
        return None
    if by is not None and may(by, report.conference, to="chair"):
        return by
    if outcome == SharingOutcome.IN_PART and newest is not None and newest.outcome == outcome:
        return newest.agreed_by
    raise ValidationError(
        {
            "outcome": (
                "Only the chair can agree to a report not being shared, or being shared in part. Ask the chair first."
            )
        }
    )


def _checked(
    *,
    outcome: str,
    manner: str,
    shared_at: datetime.datetime | None,
    language: str,
    reason: str,
    disputed: str,
    now: datetime.datetime,
    may_wait: bool,
) -> dict[str, object]:
    faults: dict[str, str] = {}
    if outcome not in SharingOutcome.values:
        raise ValidationError({"outcome": "Choose the outcome."})
    says_when = outcome in NAMES_AN_HOUR
    waits = says_when and may_wait and shared_at is None and not manner
    if says_when and not waits:
        if shared_at is None:
            faults["shared_at"] = "Enter when it was shared."
        elif shared_at > now:
            faults["shared_at"] = "This time is in the future. Enter when it was shared."
        if manner not in SharingManner.values:
            faults["manner"] = "Choose how it was shared."
    if outcome != SharingOutcome.SHARED and not reason.strip():
        faults["reason"] = (
            "Write what you tried, and when." if outcome == SharingOutcome.NOT_REACHED else "Write the reason."
        )
    if faults:
        raise ValidationError(faults)
    return {
        "outcome": outcome,
        "manner": manner if says_when and not waits else "",
        "shared_at": shared_at if says_when else None,
        "language": language.strip() if says_when else "",
        "reason": reason.strip(),
        "disputed": disputed.strip() if says_when else "",
    }
