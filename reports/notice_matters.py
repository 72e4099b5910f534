"""What the notices about reports and papers are about."""

from __future__ import annotations

from django.db.models import Q

from conferences.models import Participant
from deadlines.notice_matters import NoticeMatter
from reports.enums import ReportState
from reports.models import Complaint, ComplaintStage, Copy, LodgedDissent, MinutesComment, Remark, Report

MATTERS = (
    NoticeMatter("report-to-agree", Report.objects.all, waits=Q(agreed_at__isnull=True), decided=True),
    NoticeMatter(
        "report-sent-back",
        Report.objects.all,
        family="conference__family_id",
        waits=Q(state=ReportState.SUBMITTED, sent_back_at__isnull=False, agreed_at__isnull=True),
    ),
    NoticeMatter(
        "report-draft",
        Report.objects.all,
        family="conference__family_id",
        waits=Q(state=ReportState.DRAFT, draft_shown_at__isnull=False),
    ),
    NoticeMatter(
        "report-remark", Remark.objects.all, family="report__conference__family_id", waits=Q(answered_at__isnull=True)
    ),
    NoticeMatter("minutes-comment", MinutesComment.objects.all, waits=Q(settled_at__isnull=True), decided=True),
    NoticeMatter("dissent-lodged", LodgedDissent.objects.all, waits=Q(answered_at__isnull=True), decided=True),
    NoticeMatter("complaint", Complaint.objects.all, waits=Q(answered_on__isnull=True), decided=True),
    NoticeMatter("complaint-stage", ComplaintStage.objects.all, waits=Q(answered_on__isnull=True), decided=True),
    NoticeMatter("paper-not-sent", Copy.objects.all, family="document__conference__family_id"),
    NoticeMatter("later-recipient", Participant.objects.all, family="conference__family_id"),
)
