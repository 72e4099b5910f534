"""Views of what was typed without a network on an enrolled device: taking it, and what the chair does with it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import user_of
from accounts.drafts.forms import forget
from accounts.people.selectors.devices import device_of
from conferences.services.guards import MeetingClosed
from meetings.forms.board import EntryForm
from meetings.models import LateEntry
from meetings.selectors.day_steps import TheDay
from meetings.services.late import Waited, settle_late, take_late_attendance, take_late_note
from meetings.views.attendance import MARKS
from meetings.views.board import form_facts
from meetings.views.meeting import during_the_day, meeting, tells_refusal

SECONDS_DIGITS = 7
NOT_ENROLLED = "This device may no longer send what was typed without a network."
WRONG = "This entry can’t be read. Write it again."


@require_POST
def send_late(request: HttpRequest, pk: int) -> JsonResponse:
    """Take one entry from an enrolled device; the answer tells the page what became of it.

    ``taken``, ``waits`` (for the chair), ``refused`` (with the reason in words), or ``ended`` where the device is not
    enrolled any more.
    """
    found = meeting(request, pk, to="record")

    def take(waited: Waited) -> LateEntry:
        is_attendance = request.POST.get("kind") == "attendance"
        return _attendance(request, found, waited) if is_attendance else _note(request, found, waited)

    return answer_late(request, take)


def answer_late(request: HttpRequest, take: Callable[[Waited], Any]) -> JsonResponse:
    """Take one entry as ``take`` does, and tell the page what became of it; at a conference and at a core group."""
    device = device_of(request)
    if device is None:
        return JsonResponse({"state": "ended", "words": NOT_ENROLLED}, status=404)
    try:
        late = take(
            Waited(
                once_key=str(uuid.UUID(request.POST.get("once_key", ""))),
                typed_at=timezone.now() - _ago(request.POST.get("typed_ago", "")),
                seen_key=request.POST.get("seen", "")[:32],
                device=device,
                by=user_of(request),
            )
        )
    except MeetingClosed as refusal:
        return JsonResponse({"state": "refused", "words": refusal.messages[0]})
    except ValidationError as refusal:
        return JsonResponse({"state": "refused", "words": " ".join(refusal.messages)})
    except ValueError:
        return JsonResponse({"state": "refused", "words": WRONG})
    because = getattr(late, "waits_because", "")
    return JsonResponse({"state": "waits" if because else "taken", "words": because})


def as_filled_in(form: BaseForm) -> None:
    """Raise ValidationError with what a form of a late entry refuses."""
    if not form.is_valid():
        raise ValidationError([message for messages in form.errors.values() for message in messages])


def _ago(seconds: str) -> datetime.timedelta:
    """Return how long ago it was typed: the device counts, so that a clock that is wrong does no harm."""
    if not seconds.isdecimal() or len(seconds) > SECONDS_DIGITS:
        raise ValueError(seconds)
    return datetime.timedelta(seconds=int(seconds))


def _note(request: HttpRequest, found: TheDay, waited: Waited) -> LateEntry:
    form = EntryForm(request.POST, **form_facts(found))
    as_filled_in(form)
    late = take_late_note(conference=found.conference, waited=waited, now=timezone.now(), **form.note())
    forget(request)
    return late


def _attendance(request: HttpRequest, found: TheDay, waited: Waited) -> LateEntry:
    participants = {str(row.participant.pk): row.participant for row in found.attendees}
    participant = participants.get(request.POST.get("participant", ""))
    part = next((row for row in found.parts if str(row.pk) == request.POST.get("part", "")), found.part_now)
    mark = MARKS.get(request.POST.get("mark", ""))
    if participant is None or part is None or mark is None:
        raise ValidationError(WRONG)
    version = request.POST.get("version", "")
    return take_late_attendance(
        participant=participant,
        part=part,
        presence=mark[0],
        mode=mark[1],
        version=int(version) if version.isdecimal() else 0,
        waited=waited,
        now=timezone.now(),
    )


@require_POST
@during_the_day
def settle_late_entry(request: HttpRequest, pk: int, late_pk: int) -> HttpResponse:
    """Let late attendance stand or set it aside; for the chair."""
    found = meeting(request, pk, to="chair")
    late = LateEntry.objects.filter(pk=late_pk, conference=found.conference).first()
    if late is None:
        raise Http404
    accept = request.POST.get("accept") == "1"
    tells_refusal(request, lambda: settle_late(late=late, accept=accept, by=user_of(request), now=timezone.now()))
    return redirect("meetings:attendance", pk)
