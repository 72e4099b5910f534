from __future__ import annotations

from django.urls import path

from deadlines.views import work

app_name = "deadlines"

urlpatterns = [
    path("", work.my_work, name="my-work"),
    path("deadlines/<int:pk>/", work.deadline, name="deadline"),
    path("notices/acknowledge/", work.acknowledge_notices, name="acknowledge-notices"),
]
