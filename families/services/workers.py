"""A worker entered in a form: a new one, or one who is known already, with every word that was typed kept."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.guests.mailboxes import mailbox_of
from accounts.models import User
from families.enums import NameKind
from families.models import Agency, Post
from families.services.agencies import add_post
from families.services.people import add_name
from families.services.posts import change_post, lock_post

RECORDED, TYPED, BOTH = "recorded", "typed", "both"


@dataclass(frozen=True, kw_only=True)
class EnteredWorker:
    """What someone typed about a worker; empty where nothing was."""

    given_name: str = ""
    family_name: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""

    @property
    def is_named(self) -> bool:
        return bool(self.given_name.strip() or self.family_name.strip())

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.given_name.strip(), self.family_name.strip())))


def differences(post: Post, entered: EnteredWorker) -> dict[str, tuple[str, str]]:
    """Return by fact what is recorded and what was typed, where both say something and they differ.

    The facts are name, title, email and phone.
    """
    pairs = {
        "name": (post.person.full_name, entered.full_name),
        "title": (post.title, entered.title.strip()),
        "email": (post.email, entered.email.strip().lower()),
        "phone": (post.phone, entered.phone.strip()),
    }
    return {fact: pair for fact, pair in pairs.items() if all(pair) and not _same(fact, *pair)}


def _same(fact: str, one: str, other: str) -> bool:
    if fact == "email":
        return mailbox_of(one) == mailbox_of(other)
    if fact == "phone":
        return "".join(filter(str.isalnum, one)) == "".join(filter(str.isalnum, other))
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


@transaction.atomic
def enter_worker(
    *,
    entered: EnteredWorker,
    by: User,
    now: datetime.datetime,
    agency: Agency | None = None,
    same_as: Post | None = None,
    use: Mapping[str, str] | None = None,
) -> Post:
    """Return the post of a worker who was entered, with every typed word kept.

    A new one is added at ``agency``. For one who is known (``same_as``) a word that was missing is filled in;
    where both differ, ``use`` says by fact which counts: "recorded", "typed", and for the title "both", a second
    post. A name typed otherwise is kept as another name of theirs. At another agency it is a second post. Raises
    ValidationError by field, by ``use_<fact>`` where it is not said which counts.
    """
    if same_as is None:
        if agency is None:
            raise ValidationError({"agency": "Choose the agency they work for."})
        return add_post(
            agency=agency,
            given_name=entered.given_name,
            family_name=entered.family_name,
            title=entered.title,
            email=entered.email,
            phone=entered.phone,
            by=by,
        )
    post = lock_post(same_as)
    wanted = dict(use or {})
    apart = differences(post, entered)
    elsewhere = agency is not None and agency.pk != post.agency_id
    asked = {"name"} if elsewhere else set(apart)
    unsaid = {f"use_{fact}": "Choose which is right." for fact in asked & set(apart) if not wanted.get(fact)}
    if unsaid:
        raise ValidationError(unsaid)
    if "name" in apart and wanted.get("name") == TYPED:
        add_name(
            person=post.person,
            kind=NameKind.ALIAS,
            given_name=entered.given_name,
            family_name=entered.family_name,
            by=by,
            source="Entered for them at work",
        )
    if elsewhere or wanted.get("title") == BOTH:
        return add_post(
            agency=agency or post.agency,
            person=post.person,
            title=entered.title or post.title,
            email=entered.email or ("" if elsewhere else post.email),
            phone=entered.phone or ("" if elsewhere else post.phone),
            by=by,
        )

    def chosen(fact: str, recorded: str, typed: str) -> str:
        return typed if typed and (not recorded or wanted.get(fact) == TYPED) else recorded

    return change_post(
        post=post,
        title=chosen("title", post.title, entered.title.strip()),
        email=chosen("email", post.email, entered.email.strip().lower()),
        phone=chosen("phone", post.phone, entered.phone.strip()),
        because="Said when they were entered again",
        by=by,
        now=now,
    )
