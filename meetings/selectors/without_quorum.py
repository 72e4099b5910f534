"""Going on without a quorum: what the procedures ask, who else agrees, and when a decision has to wait for it.

One rule for page, form and services. It adds to the bar in ``meetings.selectors.outcomes`` and never loosens it:
without a quorum for a child no plan ends or is lowered, whatever a council's procedures say.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property

from accounts.models import User
from conferences.access import may
from conferences.agreed_by import is_named, people_named
from conferences.enums import ConferenceStatus
from conferences.models import Conference, ConferenceChild, Sitting
from conferences.selectors.children import short_name_of
from conferences.selectors.procedures import policy_of_conference
from conferences.selectors.quorum import QuorumCount
from deadlines.policies import BelowQuorum
from govuk.words import count
from meetings.enums import AgreesWithoutQuorum
from meetings.models import WithoutQuorum

KEY = "below-quorum-agreed-by"
# Who agrees besides the chair, by the policy's words; for any other wording the chair decides alone.
AGREES: dict[str, AgreesWithoutQuorum] = {
    "team manager and chair": AgreesWithoutQuorum.MANAGER,
    "team manager": AgreesWithoutQuorum.MANAGER,
    "coordinator": AgreesWithoutQuorum.COORDINATOR,
    "service manager": AgreesWithoutQuorum.SERVICE_MANAGER,
    "senior manager": AgreesWithoutQuorum.SERVICE_MANAGER,
}


@dataclass(frozen=True)
class GoingOn:
    """Whether one sitting may go on without a quorum; each part is read when it is first needed."""

    conference: Conference
    sitting: Sitting | None

    @cached_property
    def rule(self) -> BelowQuorum:
        return policy_of_conference(self.conference).below_quorum

    @property
    def party(self) -> str:
        """Return who has to agree besides the chair; empty where the chair decides alone."""
        return AGREES.get(self.rule.agreed_by, "")

    @property
    def party_words(self) -> str:
        return AgreesWithoutQuorum(self.party).label.lower() if self.party else ""

    @cached_property
    def record(self) -> WithoutQuorum | None:
        """Return what was written for this sitting."""
        return WithoutQuorum.objects.filter(sitting=self.sitting).select_related("agreed_by", "asked_by").first()

    @cached_property
    def _held_without_before(self) -> frozenset[int]:
        """Return the children whose last conference before this one was held without a quorum."""
        rows = (
            ConferenceChild.objects.filter(
                child__in=self.conference.children.present().values("child"),
                withdrawn_at__isnull=True,
                conference__status=ConferenceStatus.CLOSED,
            )
            .exclude(conference=self.conference)
            .order_by("child", "-conference__ended_at", "-pk")
            .distinct("child")
        )
        found = rows.values_list("child", "conference__quorate")
        return frozenset(child for child, quorate in found if quorate is False)

    def why_never(self, child: ConferenceChild) -> str:
        """Return why the procedures never allow it for this child; empty where they do."""
        if self.rule.twice_running or child.child_id not in self._held_without_before:
            return ""
        return (
            f"The conference before was held without a quorum for {short_name_of(child.child)} too. The procedures of "
            f"{self.conference.authority.name} never allow that twice running: adjourn, and book another day."
        )

    def why_too_few(self, child: ConferenceChild, quorum: QuorumCount) -> str:
        """Return why too few are here even for an exception; empty where the procedures know none or enough are."""
        if not quorum.is_too_low:
            return ""
        needed = count(quorum.exceptionally or 0, "other agency", "other agencies")
        return (
            f"For {short_name_of(child.child)} there are too few: {quorum.words[0].lower()}{quorum.words[1:]}. The "
            f"procedures of {self.conference.authority.name} let you go on exceptionally with {needed}, never with "
            "fewer: adjourn, and book another day."
        )

    def why_not_yet(self, child: ConferenceChild) -> str:
        """Return why the chair can't decide for a child without a quorum now; empty where that is possible."""
        if why := self.why_never(child):
            return why
        if not self.party or (self.record is not None and self.record.is_agreed):
            return ""
        return (
            f"The procedures of {self.conference.authority.name} ask the {self.party_words} to agree before you decide "
            f"for {short_name_of(child.child)} without a quorum. {self._waits}."
        )

    def why_not_closed(self, *, on: datetime.date) -> str:
        """Return why a meeting held without a quorum can't be closed yet; empty where nobody has to agree, or could."""
        if not self.party or (self.record is not None and self.record.is_agreed):
            return ""
        if not who_agrees(self.conference, on=on):
            return ""
        return (
            f"The procedures of {self.conference.authority.name} ask the {self.party_words} to agree to a meeting "
            f"without a quorum before you close it. {self._waits}. Decisions that are made stand."
        )

    @property
    def _waits(self) -> str:
        if self.record:
            return f"The {self.party_words} has been asked"
        return "Write under “Who is here” why you go on, and they are asked"


def may_agree(user: User, conference: Conference) -> bool:
    """Return whether the procedures name the user to agree besides the chair; a chair never agrees to their own."""
    return is_named(user, conference, KEY) and not may(user, conference, to="chair")


def who_agrees(conference: Conference, *, on: datetime.date) -> list[User]:
    """Return who is told that an agreement is asked for."""
    return [user for user in people_named(conference, KEY, on=on) if not may(user, conference, to="chair")]
