"""Making and closing links, codes that are asked for, typed and run out, and the stay of a guest."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare

from accounts.guests.carrying import carry
from accounts.guests.hashing import hash_of, hash_of_code, new_code, new_token
from accounts.guests.limits import CODE_LIVES, SEEN_NOTED_EVERY
from accounts.guests.mailboxes import normalized
from accounts.guests.purposes import open_links
from accounts.models import Authority, GuestCode, GuestLink, GuestSession, GuestToken, User


@transaction.atomic
def make_link(
    *,
    authority: Authority,
    purpose: str,
    subject_id: int,
    person_id: int,
    sent_to: str,
    expires_at: datetime.datetime,
    by: User | None,
    now: datetime.datetime,
    because: str = "",
) -> GuestLink:
    """Give somebody a link; its secret is made only when a message with it leaves (``mint_token``).

    In order: the link that is open already is given back, with the later end, where it went to the same person
    and mailbox; any other open one of this subject is closed. Whoever calls this has checked that the person may
    have one, and holds the subject's row.
    """
    mailbox = normalized(sent_to)
    standing = (
        GuestLink.objects.select_for_update(of=("self",), no_key=True)
        .filter(purpose=purpose, subject_id=subject_id, revoked_at__isnull=True)
        .first()
    )
    if standing is not None and (standing.person_id, standing.sent_to) == (person_id, mailbox):
        if standing.expires_at != expires_at:
            standing.expires_at = expires_at
            standing.save(update_fields=["expires_at"])
        return standing
    if standing is not None:
        close_link(link=standing, because="The next one goes to another mailbox.", by=by, now=now)
    return GuestLink.objects.create(
        authority=authority,
        purpose=purpose,
        subject_id=subject_id,
        person_id=person_id,
        sent_to=mailbox,
        created_by=by,
        created_at=now,
        because=because.strip(),
        expires_at=expires_at,
    )


@transaction.atomic
def close_link(*, link: GuestLink, because: str, by: User | None, now: datetime.datetime) -> GuestLink:
    """Close a link for good, with everybody inside. Closing it again changes nothing.

    In order: the link says when, by whom and why; codes that are under way are void; its guests are out. Raises
    ValidationError on ``because`` without a reason.
    """
    if not because.strip():
        raise ValidationError({"because": "Say why the link is closed."})
    locked = GuestLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link.pk)
    if locked.revoked_at is not None:
        return locked
    locked.revoked_at = now
    locked.revoked_by = by
    locked.revoked_because = because.strip()
    locked.save(update_fields=["revoked_at", "revoked_by", "revoked_because"])
    _void_codes(locked, now=now)
    locked.sessions.filter(ended_at__isnull=True).update(ended_at=now, ended_because="The link was closed.")
    return locked


def close_links(
    *, purpose: str, subject_id: int, because: str, by: User | None, now: datetime.datetime
) -> int:
    """Close every open link of one subject, and count them."""
    rows = GuestLink.objects.filter(purpose=purpose, subject_id=subject_id, revoked_at__isnull=True)
    return len([close_link(link=link, because=because, by=by, now=now) for link in rows])


@transaction.atomic
def mint_token(*, purpose: str, subject_id: int, mailbox: str, now: datetime.datetime) -> str:
    """A secret for the link of this subject, for the e-mail that leaves now; "" where none is open to ``mailbox``.

    Each e-mail gets its own, and all of them lead in until the link is closed: an e-mail may leave twice.
    """
    links = open_links(now).filter(purpose=purpose, subject_id=subject_id, sent_to=normalized(mailbox))
    link = links.first()
    if link is None:
        return ""
    token = new_token()
    GuestToken.objects.create(link=link, token_hash=hash_of(token), minted_at=now)
    return token


@transaction.atomic
def ask_for_code(*, link: GuestLink, now: datetime.datetime) -> tuple[GuestCode, str]:
    """Send a code to the mailbox that the link went to; the code before it is void from now.

    Gives the code's row and the secret for the browser that asked, which is known to nobody afterwards. How often
    this may be asked is counted by the caller.
    """
    locked = GuestLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link.pk)
    _void_codes(locked, now=now)
    asker = new_token()
    code = GuestCode.objects.create(
        link=locked,
        asker_hash=hash_of(asker),
        sent_to=locked.sent_to,
        asked_at=now,
        expires_at=now + CODE_LIVES,
    )
    carry(code, now=now)
    return code, asker


def _void_codes(link: GuestLink, *, now: datetime.datetime) -> None:
    link.codes.filter(used_at__isnull=True, superseded_at__isnull=True).update(superseded_at=now)


def is_wanted(code_pk: int, *, now: datetime.datetime) -> bool:
    """Whether a code that was asked for is still waited for, so that its e-mail may leave."""
    return GuestCode.objects.filter(
        pk=code_pk,
        used_at__isnull=True,
        superseded_at__isnull=True,
        asked_at__gt=now - CODE_LIVES,
        link__in=open_links(now).values("pk"),
    ).exists()


@transaction.atomic
def mint_code(*, code_pk: int, now: datetime.datetime) -> str:
    """The figures of a code, for the e-mail that leaves now. Its ten minutes begin; a second e-mail has new ones.

    Raises GuestCode.DoesNotExist for one that is used or void.
    """
    code = GuestCode.objects.select_for_update(of=("self",)).get(
        pk=code_pk, used_at__isnull=True, superseded_at__isnull=True
    )
    figures = new_code()
    code.code_hash = hash_of_code(code.pk, figures)
    code.minted_at = now
    code.expires_at = now + CODE_LIVES
    code.save(update_fields=["code_hash", "minted_at", "expires_at"])
    return figures


@transaction.atomic
def enter(
    *, code: GuestCode, typed: str, now: datetime.datetime, instead_of: str = ""
) -> tuple[GuestSession, str] | None:
    """Let a guest in who typed the code, once; None where it is wrong, run out, used or void.

    The caller has counted the try before. ``instead_of`` is the cookie of a stay in the same browser, which ends.
    Gives the stay and the secret for its cookie.
    """
    locked = GuestCode.objects.select_for_update(of=("self",)).select_related("link").get(pk=code.pk)
    right = constant_time_compare(locked.code_hash, hash_of_code(locked.pk, typed))
    is_live = (
        locked.used_at is None
        and locked.superseded_at is None
        and locked.minted_at is not None
        and locked.expires_at > now
    )
    if not (right and is_live and open_links(now).filter(pk=locked.link_id).exists()):
        return None
    locked.used_at = now
    locked.save(update_fields=["used_at"])
    if instead_of:
        leave(cookie=instead_of, because="A new stay began in the same browser.", now=now)
    cookie = new_token()
    session = GuestSession.objects.create(
        link=locked.link, code=locked, token_hash=hash_of(cookie), started_at=now, last_seen_at=now
    )
    return session, cookie


def leave(*, cookie: str, now: datetime.datetime, because: str = "The guest left.") -> None:
    """End the stay of this cookie; one that is over stays as it is."""
    GuestSession.objects.filter(token_hash=hash_of(cookie), ended_at__isnull=True).update(
        ended_at=now, ended_because=because
    )


def note_seen(*, session: GuestSession, now: datetime.datetime) -> None:
    """Keep when a guest was last here, for the idle limit."""
    if now - session.last_seen_at >= SEEN_NOTED_EVERY:
        GuestSession.objects.filter(pk=session.pk).update(last_seen_at=now)
