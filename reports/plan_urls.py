"""The paper of a plan."""

from __future__ import annotations

from django.urls import URLPattern, path

from reports.views import plan_papers, sending_back, wording

app_name = "plan_papers"

PAPER = "<int:pk>/paper"
COPY = f"{PAPER}/<int:document_pk>/copies/<int:person_pk>"

urlpatterns: list[URLPattern] = [
    path(f"{PAPER}/", plan_papers.see_plan_paper, name="paper"),
    path(f"{PAPER}/prepare/", plan_papers.prepare, name="prepare"),
    path(f"{PAPER}/wording/", wording.see_plan_wording, name="wording"),
    path(f"{PAPER}/wording/mend/<str:entry>/", wording.mend_plan, name="mend-wording"),
    path(f"{PAPER}/<int:document_pk>/send-back/", sending_back.send_plan_paper_back, name="send-back"),
    path(f"{PAPER}/<int:document_pk>/release/", plan_papers.release, name="release"),
    path(f"{COPY}/plan.pdf", plan_papers.copy_pdf, name="copy-pdf"),
    path(f"{COPY}/", plan_papers.send_copy, name="send-copy"),
]
