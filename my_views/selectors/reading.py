"""What the chair and the social worker read of My Views; every caller has passed ``my_views.access``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from conferences.models import Conference
from my_views.models import Answer, DangerSign, HandIn, MyViewsForm, ReleasedPassage
from my_views.selectors.speakers import Speaker, speakers_of


@dataclass(frozen=True)
class PersonsViews:
    """One person of the family and what they say now.

    ``form`` is None where nothing was begun or handed in: whether someone has begun is theirs alone. ``hand_in`` is
    what stands, with ``answers.all()`` and each answer's ``released.all()`` fetched; None where it was taken back.
    """

    speaker: Speaker
    form: MyViewsForm | None
    hand_in: HandIn | None
    was_taken_back: bool

    @property
    def answers(self) -> list[Answer]:
        return list(self.hand_in.answers.all()) if self.hand_in else []

    @property
    def danger(self) -> DangerSign | None:
        return getattr(self.hand_in, "danger_sign", None) if self.hand_in else None

    @property
    def words(self) -> str:
        if self.hand_in is not None:
            return "Handed in" if self.hand_in.number == 1 else "Handed in again"
        return "Taken back" if self.was_taken_back else "Nothing yet"

    @property
    def colour(self) -> str:
        return "green" if self.hand_in is not None else "grey"


def hand_ins(forms: Iterable[MyViewsForm]) -> QuerySet[HandIn]:
    """Return what was handed in last of each form, with its answers and what is released of them."""
    released = ReleasedPassage.objects.filter(ended_at__isnull=True).select_related(
        "recipient__person", "part__sitting"
    )
    answers = Answer.objects.prefetch_related(Prefetch("released", released))
    rows: QuerySet[HandIn] = (
        HandIn.objects.filter(form__in=list(forms), superseded_at__isnull=True)
        .select_related("form__person", "recorded_by", "danger_sign__settled_by")
        .prefetch_related(Prefetch("answers", answers), "danger_sign__answers")
    )
    return rows


def persons_views(conference: Conference) -> list[PersonsViews]:
    """Return everyone of the family with what they say, whether or not they come. A fixed number of queries.

    For the chair and the social worker alone: the caller has asked ``my_views.access.reads_forms``.
    """
    forms = {row.person_id: row for row in MyViewsForm.objects.filter(conference=conference, number__gt=0)}
    newest = {row.form.person_id: row for row in hand_ins(forms.values())}
    found = []
    for speaker in speakers_of(conference):
        row = newest.get(speaker.person.pk)
        stands = row if row is not None and row.counts else None
        found.append(
            PersonsViews(
                speaker=speaker,
                form=forms.get(speaker.person.pk),
                hand_in=stands,
                was_taken_back=row is not None and stands is None,
            )
        )
    return found


@dataclass(frozen=True)
class Counted:
    """How many forms stand, and of how many people of the family there is none."""

    handed_in: int
    without: int

    @property
    def all(self) -> int:
        return self.handed_in + self.without


def counted(conference: Conference) -> Counted:
    """Return how many people of the family have said what they think. A fixed number of queries."""
    return counted_of(persons_views(conference))


def counted_of(views: list[PersonsViews]) -> Counted:
    """Return the same of what was read already."""
    handed_in = sum(row.hand_in is not None for row in views)
    return Counted(handed_in, len(views) - handed_in)
