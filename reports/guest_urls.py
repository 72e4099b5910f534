from __future__ import annotations

from django.urls import path

from reports.views import (
    guest_advocates,
    guest_complaints,
    guest_files,
    guest_formats,
    guest_objections,
    guest_pages,
    guest_papers,
    guest_plan_changes,
    guest_plans,
    guest_reading,
    guest_remarks,
    guest_report_files,
    guest_reports,
    guest_sharing,
)

app_name = "guest_papers"

OWN = "report"

urlpatterns = [
    path("", guest_papers.papers, name="papers"),
    path("reports/<int:report_pk>/", guest_papers.report, name="report"),
    path("reports/<int:report_pk>/short/", guest_remarks.short_report, name="short-report"),
    path("reports/<int:report_pk>/read/", guest_remarks.have_read, name="have-read"),
    path("reports/<int:report_pk>/wrong/<int:section_pk>/", guest_remarks.say_wrong, name="say-wrong"),
    path("reports/<int:report_pk>/ask/", guest_remarks.ask, name="ask-about"),
    path("reports/<int:report_pk>/files/<int:attachment_pk>/", guest_files.file, name="file"),
    path("copies/<int:copy_pk>/", guest_papers.copy, name="copy"),
    path("copies/<int:copy_pk>/read/", guest_pages.copy_as_page, name="read-copy"),
    path("copies/<int:copy_pk>/wrong/", guest_objections.say_minutes_wrong, name="minutes-wrong"),
    path("not-agree/", guest_objections.do_not_agree, name="not-agree"),
    path("complain/", guest_complaints.complain, name="complain"),
    path("complain/<int:complaint_pk>/further/", guest_complaints.take_further, name="complain-further"),
    path("formats/<int:format_pk>/", guest_formats.of_participant, name="format"),
    path("plans/<int:copy_pk>/read/", guest_pages.plan_of_participant, name="read-plan"),
    path("plans/<int:copy_pk>/changes/", guest_plan_changes.changes_for_participant, name="plan-changes"),
    path("plans/<int:copy_pk>/", guest_plans.plan_of_participant, name="plan"),
    path(f"{OWN}/", guest_reports.own_report, name="own-report"),
    path(f"{OWN}/write/", guest_reports.write_own_report, name="write-report"),
    path(f"{OWN}/files/add/", guest_report_files.attach_own_file, name="attach-file"),
    path(f"{OWN}/files/<int:attachment_pk>/take-out/", guest_report_files.take_out_own_file, name="take-out-file"),
    path(f"{OWN}/hand-in/", guest_reports.hand_in, name="hand-in"),
    path(f"{OWN}/new-version/", guest_reports.new_own_version, name="new-version"),
    path(f"{OWN}/shared/<int:person_pk>/", guest_sharing.say_how_it_went, name="shared"),
    path("client/", guest_advocates.papers, name="clients-papers"),
    path("client/reports/<int:report_pk>/", guest_advocates.report, name="clients-report"),
    path("client/reports/<int:report_pk>/short/", guest_advocates.short_report, name="clients-short-report"),
    path("client/copies/<int:copy_pk>/", guest_advocates.copy, name="clients-copy"),
    path("reading/", guest_reading.reading, name="reading"),
    path("reading/<int:report_pk>/", guest_reading.read_others_report, name="others-report"),
]
