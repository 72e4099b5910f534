"""Template filters about those who take part in a conference; see ``conferences.selectors.places_of_work``."""

from __future__ import annotations

from django import template

from conferences.selectors import places_of_work
from families.selectors.agency_names import confidential_agencies

register = template.Library()

register.filter("works_at", places_of_work.works_at)
register.filter("title_of", places_of_work.title_of)
register.filter("mailbox_of", places_of_work.mailbox_of)
register.filter("mailbox_for", places_of_work.mailbox_for)
register.filter("works_as", places_of_work.works_as)


@register.simple_tag
def names_confidential(family_id: int) -> bool:
    """Return whether pages about this family leave out the name of any agency."""
    return bool(confidential_agencies(family_id))
