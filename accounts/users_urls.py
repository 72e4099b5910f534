"""Pages on which administrators keep a council's users."""

from __future__ import annotations

from django.urls import path

from accounts.views import users

app_name = "users"

urlpatterns = [
    path("", users.users, name="users"),
    path("add/", users.add_user, name="add-user"),
    path("proposed-roles/<int:pk>/", users.settle_role, name="settle-role"),
    path("<int:pk>/", users.user, name="user"),
    path("<int:pk>/change/", users.change_user, name="change-user"),
    path("<int:pk>/roles/give/", users.give_role, name="give-role"),
    path("<int:pk>/roles/<int:post_pk>/end/", users.end_role, name="end-role"),
    path("<int:pk>/roles/<int:post_pk>/move/", users.move_to_team, name="move-to-team"),
    path("<int:pk>/close/", users.close_account, name="close-account"),
    path("<int:pk>/second-steps/", users.take_away_steps, name="take-away-steps"),
    path("<int:pk>/reopen/", users.reopen_account, name="reopen-account"),
]
