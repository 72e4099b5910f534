"""Which version of a council's policy applies."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError

from accounts.models import Authority
from deadlines.models import PolicyVersion
from deadlines.policies.policy import Policy
from deadlines.policies.presets import filled


class PolicyMissing(ValidationError):
    """The council had no policy in force on the relevant day."""


def policy_for(authority: Authority | int, *, on: datetime.date) -> Policy:
    """Return the version in force in an authority on a day.

    Raises PolicyMissing when the authority had none.
    """
    authority_id = authority if isinstance(authority, int) else authority.pk
    version_id = (
        PolicyVersion.objects.filter(authority_id=authority_id, in_force_from__lte=on)
        .order_by("-in_force_from", "-number")
        .values_list("pk", flat=True)
        .first()
    )
    if version_id is None:
        raise missing(on)
    return policy_of(version_id)


def missing(on: datetime.date) -> PolicyMissing:
    """Return the refusal, which names the day but no case."""
    return PolicyMissing(
        f"This council has no procedures in force on {on:%-d %B %Y}, so nothing can be counted. "
        "An administrator has to put procedures in force from that day or earlier."
    )


def policy_of(version_id: int) -> Policy:
    """Return one version; versions never change, so each is read once per process.

    Raises PolicyMissing when there is none with that id.
    """
    found = _policies.get(version_id)
    return found if found is not None else policies_of([version_id])[version_id]


def policies_of(version_ids: Iterable[int]) -> dict[int, Policy]:
    """Return several versions with at most one query; a key that a version lacks comes from the baseline."""
    wanted = set(version_ids)
    unread = wanted - _policies.keys()
    if unread:
        for row in PolicyVersion.objects.filter(pk__in=unread):
            _policies[row.pk] = Policy(
                version_id=row.pk,
                number=row.number,
                in_force_from=row.in_force_from,
                authority_id=row.authority_id,
                preset=row.preset,
                data=filled(row.data),
            )
    absent = wanted - _policies.keys()
    if absent:
        raise PolicyMissing("A deadline names procedures that are not in the system. Load the council's policy first.")
    return {version_id: _policies[version_id] for version_id in wanted}


def forget(version_ids: Iterable[int]) -> None:
    """Forget versions that were tried and not kept."""
    for version_id in version_ids:
        _policies.pop(version_id, None)


_policies: dict[int, Policy] = {}
