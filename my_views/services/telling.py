"""Whom a form that was handed in reaches: the social worker and the chair, by a reference, never by its words."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.urls import reverse

from accounts.models import User
from conferences.access import chairs_of, may
from conferences.models import Conference
from conferences.selectors.recipients import managers_of, service_managers
from conferences.services.alerts import queue_alert
from deadlines.working_days.arithmetic import civil_day
from families.selectors.people import current_allocations
from my_views.access import reads_forms
from my_views.models import DangerSign, HandIn, MyViewsForm
from notifications.services.outbox import notify


def readers_of(conference: Conference, *, on: datetime.date) -> list[User]:
    """Return the chair and the social workers who hold the case; the team's manager where nobody holds it."""
    workers = [row.user for row in current_allocations([conference.family_id], on=on)]
    named = _each_once([*chairs_of(conference, on=on), *workers, *managers_of(conference, on=on)])
    return [user for user in named if user.is_active and reads_forms(user, conference)]


def tell_readers(hand_in: HandIn, *, taken_back: bool = False, now: datetime.datetime) -> None:
    """Tell chair and social worker that a form was handed in, or taken back; the reference only."""
    form = hand_in.form
    conference = form.conference
    what = "was taken back" if taken_back else "was handed in" if hand_in.number == 1 else "was handed in again"
    for user in readers_of(conference, on=civil_day(now)):
        notify(
            user=user,
            key=f"my-views:{form.pk}:{form.number}",
            text=f"Conference {conference.reference}: a My Views form {what}.",
            url=_page_of(form),
            now=now,
        )


def tell_of_danger(sign: DangerSign, form: MyViewsForm, *, now: datetime.datetime) -> None:
    """Tell chair, social worker and managers at once, on the page and by e-mail, that a form may tell of a danger.

    Managers learn that it is so and whom to ask; the words stay with those who read forms. If no manager of the case
    is left, the service managers are told: a danger never goes unreported.
    """
    conference, today = form.conference, civil_day(now)
    readers = {user.pk for user in readers_of(conference, on=today)}
    managers = managers_of(conference, on=today) or service_managers(conference, on=today)
    people = _each_once([*readers_of(conference, on=today), *managers])
    text = f"Conference {conference.reference}: a My Views form may tell of a danger. Somebody has to read it now."
    for user in people:
        reads = user.pk in readers
        may_open = reads or may(user, conference, to="read")
        overview = reverse("conferences:overview", args=[conference.pk]) if may_open else ""
        notify(
            user=user,
            key=f"my-views-danger:{sign.pk}",
            text=text if reads else f"{text} The chair or the social worker can.",
            url=_page_of(form) if reads else overview,
            urgent=True,
            now=now,
        )
        queue_alert(user=user, about=conference, key=f"my-views-danger:{sign.pk}", text=text, now=now)


def _page_of(form: MyViewsForm) -> str:
    return reverse("my_views:form", args=[form.conference_id, form.pk])


def _each_once(users: Iterable[User]) -> list[User]:
    return list({user.pk: user for user in users}.values())
