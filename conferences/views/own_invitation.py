"""What a professional of another agency sees: the own invitation, and nothing else of the conference."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import record_read, require_roles
from conferences.access import access_own_invitation, own_invitations
from conferences.enums import Reply
from conferences.forms import MyInvitationForm
from conferences.selectors.arrivals import own_place, own_times
from conferences.services.invitations import record_reply
from conferences.services.sending import booked_sitting
from families.views.parts import signed_in


def my_invitations(request: HttpRequest) -> HttpResponse:
    """The conferences to which the user is invited as a professional."""
    user = require_roles(request)
    rows = own_invitations(user).select_related("conference").order_by("pk")
    found = [(row, booked_sitting(row.conference)) for row in rows]
    invitations = [(row, own_times(row, sitting)[0]) for row, sitting in found if sitting is not None]
    record_read(
        request,
        page="conferences:my-invitations",
        subject="Participant",
        subject_id=None,
        family_ids=[row.conference.family_id for row, _ in invitations],
        right="own invitation",
    )
    return render(request, "conferences/my_invitations.html", {"invitations": invitations})


def my_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Date, own arrival and place of one conference, and the answer."""
    participant = access_own_invitation(request, pk)
    sitting = booked_sitting(participant.conference)
    initial = {"reply": participant.reply} if participant.reply != Reply.NONE else {}
    form = MyInvitationForm(request.POST or None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: record_reply(
                participant=participant,
                reply=form.cleaned_data["reply"],
                by=signed_in(request),
                now=timezone.now(),
            )
        )
    ):
        messages.success(request, "Thank you. Your answer is recorded.")
        return redirect("conferences:my-invitation", participant.pk)
    arrives_at, ends_at = own_times(participant, sitting) if sitting else (None, None)
    context = {
        "participant": participant,
        "conference": participant.conference,
        "arrives_at": arrives_at,
        "ends_at": ends_at,
        "place": own_place(participant, participant.conference, sitting) if sitting else "",
        "form": form,
    }
    return render(request, "conferences/my_invitation.html", context)
