from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from core_groups.views import (
    apart,
    core_groups,
    history,
    late,
    live,
    meetings,
    members,
    misfiled_entries,
    own_answers,
    plan_changes,
    recording,
    room,
    safety,
    scores,
    to_tell,
)

app_name = "core_groups"

of_a_core_group: list[URLPattern | URLResolver] = [
    path("", core_groups.core_group, name="core-group"),
    path("history/", history.see_history, name="see-history"),
    path("as-it-was/", history.see_as_it_was, name="see-as-it-was"),
    path("meetings/new/", meetings.record_core_group_meeting, name="record-meeting"),
    path("meetings/plan/", meetings.plan_core_group_meeting, name="plan-meeting"),
    path("meetings/<int:meeting_pk>/invite/", meetings.invite_to_core_group_meeting, name="invite"),
    path("meetings/<int:meeting_pk>/to-tell/", to_tell.to_tell, name="to-tell"),
    path("meetings/<int:meeting_pk>/to-tell/<int:to_tell_pk>/", to_tell.record_telling, name="record-telling"),
    path(
        "meetings/<int:meeting_pk>/tellings/<int:telling_pk>/take-back/",
        to_tell.take_back_telling,
        name="take-back-telling",
    ),
    path("meetings/<int:meeting_pk>/cancel/", meetings.cancel_core_group_meeting, name="cancel-meeting"),
    path("meetings/<int:meeting_pk>/", recording.meeting, name="meeting"),
    path("meetings/<int:meeting_pk>/attendance/", recording.change_attendance, name="change-attendance"),
    path("meetings/<int:meeting_pk>/seats/<int:seat_pk>/", room.change_seat, name="change-seat"),
    path("meetings/<int:meeting_pk>/seats/<int:seat_pk>/mark/", room.mark_seat, name="mark-seat"),
    path("meetings/<int:meeting_pk>/seats/<int:seat_pk>/remove/", room.remove_from_meeting, name="remove-from-meeting"),
    path("meetings/<int:meeting_pk>/seats/<int:seat_pk>/back/", room.let_back_in, name="let-back-in"),
    path("meetings/<int:meeting_pk>/also/add/", room.someone_else_came, name="someone-else-came"),
    path("meetings/<int:meeting_pk>/also/<int:also_pk>/", room.change_who_also_came, name="change-also-there"),
    path("meetings/<int:meeting_pk>/also/<int:also_pk>/observer/", room.ask_about_observer, name="ask-about-observer"),
    path("meetings/<int:meeting_pk>/rules/<int:sitting_pk>/", room.statements, name="statements"),
    path("meetings/<int:meeting_pk>/rules/<int:sitting_pk>/break/", room.begin_break, name="begin-break"),
    path("meetings/<int:meeting_pk>/rules/<int:sitting_pk>/break/over/", room.end_break, name="end-break"),
    path(
        "meetings/<int:meeting_pk>/progress/<int:plan_pk>/",
        recording.record_progress_at_meeting,
        name="record-progress",
    ),
    path("meetings/<int:meeting_pk>/plans/<int:plan_pk>/actions/add/", plan_changes.add_action, name="add-action"),
    path(
        "meetings/<int:meeting_pk>/plans/<int:plan_pk>/actions/<int:action_pk>/",
        plan_changes.change_action,
        name="change-action",
    ),
    path("meetings/<int:meeting_pk>/notes/add/", recording.add_note, name="add-note"),
    path("meetings/<int:meeting_pk>/notes/late/", late.send_late, name="send-late"),
    path("meetings/<int:meeting_pk>/notes/find/", recording.find_note, name="find-note"),
    path("meetings/<int:meeting_pk>/notes/<int:note_pk>/heading/", recording.move_note, name="move-to-heading"),
    path("meetings/<int:meeting_pk>/notes/<int:note_pk>/", recording.change_note, name="change-note"),
    path("meetings/<int:meeting_pk>/notes/<int:note_pk>/withdraw/", recording.withdraw_note, name="withdraw-note"),
    re_path(
        r"^meetings/(?P<meeting_pk>\d+)/entries/(?P<kind>note|rating)/(?P<entry_pk>\d+)/move/$",
        misfiled_entries.move_at_meeting,
        name="move-entry",
    ),
    path(
        "meetings/<int:meeting_pk>/scores/<int:plan_pk>/<int:member_pk>/",
        scores.record_score_at_meeting,
        name="record-score",
    ),
    path(
        "meetings/<int:meeting_pk>/scores/<int:plan_pk>/<int:sitting_pk>/show/", scores.show_scores, name="show-scores"
    ),
    path(
        "meetings/<int:meeting_pk>/scores/<int:plan_pk>/<int:sitting_pk>/explore/",
        scores.explore,
        name="explore-scores",
    ),
    path("meetings/<int:meeting_pk>/ask/<int:member_pk>/", scores.ask_child, name="ask-child"),
    path("meetings/<int:meeting_pk>/turn/<int:member_pk>/", scores.open_a_turn, name="open-turn"),
    path("meetings/<int:meeting_pk>/own/", own_answers.own_answers_page, name="own-answers"),
    path("meetings/<int:meeting_pk>/own/not-safe/", own_answers.own_danger_page, name="own-danger"),
    path("meetings/<int:meeting_pk>/not-safe/", safety.raise_stop, name="raise-stop"),
    path("meetings/<int:meeting_pk>/safety/", safety.safety, name="safety"),
    path("meetings/<int:meeting_pk>/safety/<int:stop_pk>/", safety.safety, name="settle-stop"),
    path("meetings/<int:meeting_pk>/safety/<int:stop_pk>/break/", safety.call_a_break, name="call-a-break"),
    path("members/add/", members.add_member, name="add-member"),
    path("members/<int:member_pk>/leave/", members.remove_member, name="remove-member"),
    path("members/<int:member_pk>/how-to-meet/", apart.decide_how_to_meet, name="decide-apart"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("of-conference/<int:conference_pk>/", core_groups.of_conference, name="of-conference"),
    path("changed/<int:meeting_pk>/", live.changed, name="changed"),
    path("changed/<int:meeting_pk>/own/", live.own_changed, name="own-changed"),
    path("<int:pk>/", include(of_a_core_group)),
]
