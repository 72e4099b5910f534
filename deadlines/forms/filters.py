"""Filters for the pages about work and timeliness; all fields are optional, and all are sent as GET."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from govuk.forms import FilterForm, SelectField

Choices = Iterable[tuple[str, str]]


class WorkFilterForm(FilterForm):
    kind = SelectField(label="Show", required=False, empty_label="Everything")

    def __init__(self, *args: Any, kinds: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].set_choices(kinds)  # type: ignore[attr-defined]


class TeamFilterForm(FilterForm):
    """``teams`` are those the user may view; with only one there is nothing to choose."""

    team = SelectField(label="Team", required=False, empty_label="My first team")
    person = SelectField(label="Who is responsible", required=False, empty_label="Everyone")
    kind = SelectField(label="Kind", required=False, empty_label="Every kind")

    def __init__(
        self, *args: Any, teams: list[tuple[str, str]], people: Choices, kinds: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].set_choices(people)  # type: ignore[attr-defined]
        self.fields["kind"].set_choices(kinds)  # type: ignore[attr-defined]
        if len(teams) > 1:
            self.fields["team"].choices = teams  # type: ignore[attr-defined]
        else:
            del self.fields["team"]


class CouncilFilterForm(FilterForm):
    """``councils`` are those whose service the user manages; with only one there is nothing to choose."""

    council = SelectField(label="Council", required=False)
    period = SelectField(label="Period", required=False)
    team = SelectField(label="Team", required=False, empty_label="All teams")
    kind = SelectField(label="Time limit", required=False)
    closures = SelectField(label="Closure days", required=False)

    def __init__(
        self,
        *args: Any,
        councils: list[tuple[str, str]],
        periods: list[tuple[str, str]],
        teams: Choices,
        kinds: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["period"].choices = periods
        fields["team"].set_choices(teams)
        fields["kind"].choices = kinds
        fields["closures"].choices = CLOSURES
        if len(councils) > 1:
            fields["council"].choices = councils
        else:
            del fields["council"]


CLOSURES = [("", "As the council counts them"), ("england", "As working days, like England")]
