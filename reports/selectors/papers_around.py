"""What a released paper is called, where its circulation stands, and how its files are named."""

from __future__ import annotations

from django.urls import reverse

from reports.enums import DocumentKind
from reports.models import Document

TITLES = {
    DocumentKind.DECISIONS_LETTER: "Decisions letter",
    DocumentKind.MINUTES: "Minutes",
    DocumentKind.CORE_GROUP: "Minutes of the core group",
    DocumentKind.PLAN: "Plan",
}


def reference_of(document: Document) -> str:
    """Return the reference that subject lines and covering sheets carry: it names no one."""
    if document.is_of_a_conference:
        return str(document.conference.reference)
    return str(document.content["case_number"] or document.conference.reference)


def address_of(document: Document, name: str, *args: int) -> str:
    """Return the address of one of the pages around a version's copies, in the part of the site where it belongs."""
    if document.core_group_meeting is not None:
        meeting = document.core_group_meeting
        return reverse(f"core_group_minutes:{name}", args=[meeting.core_group_id, meeting.pk, document.pk, *args])
    if document.plan_id is not None:
        return reverse(f"plan_papers:{name}", args=[document.plan_id, document.pk, *args])
    return reverse(f"reports:{name}", args=[document.conference_id, document.pk, *args])


def circulation_url(document: Document) -> str:
    """Return the address of the page on which a version's copies are sent."""
    return address_of(document, "circulation")
