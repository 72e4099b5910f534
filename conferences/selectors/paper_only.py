"""Who wants everything on paper and nothing online."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from conferences.models import PaperOnly
from notifications.models import Message

WANTS_PAPER = "They asked for everything on paper, and nothing online."


def paper_only() -> QuerySet[PaperOnly]:
    """Return the choices that stand."""
    return PaperOnly.objects.filter(ended_at__isnull=True)


def choice_of(person_id: int) -> PaperOnly | None:
    """Return a person's choice that stands, if any."""
    return paper_only().filter(person=person_id).select_related("recorded_by").first()


def on_paper_only(path: str) -> Q:
    """Match rows whose person, at the other end of ``path``, has chosen paper only."""
    return Q(**{f"{path}__in": paper_only().values("person")})


def reason_to_withhold_online(message: Message) -> str:
    """Return that its reader wants nothing online: then nothing that is written to them as a person leaves."""
    wants = message.person_id is not None and message.user_id is None and choice_of(message.person_id) is not None
    return WANTS_PAPER if wants else ""
