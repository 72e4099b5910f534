"""The minutes and plans that a core group member without an account was sent."""

from __future__ import annotations

from django.urls import path

from reports.views import guest_formats, guest_minutes, guest_pages, guest_plan_changes, guest_plans

app_name = "guest_core_group_papers"

urlpatterns = [
    path("<int:copy_pk>/", guest_minutes.copy, name="copy"),
    path("<int:copy_pk>/read/", guest_pages.minutes_of_member, name="read-minutes"),
    path("formats/<int:format_pk>/", guest_formats.of_member, name="format"),
    path("plans/<int:copy_pk>/read/", guest_pages.plan_of_member, name="read-plan"),
    path("plans/<int:copy_pk>/changes/", guest_plan_changes.changes_for_member, name="plan-changes"),
    path("plans/<int:copy_pk>/", guest_plans.plan_of_member, name="plan"),
]
