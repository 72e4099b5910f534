from __future__ import annotations

from django.urls import path

from reports.views import guest_papers, guest_plans

app_name = "guest_papers"

urlpatterns = [
    path("", guest_papers.papers, name="papers"),
    path("reports/<int:report_pk>/", guest_papers.report, name="report"),
    path("copies/<int:copy_pk>/", guest_papers.copy, name="copy"),
    path("plans/<int:copy_pk>/", guest_plans.plan_of_participant, name="plan"),
]
