"""What of a posted form was typed."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

from govuk.drafts import OWNER_FIELD
from govuk.forms import clean_typed

NEVER_KEPT = ("csrfmiddlewaretoken", OWNER_FIELD, "path")
# What a page sends along and nobody typed.
NOT_TYPED = ("version", "confirm", "form_key")
WORTH_SHOWING = 12


def typed_in(posted: QueryDict) -> dict[str, list[str]]:
    """Return the posted fields as text, without those of the frame and without passwords."""
    return {
        name: [clean_typed(name, str(value)) for value in values]
        for name, values in posted.lists()
        if name not in NEVER_KEPT and "password" not in name
    }


def texts_typed(request: HttpRequest) -> list[str]:
    """Return the longer texts of a form that could not be accepted, to be given back to whoever sent it."""
    if request.method != "POST":
        return []
    fields = typed_in(request.POST)
    return [
        text
        for name, texts in fields.items()
        for text in texts
        if name not in NOT_TYPED and len(text) >= WORTH_SHOWING and any(letter.isspace() for letter in text)
    ]
