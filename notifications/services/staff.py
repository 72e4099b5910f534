"""Tells the right people when an account or role changes."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.enums import CASE_ROLES, CONFIRMING_ROLES, Role
from accounts.models import Authority, RoleAssignment, User
from accounts.people.staff_events import StaffEvent, StaffEventKind
from notifications.enums import MessageKind, Subject
from notifications.services.outbox import notify, queue_message, reference_subject

OPENING_ROLES = frozenset(
    CASE_ROLES | {Role.CUSTODIAN, Role.DUTY_WORKER, Role.DESIGNATED_OFFICER, Role.DATA_PROTECTION}
)
MADE = {
    StaffEventKind.ADDRESS_CHANGED: "changed the e-mail address of",
    StaffEventKind.STEPS_TAKEN: "removed the second steps of",
    StaffEventKind.REOPENED: "reopened the account of",
    StaffEventKind.SECOND_NAMED: "named as second person, where there is no other service manager,",
    StaffEventKind.CONFIRMER_ENDED: "ended the role of",
}
RING = "If you did not ask for this, ring an administrator and your service manager now."
TO_OWNER = {
    StaffEventKind.ADDRESS_CHANGED: f"The e-mail address of your account has been changed. {RING}",
    StaffEventKind.STEPS_TAKEN: "Your password and your second steps have been removed. Choose a new password on the "
    f"sign-in page, with “I have forgotten my password”. {RING}",
    StaffEventKind.CONFIRMER_ENDED: f"Your role as administrator or service manager has been ended. {RING}",
    StaffEventKind.SECOND_NAMED: "A service manager has named you as the second person. Where there is no other "
    "service manager, you check bundles of records, agree to disposals and review emergency accesses. A notice on "
    "your page tells you when there is something to do.",
    StaffEventKind.REOPENED: f"Your account has been opened again. {RING}",
    StaffEventKind.CHANGE_PROPOSED: "An administrator has asked for this change of your account: {what}. Nothing "
    "changes before someone else has confirmed it, and until then no link for a new password works. " + RING,
    StaffEventKind.CHANGE_REFUSED: "This change of your account was asked for and is refused: {what}. Your account "
    "is as it was.",
}


def on_staff_event(event: StaffEvent) -> None:
    """Write to whoever should notice a change that could open cases to someone else.

    Service managers are told of a role that opens cases, of a change of an account that waits, and of one that
    was made; so is the account's owner, at the address that was theirs until then.
    """
    if event.kind == StaffEventKind.ROLE_GIVEN and event.role in OPENING_ROLES | set(CONFIRMING_ROLES):
        _tell_of_role(event)
    if event.kind == StaffEventKind.CHANGE_PROPOSED:
        _tell_of_proposal(event)
    if event.kind in MADE:
        _tell_of_change(event)
    if event.kind in TO_OWNER:
        _tell_owner(event)


def _tell_of_role(event: StaffEvent) -> None:
    label = Role(event.role).label.lower()
    _tell_service_managers(
        event,
        key=f"role-given:{event.user.pk}:{event.role}",
        text=f"{event.user.name} was made {label} by {event.by.name}. Is that right?",
    )


def _tell_of_proposal(event: StaffEvent) -> None:
    """Tell service managers and the other administrators, by mail too: whoever reads only mail has to hear of it."""
    text = f"{event.by.name} asks this of the account of {event.user.name}: {event.what}. Is that right? {event.why}"
    administrators = _holders(event, Role.ADMINISTRATOR).exclude(pk=event.user.pk)
    page = reverse("users:waiting")
    for reader in (_holders(event, Role.SERVICE_MANAGER) | administrators).distinct().order_by("pk"):
        key = f"change-proposed:{event.user.pk}:{_at(event)}"
        notify(user=reader, key=key, text=text[:250], url=page, urgent=True, now=event.now)
        queue_message(
            authority=_council(event),
            key=f"{key}:{reader.pk}",
            kind=MessageKind.ALERT,
            to_email=reader.email,
            subject=reference_subject(subject=Subject.ALERT, reference=_at(event)),
            body="An administrator has asked to change how someone of your council signs in. A second person has "
            f"to confirm or refuse it:\n\n{settings.PUBLIC_URL}{page}",
            user=reader,
            now=event.now,
        )


def _tell_of_change(event: StaffEvent) -> None:
    _tell_service_managers(
        event,
        key=f"{event.kind.name.lower().replace('_', '-')}:{event.user.pk}",
        text=f"{event.by.name} {MADE[event.kind]} {event.user.name}. Is that right? {event.why}",
    )


def _tell_owner(event: StaffEvent) -> None:
    queue_message(
        authority=_council(event),
        key=f"{event.kind.name.lower().replace('_', '-')}:{event.user.pk}:{_at(event)}",
        kind=MessageKind.ALERT,
        to_email=event.was,
        subject=reference_subject(subject=Subject.ALERT, reference=_at(event)),
        body=TO_OWNER[event.kind].format(what=event.what),
        user=event.user,
        now=event.now,
    )


def _council(event: StaffEvent) -> Authority:
    return Authority.objects.get(pk=event.authority_id or 0)


def _at(event: StaffEvent) -> str:
    return f"{event.now:%Y%m%d%H%M%S}"


def _holders(event: StaffEvent, role: Role) -> QuerySet[User]:
    """Return those who hold a role in the event's council, without whoever did it."""
    roles = RoleAssignment.objects.current(on=timezone.localdate(event.now)).filter(
        authority=event.authority_id, role=role
    )
    return User.objects.filter(is_active=True, pk__in=roles.values("user")).exclude(pk=event.by.pk)


def _tell_service_managers(event: StaffEvent, *, key: str, text: str) -> None:
    for manager in _holders(event, Role.SERVICE_MANAGER).order_by("pk"):
        notify(user=manager, key=f"{key}:{_at(event)}", text=text[:250], now=event.now)
