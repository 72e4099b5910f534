"""A form is handed in, handed in again with other answers, or taken back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from govuk.forms import BeyondTheForm
from my_views.enums import Ended, Help, Way
from my_views.models import Answer, HandIn, MyViewsForm, ReleasedPassage
from my_views.selectors.answers import (
    Written,
    newest_hand_in,
    questions_of,
    seen_token,
    standing_hand_in,
    written_so_far,
)
from my_views.services.danger import look_for_danger
from my_views.services.guards import lock_form, refuse_once_begun
from my_views.services.telling import tell_readers


class ChangedMeanwhile(BeyondTheForm):
    """Another phone or page wrote or handed in since this one was opened: it has to be read again first."""

    def __init__(self) -> None:
        super().__init__("Something was changed on another page or phone. Read it once more, then hand it in.")


@transaction.atomic
def hand_in(
    *,
    form: MyViewsForm,
    writer: User | None,
    guest_session_id: int | None,
    way: str,
    help: str,  # noqa: A002 - the column's name
    helped_by: str,
    seen: str,
    reads: bool,
    now: datetime.datetime,
) -> HandIn:
    """Hand in what ``writer`` has written (None: the person themselves), and tell chair and social worker at once.

    ``seen`` is the token of the page on which it was read (``seen_token``). In order: refuses once the meeting has
    begun; returns what stands where nothing is different; supersedes what was handed in before, which is kept; keeps
    each answer, in words asked and given (a writer who may not read the earlier ones changes none by leaving it
    empty); carries on words that the chair released where they still stand; empties the unsent answers; looks for
    words of danger; tells.

    Raises ChangedMeanwhile, and ValidationError where nothing was answered, or on ``help`` or ``helped_by``.
    """
    locked = lock_form(form)
    refuse_once_begun(locked.conference)
    questions = questions_of(locked.conference, locked.questions)
    written = written_so_far(locked, questions, conference=locked.conference, writer=writer, reads=reads)
    standing = standing_hand_in(locked)
    to_send = written if reads or standing is None else _with_what_stands(written, standing)
    who = {"way": _checked_way(way, writer), **_checked_help(help, helped_by)}
    if standing is not None and _is_same(standing, to_send, who):
        return standing
    if seen != seen_token(locked, written):
        raise ChangedMeanwhile
    if not any(one.is_done for one in written):
        raise ValidationError("There is nothing to hand in yet. Answer a question first, or say you do not want to.")
    before = newest_hand_in(locked)
    if before is not None:
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
    locked.number += 1
    locked.save(update_fields=["number"])
    made = HandIn(
        form=locked,
        number=locked.number,
        questions=locked.questions,
        recorded_by=writer,
        guest_session_id=guest_session_id if writer is None else None,
        recorded_at=now,
        **who,
    )
    with refused_by_database():
        made.save()
    answers = Answer.objects.bulk_create(_answers(made, to_send))
    _carry_on(before, answers, now=now)
    _empty_drafts(locked, writer)
    look_for_danger(made, answers, locked, now=now)
    tell_readers(made, now=now)
    return made


def _with_what_stands(written: Sequence[Written], standing: HandIn) -> list[Written]:
    """Return what was written, with what stands wherever nothing was: its writer could not read that."""
    sent = {row.question: row for row in standing.answers.all()}
    found = []
    for one in written:
        row = sent.get(one.question.key)
        if one.is_done or row is None:
            found.append(one)
            continue
        found.append(
            replace(
                one,
                given=row.given,
                text=row.text,
                value=row.value,
                value_words=row.value_words,
                only_for_chair=row.only_for_chair,
            )
        )
    return found


def _checked_way(way: str, writer: User | None) -> str:
    if writer is None:
        return Way.OWN_PAGE
    if way not in Way.values or way == Way.OWN_PAGE:
        raise ValidationError({"way": "Choose how it was filled in."})
    return way


def _checked_help(help_: str, helped_by: str) -> dict[str, str]:
    if help_ not in Help.values:
        raise ValidationError({"help": "Choose one of the answers shown."})
    if help_ == Help.HELPED and not helped_by.strip():
        raise ValidationError({"helped_by": "Write who helped."})
    return {"help": help_, "helped_by": helped_by.strip() if help_ == Help.HELPED else ""}


def _is_same(standing: HandIn, written: Sequence[Written], who: dict[str, str]) -> bool:
    sent = {row.question: (row.given, row.text, row.value, row.only_for_chair) for row in standing.answers.all()}
    same = {one.question.key: one.content for one in written} == sent
    return same and all(getattr(standing, name) == value for name, value in who.items())


def _answers(made: HandIn, written: Sequence[Written]) -> list[Answer]:
    return [
        Answer(
            hand_in=made,
            position=place,
            question=one.question.key,
            asked=one.question.label,
            kind=one.question.kind,
            given=one.given,
            text=one.text,
            value=one.value,
            value_words=one.value_words,
            only_for_chair=one.only_for_chair,
        )
        for place, one in enumerate(written, start=1)
    ]


def _carry_on(before: HandIn | None, answers: Sequence[Answer], *, now: datetime.datetime) -> None:
    """Release the same words of the new answer where they still stand and may be; end the release of all others."""
    if before is None:
        return
    new = {answer.question: answer for answer in answers}
    rows = ReleasedPassage.objects.filter(answer__hand_in=before, ended_at__isnull=True).select_related("answer")
    for row in rows:
        answer = new.get(row.answer.question)
        row.ended_at, row.ended_because = now, Ended.CHANGED
        row.save(update_fields=["ended_at", "ended_because"])
        if answer is not None and not answer.only_for_chair and row.text in answer.said:
            ReleasedPassage.objects.create(
                answer=answer,
                text=row.text,
                recipient_id=row.recipient_id,
                part_id=row.part_id,
                released_by_id=row.released_by_id,
                released_at=row.released_at,
            )


def _empty_drafts(form: MyViewsForm, writer: User | None) -> None:
    """Empty what was handed in; each version goes on, so that an old page on another phone is told."""
    for row in form.drafts.select_for_update().filter(writer=writer).exclude(sealed=""):
        row.sealed = ""
        row.version += 1
        row.save(update_fields=["sealed", "version"])


@transaction.atomic
def take_back(*, form: MyViewsForm, by: User | None, now: datetime.datetime) -> HandIn | None:
    """Take back what was handed in: it counts no more and nothing of it goes anywhere; it is kept. Idempotent.

    ``by`` is the member of staff who does it for them; None, they themselves. Tells chair and social worker. Returns
    None where nothing was handed in. Raises ValidationError once the meeting has begun.
    """
    locked = lock_form(form)
    refuse_once_begun(locked.conference)
    row = newest_hand_in(locked)
    if row is None or row.withdrawn_at is not None:
        return row
    row.withdrawn_at, row.withdrawn_by = now, by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    ReleasedPassage.objects.filter(answer__hand_in=row, ended_at__isnull=True).update(
        ended_at=now, ended_by=by, ended_because=Ended.WITHDRAWN
    )
    locked.number += 1
    locked.save(update_fields=["number"])
    row.form = locked
    tell_readers(row, taken_back=True, now=now)
    return row
