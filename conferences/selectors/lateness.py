"""Conferences after their time limit: the last day, who the council requires to agree, and who has."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Func, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Greatest

from accounts.models import User
from conferences.access import chairs_of, may
from conferences.enums import ConferenceKind, ConferenceStatus, Party, SittingState
from conferences.models import Conference, LateAgreement, Sitting
from conferences.selectors.enquiries import last_day_for
from conferences.selectors.recipients import managers_of, service_managers
from conferences.selectors.review_limits import reviews_due
from conferences.selectors.transfers import last_day_of_transfers
from deadlines.models import Deadline, PolicyVersion
from deadlines.policies import baseline, policy_of
from deadlines.selectors.late_causes import OF_A_CONFERENCE
from deadlines.working_days.calendars import calendar_for

LATE_NEEDS = "late-conference-needs"
# What of it is said with the conference, and where it is kept; a safety plan stands with each agreement.
SAID_WITH_IT = {"cause": "late_cause", "reason": "late_reason"}

# What a policy may say about who agrees; for any other wording both are asked, which is safer.
PARTIES: dict[str, tuple[Party, ...]] = {
    "team manager and chair": (Party.MANAGER, Party.CHAIR),
    "team manager": (Party.MANAGER,),
    "chair": (Party.CHAIR,),
    "senior manager": (Party.SERVICE_MANAGER,),
    "service manager": (Party.SERVICE_MANAGER,),
    "nobody": (),
}

# The limit whose calendar counts how late a conference of one kind is; any other counts as an initial one.
OF_ONE_KIND: dict[str, str] = {
    ConferenceKind.TRANSFER_IN: "transfer-in-conference",
    ConferenceKind.REVIEW: "next-review",
}


def past_their_limit(now: Any) -> QuerySet[Conference]:
    """Return conferences past their limit, past it by their day, or decided after it; none that is cancelled.

    Also while no day is fixed, or after a first sitting that decided nothing.
    """
    last = Sitting.objects.filter(conference=OuterRef("pk")).exclude(state=SittingState.CANCELLED).order_by("-number")
    limits = Deadline.objects.filter(
        Q(late_from__lte=Greatest(OuterRef("last_at"), now)) & Q(met_at__isnull=True) | Q(met_at__gte=F("late_from")),
        conference_id=OuterRef("pk"),
        kind__in=sorted(OF_A_CONFERENCE),
        not_needed="",
    )
    counted = Conference.objects.annotate(last_at=Subquery(last.values("starts_at")[:1]))
    found: QuerySet[Conference] = counted.exclude(status=ConferenceStatus.CANCELLED).filter(Exists(limits))
    return found


def is_past_limit(conference: Conference, *, now: datetime.datetime) -> bool:
    """Return whether the conference is past its limit, so that what made it late is asked for and may be said."""
    return past_their_limit(now).filter(pk=conference.pk).exists()


def unexplained(now: Any) -> QuerySet[Conference]:
    """Return conferences past their limit of which something is not said that their procedures ask for."""
    missing = Q()
    for need, field in SAID_WITH_IT.items():
        missing |= Q(**{field: ""}, policy_version_id__in=_asking_for(need).values("pk"))
    return past_their_limit(now).filter(missing)


def _asking_for(need: str) -> QuerySet[PolicyVersion]:
    """Return the versions of procedures that ask for this past the limit; one that says nothing is as usual."""
    path = (Value(part) for part in ("values", LATE_NEEDS, "value"))
    needs = Func(F("data"), *path, function="jsonb_extract_path", output_field=JSONField())
    asks = Q(needs__has_key=need)
    if need in baseline()["values"][LATE_NEEDS]["value"]:
        asks |= Q(needs__isnull=True)
    return PolicyVersion.objects.order_by().alias(needs=needs).filter(asks)


@dataclass(frozen=True)
class AgreementRow:
    """One question about a late date as the overview shows it."""

    agreement: LateAgreement
    who: str
    cause: str

    @property
    def is_given(self) -> bool:
        return self.agreement.agreed_at is not None

    @property
    def is_overtaken(self) -> bool:
        return self.agreement.superseded_at is not None


def last_day_of(conference: Conference) -> datetime.date | None:
    """Return the last day within the limit for all its children: the earliest of theirs; None without a limit.

    For a review that is the open limit in the ledger: once the chair has decided, there is none.
    """
    rows = list(conference.children.filter(withdrawn_at__isnull=True).select_related("enquiry", "transfer"))
    enquiries = [row.enquiry for row in rows if row.enquiry and row.kind != ConferenceKind.REVIEW]
    reviewed = [row.child_id for row in rows if row.kind == ConferenceKind.REVIEW]
    days = (
        last_day_for(enquiries, authority_id=conference.authority_id),
        last_day_of_transfers([row.transfer for row in rows if row.transfer], authority_id=conference.authority_id),
        *reviews_due(reviewed).values_list("due_on", flat=True),
    )
    return min((day for day in days if day is not None), default=None)


def days_over(conference: Conference, day: datetime.date, *, last: datetime.date) -> int:
    """Return the working days from the limit's last day to ``day``, by the limit's own calendar."""
    kinds = set(conference.children.filter(withdrawn_at__isnull=True).values_list("kind", flat=True))
    key = OF_ONE_KIND.get(kinds.pop() if len(kinds) == 1 else "", "initial-conference")
    limit = policy_of(conference.policy_version_id).limit(key)
    return calendar_for(conference.authority_id).counting(limit).count(last, day)


def asked_parties(conference: Conference) -> tuple[Party, ...]:
    """Return who, by the conference's policy, has to agree to a date after the limit."""
    words = policy_of(conference.policy_version_id).value("late-agreed-by")
    return PARTIES.get(words, (Party.MANAGER, Party.CHAIR))


def who_answers(conference: Conference, party: str, *, on: datetime.date) -> list[User]:
    """Return who can answer for a party on a day: the service managers where a team has no manager."""
    if party == Party.CHAIR:
        return [user for user in chairs_of(conference, on=on) if may(user, conference, to="chair")]
    if party == Party.SERVICE_MANAGER:
        service = service_managers(conference, on=on)
        return [user for user in service if may(user, conference, to="agree")]
    return managers_of(conference, on=on)


def agreements_of(conference: Conference) -> list[AgreementRow]:
    """Return what was asked and answered about late dates, oldest first."""
    rows = conference.late_agreements.select_related("agreed_by")
    causes = dict(policy_of(conference.policy_version_id).lateness_causes)
    return [
        AgreementRow(agreement=row, who=row.get_party_display(), cause=causes.get(row.late_cause, row.late_cause))
        for row in rows
    ]


def open_to(user: User, conference: Conference, *, on: datetime.date) -> list[LateAgreement]:
    """Return the open questions that the user can answer."""
    asked = conference.late_agreements.filter(agreed_at__isnull=True, superseded_at__isnull=True)
    return [row for row in asked if user in who_answers(conference, row.party, on=on)]


def cause_words(conference: Conference) -> str:
    """Return the council's wording for the recorded cause of lateness; empty where there is none."""
    if not conference.late_cause:
        return ""
    return dict(policy_of(conference.policy_version_id).lateness_causes).get(
        conference.late_cause, conference.late_cause
    )
