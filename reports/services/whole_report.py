"""Saving a whole report at once: what is new, changed or taken out, and nothing of what others changed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from conferences.models import ConferenceChild, Participant
from families.models import Person
from reports.enums import ReportKind
from reports.models import Report, ReportSection
from reports.services.reports import begin_report, remove_section, save_section


@dataclass(frozen=True)
class Written:
    """One paragraph as typed: new, or over the recorded one at its ``version``, or one to take out."""

    heading: str
    text: str
    nature: str
    evidence: str
    children: Sequence[ConferenceChild]
    private_to: Sequence[Person]
    section: ReportSection | None = None
    version: int = 0
    takes_out: bool = False
    kept_from: Sequence[Person] = ()


@transaction.atomic
def write_report(
    *,
    author: Participant,
    paragraphs: Sequence[Written],
    now: datetime.datetime,
    why_held: str | None = None,
    by: User | None = None,
    guest_session_id: int | None = None,
) -> Report:
    """Save everything that was typed on the page of a report, or nothing.

    In order: begins the report where there is none; stores why the conference is held (social work only); saves,
    changes or takes out each paragraph given. Twice does what once did.

    Raises EditedMeanwhile where a paragraph was changed after the version it was typed over, and ValidationError as
    ``begin_report`` and ``save_section`` do.
    """
    report = begin_report(author=author, by=by, guest_session_id=guest_session_id, now=now)
    if why_held is not None and report.kind == ReportKind.SOCIAL_WORK and report.why_held != why_held.strip():
        report.why_held = why_held.strip()
        report.version += 1
        report.save(update_fields=["why_held", "version"])
    for one in paragraphs:
        if one.takes_out:
            if one.section is not None:
                remove_section(section=one.section, by=by, now=now)
            continue
        save_section(
            report=report,
            heading=one.heading,
            text=one.text,
            nature=one.nature,
            evidence=one.evidence,
            children=one.children,
            private_to=one.private_to,
            kept_from=one.kept_from,
            section=one.section,
            version=one.version,
            by=by,
            now=now,
        )
    return report
