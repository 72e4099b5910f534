"""Answers that are not handed in yet: saved one by one, read by nobody but their writer."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.models import Conference
from deadlines.policies.question_types import Question
from families.models import Person
from govuk.forms import BeyondTheForm
from my_views.enums import Asked, Given, Kind
from my_views.models import DraftAnswer, MyViewsForm
from my_views.models.forms import HIGHEST, LOWEST
from my_views.selectors.answers import FACES, Written, questions_of, written_so_far
from my_views.services.guards import lock_conference, lock_form, refuse_once_begun


class WrittenElsewhere(BeyondTheForm):
    """The same answer was written on another phone or page since this one was opened; ``standing`` is that one."""

    def __init__(self, standing: Written) -> None:
        super().__init__("You wrote something else here in the meantime. Nothing is lost: both are below.")
        self.standing = standing


@transaction.atomic
def begin_form(*, conference: Conference, person: Person, questions: str, now: datetime.datetime) -> MyViewsForm:
    """Return the person's form for a conference, begun now where there is none.

    ``questions`` names the council's form (``Asked``); another one than before is taken until it is handed in.
    Idempotent. Raises ValidationError once the meeting has begun, and on ``questions``.
    """
    locked = lock_conference(conference)
    refuse_once_begun(locked)
    if questions not in Asked.values:
        raise ValidationError({"questions": "Choose which form it is."})
    form, made = MyViewsForm.objects.get_or_create(
        conference=locked, person=person, defaults={"questions": questions, "begun_at": now}
    )
    if not made and form.questions != questions and form.number == 0:
        form.questions = questions
        form.save(update_fields=["questions"])
    return form


@transaction.atomic
def save_answer(
    *,
    form: MyViewsForm,
    question: Question,
    writer: User | None,
    given: str,
    text: str,
    value: int | None,
    only_for_chair: bool,
    version: int,
    reads: bool,
    now: datetime.datetime,
) -> DraftAnswer | None:
    """Keep one answer that is not handed in yet; nobody is told, and nobody else reads it.

    ``version`` is that of the unsent answer the page was made from. What stands already changes nothing, and returns
    None where that was handed in.

    Raises WrittenElsewhere where another phone wrote something else in the meantime, ValidationError once the meeting
    has begun, and on ``value``.
    """
    locked = lock_form(form)
    refuse_once_begun(locked.conference)
    wanted = _checked(question, given=given, text=text, value=value, only_for_chair=only_for_chair)
    (standing,) = written_so_far(locked, [question], conference=locked.conference, writer=writer, reads=reads)
    row = DraftAnswer.objects.select_for_update().filter(form=locked, writer=writer, question=question.key).first()
    if standing.content == wanted:
        return row
    if standing.version != version:
        raise WrittenElsewhere(standing)
    row = row or DraftAnswer(form=locked, writer=writer, question=question.key, version=0)
    row.version += 1
    row.saved_at = now
    given_now, words, number, only = wanted
    row.fields = {
        "given": [given_now],
        "text": [words],
        "value": ["" if number is None else str(number)],
        "only": ["1" if only else ""],
    }
    row.save()
    return row


def _checked(
    question: Question, *, given: str, text: str, value: int | None, only_for_chair: bool
) -> tuple[str, str, int | None, bool]:
    if given == Given.REFUSED:
        return Given.REFUSED, "", None, False
    highest = {Kind.FACES: len(FACES) - 1, Kind.SCALE: HIGHEST}.get(Kind(question.kind))
    if value is not None and (highest is None or not LOWEST <= value <= highest):
        raise ValidationError({"value": "Choose one of the answers shown."})
    words = text.strip()
    if not words and value is None:
        return Given.BLANK, "", None, False
    return Given.ANSWERED, words, value, only_for_chair


def unsent(form: MyViewsForm, *, writer: User | None) -> bool:
    """Return whether this writer has answers that are not handed in."""
    return form.drafts.filter(writer=writer).exclude(sealed="").exists()


def questions_asked(form: MyViewsForm) -> tuple[Question, ...]:
    """Return the questions of a form."""
    return questions_of(form.conference, form.questions)
