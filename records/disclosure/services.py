"""Disclosing records: one person prepares, another checks, a worker makes the file, then it is handed over."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.people.selectors.second_people import NOBODY, second_people
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.models import Family, FamilyMember, Person
from notifications.services.outbox import notify
from records.disclosure.access import DISCLOSURE_RULES, To, in_a_closed_case
from records.disclosure.asking import (
    Judged,
    check_judged,
    refuse_whoever_may_not,
    was_looked_at,
    why_not_to_whoever_asks,
)
from records.disclosure.bundle import Bundle, MissingFileError, bundle_pdf, page_count
from records.disclosure.covers import ask_about_sealed
from records.disclosure.pieces import Piece, pieces_of
from records.disclosure.sealed import may_see_sealed
from records.enums import DisclosureKind, DisclosureState
from records.models import Disclosure, DisclosureDecision
from reports.uploads import storing

logger = structlog.get_logger(__name__)

# A worker's claim on a bundle expires after this, in case it died.
LEASE = datetime.timedelta(minutes=15)
SOMETHING_NEW = (
    "Something new has been recorded since the check. Decide about it, then send the bundle for checking again."
)
SAID = {
    "to-check": "is waiting for a second person to check it",
    "sent-back": "was sent back, with what has to change",
    "made": "is made and can be handed over",
    "not-made": "could not be made and is back with you",
}


@transaction.atomic
def start_disclosure(
    *,
    family: Family,
    person: Person,
    kind: DisclosureKind | str,
    recipient: str,
    asked_on: datetime.date,
    covers: str,
    by: User,
    now: datetime.datetime,
    court_reference: str = "",
    basis: str = "",
    identity: str = "",
    form_key: uuid.UUID | None = None,
    **asking: Any,
) -> Disclosure:
    """Start a bundle about one person of a case, and record what requires it. Discloses nothing yet.

    Whoever may still see a sealed record around the person is asked whether a court's order covers it. Returns the one
    already created with the same ``form_key``. Raises ValidationError keyed by field: a person who is not in this
    family, or is also in a case that ``by`` may not open, a sealed record (but for a court, by someone who may still
    see it), a future date, missing details of a court's order or a request; and where ``asking`` says who asks
    (``asker`` and what was found out about a parent or child) for what stands against giving it to them.
    """
    locked = Family.objects.select_for_update(no_key=True).get(pk=family.pk)
    if form_key and (made := Disclosure.objects.filter(form_key=form_key, family=locked).first()):
        return made
    if not FamilyMember.objects.filter(family=locked, person=person).exists():
        raise ValidationError({"person": "Choose someone in this family."})
    closed = Person.objects.filter(in_a_closed_case(by, person="pk"), pk=person.pk)
    is_shut = person.sealed_at and not (kind == DisclosureKind.COURT and may_see_sealed(by, person))
    if is_shut or person.merged_into_id or closed.exists():
        raise ValidationError({"person": "This record can't be given out here."})
    if asked_on > timezone.localdate(now):
        raise ValidationError({"asked_on": "Enter the date of the order or request. It can't be in the future."})
    row = Disclosure(
        authority_id=locked.authority_id,
        family=locked,
        person=person,
        kind=kind,
        recipient=recipient.strip(),
        asked_on=asked_on,
        court_reference=court_reference.strip(),
        covers=covers.strip(),
        basis=basis.strip(),
        identity=identity.strip(),
        prepared_by=by,
        prepared_at=now,
        form_key=form_key,
        **({} if kind == DisclosureKind.COURT else asking),
    )
    row.full_clean()
    if row.asker and (faults := why_not_to_whoever_asks(row, on=civil_day(now))):
        raise ValidationError(faults)
    row.save()
    ask_about_sealed(row, now=now)
    reconcile(family_ids=[row.family_id], now=now)
    return row


def _lock(disclosure: Disclosure) -> Disclosure:
    rows = Disclosure.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("family", "authority", "person__authority", "prepared_by", "checked_by").get(
        pk=disclosure.pk
    )


@transaction.atomic
def decide_pieces(
    *,
    disclosure: Disclosure,
    given: Mapping[str, bool],
    pieces: Mapping[str, Piece],
    by: User,
    now: datetime.datetime,
    judged: Judged | None = None,
) -> int:
    """Record for some pieces whether they go in, and why; the newest answer counts, and its history is kept.

    Returns how many answers are new or changed. Raises ValidationError once the bundle was submitted, for a piece that
    is not held about the person, and where a marked one is newly decided about without what ``check_judged`` asks for.
    """
    locked = _lock(disclosure)
    _require(locked, DisclosureState.PREPARING)
    unknown = given.keys() - pieces.keys()
    if unknown:
        raise ValidationError("The records have changed since you opened the page. Check them again.")
    known = {row.piece: row for row in locked.decisions.filter(piece__in=given)}
    fresh = {key: is_given for key, is_given in given.items() if _is_new(known.get(key), pieces[key], is_given)}
    why = judged or Judged()
    if any(pieces[key].is_marked for key in fresh):
        check_judged(locked, why, on=civil_day(now))
    for key, is_given in fresh.items():
        row, digest = known.get(key), pieces[key].digest
        row = row or DisclosureDecision(disclosure=locked, piece=key)
        for name, value in why.as_columns().items():
            setattr(row, name, value)
        row.is_given, row.digest, row.decided_by, row.decided_at = is_given, digest, by, now
        row.save()
    return len(fresh)


def _is_new(row: DisclosureDecision | None, piece: Piece, is_given: bool) -> bool:
    return row is None or (row.is_given, row.digest) != (is_given, piece.digest)


def _require(disclosure: Disclosure, *states: DisclosureState) -> None:
    if disclosure.state not in states:
        raise ValidationError("This bundle has changed since. Check its state.")


def decisions_of(disclosure: Disclosure, pieces: list[Piece]) -> dict[str, bool]:
    """Return the answers that still hold: a piece changed since is undecided again."""
    rows = {row.piece: row for row in disclosure.decisions.all()}
    return {
        piece.key: rows[piece.key].is_given
        for piece in pieces
        if piece.key in rows and rows[piece.key].digest == piece.digest
    }


def undecided(disclosure: Disclosure, pieces: list[Piece]) -> list[Piece]:
    """Return marked pieces without a decision; none for a court, which gets everything."""
    if disclosure.is_for_court:
        return []
    decided = decisions_of(disclosure, pieces)
    return [piece for piece in pieces if piece.is_marked and piece.key not in decided]


@transaction.atomic
def submit_disclosure(*, disclosure: Disclosure, now: datetime.datetime) -> Disclosure:
    """Submit a bundle for checking, and tell everyone who may check it. Idempotent.

    Raises ValidationError while a piece still needs a decision, and where nobody else could check it.
    """
    locked = _lock(disclosure)
    if locked.state == DisclosureState.WAITING:
        return locked
    _require(locked, DisclosureState.PREPARING)
    if locked.person.sealed_at and not locked.sealed_covers.filter(person=locked.person_id).exists():
        raise ValidationError("Note first which order covers this sealed record.")
    refuse_whoever_may_not(locked, on=civil_day(now))
    if open_pieces := undecided(locked, pieces_of(locked)):
        raise ValidationError(f"Decide about {len(open_pieces)} more before someone can check the bundle.")
    locked.state, locked.submitted_at, locked.sent_back_because = DisclosureState.WAITING, now, ""
    locked.save(update_fields=["state", "submitted_at", "sent_back_because"])
    second = who_may_check(locked, on=civil_day(now))
    if not second:
        raise ValidationError(f"{NOBODY} They have to be able to open every case that the person is in.")
    _tell(locked, second, "to-check", to="check", now=now)
    return locked


def who_may_check(disclosure: Disclosure, *, on: datetime.date) -> list[User]:
    """Return the service managers, and those named for when there is no other, who may check the bundle.

    None of them prepared it or decided about a piece, and each may open every case that its person is in.
    """
    took_part = {disclosure.prepared_by_id, *disclosure.decisions.values_list("decided_by", flat=True)}
    found = second_people(disclosure.authority, but=took_part, on=on)
    return [user for user in found if DISCLOSURE_RULES["check"].right_of(user, disclosure)]


@transaction.atomic
def check_disclosure(
    *, disclosure: Disclosure, agrees: bool, because: str, by: User, now: datetime.datetime
) -> Disclosure:
    """As the second person, agree, so that a worker makes the file, or send the bundle back with what to change.

    Agreeing again changes nothing. Raises ValidationError for the person who prepared it or decided about a
    piece, and where what to change is missing.
    """
    locked = _lock(disclosure)
    if agrees and locked.state in {DisclosureState.AGREED, DisclosureState.MADE}:
        return locked
    _require(locked, DisclosureState.WAITING)
    if locked.prepared_by_id == by.pk or locked.decisions.filter(decided_by=by).exists():
        raise ValidationError("Someone who did not prepare it has to check it.")
    if not agrees:
        if not because.strip():
            raise ValidationError({"because": "Write what has to change."})
        locked.state, locked.sent_back_because = DisclosureState.PREPARING, because.strip()
        locked.save(update_fields=["state", "sent_back_because"])
        _tell(locked, [locked.prepared_by], "sent-back", now=now)
        return locked
    refuse_whoever_may_not(locked, on=civil_day(now))
    locked.state, locked.checked_by, locked.checked_at = DisclosureState.AGREED, by, now
    locked.full_clean()
    locked.save()
    transaction.on_commit(wake_maker, robust=True)
    return locked


def wake_maker() -> None:
    """Ask a worker to make what is waiting; without one, the schedule does so later."""
    current_app.send_task("records.make_bundles", ignore_result=True)


def make_bundles(*, now: datetime.datetime) -> int:
    """Make every bundle that two people agreed to. Safe to run concurrently: one worker claims each.

    One that finds no room on the disk is tried again when its claim has ended; the others have their turn.
    """
    waiting = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    made = 0
    for pk in list(
        Disclosure.objects.filter(waiting, state=DisclosureState.AGREED).order_by("pk").values_list("pk", flat=True)
    ):
        claimed = Disclosure.objects.filter(waiting, pk=pk, state=DisclosureState.AGREED).update(
            claimed_until=now + LEASE
        )
        try:
            made += claimed and _make(pk, now=now)
        except storing.DiskFullError:
            logger.error("disk_full", bundle=pk)  # noqa: TRY400 - a full disk needs no traceback
    return made


@transaction.atomic
def _made(disclosure: Disclosure, *, now: datetime.datetime, **facts: Any) -> int:
    """Record the finished file and tell the person who prepared the bundle; 0 where another worker was first."""
    done = Disclosure.objects.filter(pk=disclosure.pk, state=DisclosureState.AGREED, stored_as__isnull=True).update(
        state=DisclosureState.MADE, made_at=now, claimed_until=None, **facts
    )
    if done:
        _tell(disclosure, [disclosure.prepared_by], "made", now=now)
    return done


def _make(pk: int, *, now: datetime.datetime) -> int:
    disclosure = Disclosure.objects.select_related(
        "family", "authority", "person__authority", "prepared_by", "checked_by"
    ).get(pk=pk)
    pieces = pieces_of(disclosure)
    if undecided(disclosure, pieces):
        return _send_back(disclosure, SOMETHING_NEW, now=now)
    bundle = Bundle(disclosure, pieces, decisions_of(disclosure, pieces), made_at=now)

    def note(done: int) -> None:
        Disclosure.objects.filter(pk=pk).update(done_pieces=done, all_pieces=len(pieces))

    try:
        file = bundle_pdf(bundle, note=note)
    except MissingFileError as missing:
        gone = f"The file that came with record {missing.number} is gone. Leave it out, or find it."
        return _send_back(disclosure, gone, now=now)
    name = storing.put(file)
    done = _made(
        disclosure,
        now=now,
        stored_as=name,
        sha256=hashlib.sha256(file).hexdigest(),
        pages=page_count(file),
        done_pieces=len(pieces),
        all_pieces=len(pieces),
    )
    if not done:
        storing.drop(name)
    return done


@transaction.atomic
def _send_back(disclosure: Disclosure, why: str, *, now: datetime.datetime) -> int:
    """Return an agreed bundle to its preparer; no file was made."""
    given_back = Disclosure.objects.filter(pk=disclosure.pk, state=DisclosureState.AGREED).update(
        state=DisclosureState.PREPARING, sent_back_because=why, checked_by=None, checked_at=None, claimed_until=None
    )
    if given_back:
        _tell(disclosure, [disclosure.prepared_by], "not-made", now=now)
    return 0


def _tell(
    disclosure: Disclosure, users: Iterable[User], what: str, *, to: To = "prepare", now: datetime.datetime
) -> None:
    """Tell those of the users who may still open the bundle."""
    rule = DISCLOSURE_RULES[to]
    for user in users:
        if rule.right_of(user, disclosure):
            prepares = DISCLOSURE_RULES["prepare"].right_of(user, disclosure)
            page = "records:disclosure" if prepares else "records:check-disclosure"
            notify(
                user=user,
                key=f"bundle-{what}:{disclosure.pk}:{now.isoformat()}",
                text=f"The bundle {disclosure.reference} {SAID[what]}.",
                url=reverse(page, args=[disclosure.pk]),
                now=now,
            )


@transaction.atomic
def hand_over(
    *,
    disclosure: Disclosure,
    handed_to: str,
    handed_how: str,
    handed_on: datetime.date,
    by: User,
    now: datetime.datetime,
) -> Disclosure:
    """Record to whom the finished file went, and how. Idempotent.

    Raises ValidationError by field, where whoever asks may not have it any more, and while nobody has opened the
    finished file to see what is left out.
    """
    locked = _lock(disclosure)
    if locked.state == DisclosureState.HANDED_OVER:
        return locked
    _require(locked, DisclosureState.MADE)
    refuse_whoever_may_not(locked, on=civil_day(now))
    if not was_looked_at(locked):
        raise ValidationError(
            "Nobody has opened the finished file. Look through it first, above all at what is left out."
        )
    if handed_on > timezone.localdate(now):
        raise ValidationError({"handed_on": "Enter the day it was handed over. It can't be in the future."})
    locked.state = DisclosureState.HANDED_OVER
    locked.handed_to, locked.handed_how, locked.handed_on, locked.handed_by = (
        handed_to.strip(), handed_how.strip(), handed_on, by,
    )  # fmt: skip
    locked.full_clean()
    locked.save()
    reconcile(family_ids=[locked.family_id], now=now)
    return locked


@transaction.atomic
def withdraw_disclosure(*, disclosure: Disclosure, because: str, by: User, now: datetime.datetime) -> Disclosure:
    """Stop a bundle not yet handed over, and remove its file. Raises ValidationError without a reason."""
    locked = _lock(disclosure)
    if locked.state == DisclosureState.WITHDRAWN:
        return locked
    if locked.state == DisclosureState.HANDED_OVER:
        raise ValidationError("It has been handed over, so it can't be withdrawn.")
    if not because.strip():
        raise ValidationError({"because": "Say why."})
    name = locked.stored_as
    locked.state, locked.withdrawn_by, locked.withdrawn_at = DisclosureState.WITHDRAWN, by, now
    locked.withdrawn_because, locked.stored_as = because.strip(), None
    locked.save()
    reconcile(family_ids=[locked.family_id], now=now)
    if name:
        transaction.on_commit(lambda: storing.drop(name))
    return locked
