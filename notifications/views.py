from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignInRequired, record_read, require_roles, user_of
from accounts.enums import ReadKind, Role
from govuk.lists import paginate
from notifications import selectors
from notifications.access import OUTBOX_ROLES, access_message, hide_addresses
from notifications.forms import OutboxFilterForm
from notifications.models import Notice
from notifications.services import outbox
from notifications.services.at_sending import holds_secret


@require_GET
def list_messages(request: HttpRequest) -> HttpResponse:
    """List the council's messages, sent or not."""
    user = require_roles(request, *OUTBOX_ROLES)
    form = OutboxFilterForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    page = paginate(request, selectors.outbox(user=user, state=state))
    hide_addresses(list(page))
    record_read(
        request,
        page="notifications:outbox",
        subject="Message",
        subject_id=None,
        family_ids=[message.family_id for message in page if message.family_id],
        person_ids=[message.person_id for message in page if message.person_id],
    )
    counts = selectors.outbox_counts(user=user)
    return render(
        request,
        "notifications/outbox.html",
        {"form": form, "page": page, "counts": counts, "sees_health": user.holds(Role.SERVICE_MANAGER)},
    )


@require_GET
def see_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one message as its recipient reads it; the text about staff's own work only to themselves."""
    message = access_message(request, pk, to="see-message")
    hide_addresses([message])
    keeps_words = message.is_of_own_work and message.user_id != user_of(request).pk
    context = {
        "message": message,
        "heading": message.get_kind_display() if keeps_words else message.subject,
        "keeps_words": keeps_words,
        "holds_secret": holds_secret(message),
    }
    return render(request, "notifications/see_message.html", context)


@require_GET
def download_calendar_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Download the calendar file that goes with a message."""
    message = access_message(request, pk, to="download-calendar-file", kind=ReadKind.EXPORT)
    if not message.calendar_file:
        raise Http404
    response = HttpResponse(message.calendar_file, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="message-{message.pk}.ics"'
    return response


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Retry a message that could not be sent."""
    message = access_message(request, pk, to="send-again")
    try:
        outbox.send_again(message=message, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "The message is waiting to be sent again.")
    return redirect("notifications:see-message", pk=message.pk)


@require_POST
def acknowledge_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Acknowledge one of the user's own notices."""
    if not request.user.is_authenticated:
        raise SignInRequired
    notice = Notice.objects.filter(user=request.user, pk=pk).first()
    if notice is None:
        raise Http404
    outbox.acknowledge_notice(notice=notice, now=timezone.now())
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}) else "/")
