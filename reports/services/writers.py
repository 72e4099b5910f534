"""Who writes a report: a member of staff, or a guest during one stay on their own page."""

from __future__ import annotations

from accounts.models import User


def written(prefix: str, by: User | None, guest_session_id: int | None) -> dict[str, object]:
    """Return the columns ``<prefix>_by`` and ``<prefix>_guest_session_id`` of who writes.

    Raises ValueError unless it is exactly one of them.
    """
    if (by is None) == (guest_session_id is None):
        raise ValueError("A report is written by one member of staff, or by one guest.")
    return {f"{prefix}_by": by, f"{prefix}_guest_session_id": guest_session_id}
