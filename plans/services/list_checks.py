"""Checks of the list: what was asked, what is told, and the record of both."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.enums import Role
from accounts.models import Authority, RoleAssignment, User
from families.access import barred_families, own_people
from families.likeness import Agrees
from families.models import Child, ContactRisk, FamilyMember, NamedForFamily, Residence, SafetyAlert
from govuk.words import plain_date
from plans.enums import CallerKnownBy, ListAnswerKind
from plans.models import KeyWorker, ListAnswer, ListCheck
from plans.selectors.list_matches import Asked, Candidate, find_children, near_children, words_of
from plans.selectors.listed_children import listed_children, with_standing

# More candidates than this can't be told apart on the telephone: the caller has to say more.
MOST_CANDIDATES = 10


@transaction.atomic
def check_list(
    *,
    authority: Authority,
    asked: Asked,
    caller_name: str,
    caller_agency: str,
    caller_phone: str,
    known_by: str,
    why: str,
    form_key: uuid.UUID,
    by: User,
    now: datetime.datetime,
    today: datetime.date,
) -> ListCheck:
    """Look a child up on the council's list, and record who asked, why, and what is told.

    In order: records the check with everything that was asked, and its answer, including "not on the list".
    Where the caller may mean someone ``by`` may not look up (their own people, a conflict of interest), the
    answer is that a colleague has to check, whether or not anyone is on the list. Where someone on the list comes
    near what was asked, the answer is never "not on the list": one more fact is asked for or, where all were given,
    the children are offered to be told apart. Returns the existing check
    for the same form. Raises ValidationError by field: nothing asked, no caller, no reason, a caller not called
    back.
    """
    made = ListCheck.objects.filter(form_key=form_key, checked_by=by).first()
    if made is not None:
        return made
    _refuse_what_is_missing(
        asked, caller_name, caller_agency, caller_phone=caller_phone, known_by=known_by, why=why, today=today
    )
    check = ListCheck.objects.create(
        authority=authority,
        checked_by=by,
        at=now,
        caller_name=caller_name.strip(),
        caller_agency=caller_agency.strip(),
        caller_phone=caller_phone.strip(),
        known_by=known_by,
        why=why.strip(),
        name=asked.name.strip(),
        birth_date=asked.birth_date,
        birth_date_is_about=asked.birth_date_is_about,
        address=asked.address.strip(),
        form_key=form_key,
    )
    if _is_about_own_people(by, asked):
        _answer(check, ListAnswerKind.NOT_FOR_YOU, now)
        return check
    listed = listed_children([authority.pk], on=today)
    found = find_children(asked, among=listed)
    sure = [row for row in found if row.is_sure]
    wanted = [] if found else missing_facts(asked)
    near = [] if found else near_children(asked, among=listed)
    if not wanted:
        found = found or near
    if _own_children(by).filter(pk__in=[row.child.pk for row in (*found, *near)]).exists():
        _answer(check, ListAnswerKind.NOT_FOR_YOU, now)
        return check
    if near and wanted:
        phones = {"day": authority.day_phone, "night": authority.night_phone}
        _answer(check, ListAnswerKind.ONE_MORE, now, told={"wanted": wanted, "phones": phones})
    elif not found:
        _answer(check, ListAnswerKind.NOT_ON_LIST, now)
    elif len(found) == 1 and len(sure) == 1:
        _tell(check, found[0].child, now=now, today=today)
    else:
        few = found if len(found) <= MOST_CANDIDATES else []
        restricted = _restricted({row.child.pk for row in few})
        _answer(
            check,
            ListAnswerKind.SEVERAL,
            now,
            candidate_ids=[row.child.pk for row in few],
            told={"number": len(found), "candidates": [_candidate(row, restricted, today) for row in few]},
        )
    return check


def missing_facts(asked: Asked) -> list[str]:
    """Return in words which facts the caller could add to what was asked."""
    facts = (
        ("a date of birth", asked.birth_date is not None and not asked.birth_date_is_about),
        ("an address or postcode", bool(asked.address.strip())),
        ("a first and last name", len(words_of(asked.name)) > 1),
    )
    return [words for words, given in facts if not given]


@transaction.atomic
def tell_apart(*, check: ListCheck, child_id: int | None, now: datetime.datetime, today: datetime.date) -> ListAnswer:
    """Answer a check that found several children with the one the caller means, or none.

    A check already answered otherwise keeps its answer. Raises ValidationError on ``child`` for a child who was
    not offered.
    """
    locked = ListCheck.objects.select_for_update().get(pk=check.pk)
    latest = locked.answers.last()
    if latest is None or latest.kind != ListAnswerKind.SEVERAL:
        assert latest is not None  # noqa: S101 every check is answered in the transaction that made it
        return latest
    if child_id is None:
        return _answer(locked, ListAnswerKind.NOT_ON_LIST, now)
    child = listed_children([locked.authority_id], on=today).filter(pk=child_id).first()
    if child_id not in latest.candidate_ids or child is None:
        raise ValidationError({"child": "Choose one of the children, or none of them."})
    return _tell(locked, child, now=now, today=today)


def _refuse_what_is_missing(
    asked: Asked,
    caller_name: str,
    caller_agency: str,
    *,
    caller_phone: str,
    known_by: str,
    why: str,
    today: datetime.date,
) -> None:
    errors: dict[str, str] = {}
    if not (asked.name.strip() or asked.birth_date or asked.address.strip()):
        errors["name"] = "Enter a name, a date of birth or an address."
    if not caller_name.strip():
        errors["caller_name"] = "Enter who is asking."
    if not caller_agency.strip():
        errors["caller_agency"] = "Enter which agency they are from."
    if not why.strip():
        errors["why"] = "Enter why they are asking."
    if known_by not in CallerKnownBy.values:
        errors["known_by"] = "Choose how you know who is asking."
    elif known_by == CallerKnownBy.CALLED_BACK and not caller_phone.strip():
        errors["caller_phone"] = "Enter the number you called back."
    if asked.birth_date and asked.birth_date > today:
        errors["birth_date"] = "This day is in the future."
    if errors:
        raise ValidationError(errors)


def _answer(check: ListCheck, kind: ListAnswerKind, now: datetime.datetime, **facts: Any) -> ListAnswer:
    return ListAnswer.objects.create(check_of_list=check, kind=kind, at=now, **facts)


def _tell(check: ListCheck, child: Child, *, now: datetime.datetime, today: datetime.date) -> ListAnswer:
    """Record the one answer about a child: status, key worker and dangers to staff, nothing else."""
    row = with_standing(Child.objects.filter(pk=child.pk), [check.authority_id], on=today).get()
    found = {"child": child, "plan_id": row.plan_id, "transfer_id": row.transfer_id}
    phones = {"day": check.authority.day_phone, "night": check.authority.night_phone}
    if _restricted({child.pk}):
        managers = _named_managers(child, today)
        return _answer(
            check,
            ListAnswerKind.RESTRICTED,
            now,
            **found,
            told={"managers": [_contact(user) for user in managers], "phones": phones},
        )
    worker = KeyWorker.objects.filter(plan=row.plan_id, ends_on__isnull=True).select_related("user").first()
    return _answer(
        check,
        ListAnswerKind.ON_LIST,
        now,
        **found,
        told={
            "name": child.person.full_name,
            "since": plain_date(row.since),
            "held_by": _held_by(row, check),
            "is_ours": not row.held_by,
            "begins_with_news": row.plan_id is None,
            "key_worker": _contact(worker.user) if worker else None,
            "phones": phones,
            "alerts": _alerts(child, today),
        },
    )


def _held_by(row: Any, check: ListCheck) -> str:
    """Return whose plan it is; two councils', until the other has ended its own in writing."""
    ours = row.held_by or check.authority.name
    return f"{ours}, and {row.also_held_by}" if row.also_held_by and row.also_held_by != row.held_by else ours


def _contact(user: User) -> dict[str, str]:
    return {"name": user.name, "phone": user.phone}


def _named_managers(child: Child, today: datetime.date) -> list[User]:
    """Return managers named for a restricted family of the child who hold a manager's role today."""
    families = FamilyMember.objects.filter(person=child.person_id, family__restricted=True).values("family")
    named = NamedForFamily.objects.current(on=today).filter(family__in=families)
    managing = RoleAssignment.objects.current(on=today).filter(
        role__in=(Role.TEAM_MANAGER, Role.SERVICE_MANAGER), authority=child.authority_id
    )
    return list(
        User.objects.filter(is_active=True, pk__in=named.values("user").intersection(managing.values("user"))).order_by(
            "name"
        )
    )


def _alerts(child: Child, today: datetime.date) -> list[str]:
    """Return dangers to anyone who visits or speaks with the household: what, never where, about whom or why."""
    families = FamilyMember.objects.current(on=today).filter(person=child.person_id).values("family")
    people = FamilyMember.objects.current(on=today).filter(family__in=families).values("person")
    homes = Residence.objects.current(on=today).filter(person=child.person_id).values("address")
    alerts = SafetyAlert.objects.current(on=today).filter(Q(person__in=people) | Q(address__in=homes))
    said = [
        f"{alert.get_kind_display()}: {alert.words}" if alert.words else alert.get_kind_display()
        for alert in alerts.order_by("kind", "pk")
    ]
    risks = ContactRisk.objects.current(on=today).filter(children=child).order_by("ground", "pk")
    said += [
        f"Contact risk ({risk.get_ground_display().lower()}): speak to the key worker before anyone "
        "in the family hears about this"
        for risk in risks
    ]
    return list(dict.fromkeys(said))


def _restricted(child_ids: Collection[int]) -> set[int]:
    rows = Child.objects.filter(pk__in=child_ids)
    members = FamilyMember.objects.filter(person__child__in=rows, family__restricted=True)
    return set(members.values_list("person__child", flat=True))


def _candidate(row: Candidate, restricted: set[int], today: datetime.date) -> dict[str, Any]:
    """Return what distinguishes a candidate: name and age, and which of the facts given fit."""
    hidden = row.child.pk in restricted
    age = row.child.person.age(today)
    fits = [("name", row.name), ("date of birth", row.birth), ("address", row.house)]
    return {
        "id": row.child.pk,
        "name": "" if hidden else row.child.person.full_name,
        "age": "" if hidden or age is None else str(age),
        "fits": [f"The {what} {fit.value}" for what, fit in fits if fit != Agrees.UNKNOWN],
    }


def _is_about_own_people(user: User, asked: Asked) -> bool:
    """Return whether the caller may mean a child in a family barred to the user, on the list or not."""
    own = _own_children(user)
    return any(row.name != Agrees.NO for row in find_children(asked, among=own)) if own.exists() else False


def _own_children(user: User) -> QuerySet[Child, Any]:
    """Return the children the user may not look up, on the list or not."""
    members = FamilyMember.objects.filter(family__in=barred_families(user)).order_by().values("person")
    rows: QuerySet[Child, Any] = Child.objects.filter(Q(person__in=members) | Q(person__in=own_people(user)))
    return rows


def families_of(children: Collection[int]) -> list[int]:
    """Return the ids of the children's families, for the read log."""
    members = FamilyMember.objects.filter(person__child__in=children, ends_on__isnull=True)
    return sorted(set(members.values_list("family_id", flat=True)))


def person_ids_of(children: Collection[int]) -> list[int]:
    """Return the ids of the children's person records, for the read log."""
    return sorted(Child.objects.filter(pk__in=children).values_list("person_id", flat=True))
