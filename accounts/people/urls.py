"""Pages on which administrators manage a council's users."""

from __future__ import annotations

from django.urls import path

from accounts.people.views import council, critical, devices, second_people, second_person, staff

app_name = "users"

urlpatterns = [
    path("", staff.users, name="users"),
    path("add/", staff.add_user, name="add-user"),
    path("council/", council.change_details, name="council-details"),
    path("waiting/", second_person.waiting, name="waiting"),
    path("devices/", devices.devices, name="devices"),
    path("devices/add/", devices.add_device, name="add-device"),
    path("devices/<int:pk>/revoke/", devices.revoke, name="revoke-device"),
    path("second-people/", second_people.second_people, name="second-people"),
    path("second-people/name/", second_people.name_second_person, name="name-second-person"),
    path("second-people/<int:pk>/end/", second_people.end_second_person, name="end-second-person"),
    path("proposed-roles/<int:pk>/", second_person.settle_role, name="settle-role"),
    path("proposed-changes/<int:pk>/", second_person.settle_change, name="settle-change"),
    path("<int:pk>/", staff.user, name="user"),
    path("<int:pk>/change/", staff.change_user, name="change-user"),
    path("<int:pk>/roles/give/", staff.give_role, name="give-role"),
    path("<int:pk>/roles/<int:post_pk>/end/", staff.end_role, name="end-role"),
    path("<int:pk>/roles/<int:post_pk>/move/", staff.move_to_team, name="move-to-team"),
    path("<int:pk>/close/", staff.close_account, name="close-account"),
    path("<int:pk>/address/", critical.change_address, name="change-address"),
    path("<int:pk>/second-steps/", critical.take_away_steps, name="take-away-steps"),
    path("<int:pk>/reopen/", critical.reopen_account, name="reopen-account"),
]
