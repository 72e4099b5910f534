"""The plan tab of a conference."""

from __future__ import annotations

from django.urls import path

from plans.views import plans

app_name = "conference_plans"

urlpatterns = [path("<int:pk>/plan/", plans.plans_of_one_conference, name="plan")]
