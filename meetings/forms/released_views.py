from __future__ import annotations

from typing import Any

from deadlines.policies import Policy
from families.models import Person
from govuk.forms import ModelCheckboxesField, SelectField
from meetings.forms.on_the_day import OnTheDay, children_field


class ViewsForBoardForm(OnTheDay):
    """Under which heading released words of My Views stand, and about whom; the words are as they were said."""

    button = "Put it on the board"
    heading = SelectField(label="Heading")
    children = children_field()
    private_to = ModelCheckboxesField(
        Person.objects.none(),
        label="It includes private information about",
        help_text="Other people’s copies of the minutes will leave it out. The room’s screen shows no private note.",
        required=False,
        label_from=lambda person: person.full_name,
    )

    def __init__(self, *args: Any, policy: Policy, persons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heading"].set_choices([(row.key, row.label) for row in policy.framework.headings])
        self.fields["private_to"].queryset = persons
