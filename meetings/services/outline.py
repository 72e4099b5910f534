"""The outline plan, agreed before anyone is asked about status: why, what, who, by when, for which children."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from conferences.models import Conference, ConferenceChild, Part, Participant, Sitting
from conferences.services.guards import (
    EditedMeanwhile,
    children_in_conference,
    lock_child,
    participant_in,
    require_chair,
    text_of,
)
from families.models import Person
from meetings.models import OutlineAction
from meetings.services.guards import lock_in_session, part_in


@transaction.atomic
def add_action(
    *,
    conference: Conference,
    why: str,
    what: str,
    by: User,
    now: datetime.datetime,
    who: Participant | None = None,
    who_else: str = "",
    by_when: datetime.date | None = None,
    by_when_words: str = "",
    children: Iterable[ConferenceChild] = (),
    private_to: Iterable[Person] = (),
    part: Part | None = None,
) -> OutlineAction:
    """Add an action to the outline plan. No children named means all of them.

    The same action for the same children is kept once: submitting the form twice returns the first. Raises
    ValidationError on ``why``, ``what``, ``who`` (someone on the list, or in words), ``by_when`` (a day from
    today on, or in words), ``children``; MeetingClosed.
    """
    locked, sitting = lock_in_session(conference)
    chosen = children_in_conference(locked, children)
    wanted = _checked(
        locked, sitting, why=why, what=what, who=who, who_else=who_else, by_when=by_when, by_when_words=by_when_words
    )
    for standing in locked.outline.filter(withdrawn_at__isnull=True, **wanted).prefetch_related("children"):
        if {row.pk for row in standing.children.all()} == {row.pk for row in chosen}:
            return standing
    action = OutlineAction.objects.create(
        conference=locked, part=part_in(sitting, part), created_by=by, created_at=now, **wanted
    )
    action.children.set(chosen)
    action.private_to.set(private_to)
    return action


@transaction.atomic
def share_actions(
    *, conference_child: ConferenceChild, actions: Iterable[OutlineAction], by: User, now: datetime.datetime
) -> list[OutlineAction]:
    """Draft actions of other children for this child too, each as one of its own that is read and changed apart.

    One that was shared before is returned as it stands. Raises ValidationError on ``actions`` if one holds somebody's
    private information, was taken out or is of another conference, or if its day has passed; MeetingClosed.
    """
    conference, _ = lock_in_session(conference_child.conference)
    lock_child(conference, conference_child)
    shared = []
    for action in actions:
        row = conference.outline.select_for_update(of=("self",)).filter(pk=action.pk, withdrawn_at__isnull=True).first()
        if row is None or row.private_to.exists():
            raise ValidationError({"actions": "One of these can’t be shared any more. Look at the plan again."})
        shared.append(
            add_action(
                conference=conference,
                why=row.why,
                what=row.what,
                who=row.who,
                who_else=row.who_else,
                by_when=row.by_when,
                by_when_words=row.by_when_words,
                children=[conference_child],
                part=row.part,
                by=by,
                now=now,
            )
        )
    return shared


@transaction.atomic
def change_action(
    *,
    action: OutlineAction,
    version: int,
    why: str,
    what: str,
    by: User,
    now: datetime.datetime,
    who: Participant | None = None,
    who_else: str = "",
    by_when: datetime.date | None = None,
    by_when_words: str = "",
    children: Iterable[ConferenceChild] = (),
    private_to: Iterable[Person] = (),
) -> OutlineAction:
    """Change an action of the outline plan; the history keeps the earlier text.

    Submitting the existing values is a no-op. Once the chair has decided for a child the action concerns, it
    stays as agreed: the plan itself carries it on. Raises EditedMeanwhile if someone changed it after
    ``version``; otherwise as add_action.
    """
    locked, sitting = lock_in_session(action.conference)
    row = OutlineAction.objects.select_for_update().get(pk=action.pk, conference=locked)
    chosen = children_in_conference(locked, children)
    private = list(private_to)
    wanted = _checked(
        locked, sitting, why=why, what=what, who=who, who_else=who_else, by_when=by_when, by_when_words=by_when_words
    )
    same_links = {child.pk for child in chosen} == set(row.children.values_list("pk", flat=True)) and {
        person.pk for person in private
    } == set(row.private_to.values_list("pk", flat=True))
    if same_links and all(getattr(row, name) == value for name, value in wanted.items()):
        return row
    refuse_decided(locked, row.children.all())
    if row.version != version:
        raise EditedMeanwhile(row)
    for name, value in wanted.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    row.children.set(chosen)
    row.private_to.set(private)
    return row


@transaction.atomic
def withdraw_action(*, action: OutlineAction, because: str, by: User, now: datetime.datetime) -> OutlineAction:
    """Take an action out of the outline plan, with the reason; the row is kept. Idempotent.

    Raises ValidationError on ``because``, or after a decision as change_action does; MeetingClosed.
    """
    locked, _ = lock_in_session(action.conference)
    row = OutlineAction.objects.select_for_update().get(pk=action.pk, conference=locked)
    if row.withdrawn_at is not None:
        return row
    refuse_decided(locked, row.children.all())
    row.withdrawn_because = text_of("because", because, "Say why you are taking this action out of the plan.")
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_because", "withdrawn_at"])
    return row


@transaction.atomic
def record_no_plan_needed(
    *, conference_child: ConferenceChild, reason: str, by: User, now: datetime.datetime
) -> ConferenceChild:
    """Record the chair's statement that a child needs no plan at all, and why.

    Raises ValidationError on ``reason``, or if ``by`` is not the chair; MeetingClosed.
    """
    conference, _ = lock_in_session(conference_child.conference)
    require_chair(by, conference, "say that no plan is needed")
    child = lock_child(conference, conference_child)
    child.no_plan_needed_reason = text_of("reason", reason, "Say why this child needs no plan.")
    child.save(update_fields=["no_plan_needed_reason"])
    return child


def _checked(
    conference: Conference,
    sitting: Sitting,
    *,
    why: str,
    what: str,
    who: Participant | None,
    who_else: str,
    by_when: datetime.date | None,
    by_when_words: str,
) -> dict[str, object]:
    participant_in(conference, who, "who")
    faults: dict[str, str] = {}
    if not why.strip():
        faults["why"] = "Write why this is needed."
    if not what.strip():
        faults["what"] = "Write what will be done."
    if who is None and not who_else.strip():
        faults["who"] = "Choose who does this, or write who else."
    if by_when is None and not by_when_words.strip():
        faults["by_when"] = "Enter when this will be done by, as a date or in words."
    if by_when is not None and by_when < sitting.day:
        faults["by_when"] = "This day has passed. Enter the day of the meeting or a later day."
    if faults:
        raise ValidationError(faults)
    return {
        "why": why.strip(),
        "what": what.strip(),
        "who": who,
        "who_else": who_else.strip(),
        "by_when": by_when,
        "by_when_words": by_when_words.strip(),
    }


def refuse_decided(conference: Conference, named: QuerySet[ConferenceChild]) -> None:
    """Raise ValidationError once the chair has decided for one of the children named, or for any where none is."""
    children = conference.children.present()
    if named.exists():
        children = children.filter(pk__in=named.values("pk"))
    if children.filter(decisions__isnull=False, decisions__superseded_by__isnull=True).exists():
        raise ValidationError("The chair has already decided for a child that this is about, so it stays as agreed.")
