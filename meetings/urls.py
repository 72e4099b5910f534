"""URLs under one conference: the day itself, and later corrections."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from meetings.views import (
    attendance,
    board,
    closing,
    corrections,
    decisions,
    explanations,
    misfiled_entries,
    outline,
    preparation,
    projector,
    scores,
    the_day,
    views_given,
    without_quorum,
)

app_name = "meetings"

day_urls: list[URLPattern] = [
    path("", the_day.day, name="day"),
    path("open/", the_day.open_meeting, name="open"),
    path("not-safe/", the_day.safety_stop, name="safety-stop"),
    path("not-safe/<int:stop_pk>/", the_day.settle_safety_stop, name="settle-stop"),
    path("next-sitting/", the_day.next_sitting, name="book-next-sitting"),
    path("adjourn/", the_day.adjourn_meeting, name="adjourn"),
    path("people/", attendance.attendance, name="attendance"),
    path("people/add/", attendance.add_attendee_page, name="add-attendee"),
    path("people/without-quorum/", without_quorum.go_on, name="go-on-without-quorum"),
    path("people/without-quorum/agree/", without_quorum.agree, name="agree-without-quorum"),
    path("people/parts/", the_day.add_meeting_part, name="add-part"),
    path("people/<int:participant_pk>/", attendance.change_attendance, name="change-attendance"),
    path("people/<int:participant_pk>/mark/", attendance.mark_attendance, name="mark-attendance"),
    path("people/<int:participant_pk>/remove/", attendance.remove_attendee_page, name="remove-attendee"),
    path("people/<int:participant_pk>/readmit/", attendance.readmit, name="readmit-attendee"),
    path("people/<int:participant_pk>/heard/", attendance.say_who_is_heard_through, name="say-who-brings-views"),
    path("children/<int:child_pk>/heard/", attendance.say_who_speaks, name="say-who-speaks-for-child"),
    path("children/<int:child_pk>/withdraw/", the_day.withdraw_conference_child, name="withdraw-child"),
    path("agenda/", the_day.agenda, name="agenda"),
    path("agenda/<int:item_pk>/", the_day.change_item, name="change-item"),
    path("agenda/<int:item_pk>/move-on/", the_day.move_on, name="move-on"),
    path("board/", board.board, name="board"),
    path("board/<int:entry_pk>/", board.change_board_entry, name="change-entry"),
    path("board/<int:entry_pk>/withdraw/", board.withdraw_board_entry, name="withdraw-entry"),
    path("screen/", board.shared_screen, name="shared-screen"),
    path("room/", projector.show_in_room, name="show-in-room"),
    path("room/here/", projector.show_here, name="show-here"),
    path("room/end/", projector.end_showing, name="end-showing"),
    path("scores/", scores.scores, name="scores"),
    path("scores/<int:child_pk>/", scores.child_scores, name="child-scores"),
    path("scores/<int:child_pk>/show/", scores.show_child_scores, name="show-scores"),
    path("scores/<int:child_pk>/<int:participant_pk>/", scores.score, name="score"),
    path("plan/", outline.outline_plan, name="plan"),
    path("plan/<int:action_pk>/", outline.change_outline_action, name="change-action"),
    path("plan/<int:action_pk>/withdraw/", outline.withdraw_outline_action, name="withdraw-action"),
    path("plan/not-needed/<int:child_pk>/", outline.no_plan_needed, name="no-plan-needed"),
    path("views/", views_given.views, name="views"),
    path("views/<int:child_pk>/", views_given.child_views, name="child-views"),
    path("views/<int:child_pk>/<int:participant_pk>/", views_given.view, name="record-view"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/<int:child_pk>/", decisions.decide, name="decide"),
    path("decisions/<int:child_pk>/check/", decisions.check_decision_page, name="check-decision"),
    path("decisions/<int:child_pk>/dissent/", decisions.dissent, name="record-dissent"),
    path("decisions/<int:child_pk>/explained/", explanations.explain_decision, name="explain-decision"),
    path(
        "decisions/<int:child_pk>/explained/<int:explanation_pk>/", explanations.take_back, name="take-back-explanation"
    ),
    path("dates/", closing.next_dates, name="next-dates"),
    path("close/", closing.close, name="close"),
    path("before/", preparation.before, name="before"),
    path("before/<int:participant_pk>/", preparation.talk_before, name="talk-before"),
    path("before/<int:participant_pk>/words/", preparation.words_for_board, name="words-for-board"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("reading/", preparation.reading, name="reading"),
    path("reading/read/", preparation.mark_as_read, name="mark-read"),
    path("reading/notes/", preparation.own_notes, name="own-notes"),
    path("day/", include(day_urls)),
    path("children/<int:child_pk>/correct/", corrections.ask_correction, name="ask-correction"),
    path("corrections/<int:correction_pk>/", corrections.see_correction, name="see-correction"),
    path("corrections/<int:correction_pk>/agree/", corrections.agree_correction, name="agree-correction"),
    path("corrections/<int:correction_pk>/refuse/", corrections.refuse_a_correction, name="refuse-correction"),
    re_path(
        r"^entries/(?P<kind>board|outline|score|view)/(?P<entry_pk>\d+)/move/$",
        misfiled_entries.move_in_conference,
        name="move-entry",
    ),
    path("moves/<int:move_pk>/", misfiled_entries.see_move, name="see-move"),
    path("moves/<int:move_pk>/agree/", misfiled_entries.agree_move, name="agree-move"),
    path("moves/<int:move_pk>/refuse/", misfiled_entries.refuse_a_move, name="refuse-move"),
]
