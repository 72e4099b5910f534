"""The words of My Views that the chair released: the only ones that reach a copy, a screen or minutes.

A child's own letter holds the child's own words, and the chair releases it as a whole.
"""

from __future__ import annotations

from django.db.models import QuerySet

from conferences.models import Conference, Part
from families.models import Person
from my_views.enums import Given
from my_views.models import Answer, ReleasedPassage


def released_in(conference: Conference) -> QuerySet[ReleasedPassage]:
    """Return what is released now of forms that stand, each with answer, form and person."""
    rows: QuerySet[ReleasedPassage] = (
        ReleasedPassage.objects.filter(
            answer__hand_in__form__conference=conference,
            answer__hand_in__superseded_at__isnull=True,
            answer__hand_in__withdrawn_at__isnull=True,
            answer__hand_in__form__person__sealed_at__isnull=True,
            answer__only_for_chair=False,
            ended_at__isnull=True,
        )
        .select_related("answer__hand_in__form__person", "recipient", "part")
        .order_by("answer__hand_in__form", "answer__position", "pk")
    )
    return rows


def handed_in_openly(conference: Conference, person: Person) -> QuerySet[Answer]:
    """Return what someone handed in and did not keep for the chair and social worker.

    For a child's own letter, which reaches nobody else and which the chair releases with these words in view, and for
    the advocate whom the person lets read it. For nobody else.
    """
    rows: QuerySet[Answer] = Answer.objects.filter(
        hand_in__form__conference=conference,
        hand_in__form__person=person,
        hand_in__form__person__sealed_at__isnull=True,
        hand_in__superseded_at__isnull=True,
        hand_in__withdrawn_at__isnull=True,
        only_for_chair=False,
        given=Given.ANSWERED,
    ).order_by("position", "pk")
    return rows


def why_part_stays(part: Part) -> str:
    """Return why a planned part may not become another one: words were released to everyone in it; else ""."""
    if not ReleasedPassage.objects.filter(part=part).exists():
        return ""
    return (
        f"Words of My Views were released to everyone in “{part}”, so it stays what it is. Change its times, or plan "
        "another part beside it."
    )
