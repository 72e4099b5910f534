"""Keep a case longer, or dispose of it: one person proposes, another agrees, the database does it."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.case_data import SETS, Subject, case_tables
from accounts.constraint_errors import refused_by_database
from accounts.models import User
from accounts.people.selectors.second_people import NOBODY, second_people
from conferences.models import Conference
from deadlines.policies import policy_for
from families.models import Child, Family, FamilyMember
from families.services.need_to_know import is_barred
from govuk import words
from notifications.services.outbox import notify
from plans.models import Plan
from records.enums import DisclosureState, DisposalState
from records.models import Disclosure, Disposal, KeepLonger
from records.retention.certificate import certificate_pdf
from records.retention.disposal_sql import DISPOSE, REACH
from records.retention.due import RECORDS_ROLES, facts_of, kept_case
from records.retention.legal_holds import holds_on
from records.retention.rules import Kept, rules_of
from reports.enums import PackState, PaperState
from reports.models import Attachment, LaidOutPaper, PrintPack
from reports.uploads import storing
from transfers.models import CouncilLetter


def reach_of(family: Family) -> Subject:
    """Return whose records a disposal of the case would overwrite."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(SETS)} FROM {REACH}(%s)", [family.pk])
        return Subject.of(**dict(zip(SETS, cursor.fetchone(), strict=True)))


def held_about(subject: Subject) -> list[tuple[str, int]]:
    """Return what is held about a subject: kinds of records with row counts, without empty ones."""
    counted = ((table.title, table.rows(subject).count()) for table in case_tables())
    return [(title, number) for title, number in counted if number]


def kept_now(family: Family, *, today: datetime.date) -> Kept:
    """Return until when today's procedures keep the case."""
    rules = rules_of(policy_for(family.authority, on=today))
    return kept_case(facts_of([family.pk])[family.pk], rules)


@transaction.atomic
def keep_longer(*, family: Family, until: datetime.date, why: str, by: User, now: datetime.datetime) -> KeepLonger:
    """Keep a case until another day, on which it returns to the list.

    This refuses any proposal to dispose of it. The same decision again changes nothing. Raises ValidationError
    keyed by field.
    """
    locked = Family.objects.select_for_update(no_key=True).get(pk=family.pk)
    if locked.disposed_at:
        raise ValidationError("The records of this case were disposed of.")
    if until <= timezone.localdate(now):
        raise ValidationError({"until": "Enter a day in the future."})
    made = KeepLonger.objects.filter(family=locked, until=until, why=why.strip(), by=by).first()
    if made:
        return made
    row = KeepLonger(family=locked, until=until, why=why.strip(), by=by, at=now)
    row.full_clean()
    row.save()
    for proposal in Disposal.objects.select_for_update(no_key=True).filter(family=locked, state=DisposalState.PROPOSED):
        _settle(proposal, DisposalState.REFUSED, by=by, now=now, because=f"Kept until {words.plain_date(until)}.")
    return row


@transaction.atomic
def propose_disposal(*, family: Family, why: str, by: User, now: datetime.datetime) -> Disposal:
    """Propose to dispose of a case's records. Nothing happens to them until a second person agrees.

    Returns the waiting proposal where there is one. The others who may agree are told. Raises ValidationError where
    its time is not over, a plan or the case is open, a hold is in force, or nobody else could agree.
    """
    locked = Family.objects.select_for_update(no_key=True).select_related("authority").get(pk=family.pk)
    waiting = Disposal.objects.filter(family=locked, state=DisposalState.PROPOSED).first()
    if waiting:
        return waiting
    kept = _over_or_refuse(locked, now=now)
    others = who_may_agree(locked, proposed_by=by, on=timezone.localdate(now))
    if not others:
        raise ValidationError(NOBODY)
    if kept.until is None:
        raise ValidationError("It is not known how long this case is kept.")
    policy = policy_for(locked.authority, on=timezone.localdate(now))
    proposal = Disposal(
        family=locked,
        rule=kept.rule,
        kept_until=kept.until,
        policy_version_id=policy.version_id,
        policy_number=policy.number,
        why=why.strip(),
        proposed_by=by,
        proposed_at=now,
    )
    proposal.full_clean()
    proposal.save()
    for user in others:
        notify(
            user=user,
            key=f"disposal:{proposal.pk}",
            text="Someone proposes to dispose of a case's records. A second person has to agree or refuse.",
            url=reverse("records:settle-disposal", args=[proposal.pk]),
            now=now,
        )
    return proposal


def who_may_agree(family: Family, *, proposed_by: User, on: datetime.date) -> list[User]:
    """Return those other than ``proposed_by`` who may agree to dispose of the case.

    The council's service managers and custodians, and those named for when there is no other, none of them barred
    from the case.
    """
    found = second_people(family.authority, but=[proposed_by.pk], on=on, roles=RECORDS_ROLES)
    return [user for user in found if not is_barred(user, family)]


def _over_or_refuse(family: Family, *, now: datetime.datetime) -> Kept:
    today = timezone.localdate(now)
    if family.disposed_at:
        raise ValidationError("The records of this case were disposed of.")
    kept = kept_now(family, today=today)
    if not kept.is_over(today):
        raise ValidationError(
            f"This case is kept until {words.plain_date(kept.until)}."
            if kept.until
            else f"It is not known how long this case is kept: {kept.because}."
        )
    if holds_on(family.pk).exists():
        raise ValidationError("There is a legal hold. Nothing in this case can be disposed of.")
    if KeepLonger.objects.filter(family=family, until__gt=today).exists():
        raise ValidationError("Someone has decided to keep this case longer.")
    return kept


@transaction.atomic
def refuse_disposal(*, disposal: Disposal, because: str, by: User, now: datetime.datetime) -> Disposal:
    """Refuse, as the second person, or withdraw one's own proposal. Raises ValidationError without a reason."""
    locked = _lock(disposal)
    if locked.state == DisposalState.REFUSED:
        return locked
    if locked.state != DisposalState.PROPOSED:
        raise ValidationError("This proposal has already been answered.")
    if not because.strip():
        raise ValidationError({"because": "Say why the case has to be kept."})
    return _settle(locked, DisposalState.REFUSED, by=by, now=now, because=because.strip())


def _lock(disposal: Disposal) -> Disposal:
    rows = Disposal.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("family__authority", "proposed_by").get(pk=disposal.pk)


def _settle(
    proposal: Disposal, state: DisposalState, *, by: User, now: datetime.datetime, because: str = ""
) -> Disposal:
    proposal.state, proposal.settled_by, proposal.settled_at = state, by, now
    proposal.refused_because = because
    proposal.full_clean()
    proposal.save()
    return proposal


@transaction.atomic
def agree_to_disposal(*, disposal: Disposal, by: User, now: datetime.datetime) -> Disposal:
    """Agree as the second person, and dispose of the case in the same transaction.

    In order: checks again under lock everything that allowed the proposal; records the agreement; notes the
    years and kinds of plans; has the database overwrite every row and every earlier version that belongs to the
    case alone, which it refuses without two people, before its time, or under a hold; writes and stores the
    certificate; after the commit, deletes the case's files and bundles from storage. Agreeing again changes
    nothing. Raises ValidationError.
    """
    locked = _lock(disposal)
    if locked.state == DisposalState.DONE:
        return locked
    if locked.state != DisposalState.PROPOSED:
        raise ValidationError("This proposal was refused.")
    if locked.proposed_by_id == by.pk:
        raise ValidationError("Someone other than the person who proposed it has to agree.")
    family = Family.objects.select_for_update(no_key=True).select_related("authority").get(pk=locked.family_id)
    _over_or_refuse(family, now=now)
    subject = reach_of(family)
    files = _files_of(subject)
    locked.stub = stub_of(family, subject)
    locked.case_mark = mark_of(family.authority_id, family.case_number)
    _settle(locked, DisposalState.AGREED, by=by, now=now)
    with refused_by_database(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"SELECT public.{DISPOSE}(%s)", [locked.pk])
    done = _lock(locked)
    _certify(done)
    transaction.on_commit(lambda: _drop(files), robust=True)
    return done


def _certify(disposal: Disposal) -> None:
    pdf = certificate_pdf(disposal)
    disposal.stored_as = storing.put(pdf)
    disposal.sha256 = hashlib.sha256(pdf).hexdigest()
    disposal.save(update_fields=["stored_as", "sha256"])


def _files_of(subject: Subject) -> list[uuid.UUID]:
    attached = Attachment.objects.filter(report__conference__in=subject.conferences)
    bundles = Disclosure.objects.filter(family__in=subject.families, stored_as__isnull=False)
    papers = LaidOutPaper.objects.filter(document__conference__in=subject.conferences)
    packs = PrintPack.objects.filter(document__conference__in=subject.conferences)
    letters = CouncilLetter.objects.filter(child__in=subject.children)
    return [
        *attached.order_by("pk").values_list("file__stored_as", flat=True).distinct(),
        *letters.order_by("pk").values_list("file__stored_as", flat=True).distinct(),
        *(name for name in bundles.values_list("stored_as", flat=True) if name),
        *papers.order_by("pk").values_list("stored_as", flat=True),
        *packs.order_by("pk").values_list("stored_as", flat=True),
    ]


def _drop(files: Iterable[uuid.UUID]) -> int:
    taken_away = [name for name in files if storing.is_there(name)]
    for name in taken_away:
        storing.drop(name)
    return len(taken_away)


def finish_removals() -> int:
    """Delete files that people decided to remove and that a crash left behind.

    Files of disposed cases, of withdrawn bundles, and of copies whose file was retired. Returns how many were
    left.
    """
    of_gone = {"report__conference__family__disposed_at__isnull": False}
    attached = Attachment.objects.filter(**of_gone).order_by().values_list("file__stored_as", flat=True)
    bundles = Disclosure.objects.filter(family__disposed_at__isnull=False, stored_as__isnull=False).order_by()
    # A withdrawn bundle no longer says where its file was; its earlier version does.
    withdrawn = Disclosure.objects.filter(state=DisclosureState.WITHDRAWN).order_by()
    said_before = apps.get_model("records.DisclosureEvent").objects.filter(
        pgh_obj_id__in=withdrawn.values("pk"), stored_as__isnull=False
    )
    kept = FamilyMember.objects.order_by().filter(family__disposed_at__isnull=True, person__child=OuterRef("child"))
    letters = CouncilLetter.objects.order_by().filter(~Exists(kept), child__person__memberships__isnull=False)
    names = {
        *attached,
        *letters.values_list("file__stored_as", flat=True),
        *bundles.values_list("stored_as", flat=True),
        *said_before.order_by().values_list("stored_as", flat=True),
        # Those of a disposed case are retired with it.
        *LaidOutPaper.objects.filter(state=PaperState.RETIRED).order_by().values_list("stored_as", flat=True),
        *PrintPack.objects.filter(state=PackState.RETIRED).order_by().values_list("stored_as", flat=True),
    }
    return _drop(names)


def mark_of(authority_id: int, case_number: str) -> str:
    """Return what a certificate keeps of a case number: comparable, but not readable."""
    given = f"{authority_id}:{case_number.strip().upper()}"
    return salted_hmac("records.retention.mark_of", given, algorithm="sha256").hexdigest()


def stub_of(family: Family, subject: Subject) -> dict[str, Any]:
    """Return all that is left of a case in words: years, children by birth year, kinds of plans and their years."""
    children = Child.objects.filter(pk__in=subject.children).select_related("person").order_by("pk")
    plans = Plan.objects.filter(child__in=subject.children).order_by("starts_on", "pk")
    met = Conference.objects.filter(pk__in=subject.conferences).order_by("requested_at")
    years = [family.created_at.year, *(row.requested_at.year for row in met), *(row.starts_on.year for row in plans)]
    if family.closed_on:
        years.append(family.closed_on.year)
    return {
        "from_year": min(years),
        "to_year": max(years),
        "conferences": len(met),
        "children": [
            {
                "born": row.person.birth_date.year if row.person.birth_date else None,
                "plans": [
                    f"{plan.get_kind_display()}, {plan.starts_on.year}"
                    + (f" to {plan.ends_on.year}" if plan.ends_on and plan.ends_on.year != plan.starts_on.year else "")
                    for plan in plans
                    if plan.child_id == row.pk
                ],
            }
            for row in children
        ],
    }
