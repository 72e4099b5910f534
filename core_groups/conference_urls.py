"""What a conference shows of the core groups before it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from core_groups.views import since_last

app_name = "conference_core_groups"

urlpatterns: list[URLPattern | URLResolver] = [
    path("<int:pk>/since-the-last/", since_last.since_the_last_conference, name="since-last")
]
