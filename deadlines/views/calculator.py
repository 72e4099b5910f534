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
    """Calculate dates for anyone, signed in or not. Asks for nothing that names a person, and stores nothing."""
    form = CalculatorForm(request.GET if "happened" in request.GET else None)
    found: list[Calculation] = []
    if form.is_bound and form.is_valid():
        form.accepts(lambda: found.append(calculation(calendar=england(), **form.cleaned_data)))
    return render(
        request,
        "deadlines/calculate_dates.html",
        {"form": form, "calculation": found[0] if found else None, "link": _address_of(form) if found else ""},
    )


def _address_of(form: CalculatorForm) -> str:
    """Return the shortest URL of a result: its answers, with each date in one parameter."""
    return f"?{urlencode({name: value for name, value in form.cleaned_data.items() if value})}"
