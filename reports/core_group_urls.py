"""The minutes of a core group meeting."""

from __future__ import annotations

from django.urls import URLPattern, path

from reports.views import circulation, core_group_minutes, sending_back, wording

app_name = "core_group_minutes"

MEETING = "<int:pk>/meetings/<int:meeting_pk>/minutes"
DOCUMENT = f"{MEETING}/<int:document_pk>"
COPY = f"{DOCUMENT}/copies/<int:member_pk>"
PACK = f"{DOCUMENT}/circulation/packs/<int:pack_pk>"
ENVELOPE = f"{PACK}/envelopes/<int:envelope_pk>"

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
    path(f"{DOCUMENT}/circulation/", circulation.OF_CORE_GROUP["circulation"], name="circulation"),
    path(f"{DOCUMENT}/circulation/copies/<int:copy_pk>/", circulation.OF_CORE_GROUP["copy-became"], name="copy-became"),
    path(f"{PACK}/", circulation.OF_CORE_GROUP["print-pack"], name="print-pack"),
    path(f"{PACK}/pages.pdf", circulation.OF_CORE_GROUP["print-pack-file"], name="print-pack-file"),
    path(f"{PACK}/envelopes.pdf", circulation.OF_CORE_GROUP["envelopes-file"], name="envelopes-file"),
    path(f"{ENVELOPE}/", circulation.OF_CORE_GROUP["take-envelope-out"], name="take-envelope-out"),
]
