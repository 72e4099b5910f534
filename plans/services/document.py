"""Writes what plans say: once for brothers and sisters, each change with a version and a reason.

Status, category, key worker and the least visiting are not changed here: a conference decides them.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from families.models import Person, Post
from govuk.words import listed
from plans.enums import ONE_EACH, PlanEntryKind
from plans.models import ActionSharer, Plan, PlanAction, PlanEntry
from plans.services.versions import Why, check_why, version_for

Row = PlanAction | PlanEntry
Who = tuple[Person, Post | None]

CHANGED_MEANWHILE = "Someone changed this while you had it open. It now says: "


@dataclass(frozen=True, kw_only=True)
class ActionWords:
    """An action as it is typed: whoever is named first, and those who share it, are in ``who``."""

    what: str
    why: str
    who: Sequence[Who] = ()
    who_else: str = ""
    by_when: datetime.date | None = None
    by_when_words: str = ""
    how_known: str = ""
    under: uuid.UUID | None = None
    private_to: Collection[Person] = ()

    def fields(self) -> dict[str, Any]:
        """Return the columns of the row."""
        first, post = self.who[0] if self.who else (None, None)
        return {
            "what": self.what.strip(),
            "why": self.why.strip(),
            "who_person": first,
            "who_post": post,
            "who_else": self.who_else.strip(),
            "by_when": self.by_when,
            "by_when_words": "" if self.by_when else self.by_when_words.strip(),
            "how_known": self.how_known.strip(),
            "under": self.under,
        }

    def faults(self) -> dict[str, str]:
        """Return what is missing, by field."""
        found = {}
        if not self.what.strip():
            found["what"] = "Say what is done"
        if not self.why.strip():
            found["why"] = "Say why"
        if not self.who and not self.who_else.strip():
            found["who"] = "Choose who does this, or write it"
        if self.by_when is None and not self.by_when_words.strip():
            found["by_when"] = "Enter when this will be done by"
        return found


@dataclass(frozen=True, kw_only=True)
class EntryWords:
    """A need, an outcome and so on, as it is typed; ``kind`` says which."""

    kind: PlanEntryKind | str
    text: str
    services: str = ""
    we_do: str = ""
    how_often: str = ""
    from_when: datetime.date | None = None
    who: Sequence[Who] = ()
    who_else: str = ""
    under: uuid.UUID | None = None
    private_to: Collection[Person] = ()

    def fields(self) -> dict[str, Any]:
        """Return the columns of the row."""
        first, post = self.who[0] if self.who else (None, None)
        return {
            "kind": self.kind,
            "text": self.text.strip(),
            "services": self.services.strip(),
            "we_do": self.we_do.strip(),
            "how_often": self.how_often.strip(),
            "from_when": self.from_when,
            "who_person": first,
            "who_post": post,
            "who_else": self.who_else.strip(),
            "under": self.under,
        }

    def faults(self) -> dict[str, str]:
        """Return what is missing, by field."""
        found = {}
        if not self.text.strip():
            found["text"] = "Write something"
        if self.kind == PlanEntryKind.CONTINGENCY and not self.we_do.strip():
            found["we_do"] = "Say what we do then"
        needs_who = self.kind in {PlanEntryKind.VISITING, PlanEntryKind.ROLE, PlanEntryKind.CONTINGENCY}
        if needs_who and not self.who and not self.who_else.strip():
            found["who"] = "Choose who it is, or write it"
        return found


@transaction.atomic
def add_to_plans(*, plans: Sequence[Plan], words: ActionWords | EntryWords, why: Why) -> list[Row]:
    """Write an action or an entry into each of these plans, as one thread.

    Raises ValidationError by field: something missing, no reason, a plan that has ended or already says it.
    """
    locked = _locked(plans, why)
    _refuse(words.faults())
    model = PlanAction if isinstance(words, ActionWords) else PlanEntry
    thread = uuid.uuid4()
    made: list[Row] = []
    for plan in locked:
        if isinstance(words, EntryWords) and words.kind in ONE_EACH:
            standing = plan.entries.standing().filter(kind=words.kind).first()
            if standing is not None:
                name = plan.child.person.short_name
                raise ValidationError({"text": f"{name}’s plan already says this: {standing.text}"})
        made.append(_write(model, plan, words, why, thread=thread))
    return made


@transaction.atomic
def change_in_plans(
    *,
    row: Row,
    plans: Sequence[Plan],
    words: ActionWords | EntryWords,
    why: Why,
    seen: Mapping[int, int | None],
    may_be_incomplete: bool = False,
) -> list[Row]:
    """Give what ``row`` says other words in each of these plans; plans left out keep theirs.

    ``seen`` holds, by plan id, the id of the row that the page showed (None: the plan did not say it). Progress goes
    on with the action. What was incomplete before may stay so where only who does it changes. Raises ValidationError
    by field as ``add_to_plans`` does, and where someone changed it in the meantime: the message contains what it says
    now.
    """
    locked = _locked(plans, why)
    model = type(row)
    standing = _standing(model, row.thread, locked)
    _refuse_changed(standing, locked, seen)
    _refuse({} if may_be_incomplete else words.faults())
    made: list[Row] = []
    for plan in locked:
        old = standing.get(plan.pk)
        if old is not None and _says_the_same(old, words):
            continue
        made.append(_write(model, plan, words, why, thread=row.thread, old=old))
    return made


@transaction.atomic
def take_out_of_plans(*, row: Row, plans: Sequence[Plan], why: Why, seen: Mapping[int, int | None]) -> None:
    """Let these plans say something no longer; it stays in their earlier versions.

    An action that was tried and given up is not taken out: its progress says so. Raises ValidationError as
    ``change_in_plans`` does.
    """
    locked = _locked(plans, why)
    standing = _standing(type(row), row.thread, locked)
    _refuse_changed(standing, locked, seen)
    for plan in locked:
        if (old := standing.get(plan.pk)) is not None:
            old.until = version_for(plan, why)
            old.save(update_fields=["until"])


def _locked(plans: Sequence[Plan], why: Why) -> list[Plan]:
    """Lock the plans in the order of their ids, which no two writers wait for each other in."""
    if not plans:
        raise ValidationError({"children": "Choose at least one child"})
    rows = Plan.objects.select_for_update(of=("self",), no_key=True).select_related("child__person")
    locked = list(rows.filter(pk__in=[plan.pk for plan in plans]).order_by("pk"))
    for plan in locked:
        if not plan.is_open or plan.held_elsewhere:
            raise ValidationError(f"{plan.child.person.short_name}’s plan has ended. Nothing was changed.")
        check_why(plan, why)
    return locked


def _standing(model: type[Row], thread: uuid.UUID, plans: Sequence[Plan]) -> dict[int, Row]:
    rows: Any = model.objects.select_for_update(of=("self",), no_key=True).filter(thread=thread, plan__in=plans)
    return {row.plan_id: row for row in rows.filter(until__isnull=True).order_by("pk")}


def _refuse(faults: Mapping[str, str]) -> None:
    if faults:
        raise ValidationError(dict(faults))


def _refuse_changed(standing: Mapping[int, Row], plans: Sequence[Plan], seen: Mapping[int, int | None]) -> None:
    for plan in plans:
        row = standing.get(plan.pk)
        if (row.pk if row else None) != seen.get(plan.pk):
            now = in_words(row) if row else "nothing; it was taken out"
            raise ValidationError(f"{CHANGED_MEANWHILE}{now}. What you typed is kept below.")


def in_words(row: Row) -> str:
    """Return what a row says, in one line."""
    parts = [row.what, row.why, row.how_known] if isinstance(row, PlanAction) else [row.text, row.services, row.we_do]
    return ". ".join(filter(None, [*parts, row.who_in_words]))


def _says_the_same(old: Row, words: ActionWords | EntryWords) -> bool:
    fields = words.fields()
    if any(getattr(old, name) != value for name, value in fields.items() if name not in {"who_person", "who_post"}):
        return False
    sharers = [(row.person_id, row.post_id) for row in old.sharers.all()] if isinstance(old, PlanAction) else []
    before = [(old.who_person_id, old.who_post_id), *sharers] if old.who_person_id else sharers
    who = [(person.pk, post.pk if post else None) for person, post in words.who]
    private = set(old.private_to.values_list("pk", flat=True))
    return before == who and private == {person.pk for person in words.private_to}


def _write(
    model: type[PlanAction | PlanEntry],
    plan: Plan,
    words: ActionWords | EntryWords,
    why: Why,
    *,
    thread: uuid.UUID,
    old: Any = None,
) -> Row:
    version = version_for(plan, why)
    if old is not None:
        old.until = version
        old.save(update_fields=["until"])
    going_on: dict[str, Any] = {}
    if isinstance(old, PlanAction):
        going_on = {
            "outline": old.outline,
            "progress": old.progress,
            "progress_note": old.progress_note,
            "version": old.version,
        }
    with refused_by_database():
        row: Any = model.objects.create(
            plan=plan, thread=thread, since=version, created_at=why.now, **words.fields(), **going_on
        )
    row.private_to.set(words.private_to)
    if isinstance(row, PlanAction):
        ActionSharer.objects.bulk_create(
            ActionSharer(action=row, person=person, post=post) for person, post in words.who[1:]
        )
        if isinstance(old, PlanAction):
            old.superseded_by, old.change_reason = row, why.reason.strip()
            old.save(update_fields=["superseded_by", "change_reason"])
    return row  # type: ignore[no-any-return]


def words_of(row: Row) -> ActionWords | EntryWords:
    """Return what a row says, as it would be typed."""
    who: list[Who] = [(row.who_person, row.who_post)] if row.who_person else []
    common: dict[str, Any] = {"who_else": row.who_else, "under": row.under, "private_to": list(row.private_to.all())}
    if isinstance(row, PlanEntry):
        said = {name: getattr(row, name) for name in ("kind", "text", "services", "we_do", "how_often", "from_when")}
        return EntryWords(who=who, **common, **said)
    who += [(sharer.person, sharer.post) for sharer in row.sharers.select_related("person", "post")]
    said = {name: getattr(row, name) for name in ("what", "why", "by_when", "by_when_words", "how_known")}
    return ActionWords(who=who, **common, **said)


def children_of(plans: Sequence[Plan]) -> str:
    """Return what the children of these plans are called, as a list in words."""
    return listed([plan.child.person.short_name for plan in plans])
