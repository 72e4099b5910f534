from __future__ import annotations

from django.urls import path

from core_groups import history_views, views

app_name = "core_groups"

urlpatterns = [
    path("<int:pk>/", views.core_group, name="core-group"),
    path("<int:pk>/history/", history_views.see_history, name="see-history"),
    path("<int:pk>/as-it-was/", history_views.see_as_it_was, name="see-as-it-was"),
    path("of-conference/<int:conference_pk>/", views.of_conference, name="of-conference"),
    path("<int:pk>/meetings/new/", views.record_core_group_meeting, name="record-meeting"),
]
