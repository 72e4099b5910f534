"""Words of danger in a form that was handed in: looked for then and never before, shown to staff alone."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.services.guards import text_of
from deadlines.policies import policy_of
from my_views.access import reads_forms
from my_views.models import Answer, DangerSign, HandIn, MyViewsForm
from my_views.services.guards import lock_form
from my_views.services.telling import tell_of_danger


def tells_of_danger(text: str, words: Iterable[str]) -> bool:
    """Return whether a text holds one of the words or phrases as whole words, however it is spaced or written."""
    plain = _plain(text)
    return any(re.search(rf"(?<!\w){re.escape(_plain(word))}(?!\w)", plain) for word in words if _plain(word))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


def look_for_danger(hand_in: HandIn, answers: Iterable[Answer], form: MyViewsForm, *, now: datetime.datetime) -> None:
    """Note answers with words of the council's list, and alert staff. The writer sees and is promised nothing."""
    words = policy_of(form.conference.policy_version_id).danger_words
    found = [answer for answer in answers if tells_of_danger(answer.text, words)]
    if not found:
        return
    sign = DangerSign.objects.create(hand_in=hand_in, noticed_at=now)
    sign.answers.set(found)
    tell_of_danger(sign, form, now=now)


@transaction.atomic
def settle_danger(*, sign: DangerSign, done: str, by: User, now: datetime.datetime) -> DangerSign:
    """Record what was done about words of danger. Idempotent.

    Raises ValidationError on ``done`` where it is empty, and for anyone but the chair and the social worker.
    """
    form = lock_form(sign.hand_in.form)
    row = DangerSign.objects.select_for_update().get(pk=sign.pk)
    if row.settled_at is not None:
        return row
    if not reads_forms(by, form.conference):
        raise ValidationError("Only the chair and the social worker can record what was done.")
    row.done = text_of("done", done, "Write what was done: who was asked or seen, and what happens now.")
    row.settled_by, row.settled_at = by, now
    row.save(update_fields=["done", "settled_by", "settled_at"])
    return row
