"""Addresses of the day itself."""

from __future__ import annotations

from django.urls import URLPattern, path

from conferences.views import (
    attending,
    board,
    closing,
    deciding,
    outline,
    projector,
    scores,
    the_day,
    views_given,
)

urlpatterns: list[URLPattern] = [
    path("<int:pk>/day/", the_day.day, name="day"),
    path("<int:pk>/day/open/", the_day.open_meeting, name="open"),
    path("<int:pk>/day/not-safe/", the_day.safety_stop, name="safety-stop"),
    path("<int:pk>/day/not-safe/<int:stop_pk>/", the_day.settle_safety_stop, name="settle-stop"),
    path("<int:pk>/day/next-sitting/", the_day.next_sitting, name="book-next-sitting"),
    path("<int:pk>/day/adjourn/", the_day.adjourn_meeting, name="adjourn"),
    path("<int:pk>/day/people/", attending.attendance, name="attendance"),
    path("<int:pk>/day/people/add/", attending.add_attendee_page, name="add-attendee"),
    path("<int:pk>/day/people/parts/", the_day.add_meeting_part, name="add-part"),
    path("<int:pk>/day/people/<int:participant_pk>/", attending.change_attendance, name="change-attendance"),
    path("<int:pk>/day/people/<int:participant_pk>/mark/", attending.mark_attendance, name="mark-attendance"),
    path(
        "<int:pk>/day/people/<int:participant_pk>/remove/",
        attending.remove_attendee_page,
        name="remove-attendee",
    ),
    path("<int:pk>/day/people/<int:participant_pk>/readmit/", attending.readmit, name="readmit-attendee"),
    path(
        "<int:pk>/day/people/<int:participant_pk>/heard/",
        attending.say_who_is_heard_through,
        name="say-who-brings-views",
    ),
    path(
        "<int:pk>/day/children/<int:child_pk>/heard/",
        attending.say_who_speaks,
        name="say-who-speaks-for-child",
    ),
    path(
        "<int:pk>/day/children/<int:child_pk>/withdraw/",
        the_day.withdraw_conference_child,
        name="withdraw-child",
    ),
    path("<int:pk>/day/agenda/", the_day.agenda, name="agenda"),
    path("<int:pk>/day/agenda/<int:item_pk>/", the_day.change_item, name="change-item"),
    path("<int:pk>/day/agenda/<int:item_pk>/move-on/", the_day.move_on, name="move-on"),
    path("<int:pk>/day/board/", board.board, name="board"),
    path("<int:pk>/day/board/<int:entry_pk>/", board.change_board_entry, name="change-entry"),
    path("<int:pk>/day/board/<int:entry_pk>/withdraw/", board.withdraw_board_entry, name="withdraw-entry"),
    path("<int:pk>/day/screen/", board.shared_screen, name="shared-screen"),
    path("<int:pk>/day/room/", projector.show_in_room, name="show-in-room"),
    path("<int:pk>/day/room/here/", projector.show_here, name="show-here"),
    path("<int:pk>/day/room/end/", projector.end_showing, name="end-showing"),
    path("<int:pk>/day/scores/", scores.scores, name="scores"),
    path("<int:pk>/day/scores/<int:child_pk>/", scores.child_scores, name="child-scores"),
    path("<int:pk>/day/scores/<int:child_pk>/show/", scores.show_child_scores, name="show-scores"),
    path("<int:pk>/day/scores/<int:child_pk>/<int:participant_pk>/", scores.score, name="score"),
    path("<int:pk>/day/plan/", outline.outline_plan, name="plan"),
    path("<int:pk>/day/plan/<int:action_pk>/", outline.change_outline_action, name="change-action"),
    path(
        "<int:pk>/day/plan/<int:action_pk>/withdraw/", outline.withdraw_outline_action, name="withdraw-action"
    ),
    path("<int:pk>/day/plan/not-needed/<int:child_pk>/", outline.no_plan_needed, name="no-plan-needed"),
    path("<int:pk>/day/views/", views_given.views, name="views"),
    path("<int:pk>/day/views/<int:child_pk>/", views_given.child_views, name="child-views"),
    path("<int:pk>/day/views/<int:child_pk>/<int:participant_pk>/", views_given.view, name="record-view"),
    path("<int:pk>/day/decisions/", deciding.decisions, name="decisions"),
    path("<int:pk>/day/decisions/<int:child_pk>/", deciding.decide, name="decide"),
    path("<int:pk>/day/decisions/<int:child_pk>/check/", deciding.check_decision_page, name="check-decision"),
    path("<int:pk>/day/decisions/<int:child_pk>/dissent/", deciding.dissent, name="record-dissent"),
    path("<int:pk>/day/dates/", closing.next_dates, name="next-dates"),
    path("<int:pk>/day/close/", closing.close, name="close"),
]
