"""Form fields for dates and times: input is understood where possible, and kept where not."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from govuk.search_terms import DASHES
from govuk.words import DAYS, MONTHS

_NUMBER = re.compile(r"^\d{1,4}$")
_DAY = re.compile(r"^(\d{1,4})(?:st|nd|rd|th)?$", re.IGNORECASE)


WEEKDAYS = tuple(name[:3] for name in DAYS)


_MONTHS = {name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)}


PARTS = ("day", "month", "year")


EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


LAST_DAY, LAST_MONTH = 31, 12


NOON, LAST_HOUR, LAST_MINUTE = 12, 23, 59


class DateInput(forms.MultiWidget):
    """Day, month and year in three boxes named ``<name>_day``, ``<name>_month``, ``<name>_year``.

    A whole date in one box ("5 1 2027", "5 January 2027") or under the plain name ("2027-01-05", as in a link)
    is split into the three.
    """

    kind = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(dict.fromkeys(PARTS, forms.TextInput), attrs)

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, datetime.datetime):
            value = value.date()
        if isinstance(value, datetime.date):
            return [value.day, value.month, value.year]
        if isinstance(value, str) and value:
            return _apart(value)
        return [None, None, None]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:  # noqa: ARG002 Django's own
        boxes = [(data.get(f"{name}_{part}") or "").strip() for part in PARTS]
        if not any(boxes) and data.get(name):
            return _apart(str(data.get(name)))
        if boxes[0] and not boxes[1] and not boxes[2]:
            return _apart(boxes[0])
        return boxes

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002 Django's own
        return name not in data and all(f"{name}_{part}" not in data for part in PARTS)


def _apart(written: str) -> list[str]:
    """Split a date written in one go into day, month and year; all of it as the day when unclear."""
    written = written.strip()
    if iso := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", written):
        return [iso[3].lstrip("0"), iso[2].lstrip("0"), iso[1]]
    found = [part for part in re.split(rf"[{DASHES}\s/.,]+", written) if part and part.lower() != "of"]
    if found and found[0][:3].capitalize() in WEEKDAYS:
        found = found[1:]
    return found if len(found) == len(PARTS) else [written, "", ""]


class DateInputField(forms.Field):
    """A date from three boxes. Errors list the wrong parts in ``params["parts"]``."""

    widget = DateInput
    default_error_messages = {"required": "Enter the date"}

    def to_python(self, value: Any) -> datetime.date | None:
        if isinstance(value, datetime.date) or value is None:
            return value
        boxes = dict(zip(PARTS, value, strict=True))
        if not any(boxes.values()):
            return None
        missing = [part for part, written in boxes.items() if not written]
        if missing:
            words = " and ".join(missing)
            raise ValidationError(f"The date needs a {words}", code="incomplete", params={"parts": missing})
        written = _DAY.match(boxes["day"])
        day = int(written[1]) if written else 0
        month = _month(boxes["month"])
        year = boxes["year"]
        if not day or day > LAST_DAY:
            raise self._wrong("Write the day as a number from 1 to 31", "day")
        if not month:
            raise self._wrong("Write the month as a number from 1 to 12, or as its name", "month")
        if not re.fullmatch(r"\d{4}", year) or not EARLIEST_YEAR <= int(year) <= LATEST_YEAR:
            raise self._wrong("Write the year with four numbers, such as 2027", "year")
        try:
            return datetime.date(int(year), month, day)
        except ValueError:
            raise self._wrong(f"{MONTHS[month - 1]} {year} has no day {day}", "day") from None

    @staticmethod
    def _wrong(message: str, part: str) -> ValidationError:
        return ValidationError(message, code="invalid", params={"parts": [part]})

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != (self.to_python(initial) if initial else None)
        except ValidationError:
            return True


class OneBoxDateField(DateInputField):
    """A date typed into one box, for tables with a date in each row: 14 5 2015, 14/5/2015, 14 May 2015."""

    widget: Any = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:  # noqa: ARG002 Django's own
        return {"class": "govuk-input--width-10"}

    def prepare_value(self, value: Any) -> Any:
        return f"{value.day} {value.month} {value.year}" if isinstance(value, datetime.date) else value

    def to_python(self, value: Any) -> datetime.date | None:
        if isinstance(value, datetime.date) or value is None:
            return value
        written = str(value).strip()
        parts = _apart(written) if written else ["", "", ""]
        if written and not all(parts):
            raise ValidationError("Write day, month and year, such as 14 5 2015", code="invalid")
        return super().to_python(parts)


def _month(written: str) -> int:
    if _NUMBER.match(written):
        return int(written) if 1 <= int(written) <= LAST_MONTH else 0
    letters = written.lower().rstrip(".")
    number = _MONTHS.get(letters[:3], 0)
    return number if number and (letters == "sept" or MONTHS[number - 1].lower().startswith(letters)) else 0


_TIME = re.compile(r"^(\d{1,2})(?:[:.\s]?(\d{2}))?\s*(am|pm|noon|midday)?$")


class TimeField(forms.Field):
    """A time of day as people write it: 10:00, 9.30, 1430, 2pm, 2.15 pm."""

    widget = forms.TextInput
    default_error_messages = {
        "required": "Enter the time, such as 10:00 or 2pm",
        "invalid": "Write the time like 10:00, 9.30 or 2pm",
        "unclear": "Say whether it is morning or afternoon, such as 10:00, 9am or 2pm",
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:  # noqa: ARG002 Django's own
        return {"class": "govuk-input--width-5"}

    def prepare_value(self, value: Any) -> Any:
        return f"{value.hour}:{value.minute:02d}" if isinstance(value, datetime.time) else value

    def to_python(self, value: Any) -> datetime.time | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime.time):
            return value
        written = re.sub(r"\s*([ap])\.?\s?m\.?$", r"\1m", str(value).strip().lower())
        if written in ("noon", "midday"):
            return datetime.time(12)
        if written == "midnight":
            return datetime.time(0)
        match = _TIME.match(written)
        if not match:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
        if match[2] is None and half is None:
            raise ValidationError(self.error_messages["unclear"], code="unclear")
        if half in ("am", "pm"):
            if not 1 <= hour <= NOON:
                raise ValidationError(self.error_messages["invalid"], code="invalid")
            hour = hour % NOON + (NOON if half == "pm" else 0)
        if hour > LAST_HOUR or minute > LAST_MINUTE:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return datetime.time(hour, minute)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class DateTimeInput(forms.MultiWidget):
    """Date and time of one moment. ``held_at`` posts ``held_on_day`` and so on, and ``held_time``."""

    kind = "datetime"

    def __init__(self, attrs: dict[str, Any] | None = None, *, date: str = "", time: str = "") -> None:
        super().__init__({"date": DateInput, "time": forms.TextInput}, attrs)
        self.own_names = (date, time)

    def names(self, name: str) -> tuple[str, str]:
        """Return the names under which date and time of the field ``name`` are posted."""
        prefix, dash, own = name.rpartition("-")
        stem = own.removesuffix("_at")
        date, time = self.own_names
        return f"{prefix}{dash}{date or f'{stem}_on'}", f"{prefix}{dash}{time or f'{stem}_time'}"

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, datetime.datetime):
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            return [DateInput().decompress(local.date()), f"{local.hour}:{local.minute:02d}"]
        return [[None, None, None], None]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        date, time = self.names(name)
        return [DateInput().value_from_datadict(data, files, date), (data.get(time) or "").strip()]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        date, time = self.names(name)
        return time not in data and DateInput().value_omitted_from_data(data, files, date)


class DateTimeField(forms.Field):
    """An aware local moment, from a date in three boxes and a time as people write it.

    ``date`` and ``time`` are the posted names where they aren't derived from the field's own.
    """

    widget = DateTimeInput
    default_error_messages = DateInputField.default_error_messages

    def __init__(
        self,
        *,
        date: str = "",
        time: str = "",
        time_label: str = "At what time?",
        time_help_text: str = "For example, 14:00 or 2pm",
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("widget", DateTimeInput(date=date, time=time))
        super().__init__(**kwargs)
        self.time_label = time_label
        self.time_help_text = time_help_text

    def clean(self, value: Any) -> datetime.datetime | None:
        if isinstance(value, datetime.datetime) or value is None:
            return super().clean(value)
        written_date, written_time = value
        problems: list[ValidationError] = []
        date = self._part(DateInputField(required=False), written_date, problems)
        time = self._part(TimeField(required=False), written_time, problems)
        empty = not any(written_date) and not written_time
        if self.required or not empty:
            if not any(written_date):
                problems.insert(0, self._missing(self.error_messages["required"], PARTS[0]))
            if not written_time:
                message = self.error_messages.get("time_required", f"Fill in “{self.time_label}”")
                problems.append(self._missing(message, "time"))
        if problems:
            raise ValidationError(problems)
        if date is None or time is None:
            return None
        return datetime.datetime.combine(date, time, tzinfo=timezone.get_current_timezone())

    @staticmethod
    def _missing(message: Any, part: str) -> ValidationError:
        return ValidationError(message, code="required", params={"parts": PARTS if part == PARTS[0] else [part]})

    @staticmethod
    def _part(field: forms.Field, written: Any, problems: list[ValidationError]) -> Any:
        try:
            return field.clean(written)
        except ValidationError as wrong:
            for error in wrong.error_list:
                error.params = error.params or {"parts": ["time"]}
            problems.extend(wrong.error_list)
        return None

    def has_changed(self, initial: Any, data: Any) -> bool:
        if initial is not None and not isinstance(initial, list):
            initial = DateTimeInput().decompress(initial)
        before = initial or [[None, None, None], None]
        return [str(part or "") for part in (*before[0], before[1])] != [*data[0], data[1]]
