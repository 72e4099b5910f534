"""A council's working days: list, add and withdraw closed days."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.models import Authority
from deadlines import services
from deadlines.access import access_closed_day, access_procedures, administers_every_council
from deadlines.forms.calendar import COUNCIL, CloseDayForm, ConfirmClosedDayForm, TakeBackForm, YearForm
from deadlines.selectors.calendar import calendar_health, days_off, days_taken_back, moved_by, years_known
from govuk import words
from govuk.generic import form_view


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Show what an administrator may set."""
    access_procedures(request)
    return render(request, "deadlines/settings.html")


@require_safe
def working_days(request: HttpRequest) -> HttpResponse:
    """Show the days of one year that are not worked."""
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
        "for_england": administers_every_council(user_of(request)),
    }
    return render(request, "deadlines/working_days.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def close_day(request: HttpRequest) -> HttpResponse:
    """Add a non-working day, once the user has seen what it moves."""
    authority = access_procedures(request)
    for_england = administers_every_council(user_of(request))
    form = kept_form(request, CloseDayForm, initial={"whose": COUNCIL}, for_england=for_england)
    moved: list[int] = []
    if "confirmed" not in request.POST:
        form.cancel_url = reverse("deadlines:working-days")
        if request.method == "POST" and form.is_valid():
            what = _closed(authority, form.cleaned_data)
            if form.accepts(lambda: moved.append(moved_by(**what))):
                confirm = ConfirmClosedDayForm(initial=form.cleaned_data)
                confirm.cancel_url = form.cancel_url
                page = {"form": confirm, "moved": moved[0], **what}
                return render(request, "deadlines/check_close_day.html", page)
        return render(request, "deadlines/close_day.html", {"form": form})
    return form_view(
        request,
        form,
        lambda data: services.add_closed_day(by=user_of(request), **_closed(authority, data)),
        success_url=reverse("deadlines:working-days"),
        success_message=lambda _: f"{words.long_date(form.cleaned_data['day'])} is now a non-working day.",
        cancel_url=reverse("deadlines:working-days"),
        template_name="deadlines/close_day.html",
    )


def _closed(authority: Authority, given: dict[str, Any]) -> dict[str, Any]:
    return {
        "authority": authority if given["whose"] == COUNCIL else None,
        "day": given["day"],
        "name": given["name"],
        "now": timezone.now(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def take_back_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an added day a working day again."""
    day = access_closed_day(request, pk)
    if day.withdrawn_at is not None:
        return redirect("deadlines:working-days")
    return form_view(
        request,
        kept_form(request, TakeBackForm),
        lambda data: services.withdraw_closed_day(closed_day=day, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("deadlines:working-days"),
        success_message=f"{words.long_date(day.day)} is a working day again.",
        cancel_url=reverse("deadlines:working-days"),
        template_name="deadlines/take_back_day.html",
        day=day,
    )
