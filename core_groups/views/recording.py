"""The record of a held core group meeting: who came, the progress of actions, notes and scores."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.score_line import everything, lines_of_scores
from core_groups.access import CORE_GROUP_PLAN_RULE, CORE_GROUP_RECORD_RULE, access_core_group
from core_groups.forms.attendance import WhoCameForm, as_recorded
from core_groups.forms.recording import MeetingNoteForm, MeetingProgressForm
from core_groups.meeting_panels import meeting_panels
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember, MeetingNote
from core_groups.selectors.apart import kept_apart
from core_groups.selectors.carried import carried_on, may_stand_in
from core_groups.selectors.following import following
from core_groups.selectors.held import counts_for, held_for
from core_groups.selectors.leading import carries_or_manages, leads
from core_groups.selectors.own_answers import is_under_way, own_member
from core_groups.selectors.plan_changes import why_no_more_written
from core_groups.selectors.recording import (
    TheRecord,
    actions_of,
    day_of,
    members_on,
    notes_of,
    own_words_of,
    the_record,
)
from core_groups.selectors.room import sittings_of
from core_groups.selectors.rounds import rounds_read
from core_groups.selectors.score_line import theirs_to_see
from core_groups.selectors.stops import open_stops
from core_groups.services.attendance import change_who_came
from core_groups.services.notes import add_meeting_note, change_meeting_note, move_meeting_note, withdraw_meeting_note
from core_groups.services.progress import ProgressMeanwhile, record_meeting_progress
from core_groups.views.on_page import scaling_of, scores_on_page
from families.models import Person
from govuk.forms import ReasonForm
from govuk.generic import Draw, form_view
from meetings.forms.notes import as_written, for_the_next
from meetings.selectors.notes import page_of, says
from meetings.views.meeting import device_here, edited_together
from meetings.views.notes import begin_with, found_under, move_note_page, words_to_find

OF_A_MEETING = "core-group"


def open_record(request: HttpRequest, pk: int, meeting_pk: int, *, to: str = "record") -> TheRecord:
    """Return a held meeting as the user reads or records it. Raises SignInRequired or Http404."""
    found = access_core_group(request, pk, to="read" if to == "read" else "record")
    meeting = get_object_or_404(CoreGroupMeeting, core_group=found, pk=meeting_pk)
    meeting.core_group = found
    record = the_record(meeting, user_of(request), right=found.right)  # type: ignore[attr-defined]
    if record is None:
        raise Http404
    return record


def meeting_url(record: TheRecord, *, anchor: str = "") -> str:
    """Return the address of a meeting's record."""
    url = reverse("core_groups:meeting", args=[record.group.pk, record.meeting.pk])
    return f"{url}#{anchor}" if anchor else url


def meeting(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Show all that is recorded of a held meeting, and what can be added."""
    record = open_record(request, pk, meeting_pk, to="read")
    # Before anything is read: a change in between is asked for again, and never missed.
    live = following(record, user_of(request))
    actions = actions_of(record)
    names = {plan.child_id: plan.child.person.short_name for plan in record.plans}
    user = user_of(request)
    may_show = theirs_to_see(record.group, user, on=timezone.localdate()) if record.own else everything
    lines = lines_of_scores(names, may_show=may_show)
    rounds, sittings = rounds_read(record)
    may_lead = leads(user, record.meeting)
    return render(
        request,
        "core_groups/meeting.html",
        {
            "record": record,
            "group": record.group,
            "meeting": record.meeting,
            "scaling": scaling_of(record),
            "held_for": counts_for(held_for(record.meeting), record.plans),
            "sittings": sittings_of(record, sittings),
            "is_under_way": is_under_way(record.meeting, timezone.now()),
            "plans": [
                {
                    "plan": plan,
                    "actions": actions[plan.pk],
                    "lines": lines[plan.child_id],
                    "rounds": scores_on_page(record, plan, rounds, sittings, leads=may_lead),
                }
                for plan in record.plans
            ],
            **notes_page(request, record),
            "own_words": own_words_of(record),
            "may_record": CORE_GROUP_RECORD_RULE.right_of(user, record.group) is not None,
            "is_member": bool(record.own),
            "why_no_more": why_no_more_written(record.meeting) if record.own else "",
            "may_move": not record.own and len(record.plans) > 1 and _may_plan(request, record),
            "panels": [] if record.own else filter(None, (panel(request, record.meeting) for panel in meeting_panels)),
            "may_lead": may_lead,
            "following": live,
            "children_to_ask": rounds.children_to_ask()
            if not record.own and carries_or_manages(user, record.group)
            else [],
            "stops": open_stops(user, record.meeting),
            "has_own_page": own_member(user, record.meeting) is not None,
        },
    )


def page_of_record(record: TheRecord, title: str, **context: Any) -> dict[str, Any]:
    """Return what every page with a form of the record shows."""
    return {"group": record.group, "record": record, "meeting": record.meeting, "title": title, **context}


def draw_record(record: TheRecord, title: str) -> Draw:
    """Return how a page with a form of the record is drawn."""
    return lambda request, template, context: render(request, template, {**page_of_record(record, title), **context})


def may_sit_together(group: CoreGroup, meeting: CoreGroupMeeting) -> QuerySet[CoreGroupMember]:
    """Return the members of the meeting's day, for choosing who was there together."""
    there = [row.pk for row in members_on(group, day_of(meeting))]
    recorded = Q(attendances__meeting=meeting, attendances__superseded_at__isnull=True)
    rows = CoreGroupMember.objects.filter(Q(pk__in=there) | recorded, core_group=group).distinct()
    return rows.select_related("person", "post__agency").order_by("pk")


def change_attendance(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Correct when a held meeting was, and who came to it."""
    record = open_record(request, pk, meeting_pk)
    apart, _ = kept_apart(record.group, on=record.day)
    carried = carried_on(record.group, on=record.day)
    form = kept_form(
        request,
        WhoCameForm,
        members=may_sit_together(record.group, record.meeting).exclude(person__in=apart),
        apart=apart,
        family_id=record.group.family_id,
        carried=carried,
        workers=may_stand_in(record.group, on=record.day),
        initial=as_recorded(record.meeting, carried),
    )
    return edited_together(
        request,
        form,
        lambda data: change_who_came(
            meeting=record.meeting,
            who=form.who_came(),
            version=data["version"] or 0,
            by=user_of(request),
            now=timezone.now(),
        ),
        texts=(),
        renamed={"held_on": "held_at"},
        success_url=meeting_url(record),
        success_message="Who was there is saved.",
        cancel_url=meeting_url(record),
        template_name="core_groups/record_attendance.html",
        draw=draw_record(record, "Who was there"),
    )


def record_progress_at_meeting(request: HttpRequest, pk: int, meeting_pk: int, plan_pk: int) -> HttpResponse:
    """Record how far each action of one child's plan has come, and what was said about it."""
    record = open_record(request, pk, meeting_pk)
    plan = record.plan(plan_pk)
    if plan is None:
        raise Http404
    actions = [action for action in actions_of(record)[plan.pk] if action.until_id is None]
    form = kept_form(request, MeetingProgressForm, actions=actions)

    def save(_: dict[str, Any]) -> None:
        try:
            record_meeting_progress(meeting=record.meeting, said=form.said(), by=user_of(request), now=timezone.now())
        except ProgressMeanwhile as refusal:
            # Once both texts are read, saving again puts this one in the place of theirs.
            for action in refusal.actions:
                form.data[f"version_{action.pk}"] = str(action.version)  # type: ignore[index]
            raise

    name = plan.child.person.short_name
    return form_view(
        request,
        form,
        save,
        success_url=meeting_url(record, anchor=f"plan-{plan.pk}"),
        success_message=f"The progress of {name}’s plan is saved.",
        cancel_url=meeting_url(record),
        template_name="core_groups/record_page.html",
        draw=draw_record(record, f"{name}’s plan: how far is it?"),
        plan=plan,
        has_none=not actions,
    )


def persons_around(record: TheRecord) -> QuerySet[Person]:
    """Return whose private information a note may hold: the family in the group, and the children."""
    members = [row.person_id for row in record.members if row.post_id is None]
    children = [plan.child.person_id for plan in record.plans]
    return Person.objects.filter(pk__in=[*members, *children]).order_by("pk")


def _note_form(request: HttpRequest, record: TheRecord, **initial: Any) -> MeetingNoteForm:
    return kept_form(request, MeetingNoteForm, record=record, persons=persons_around(record), initial=initial)


def notes_page(request: HttpRequest, record: TheRecord) -> dict[str, Any]:
    """Return the notes of a meeting under their headings, as a page of them shows them."""
    find = words_to_find(request, OF_A_MEETING, record.meeting.pk)
    notes = notes_of(record)
    kept = [note for note in notes if says(note, find)] if find else notes
    headings = record.policy.framework.headings
    return {"columns": page_of(headings, kept, begin_with=begin_with(request)), "find": find, "notes": notes}


def _chosen_last(request: HttpRequest, record: TheRecord, notes: list[MeetingNote]) -> dict[str, Any]:
    """Return what is chosen for the next note: what the user chose last."""
    last = next((note for note in reversed(notes) if note.recorded_by_id == user_of(request).pk), None)
    theirs = {str(plan.child_id) for plan in record.plans}
    chosen: dict[str, Any] = (
        for_the_next(last, where="sitting") if last else {"heading": record.policy.framework.headings[0].key}
    )
    if last:
        chosen["children"] = [pk for pk in chosen["children"] if pk in theirs]
    heading = request.GET.get("heading", "")
    return {**chosen, "heading": heading} if heading else chosen


def add_note(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Write down one thing said; the page comes back for the next."""
    record = open_record(request, pk, meeting_pk)
    live = following(record, user_of(request)) if request.method == "GET" else None
    page = notes_page(request, record)
    chosen = _chosen_last(request, record, page["notes"])
    form = _note_form(request, record, **chosen)
    address = reverse("core_groups:add-note", args=[pk, meeting_pk])
    form.helper.form_action = address
    return form_view(
        request,
        form,
        lambda _: add_meeting_note(meeting=record.meeting, by=user_of(request), now=timezone.now(), **form.note()),
        success_url=address,
        template_name="core_groups/record_note.html",
        draw=draw_record(record, "The board"),
        may_record=True,
        following=live,
        device=device_here(request),
        waiting_url=reverse("core_groups:send-late", args=[pk, meeting_pk]),
        heading_now=request.POST.get("heading") or chosen["heading"],
        **page,
    )


@require_POST
def find_note(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Show the notes that hold certain words; the words stay out of the address."""
    record = open_record(request, pk, meeting_pk, to="read")
    name = "core_groups:add-note" if request.POST.get("back") == "board" else "core_groups:meeting"
    return found_under(request, OF_A_MEETING, record.meeting.pk, reverse(name, args=[pk, meeting_pk]))


def move_note(request: HttpRequest, pk: int, meeting_pk: int, note_pk: int) -> HttpResponse:
    """Put a note under another heading, or go on to another child."""
    record = open_record(request, pk, meeting_pk)
    note = _own_note(record, note_pk)
    back = meeting_url(record, anchor="notes")
    may_move = not record.own and len(record.plans) > 1
    other_child = reverse("core_groups:move-entry", args=[pk, meeting_pk, "note", note_pk])
    return move_note_page(
        request,
        note,
        record.policy.framework.headings,
        lambda data: move_meeting_note(
            note=note, heading=data["heading"], version=data["version"] or 0, by=user_of(request), now=timezone.now()
        ),
        success_url=back,
        cancel_url=back,
        template_name="core_groups/move_note.html",
        draw=draw_record(record, "Move a note"),
        other_child=other_child if may_move and _may_plan(request, record) else "",
    )


def _may_plan(request: HttpRequest, record: TheRecord) -> bool:
    return CORE_GROUP_PLAN_RULE.right_of(user_of(request), record.group) is not None


def _own_note(record: TheRecord, note_pk: int) -> MeetingNote:
    note = next((row for row in notes_of(record) if row.pk == note_pk), None)
    if note is None:
        raise Http404
    note.meeting = record.meeting
    return note


def change_note(request: HttpRequest, pk: int, meeting_pk: int, note_pk: int) -> HttpResponse:
    """Change a note. A second writer sees both texts and chooses."""
    record = open_record(request, pk, meeting_pk)
    note = _own_note(record, note_pk)
    form = _note_form(request, record, **as_written(note, where="sitting"))
    back = meeting_url(record, anchor="notes")
    return edited_together(
        request,
        form,
        lambda data: change_meeting_note(
            note=note, version=data["version"] or 0, by=user_of(request), now=timezone.now(), **form.note()
        ),
        texts=("text",),
        success_url=back,
        success_message="The note is saved.",
        cancel_url=back,
        button="Save the note",
        template_name="core_groups/record_page.html",
        draw=draw_record(record, "Change a note"),
    )


def withdraw_note(request: HttpRequest, pk: int, meeting_pk: int, note_pk: int) -> HttpResponse:
    """Withdraw a note, with the reason."""
    record = open_record(request, pk, meeting_pk)
    note = _own_note(record, note_pk)
    back = meeting_url(record, anchor="notes")
    return form_view(
        request,
        kept_form(request, ReasonForm, label="Why is the note withdrawn?", field="because", button="Withdraw the note"),
        lambda data: withdraw_meeting_note(note=note, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="The note is withdrawn.",
        cancel_url=back,
        template_name="core_groups/record_page.html",
        draw=draw_record(record, "Withdraw a note"),
        quoted=note.text,
    )
