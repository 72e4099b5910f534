from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User
from families.enums import GlassOutcome
from govuk.forms import GovukForm, Item, LongTextField, ModelCheckboxesField, ModelSelectField, RadiosField


class RestrictForm(GovukForm):
    button = "Restrict the case"
    why = LongTextField(
        label="Why may only named people open this case?",
        help_text="For example, someone in the family works for the council. Only named people can read this",
        error_messages={"required": "Say why only named people may open the case"},
    )
    named = ModelCheckboxesField(
        User.objects.none(),
        label="Who can open it?",
        label_from=lambda user: user.name,
        hint_from=lambda user: user.current_role_name,
        help_text="Choose at least one manager. You don’t need to name anyone who holds the case, "
        "chairs or coordinates its conference, or is a key worker",
        error_messages={"required": "Name at least one manager who can still open the case"},
    )

    def __init__(self, *args: Any, users: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["named"].queryset = users  # type: ignore[attr-defined]


class NameForm(GovukForm):
    button = "Name this person"
    user = ModelSelectField(User.objects.none(), label="Who can open it?", label_from=lambda user: user.name)
    why = LongTextField(
        label="Why does this person need the case?", error_messages={"required": "Say why this person needs the case"}
    )

    def __init__(self, *args: Any, users: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users  # type: ignore[attr-defined]


class ConflictForm(GovukForm):
    """Who must not open the case; users who don't manage it can only declare this for themselves."""

    button = "Declare the conflict"
    user = ModelSelectField(User.objects.none(), label="Who must not open it?", label_from=lambda user: user.name)
    why = LongTextField(
        label="What is the conflict of interest?",
        help_text="Only the case’s managers can read this. The person who is refused is not told why",
        error_messages={"required": "Say what the conflict is"},
    )

    def __init__(self, *args: Any, users: Any, me: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.me = me
        if users is None:
            del self.fields["user"]
        else:
            self.fields["user"].queryset = users  # type: ignore[attr-defined]
            self.fields["user"].initial = me.pk

    def chosen(self) -> User:
        """Return the user who must not open the case."""
        chosen: User = self.cleaned_data.get("user", self.me)
        return chosen


class FindCaseForm(GovukForm):
    button = "Find the case"
    case_number = forms.CharField(
        label="Case number",
        max_length=20,
        help_text="The whole number, such as 26-0417",
        error_messages={"required": "Enter the whole case number"},
    )


class BreakGlassForm(GovukForm):
    button = "Open the case"
    reason = LongTextField(
        label="Why do you need to open this case now?",
        help_text="Your service managers will read this today. Don’t write anyone’s name",
        error_messages={"required": "Say why you need to open this case now"},
    )


class ReviewGlassForm(GovukForm):
    button = "Record the review"
    outcome = RadiosField(
        label="What did you find?",
        choices=[Item(value, label) for value, label in GlassOutcome.choices],
        error_messages={"required": "Choose what you found"},
    )
    words = LongTextField(
        label="In your own words",
        help_text="Who you asked, what you compared, and what happens next",
        error_messages={"required": "Say what you found"},
    )
    close = forms.BooleanField(label="Close it now", required=False)

    def __init__(self, *args: Any, is_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_open:
            del self.fields["close"]
