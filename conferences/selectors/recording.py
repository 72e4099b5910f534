"""What the chair decided about recording the meeting."""

from __future__ import annotations

from accounts.request_cache import once_for_words
from conferences.models import Conference, RecordingDecision


def recording_of(conference: Conference) -> RecordingDecision | None:
    """Return the decision that counts; None while the chair has not decided."""
    rows = RecordingDecision.objects.filter(conference=conference, superseded_at__isnull=True)
    return rows.select_related("decided_by").first()


def recording_words(conference: Conference) -> str:
    """Return what those who come are told about recording; empty while the chair has not decided."""
    found = once_for_words(("recording", conference.pk), lambda: recording_of(conference))
    return found.words if found else ""
