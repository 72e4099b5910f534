"""A worker's post kept up: details changed, the post ended, and what its holder was to do given to someone else."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from accounts.guests.mailboxes import mailbox_of
from accounts.models import User
from families.models import Agency, Post, WorkOfPost
from families.post_work import PostChange, PostItem, left_open, mailbox_changed, post_work, work_of

CHANGED_MEANWHILE = "Someone else has changed this post. Reload the page and look again."
ENDED = "This post has ended. Reload the page."
LONGEST = 200


@transaction.atomic
def change_post(
    *,
    post: Post,
    title: str,
    email: str,
    phone: str,
    because: str,
    by: User,
    now: datetime.datetime,
    agency: Agency | None = None,
    is_named_lead: bool | None = None,
    version: int | None = None,
) -> Post:
    """Change what is recorded about a post, with the reason; ``is_named_lead`` None leaves that as it is.

    In order: writes the details; where the mailbox is another one, everything that stands in the post's name goes
    to the new one, and nothing more to the old (``mailbox_changed``). Changing nothing leaves the post as it is.
    Raises ValidationError by field: without a reason, for an address that is none or is another worker's, for an
    agency of another council, where the post has ended, and where someone else changed it since ``version``.
    """
    locked = lock_post(post)
    said = {"title": title.strip(), "email": email.strip().lower(), "phone": phone.strip()}
    place = agency or locked.agency
    leads = locked.is_named_lead if is_named_lead is None else is_named_lead
    is_same_lead = leads == locked.is_named_lead
    if (
        is_same_lead
        and place.pk == locked.agency_id
        and all(getattr(locked, name) == value for name, value in said.items())
    ):
        return locked
    if version is not None and version != locked.version:
        raise ValidationError(CHANGED_MEANWHILE)
    if not locked.is_current(timezone.localdate(now)):
        raise ValidationError(ENDED)
    errors = {}
    if not said["title"]:
        errors["title"] = "Enter the job title."
    if not because.strip():
        errors["because"] = "Say why it changes, or who told you."
    if place.authority_id != locked.agency.authority_id:
        errors["agency"] = "Choose an agency of this council."
    if said["email"] and (wrong := _wrong_mailbox(locked, said["email"], on=timezone.localdate(now))):
        errors["email"] = wrong
    if errors:
        raise ValidationError(errors)
    before = locked.email
    for name, value in said.items():
        setattr(locked, name, value)
    locked.agency = place
    locked.is_named_lead = leads
    locked.changed_because = because.strip()
    locked.version += 1
    locked.full_clean()
    locked.save()
    if before and mailbox_of(before) != mailbox_of(said["email"] or "@"):
        change = PostChange(locked, by, now, because.strip(), timezone.localdate(now))
        for follow in mailbox_changed:
            follow(change, before)
    return locked


def _wrong_mailbox(post: Post, email: str, *, on: datetime.date) -> str:
    try:
        validate_email(email)
    except ValidationError:
        return "Enter an e-mail address like name@example.com"
    others = Post.objects.current(on=on).filter(email__iexact=email, agency__authority=post.agency.authority_id)
    if others.exclude(person=post.person_id).exists():
        return "Another worker has this e-mail address. Each needs their own."
    return ""


@transaction.atomic
def end_post(
    *,
    post: Post,
    on: datetime.date,
    because: str,
    by: User,
    now: datetime.datetime,
    successor: Post | None = None,
    version: int | None = None,
) -> list[WorkOfPost]:
    """End a post on ``on``, the first day on which its holder is no longer there; return the work that was left.

    In order:
    1. ends the post, with the reason and the successor where there is one;
    2. takes its holder off everything that lies on or after that day: invitations, core groups, tasks; their
       calendar entries are cancelled and their links closed;
    3. notes each piece of it, and gives it to the successor;
    4. tells those who arrange the case of what nobody has taken, where the successor can't take it too.
    A post that has ended already is left as it is, its work returned. Raises ValidationError by field.
    """
    locked = lock_post(post)
    if locked.ends_on is not None and locked.ended_because:
        return list(locked.work_left.all())
    if version is not None and version != locked.version:
        raise ValidationError(CHANGED_MEANWHILE)
    errors = {}
    if not because.strip():
        errors["because"] = "Say why they left, or who told you."
    if locked.starts_on and on < locked.starts_on:
        errors["on"] = "The last day can't be before the first."
    if successor is not None and (refusal := _no_successor(locked, successor, on=on)):
        errors["successor"] = refusal
    if errors:
        raise ValidationError(errors)
    found = [(kind, item) for kind, items in work_of(locked, on=on) for item in items]
    locked.ends_on, locked.ended_because, locked.followed_by = on, because.strip(), successor
    locked.version += 1
    locked.save(update_fields=["ends_on", "ended_because", "followed_by", "version"])
    change = PostChange(locked, by, now, because.strip(), on)
    rows = []
    for kind, item in found:
        kind.leave(item.row_id, change)
        row, _ = WorkOfPost.objects.get_or_create(
            post=locked,
            kind=kind.key,
            row_id=item.row_id,
            defaults={"family_id": item.family_id, "what": item.what[:LONGEST], "left_at": now, "left_by": by},
        )
        rows.append((row, item))
    for row, item in rows:
        if successor is None or not _given(row, successor, by=by, now=now):
            for tell in left_open:
                tell(change, row.kind, item)
    return [row for row, _ in rows]


def _no_successor(post: Post, successor: Post, *, on: datetime.date) -> str:
    if successor.pk == post.pk or successor.person_id == post.person_id:
        return "Choose someone else: this person leaves the post."
    if successor.agency.authority_id != post.agency.authority_id:
        return "Choose someone from the council's directory."
    if not successor.is_current(on):
        return "Choose someone who is in their post on that day."
    return ""


def _given(row: WorkOfPost, successor: Post, *, by: User, now: datetime.datetime) -> bool:
    try:
        give_work(work=row, to=successor, by=by, now=now)
    except ValidationError:
        return False
    return True


@transaction.atomic
def give_work(*, work: WorkOfPost, to: Post, by: User, now: datetime.datetime) -> WorkOfPost:
    """Give one piece of work that a post left to the holder of another.

    Giving it to the same one again changes nothing. Raises ValidationError where it is settled another way, or where
    that worker can't take it; nothing has changed then.
    """
    locked = _lock_work(work)
    if locked.settled_at is not None and locked.given_to_id == to.pk:
        return locked
    _refuse_settled(locked)
    if refusal := _no_successor(locked.post, to, on=timezone.localdate(now)):
        raise ValidationError({"to": refusal})
    kind = next((kind for kind in post_work if kind.key == locked.kind), None)
    if kind is not None:
        kind.give(locked.row_id, to, by, now)
    locked.given_to, locked.settled_by, locked.settled_at = to, by, now
    locked.save(update_fields=["given_to", "settled_by", "settled_at"])
    return locked


@transaction.atomic
def settle_work(*, work: WorkOfPost, because: str, by: User, now: datetime.datetime) -> WorkOfPost:
    """Record why nobody takes over one piece of work. Idempotent. Raises ValidationError without a reason."""
    locked = _lock_work(work)
    if locked.settled_at is not None and locked.settled_because:
        return locked
    _refuse_settled(locked)
    if not because.strip():
        raise ValidationError({"because": "Say why no one is needed."})
    locked.settled_because, locked.settled_by, locked.settled_at = because.strip(), by, now
    locked.save(update_fields=["settled_because", "settled_by", "settled_at"])
    return locked


def _refuse_settled(work: WorkOfPost) -> None:
    if work.settled_at is not None:
        raise ValidationError("Someone else has settled this already. Reload the page to see how.")


def _lock_work(work: WorkOfPost) -> WorkOfPost:
    rows = WorkOfPost.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("post__agency", "post__person", "family").get(pk=work.pk)


def lock_post(post: Post) -> Post:
    """Return the locked row of a post, with its agency and person."""
    rows = Post.objects.select_for_update(of=("self",), no_key=True).select_related("agency", "person")
    locked: Post = rows.get(pk=post.pk)
    return locked


__all__ = ["PostItem", "change_post", "end_post", "give_work", "lock_post", "settle_work"]
