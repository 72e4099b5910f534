"""Issue and revoke links; request, check and expire codes; start and end guest sessions."""

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
    """Issue a link; its secret is created only when a message with it leaves (``mint_token``).

    In order: returns the existing usable link, with the later expiry, where it went to the same person and
    mailbox; revokes any other open link of this subject. The caller has checked that the person may have one,
    and holds the lock on the subject's row.
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
def close_link(
    *, link: GuestLink, because: str, by: User | None, now: datetime.datetime, stays_go_on: bool = False
) -> GuestLink:
    """Revoke a link for good and end its sessions. Idempotent.

    In order: records when, by whom and why; voids pending codes; ends its guests' sessions. With ``stays_go_on``,
    because only what the link led to is over, whoever is in stays for what their other links lead to
    (``guest_with``). Raises ValidationError on ``because`` without a reason.
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
    if not stays_go_on:
        locked.sessions.filter(ended_at__isnull=True).update(ended_at=now, ended_because="The link was closed.")
    return locked


def close_links(
    *, purpose: str, subject_id: int, because: str, by: User | None, now: datetime.datetime, stays_go_on: bool = False
) -> int:
    """Revoke every open link of one subject, as ``close_link`` does, and return how many."""
    rows = GuestLink.objects.filter(purpose=purpose, subject_id=subject_id, revoked_at__isnull=True)
    return len([close_link(link=link, because=because, by=by, now=now, stays_go_on=stays_go_on) for link in rows])


@transaction.atomic
def mint_token(*, purpose: str, subject_id: int, mailbox: str, now: datetime.datetime) -> str:
    """Create a secret for this subject's link, for an e-mail leaving now; "" where none is open to ``mailbox``.

    Each e-mail gets its own, and all of them work until the link is revoked: an e-mail may be sent twice.
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
    """Send a code to the link's mailbox, voiding any earlier code.

    Returns the code's row and the secret for the requesting browser, which is not stored. The caller applies
    the rate limit.
    """
    locked = GuestLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link.pk)
    _void_codes(locked, now=now)
    asker = new_token()
    code = GuestCode.objects.create(
        link=locked, asker_hash=hash_of(asker), sent_to=locked.sent_to, asked_at=now, expires_at=now + CODE_LIVES
    )
    carry(code, now=now)
    return code, asker


def _void_codes(link: GuestLink, *, now: datetime.datetime) -> None:
    link.codes.filter(used_at__isnull=True, superseded_at__isnull=True).update(superseded_at=now)


def is_wanted(code_pk: int, *, now: datetime.datetime) -> bool:
    """Return whether a requested code is still awaited, so that its e-mail may leave."""
    return GuestCode.objects.filter(
        pk=code_pk,
        used_at__isnull=True,
        superseded_at__isnull=True,
        asked_at__gt=now - CODE_LIVES,
        link__in=open_links(now).values("pk"),
    ).exists()


@transaction.atomic
def mint_code(*, code_pk: int, now: datetime.datetime) -> str:
    """Generate a code's digits for the e-mail leaving now, starting its ten minutes; a second e-mail gets new ones.

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
    """Start a session for a guest who typed the right code, once; None if it is wrong, expired, used or void.

    The caller has already counted the attempt. ``instead_of`` is the cookie of a session in the same browser,
    which ends. Returns the session and the secret for its cookie.
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
    """End the session of this cookie; a no-op on an ended one."""
    GuestSession.objects.filter(token_hash=hash_of(cookie), ended_at__isnull=True).update(
        ended_at=now, ended_because=because
    )


def note_seen(*, session: GuestSession, now: datetime.datetime) -> None:
    """Record the guest's last activity, for the idle limit."""
    if now - session.last_seen_at >= SEEN_NOTED_EVERY:
        GuestSession.objects.filter(pk=session.pk).update(last_seen_at=now)
