"""Connects notifications to the app below and to its own sending when the site starts."""

from __future__ import annotations

from accounts import own_mail as mail_about_account
from accounts.guests import carrying
from accounts.people.staff_events import staff_changed
from notifications.may_send import checks
from notifications.services import guest_codes, own_mail, staff
from notifications.services.at_sending import ONE_TIME_CODE, register_writer


def connect() -> None:
    """Connect the hooks. Called once from ``NotificationsConfig.ready``."""
    carrying.carriers.connect(guest_codes.send_code)
    checks.connect(guest_codes.no_longer_wanted)
    register_writer(ONE_TIME_CODE, guest_codes.write_code)
    staff_changed.connect(staff.on_staff_event)
    mail_about_account.carriers.connect(own_mail.send_about_account)
    register_writer(own_mail.NEW_PASSWORD_LINK, own_mail.write_link)
