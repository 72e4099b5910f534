"""The minutes of a core group meeting."""

from __future__ import annotations

from django.urls import URLPattern, path

from reports.views import core_group_minutes

app_name = "core_group_minutes"

MEETING = "<int:pk>/meetings/<int:meeting_pk>/minutes"
COPY = f"{MEETING}/<int:document_pk>/copies/<int:member_pk>"

urlpatterns: list[URLPattern] = [
    path(f"{MEETING}/", core_group_minutes.see_core_group_minutes, name="minutes"),
    path(f"{MEETING}/prepare/", core_group_minutes.prepare, name="prepare"),
    path(f"{MEETING}/<int:document_pk>/release/", core_group_minutes.release, name="release"),
    path(f"{COPY}/minutes.pdf", core_group_minutes.copy_pdf, name="copy-pdf"),
    path(f"{COPY}/", core_group_minutes.send_copy, name="send-copy"),
]
