"""Birthdays as the database counts them, the same as ``families.models.persons.birthday``."""

from __future__ import annotations

from django.db.models import DateField, Func

from families.models.persons import ADULT_FROM


class AdultOn(Func):
    """The day on which someone born on a day turns 18; born on 29 February, it is 1 March."""

    template = (
        f"((%(expressions)s + interval '{ADULT_FROM} years')::date"
        " + CASE WHEN to_char(%(expressions)s, 'MMDD') = '0229' THEN 1 ELSE 0 END)"
    )
    arity = 1
    output_field = DateField()
