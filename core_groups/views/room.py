"""The rules of the day at a core group: who comes late, leaves or is removed, who came as well, statements, breaks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.services.guards import EditedMeanwhile
from core_groups.access import may_still_record
from core_groups.forms.seats import AlsoThereForm, SeatForm, time_of
from core_groups.models import AlsoThere, MeetingAttendance, SeparateSitting
from core_groups.selectors.leading import leads
from core_groups.selectors.recording import TheRecord, attendance_of
from core_groups.selectors.room import about_observer, is_observer, sittings_of
from core_groups.selectors.rounds import rounds_read
from core_groups.services.rules_of_day import (
    begin_meeting_break,
    end_meeting_break,
    record_answers_about_observer,
    record_statements,
)
from core_groups.services.seats import (
    Came,
    add_also_there,
    change_also_there,
    let_member_back_in,
    record_seat,
    remove_member_from_meeting,
)
from core_groups.views.recording import draw_record, meeting_url, open_record
from families.selectors import agencies_in_directory
from govuk.forms import ReasonForm
from govuk.generic import form_view
from meetings.enums import Statement
from meetings.forms.rules_of_day import ObserverForm
from meetings.selectors.newcomers import people_around
from meetings.selectors.rules_of_day import statements_of
from meetings.views.meeting import replaced_knowingly, tells_refusal, who_changed

JUST_RECORDED = "has just recorded this person. Check what is recorded, or submit yours again to replace it."


def _sittings_read(record: TheRecord) -> list[SeparateSitting | None]:
    _, sittings = rounds_read(record)
    return sittings


def _sitting(record: TheRecord, number: int) -> SeparateSitting | None:
    """Return a sitting that the user reads by what stands in the address; 0 is the meeting of the others."""
    for one in _sittings_read(record):
        if (one.pk if one else 0) == number:
            return one
    raise Http404


def _lead(request: HttpRequest, pk: int, meeting_pk: int) -> TheRecord:
    record = open_record(request, pk, meeting_pk)
    if not leads(user_of(request), record.meeting):
        raise Http404
    return record


def _seat(record: TheRecord, seat_pk: int) -> MeetingAttendance:
    """Return the seat as it stands now; the address may be that of an earlier row."""
    row = get_object_or_404(MeetingAttendance, pk=seat_pk, meeting=record.meeting)
    read = {one.pk if one else None for one in _sittings_read(record)}
    seats = attendance_of(record.meeting)
    found = next((one for one in seats if (one.member_id, one.sitting_id) == (row.member_id, row.sitting_id)), None)
    if found is None or found.sitting_id not in read:
        raise Http404
    found.meeting = record.meeting
    return found


def change_seat(request: HttpRequest, pk: int, meeting_pk: int, seat_pk: int) -> HttpResponse:
    """Edit when one member came and left, and how they took part."""
    record = open_record(request, pk, meeting_pk)
    seat = _seat(record, seat_pk)
    if seat.presence == "removed":
        return redirect(meeting_url(record, anchor="came"))
    form = kept_form(
        request,
        SeatForm,
        meeting=record.meeting,
        sitting=seat.sitting,
        may_stay_away=seat.sitting_id is None,
        initial={
            "presence": seat.presence,
            "mode": seat.mode,
            "arrived": time_of(seat.arrived_at),
            "left": time_of(seat.left_at),
            "note": seat.note,
            "version": seat.pk,
        },
    )

    def save(data: dict[str, Any]) -> object:
        seen = MeetingAttendance.objects.filter(
            pk=data["version"] or seat.pk, meeting=record.meeting, member=seat.member_id, sitting=seat.sitting_id
        ).first()
        try:
            return record_seat(seat=seen or seat, came=form.came(), by=user_of(request), now=timezone.now())
        except EditedMeanwhile as refusal:
            form.data["version"] = str(refusal.current.pk)  # type: ignore[index]
            raise ValidationError(f"{who_changed(refusal.current)[0]} {JUST_RECORDED}") from None

    return form_view(
        request,
        form,
        save,
        renamed={"arrived_at": "arrived", "left_at": "left"},
        success_url=meeting_url(record, anchor="came"),
        cancel_url=meeting_url(record, anchor="came"),
        template_name="core_groups/record_page.html",
        draw=draw_record(record, f"{seat.member.person.full_name} at this meeting"),
    )


@require_POST
def mark_seat(request: HttpRequest, pk: int, meeting_pk: int, seat_pk: int) -> HttpResponse:
    """Record with one click that a member leaves now, or is here now."""
    record = open_record(request, pk, meeting_pk)
    seat, now = _seat(record, seat_pk), timezone.now()
    came = Came(mode=seat.mode, arrived_at=seat.arrived_at, note=seat.note)
    if request.POST.get("mark") == "left":
        came = replace(came, left_at=now)

    def act() -> None:
        if seat.pk != seat_pk:
            raise ValidationError(f"{who_changed(seat)[0]} has just recorded this person. Check what is recorded.")
        record_seat(seat=seat, came=came, by=user_of(request), now=now)

    tells_refusal(request, act, about=seat.member.person.full_name)
    return redirect(meeting_url(record, anchor="came"))


def remove_from_meeting(request: HttpRequest, pk: int, meeting_pk: int, seat_pk: int) -> HttpResponse:
    """Remove a member from the meeting; for whoever leads it."""
    record = _lead(request, pk, meeting_pk)
    seat = _seat(record, seat_pk)
    name = seat.member.person.full_name
    return form_view(
        request,
        kept_form(request, ReasonForm, label=f"Why are you removing {name}?", button=f"Remove {name}"),
        lambda data: remove_member_from_meeting(seat=seat, by=user_of(request), now=timezone.now(), **data),
        success_url=meeting_url(record, anchor="came"),
        cancel_url=meeting_url(record, anchor="came"),
        template_name="core_groups/record_page.html",
        draw=draw_record(record, f"Remove {name} from the meeting"),
        lead="From now on the record of this meeting is closed to them. They get no copy of it, are asked for nothing "
        "more, and don’t count when it is said whether the meeting counts as held.",
    )


@require_POST
def let_back_in(request: HttpRequest, pk: int, meeting_pk: int, seat_pk: int) -> HttpResponse:
    """Let in again whom whoever leads the meeting removed."""
    record = _lead(request, pk, meeting_pk)
    seat = _seat(record, seat_pk)
    tells_refusal(request, lambda: let_member_back_in(seat=seat, by=user_of(request), now=timezone.now()))
    return redirect(meeting_url(record, anchor="came"))


# Who came without being a member: for the family's workers, who know the people around it.


def _of_the_family(request: HttpRequest, pk: int, meeting_pk: int) -> TheRecord:
    record = open_record(request, pk, meeting_pk)
    if record.own:
        raise Http404
    return record


def someone_else_came(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Record someone who came without being a member."""
    record = _of_the_family(request, pk, meeting_pk)
    family = record.group.family
    form = kept_form(
        request,
        AlsoThereForm,
        known=people_around(family, listed={row.person_id for row in record.members}, on=record.day),
        agencies=list(agencies_in_directory(record.group.authority, family=family)),
        members=record.members,
        sittings=record.sittings,
    )
    return form_view(
        request,
        form,
        lambda _: add_also_there(meeting=record.meeting, by=user_of(request), now=timezone.now(), **form.facts()),
        success_url=meeting_url(record, anchor="came"),
        cancel_url=meeting_url(record, anchor="came"),
        template_name="core_groups/record_page.html",
        draw=draw_record(record, "Someone else came"),
    )


def _also(record: TheRecord, also_pk: int) -> AlsoThere:
    rows = AlsoThere.objects.select_related("person", "sitting").filter(meeting=record.meeting)
    row = get_object_or_404(rows, pk=also_pk)
    row.meeting = record.meeting
    return row


def change_who_also_came(request: HttpRequest, pk: int, meeting_pk: int, also_pk: int) -> HttpResponse:
    """Edit when someone who is not a member came and left."""
    record = _of_the_family(request, pk, meeting_pk)
    row = _also(record, also_pk)
    form = kept_form(
        request,
        SeatForm,
        meeting=record.meeting,
        sitting=row.sitting,
        may_stay_away=True,
        initial={
            "presence": row.presence,
            "mode": row.mode,
            "arrived": time_of(row.arrived_at),
            "left": time_of(row.left_at),
            "note": row.note,
            "version": row.version,
        },
    )
    return form_view(
        request,
        form,
        replaced_knowingly(
            form,
            lambda data: change_also_there(
                row=row, came=form.came(), version=data["version"] or 0, by=user_of(request), now=timezone.now()
            ),
            words=JUST_RECORDED,
        ),
        renamed={"arrived_at": "arrived", "left_at": "left"},
        success_url=meeting_url(record, anchor="came"),
        cancel_url=meeting_url(record, anchor="came"),
        template_name="core_groups/record_page.html",
        draw=draw_record(record, f"{row.person.full_name} at this meeting"),
    )


def ask_about_observer(request: HttpRequest, pk: int, meeting_pk: int, also_pk: int) -> HttpResponse:
    """Record whether each of the family agrees to an observer; for whoever leads the meeting."""
    record = _lead(request, pk, meeting_pk)
    row = _also(record, also_pk)
    if not is_observer(row):
        raise Http404
    about = about_observer(row, attendance_of(record.meeting))
    form = kept_form(request, ObserverForm, about=about)

    def save(_: dict[str, Any]) -> None:
        try:
            record_answers_about_observer(observer=row, answers=form.answers(), by=user_of(request), now=timezone.now())
        except EditedMeanwhile as refusal:
            raise ValidationError(
                f"{who_changed(refusal.current)[0]} has just recorded an answer. Open this page again and read it."
            ) from None

    return form_view(
        request,
        form,
        save,
        success_url=meeting_url(record, anchor="came"),
        cancel_url=meeting_url(record, anchor="came"),
        template_name="core_groups/ask_about_observer.html",
        draw=draw_record(record, f"Does the family agree to {row.person.full_name} watching?"),
        about=about,
    )


# What is read out, and breaks.


def statements(request: HttpRequest, pk: int, meeting_pk: int, sitting_pk: int) -> HttpResponse:
    """Show what is read out at the beginning, in the council's words, and record that it was."""
    record = open_record(request, pk, meeting_pk, to="record" if request.method == "POST" else "read")
    sitting = _sitting(record, sitting_pk)
    if request.method == "POST":
        record_statements(meeting=record.meeting, sitting=sitting, by=user_of(request), now=timezone.now())
        return redirect(meeting_url(record, anchor="came"))
    words = statements_of(record.policy)
    (here,) = sittings_of(record, [sitting])
    return render(
        request,
        "core_groups/statements.html",
        {
            "group": record.group,
            "meeting": record.meeting,
            "title": "What is read out at the beginning",
            "statements": [(key.label, words[key]) for key in Statement],
            "here": here,
            "may_record": may_still_record(user_of(request), record.group),
        },
    )


@require_POST
def begin_break(request: HttpRequest, pk: int, meeting_pk: int, sitting_pk: int) -> HttpResponse:
    """Begin a break; for whoever leads the meeting."""
    record = _lead(request, pk, meeting_pk)
    sitting = _sitting(record, sitting_pk)
    reason = request.POST.get("reason", "")
    begin_meeting_break(meeting=record.meeting, sitting=sitting, reason=reason, by=user_of(request), now=timezone.now())
    return redirect(meeting_url(record))


@require_POST
def end_break(request: HttpRequest, pk: int, meeting_pk: int, sitting_pk: int) -> HttpResponse:
    """End the break."""
    record = open_record(request, pk, meeting_pk)
    sitting = _sitting(record, sitting_pk)
    end_meeting_break(meeting=record.meeting, sitting=sitting, by=user_of(request), now=timezone.now())
    return redirect(reverse("core_groups:meeting", args=[pk, meeting_pk]))
