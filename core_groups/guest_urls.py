from __future__ import annotations

from django.urls import path

from core_groups.views import guests, live, own_answers, requests

app_name = "guest_core_group"

urlpatterns = [
    path("", guests.home, name="home"),
    path("write/", guests.write, name="write"),
    path("answers/", own_answers.guest_answers_page, name="answers"),
    path("answers/not-safe/", own_answers.guest_danger_page, name="danger"),
    path("changed/", live.guest_changed, name="changed"),
    path("conference/", requests.ask, name="ask-for-conference"),
    path("conference/disagree/", requests.disagree, name="disagree-about-conference"),
]
