"""Whether whoever asks for what is held about a person may have it, and why each record is given or left out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent, User
from conferences.selectors.windows import holders
from families.enums import ResponsibilityStatus
from families.models import Child, FamilyMember, ParentalResponsibility
from families.models.persons import ADULT_FROM, birthday
from records.enums import Answered, Asker, DecisionGround
from records.models import Disclosure

NOT_KNOWN = "It is not recorded who asks, and that they may. Withdraw this bundle and start it again."


def why_not_to_whoever_asks(disclosure: Disclosure, *, on: datetime.date) -> dict[str, str]:
    """Return by field why a request cannot be answered on a day; empty where it can, and for a court.

    A parent who asks for a child: recorded as holding parental responsibility that day, neither unknown nor disputed,
    with how that was checked; the child's own understanding was found out, and a child who understands agrees; and it
    is in the child's interests, with the reason. A child who asks for themselves understands what they ask.
    (Data Protection Act 2018, section 45; the rights are the child's own, not the parent's.)
    """
    if disclosure.is_for_court:
        return {}
    child = Child.objects.filter(person=disclosure.person_id).first()
    if disclosure.asker == Asker.PARENT:
        if child is None or _grown_up(disclosure, on=on):
            return {"asker": "They are not a child any more. They ask for themselves."}
        return _why_not_to_parent(disclosure, child, on=on)
    if child is None or _grown_up(disclosure, on=on):
        return {}
    if disclosure.asker == Asker.ACTING:
        return {"asker": "For a child it is someone with parental responsibility who asks, or the child."}
    if disclosure.asker != Asker.THEMSELVES:
        return {"asker": NOT_KNOWN}
    if disclosure.child_understands != Answered.YES:
        return {"child_understands": "A child who asks for themselves has to understand what they ask. Find out first."}
    return {}


def _grown_up(disclosure: Disclosure, *, on: datetime.date) -> bool:
    born = disclosure.person.birth_date
    return born is not None and birthday(born, ADULT_FROM) <= on


def _why_not_to_parent(disclosure: Disclosure, child: Child, *, on: datetime.date) -> dict[str, str]:
    faults: dict[str, str] = {}
    parent = disclosure.asking_parent_id
    if parent is None or not FamilyMember.objects.filter(family=disclosure.family_id, person=parent).exists():
        faults["asking_parent"] = "Choose which of the family asks."
    elif not _holds_responsibility(child, parent, on=on):
        faults["asking_parent"] = (
            "It is not recorded that they have parental responsibility for this child now. Record it first, with how "
            "it came about; while it is unknown or disputed nothing is given to them."
        )
    if not disclosure.responsibility_seen.strip():
        faults["responsibility_seen"] = "Say how you checked that they have parental responsibility."
    if not disclosure.child_understands:
        faults["child_understands"] = "Find out first whether the child understands what is asked."
    elif disclosure.child_understands == Answered.YES and disclosure.child_agrees != Answered.YES:
        faults["child_agrees"] = "This child understands, so it is the child’s to agree. Nothing is given without that."
    if disclosure.in_interest != Answered.YES:
        faults["in_interest"] = "A parent gets a child’s record only where that is in the child’s interests."
    elif not disclosure.interest_because.strip():
        faults["interest_because"] = "Say why it is in the child’s interests."
    return faults


def _holds_responsibility(child: Child, person_id: int, *, on: datetime.date) -> bool:
    rows = ParentalResponsibility.objects.current(on=on).filter(child=child, person=person_id)
    said = set(rows.values_list("status", flat=True))
    return said == {ResponsibilityStatus.HELD}


def refuse_whoever_may_not(disclosure: Disclosure, *, on: datetime.date) -> None:
    """Raise ValidationError where whoever asks may not have it on this day: what was so at the start can end."""
    faults = why_not_to_whoever_asks(disclosure, on=on)
    if faults:
        raise ValidationError(" ".join(faults.values()))


def was_looked_at(disclosure: Disclosure) -> bool:
    """Return whether someone opened the finished file since it was made, by the read log."""
    opened = AccessEvent.objects.filter(
        subject="Disclosure", subject_id=disclosure.pk, page="records:bundle-file", kind=ReadKind.EXPORT
    )
    return disclosure.made_at is not None and opened.filter(at__gte=disclosure.made_at).exists()


@dataclass(frozen=True)
class Judged:
    """Why records are given or left out, who was consulted, and which data protection officer decided."""

    ground: str = ""
    because: str = ""
    consulted: str = ""
    officer: User | None = None

    def as_columns(self) -> Mapping[str, object]:
        """Return what a decision keeps of it."""
        return {
            "ground": self.ground,
            "because": self.because.strip(),
            "consulted": self.consulted.strip(),
            "officer": self.officer,
        }


def officers_of(disclosure: Disclosure, *, on: datetime.date) -> list[User]:
    """Return the council's data protection officers, who decide on serious harm and about other people."""
    return holders(disclosure.authority, Role.DATA_PROTECTION, on=on)


def check_judged(disclosure: Disclosure, judged: Judged, *, on: datetime.date) -> None:
    """Raise ValidationError by field where marked records are decided about without reason, advice or officer."""
    faults: dict[str, str] = {}
    if judged.ground not in DecisionGround.values:
        faults["ground"] = "Choose the reason for these answers."
    elif DecisionGround(judged.ground).needs_advice and not judged.consulted.strip():
        faults["consulted"] = "Say who was consulted about the harm, and what they said."
    if not judged.because.strip():
        faults["because"] = "Say why."
    officers = officers_of(disclosure, on=on)
    if officers and judged.officer not in officers:
        faults["officer"] = "Choose the data protection officer who decided."
    if faults:
        raise ValidationError(faults)
