"""What an agency is called on pages: its name, or only its kind where the name could give away where someone is.

Papers are not pages: what reaches a reader of theirs is ruled by entitlement. Nor is what is sent to the agency
itself. Those who need a name that a page leaves out ask for the family's confidential whereabouts, with a reason.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from accounts.request_cache import once_for_words
from families.hidden_words import mentions
from families.models import Agency, AgencyInvolvement, Post
from notifications.models import Message

TITLE_CONFIDENTIAL = "Job title confidential"
MAILBOX_CONFIDENTIAL = "E-mail address confidential"
PLACE_CONFIDENTIAL = "Place confidential"


def confidential_agencies(family_id: int | None) -> dict[int, Agency]:
    """Return by id the agencies marked confidential for a child who is or was in this family, marks that ended too.

    Where the family is not known, those marked for anyone. One query for each request, however many names a page
    shows.
    """

    def ask() -> dict[int, Agency]:
        marked = AgencyInvolvement.objects.filter(confidential=True)
        if family_id is not None:
            marked = marked.filter(child__person__memberships__family=family_id)
        return {row.pk: row for row in Agency.objects.filter(pk__in=marked.values("agency"))}

    return once_for_words(("confidential agencies", family_id), ask)


def name_on_page(agency: Agency, family_id: int | None) -> str:
    """Return the agency's name, or "School (name confidential)", on a page about this family."""
    return recorded_name(agency.pk, agency.name, family_id)


def recorded_name(agency_id: int | None, name: str, family_id: int | None) -> str:
    """Return the same for a name that was written down with the agency's id."""
    hidden = confidential_agencies(family_id).get(agency_id or 0)
    return f"{hidden.get_kind_display()} (name confidential)" if hidden else name


def title_on_page(post: Post, family_id: int | None) -> str:
    """Return the job title, unless it names a confidential agency ("Head of Meadow Lane")."""
    return recorded_title(post.agency_id, post.title, family_id)


def recorded_title(agency_id: int | None, title: str, family_id: int | None) -> str:
    """Return the same for a title that was written down with the agency's id."""
    hidden = confidential_agencies(family_id).get(agency_id or 0)
    return TITLE_CONFIDENTIAL if hidden and mentions(title, frozenset({hidden.name})) else title


def holder_on_page(post: Post, family_id: int | None) -> str:
    """Return name, job title and agency: "Shazia Wing, Head of year, Harbour Academy"."""
    return holder_without(post, confidential_agencies(family_id))


def holder_without(post: Post, hidden: Mapping[int, Agency]) -> str:
    """Return the same, where the confidential agencies have been read."""
    title, agency = post.title, post.agency.name
    if post.agency_id in hidden:
        title = TITLE_CONFIDENTIAL if mentions(title, frozenset({agency})) else title
        agency = f"{post.agency.get_kind_display()} (name confidential)"
    return f"{post.person.full_name}, {title}, {agency}"


def mailbox_on_page(email: str, agency_id: int | None, family_id: int | None) -> str:
    """Return a worker's e-mail address, or that it is confidential: its site tells whose it is."""
    return MAILBOX_CONFIDENTIAL if email and agency_id in confidential_agencies(family_id) else email


def place_on_page(place: str, family_id: int | None) -> str:
    """Return a place that someone typed, unless it names a confidential agency: a core group meets at the school."""
    names = frozenset(row.name for row in confidential_agencies(family_id).values())
    return PLACE_CONFIDENTIAL if mentions(place, names) else place


def messages_to_confidential_agencies(messages: Collection[Message]) -> set[int]:
    """Return ids of messages about a family to someone who works at an agency marked confidential for it."""
    about = [row for row in messages if row.family_id and row.person_id]
    if not about:
        return set()
    marked = AgencyInvolvement.objects.filter(
        confidential=True,
        child__person__memberships__family__in={row.family_id for row in about},
        agency__posts__person__in={row.person_id for row in about},
    )
    pairs: set[Any] = set(marked.values_list("child__person__memberships__family", "agency__posts__person"))
    return {row.pk for row in about if (row.family_id, row.person_id) in pairs}
