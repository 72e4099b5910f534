from __future__ import annotations

from django.urls import path

from my_views.views import guests, passed_on

app_name = "guest_my_views"

urlpatterns = [
    path("", guests.start, name="start"),
    path("question/<slug:key>/", guests.question, name="question"),
    path("check/", guests.check, name="check"),
    path("take-back/", guests.withdraw, name="withdraw"),
    path("other-ways/", guests.other_ways, name="other-ways"),
    path("paper/", guests.paper, name="paper"),
    path("passed-on/", passed_on.passed_on, name="passed-on"),
    path("client/", passed_on.words_of_client_page, name="words-of-client"),
]
