"""Measures what rendering a form costs: CPU time of this process, warm, without a database."""

from __future__ import annotations

import os
import statistics
import time
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpconf.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django import forms  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import RequestFactory  # noqa: E402

from govuk.forms import DateInputField, GovukForm, LongTextField, RadiosField, SelectField, YesNoField  # noqa: E402

ROUNDS = 200
LIMIT = 5
ANSWERS = [(str(number), f"Answer {number}") for number in range(5)]
FIELDS: dict[str, forms.Field] = {
    **{f"text_{number}": forms.CharField(label="Text", help_text="A hint") for number in range(7)},
    **{f"long_{number}": LongTextField(label="Long text") for number in range(3)},
    **{f"date_{number}": DateInputField(label="Date") for number in range(3)},
    **{f"radios_{number}": RadiosField(label="Radios", choices=ANSWERS) for number in range(3)},
    **{f"select_{number}": SelectField(label="Select", choices=ANSWERS) for number in range(2)},
    "yes": YesNoField(label="Yes or no"),
    "tick": forms.BooleanField(label="Tick"),
}
TwentyFields: Any = type("TwentyFields", (GovukForm,), dict(FIELDS))


def drawn_in(form: GovukForm) -> float:
    """Return the median milliseconds of CPU it takes to render ``form``."""
    page, request = engines["django"].from_string("{% crispy form %}"), RequestFactory().get("/")
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        page.render({"form": form}, request)
        times.append(time.process_time() - started)
    return statistics.median(times[ROUNDS // 10 :]) * 1000


if __name__ == "__main__":
    print(f"A form of {len(FIELDS)} fields, ms of CPU (at most {LIMIT})")
    print(f"  as it is first shown   {drawn_in(TwentyFields()):5.1f}")
    print(f"  with an error in each  {drawn_in(TwentyFields({})):5.1f}")
