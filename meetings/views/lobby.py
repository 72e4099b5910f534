"""Who waits in the lobby of an online meeting: somebody says that they are who they say."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.forms.online_meeting import LobbyForm
from conferences.services.lobby import confirm_in_lobby
from govuk.generic import form_view
from meetings.selectors.attendance import sitting_of
from meetings.views.attendance import back_to
from meetings.views.meeting import during_the_day, meeting, on_the_day


@during_the_day
def let_in(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Say by whom somebody on a screen is known, or how it was made sure, before they count."""
    found = meeting(request, pk, to="record")
    row = next((one for one in found.attendees if one.participant.pk == participant_pk), None)
    sitting = sitting_of(found.conference)
    if row is None or sitting is None or not row.is_present:
        raise Http404
    here = [
        one.participant
        for one in found.attendees
        if one.is_present and not one.is_in_lobby and one.participant.person_id != row.participant.person_id
    ]
    check = row.participant.lobby_checks.filter(sitting=sitting).first()
    initial = {"known_by": check.known_by_id, "how": check.how} if check else {}
    back = back_to(pk, row.participant)
    name = row.participant.person.full_name
    return form_view(
        request,
        kept_form(request, LobbyForm, others=here, initial=initial),
        lambda data: confirm_in_lobby(
            participant=row.participant, sitting=sitting, by=user_of(request), now=timezone.now(), **data
        ),
        success_url=back,
        success_message=f"{name} is in the meeting.",
        cancel_url=back,
        template_name="meetings/let_in.html",
        draw=on_the_day(found, step="people"),
        participant=row.participant,
    )
