"""Defines the history record of the forms of one conference, apart from that of the conference.

Who may read the conference may not for that reason read what is for the chair and the social worker alone.
"""

from __future__ import annotations

from accounts.history.registry import Part, Record, register_record
from my_views import models

MY_VIEWS_RECORD = Record(
    "My Views",
    models.MyViewsForm,
    (
        Part(models.MyViewsForm),
        Part(models.HandIn, ("form",)),
        Part(models.Answer, ("hand_in__form",)),
        Part(models.DangerSign, ("hand_in__form",)),
        Part(models.ReleasedPassage, ("answer__hand_in__form",)),
    ),
)


def register_history() -> None:
    """Register the record; called once from ``connect``."""
    register_record(MY_VIEWS_RECORD)
