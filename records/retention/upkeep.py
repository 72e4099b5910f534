"""What surrounds the cases, kept to each council's time: messages, drafts, checks, bundles, certificates, reads.

Runs every night, once for each council, by sets. Texts are overwritten in place (ADR 12); of the read log whole sealed
pieces go (ADR 11). Nothing under a legal hold is touched.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable
from typing import Any

import structlog
from dateutil.relativedelta import relativedelta
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.case_data import REMOVED
from accounts.models import Authority, Draft, GuestDraft, RoleAssignment
from conferences.models import Conference, ConferenceChild
from deadlines.policies import Policy, PolicyMissing, policy_for
from families.models import Enquiry, FamilyMember
from my_views.models import DraftAnswer
from notifications.enums import MessageState
from notifications.models import Message
from records.models import Disclosure, Disposal, LegalHold
from records.retention.upkeep_sql import OVERWRITE, REMOVE_READS
from reports.uploads import storing

logger = structlog.get_logger(__name__)

OVER = (MessageState.SENT, MessageState.FAILED, MessageState.WITHDRAWN)


def keep_to_time(*, now: datetime.datetime) -> dict[str, int]:
    """Overwrite everything that each council's procedures of today no longer keep; return how many rows, by kind.

    In order, for each council: the text of messages; what was typed and never sent; checks of the list, bundles and
    certificates, with their files; then, once for all, whole sealed pieces of the read log. Doing it again changes
    nothing.
    """
    today = timezone.localdate(now)
    councils = list(Authority.objects.order_by("pk"))
    counts: dict[str, int] = {}
    in_force = {council.pk: policy for council in councils if (policy := _policy(council, on=today)) is not None}
    held = _held()
    for council_id, policy in in_force.items():
        found = {
            "messages": _overwrite_messages(council_id, held, before=_before(now, policy.value("keep-messages"))),
            "drafts": _empty_drafts(council_id, in_force, now=now),
            **_overwrite_records(council_id),
        }
        for kind, number in found.items():
            counts[kind] = counts.get(kind, 0) + number
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT public.{REMOVE_READS}()")
        counts["reads"] = cursor.fetchone()[0]
    logger.info("kept_to_time", **counts)
    return counts


def _policy(council: Authority, *, on: datetime.date) -> Policy | None:
    try:
        return policy_for(council, on=on)
    except PolicyMissing:
        return None


def _before(now: datetime.datetime, kept: dict[str, Any]) -> datetime.datetime:
    """Return the moment before which something is no longer kept."""
    return now - relativedelta(**{kept["unit"]: kept["amount"]})


def _held() -> Q:
    """Match messages about a case under a legal hold, its conferences and the people in it."""
    holds = LegalHold.objects.filter(lifted_at__isnull=True)
    children = holds.filter(child__isnull=False)
    families = set(holds.values_list("family", flat=True))
    members = FamilyMember.objects.filter(person__child__legal_holds__in=children)
    families |= set(members.values_list("family", flat=True))
    met = ConferenceChild.objects.filter(child__legal_holds__in=children)
    families |= set(met.values_list("conference__family", flat=True))
    enquired = Enquiry.objects.filter(child__legal_holds__in=children)
    families |= set(enquired.values_list("discussion__family", flat=True))
    conferences = Conference.objects.filter(family__in=families).values("pk")
    persons = FamilyMember.objects.filter(family__in=families).values("person")
    return Q(family_id__in=families) | Q(conference_id__in=conferences) | Q(person_id__in=persons)


def _overwrite_messages(council_id: int, held: Q, *, before: datetime.datetime) -> int:
    """Overwrite the texts and calendar files of messages that are over; subjects hold references only."""
    rows = Message.objects.alias(over_at=Coalesce("sent_at", "withdrawn_at", "created_at"))
    old = rows.filter(authority=council_id, state__in=OVER, over_at__lt=before).exclude(body=REMOVED)
    # A message without a case has nulls there: "not held" must not be unknown for it.
    free = old.exclude(pk__in=Message.objects.filter(held, authority=council_id).values("pk"))
    return free.update(body=REMOVED, calendar_file="")


def _empty_drafts(council_id: int, in_force: dict[int, Policy], *, now: datetime.datetime) -> int:
    """Empty what was typed and never sent: of staff, unless another council of theirs keeps it longer, and of guests.

    A legal hold covers no draft: nobody but its author can open one, and it belongs to no case.
    """
    limits = {pk: _before(now, policy.value("keep-drafts")) for pk, policy in in_force.items()}
    before = limits[council_id]
    longer = [pk for pk, limit in limits.items() if limit < before]
    held = RoleAssignment.objects.filter(authority=council_id).values("user")
    elsewhere = RoleAssignment.objects.filter(authority__in=longer).values("user")
    drafts = Draft.objects.filter(saved_at__lt=before, user__in=held).exclude(sealed="").exclude(user__in=elsewhere)
    guests = GuestDraft.objects.filter(saved_at__lt=before, link__authority=council_id).exclude(sealed="")
    views = DraftAnswer.objects.filter(saved_at__lt=before, form__conference__authority=council_id).exclude(sealed="")
    return drafts.update(sealed="") + guests.update(sealed="") + views.update(sealed="")


def _overwrite_records(council_id: int) -> dict[str, int]:
    """Overwrite checks of the list, bundles and certificates; after the commit their files go."""
    bundles = Disclosure.objects.filter(authority=council_id, stored_as__isnull=False).exclude(covers=REMOVED)
    certificates = Disposal.objects.filter(family__authority=council_id, stored_as__isnull=False).exclude(case_mark="")
    with transaction.atomic():
        before = _files(bundles, certificates)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT public.{OVERWRITE}(%s)", [council_id])
            done: dict[str, int] = json.loads(cursor.fetchone()[0])
        gone = before - _files(bundles, certificates)
        transaction.on_commit(lambda: _drop(gone), robust=True)
    return done


def _drop(files: Iterable[uuid.UUID]) -> None:
    for name in files:
        storing.drop(name)


def _files(*rows: QuerySet[Any, Any]) -> set[uuid.UUID]:
    return {name for found in rows for name in found.values_list("stored_as", flat=True)}
