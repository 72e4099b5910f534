"""A paragraph that its author says must not reach somebody: not in their version, nor in any paper of theirs."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from conferences.selectors.children import children_in
from entitlement import Excerpt, Reader, may_read
from reports.models import ReportSection
from reports.selectors.due import people_due
from reports.selectors.versions import readers_due, version_for
from reports.services.reports import begin_report, save_section, submit_report
from tests.reports.story import BEFORE
from tests.reports.test_guest_papers import browser, share
from tests.reports.test_whole_report import page_of, shown
from tests.reports.test_write_report import typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before")]
MARKER = "Kestrel: she asked us not to tell him."


def handed_in(ahead: SimpleNamespace):
    draft = begin_report(author=ahead.of.gp, by=ahead.coordinator, now=BEFORE)
    facts = {"report": draft, "by": ahead.coordinator, "now": BEFORE, "heading": "current-risks", "nature": "fact"}
    save_section(text="Robin is often ill.", children=[ahead.robin_row], **facts)
    save_section(text=MARKER, children=[ahead.robin_row], kept_from=[ahead.dale], **facts)
    return submit_report(report=draft, by=ahead.coordinator, now=BEFORE, received_by="post")


def version(ahead, report, person):
    children = list(children_in(ahead.conference))
    due = next(row for row in people_due(ahead.conference, children) if row.person == person)
    return version_for(report, due, children, on=BEFORE.date())


def test_their_version_is_without_it_and_staff_read_why(ahead):
    report = handed_in(ahead)
    assert [row.text for row in version(ahead, report, ahead.hazel).sections] == ["Robin is often ill.", MARKER]
    theirs = version(ahead, report, ahead.dale)
    assert [row.text for row in theirs.sections] == ["Robin is often ill."]
    assert [row.why for row in theirs.omitted] == ["its author says that it must not reach them"]


def test_their_own_page_has_neither_it_nor_whom_it_is_kept_from(ahead):
    report = handed_in(ahead)
    for person in (ahead.dale, ahead.hazel):
        share(ahead, report, person)
    address = f"/guest/papers/reports/{report.pk}/"
    dale = browser(ahead, "dale").get(address).content.decode()
    assert ("Robin is often ill." in dale, "Kestrel" in dale) == (True, False)
    hazel = browser(ahead, "hazel").get(address).content.decode()
    assert ("Kestrel" in hazel, "ust not reach" in hazel) == (True, False)


def test_nobody_reads_what_is_kept_from_them_whatever_else_opens_it(ahead):
    children = list(children_in(ahead.conference))
    readers: list[Reader] = readers_due(ahead.conference, children, on=BEFORE.date())
    about = Excerpt(("Well.",), frozenset({ahead.robin_row.pk}))
    away = Excerpt(("Well.",), frozenset({ahead.robin_row.pk}), kept_from=frozenset({ahead.dale.pk}))
    assert [reader.person for reader in readers if may_read(about, reader) and not may_read(away, reader)] == [
        ahead.dale.pk
    ]


def test_a_new_version_keeps_it(ahead):
    handed_in(ahead)
    again = begin_report(author=ahead.of.gp, new_because="A date was wrong", by=ahead.coordinator, now=BEFORE)
    assert list(again.sections.get(text=MARKER).kept_from.all()) == [ahead.dale]


def test_it_is_named_on_the_page_of_the_report_and_kept(ahead):
    client, where = page_of(ahead)
    fields = {key: value for key, value in typed().items() if not key.endswith("_kept_from")}
    client.post(where, {**fields, "new_current-risks_0_kept_from": [ahead.dale.pk], "then": "stay"})
    section = ReportSection.objects.get()
    assert list(section.kept_from.all()) == [ahead.dale]
    assert client.post(where, shown(client, where)).url == where
    assert ReportSection.objects.get().version == 1


def test_nobody_is_kept_from_their_own_private_information(ahead):
    client, where = page_of(ahead)
    marks = {"new_current-risks_0_private_to": [ahead.dale.pk], "new_current-risks_0_kept_from": [ahead.dale.pk]}
    page = client.post(where, {**typed(), **marks, "then": "stay"}).content.decode()
    assert "whose it is and whom it must not reach" in page
    draft = begin_report(author=ahead.of.gp, by=ahead.coordinator, now=BEFORE)
    with pytest.raises(ValidationError) as refused:
        save_section(
            report=draft, heading="current-risks", text="x", nature="fact", by=ahead.coordinator, now=BEFORE,
            private_to=[ahead.dale], kept_from=[ahead.dale],
        )  # fmt: skip
    assert list(refused.value.message_dict) == ["kept_from"]
