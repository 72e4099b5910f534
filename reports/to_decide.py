"""Papers that wait for a manager's agreement, or for whoever releases them."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from accounts.readers import Reader
from accounts.rules import Rule
from conferences.access import CONFERENCE_RULE, UPCOMING
from conferences.access import RULES as CONFERENCE_RULES
from conferences.agreed_by import named_rule
from conferences.answered_by import CHAIRS, COORDINATORS, COORDINATORS_RULE, WORKERS_RULE
from conferences.enums import ConferenceStatus
from conferences.models import Conference, Participant
from core_groups.access import CORE_GROUP_PLAN_RULE
from core_groups.models import CoreGroup
from deadlines.to_decide import DecisionKind, matters
from families.selectors.names import full_name_in_sql
from plans.access import PLAN_CARRY_RULE
from plans.models import Plan
from reports.access import AUTHOR_RULES, CHILDS_LETTER_RULE, COMPLAINTS, PLAN_PAPER_RULE, RELEASE_RULE
from reports.enums import DissentChoice, DocumentKind, DocumentState, ReportState
from reports.models import (
    Complaint,
    ComplaintStage,
    Document,
    FormatAsked,
    LodgedDissent,
    MinutesComment,
    PaperProgress,
    Report,
)
from reports.selectors.objections import accepted_comments

CHAIRS_RULE = Rule(rights=CHAIRS, never=CONFERENCE_RULE.never)
# For whom a comment on the minutes waits; a service manager may settle it in their place, from the minutes' page.
OBJECTIONS_RULE = Rule(rights=[*CHAIRS, *COORDINATORS], never=CONFERENCE_RULE.never)


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
        rows = Document.objects.filter(kind=kind, state=DocumentState.PREPARED, sent_back_at__isnull=True)
        return matters(
            RELEASE_RULE.visible(rows, reader),
            since="prepared_at",
            args=["conference_id", "pk"],
            family="conference__family_id",
            about=Concat(Value("Conference "), "conference__reference"),
        )

    return waiting


def _sent_back(kind: DocumentKind) -> Any:
    def waiting(reader: Reader) -> QuerySet[Any, Any]:
        """Return papers sent back, for whoever prepares a new version."""
        conferences = CONFERENCE_RULES["minutes"].visible(Conference.objects.all(), reader)
        rows = Document.objects.filter(
            kind=kind, state=DocumentState.PREPARED, sent_back_at__isnull=False, conference__in=conferences.values("pk")
        )
        return matters(
            rows,
            since="sent_back_at",
            args=["conference_id"],
            family="conference__family_id",
            about=Concat(Value("Conference "), "conference__reference"),
        )

    return waiting


def _plans_sent_back(reader: Reader) -> QuerySet[Any, Any]:
    """Return papers of plans that were sent back, for whoever carries the plan."""
    plans = PLAN_CARRY_RULE.visible(Plan.objects.filter(ends_on__isnull=True), reader)
    rows = Document.objects.filter(
        kind=DocumentKind.PLAN, state=DocumentState.PREPARED, sent_back_at__isnull=False, plan__in=plans.values("pk")
    )
    return matters(
        rows,
        since="sent_back_at",
        args=["plan_id"],
        family="conference__family_id",
        about=full_name_in_sql("plan__child__person"),
    )


def _plans(reader: Reader) -> QuerySet[Any, Any]:
    """Return prepared papers of plans that go on; the service asks the same rule."""
    rows = PLAN_PAPER_RULE.visible(Document.objects.filter(kind=DocumentKind.PLAN), reader)
    waiting = Document.objects.filter(
        pk__in=rows.values("pk"), state=DocumentState.PREPARED, sent_back_at__isnull=True, plan__ends_on__isnull=True
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


def _complaint_stages(reader: Reader) -> QuerySet[Any, Any]:
    """Return complaints taken further, for service managers who neither chair nor answered: ``may_answer_stage``."""
    theirs = CONFERENCE_RULES["manage the service"].visible(Conference.objects.all(), reader)
    chaired = CONFERENCE_RULES["chair"].visible(Conference.objects.all(), reader)
    answered = ComplaintStage.objects.filter(complaint=OuterRef("complaint"), answered_by=reader.pk)
    return matters(
        ComplaintStage.objects.filter(~Exists(answered), answered_on__isnull=True)
        .filter(complaint__conference__in=theirs.values("pk"))
        .exclude(complaint__conference__in=chaired.values("pk"))
        .exclude(complaint__answered_by=reader.pk),
        since="recorded_at",
        args=["complaint__conference_id", "pk"],
        family="complaint__conference__family_id",
        about=Concat(Value("Conference "), "complaint__conference__reference"),
    )


def _comments(reader: Reader) -> QuerySet[Any, Any]:
    """Return comments on the minutes that nobody has settled, for whoever chairs or coordinates the conference."""
    theirs = OBJECTIONS_RULE.visible(Conference.objects.all(), reader)
    return _about_minutes(MinutesComment.objects.filter(settled_at__isnull=True), theirs, since="recorded_at")


def _comments_accepted(reader: Reader) -> QuerySet[Any, Any]:
    """Return comments that were right and are in no version of the minutes yet, for whoever prepares one."""
    theirs = COORDINATORS_RULE.visible(Conference.objects.all(), reader)
    rows = accepted_comments()
    return _about_minutes(rows, theirs, since="settled_at", args=["document__conference_id"])


def _about_minutes(
    rows: QuerySet[MinutesComment], conferences: QuerySet[Conference], *, since: str, args: list[str] | None = None
) -> QuerySet[Any, Any]:
    return matters(
        rows.filter(document__conference__in=conferences.values("pk")),
        since=since,
        args=args or ["document__conference_id", "pk"],
        family="document__conference__family_id",
        about=Concat(Value("Conference "), "document__conference__reference"),
    )


def _dissents(reader: Reader) -> QuerySet[Any, Any]:
    """Return dissents without an answer, for whoever chairs the conference."""
    chaired = CHAIRS_RULE.visible(Conference.objects.all(), reader)
    return matters(
        LodgedDissent.objects.filter(
            choice=DissentChoice.LODGED, answered_at__isnull=True, conference__in=chaired.values("pk")
        ),
        since="lodged_at",
        args=["conference_id", "pk"],
        family="conference__family_id",
        about=Concat(Value("Conference "), "conference__reference"),
    )


def _files(rule: Rule, flag: str) -> Any:
    def waiting(reader: Reader) -> QuerySet[Any, Any]:
        """Return reports with a file that waits for the reader's look, before it can reach someone in the family."""
        conferences = rule.visible(Conference.objects.filter(status__in=UPCOMING), reader)
        reports = Report.objects.filter(author=OuterRef("participant"), state=ReportState.SUBMITTED)
        return matters(
            PaperProgress.objects.filter(conference__in=conferences.values("pk"), **{flag: True}),
            since=Subquery(reports.order_by("-number").values("submitted_at")[:1]),
            args=["conference_id", "participant_id"],
            family="conference__family_id",
            about=Concat(Value("Conference "), "conference__reference"),
        )

    return waiting


def _formats(reader: Reader) -> QuerySet[Any, Any]:
    """Return papers asked for in another format that are late, for whoever sends that paper's copies."""
    conferences = CONFERENCE_RULES["minutes"].visible(Conference.objects.all(), reader)
    groups = CORE_GROUP_PLAN_RULE.visible(CoreGroup.objects.all(), reader)
    plans = PLAN_CARRY_RULE.visible(Plan.objects.all(), reader)
    theirs = Q(
        document__conference__in=conferences.values("pk"),
        document__core_group_meeting__isnull=True,
        document__plan__isnull=True,
    )
    theirs |= Q(document__core_group_meeting__core_group__in=groups.values("pk"))
    theirs |= Q(document__plan__in=plans.values("pk"))
    late = FormatAsked.objects.filter(
        theirs, sent_at__isnull=True, due_on__lt=reader.today, document__state=DocumentState.RELEASED
    )
    return matters(
        late,
        since="asked_at",
        args=["document__conference_id", "pk"],
        family="document__conference__family_id",
        about=Concat(Value("Conference "), "document__conference__reference"),
    )


def _childs_letters(rule: Rule, since: str, arg: str = "pk", **state: Any) -> Any:
    def waiting(reader: Reader) -> QuerySet[Any, Any]:
        """Return letters to children in this state, for those whose turn it is."""
        conferences = rule.visible(Conference.objects.filter(status=ConferenceStatus.CLOSED), reader)
        rows = Document.objects.filter(
            kind=DocumentKind.CHILDS_LETTER,
            conference__in=conferences.values("pk"),
            conference_child__withdrawn_at__isnull=True,
            conference_child__child__person__death_date__isnull=True,
            conference_child__child__person__sealed_at__isnull=True,
            **state,
        )
        return matters(
            rows,
            since=since,
            args=["conference_id", arg],
            family="conference__family_id",
            about=full_name_in_sql("conference_child__child__person"),
        )

    return waiting


PREPARED, RELEASED = DocumentState.PREPARED, DocumentState.RELEASED
FILES = "Say who in the family may have a file of a report"
KINDS = (
    DecisionKind(
        "paper-format", "Late: a paper in another format or language", "reports:see-format", _formats, order=60
    ),
    DecisionKind("file-worker", FILES, "reports:read-report", _files(WORKERS_RULE, "file_waits_for_worker"), order=42),
    DecisionKind(
        "file-coordinator",
        FILES,
        "reports:read-report",
        _files(COORDINATORS_RULE, "file_waits_for_coordinator"),
        order=42,
    ),
    DecisionKind("dissent", "Answer someone who does not agree", "reports:answer-dissent", _dissents, order=53),
    DecisionKind("minutes-comment", "Settle a comment on the minutes", "reports:settle-comment", _comments, order=54),
    DecisionKind(
        "comment-accepted",
        "A comment was right: prepare new minutes",
        "reports:prepare-minutes",
        _comments_accepted,
        order=54,
    ),
    DecisionKind("complaint", "Answer a complaint", "reports:answer-complaint", _complaints, order=55),
    DecisionKind(
        "complaint-stage",
        "Answer a complaint that was taken further",
        "reports:answer-complaint-stage",
        _complaint_stages,
        order=55,
    ),
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
    DecisionKind(
        "letter-sent-back",
        "Sent back: mend the decisions letter and prepare it again",
        "reports:prepare-decisions-letter",
        _sent_back(DocumentKind.DECISIONS_LETTER),
        order=34,
    ),
    DecisionKind(
        "minutes-sent-back",
        "Sent back: mend the minutes and prepare them again",
        "reports:prepare-minutes",
        _sent_back(DocumentKind.MINUTES),
        order=49,
    ),
    DecisionKind(
        "plan-paper-sent-back",
        "Sent back: mend the plan’s paper and prepare it again",
        "plan_papers:prepare",
        _plans_sent_back,
        order=44,
    ),
    DecisionKind(
        "childs-letter",
        "Read and release the letter to a child",
        "reports:release-childs-letter",
        _childs_letters(CONFERENCE_RULES["chair"], "prepared_at", state=PREPARED, sent_back_at__isnull=True),
        order=36,
    ),
    DecisionKind(
        "childs-letter-sent-back",
        "Sent back: mend the letter to a child and prepare it again",
        "reports:prepare-childs-letter",
        _childs_letters(
            CHILDS_LETTER_RULE, "sent_back_at", "conference_child_id", state=PREPARED, sent_back_at__isnull=False
        ),
        order=37,
    ),
    DecisionKind(
        "childs-letter-handover",
        "Hand over the letter to a child, and record how it went",
        "reports:hand-over-childs-letter",
        _childs_letters(CHILDS_LETTER_RULE, "released_at", state=RELEASED, handover__handed_at__isnull=True),
        order=38,
    ),
    DecisionKind("plan-paper", "Read and release the plan", "plan_papers:release", _plans, order=45),
)
