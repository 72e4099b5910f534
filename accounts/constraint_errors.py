"""Messages for database constraint violations, in words for the person who typed.

Each constraint of a model carries its own message (``violation_error_message``). A rule enforced by a trigger
has no such place, so its app registers the message here, in ``AppConfig.ready``. An app may also say which form
field a constraint belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import BaseConstraint

UNNAMED = "This can't be saved as it is. Check what you entered and try again."

_messages: dict[str, str] = {}
_fields: dict[str, str] = {}


def register_refusal(constraint: str, message: str = "", *, field: str = "") -> None:
    """Register a message for a rule enforced by a trigger, or a form field for any constraint.

    Called from ``AppConfig.ready``; registering a name again replaces it.
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
    """Return a constraint's message; a general one where it has none."""
    return _messages.get(constraint) or _messages_of_models().get(constraint) or UNNAMED


def constraint_of(error: IntegrityError) -> str:
    """Return the name of the constraint or trigger rule that was violated, or an empty string."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnostics, "constraint_name", None) or "")


@contextmanager
def refused_by_database(*, goes_on: bool = True, **fields: str) -> Iterator[None]:
    """Turn a constraint violation inside the block into a ValidationError with its message.

    The block runs in a savepoint, so the surrounding transaction can continue; without ``goes_on`` there is no
    savepoint, for a service whose transaction ends with the error. ``fields`` maps constraints to form fields and
    overrides what was registered; without either, the error concerns the whole form. Raises ValidationError keyed by
    field. A violated foreign key or any other fault without a message of its own is raised unchanged: that is a bug,
    not something the user can correct.
    """
    try:
        with transaction.atomic(savepoint=goes_on):
            yield
    except IntegrityError as error:
        constraint = constraint_of(error)
        message = message_of(constraint)
        if message == UNNAMED:
            raise
        field = fields.get(constraint) or _fields.get(constraint) or NON_FIELD_ERRORS
        raise ValidationError({field: [ValidationError(message, code=constraint)]}) from error
