"""Form fields shared by the families forms."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms

from families.models import Child, Person
from families.words import child_line, person_line
from govuk.forms import DateInputField, ModelCheckboxesField, ModelRadiosField


class ChildrenField(ModelCheckboxesField):
    """Checkboxes of children, each hinted with the age or expected date."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Child.objects.none(), label_from=lambda child: child.person.full_name, **kwargs)

    def offer(self, children: Any, *, on: datetime.date) -> None:
        self.queryset = children
        self.describe(self.label_from, lambda child: child_line(child, on=on), None)


def made_sure(*, required: bool = False) -> tuple[forms.CharField, DateInputField]:
    """Return the two questions that go with marking something safe: how that was made sure, and when."""
    how = forms.CharField(
        label="How did you make sure that it is safe?",
        required=required,
        max_length=200,
        help_text="For example, asked her alone at the nursery"
        + ("" if required else ". Needed for what is marked safe"),
        error_messages={"required": "Say how you made sure that it is safe"},
    )
    when = DateInputField(
        label="When did you make sure?",
        required=required,
        error_messages={"required": "Enter the day when you made sure of it"},
    )
    return how, when


class PeopleField(ModelCheckboxesField):
    """Checkboxes of people, each hinted with their age."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Person.objects.none(), label_from=lambda person: person.full_name, **kwargs)

    def offer(self, persons: Any, *, on: datetime.date) -> None:
        self.queryset = persons
        self.describe(self.label_from, lambda person: _line(person, on), None)


class PersonField(ModelRadiosField):
    """Radio buttons for one of a few people."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Person.objects.none(), label_from=lambda person: person.full_name, **kwargs)

    def offer(self, persons: Any, *, on: datetime.date) -> None:
        self.queryset = persons
        self.describe(self.label_from, lambda person: _line(person, on), None)


def _line(person: Person, on: datetime.date) -> str:
    child = getattr(person, "child", None)
    return child_line(child, on=on) if child else person_line(person, on=on)
