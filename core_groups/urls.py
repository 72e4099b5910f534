from __future__ import annotations

from django.urls import path

from core_groups import views

app_name = "core_groups"

urlpatterns = [
    path("<int:pk>/", views.core_group, name="core-group"),
    path("of-conference/<int:conference_pk>/", views.of_conference, name="of-conference"),
    path("<int:pk>/meetings/new/", views.record_core_group_meeting, name="record-meeting"),
]
