"""The clock of those who have to be told by another way than e-mail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse

from conferences.clocks.conferences import allocated
from conferences.enums import ABOUT_A_PLAN, Occasion, ParticipantStatus
from conferences.models import Sitting, ToTell
from conferences.selectors.telling import still_to_tell, waits_after_a_loss
from deadlines.clocks import Clock, register
from deadlines.facts import Asked, Families, London, People, facts
from deadlines.models import Deadline
from families.selectors.losses import TOLD_LATER
from families.selectors.names import full_name_in_sql

NOTHING = Value("")


def people_to_tell(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each occasion that someone has to tell a person: from when it arose to the telling.

    It ends sooner where the meeting is near, and never before the day on which there was something to tell.
    """
    meeting = Sitting.objects.filter(conference=OuterRef("conference")).order_by("-number")
    rows = ToTell.objects.annotate(meets_on=London(Subquery(meeting.values("starts_at")[:1])))
    yield facts(
        families.of(rows, "conference__family_id"),
        authority_id="conference__authority_id",
        family_id="conference__family_id",
        fact_id="pk",
        starts_on=London(F("arose_at")),
        other_limit_key=Case(
            When(~Q(occasion__in=ABOUT_A_PLAN), meets_on__isnull=False, then=Value("tell-before-meeting"))
        ),
        other_starts_on="meets_on",
        due_not_before=London(F("arose_at")),
        conference_id="conference_id",
        responsible_ids=People(
            F("conference__coordinator_id"), Asked(allocated("conference__family").values("user_id"))
        ),
        what=full_name_in_sql("participant__person"),
        met_at="told_at",
        not_needed=Case(
            When(told_at__isnull=False, then=NOTHING),
            When(ended_at__isnull=False, then=F("ended_because")),
            When(
                ~Q(occasion=Occasion.CANCELLED),
                participant__status=ParticipantStatus.AWAITING_CHAIR,
                then=Value("Nothing is said to them before the chair has decided."),
            ),
            When(still_to_tell(families.today), then=NOTHING),
            When(waits_after_a_loss(), then=Value(TOLD_LATER)),
            default=Value("This need not be told to them any more."),
        ),
    )


def _where_told(deadline: Deadline) -> str:
    return reverse("conferences:to-tell", args=[deadline.conference_id])


def register_telling_clock() -> None:
    """Register the clock. Called from ``ConferencesConfig.ready``."""
    register(
        Clock(
            kind="tell-otherwise",
            title="Tell someone who gets no e-mail",
            rule=(
                "Whoever is not told by e-mail is told by post, by telephone or in person, of the invitation, each "
                "change and a cancellation, in time before the meeting. They stand as invited once someone has told "
                "them."
            ),
            event="day there was something to tell",
            met_when="someone has told them, and said who, when and how",
            facts=people_to_tell,
            url=_where_told,
            button="Open the list",
        )
    )
