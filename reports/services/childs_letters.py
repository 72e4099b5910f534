"""A letter to a child: what they were told, prepared from that, released by the chair, handed over."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.access import stands_in_for
from conferences.enums import ConferenceStatus
from conferences.models import Conference, ConferenceChild
from conferences.services.advocates import MEANWHILE
from conferences.services.guards import family_ids_of, require_chair, text_of
from conferences.services.scheduling import lock_conference
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from reports.access import CHILDS_LETTER_RULE, LETTER_STATE_RULE
from reports.content.childs_letter import content_of_letter
from reports.enums import Channel, DocumentKind, DocumentState, HandedOver, ToldState
from reports.models import ChildTold, Document, LetterHandover, ToldPassage
from reports.selectors.childs_letters import is_written_to, tellable, told_to
from reports.services.circulation import record_copy
from reports.services.documents import composed_copy, next_version, retire_replaced
from reports.services.formats_asked import ask_for_formats
from reports.services.kept_papers import ask_for_papers

NOT_TOLD_YET = "Nobody has recorded yet what the child was told. Record that first: the letter says nothing else."


@dataclass(frozen=True)
class Said:
    """What is recorded of one thing: told in these words, or not to be said yet."""

    state: str
    words: str


@transaction.atomic
def record_told(
    *,
    row: ConferenceChild,
    told_by: str,
    told_on: datetime.date,
    said: Mapping[str, Said],
    by: User,
    now: datetime.datetime,
    how_it_went: str = "",
    not_yet: str = "",
    standing: int = 0,
) -> ChildTold:
    """Record what a child was told of their meeting, by entry of ``tellable``, in place of what was recorded before.

    Entries that are not in ``said`` have not been told. The child's own words stay as they said them. The deadlines are
    counted, because the clock of telling the child ends. ``standing`` is
    the id of the record that the page showed, 0 for none. Raises ValidationError before the meeting is closed, for
    anyone who does not read the child's form of My Views, by field (``words-<key>`` for an entry), and where somebody
    recorded something else meanwhile.
    """
    conference = _closed(row.conference)
    _require_writer(by, conference)
    row.conference = conference
    offered = {one.entry: one for one in tellable(row, now=now)}
    if set(said) - set(offered):
        raise ValidationError("What is recorded has changed since you opened the page. Read it again.")
    errors: dict[str, str] = {}
    if told_on > civil_day(now):
        errors["told_on"] = "This day is still to come. Enter when the child was told."
    if not told_by.strip():
        errors["told_by"] = "Say who told the child."
    for entry, one in said.items():
        if one.state == ToldState.TOLD and not (offered[entry].as_said or one.words.strip()):
            errors[f"words-{offered[entry].key}"] = "Write it as the child was told."
    if errors:
        raise ValidationError(errors)
    before = told_to(row)
    if (before.pk if before else 0) != standing:
        raise ValidationError(MEANWHILE)
    if before is not None:
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
    with refused_by_database():
        made = ChildTold.objects.create(
            child=row,
            told_by=told_by.strip(),
            told_on=told_on,
            how_it_went=how_it_went.strip(),
            not_yet=not_yet.strip(),
            recorded_by=by,
            recorded_at=now,
        )
        ToldPassage.objects.bulk_create(
            ToldPassage(
                told=made,
                entry=one.entry,
                part=one.part,
                state=said[one.entry].state,
                recorded=one.recorded,
                words=one.recorded if one.as_said else said[one.entry].words.strip(),
                position=place,
            )
            for place, one in enumerate(offered.values())
            if one.entry in said
        )
    reconcile(family_ids=family_ids_of(conference), now=now)
    return made


@transaction.atomic
def prepare_letter(
    *, row: ConferenceChild, by: User, now: datetime.datetime, because: str = "", may_be_read: Collection[str] = ()
) -> Document:
    """Freeze what a child was told into the next version of their letter, which then waits for the chair.

    As ``prepare_document``; what would tell something confidential is worded anew with what the child was told, never
    left out. Raises ValidationError before the meeting is closed or anything is recorded as told, for a child to whom
    nobody can write, and as ``next_version``.
    """
    conference = _closed(row.conference)
    _require_writer(by, conference)
    row.conference = conference
    told = told_to(row)
    if told is None:
        raise ValidationError(NOT_TOLD_YET)
    if not is_written_to(row) or row.withdrawn_at is not None:
        raise ValidationError("No letter can go to this child.")
    return next_version(
        content_of_letter(row, told, now=now),
        conference=conference,
        kind=DocumentKind.CHILDS_LETTER,
        child=row,
        by=by,
        now=now,
        because=because,
        may_be_read=may_be_read,
    )


@transaction.atomic
def release_letter(
    *, document: Document, how: str, where: str, by_whom: str, by: User, now: datetime.datetime
) -> Document:
    """Release one child's letter, and say how, where and by whom it is handed over.

    In order: locks the version in force; composes it as it may reach the child today; marks it as released by the chair
    or the stand-in; keeps how it is handed over; has it laid out, and asks for the formats that the child wants.
    Releasing twice returns the released one. Raises ValidationError for anyone but the chair, by field, for a version
    that was replaced or sent back, and where it may not reach the child.
    """
    locked = Document.objects.select_for_update(of=("self",)).select_related("conference__chair").get(pk=document.pk)
    require_chair(by, locked.conference, "release a letter to a child")
    if locked.state == DocumentState.SUPERSEDED:
        raise ValidationError("There is already a newer version. Look at that one first.")
    if locked.state == DocumentState.RELEASED:
        return locked
    if locked.sent_back_at is not None:
        raise ValidationError("This version was sent back. A new one has to be prepared first.")
    if how not in HandedOver.values:
        raise ValidationError({"how": "Choose how the child gets it."})
    place = text_of("where", where, "Say where it is handed over.")
    hand = text_of("by_whom", by_whom, "Say who hands it over.")
    person_id = _person_of(locked)
    composed_copy(locked, person_id, now=now)
    locked.state, locked.released_by, locked.released_at = DocumentState.RELEASED, by, now
    locked.standing_in_for = stands_in_for(by, locked.conference)
    locked.save(update_fields=["state", "released_by", "released_at", "standing_in_for"])
    LetterHandover.objects.create(document=locked, how=how, where=place, by_whom=hand, settled_by=by, settled_at=now)
    retire_replaced(locked, now=now)
    ask_for_papers(locked, [person_id], now=now)
    ask_for_formats(locked, [person_id], now=now)
    reconcile(family_ids=family_ids_of(locked.conference), now=now)
    return locked


@transaction.atomic
def record_handover(
    *,
    document: Document,
    handed_at: datetime.datetime,
    handed_how: str,
    handed_by: str,
    handed_where: str,
    how_it_went: str,
    by: User,
    now: datetime.datetime,
    is_large: bool = False,
) -> LetterHandover:
    """Record that a released letter was handed over: who, when, where and how it went. Idempotent.

    The copy is recorded with it, and from then on stands on the child's own page. Raises ValidationError by field, for
    a version that is not released, and where it may not reach the child any more.
    """
    locked = Document.objects.select_for_update(of=("self",)).select_related("conference").get(pk=document.pk)
    if LETTER_STATE_RULE.right_of(by, locked.conference) is None:
        raise ValidationError("Only those who work with the child, and coordinators, can record this.")
    if locked.state != DocumentState.RELEASED:
        raise ValidationError("The chair has not released this letter, or there is a newer one.")
    row = LetterHandover.objects.select_for_update().get(document=locked)
    if row.handed_at is not None:
        return row
    if handed_how not in HandedOver.values:
        raise ValidationError({"handed_how": "Choose how the child got it."})
    row.handed_by = text_of("handed_by", handed_by, "Say who handed it over.")
    row.handed_where = text_of("handed_where", handed_where, "Say where it was handed over.")
    row.how_it_went = text_of("how_it_went", how_it_went, "Say how it went.")
    person = locked.conference_child.child.person  # type: ignore[union-attr]
    try:
        record_copy(
            document=locked,
            recipient=person,
            channel=Channel.BY_HAND,
            channel_confirmed=f"{HandedOver(handed_how).label}, by {row.handed_by}"[:200],
            sent_at=handed_at,
            by=by,
            now=now,
            is_large=is_large,
        )
    except ValidationError as refusal:
        if hasattr(refusal, "error_dict") and "sent_at" in refusal.error_dict:
            raise ValidationError({"handed_at": refusal.message_dict["sent_at"]}) from None
        raise
    row.handed_at, row.handed_how, row.recorded_by, row.recorded_at = handed_at, handed_how, by, now
    row.save()
    return row


def _person_of(document: Document) -> int:
    return int(document.conference_child.child.person_id)  # type: ignore[union-attr]


def _closed(conference: Conference) -> Conference:
    locked = lock_conference(conference)
    if locked.status != ConferenceStatus.CLOSED:
        raise ValidationError("The meeting is not closed yet. Close it first; then the child can be told.")
    return locked


def _require_writer(user: User, conference: Conference) -> None:
    if CHILDS_LETTER_RULE.right_of(user, conference) is None:
        raise ValidationError("Only the chair and the child’s social worker, or their manager, can do this.")
