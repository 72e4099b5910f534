"""Members who have to be told of a meeting by post, by telephone or in person: the list, and who told them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.enums import TellingOutcome
from conferences.forms.telling import TellingForm, WrongEntryForm
from core_groups.access import access_core_group
from core_groups.models import CoreGroup, CoreGroupMeeting, MemberTelling
from core_groups.selectors.to_tell import members_to_tell, tellings_of
from core_groups.services.to_tell import record_member_telling, take_back_member_telling
from govuk.generic import form_view


def _list_of(group: CoreGroup, meeting: CoreGroupMeeting) -> str:
    return reverse("core_groups:to-tell", args=[group.pk, meeting.pk])


def to_tell(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """List who has to be told what, in which words and how it is safe, and who told whom so far."""
    group = access_core_group(request, pk, to="plan")
    meeting = get_object_or_404(CoreGroupMeeting.objects.select_related("core_group"), core_group=group, pk=meeting_pk)
    tellings = [
        (entry, reverse("core_groups:take-back-telling", args=[pk, meeting.pk, entry.pk]))
        for entry in tellings_of(meeting)
    ]
    rows = members_to_tell(meeting, on=timezone.localdate())
    context = {"group": group, "meeting": meeting, "rows": rows, "tellings": tellings}
    return render(request, "core_groups/to_tell.html", context)


def record_telling(request: HttpRequest, pk: int, meeting_pk: int, to_tell_pk: int) -> HttpResponse:
    """Say who told a member, when and how, or that they could not be reached."""
    group = access_core_group(request, pk, to="plan")
    meeting = get_object_or_404(CoreGroupMeeting.objects.select_related("core_group"), core_group=group, pk=meeting_pk)
    row = get_object_or_404(meeting.to_tell.select_related("member__person"), pk=to_tell_pk)
    now = timezone.now()
    shown = next((one for one in members_to_tell(meeting, on=timezone.localdate(now)) if one.to_tell == row), None)
    if shown is None and request.method != "POST":
        raise Http404
    return form_view(
        request,
        kept_form(request, TellingForm, initial={"at": timezone.localtime(now)}),
        lambda data: record_member_telling(to_tell=row, by=user_of(request), now=timezone.now(), **data),
        success_url=_list_of(group, meeting),
        success_message=_what_follows,
        cancel_url=_list_of(group, meeting),
        template_name="core_groups/tell.html",
        group=group,
        meeting=meeting,
        row=shown,
        to_tell=row,
    )


def take_back_telling(request: HttpRequest, pk: int, meeting_pk: int, telling_pk: int) -> HttpResponse:
    """Take back a wrong entry, with the reason."""
    group = access_core_group(request, pk, to="plan")
    meeting = get_object_or_404(CoreGroupMeeting, core_group=group, pk=meeting_pk)
    telling = get_object_or_404(tellings_of(meeting), pk=telling_pk, taken_back_at__isnull=True)
    return form_view(
        request,
        kept_form(request, WrongEntryForm),
        lambda data: take_back_member_telling(telling=telling, by=user_of(request), now=timezone.now(), **data),
        success_url=_list_of(group, meeting),
        success_message="The entry is taken back. It stays in the record, with your reason.",
        cancel_url=_list_of(group, meeting),
        template_name="core_groups/form_page.html",
        group=group,
        title=f"Take back what is recorded about {telling.to_tell.person.full_name}",
    )


def _what_follows(entry: MemberTelling) -> str:
    if entry.outcome == TellingOutcome.NOT_REACHED:
        return "What was tried is recorded. They still have to be told."
    return "It is recorded that they were told."
