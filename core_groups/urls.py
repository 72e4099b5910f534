from __future__ import annotations

from django.urls import path

from core_groups.views import core_groups, history

app_name = "core_groups"

urlpatterns = [
    path("<int:pk>/", core_groups.core_group, name="core-group"),
    path("<int:pk>/history/", history.see_history, name="see-history"),
    path("<int:pk>/as-it-was/", history.see_as_it_was, name="see-as-it-was"),
    path("of-conference/<int:conference_pk>/", core_groups.of_conference, name="of-conference"),
    path("<int:pk>/meetings/new/", core_groups.record_core_group_meeting, name="record-meeting"),
]
