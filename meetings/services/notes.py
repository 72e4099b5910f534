"""What holds for every note, on the board of a conference and of a core group meeting. The caller holds the lock."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model

from accounts.models import User
from conferences.models.recorded import Noted
from conferences.services.guards import EditedMeanwhile, text_of
from families.models import Person
from meetings.enums import Nature

N = TypeVar("N", bound=Noted)
OFF_THE_BOARD = "This note was taken off the board. Add a new one."


def words_of_note(
    headings: Collection[str],
    *,
    heading: str,
    text: str,
    nature: str,
    evidence: str,
    seen_differently: str,
    faults: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return the columns of what was said.

    Raises ValidationError by field with ``faults`` added: an unknown heading or kind, no words, an opinion that rests
    on nothing.
    """
    found: dict[str, str] = {}
    if heading not in headings:
        found["heading"] = "Choose the heading this belongs under."
    if not text.strip():
        found["text"] = "Write what was said."
    if nature not in Nature.values:
        found["nature"] = "Choose whether this is a fact or an opinion."
    if nature == Nature.OPINION and not evidence.strip():
        found["evidence"] = "Write what this opinion is based on."
    found |= faults or {}
    if found:
        raise ValidationError(found)
    return {
        "heading": heading,
        "text": text.strip(),
        "nature": nature,
        "evidence": evidence.strip(),
        "seen_differently": seen_differently.strip(),
    }


def same_note(standing: Iterable[N], about: Iterable[Model]) -> N | None:
    """Return the one of ``standing``, which say the same, that is about the same children."""
    wanted = {child.pk for child in about}
    return next((row for row in standing if {child.pk for child in row.children.all()} == wanted), None)  # type: ignore[attr-defined]


def save_note(
    row: N, *, version: int, facts: dict[str, Any], about: Iterable[Model], private_to: Iterable[Person]
) -> N:
    """Save a locked note as ``facts`` say; a no-op where it says so already.

    Raises EditedMeanwhile if someone changed it since ``version``, ValidationError if it was taken off the board.
    """
    if row.withdrawn_at is not None:
        raise ValidationError(OFF_THE_BOARD)
    links: Any = row
    children, private = list(about), list(private_to)
    before = set(links.children.values_list("pk", flat=True)), set(links.private_to.values_list("pk", flat=True))
    linked = {child.pk for child in children}, {person.pk for person in private}
    if linked == before and all(getattr(row, name) == value for name, value in facts.items()):
        return row
    if row.version != version:
        raise EditedMeanwhile(row)
    for name, value in facts.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    links.children.set(children)
    links.private_to.set(private)
    return row


def put_under(row: N, heading: str, headings: Collection[str], *, version: int) -> N:
    """Put a locked note under another heading; its words, children, speaker, privacy and time stay as they are.

    The history keeps where it was. Raises ValidationError on ``heading``, and as ``save_note`` does.
    """
    if row.withdrawn_at is not None:
        raise ValidationError(OFF_THE_BOARD)
    if heading not in headings:
        raise ValidationError({"heading": "Choose the heading this belongs under."})
    if row.heading == heading:
        return row
    if row.version != version:
        raise EditedMeanwhile(row)
    row.heading = heading
    row.version += 1
    row.save(update_fields=["heading", "version"])
    return row


def take_off(row: N, because: str, *, by: User, now: datetime.datetime) -> N:
    """Take a locked note off the board; the row is kept. Raises ValidationError on ``because``. Idempotent."""
    if row.withdrawn_at is None:
        row.withdrawn_because = text_of("because", because, "Say why you are taking this note off the board.")
        row.withdrawn_at, row.withdrawn_by = now, by
        row.save(update_fields=["withdrawn_because", "withdrawn_at", "withdrawn_by"])
    return row
