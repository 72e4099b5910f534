"""Views for who is here, who is not, and who brings the views of those who are absent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.enums import Mode, Presence
from conferences.models import Part, Participant
from conferences.services.guards import EditedMeanwhile
from families.selectors import agencies_in_directory
from govuk.generic import form_view
from meetings.forms.attendance import AddAttendeeForm, AttendanceForm, BroughtByForm
from meetings.selectors.attendance import absent_but_heard, attendance_groups, children_unheard
from meetings.selectors.day_steps import TheDay
from meetings.selectors.late import late_attendance
from meetings.selectors.newcomers import known_people
from meetings.selectors.rules_of_day import about_observers
from meetings.services.attendance import (
    add_attendee,
    readmit_attendee,
    record_attendance,
    remove_attendee,
    say_who_brings_views,
    say_who_speaks_for_child,
)
from meetings.services.everybody import expected_in, record_everybody_here
from meetings.views.meeting import (
    draw,
    during_the_day,
    give_reason,
    meeting,
    on_the_day,
    refuse_when_over,
    replaced_knowingly,
    tells_refusal,
    who_changed,
)

# The buttons beside each name: one click each while people come in.
MARKS = {
    "here": (Presence.PRESENT, Mode.IN_PERSON),
    "online": (Presence.PRESENT, Mode.ONLINE),
    "apologies": (Presence.APOLOGIES, Mode.IN_PERSON),
    "absent": (Presence.ABSENT, Mode.IN_PERSON),
}


def back_to(pk: int, participant: Participant) -> str:
    """Return the URL of the list of people, at this person."""
    return f"{reverse('meetings:attendance', args=[pk])}#person-{participant.pk}"


@during_the_day
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everyone on the list, with one-click buttons for here, online, apologies and did not come."""
    found = meeting(request, pk)
    part = _part(request, found)
    unheard = [row for child in found.children for row in absent_but_heard(found.attendees, child)]
    return draw(
        request,
        found,
        "meetings/attendance.html",
        step="people",
        groups=attendance_groups(found.attendees),
        left_out=[row for row in found.attendees if row.is_left_out],
        unheard_children=children_unheard(found.attendees, found.children),
        silent=list({row.participant.pk: row for row in unheard if row.heard_through is None}.values()),
        **_quorum(found),
        brought_by=BroughtByForm(day=found),
        late_attendance=late_attendance(found.conference),
        part=part,
        observers=about_observers(found.attendees),
        expected=expected_in(part, found.attendees) if part and found.is_open else [],
        not_planned={row.participant.pk for row in found.attendees if part and not row.is_planned_for(part)},
    )


def _quorum(found: TheDay) -> dict[str, Any]:
    """Return the quorum of a meeting in session and, without one, whether it may go on."""
    if not found.is_open:
        return {"quorum": None}
    quorum = found.quorum
    if quorum.is_met:
        return {"quorum": quorum}
    never = filter(None, (found.going_on.why_never(child) for child in found.children))
    return {"quorum": quorum, "going_on": found.going_on, "never": list(never)}


def _part(request: HttpRequest, found: TheDay) -> Part | None:
    """Return the part that the page is about: the one in the URL, otherwise the one under way."""
    wanted = request.GET.get("part") or request.POST.get("part") or ""
    chosen = [row for row in found.parts if str(row.pk) == wanted]
    return chosen[0] if chosen else found.part_now


def _participant(found: TheDay, participant_pk: int) -> Participant:
    for row in found.attendees:
        if row.participant.pk == participant_pk:
            return row.participant
    raise Http404


@require_POST
@during_the_day
def everybody_here(request: HttpRequest, pk: int) -> HttpResponse:
    """Record with one click that everybody who is expected in a part is here."""
    found = meeting(request, pk, to="record")
    part = _part(request, found)
    if part is None:
        messages.error(request, "Open the meeting first, then say who is here.")
        return redirect("meetings:attendance", pk)
    refused: list[str] = []
    tells_refusal(
        request,
        lambda: refused.extend(
            record_everybody_here(conference=found.conference, part=part, by=user_of(request), now=timezone.now())
        ),
    )
    if refused:
        messages.warning(request, f"Not recorded, because of what the chair decided: {', '.join(refused)}.")
    return redirect(f"{reverse('meetings:attendance', args=[pk])}?part={part.pk}")


def _marked(mark: str, participant: Participant, part: Part | None) -> dict[str, Any] | None:
    """Return what one button records; None for an unknown one, and for leaving or coming back without being there."""
    if mark in MARKS:
        presence, mode = MARKS[mark]
        return {"presence": presence, "mode": mode}
    row = next((row for row in participant.attendances.all() if part and row.part_id == part.pk), None)
    if mark not in ("left", "back") or row is None or row.presence != Presence.PRESENT:
        return None
    left_at = timezone.now() if mark == "left" else None
    return {
        "presence": row.presence, "mode": row.mode, "arrived_at": row.arrived_at, "note": row.note, "left_at": left_at,
    }  # fmt: skip


@require_POST
@during_the_day
def mark_attendance(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Record with one click that a person is here, online, has sent apologies or did not come."""
    found = meeting(request, pk, to="record")
    participant = _participant(found, participant_pk)
    part = _part(request, found)
    facts = _marked(request.POST.get("mark", ""), participant, part)
    if part is None or facts is None:
        messages.error(request, "Open the meeting first, then say who is here.")
        return redirect(back_to(pk, participant))
    version = request.POST.get("version", "")

    def record() -> None:
        try:
            record_attendance(
                participant=participant,
                part=part,
                **facts,
                version=int(version) if version.isdecimal() else 0,
                by=user_of(request),
                now=timezone.now(),
            )
        except EditedMeanwhile as refusal:
            theirs = Presence(refusal.current.presence).label  # type: ignore[attr-defined]
            by = who_changed(refusal.current)[0]
            raise ValidationError(f"{by} has just recorded: {theirs}. If that is wrong, choose again.") from None

    tells_refusal(request, record, about=participant.person.full_name)
    return redirect(f"{reverse('meetings:attendance', args=[pk])}?part={part.pk}#person-{participant.pk}")


@during_the_day
def change_attendance(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Edit when one person came and left, how they took part, and who brings their views."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    participant = _participant(found, participant_pk)
    part = _part(request, found)
    if part is None or found.sitting is None:
        messages.error(request, "Open the meeting first, then say who is here.")
        return redirect("meetings:day", pk)
    form = kept_form(request, AttendanceForm, day=found, participant=participant, initial=_recorded(participant, part))
    return form_view(
        request,
        form,
        replaced_knowingly(
            form,
            lambda _: _attend(request, found, participant, form),
            words="has just recorded this person. Check what is recorded, or submit yours again to replace it.",
        ),
        renamed={"arrived_at": "arrived", "left_at": "left"},
        success_url=back_to(pk, participant),
        cancel_url=reverse("meetings:attendance", args=[pk]),
        template_name="meetings/change_attendance.html",
        draw=on_the_day(found, step="people"),
        participant=participant,
        part=part,
    )


def _recorded(participant: Participant, part: Part) -> dict[str, Any]:
    row = next((row for row in participant.attendances.all() if row.part_id == part.pk), None)
    brought_by = str(participant.views_brought_by_id or "")
    if row is None:
        return {"version": 0, "part": str(part.pk), "mode": Mode.IN_PERSON, "brought_by": brought_by}
    return {
        "version": row.version,
        "part": str(part.pk),
        "presence": row.presence,
        "mode": row.mode,
        "arrived": timezone.localtime(row.arrived_at).time() if row.arrived_at else None,
        "left": timezone.localtime(row.left_at).time() if row.left_at else None,
        "note": row.note,
        "brought_by": brought_by,
    }


def _attend(request: HttpRequest, found: TheDay, participant: Participant, form: AttendanceForm) -> None:
    sitting = found.sitting
    if sitting is None:
        return
    part = form.chosen_part() or found.parts[0]
    by, now = user_of(request), timezone.now()
    record_attendance(participant=participant, part=part, by=by, now=now, **form.times(sitting))
    brought_by = form.person_in("brought_by")
    if brought_by is not None and brought_by.pk != participant.views_brought_by_id:
        say_who_brings_views(participant=participant, brought_by=brought_by, by=by, now=now)


@require_POST
@during_the_day
def say_who_is_heard_through(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Record who brings the views of someone who is not here."""
    found = meeting(request, pk, to="record")
    participant = _participant(found, participant_pk)
    form = BroughtByForm(request.POST, day=found)
    if not form.is_valid() or not form.accepts(
        lambda: say_who_brings_views(
            participant=participant,
            brought_by=form.participants[form.cleaned_data["brought_by"]],
            by=user_of(request),
            now=timezone.now(),
        )
    ):
        messages.error(request, f"Choose who brings the views of {participant.person.full_name}.")
    return redirect(f"{reverse('meetings:attendance', args=[pk])}#not-here")


@require_POST
@during_the_day
def say_who_speaks(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Record who brings the views of a child who was not invited."""
    found = meeting(request, pk, to="record")
    child = next((row for row in found.children if row.pk == child_pk), None)
    if child is None:
        raise Http404
    form = BroughtByForm(request.POST, day=found)
    if not form.is_valid() or not form.accepts(
        lambda: say_who_speaks_for_child(
            conference_child=child,
            brought_by=form.participants[form.cleaned_data["brought_by"]],
            by=user_of(request),
            now=timezone.now(),
        )
    ):
        messages.error(request, f"Choose who brings the views of {child.child.person.full_name}.")
    return redirect(f"{reverse('meetings:attendance', args=[pk])}#not-here")


@during_the_day
def add_attendee_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Add someone who came without being on the list."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    known = known_people(found.conference, on=timezone.localdate())
    agencies = agencies_in_directory(found.conference.authority, family=found.conference.family)
    form = kept_form(request, AddAttendeeForm, day=found, known=known, agencies=list(agencies))
    return form_view(
        request,
        form,
        lambda _: _add(request, found, form),
        success_url=reverse("meetings:attendance", args=[pk]),
        cancel_url=reverse("meetings:attendance", args=[pk]),
        template_name="meetings/add_attendee.html",
        draw=on_the_day(found, step="people"),
    )


def _add(request: HttpRequest, found: TheDay, form: AddAttendeeForm) -> None:
    data = form.cleaned_data
    participant = add_attendee(
        conference=found.conference,
        who=form.newcomer(),
        capacity=data["capacity"],
        children=form.chosen_children() or found.children,
        acts_for=form.person_in("acts_for"),
        mode=data["mode"],
        reason=data["reason"],
        by=user_of(request),
        now=timezone.now(),
    )
    if participant.exclusion_requests.filter(decided_at__isnull=True).exists():
        messages.warning(
            request,
            f"{participant.person.full_name} is on the list, but a contact risk is recorded. "
            "The chair has to decide before they come in.",
        )


@during_the_day
def remove_attendee_page(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Remove someone from the meeting; for the chair."""
    found = meeting(request, pk, to="chair")
    refuse_when_over(found)
    participant = _participant(found, participant_pk)
    name = participant.person.full_name
    return give_reason(
        request,
        found,
        lambda data: remove_attendee(participant=participant, by=user_of(request), now=timezone.now(), **data),
        step="people",
        back="meetings:attendance",
        success_url=back_to(pk, participant),
        title=f"Remove {name} from the meeting",
        label=f"Why are you removing {name}?",
        button=f"Remove {name}",
        lead="They will not be able to read what is said from now on, and they no longer count towards the quorum.",
    )


@require_POST
@during_the_day
def readmit(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Readmit someone the chair removed."""
    found = meeting(request, pk, to="chair")
    participant = _participant(found, participant_pk)
    tells_refusal(request, lambda: readmit_attendee(participant=participant, by=user_of(request), now=timezone.now()))
    return redirect(back_to(pk, participant))
