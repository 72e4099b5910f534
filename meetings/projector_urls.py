"""URLs for the computer in the room."""

from __future__ import annotations

from django.urls import path

from meetings.views import live, projector

app_name = "projector"

urlpatterns = [
    path("", projector.type_code, name="type-code"),
    path("screen/", projector.screen, name="screen"),
    path("changed/", live.room_changed, name="changed"),
]
