from __future__ import annotations

from django.urls import path

from deadlines.views import team, work

app_name = "deadlines"

urlpatterns = [
    path("", work.my_work, name="my-work"),
    path("team/", team.team, name="team"),
    path("deadlines/<int:pk>/", work.deadline, name="deadline"),
    path("notices/acknowledge/", work.acknowledge_notices, name="acknowledge-notices"),
]
