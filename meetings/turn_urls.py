"""URLs for a tablet that is passed round in the room."""

from __future__ import annotations

from django.urls import path

from meetings.views import turns

app_name = "turn"

urlpatterns = [
    path("", turns.type_code, name="type-code"),
    path("answers/", turns.answers, name="answers"),
    path("not-safe/", turns.danger, name="danger"),
    path("changed/", turns.changed, name="changed"),
    path("leave/", turns.leave, name="leave"),
    path("over/", turns.over, name="over"),
]
