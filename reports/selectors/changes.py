"""What a new version of a paper says otherwise than the one that went out, for each recipient."""

from __future__ import annotations

from reports.copies import Composed, compose, entitlement_of, recipients_due
from reports.copies.levels import Content
from reports.copies.plan_changes import plan_changes
from reports.copies.readers import reader_of
from reports.enums import DocumentKind
from reports.models import Document


def what_changed(before: Document | None, content: Content, kind: str) -> Content:
    """Return what a content adds to say that it takes the place of a released version, and where it differs.

    For each recipient, the places of texts in their own copy that are new or say something else. What their copy holds
    no more is not told: that would say that something is left out, unless a plan itself says it no longer.
    """
    if before is None or before.released_at is None:
        return {}
    places = {
        str(pk): found
        for pk in recipients_due(content, kind)
        if (found := _changed_for(before.content, content, kind, pk))
    }
    # A plan's copies are known by the version of the plan, not of its paper.
    number = before.content.get("plan_version", before.number)
    return {"replaces": {"number": number, "released_at": before.released_at.isoformat()}, "changed": places}


def _changed_for(before: Content, content: Content, kind: str, recipient: int) -> list[str]:
    known = recipient in {row["id"] for row in before["participants"]}
    if not known or not entitlement_of(before, recipient).covers(kind):
        return []
    if kind == DocumentKind.PLAN:
        reader = reader_of(content, recipient)

        def may_say(text: str) -> bool:
            return not reader.is_hidden(text) and not reader.names_another_child(text)

        return list(dict.fromkeys(change.where for change in plan_changes(before, content, recipient, may_say)))
    old, new = _texts(compose(before, recipient, kind)), compose(content, recipient, kind)
    return list(dict.fromkeys(row.where for row in new.passages if row.text not in old and not _tells(new, row.where)))


def _texts(copy: Composed) -> set[str]:
    return {row.text for row in copy.passages}


def _tells(copy: Composed, where: str) -> bool:
    return copy.reader.is_hidden(where) or copy.reader.names_another_child(where)
