"""The paper of a plan."""

from __future__ import annotations

from django.urls import URLPattern, path

from reports.views import circulation, plan_papers, sending_back, wording

app_name = "plan_papers"

PAPER = "<int:pk>/paper"
DOCUMENT = f"{PAPER}/<int:document_pk>"
COPY = f"{DOCUMENT}/copies/<int:person_pk>"
PACK = f"{DOCUMENT}/circulation/packs/<int:pack_pk>"
ENVELOPE = f"{PACK}/envelopes/<int:envelope_pk>"

urlpatterns: list[URLPattern] = [
    path(f"{PAPER}/", plan_papers.see_plan_paper, name="paper"),
    path(f"{PAPER}/prepare/", plan_papers.prepare, name="prepare"),
    path(f"{PAPER}/wording/", wording.see_plan_wording, name="wording"),
    path(f"{PAPER}/wording/mend/<str:entry>/", wording.mend_plan, name="mend-wording"),
    path(f"{PAPER}/<int:document_pk>/send-back/", sending_back.send_plan_paper_back, name="send-back"),
    path(f"{PAPER}/<int:document_pk>/release/", plan_papers.release, name="release"),
    path(f"{COPY}/plan.pdf", plan_papers.copy_pdf, name="copy-pdf"),
    path(f"{DOCUMENT}/circulation/", circulation.OF_PLAN["circulation"], name="circulation"),
    path(f"{DOCUMENT}/circulation/copies/<int:copy_pk>/", circulation.OF_PLAN["copy-became"], name="copy-became"),
    path(f"{PACK}/", circulation.OF_PLAN["print-pack"], name="print-pack"),
    path(f"{PACK}/pages.pdf", circulation.OF_PLAN["print-pack-file"], name="print-pack-file"),
    path(f"{PACK}/envelopes.pdf", circulation.OF_PLAN["envelopes-file"], name="envelopes-file"),
    path(f"{ENVELOPE}/", circulation.OF_PLAN["take-envelope-out"], name="take-envelope-out"),
]
