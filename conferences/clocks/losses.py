"""The clocks of a manager after a child's death: are the others safe, what is notified, what is still held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.urls import reverse

from accounts.enums import Role
from conferences.clocks.managing import holding
from deadlines.clocks import Clock, register
from deadlines.facts import Asked, Families, London, People, facts
from deadlines.models import Deadline
from families.enums import LossKind, LossQuestion
from families.models import Family, FamilyMember, Loss, LossAnswer
from notifications.enums import MessageState
from notifications.models import Message

IN_ERROR = Value("It was entered in error.")
NO_ONE_ELSE = Value("There is no other child in the family.")
NOT_HELD = Value("It is not held any more.")
NOTHING = Value("")
ABOUT_OTHERS = frozenset({LossQuestion.SIBLINGS_SAFE, LossQuestion.DISCUSSION_NEEDED})


def managing_family(family: str) -> Case:
    """Return the managers of the team of the family at ``family`` of the outer row; if none, the service managers."""
    own = Family.objects.filter(pk=OuterRef(OuterRef(family)))
    team = holding(Role.TEAM_MANAGER).filter(team__in=own.values("team"))
    service = holding(Role.SERVICE_MANAGER).filter(authority__in=own.values("authority"))
    return Case(
        When(Exists(team), then=People(Asked(team.values("user_id")))), default=People(Asked(service.values("user_id")))
    )


def _asking(question: LossQuestion) -> Callable[[Families], Iterator[QuerySet[Any, Any]]]:
    def asked(families: Families) -> Iterator[QuerySet[Any, Any]]:
        """Yield one fact for each child's death recorded by somebody, from the moment of recording."""
        present = FamilyMember.objects.filter(person=OuterRef("person"), ends_on__isnull=True).order_by("pk")
        died = (
            Loss.objects.filter(kind=LossKind.DIED, recorded_by__isnull=False, person__child__isnull=False)
            .annotate(member=F("person__memberships__pk"), counts_for=F("person__memberships__family_id"))
            .filter(member=Subquery(present.values("pk")[:1]))
        )
        others = FamilyMember.objects.filter(
            family=OuterRef("counts_for"),
            ends_on__isnull=True,
            person__child__isnull=False,
            person__death_date__isnull=True,
        )
        answers = LossAnswer.objects.filter(loss=OuterRef("pk"), question=question)
        ends = [When(withdrawn_at__isnull=False, then=IN_ERROR)]
        if question in ABOUT_OTHERS:
            ends.append(When(~Exists(others), then=NO_ONE_ELSE))
        yield facts(
            families.of(died, "counts_for"),
            authority_id="person__authority_id",
            family_id="counts_for",
            fact_id="pk",
            child_id="person__child__pk",
            starts_on=London(F("recorded_at")),
            starts_at="recorded_at",
            responsible_ids=managing_family("counts_for"),
            met_at=Subquery(answers.values("answered_at")[:1]),
            not_needed=Case(*ends, default=NOTHING),
        )

    return asked


def held(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each message to a family that waited for a manager, from that day to the decision."""
    rows = Message.objects.filter(held_at__isnull=False, family_id__isnull=False)
    yield facts(
        families.of(rows, "family_id"),
        authority_id="authority_id",
        family_id="family_id",
        fact_id="pk",
        starts_on=London(F("held_at")),
        responsible_ids=managing_family("family_id"),
        met_at="settled_at",
        not_needed=Case(
            When(settled_at__isnull=False, then=NOTHING), When(state=MessageState.HELD, then=NOTHING), default=NOT_HELD
        ),
    )


def _where_answered(deadline: Deadline) -> str:
    child = deadline.child_id
    person = FamilyMember.objects.filter(person__child=child).order_by("pk").values_list("person_id", flat=True)[:1]
    return reverse("families:after-a-death", args=[deadline.family_id, person.get()])


def _where_held(deadline: Deadline) -> str:
    return reverse("families:held", args=[deadline.family_id])


# For each question: the kind of clock, what has to be done, and why.
ASKED = {
    LossQuestion.SIBLINGS_SAFE: (
        "siblings-safe",
        "Make sure the brothers and sisters are safe",
        "When a child has died, a manager finds out within the hour whether the other children are safe.",
    ),
    LossQuestion.DISCUSSION_NEEDED: (
        "discussion-after-death",
        "Decide whether a strategy discussion is needed",
        "When a child has died, a manager decides at once whether a strategy discussion about the others is needed.",
    ),
    LossQuestion.INCIDENT_NOTIFIED: (
        "serious-incident-notification",
        "Notify the serious incident, or say why not",
        "A child's death is notified as a serious incident where abuse or neglect is known or suspected.",
    ),
    LossQuestion.REVIEW_TOLD: (
        "child-death-review",
        "Tell the child death review",
        "Every death of a child is told to the partners who review child deaths.",
    ),
}


def register_loss_clocks() -> None:
    """Register the clocks. Called from ``ConferencesConfig.ready``."""
    for question, (kind, title, rule) in ASKED.items():
        register(
            Clock(
                kind=kind,
                is_urgent=True,
                title=title,
                rule=rule,
                event="recording of the death",
                met_when="a manager has answered",
                facts=_asking(question),
                url=_where_answered,
                button="Answer",
            )
        )
    register(
        Clock(
            kind="held-message",
            title="Decide whether a message to the family is sent",
            rule=(
                "After a child's death, or a pregnancy that ended, nothing leaves for the family by itself: a manager "
                "decides about each message."
            ),
            event="day it was held",
            met_when="a manager has released it or kept it back",
            facts=held,
            url=_where_held,
            button="Read and decide",
        )
    )
