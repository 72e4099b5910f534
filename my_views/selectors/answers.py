"""What somebody has written so far: each question with the answer that stands, unsent or handed in."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.encryption import CannotBeOpened
from accounts.models import User
from conferences.models import Conference
from deadlines.policies import policy_of
from deadlines.policies.question_types import Question
from my_views.enums import Given, Kind
from my_views.models import Answer, DraftAnswer, HandIn, MyViewsForm

FACES = ("very_sad", "sad", "so_so", "happy", "very_happy")


@dataclass(frozen=True)
class Written:
    """One question and what stands as its answer. ``version`` is that of the unsent answer, 0 where there is none.

    ``is_unsent`` means that it differs from, or adds to, what was handed in.
    """

    question: Question
    given: str = Given.BLANK
    text: str = ""
    value: int | None = None
    value_words: str = ""
    only_for_chair: bool = False
    version: int = 0
    saved_at: datetime.datetime | None = None
    is_unsent: bool = False

    @property
    def is_done(self) -> bool:
        return self.given != Given.BLANK

    @property
    def content(self) -> tuple[str, str, int | None, bool]:
        """Return what makes two answers the same."""
        return self.given, self.text, self.value, self.only_for_chair


def questions_of(conference: Conference, asked: str) -> tuple[Question, ...]:
    """Return the questions of one of the council's forms, under the procedures of the conference."""
    return policy_of(conference.policy_version_id).questions(asked)


def meaning_of(conference: Conference, kind: str, value: int | None) -> str:
    """Return what a number or a face means, in the council's words; "" for an answer in words alone."""
    if value is None:
        return ""
    policy = policy_of(conference.policy_version_id)
    if kind == Kind.FACES:
        return str(policy.value("my-views-faces")[FACES[value]]) if value < len(FACES) else ""
    ends = policy.value("my-views-scale-ends")
    return f"{value} on a scale from 0 ({ends['low']}) to 10 ({ends['high']})"


def newest_hand_in(form: MyViewsForm | None) -> HandIn | None:
    """Return what the person handed in last, whether or not they took it back since."""
    if form is None:
        return None
    return form.hand_ins.filter(superseded_at__isnull=True).order_by("-number").first()


def standing_hand_in(form: MyViewsForm | None) -> HandIn | None:
    """Return what the person says now; None before they handed it in, and once they took it back."""
    newest = newest_hand_in(form)
    return newest if newest is not None and newest.counts else None


def written_so_far(
    form: MyViewsForm | None, questions: Sequence[Question], *, conference: Conference, writer: User | None, reads: bool
) -> list[Written]:
    """Return each question with the answer that stands for this writer (None: the person themselves).

    An unsent answer is its writer's alone. ``reads`` says that the writer may read what was handed in: the person
    themselves, chair and social worker; others who write it down begin with an empty form.
    """
    newest = newest_hand_in(form) if reads else None
    sent = {row.question: row for row in newest.answers.all()} if newest else {}
    drafts = {row.question: row for row in DraftAnswer.objects.filter(form=form, writer=writer)} if form else {}
    return [_written(one, drafts.get(one.key), sent.get(one.key), conference) for one in questions]


def _written(question: Question, draft: DraftAnswer | None, sent: Answer | None, conference: Conference) -> Written:
    version = draft.version if draft else 0
    typed = _typed(draft)
    if draft is not None and typed:
        text, value = typed["text"][0], typed["value"][0]
        number = int(value) if value else None
        return Written(
            question,
            given=typed["given"][0],
            text=text,
            value=number,
            value_words=meaning_of(conference, question.kind, number),
            only_for_chair=bool(typed["only"][0]),
            version=version,
            saved_at=draft.saved_at,
            is_unsent=True,
        )
    if sent is not None:
        return Written(
            question,
            given=sent.given,
            text=sent.text,
            value=sent.value,
            value_words=sent.value_words,
            only_for_chair=sent.only_for_chair,
            version=version,
        )
    return Written(question, version=version)


def _typed(draft: DraftAnswer | None) -> dict[str, list[str]]:
    try:
        return draft.fields if draft else {}
    except CannotBeOpened:
        # No key opens it any more: the person is asked again.
        return {}


def seen_token(form: MyViewsForm | None, written: Sequence[Written]) -> str:
    """Return what tells the page on which everything is read from the same page after another phone wrote."""
    state = repr((form.number if form else 0, [(one.question.key, one.version) for one in written]))
    return hashlib.sha256(state.encode()).hexdigest()[:32]
