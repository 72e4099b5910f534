"""An author sees how far their own report is, by link and with an account; what is said in short counts too."""

from __future__ import annotations

import pytest

from reports.selectors.own_report import tracker_of
from reports.selectors.papers import report_of, submitted_report_of
from reports.services.reports import begin_report, save_section, submit_report
from tests.factories import AuthorityFactory, procedures_with
from tests.reports.story import BEFORE
from tests.reports.test_write_report import signed_in, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before")]

IN_SHORT = "Say it in two or three sentences, for the minutes"


def states(ahead) -> dict[str, str]:
    author = ahead.of.tutor
    shown = report_of(author)
    return {row.what: row.status for row in tracker_of(author, submitted_report_of(author), now=BEFORE, shown=shown)}


def write(ahead, heading: str) -> None:
    report = begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE)
    save_section(
        report=report, heading=heading, text="He was late.", nature="fact", by=ahead.coordinator, now=BEFORE,
        children=[ahead.robin_row],
    )  # fmt: skip


def test_what_is_in_short_is_a_step_of_its_own(ahead):
    found = [states(ahead)[IN_SHORT]]
    write(ahead, "current-risks")
    found.append(states(ahead)[IN_SHORT])
    write(ahead, "in-short")
    found.append(states(ahead)[IN_SHORT])
    assert found == ["To do", "Not written", "Written"]


def test_an_author_with_an_account_sees_it_on_their_own_page_and_nobody_else_there(ahead):
    page = signed_in(ahead.worker).get(url(ahead, "read-report", "worker")).content.decode()
    assert ("How far your report is" in page, "Make the short report for the family" in page) == (True, True)
    assert "The chair reads it" in page
    write(ahead, "current-risks")
    submit_report(report=report_of(ahead.of.tutor), by=ahead.coordinator, now=BEFORE, received_by="e-mail")
    theirs = signed_in(ahead.worker).get(url(ahead, "read-report", "tutor")).content.decode()
    assert "How far your report is" not in theirs


def heading(key: str, label: str) -> dict[str, str]:
    return {"key": key, "label": label, "prompt": "In your own words."}


def follows(ahead, **values: object) -> None:
    """Let the conference follow procedures of its own."""
    own = {name.replace("_", "-"): value for name, value in values.items()}
    procedures = procedures_with(AuthorityFactory(), since=BEFORE.date(), values=own)
    ahead.conference.policy_version_id = procedures.pk
    ahead.conference.save(update_fields=["policy_version_id"])


def pages(ahead) -> tuple[str, str]:
    """Return where the social worker's report is written, and where a school's."""
    own, school = url(ahead, "write-report", "worker"), url(ahead, "write-report", "tutor")
    return tuple(
        signed_in(user).get(page).content.decode() for user, page in ((ahead.worker, own), (ahead.coordinator, school))
    )


@pytest.mark.value("social-work-report-headings")
def test_only_the_social_work_report_has_its_own_headings(ahead):
    follows(ahead, social_work_report_headings=[heading("what-we-found", "What we found out")])
    own, school = pages(ahead)
    assert ("What we found out" in own, "What the assessment found" in own) == (True, False)
    assert "What we found out" not in school


@pytest.mark.value("report-in-short")
def test_only_another_agencys_report_ends_with_its_words_in_short(ahead):
    follows(ahead, report_in_short=heading("in-three", "Your report in three sentences"))
    own, school = pages(ahead)
    assert ("Your report in three sentences" in school, "Your report in short" in school) == (True, False)
    assert "Your report in three sentences" not in own
