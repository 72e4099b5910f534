"""Reports that a worker was asked for in a post they leave."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from accounts.models import User
from conferences.models import Participant
from conferences.services.posts import INVITED_IN_POST, report_wanted
from families.models import Post
from families.post_work import PostChange, PostItem, PostWork
from reports.enums import ReportState


def _items(post: Post, on: datetime.date) -> Sequence[PostItem]:
    """Return the reports that are not in, of the conferences they were to come to."""
    coming = {item.row_id: item for item in INVITED_IN_POST.items(post, on)}
    wanted = Participant.objects.filter(pk__in=coming, reports=True).exclude(
        written_reports__state=ReportState.SUBMITTED
    )
    rows = wanted.select_related("conference").order_by("conference__reference", "pk")
    return [PostItem(row.conference.family_id, row.pk, f"Report for {row.conference.reference}") for row in rows]


def _leave(row_id: int, change: PostChange) -> None:
    """Nothing: whoever is taken off the list is no longer asked for a report."""


def _give(row_id: int, to: Post, _by: User, _now: datetime.datetime) -> None:
    report_wanted(row_id, to)


REPORT_IN_POST = PostWork(key="report", title="Reports", items=_items, leave=_leave, give=_give)
