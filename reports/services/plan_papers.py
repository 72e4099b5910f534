"""The paper of a plan: prepared from what the plan says now, released by the key worker, sent to each person."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.access import stands_in_for
from conferences.models import Conference
from conferences.services.guards import family_ids_of
from deadlines.services import reconcile
from plans.models import Plan
from plans.services.news_of_plans import tell_of_version
from plans.services.versions import current_version
from reports.access import PLAN_PAPER_RULE
from reports.content.plans import content_of_plan
from reports.copies import recipients_due
from reports.enums import DocumentKind, DocumentState
from reports.models import Document
from reports.services.documents import next_version, retire_replaced
from reports.services.formats_asked import ask_for_formats
from reports.services.kept_papers import ask_for_papers


@transaction.atomic
def prepare_plan_paper(
    *,
    plan: Plan,
    by: User,
    now: datetime.datetime,
    because: str = "",
    leave_out: bool = False,
    not_about_all: Collection[str] = (),
    may_be_read: Collection[str] = (),
) -> Document:
    """Freeze what the plan says now into the next version of its paper, as ``prepare_document`` does.

    A paper takes the place of the one before because the plan has a newer version; ``because`` says so where it does
    not. Raises ValidationError where the plan has ended, is another council's, or says nothing yet, and as
    ``prepare_document``.
    """
    locked = (
        Plan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("child__person", "child__pregnancy", "authority", "decision__conference_child__conference")
        .get(pk=plan.pk)
    )
    version = current_version(locked)
    conference = conference_of(locked)
    if not locked.is_open or locked.held_elsewhere:
        raise ValidationError("This plan has ended, or is another council’s. Nothing of it goes out.")
    if version is None or conference is None:
        raise ValidationError("Nothing has been written in this plan yet. Write it first.")
    before = Document.objects.filter(plan=locked).exclude(state=DocumentState.SUPERSEDED).first()
    if before is not None and before.plan_version_id != version.pk and not because.strip():
        because = f"The plan was changed: it now stands in version {version.number}."
    version.plan = locked
    return next_version(
        content_of_plan(locked, version, now=now),
        conference=conference,
        kind=DocumentKind.PLAN,
        plan_version=version,
        by=by,
        now=now,
        because=because,
        leave_out=leave_out,
        not_about_all=not_about_all,
        may_be_read=may_be_read,
    )


def conference_of(plan: Plan) -> Conference | None:
    """Return the conference that made a plan, or the plan that it carries on."""
    decision = plan.decision or (plan.carried_from.decision if plan.carried_from else None)
    return decision.conference_child.conference if decision else None


@transaction.atomic
def release_plan_paper(*, document: Document, by: User, now: datetime.datetime) -> Document:
    """Release a version; only then can copies go out.

    For the key worker or a manager of the family; the first version after a conference for its chair too. In order:
    marks it as released; has every copy laid out; asks for those without an account to be told, and lists whoever is
    not told with the reason; counts the deadlines. Releasing twice returns the released version. Raises
    ValidationError for anyone else, for a version that was replaced, and where the plan has ended.
    """
    locked = Document.objects.select_for_update(of=("self",)).select_related("conference").get(pk=document.pk)
    plan = Plan.objects.select_related("child__person", "authority").get(documents=locked)
    if not may_release_plan(by, locked):
        raise ValidationError("Only the key worker, or a manager of the family, can release this plan.")
    if locked.state == DocumentState.SUPERSEDED:
        raise ValidationError("There is already a newer version. Look at that one first.")
    if locked.state == DocumentState.RELEASED:
        return locked
    if locked.sent_back_at is not None:
        raise ValidationError("This version was sent back. A new one has to be prepared first.")
    if not plan.is_open:
        raise ValidationError("This plan has ended. Nothing of it goes out.")
    locked.state, locked.released_by, locked.released_at = DocumentState.RELEASED, by, now
    locked.standing_in_for = stands_in_for(by, locked.conference)
    locked.save(update_fields=["state", "released_by", "released_at", "standing_in_for"])
    retire_replaced(locked, now=now)
    due = recipients_due(locked.content, locked.kind)
    ask_for_papers(locked, due, now=now)
    ask_for_formats(locked, due, now=now)
    is_first = not Document.objects.filter(plan=plan, released_at__isnull=False).exclude(pk=locked.pk).exists()
    tell_of_version(plan, is_first=is_first, now=now)
    reconcile(family_ids=family_ids_of(locked.conference), now=now)
    return locked


def may_release_plan(user: User, document: Document) -> bool:
    """Return whether the user carries the plan, manages the family, or chaired what made its first version."""
    return PLAN_PAPER_RULE.right_of(user, document) is not None
