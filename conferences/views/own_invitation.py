"""What professionals of other agencies see: their own invitation, and nothing else of the conference."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import record_read, require_roles, user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_own_invitation, own_invitations
from conferences.enums import Reply
from conferences.forms import MyInvitationForm
from conferences.guest_steps import invitation_rows
from conferences.selectors.answers import asked_again, asked_again_of, reminder_of
from conferences.selectors.arrivals import own_place, own_times
from conferences.selectors.online import online_rules_for
from conferences.selectors.recording import recording_words
from conferences.services.invitations import record_reply
from conferences.services.sending import booked_sitting
from govuk.generic import form_view


def my_invitations(request: HttpRequest) -> HttpResponse:
    """List the conferences to which the user is invited as a professional."""
    user = require_roles(request)
    rows = list(own_invitations(user).select_related("conference").order_by("pk"))
    found, earlier = [(row, booked_sitting(row.conference)) for row in rows], asked_again(rows)
    invitations = [
        (row, own_times(row, sitting)[0], reminder_of(earlier[row.pk], row, sitting) if row.pk in earlier else "")
        for row, sitting in found
        if sitting is not None
    ]
    record_read(
        request,
        page="conferences:my-invitations",
        subject="Participant",
        subject_id=None,
        family_ids=[row.conference.family_id for row, _, _ in invitations],
        right="own invitation",
    )
    return render(request, "conferences/my_invitations.html", {"invitations": invitations})


def my_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a conference's date, the user's own arrival and place, and their answer."""
    participant = access_own_invitation(request, pk)
    sitting = booked_sitting(participant.conference)
    initial = {"reply": participant.reply} if participant.reply != Reply.NONE else {}
    earlier = asked_again_of(participant)
    arrives_at, ends_at = own_times(participant, sitting) if sitting else (None, None)
    return form_view(
        request,
        kept_form(request, MyInvitationForm, initial=initial),
        lambda data: record_reply(
            participant=participant, reply=data["reply"], by=user_of(request), now=timezone.now()
        ),
        success_url=reverse("conferences:my-invitation", args=[participant.pk]),
        success_message="Thank you. Your answer is recorded.",
        template_name="conferences/my_invitation.html",
        participant=participant,
        conference=participant.conference,
        arrives_at=arrives_at,
        ends_at=ends_at,
        place=own_place(participant, participant.conference, sitting) if sitting else "",
        reminder=reminder_of(earlier, participant, sitting) if earlier and sitting else "",
        online_rules=online_rules_for(participant) if sitting else [],
        recording=recording_words(participant.conference),
        rows=[row for rows in invitation_rows for row in rows(participant, timezone.now())],
    )
