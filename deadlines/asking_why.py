"""Asks why something was late on the page that follows the late act, of who may say it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.contrib import messages
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from accounts.access import user_of
from deadlines.models import Deadline, LateCause
from deadlines.selectors.late_causes import may_explain
from deadlines.selectors.rows import title_of
from deadlines.services.ledger import written_meanwhile
from govuk import words

# More than these are led to together, on the list of what the reader decides.
NAMED_ONE_BY_ONE = 3
GOES_ON = (302, 303)


class AskWhyLateMiddleware:
    """After an act that met a time limit late, the next page says so and leads to where its cause is written.

    Nothing waits for the answer: until it is given it stands in “For you to decide”.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST":
            return self.get_response(request)
        with written_meanwhile() as written:
            response = self.get_response(request)
        if written and response.status_code in GOES_ON and request.user.is_authenticated:
            ask_why(request, written)
        return response


def ask_why(request: HttpRequest, written: Collection[int]) -> None:
    """Say which of these deadlines were met late and lack a cause that the user may give, and where to give it."""
    user, now = user_of(request), timezone.now()
    said = LateCause.objects.filter(deadline=OuterRef("pk"), replaced_at__isnull=True)
    rows = Deadline.objects.filter(~Exists(said), pk__in=written, not_needed="", met_at__gte=F("late_from"))
    late = [row for row in rows.order_by("late_from", "pk") if may_explain(user, row, now=now)]
    # What is explained by the same words is led to together.
    together = list({(row.family_id, row.kind, row.conference_id): row for row in reversed(late)}.values())[::-1]
    if len(together) > NAMED_ONE_BY_ONE:
        where = reverse("deadlines:to-decide")
        messages.warning(request, _asked(f"{words.count(len(late), 'time limit')} were missed with this.", where))
    elif late:
        said_of_each = (
            (_asked(f"Late: {_named(row)}.", reverse("deadlines:late-cause", args=[row.pk])),) for row in together
        )
        messages.warning(request, format_html_join(" ", "{}", said_of_each))


def _named(row: Deadline) -> str:
    title = title_of(row.kind)
    return f"{title}, {row.what}" if row.what else title


def _asked(sentence: str, where: str) -> str:
    return format_html('{} <a class="govuk-notification-banner__link" href="{}">Say why</a>', sentence, where)
