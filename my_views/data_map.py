"""Declares what each My Views table holds, and about whom."""

from __future__ import annotations

from accounts.case_data import case_table
from my_views import models

CHILDREN = "conference__children__child"
OF_HAND_IN = "form__conference"
OF_ANSWER = f"hand_in__{OF_HAND_IN}"
OF_PASSAGE = f"answer__{OF_ANSWER}"
case_table(
    models.MyViewsForm,
    "My Views: whose form",
    conference="conference",
    about=CHILDREN,
    names=("person",),
    one="My Views",
    many="My Views",
    titles=("person_id",),
    hidden={"number"},
    called_after="person",
    barred_by=("person__sealed_at",),
    may_harm=True,
)
case_table(
    models.DraftAnswer,
    "My Views: what was typed and not handed in",
    conference=OF_HAND_IN,
    about=f"form__{CHILDREN}",
    keeps={"question"},
    stubs={"sealed": "''"},
    is_given=False,
)
case_table(
    models.HandIn,
    "My Views as handed in",
    conference=OF_HAND_IN,
    about=f"form__{CHILDREN}",
    names=("form__person",),
    one="My Views, handed in",
    many="My Views, handed in",
    titles=("form_id", "number"),
    labels={"number": "Time"},
    called=lambda row: f"handed in for the {row.number}. time",
    may_harm=True,
)
case_table(
    models.Answer,
    "My Views: the answers",
    conference=OF_ANSWER,
    about=f"hand_in__form__{CHILDREN}",
    names=("hand_in__form__person",),
    one="Answer in My Views",
    many="Answers in My Views",
    titles=("hand_in_id",),
    hidden={"question"},
    keeps={"question"},
    called=lambda row: f"answer {row.position}",
    may_harm=True,
)
case_table(
    models.DangerSign,
    "My Views: words of danger, and what was done",
    conference=OF_ANSWER,
    about=f"hand_in__form__{CHILDREN}",
    one="Words of danger in My Views",
    many="Words of danger in My Views",
    titles=("hand_in_id",),
    links={"answers": "Answer with words of danger"},
    may_harm=True,
)
case_table(
    models.ReleasedPassage,
    "My Views: words that the chair released",
    conference=OF_PASSAGE,
    about=f"answer__hand_in__form__{CHILDREN}",
    names=("answer__hand_in__form__person",),
    one="Words of My Views released by the chair",
    many="Words of My Views released by the chair",
    titles=("answer_id",),
    may_harm=True,
)
