"""URLs for scores and views that invited people without an account enter themselves."""

from __future__ import annotations

from django.urls import path

from meetings.views import live, own_answers

app_name = "guest_answers"

urlpatterns = [
    path("", own_answers.guest_answers_page, name="answers"),
    path("changed/", live.guest_changed, name="changed"),
    path("not-safe/", own_answers.guest_danger_page, name="danger"),
]
