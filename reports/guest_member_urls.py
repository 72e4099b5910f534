"""The minutes that a core group member without an account was sent."""

from __future__ import annotations

from django.urls import path

from reports.views import guest_minutes

app_name = "guest_core_group_papers"

urlpatterns = [path("<int:copy_pk>/", guest_minutes.copy, name="copy")]
