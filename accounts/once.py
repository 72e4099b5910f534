"""A form that is sent twice is acted on once.

Two clicks, an impatient second tap, "Send again?" after a reload, Back and once more: the browser sends the same
words from the same page. Each page that is drawn holds a token of its own in each of its forms (Django masks the
CSRF token anew for every response), which therefore tells one page from the next. The answer to a form that led on
is noted under that token, and the same content from the same page is led to the same place without being acted on.

Something else typed on the same page is a new form, and so is the same content from a page that was drawn afresh. What
was refused leaves no note: it may be sent again.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import SentForm

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the name of a field)
# Signing in, out and proving oneself again keep their own count, and lead on without having acted on a form.
OF_SIGNING_IN = "/account/"
KEPT_FOR = datetime.timedelta(days=1)
# Two forms whose key has the same first 63 bits would wait for each other, and nothing else.
LOCK_BITS = 63


@dataclass(frozen=True)
class Sending:
    """One form being sent: the key of its page, and that of its content."""

    page: str
    content: str

    @property
    def lock(self) -> int:
        """Return the number under which the same page's forms wait for each other."""
        return int(self.page, 16) >> (256 - LOCK_BITS)


class OnceMiddleware:
    """Answers a repeated form as it was answered the first time; of two at the same moment, the second waits.

    Runs after the user or guest is known, and inside the check of the token.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.sending = None  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
            sending: Sending | None = request.sending  # type: ignore[attr-defined]
            if sending and _led_on(request, response):
                _note(sending, response["Location"], now=timezone.now())
            return response
        finally:
            if request.sending:  # type: ignore[attr-defined]
                _unlock(request.sending)  # type: ignore[attr-defined]

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponseBase | None:
        if request.method != "POST" or request.path.startswith(OF_SIGNING_IN) or not request.POST.get(TOKEN):
            return None
        sending = sending_of(request)
        _lock(sending)
        request.sending = sending  # type: ignore[attr-defined]
        before = SentForm.objects.filter(page=sending.page, content=sending.content).first()
        if before is None:
            return None
        return HttpResponseRedirect(before.led_to)


def sending_of(request: HttpRequest) -> Sending:
    """Return the keys of a posted form: the same for the same content from the same page by the same person."""
    guest = getattr(request, "guest", None)
    who = f"guest {guest.session.pk}" if guest else f"user {request.user.pk}"
    page = "\0".join((request.POST[TOKEN], request.get_full_path(), who))
    content = hashlib.sha256()
    for name, values in sorted(request.POST.lists()):
        content.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            content.update(repr((name, file.name, file.size)).encode() + _digest(file))
    return Sending(page=_keyed(page), content=_keyed(content.hexdigest()))


def clear_old(*, now: datetime.datetime) -> int:
    """Remove notes of forms that were sent more than a day ago and return their number."""
    removed, _ = SentForm.objects.filter(at__lte=now - KEPT_FOR).delete()
    return removed


def _digest(file: UploadedFile) -> bytes:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.digest()


def _keyed(text: str) -> str:
    return salted_hmac("accounts.once", text, algorithm="sha256").hexdigest()


def _led_on(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Return whether a form was accepted: it leads on, neither to sign in first nor with a refusal."""
    if response.status_code not in {302, 303} or response["Location"].startswith(OF_SIGNING_IN):
        return False
    if getattr(request, "holds_draft", False):
        return False
    told = getattr(messages.get_messages(request), "_queued_messages", [])
    return not any(message.level >= messages.ERROR for message in told)


def _note(sending: Sending, led_to: str, *, now: datetime.datetime) -> None:
    SentForm.objects.bulk_create(
        [SentForm(page=sending.page, content=sending.content, led_to=led_to, at=now)],
        update_conflicts=True,
        unique_fields=["page"],
        update_fields=["content", "led_to", "at"],
    )


def _lock(sending: Sending) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [sending.lock])


def _unlock(sending: Sending) -> None:
    """Let the next one in; a connection that broke off has let it in already."""
    if connection.connection is None or connection.connection.closed or connection.needs_rollback:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [sending.lock])
