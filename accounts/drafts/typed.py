"""What of a posted form was typed."""

from __future__ import annotations

from django.http import QueryDict

from govuk.drafts import OWNER_FIELD
from govuk.forms import clean_typed

NEVER_KEPT = ("csrfmiddlewaretoken", OWNER_FIELD, "path")


def typed_in(posted: QueryDict) -> dict[str, list[str]]:
    """Return the posted fields as text, without those of the frame and without passwords."""
    return {
        name: [clean_typed(name, str(value)) for value in values]
        for name, values in posted.lists()
        if name not in NEVER_KEPT and "password" not in name
    }
