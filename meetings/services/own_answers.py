"""What someone enters themselves, on an own device or in their turn at the tablet: scores and views, in one act."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from conferences.models import Conference
from conferences.services.guards import MeetingClosed
from meetings.enums import AnswerKind, Given, ViewStatus
from meetings.models import Score, View
from meetings.selectors.day_steps import TheDay
from meetings.selectors.own_answers import AskedOf, OwnAnswers, own_answers
from meetings.services.guards import lock_in_session
from meetings.services.rounds import RoundOver
from meetings.services.scores import record_score
from meetings.services.views_given import record_view

RATHER_NOT = "Would rather not say."


@dataclass(frozen=True)
class OwnScore:
    """A score, or None for someone who would rather not say, with the reason and whether others may see it."""

    child: Any
    value: int | None
    reason: str
    may_be_shown: bool | None = None

    @property
    def in_words(self) -> str:
        return self.reason if self.value is None else f"{self.value}. {self.reason}"


@dataclass(frozen=True)
class OwnView:
    """A view, or why there is none: someone would rather not say."""

    child: Any
    given: str
    reason: str
    harm: str = ""
    still_harm: str = ""
    status: str = ""
    category: str = ""

    @property
    def in_words(self) -> str:
        status = str(ViewStatus(self.status).label) if self.status in ViewStatus.values else ""
        return f"{status}. {self.reason}" if status else self.reason


@dataclass
class Taken:
    """What was taken, and what came too late: about which child, and the words, which nobody else has seen."""

    saved: list[Any] = field(default_factory=list)
    # The child's id, "score" or "view", and the words.
    too_late: list[tuple[int, str, str]] = field(default_factory=list)


@transaction.atomic
def give_answers(
    *,
    conference: Conference,
    persons: Sequence[int],
    scores: Sequence[OwnScore],
    views: Sequence[OwnView],
    who: dict[str, Any],
    now: datetime.datetime,
) -> Taken:
    """Keep what a person, by the ids of their records, says about each child; what they say last stands.

    In order: locks the conference; looks again at what this person is asked in the part under way; writes each answer
    whose round goes on. An answer whose round has ended meanwhile, or about which they are no longer asked, is not
    taken and is returned with its words. ``who`` says who enters it, as ``record_score`` takes it. Raises
    ValidationError by field of the form (``score_1``, ``reason_1``); MeetingClosed after closing.
    """
    locked, sitting = lock_in_session(conference)
    own = own_answers(TheDay(locked, sitting=sitting), persons)
    return keep_answers(
        own,
        scores,
        views,
        keep_score=lambda one, asked: _score(one, asked, who, now),
        keep_view=lambda one, asked: _view(one, asked, who, now),
    )


def keep_answers(
    own: OwnAnswers,
    scores: Sequence[OwnScore],
    views: Sequence[OwnView] = (),
    *,
    keep_score: Callable[[OwnScore, AskedOf], object],
    keep_view: Callable[[OwnView, AskedOf], object] | None = None,
) -> Taken:
    """Keep each answer that is still asked for, as the two functions do; the others are returned with their words.

    The caller holds the lock of the meeting. Raises ValidationError by field of the form; MeetingClosed.
    """
    asked, taken = {one.child.pk: one for one in own.children}, Taken()
    for score in scores:
        of = asked.get(score.child.pk)
        _keep(taken, score, AnswerKind.SCORE, partial(keep_score, score, of) if of and of.score else None)
    for view in views if keep_view is not None else ():
        of = asked.get(view.child.pk)
        _keep(taken, view, AnswerKind.VIEW, partial(keep_view, view, of) if keep_view and of and of.view else None)
    return taken


def _keep(taken: Taken, one: OwnScore | OwnView, kind: AnswerKind, keep: Callable[[], object] | None) -> None:
    if keep is None:
        taken.too_late.append((one.child.pk, str(kind), one.in_words))
        return
    try:
        with transaction.atomic():
            taken.saved.append(keep())
    except RoundOver:
        taken.too_late.append((one.child.pk, str(kind), one.in_words))
    except MeetingClosed:
        raise
    except ValidationError as refusal:
        raise _on_the_form(refusal, kind, one.child.pk) from None


def _on_the_form(refusal: ValidationError, kind: str, child_pk: int) -> ValidationError:
    """Return what was refused, by the names that the fields of this child have on the form."""
    names = {"value": "score", "reason": "why" if kind == AnswerKind.SCORE else "reason"}
    if not hasattr(refusal, "error_dict"):
        return refusal
    return ValidationError(
        {f"{names.get(name, name)}_{child_pk}": errors for name, errors in refusal.message_dict.items()}
    )


def _score(one: OwnScore, asked: AskedOf, who: dict[str, Any], now: datetime.datetime) -> Score:
    return record_score(
        conference_child=asked.child,
        participant=asked.participant,
        value=one.value,
        given=Given.ABSTAINED if one.value is None else Given.GIVEN,
        reason=one.reason or (RATHER_NOT if one.value is None else ""),
        may_be_shown=one.may_be_shown,
        version=None,
        now=now,
        **who,
    )


def _view(one: OwnView, asked: AskedOf, who: dict[str, Any], now: datetime.datetime) -> View:
    return record_view(
        conference_child=asked.child,
        participant=asked.participant,
        given=one.given,
        reason=one.reason or (RATHER_NOT if one.given != Given.GIVEN else ""),
        harm=one.harm,
        still_harm=one.still_harm,
        status=one.status,
        category=one.category,
        version=None,
        now=now,
        **who,
    )
