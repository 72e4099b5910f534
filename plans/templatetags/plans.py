from __future__ import annotations

from django import template

from conferences.enums import Category
from families.selectors.agency_names import holder_on_page
from plans.models import Visit

register = template.Library()


@register.filter
def category_name(code: str) -> str:
    """Return the category of harm in words; an unknown code unchanged."""
    return str(Category(code).label) if code in Category.values else code


@register.filter
def visit_maker(visit: Visit, family_id: int | None) -> str:
    """Return who made a visit, without what would give away a confidential agency."""
    if visit.by_post is not None:
        return holder_on_page(visit.by_post, family_id)
    return str(visit.made_by.name) if visit.made_by else ""
