"""Where a participant works, as pages say it: see ``families.selectors.agency_names``."""

from __future__ import annotations

from accounts.request_cache import once_for_words
from conferences.models import Conference, Participant
from families.selectors.agency_names import confidential_agencies, mailbox_on_page, name_on_page, title_on_page


def family_of(participant: Participant) -> int:
    """Return the id of the family whose conference it is; one query for each request where it is not read yet."""
    if Participant.conference.is_cached(participant):
        return participant.conference.family_id
    pk = participant.conference_id
    rows = Conference.objects.filter(pk=pk).values_list("family_id", flat=True)
    return once_for_words(("family of a conference", pk), rows.get)


def works_at(participant: Participant) -> str:
    """Return the agency's name on a page, or "" for those who come for none."""
    return name_on_page(participant.agency, family_of(participant)) if participant.agency else ""


def title_of(participant: Participant) -> str:
    """Return their job title on a page, or "" for those who hold no post."""
    return title_on_page(participant.post, family_of(participant)) if participant.post else ""


def mailbox_of(participant: Participant) -> str:
    """Return on a page the address to which their messages go, or that it is confidential."""
    return mailbox_for(participant.email, participant)


def mailbox_for(email: str, participant: Participant) -> str:
    """Return the same for another address where they work: their link's, or their deputy's."""
    return mailbox_on_page(email, participant.agency_id, family_of(participant))


def is_confidential(participant: Participant) -> bool:
    """Return whether they work where the name could give away where someone is."""
    return participant.agency_id in confidential_agencies(family_of(participant))


def works_as(participant: Participant) -> str:
    """Return where they work or, for those who come for no agency, in which capacity they come."""
    return works_at(participant) or str(participant.get_capacity_display())
