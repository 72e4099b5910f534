"""The page on which a whole report is written: saved at once, two editors, more room, the last report taken over."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.forms.whole_report import MEANWHILE
from reports.models import Report, ReportSection
from reports.services.reports import begin_report, save_section
from tests.reports.last_report import TAKEN
from tests.reports.story import BEFORE
from tests.reports.test_write_report import RISK, draft_of, signed_in, typed, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before")]


def page_of(ahead: SimpleNamespace, author: str = "police", user: Any = None) -> tuple[Client, str]:
    return signed_in(user or ahead.coordinator), url(ahead, "write-report", author)


def shown(client: Client, where: str) -> dict[str, Any]:
    """Return what the page would send if nothing were touched."""
    form = client.get(where).context["form"]
    return {field.html_name: value for field in form if (value := field.value()) not in (None, "", [], False)}


def saved(report: Report) -> list[tuple[str, str, list[int]]]:
    rows = report.sections.filter(removed_at__isnull=True).prefetch_related("children")
    return [(row.heading, row.text, [child.pk for child in row.children.all()]) for row in rows]


def test_paragraphs_under_several_headings_are_saved_at_once(ahead: SimpleNamespace) -> None:
    client, where = page_of(ahead)
    strength = {
        "new_current-strengths_0_text": "Hazel rang us herself.", "new_current-strengths_0_nature": "opinion",
        "new_current-strengths_0_evidence": "The log", "new_current-strengths_0_children": [str(ahead.wren_row.pk)],
    }  # fmt: skip
    answer = client.post(where, {**typed(private_to=[ahead.hazel.pk]), **strength, "then": "check"})
    assert answer.url == url(ahead, "submit-report", "police")
    report = Report.objects.get()
    assert saved(report) == [
        ("current-risks", "Robin missed 18 days.", []),
        ("current-strengths", "Hazel rang us herself.", [ahead.wren_row.pk]),
    ]
    assert list(report.sections.first().private_to.all()) == [ahead.hazel]
    assert client.post(where, shown(client, where)).url == where
    assert ReportSection.objects.filter(version__gt=1).count() == 0


def test_what_is_missing_is_said_beside_the_paragraph_and_nothing_is_lost(ahead: SimpleNamespace) -> None:
    client, where = page_of(ahead)
    answer = client.post(where, typed(nature="opinion", children=["all", str(ahead.robin_row.pk)]))
    name = "Current risks, paragraph 1"
    assert answer.context["form"].errors == {
        "new_current-risks_0_evidence": [f"{name}: write what this opinion is based on"],
        "new_current-risks_0_children": [f"{name}: choose individual children, or all the children, not both"],
    }
    assert "Robin missed 18 days." in answer.content.decode()
    nobody = client.post(where, typed(children=[], nature=""))
    assert set(nobody.context["form"].errors) == {"new_current-risks_0_nature", "new_current-risks_0_children"}
    empty = client.post(where, {"then": "check"})
    assert empty.context["form"].errors == {"__all__": ["Write at least one paragraph, or add a file"]}
    assert not Report.objects.exists()


def test_fifty_thousand_characters_are_stored(ahead: SimpleNamespace) -> None:
    client, where = page_of(ahead)
    assert client.post(where, typed(text="a" * 50_000)).status_code == 302
    assert len(ReportSection.objects.get().text) == 50_000


def test_an_author_of_one_child_is_not_asked_whom_it_is_about(ahead: SimpleNamespace) -> None:
    client, where = page_of(ahead, "tutor")
    assert "new_current-risks_0_children" not in client.get(where).context["form"].fields
    client.post(where, {key: value for key, value in typed().items() if not key.endswith("_children")})
    assert saved(Report.objects.get()) == [("current-risks", "Robin missed 18 days.", [ahead.robin_row.pk])]


def test_more_room_is_made_without_scripts_and_keeps_everything(ahead: SimpleNamespace) -> None:
    draft_of(ahead, "police")
    client, where = page_of(ahead)
    kept = {**shown(client, where), **typed(text="Half a sent"), "add": "current-risks"}
    answer = client.post(where, kept)
    form = answer.context["form"]
    assert form["new_current-risks_0_text"].value() == "Half a sent"
    assert form["new_current-risks_count"].value() == 2
    assert "new_current-risks_1_text" in form.fields
    assert (answer.status_code, ReportSection.objects.count()) == (200, 1)
    second = {
        f"new_current-risks_1_{part}": value for part, value in {**RISK, "text": "Two.", "children": "all"}.items()
    }
    client.post(where, {**kept, **second, "new_current-risks_count": "2", "add": ""} | {"then": "stay"})


def test_what_a_second_editor_changed_is_neither_lost_nor_overwritten_unseen(ahead: SimpleNamespace) -> None:
    report = draft_of(ahead, "police")
    one = report.sections.get()
    two = save_section(report=report, by=ahead.coordinator, now=BEFORE, **{**RISK, "text": "Second."})
    client, where = page_of(ahead)
    mine = shown(client, where)
    save_section(report=report, section=one, version=1, by=ahead.worker, now=BEFORE, **{**RISK, "text": "Theirs."})
    # Untouched here, so theirs stays.
    client.post(where, {**mine, f"s{two.pk}_text": "Second, mine."})
    assert [text for _, text, _ in saved(report)] == ["Theirs.", "Second, mine."]
    # Touched by both: both texts are shown, and nothing is saved until I have seen it.
    answer = client.post(where, {**mine, f"s{one.pk}_text": "Mine."})
    form = answer.context["form"]
    assert form.errors[f"s{one.pk}_text"] == [MEANWHILE.format("Current risks, paragraph 1")]
    page = answer.content.decode()
    assert "Theirs." in page
    assert form[f"s{one.pk}_text"].value() == "Mine."
    assert saved(report)[0][1] == "Theirs."
    again = {**mine, f"s{one.pk}_text": "Mine.", f"s{one.pk}_version": form[f"s{one.pk}_version"].value()}
    client.post(where, {**again, f"s{two.pk}_version": "2", f"s{two.pk}_text": "Second, mine."})
    assert saved(report)[0][1] == "Mine."


def test_what_a_second_editor_added_meanwhile_stays(ahead: SimpleNamespace) -> None:
    report = draft_of(ahead, "police")
    client, where = page_of(ahead)
    mine = shown(client, where)
    save_section(
        report=report, by=ahead.worker, now=BEFORE, children=[ahead.wren_row], private_to=[ahead.hazel],
        **{**RISK, "text": "Added."},
    )  # fmt: skip
    refused = client.post(where, {**mine, **typed(text="Mine.", nature="")})
    assert list(refused.context["form"].errors) == ["new_current-risks_0_nature"]
    assert "Added." in refused.content.decode()
    client.post(where, {**mine, **typed(text="Mine.")})
    assert [text for _, text, _ in saved(report)] == ["Robin missed 18 days.", "Added.", "Mine."]


def test_a_paragraph_is_moved_and_taken_out(ahead: SimpleNamespace) -> None:
    section = draft_of(ahead, "police").sections.get()
    client, where = page_of(ahead)
    client.post(where, {**shown(client, where), f"s{section.pk}_heading": "current-strengths"})
    section.refresh_from_db()
    assert (section.heading, section.version) == ("current-strengths", 2)
    client.post(where, {**shown(client, where), f"s{section.pk}_takes_out": "on"})
    section.refresh_from_db()
    assert section.removed_at == BEFORE


def test_the_social_work_report_has_the_reason_and_the_analysis(ahead: SimpleNamespace) -> None:
    client, where = page_of(ahead, "worker", ahead.worker)
    form = client.get(where).context["form"]
    assert form["why_held"].value() == ahead.conference.reason
    analysis = {
        "new_assessment-analysis_0_text": "Robin carries the worry.", "new_assessment-analysis_0_nature": "opinion",
        "new_assessment-analysis_0_evidence": "Six visits", "new_assessment-analysis_0_children": ["all"],
    }  # fmt: skip
    client.post(where, {**shown(client, where), **analysis, "why_held": "A third call."})
    report = Report.objects.get()
    assert (report.why_held, saved(report)) == (
        "A third call.",
        [("assessment-analysis", "Robin carries the worry.", [])],
    )
    mine = shown(client, where)
    Report.objects.update(why_held="Someone else’s words.")
    refused = client.post(where, {**mine, "why_held": "Mine."})
    assert "Someone else’s words." in refused.context["form"].errors["why_held"][0]
    assert (
        "new_assessment-analysis_0_text"
        not in signed_in(ahead.coordinator).get(url(ahead, "write-report", "police")).context["form"].fields
    )


def test_a_private_mark_survives_for_somebody_who_left_the_list(ahead: SimpleNamespace) -> None:
    report = begin_report(author=ahead.of.police, by=ahead.coordinator, now=BEFORE)
    section = save_section(report=report, by=ahead.coordinator, now=BEFORE, private_to=[ahead.hazel], **RISK)
    ahead.of.hazel.status = "withdrawn"
    ahead.of.hazel.save()
    client, where = page_of(ahead)
    client.post(where, {**shown(client, where), f"s{section.pk}_text": "Changed."})
    assert list(section.private_to.all()) == [ahead.hazel]


def test_the_last_report_is_taken_over_with_what_was_typed(told: SimpleNamespace) -> None:
    client, where = page_of(told, "gp")
    page = client.get(where)
    assert (len(page.context["forward"].passages), page.context["forward"].left_out) == (4, 3)
    client.post(where, {**typed(), "then": "copy"})
    assert [text for _, text, _ in saved(Report.objects.get(conference=told.conference))] == [
        "Robin missed 18 days.", *TAKEN,
    ]  # fmt: skip
    after = client.get(where)
    assert after.context["forward"] is None
    assert after.content.decode().count("As in the last report") == 4


def test_the_page_takes_the_same_queries_for_many_paragraphs(ahead: SimpleNamespace) -> None:
    report = draft_of(ahead, "police")
    client, where = page_of(ahead)
    client.get(where)
    with CaptureQueriesContext(connection) as few:
        client.get(where)
    for number in range(8):
        save_section(report=report, by=ahead.coordinator, now=BEFORE, **{**RISK, "text": f"No. {number}"})
    with CaptureQueriesContext(connection) as many:
        client.get(where)
    assert len(many) == len(few)
