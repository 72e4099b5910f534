from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from accounts.history.registry import TablePart
from govuk.forms import Button, DateInputField, FilterForm, SelectField, TimeField

LONDON = ZoneInfo("Europe/London")


def moment_of(day: datetime.date, time: datetime.time | None = None) -> datetime.datetime:
    """Return the moment up to which history is read: the end of the day, or of the given minute, in London.

    In the hour repeated when the clocks go back it takes the second one, so that nothing that happened by then
    is left out. Raises ValidationError for a minute in the hour that the clocks skip.
    """
    tick = datetime.timedelta(microseconds=1)
    if time is None:
        after = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min, tzinfo=LONDON)
        return after.astimezone(datetime.UTC) - tick
    begins = datetime.datetime.combine(day, time, tzinfo=LONDON).replace(fold=1).astimezone(datetime.UTC)
    if begins.astimezone(LONDON).time() != time:
        raise ValidationError({"time": "There was no such time: the clocks went forward. Choose an hour later."})
    return begins + datetime.timedelta(minutes=1) - tick


class HistoryFilterForm(FilterForm):
    kind = SelectField(label="What", required=False, choices=[])
    since = DateInputField(label="From", required=False)
    until = DateInputField(label="To", required=False)

    def __init__(self, *args: Any, parts: list[TablePart], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = {part.table.key: part.table.plural for part in parts if not part.table.is_link}
        self.fields["kind"].choices = [("", "Everything"), *sorted(kinds.items(), key=lambda one: one[1])]  # type: ignore[attr-defined]
        self.parts = parts

    def clean(self) -> dict[str, Any]:
        chosen: dict[str, Any] = self.cleaned_data
        if chosen.get("since") and chosen.get("until") and chosen["until"] < chosen["since"]:
            self.add_error("until", "The last day can't be before the first.")
        return chosen

    def chosen_parts(self) -> list[TablePart]:
        """Return the parts to show; choosing a kind includes what is linked to its rows."""
        wanted = self.cleaned_data.get("kind") if self.is_valid() else ""
        if not wanted:
            return self.parts
        return [
            part for part in self.parts if part.table.key == wanted or (part.table.is_link and _parent(part) == wanted)
        ]

    def span(self) -> tuple[datetime.datetime | None, datetime.datetime | None]:
        """Return the first moment of the first day and the first moment after the last, in London."""
        if not self.is_valid():
            return None, None
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        return (
            datetime.datetime.combine(since, datetime.time.min, tzinfo=LONDON) if since else None,
            datetime.datetime.combine(until + datetime.timedelta(days=1), datetime.time.min, tzinfo=LONDON)
            if until
            else None,
        )


class MomentForm(FilterForm):
    """A day, and optionally a time, at which to see a record."""

    purpose = "Another moment"
    button = Button("Show that day", look="secondary")
    on = DateInputField(label="Day", error_messages={"required": "Enter the day you want to see"})
    time = TimeField(label="Time", required=False, help_text="Leave empty for the end of that day")

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.cancel_url = ""

    def clean(self) -> dict[str, Any]:
        chosen: dict[str, Any] = self.cleaned_data
        if chosen.get("on") and chosen["on"] > self.today:
            self.add_error("on", "This day is in the future.")
        elif chosen.get("on"):
            try:
                chosen["at"] = moment_of(chosen["on"], chosen.get("time"))
            except ValidationError as refusal:
                self.add_error("time", refusal.message_dict["time"])
        return chosen


def _parent(part: TablePart) -> str:
    """Return the key of the table whose rows a link belongs to."""
    parent = part.table.parent(part.table.link_of)
    return parent._meta.label_lower if parent else ""
