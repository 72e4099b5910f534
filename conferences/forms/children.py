"""Forms to add a child to a conference, correct the kind for one, and withdraw one."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User
from conferences.enums import Capacity, WithdrawalGround
from conferences.models import Participant
from govuk.forms import (
    Field,
    GovukForm,
    Layout,
    LongTextField,
    ModelCheckboxesField,
    ModelSelectField,
    RadiosField,
    VersionField,
)

# The end of a pregnancy is recorded where it is known, and takes the child out by itself.
GROUNDS = [row for row in WithdrawalGround.choices if row[0] != WithdrawalGround.PREGNANCY_ENDED]


def who_and_as_what(row: Participant) -> str:
    """Return for example "Callum Reed, school" or "Dale Ashdown, parent"; which school it is may be hidden."""
    what = row.agency.get_kind_display() if row.agency is not None else Capacity(row.capacity).label
    return f"{row.person.full_name}, {what if what.isupper() else what.lower()}"


class AddChildForm(GovukForm):
    """Why a child joins, and who on the list comes for the child too, besides those who know the child."""

    keeps_draft = True
    because = LongTextField(
        label="Why are you adding this child?",
        error_messages={"required": "Say why you are adding this child"},
        help_text="Kept on record. People who are invited do not see it.",
        rows=3,
    )
    added_reason = LongTextField(
        label="Why is there no strategy discussion about this child?",
        error_messages={"required": "Say why there is no strategy discussion about this child"},
        help_text="For example, a brother or sister who lives in the same home",
        rows=2,
    )
    also = ModelCheckboxesField(
        Participant.objects.none(),
        label="Who else on the list comes for this child too?",
        label_from=who_and_as_what,
        help_text="They read what is said about this child, and are asked to report about this child too.",
        required=False,
    )

    def __init__(self, *args: Any, name: str, puts_back: bool, others: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.button = f"Put {name} back" if puts_back else f"Add {name}"
        if puts_back:
            self.fields["because"].label = "Why are you putting this child back?"
            self.fields["because"].error_messages["required"] = "Say why you are putting this child back"
        self.fields["also"].queryset = others
        if not others:
            del self.fields["also"]
        if not needs_reason:
            del self.fields["added_reason"]
        self.layout = Layout(*(Field(field, optional=field == "also") for field in self.fields))


class CorrectKindForm(GovukForm):
    keeps_draft = True
    because = LongTextField(
        label="Why are you correcting it?",
        error_messages={"required": "Say why you are correcting it"},
        help_text="Kept on record. People who are invited do not see it.",
        rows=3,
    )
    added_reason = LongTextField(
        label="Why is there no strategy discussion about this child?",
        error_messages={"required": "Say why there is no strategy discussion about this child"},
        rows=2,
    )
    version = VersionField()

    def __init__(self, *args: Any, becomes: str, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.button = f"Make it a {becomes}"
        if not needs_reason:
            del self.fields["added_reason"]


class WithdrawChildForm(GovukForm):
    """Why a child is withdrawn, who decided it, who of those who come only for this child stays, and what is said."""

    keeps_draft = True
    marks_optional = False
    ground = RadiosField(
        label="Why is the conference no longer about this child?",
        choices=GROUNDS,
        error_messages={"required": "Choose why it is no longer about this child"},
    )
    because = LongTextField(
        label="What happened, or what was decided?",
        error_messages={"required": "Say what happened, or what was decided"},
        help_text="Kept on record. People who are invited do not see it.",
        rows=3,
    )
    decided_by = ModelSelectField(
        User.objects.none(),
        label="Who decided it?",
        label_from=lambda user: user.name,
        help_text="The chair or a manager of the case. Leave it empty if the child has died.",
        required=False,
    )
    staying = ModelCheckboxesField(
        Participant.objects.none(),
        label="Who stays for the other children?",
        label_from=who_and_as_what,
        help_text="These people come only for this child. Everyone you leave unticked is taken off the list.",
        required=False,
    )
    told_text = LongTextField(
        label="What are the family members taken off told, in the chair’s words?",
        help_text="They know of the meeting. The words name no child, and no one who asked for anything.",
        required=False,
        rows=6,
    )
    words_agreed = forms.BooleanField(label="The chair has agreed to these words", required=False)
    version = VersionField()

    def __init__(
        self, *args: Any, name: str, deciders: Any, only_for: Any, owes_words: bool, is_chair: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.button = f"Withdraw {name}"
        self.fields["decided_by"].queryset = deciders
        self.fields["staying"].queryset = only_for
        if not only_for:
            del self.fields["staying"]
        if not owes_words:
            del self.fields["told_text"]
        if not owes_words or is_chair:
            del self.fields["words_agreed"]
