from __future__ import annotations

from django.urls import path

from core_groups.views import guests, requests

app_name = "guest_core_group"

urlpatterns = [
    path("", guests.home, name="home"),
    path("write/", guests.write, name="write"),
    path("conference/", requests.ask, name="ask-for-conference"),
    path("conference/disagree/", requests.disagree, name="disagree-about-conference"),
]
