"""What the database refuses, in words for the person who typed it.

Each constraint of a model carries its own sentence (``violation_error_message``). A rule that lives in a
trigger has no such place, so its app registers the sentence here, in ``AppConfig.ready``. An app may also say
to which form field a constraint belongs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import BaseConstraint

UNNAMED = "This can't be saved as it stands. Check what you entered and try again."

_messages: dict[str, str] = {}
_fields: dict[str, str] = {}


def register_refusal(constraint: str, message: str = "", *, field: str = "") -> None:
    """Give a sentence to a rule that a trigger keeps, or a form field to any constraint.

    Called from ``AppConfig.ready``; registering a name again replaces what it said.
    """
    if message:
        _messages[constraint] = message
    if field:
        _fields[constraint] = field


@lru_cache(maxsize=1)
def _messages_of_models() -> dict[str, str]:
    return {
        constraint.name: str(constraint.violation_error_message)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != BaseConstraint.default_violation_error_message
    }


def message_of(constraint: str) -> str:
    """The sentence of a constraint; a general one where it has none of its own."""
    return _messages.get(constraint) or _messages_of_models().get(constraint) or UNNAMED


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint or trigger rule that was broken, or an empty text."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnostics, "constraint_name", None) or "")


@contextmanager
def refused_by_database(**fields: str) -> Iterator[None]:
    """Turn what the database refuses inside the block into a ValidationError with its sentence.

    The block runs in a savepoint, so the transaction around it goes on. ``fields`` names form fields by
    constraint and goes before what was registered; without either the refusal concerns the whole form.
    Raises ValidationError keyed by field. A broken foreign key or any other fault without a sentence of its
    own is raised as it is: that is a fault of ours, nothing a person can put right.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        constraint = constraint_of(error)
        message = message_of(constraint)
        if message == UNNAMED:
            raise
        field = fields.get(constraint) or _fields.get(constraint) or NON_FIELD_ERRORS
        raise ValidationError({field: [ValidationError(message, code=constraint)]}) from error
