"""A person's name inside a statement, for lists that the database puts together."""

from __future__ import annotations

from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.functions import Concat, Trim

from families.models.persons import SEALED


def full_name_in_sql(path: str) -> Case:
    """Return what ``Person.full_name`` says of the person at ``path`` (such as "participant__person")."""
    person = f"{path}__" if path else ""
    first, last, unnamed = F(f"{person}given_name"), F(f"{person}family_name"), F(f"{person}unnamed_as")
    return Case(
        When(**{f"{person}sealed_at__isnull": False}, then=Value(SEALED)),
        When(~Q(**{f"{person}unnamed_as": ""}), **{f"{person}given_name": ""}, then=unnamed),
        default=Trim(Concat(first, Value(" "), last)),
        output_field=TextField(),
    )
