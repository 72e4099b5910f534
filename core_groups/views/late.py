"""Taking what was typed at a core group without a network on an enrolled device."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.drafts.forms import forget
from core_groups.forms.recording import MeetingNoteForm
from core_groups.models import LateNote
from core_groups.services.late import take_late_meeting_note
from core_groups.views.recording import open_record, persons_around
from meetings.services.late import Waited
from meetings.views.late import answer_late, as_filled_in


@require_POST
def send_late(request: HttpRequest, pk: int, meeting_pk: int) -> JsonResponse:
    """Take one note from an enrolled device; rights and state of the record are asked again."""
    record = open_record(request, pk, meeting_pk)

    def take(waited: Waited) -> LateNote:
        form = MeetingNoteForm(request.POST, record=record, persons=persons_around(record))
        as_filled_in(form)
        late = take_late_meeting_note(meeting=record.meeting, waited=waited, now=timezone.now(), **form.note())
        forget(request)
        return late

    return answer_late(request, take)
