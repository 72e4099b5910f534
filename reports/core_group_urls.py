"""The minutes of a core group meeting."""

from __future__ import annotations

from django.urls import URLPattern, path

from reports.views import core_group_minutes, sending_back, wording

app_name = "core_group_minutes"

MEETING = "<int:pk>/meetings/<int:meeting_pk>/minutes"
COPY = f"{MEETING}/<int:document_pk>/copies/<int:member_pk>"

urlpatterns: list[URLPattern] = [
    path(f"{MEETING}/", core_group_minutes.see_core_group_minutes, name="minutes"),
    path(f"{MEETING}/prepare/", core_group_minutes.prepare, name="prepare"),
    path(f"{MEETING}/wording/", wording.see_core_group_wording, name="wording"),
    path(f"{MEETING}/wording/mend/<str:entry>/", wording.mend_core_group, name="mend-wording"),
    path(f"{MEETING}/wording/discussion/", wording.discuss_core_group, name="write-discussion"),
    path(f"{MEETING}/wording/discussion/<int:row_pk>/", wording.discuss_core_group_again, name="change-discussion"),
    path(
        f"{MEETING}/wording/discussion/<int:row_pk>/take-out/", wording.take_out_core_group, name="take-out-discussion"
    ),
    path(f"{MEETING}/<int:document_pk>/send-back/", sending_back.send_core_group_minutes_back, name="send-back"),
    path(f"{MEETING}/<int:document_pk>/release/", core_group_minutes.release, name="release"),
    path(f"{COPY}/minutes.pdf", core_group_minutes.copy_pdf, name="copy-pdf"),
    path(f"{COPY}/", core_group_minutes.send_copy, name="send-copy"),
]
