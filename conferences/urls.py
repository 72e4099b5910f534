from __future__ import annotations

from django.urls import URLPattern

from conferences.day_urls import urlpatterns as day_urls

app_name = "conferences"

before_urls: list[URLPattern] = []

urlpatterns: list[URLPattern] = [*before_urls, *day_urls]
