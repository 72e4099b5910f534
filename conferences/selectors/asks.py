"""What people without an account asked for: what waits for an answer, and what each reads of their own."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from conferences.childs_words import ChildsWords
from conferences.enums import ConferenceStatus, Need
from conferences.models import AnswerToGuest, ExclusionRequest, Participant, SaidByGuest


def unanswered() -> QuerySet[SaidByGuest]:
    """Return what guests asked for that nobody has answered.

    Only wishing to be apart from someone is with the chair, whose answer it gets.
    """
    answered = AnswerToGuest.objects.filter(said=OuterRef("pk"))
    with_chair = ExclusionRequest.objects.filter(said=OuterRef("pk"))
    rows: QuerySet[SaidByGuest] = (
        SaidByGuest.objects.filter(~Exists(answered), reply="")
        .exclude(Q(Exists(with_chair)), needs=[Need.APART])
        .exclude(participant__conference__status=ConferenceStatus.CANCELLED)
    )
    return rows


@dataclass(frozen=True)
class Asked:
    """What someone asked for, in words, with what they were answered; empty while it waits."""

    said: SaidByGuest
    needs: list[str]
    answer: str


def asks_of(participant: Participant, *, say: ChildsWords | None = None) -> list[Asked]:
    """Return what one person asked for on this list, newest first, with the answers they may read. Two queries.

    ``say`` has the words for a child.

    Of what the chair decided they read the chair's words for them, and nothing of whoever it was about.
    """
    rows = participant.said_as_guest.filter(reply="").prefetch_related("answers", "requests")
    found = []
    for said in rows:
        texts = [row.text for row in said.answers.all() if row.superseded_at is None]
        texts += [
            row.answer_text
            for row in said.requests.all()
            if row.decided_at is not None and row.asked_for_id == participant.person_id and row.answer_text
        ]
        needs = _needs_for_child(said, say) if say is not None else said.needs_words
        found.append(Asked(said, needs, "\n\n".join(dict.fromkeys(texts))))
    return found


def _needs_for_child(said: SaidByGuest, say: ChildsWords) -> list[str]:
    words = {**say.needs_afterwards, **say.needs}
    return [words.get(need, str(Need(need).label)) for need in said.needs]
