"""Papers that wait for a manager's agreement, or for whoever releases them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat

from accounts.readers import Reader
from conferences.agreed_by import named_rule
from conferences.enums import ConferenceStatus
from conferences.models import Conference, Participant
from deadlines.to_decide import DecisionKind, matters
from families.selectors.names import full_name_in_sql
from reports.access import AUTHOR_RULES, COMPLAINTS, PLAN_PAPER_RULE, RELEASE_RULE
from reports.enums import DocumentKind, DocumentState, ReportState
from reports.models import Complaint, Document, Report


def _reports(reader: Reader) -> QuerySet[Any, Any]:
    """Return social work reports, of meetings still to come, to which a manager who did not write them agrees."""
    authors = AUTHOR_RULES["agree"].visible(Participant.objects.all(), reader)
    rows = Report.objects.filter(
        state=ReportState.SUBMITTED,
        needs_agreement=True,
        agreed_at__isnull=True,
        sent_back_at__isnull=True,
        author__in=authors.values("pk"),
    ).exclude(Q(submitted_by=reader.pk) | Q(begun_by=reader.pk))
    coming = rows.filter(conference__status__in=[ConferenceStatus.SCHEDULED, ConferenceStatus.REQUESTED])
    return matters(
        coming,
        since="submitted_at",
        args=["conference_id", "author_id"],
        family="conference__family_id",
        about=Concat(Value("Conference "), "conference__reference"),
    )


def _documents(kind: DocumentKind) -> Any:
    def waiting(reader: Reader) -> QuerySet[Any, Any]:
        """Return prepared papers; the service asks the same rule."""
        rows = Document.objects.filter(kind=kind, state=DocumentState.PREPARED)
        return matters(
            RELEASE_RULE.visible(rows, reader),
            since="prepared_at",
            args=["conference_id", "pk"],
            family="conference__family_id",
            about=Concat(Value("Conference "), "conference__reference"),
        )

    return waiting


def _plans(reader: Reader) -> QuerySet[Any, Any]:
    """Return prepared papers of plans that go on; the service asks the same rule."""
    rows = PLAN_PAPER_RULE.visible(Document.objects.filter(kind=DocumentKind.PLAN), reader)
    waiting = Document.objects.filter(
        pk__in=rows.values("pk"), state=DocumentState.PREPARED, plan__ends_on__isnull=True
    )
    return matters(
        waiting,
        since="prepared_at",
        args=["plan_id", "pk"],
        family="conference__family_id",
        about=full_name_in_sql("plan__child__person"),
    )


def _complaints(reader: Reader) -> QuerySet[Any, Any]:
    """Return complaints without an answer, for whoever the procedures name to answer them."""
    named = named_rule(COMPLAINTS).visible(Conference.objects.all(), reader)
    return matters(
        Complaint.objects.filter(answered_on__isnull=True, conference__in=named.values("pk")),
        since="recorded_at",
        args=["conference_id", "pk"],
        family="conference__family_id",
        about=Concat(Value("Conference "), "conference__reference"),
    )


KINDS = (
    DecisionKind("complaint", "Answer a complaint", "reports:answer-complaint", _complaints, order=55),
    DecisionKind(
        "report", "Agree to the social work report, or ask for changes", "reports:agree-report", _reports, order=40
    ),
    DecisionKind(
        "letter",
        "Read and release the decisions letter",
        "reports:release",
        _documents(DocumentKind.DECISIONS_LETTER),
        order=35,
    ),
    DecisionKind(
        "minutes", "Read and sign off the minutes", "reports:sign-off", _documents(DocumentKind.MINUTES), order=50
    ),
    DecisionKind("plan-paper", "Read and release the plan", "plan_papers:release", _plans, order=45),
)
