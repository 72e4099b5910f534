"""Authorities, teams, users and the roles they hold."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.compiled_rows import CompiledRows
from accounts.enums import Role
from accounts.history import tracked, tracked_fields


@tracked
class Authority(models.Model):
    """A council. Every root row of the system belongs to one."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120, unique=True)
    colour = models.CharField(
        max_length=7,
        default="#12464f",
        validators=[RegexValidator(r"^#[0-9a-f]{6}$", "Write the colour as # and six digits, such as #12464f.")],
    )
    day_phone = models.CharField(max_length=40, blank=True)
    night_phone = models.CharField(max_length=40, blank=True)
    complaints = models.CharField("how to complain", max_length=250, blank=True)
    return_address = models.TextField(
        "where letters come back to",
        blank=True,
        default="",
        db_default="",
        help_text="without a word about their matter",
    )
    secure_mail_domains = models.TextField(
        "domains whose mail the council has approved as secure, one a line", blank=True, default="", db_default=""
    )

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "authorities"

    def __str__(self) -> str:
        return self.name

    def has_secure_mail_with(self, mailbox: str) -> bool:
        """Return whether the council has approved mail to this mailbox's domain as secure."""
        approved = {one.strip().lower() for one in self.secure_mail_domains.splitlines() if one.strip()}
        return mailbox.strip().lower().rpartition("@")[2] in approved


@tracked
class Team(models.Model):
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ("name",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("authority", "name"),
                name="team_name_once_per_authority",
                violation_error_message="This council already has a team of that name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_superuser=True, **fields)


@tracked_fields("id", "email", "name", "job_title", "phone", "is_active")
class User(AbstractBaseUser, PermissionsMixin):
    """A user account. The person behind it is ``families.Person.user``."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @cached_property
    def current_roles(self) -> list[RoleAssignment]:
        """Return the roles held today, main one first; read once per request."""
        held = _roles_held.rows(user=self.pk, day=timezone.localdate())
        for role in held:
            role.user = self
        return held

    @property
    def main_role(self) -> RoleAssignment | None:
        return self.current_roles[0] if self.current_roles else None

    @property
    def authority(self) -> Authority | None:
        return self.main_role.authority if self.main_role else None

    @property
    def current_role_name(self) -> str:
        return self.main_role.get_role_display() if self.main_role else ""

    def holds(self, *roles: Role | str) -> bool:
        """Return whether the user holds one of ``roles`` today, in any authority."""
        return any(held.role in roles for held in self.current_roles)

    @property
    def councils(self) -> list[int]:
        """Authorities in which the user holds any role today."""
        return sorted({held.authority_id for held in self.current_roles})

    def authority_ids(self, *roles: Role | str) -> list[int]:
        """Return the ids of authorities in which the user holds one of ``roles`` today."""
        return sorted({held.authority_id for held in self.current_roles if held.role in roles})

    def team_ids(self, *roles: Role | str) -> list[int]:
        """Return the ids of teams for which the user holds one of ``roles`` today."""
        return sorted({held.team_id for held in self.current_roles if held.role in roles and held.team_id})


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def current(self, *, on: datetime.date) -> RoleAssignmentQuerySet:
        return self.filter(starts_on__lte=on).exclude(ends_on__lte=on)


@tracked
class RoleAssignment(models.Model):
    """A role held by a user in one authority from a day; ``ends_on`` is the first day they no longer hold it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20, choices=Role.choices)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="roles", null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    from_directory = models.CharField(
        max_length=50, blank=True, help_text="the directory that gave it and may take it away"
    )

    objects: ClassVar = RoleAssignmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="role_is_known", violation_error_message="Choose a role."
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="role_ends_after_it_starts",
                violation_error_message="The role can't end before it starts.",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.SOCIAL_WORKER, Role.TEAM_MANAGER]) | Q(team__isnull=False),
                name="team_roles_name_their_team",
                violation_error_message="Choose the team for this role.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} ({self.user_id})"


def _held_on(user: int, day: datetime.date) -> RoleAssignmentQuerySet:
    held = RoleAssignment.objects.filter(user=user).current(on=day)
    return held.select_related("authority", "team").order_by("pk")


_roles_held = CompiledRows(_held_on, {"user": -1, "day": datetime.date.min})
