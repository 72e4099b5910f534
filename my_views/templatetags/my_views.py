"""Tags for the pages of My Views."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from my_views.forms.answers import face as drawn_face

register = template.Library()


@register.simple_tag
def url_of(filling: Any, name: str, *args: Any) -> str:
    """Return the address of a page of a form being filled in, in its own frame."""
    return str(filling.address(name, *args))


@register.simple_tag
def face(place: int, words: str) -> SafeString:
    """Return a face with its words."""
    return drawn_face(place, words)
