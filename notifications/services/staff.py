"""Tells the right people when an account or role changes."""

from __future__ import annotations

from django.utils import timezone

from accounts.enums import CASE_ROLES, Role
from accounts.models import Authority, RoleAssignment, User
from accounts.people.staff_events import StaffEvent, StaffEventKind
from notifications.enums import MessageKind, Subject
from notifications.services.outbox import notify, queue_message, reference_subject

OPENING_ROLES = frozenset(CASE_ROLES | {Role.CUSTODIAN, Role.DUTY_WORKER})


def on_staff_event(event: StaffEvent) -> None:
    """Write to whoever should notice a change that could open cases to someone else.

    Service managers are told of a role that opens cases and, with the owner, of a reset second factor; the
    owner of an old address is told that it was changed.
    """
    if event.kind == StaffEventKind.ROLE_GIVEN and event.role in OPENING_ROLES:
        _tell_of_role(event)
    if event.kind == StaffEventKind.ADDRESS_CHANGED:
        _tell_old_address(event)
    if event.kind == StaffEventKind.STEPS_TAKEN:
        _tell_of_steps(event)


def _tell_of_role(event: StaffEvent) -> None:
    label = Role(event.role).label.lower()
    _tell_service_managers(
        event,
        key=f"role-given:{event.user.pk}:{event.role}",
        text=f"{event.user.name} was made {label} by {event.by.name}. Is that right?",
    )


def _tell_of_steps(event: StaffEvent) -> None:
    _tell_service_managers(
        event,
        key=f"steps-taken:{event.user.pk}",
        text=f"{event.by.name} removed the second steps of {event.user.name}. Is that right? {event.why}",
    )
    at = f"{event.now:%Y%m%d%H%M%S}"
    queue_message(
        authority=Authority.objects.get(pk=event.authority_id or 0),
        key=f"steps-taken:{event.user.pk}:{at}",
        kind=MessageKind.ALERT,
        to_email=event.user.email,
        subject=reference_subject(subject=Subject.ALERT, reference=at),
        body="An administrator has removed your password and your second steps. Choose a new "
        "password on the sign-in page, with “I have forgotten my password”. If you did not ask "
        "for this, ring them now.",
        user=event.user,
        now=event.now,
    )


def _tell_service_managers(event: StaffEvent, *, key: str, text: str) -> None:
    roles = RoleAssignment.objects.current(on=timezone.localdate(event.now)).filter(
        authority=event.authority_id, role=Role.SERVICE_MANAGER
    )
    managers = User.objects.filter(is_active=True, pk__in=roles.values("user")).exclude(pk=event.by.pk)
    for manager in managers.order_by("pk"):
        notify(user=manager, key=f"{key}:{event.now:%Y%m%d%H%M%S}", text=text[:250], now=event.now)


def _tell_old_address(event: StaffEvent) -> None:
    authority = event.user.authority or event.by.authority
    if authority is None:
        return
    at = f"{event.now:%Y%m%d%H%M%S}"
    queue_message(
        authority=Authority.objects.get(pk=authority.pk),
        key=f"address-changed:{event.user.pk}:{at}",
        kind=MessageKind.ALERT,
        to_email=event.was,
        subject=reference_subject(subject=Subject.ALERT, reference=at),
        body="An administrator has changed the e-mail address of your account. If you did not ask "
        "for this, ring them now.",
        user=event.user,
        now=event.now,
    )
