from __future__ import annotations

from django import template

from conferences.enums import Category

register = template.Library()


@register.filter
def category_name(code: str) -> str:
    """Return the category of harm in words; an unknown code unchanged."""
    return str(Category(code).label) if code in Category.values else code
