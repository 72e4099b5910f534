"""Taking over an agency's own last report: only its own text, less what may not be said today."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from conferences.enums import Capacity
from families.models import Address, Residence
from meetings.models import EntryMove
from reports.models import Report
from reports.selectors.copy_forward import copy_forward_for
from reports.services.copy_forward import copy_forward
from reports.services.reports import begin_report, remove_section, save_section, submit_report
from tests.factories import PersonFactory, family_participant
from tests.reports.last_report import SPRING, TAKEN, says
from tests.reports.story import BEFORE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before")]


def texts_of(report: Report) -> list[str]:
    return [row.text for row in report.sections.filter(removed_at__isnull=True)]


def offered(told: SimpleNamespace) -> list[str]:
    found = copy_forward_for(told.of.gp, on=BEFORE.date())
    assert found is not None
    return [passage.section.text for passage in found.passages]


def test_what_is_about_a_child_who_is_no_longer_there_is_not_taken_over(told: SimpleNamespace) -> None:
    report = copy_forward(author=told.of.gp, by=told.coordinator, now=BEFORE)
    rows = list(report.sections.prefetch_related("children", "private_to"))
    assert [row.text for row in rows] == TAKEN
    assert [[child.pk for child in row.children.all()] for row in rows] == [
        [told.robin_row.pk], [told.robin_row.pk, told.wren_row.pk], [told.robin_row.pk, told.wren_row.pk],
        [told.robin_row.pk],
    ]  # fmt: skip
    assert (rows[1].nature, rows[1].evidence, list(rows[3].private_to.all())) == (
        "opinion",
        "Our records",
        [told.hazel],
    )
    found = copy_forward_for(told.of.gp, on=BEFORE.date())
    assert (found.left_out, found.last_on) == (3, SPRING.date())


def test_an_agency_is_offered_its_own_text_only(told: SimpleNamespace) -> None:
    assert texts_of(copy_forward(author=told.of.police, now=BEFORE, guest_session_id=7)) == ["Police text about Robin."]
    assert copy_forward_for(told.of.midwife, on=BEFORE.date()) is None
    with pytest.raises(ValidationError, match="no earlier report"):
        copy_forward(author=told.of.midwife, now=BEFORE, guest_session_id=7)
    assert not Report.objects.filter(author=told.of.midwife).exists()


def test_a_new_social_worker_takes_over_the_councils_lastreport_by(told: SimpleNamespace) -> None:
    assert texts_of(copy_forward(author=told.of.worker, by=told.worker, now=BEFORE)) == ["Visits were let in."]


def test_taking_over_twice_brings_nothing_back_and_keeps_what_is_written(told: SimpleNamespace) -> None:
    report = begin_report(author=told.of.gp, by=told.coordinator, now=BEFORE)
    save_section(report=report, heading="current-risks", text="New.", nature="fact", by=told.coordinator, now=BEFORE)
    copy_forward(author=told.of.gp, by=told.coordinator, now=BEFORE)
    remove_section(section=report.sections.get(text=TAKEN[0]), by=told.coordinator, now=BEFORE)
    copy_forward(author=told.of.gp, by=told.coordinator, now=BEFORE)
    assert texts_of(report) == ["New.", *TAKEN[1:]]


def test_a_passage_is_marked_as_unchanged_until_its_words_change(told: SimpleNamespace) -> None:
    report = copy_forward(author=told.of.gp, by=told.coordinator, now=BEFORE)
    row = report.sections.get(text=TAKEN[0])
    assert row.is_unchanged
    row = save_section(
        report=report, section=row, version=row.version, heading=row.heading, text="Robin’s asthma is better.",
        nature="fact", children=[told.robin_row], by=told.coordinator, now=BEFORE,
    )  # fmt: skip
    assert (row.is_unchanged, row.copied_from.text) == (False, TAKEN[0])


def test_what_is_hidden_since_then_is_not_taken_over(told: SimpleNamespace) -> None:
    says(told.last, "Seen at 9 Sorrel Yard in May.", told.old_rows["robin"])
    assert offered(told)[-1] == "Seen at 9 Sorrel Yard in May."
    home = Address.objects.create(authority=told.authority, lines="9 Sorrel Yard\nEastmere", postcode="EM4 9AA")
    Residence.objects.create(person=told.hazel, address=home, confidential=True)
    assert offered(told) == TAKEN


def test_what_names_a_sealed_person_or_waits_to_be_moved_is_not_taken_over(told: SimpleNamespace) -> None:
    says(told.last, "Sage rang the surgery.", told.old_rows["robin"])
    sage = PersonFactory(authority=told.authority, given_name="Sage", family_name="Rook")
    family_participant(told.old, Capacity.RELATIVE, person=sage)
    assert offered(told)[-1] == "Sage rang the surgery."
    type(sage).objects.filter(pk=sage.pk).update(
        sealed_at=BEFORE, sealed_by=told.manager, sealed_because="Witness protection"
    )
    assert offered(told) == TAKEN
    EntryMove.objects.create(
        kind="section", entry_id=told.last.sections.get(text=TAKEN[0]).pk, family=told.family, conference=told.old,
        from_child=told.robin, to_child=told.wren, from_record=told.old_rows["robin"].pk, reason="It was Wren",
        asked_by=told.worker, asked_at=BEFORE, needs_agreement=True,
    )  # fmt: skip
    assert offered(told) == TAKEN[1:]


def test_a_report_that_was_sent_in_is_not_written_over(told: SimpleNamespace) -> None:
    report = copy_forward(author=told.of.gp, now=BEFORE, guest_session_id=7)
    submit_report(report=report, by=None, now=BEFORE, guest_session_id=7)
    with pytest.raises(ValidationError, match="has been sent in"):
        copy_forward(author=told.of.gp, now=BEFORE, guest_session_id=7)
