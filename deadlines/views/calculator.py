from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from deadlines.forms.calculator import CalculatorForm
from deadlines.selectors.calculation import Calculation, calculation
from deadlines.working_days.calendars import england


@require_safe
def calculate_dates(request: HttpRequest) -> HttpResponse:
    """Work out dates for anybody, signed in or not. Nothing is asked that names a person, and nothing is kept."""
    form = CalculatorForm(request.GET if "happened" in request.GET else None)
    found: list[Calculation] = []
    if form.is_bound and form.is_valid():
        form.accepts(lambda: found.append(calculation(calendar=england(), **form.cleaned_data)))
    return render(
        request,
        "deadlines/calculate_dates.html",
        {
            "form": form,
            "calculation": found[0] if found else None,
            "link": _address_of(form) if found else "",
        },
    )


def _address_of(form: CalculatorForm) -> str:
    """The shortest address of a result: its answers, each date in one word."""
    return f"?{urlencode({name: value for name, value in form.cleaned_data.items() if value})}"
