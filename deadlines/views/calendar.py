"""The working days of a council: which days are off, one more, one taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import user_of
from deadlines import services
from deadlines.access import access_closed_day, access_procedures
from deadlines.calendar_forms import COUNCIL, CloseDayForm, TakeBackForm, YearForm
from deadlines.selectors.calendar import calendar_health, days_off, days_taken_back, moved_by, years_known
from govuk import words


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """What an administrator may set."""
    access_procedures(request)
    return render(request, "deadlines/settings.html")


@require_safe
def working_days(request: HttpRequest) -> HttpResponse:
    """The days of one year on which nobody works."""
    authority = access_procedures(request)
    years = years_known(authority)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else timezone.localdate().year
    page = {
        "form": YearForm(initial={"year": str(year)}, years=years),
        "year": year,
        "days": days_off(authority, year=year),
        "taken_back": days_taken_back(authority, year=year),
        "health": calendar_health(timezone.now()),
    }
    return render(request, "deadlines/working_days.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def close_day(request: HttpRequest) -> HttpResponse:
    """Add a day without work, once the person has seen what it moves."""
    authority = access_procedures(request)
    form = CloseDayForm(request.POST or None, initial={"whose": COUNCIL})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        what = {
            "authority": authority if given["whose"] == COUNCIL else None,
            "day": given["day"],
            "name": given["name"],
            "now": timezone.now(),
        }
        moved: list[int] = []
        if "confirmed" not in request.POST:
            if form.accepts(lambda: moved.append(moved_by(**what))):
                return render(
                    request, "deadlines/check_close_day.html", {"form": form, "moved": moved[0], **what}
                )
        elif form.accepts(lambda: services.add_closed_day(by=user_of(request), **what)):
            messages.success(request, f"{words.long_date(given['day'])} is a day without work now.")
            return redirect("deadlines:working-days")
    return render(request, "deadlines/close_day.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def take_back_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an added day a working day again."""
    day = access_closed_day(request, pk)
    if day.withdrawn_at is not None:
        return redirect("deadlines:working-days")
    form = TakeBackForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: services.withdraw_closed_day(
                closed_day=day, why=form.cleaned_data["why"], by=user_of(request), now=timezone.now()
            )
        )
    ):
        messages.success(request, f"{words.long_date(day.day)} is a working day again.")
        return redirect("deadlines:working-days")
    return render(request, "deadlines/take_back_day.html", {"form": form, "day": day})
