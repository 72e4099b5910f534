from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError

from govuk.forms import DateInputField, GovukForm


class EndForm(GovukForm):
    button = "Save the end date"
    on = DateInputField(label="First day it is no longer true")

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["on"].initial = today

    def clean_on(self) -> datetime.date:
        on: datetime.date = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError("Enter today or an earlier day. You can only end something once it is over")
        return on
