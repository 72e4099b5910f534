"""Ask those who have to agree to a conference after its time limit. Nothing here ever delays one."""

from __future__ import annotations

import datetime

from django.urls import reverse

from conferences.enums import ConferenceStatus
from conferences.models import Conference, LateAgreement
from conferences.models.conference import BROKEN_OFF
from conferences.selectors.lateness import asked_parties, last_day_of, who_answers
from conferences.selectors.progress import current_sitting
from deadlines.working_days.arithmetic import civil_day
from notifications.services.outbox import notify


def ask_about_lateness(*, conference: Conference, now: datetime.datetime) -> list[LateAgreement]:
    """Ask each party for agreement where a locked conference is booked after its limit; within a transaction.

    In order: closes, but keeps, questions that are overtaken (the date is now within the limit, or later than
    what was agreed); asks each party named by the council's policy that has not agreed to this day or a later
    one, and tells them once for each day. Safe to repeat.
    """
    day = _late_day(conference)
    parties = asked_parties(conference) if day else ()
    standing = {row.party: row for row in conference.late_agreements.filter(superseded_at__isnull=True)}
    for party, row in list(standing.items()):
        if row.agreed_at is None and party in parties:
            continue
        if row.agreed_at is not None and (day is None or day <= row.day):
            continue
        row.superseded_at = now
        row.save(update_fields=["superseded_at"])
        del standing[party]
    if day is None:
        return list(standing.values())
    for party in parties:
        asked = standing.get(party)
        if asked is None:
            asked = LateAgreement.objects.create(conference=conference, party=party, day=day, asked_at=now)
            standing[party] = asked
        elif asked.agreed_at is None and asked.day != day:
            asked.day = day
            asked.save(update_fields=["day"])
        if asked.agreed_at is None:
            _tell(conference, asked, now=now)
    return list(standing.values())


def _late_day(conference: Conference) -> datetime.date | None:
    """Return the day for which the conference is booked, if that is after its limit."""
    sitting = current_sitting(conference)
    last = last_day_of(conference)
    broken_off = sitting is not None and sitting.state in BROKEN_OFF
    if sitting is None or last is None or conference.status == ConferenceStatus.CANCELLED or broken_off:
        return None
    day = civil_day(sitting.starts_at)
    return day if day > last else None


def _tell(conference: Conference, asked: LateAgreement, *, now: datetime.datetime) -> None:
    for user in who_answers(conference, asked.party, on=civil_day(now)):
        notify(
            user=user,
            key=f"late:{asked.pk}:{asked.day:%Y%m%d}",
            text=(
                f"{conference.reference}: this conference is booked after its time limit. You are "
                "asked to agree to the date."
            ),
            url=reverse("conferences:agree-late", args=[conference.pk]),
            now=now,
        )
