"""The short report, in each person's version, and what a family member says about a report: nobody else learns it."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from notifications.models import Notice
from reports.enums import RemarkKind, SharingManner
from reports.models import PassageComment, ReadReceipt, Remark, Report, ReportSection, ShortPassage
from reports.services.reports import begin_report, save_section, submit_report
from reports.services.sharing import record_sharing
from reports.services.short_reports import reopen_short_report, sentences_of
from tests.factories import TeamFactory, user_with_role
from tests.layout import pdf_words
from tests.reports.story import BEFORE, HIDDEN_STREET
from tests.reports.test_guest_papers import PAPERS, browser, text
from tests.reports.test_write_report import signed_in, url
from tests.stories import once_per_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before")]

FOR_ALL, OF_ROBIN, OF_WREN, OF_HAZEL = "Marigold zero.", "Marigold one.", "Marigold two.", "Marigold three."


@once_per_module(at=BEFORE)
def written(ahead: SimpleNamespace) -> SimpleNamespace:
    """A draft of the social work report with one paragraph for each kind of reader."""
    ahead.report = begin_report(author=ahead.of.worker, by=ahead.worker, now=BEFORE)
    ahead.sections = {}
    for said, children, private in (
        (FOR_ALL, [], []),
        (OF_ROBIN, [ahead.robin_row], []),
        (OF_WREN, [ahead.wren_row], []),
        (OF_HAZEL, [], [ahead.hazel]),
    ):
        ahead.sections[said] = save_section(
            report=ahead.report, heading="current-risks", text=f"{said} And a second sentence.", nature="fact",
            by=ahead.worker, now=BEFORE, children=children, private_to=private,
        )  # fmt: skip
    return ahead


def marked(written: SimpleNamespace, part: str = "worries") -> dict[str, object]:
    found: dict[str, object] = {}
    for section in written.sections.values():
        found |= {f"marked{section.pk}": ["0"], f"part{section.pk}": part}
    return found


def finished(written: SimpleNamespace) -> Client:
    """Make the short report from the first sentence of each paragraph, finish it, and submit the report."""
    worker = signed_in(written.worker)
    worker.post(url(written, "short-report", "worker"), marked(written))
    worker.post(url(written, "see-short-report", "worker"))
    submit_report(report=written.report, by=written.worker, now=BEFORE, why_held="Worry")
    return worker


def share(written: SimpleNamespace, *people: str) -> None:
    for name in people:
        record_sharing(
            report=written.report, person=getattr(written, name), outcome="shared", by=written.worker, now=BEFORE,
            manner=SharingManner.TALKED_THROUGH, shared_at=BEFORE - datetime.timedelta(hours=1),
        )  # fmt: skip


def short_url(written: SimpleNamespace) -> str:
    return f"{PAPERS}reports/{written.report.pk}/short/"


def markers_in(page: str) -> list[str]:
    return [marker for marker in (FOR_ALL, OF_ROBIN, OF_WREN, OF_HAZEL) if marker in page]


def test_sentences_are_found_as_they_are_written() -> None:
    assert sentences_of("One. Two? “Three!” Four\nFive. ") == ["One.", "Two?", "“Three!", "Four", "Five."]


@pytest.mark.lays_out
def test_each_person_has_only_what_is_theirs_before_and_after_editing(written: SimpleNamespace) -> None:
    worker = signed_in(written.worker)
    answer = worker.post(url(written, "short-report", "worker"), {**marked(written), "then": "see"})
    assert answer.url == url(written, "see-short-report", "worker")
    rows = {row.taken_from_id: row for row in ShortPassage.objects.all()}
    assert [row.text for row in rows.values()] == [FOR_ALL, OF_ROBIN, OF_WREN, OF_HAZEL]
    # Put into other words, it still concerns whom its paragraph concerns.
    robins = rows[written.sections[OF_ROBIN].pk]
    worker.post(
        url(written, "short-report", "worker"),
        {f"text{row.pk}": row.text for row in rows.values()}
        | {f"version{row.pk}": "1" for row in rows.values()}
        | {f"text{robins.pk}": f"In plain words: {OF_ROBIN}"},
    )
    robins.refresh_from_db()
    assert (robins.text, robins.version) == (f"In plain words: {OF_ROBIN}", 2)
    pages = {
        page.version.due.person: page
        for page in worker.get(url(written, "see-short-report", "worker")).context["pages"]
    }
    assert {person.given_name: [row.text for row in page.version.sections] for person, page in pages.items()} == {
        "Hazel": [FOR_ALL, f"In plain words: {OF_ROBIN}", OF_WREN, OF_HAZEL],
        "Dale": [FOR_ALL, f"In plain words: {OF_ROBIN}"],
        "Martin": [FOR_ALL, OF_WREN],
    }
    assert {page.pages for page in pages.values()} == {1}
    worker.post(url(written, "see-short-report", "worker"))
    submit_report(report=written.report, by=written.worker, now=BEFORE, why_held="Worry")
    hazel, dale, martin = (browser(written, name) for name in ("hazel", "dale", "martin"))
    assert dale.get(short_url(written)).status_code == 404
    share(written, "hazel", "dale", "martin")
    assert markers_in(text(hazel.get(short_url(written)))) == [FOR_ALL, OF_ROBIN, OF_WREN, OF_HAZEL]
    assert markers_in(text(dale.get(short_url(written)))) == [FOR_ALL, OF_ROBIN]
    assert markers_in(text(martin.get(short_url(written)))) == [FOR_ALL, OF_WREN]
    # It is the first thing on the list.
    listed = text(dale.get(PAPERS))
    assert listed.index("The report in short") < listed.index("Report:")
    file = worker.get(url(written, "short-report-pdf", "worker", written.dale.pk))
    assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")
    assert file.content.startswith(b"%PDF")


def test_the_whole_report_goes_on_paper_in_each_persons_own_version(written: SimpleNamespace) -> None:
    submit_report(report=written.report, by=written.worker, now=BEFORE, why_held="Worry")
    worker = signed_in(written.worker)
    found = {}
    for person in (written.hazel, written.dale, written.martin):
        address = url(written, "version-pdf", "worker", person.pk)
        for large in ("", "?print=large"):
            words = pdf_words(worker.get(address + large).content)
            assert person.full_name in words
            found[person.given_name, bool(large)] = markers_in(words)
    for large in (True, False):
        assert found["Dale", large] == [FOR_ALL, OF_ROBIN]
        assert found["Martin", large] == [FOR_ALL, OF_WREN]
        assert found["Hazel", large] == [FOR_ALL, OF_ROBIN, OF_WREN, OF_HAZEL]
    outsider = signed_in(user_with_role(Role.SOCIAL_WORKER, team=TeamFactory(authority=written.authority)))
    assert outsider.get(address).status_code == 404
    ReportSection.objects.filter(pk=written.sections[FOR_ALL].pk).update(text=f"They live at {HIDDEN_STREET}.")
    assert worker.get(url(written, "version-pdf", "worker", written.dale.pk)).status_code == 404


@pytest.mark.lays_out
def test_a_page_that_is_too_long_says_so(written: SimpleNamespace) -> None:
    worker = signed_in(written.worker)
    worker.post(url(written, "short-report", "worker"), marked(written))
    row = ShortPassage.objects.get(text=OF_ROBIN)
    ShortPassage.objects.filter(pk=row.pk).update(text="A long story of many words. " * 400)
    page = text(worker.get(url(written, "see-short-report", "worker")))
    assert page.count("Too long:") == 2
    assert page.count("Fits on one page") == 1


def test_what_is_hidden_from_one_person_keeps_the_whole_of_it_from_them(written: SimpleNamespace) -> None:
    finished(written)
    share(written, "dale", "hazel")
    dale = browser(written, "dale")
    assert dale.get(short_url(written)).status_code == 200
    ShortPassage.objects.filter(text=FOR_ALL).update(text=f"They live at {HIDDEN_STREET}.")
    assert dale.get(short_url(written)).status_code == 404
    assert HIDDEN_STREET not in text(dale.get(PAPERS))
    worker = signed_in(written.worker)
    assert worker.get(url(written, "short-report-pdf", "worker", written.dale.pk)).status_code == 404


def test_a_finished_short_report_is_opened_again_only_while_nobody_has_it(written: SimpleNamespace) -> None:
    worker = finished(written)
    assert worker.get(url(written, "short-report", "worker")).status_code == 302
    worker.post(url(written, "see-short-report", "worker"), {"again": "1"})
    assert Report.objects.get().short_ready_at is None
    worker.post(url(written, "see-short-report", "worker"))
    share(written, "dale")
    with pytest.raises(ValidationError, match="has it already"):
        reopen_short_report(report=written.report)


def test_a_new_version_begins_with_the_short_report_and_has_it_finished_again(written: SimpleNamespace) -> None:
    finished(written)
    new = begin_report(author=written.of.worker, by=written.worker, now=BEFORE, new_because="A wrong number")
    rows = new.short_passages.select_related("taken_from").prefetch_related("children", "private_to")
    assert [(row.text, row.taken_from.report_id) for row in rows] == [
        (text, new.pk) for text in (FOR_ALL, OF_ROBIN, OF_WREN, OF_HAZEL)
    ]
    assert [[child.pk for child in row.children.all()] for row in rows][1:3] == [
        [written.robin_row.pk], [written.wren_row.pk],
    ]  # fmt: skip
    assert (list(rows[3].private_to.all()), new.short_ready_at) == ([written.hazel], None)


def test_sentences_marked_without_a_place_and_emptied_ones_are_refused(written: SimpleNamespace) -> None:
    worker, section = signed_in(written.worker), written.sections[OF_ROBIN]
    answer = worker.post(url(written, "short-report", "worker"), {f"marked{section.pk}": ["0"]})
    assert answer.context["form"].errors == {f"part{section.pk}": ["Choose where the marked sentences go"]}
    worker.post(url(written, "short-report", "worker"), marked(written))
    worker.post(url(written, "short-report", "worker"), marked(written))
    assert ShortPassage.objects.count() == 4
    row = ShortPassage.objects.first()
    emptied = worker.post(url(written, "short-report", "worker"), {f"text{row.pk}": "", f"version{row.pk}": "1"})
    assert f"text{row.pk}" in emptied.context["form"].errors


def test_the_short_report_is_for_the_social_work_report_and_its_writers(written: SimpleNamespace) -> None:
    begin_report(author=written.of.tutor, by=written.coordinator, now=BEFORE)
    assert signed_in(written.coordinator).get(url(written, "short-report", "tutor")).status_code == 404
    assert signed_in(written.chair).get(url(written, "short-report", "worker")).status_code == 404


# What comes back


def test_it_is_said_once_that_a_report_is_read(written: SimpleNamespace) -> None:
    finished(written)
    share(written, "dale")
    dale, read = browser(written, "dale"), f"{PAPERS}reports/{written.report.pk}/read/"
    assert dale.post(read, {"what": "short"}).url == short_url(written)
    dale.post(read, {"what": "short"})
    dale.post(read, {"what": "full"})
    assert sorted(ReadReceipt.objects.values_list("participant", "is_short")) == [
        (written.of.dale.pk, False), (written.of.dale.pk, True),
    ]  # fmt: skip
    assert "You have told us that you read this" in text(dale.get(short_url(written)))
    assert browser(written, "martin").post(read, {"what": "full"}).status_code == 404


def test_what_is_disputed_reaches_the_author_and_the_chair_and_nobody_else(written: SimpleNamespace) -> None:
    worker = finished(written)
    share(written, "hazel", "dale", "martin")
    hazel, dale, martin = (browser(written, name) for name in ("hazel", "dale", "martin"))
    section, report = written.sections[OF_ROBIN], written.report
    wrong = f"{PAPERS}reports/{report.pk}/wrong/{section.pk}/"
    assert martin.get(wrong).status_code == 404
    assert dale.get(f"{PAPERS}reports/{report.pk}/wrong/{written.sections[OF_HAZEL].pk}/").status_code == 404
    empty = dale.post(wrong, {"text": "Bluebell"})
    assert empty.context["form"].errors == {"sentence": ["Choose the sentence that is wrong"]}
    dale.post(wrong, {"sentence": "1", "text": "Bluebell, it was not so."})
    dale.post(f"{PAPERS}reports/{report.pk}/ask/", {"text": "Bluebell, who said this?"})
    disputed, asked = Remark.objects.order_by("pk")
    assert (disputed.kind, disputed.sentence) == (RemarkKind.WRONG, "And a second sentence.")
    assert {row.user for row in Notice.objects.filter(key=f"report-remark:{asked.pk}")} == {
        written.worker,
        written.chair,
    }
    record_sharing(
        report=report, person=written.hazel, outcome="shared", by=written.worker, now=BEFORE, manner="phone",
        shared_at=BEFORE - datetime.timedelta(hours=1), disputed="Bluebell said aloud.",
    )  # fmt: skip
    remarks = url(written, "remarks", "worker")
    for reader in (worker, signed_in(written.chair)):
        page = text(reader.get(remarks))
        assert ("Bluebell, it was not so." in page, "Bluebell said aloud." in page) == (True, True)
        assert "Bluebell said aloud." in text(reader.get(url(written, "read-report", "worker")))
    for other in (written.coordinator, written.manager):
        assert signed_in(other).get(remarks).status_code == 404
        assert "Bluebell" not in text(signed_in(other).get(url(written, "read-report", "worker")))
    professional = user_with_role(Role.PROFESSIONAL, authority=written.authority, name="Ngozi Larkin")
    written.visitor.person.user = professional
    written.visitor.person.save()
    assert signed_in(professional).get(remarks).status_code == 404
    for other in (hazel, martin):
        for page in (PAPERS, short_url(written), f"{PAPERS}reports/{report.pk}/", "/guest/meeting/"):
            assert "Bluebell" not in text(other.get(page))
    assert "Bluebell, it was not so." in text(dale.get(f"{PAPERS}reports/{report.pk}/"))
    worker.post(reverse("reports:answer-remark", args=[written.conference.pk, written.of.worker.pk, asked.pk]),
                {"answer": "Marigold answered."})  # fmt: skip
    assert "Marigold answered." in text(dale.get(f"{PAPERS}reports/{report.pk}/"))
    assert "Marigold answered." not in text(hazel.get(f"{PAPERS}reports/{report.pk}/"))


# A manager's comments in place


def test_a_manager_comments_on_a_draft_and_the_author_reads_it_beside_the_paragraph(written: SimpleNamespace) -> None:
    worker, manager = signed_in(written.worker), signed_in(written.manager)
    agree = url(written, "agree-report", "worker")
    assert manager.get(agree).url == url(written, "read-report", "worker")
    form = worker.get(url(written, "write-report", "worker")).context["form"]
    kept = {field.html_name: value for field in form if (value := field.value()) not in (None, "", [], False)}
    worker.post(url(written, "write-report", "worker"), {**kept, "then": "show"})
    assert Notice.objects.filter(user=written.manager, key=f"report-draft:{written.report.pk}").exists()
    section = written.sections[OF_ROBIN]
    page = manager.get(agree)
    assert "answer" not in page.context["form"].fields
    nothing = manager.post(agree, {"report": written.report.pk})
    assert nothing.context["form"].errors == {"__all__": ["Comment on at least one paragraph"]}
    said = {"report": written.report.pk, f"comment{section.pk}": "Larkspur: say when."}
    manager.post(agree, said)
    manager.post(agree, said)
    assert PassageComment.objects.count() == 1
    assert "Larkspur: say when." in text(worker.get(url(written, "write-report", "worker")))
    # Submitted, sent back with another comment: both stand beside the paragraph of the new version.
    submit_report(report=written.report, by=written.worker, now=BEFORE, why_held="Worry")
    manager.post(
        agree,
        {"report": written.report.pk, f"comment{section.pk}": "Larkspur again.", "answer": "sent_back",
         "what_to_change": "See there."},
    )  # fmt: skip
    new = begin_report(author=written.of.worker, by=written.worker, now=BEFORE, new_because="Sent back")
    beside = text(worker.get(url(written, "write-report", "worker")))
    assert ("Larkspur: say when." in beside, "Larkspur again." in beside, new.number) == (True, True, 2)
    share_page = text(signed_in(written.chair).get(url(written, "read-report", "worker")))
    assert "Larkspur" not in share_page
