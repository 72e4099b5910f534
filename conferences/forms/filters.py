"""The filter above the list of conferences."""

from __future__ import annotations

import datetime
from typing import Any

import django_filters
from django.db.models import QuerySet

from accounts.models import User
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from deadlines.working_days.arithmetic import LONDON
from govuk.forms import DateInputField, FilterForm, ModelSelectField, SelectField


class _DateFilter(django_filters.Filter):
    field_class = DateInputField


class _StatusFilter(django_filters.Filter):
    field_class = SelectField


class _ChairFilter(django_filters.Filter):
    field_class = ModelSelectField


class ConferenceFilter(django_filters.FilterSet):
    """By date (of the sitting, ``meets_at``), chair and status; all optional."""

    held_from = _DateFilter(label="From", method="from_day")
    held_until = _DateFilter(label="To", method="until_day")
    chair = _ChairFilter(
        label="Chair",
        queryset=User.objects.none(),
        field_name="chair",
        empty_label="All chairs",
        label_from=lambda user: user.name,
    )
    status = _StatusFilter(
        label="State", field_name="status", choices=ConferenceStatus.choices, empty_label="All states"
    )

    class Meta:
        model = Conference
        form = FilterForm
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, chairs: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["chair"].queryset = chairs

    def from_day(self, rows: Any, _name: str, day: datetime.date) -> Any:
        start = datetime.datetime.combine(day, datetime.time.min, tzinfo=LONDON)
        return rows.filter(meets_at__gte=start)

    def until_day(self, rows: Any, _name: str, day: datetime.date) -> Any:
        end = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min, tzinfo=LONDON)
        return rows.filter(meets_at__lt=end)
