"""Guests, who come in by a link without an account: links, tokens, one-time codes and sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts import encryption
from accounts.history import append_only, never_deleted, tracked
from accounts.models.people import Authority, User


@tracked
class GuestLink(models.Model):
    """A link for one person and one purpose, sent to one mailbox; it holds no facts of any case.

    ``purpose`` names the registered purpose, which alone knows what ``subject_id`` and ``person_id`` are and
    checks on every request whether they are still open to the guest (``accounts.guests.purposes``).
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="guest_links")
    purpose = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    sent_to = models.CharField("mailbox that it went to, in small letters", max_length=254)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    created_at = models.DateTimeField()
    because = models.CharField("why there is a new one", max_length=250, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    revoked_because = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("purpose", "subject_id"),
                condition=Q(revoked_at__isnull=True),
                name="one_open_link_per_subject",
                violation_error_message="This person already has a link. Close that one first.",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_because__regex=r"\S"),
                name="closed_link_says_why",
                violation_error_message="Say why the link is closed.",
            ),
        ]

    def __str__(self) -> str:
        return f"guest link {self.pk}"


class GuestToken(models.Model):
    """The secret of a link as it appeared in one e-mail. Only its hash is kept; sending again creates another."""

    link = models.ForeignKey(GuestLink, on_delete=models.PROTECT, related_name="tokens")
    token_hash = models.CharField("SHA-256 of the token", max_length=64, unique=True)
    minted_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [append_only]

    def __str__(self) -> str:
        return f"guest token {self.pk}"


class GuestCode(models.Model):
    """A one-time code requested by a link's holder, valid in the requesting browser (``asker_hash``).

    The code itself is generated when its e-mail leaves, and kept as a keyed hash: six digits can be guessed
    back from a plain one. ``accounts.throttling`` counts the attempts.
    """

    link = models.ForeignKey(GuestLink, on_delete=models.PROTECT, related_name="codes")
    asker_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True)
    sent_to = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    minted_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("link",),
                condition=Q(used_at__isnull=True, superseded_at__isnull=True),
                name="one_live_code_per_link",
            )
        ]

    def __str__(self) -> str:
        return f"guest code {self.pk}"


class GuestSession(models.Model):
    """A guest's session in one browser, started with one code. Only the hash of its cookie is kept."""

    link = models.ForeignKey(GuestLink, on_delete=models.PROTECT, related_name="sessions")
    code = models.OneToOneField(GuestCode, on_delete=models.PROTECT, related_name="session")
    token_hash = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=120, blank=True)

    class Meta:
        triggers: ClassVar = [never_deleted]

    def __str__(self) -> str:
        return f"guest session {self.pk}"


class GuestDraft(models.Model):
    """What a guest had typed on one page when they left quickly, for a later stay by the same link.

    ``sealed`` holds field names and values, encrypted (see ``accounts.encryption``). It is emptied once the form
    is sent.
    """

    link = models.ForeignKey(GuestLink, on_delete=models.PROTECT, related_name="drafts")
    path = models.CharField(max_length=300)
    sealed = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("link", "path"), name="one_guest_draft_per_page")]

    def __str__(self) -> str:
        return f"guest draft {self.pk}"

    @property
    def fields(self) -> dict[str, list[str]]:
        """Return lists of values by field name, as the browser sent them. Raises ``encryption.CannotBeOpened``."""
        return (
            encryption.unseal(self.sealed, user_id=f"guest link {self.link_id}", path=self.path) if self.sealed else {}
        )

    @fields.setter
    def fields(self, fields: Mapping[str, Sequence[str]]) -> None:
        self.sealed = encryption.seal(fields, user_id=f"guest link {self.link_id}", path=self.path)
