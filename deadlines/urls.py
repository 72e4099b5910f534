from __future__ import annotations

from django.urls import path

from deadlines import views

app_name = "deadlines"

urlpatterns = [
    path("", views.my_work, name="my-work"),
    path("deadlines/<int:pk>/", views.deadline, name="deadline"),
    path("notices/acknowledge/", views.acknowledge_notices, name="acknowledge-notices"),
]
