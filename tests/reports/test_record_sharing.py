from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from conferences.enums import ParticipantStatus
from conferences.models import Participant
from reports.enums import SharingManner, SharingOutcome
from reports.models import Report, Sharing
from reports.selectors.papers import Papers, papers_of
from reports.services.reports import begin_report, save_section, submit_report
from reports.services.sharing import record_sharing
from tests.reports.story import BEFORE
from tests.stories import once_per_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before")]

HEARD = {"manner": SharingManner.TALKED_THROUGH, "shared_at": BEFORE - datetime.timedelta(hours=2)}


@once_per_module(at=BEFORE)
def report(ahead: SimpleNamespace) -> Report:
    """The head of year's report about Robin, submitted."""
    return report_about(ahead, "tutor", ahead.robin_row)


def report_about(ahead: SimpleNamespace, name: str, *children, **section: object) -> Report:
    draft = begin_report(author=getattr(ahead.of, name), by=ahead.coordinator, now=BEFORE)
    fields = {"heading": "current-risks", "text": "Often late.", "nature": "fact", **section}
    save_section(report=draft, by=ahead.coordinator, now=BEFORE, children=children, **fields)
    return submit_report(report=draft, by=ahead.coordinator, now=BEFORE, why_held="Worry")


def share(report: Report, person, by, outcome: str = SharingOutcome.SHARED, **fields: object) -> Sharing:
    given = {**HEARD, **fields} if outcome == SharingOutcome.SHARED else fields
    return record_sharing(report=report, person=person, outcome=outcome, by=by, now=BEFORE, **given)


def matrix(ahead: SimpleNamespace) -> Papers:
    return papers_of(ahead.conference)


def cells(ahead: SimpleNamespace, name: str) -> dict[str, str]:
    row = next(row for row in matrix(ahead).rows if row.author == getattr(ahead.of, name))
    return {cell.due.person.given_name: cell.words for cell in row.cells}


def test_a_report_is_due_to_the_parents_of_the_children_it_is_about(ahead: SimpleNamespace, report: Report) -> None:
    assert cells(ahead, "tutor") == {"Hazel": "Not yet", "Dale": "Not yet", "Martin": "Not about their child"}


def test_an_outcome_shows_in_the_matrix(ahead: SimpleNamespace, report: Report) -> None:
    share(report, ahead.hazel, ahead.worker)
    share(report, ahead.dale, ahead.worker, SharingOutcome.NOT_REACHED, reason="Rang twice, wrote once")
    assert cells(ahead, "tutor") == {
        "Hazel": "Wed\u00a016\u00a0Dec", "Dale": "Not reached", "Martin": "Not about their child",
    }  # fmt: skip


def test_the_same_outcome_recorded_twice_is_kept_once(ahead: SimpleNamespace, report: Report) -> None:
    assert share(report, ahead.hazel, ahead.worker) == share(report, ahead.hazel, ahead.worker)


def test_a_report_is_not_shared_with_a_person_whose_child_it_is_not_about(
    ahead: SimpleNamespace, report: Report
) -> None:
    with pytest.raises(ValidationError, match="not about their child"):
        share(report, ahead.martin, ahead.worker)


def test_nothing_is_shared_with_a_person_awaiting_the_chair(ahead: SimpleNamespace, report: Report) -> None:
    Participant.objects.filter(pk=ahead.of.dale.pk).update(status=ParticipantStatus.AWAITING_CHAIR)
    assert cells(ahead, "tutor")["Dale"] == "Waiting for the chair"
    with pytest.raises(ValidationError, match="Nothing is shared with them until then"):
        share(report, ahead.dale, ahead.worker)


def test_a_person_kept_out_is_due_no_report(ahead: SimpleNamespace, report: Report) -> None:
    Participant.objects.filter(pk=ahead.of.dale.pk).update(status=ParticipantStatus.KEPT_OUT)
    assert "Dale" not in cells(ahead, "tutor")


def test_shared_needs_when_and_how(ahead: SimpleNamespace, report: Report) -> None:
    with pytest.raises(ValidationError) as refusal:
        share(report, ahead.hazel, ahead.worker, manner="", shared_at=None)
    assert refusal.value.message_dict == {
        "shared_at": ["Enter when it was shared."], "manner": ["Choose how it was shared."],
    }  # fmt: skip


def test_shared_cannot_be_in_the_future(ahead: SimpleNamespace, report: Report) -> None:
    with pytest.raises(ValidationError) as refusal:
        share(report, ahead.hazel, ahead.worker, shared_at=BEFORE + datetime.timedelta(hours=1))
    assert refusal.value.message_dict == {"shared_at": ["This time is in the future. Enter when it was shared."]}


def test_not_reached_needs_the_attempts_made(ahead: SimpleNamespace, report: Report) -> None:
    with pytest.raises(ValidationError) as refusal:
        share(report, ahead.hazel, ahead.worker, SharingOutcome.NOT_REACHED)
    assert refusal.value.message_dict == {"reason": ["Write what you tried, and when."]}


@pytest.mark.parametrize("outcome", [SharingOutcome.IN_PART, SharingOutcome.NOT_TO_BE_SHARED])
def test_only_the_chair_agrees_to_withhold_something(ahead: SimpleNamespace, report: Report, outcome: str) -> None:
    for user in (ahead.worker, ahead.coordinator, ahead.manager):
        with pytest.raises(ValidationError) as refusal:
            share(report, ahead.hazel, user, outcome, reason="Evidence")
        assert list(refusal.value.message_dict) == ["outcome"]
    agreed = share(report, ahead.hazel, ahead.chair, outcome, reason="Evidence")
    assert (agreed.agreed_by, agreed.shared_at) == (ahead.chair, None)


def test_the_part_the_chair_agreed_to_is_then_talked_through(ahead: SimpleNamespace, report: Report) -> None:
    share(report, ahead.hazel, ahead.chair, SharingOutcome.IN_PART, reason="Without the police log")
    assert cells(ahead, "tutor")["Hazel"] == "In part, not yet"
    heard = share(report, ahead.hazel, ahead.worker, SharingOutcome.IN_PART, **HEARD)
    assert (heard.agreed_by, heard.reason, heard.recorded_by) == (
        ahead.chair, "Without the police log", ahead.worker,
    )  # fmt: skip
    assert cells(ahead, "tutor")["Hazel"] == "In part, Wed\u00a016\u00a0Dec"


def test_a_report_that_names_a_hidden_place_cannot_be_shared_in_full(ahead: SimpleNamespace) -> None:
    report = report_about(ahead, "teacher", ahead.wren_row, text="Wren came to Meadow Lane in September.")
    assert share(report, ahead.hazel, ahead.worker).outcome == SharingOutcome.SHARED
    with pytest.raises(ValidationError) as refusal:
        share(report, ahead.martin, ahead.worker)
    assert list(refusal.value.message_dict) == ["outcome"]
    agreed = share(report, ahead.martin, ahead.chair, SharingOutcome.IN_PART, reason="Without the school", **HEARD)
    assert agreed.agreed_by == ahead.chair


def test_a_new_version_must_be_shared_again(ahead: SimpleNamespace, report: Report) -> None:
    share(report, ahead.hazel, ahead.worker)
    new = begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE, new_because="A slip")
    submit_report(report=new, by=ahead.coordinator, now=BEFORE)
    assert cells(ahead, "tutor")["Hazel"] == "Not yet"


def test_a_draft_cannot_be_shared(ahead: SimpleNamespace) -> None:
    draft = begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE)
    with pytest.raises(ValidationError, match="Submit the report before you share it"):
        share(draft, ahead.hazel, ahead.worker)


# Pages


def url(ahead: SimpleNamespace, person, name: str = "record-sharing", author: str = "tutor") -> str:
    return reverse(f"reports:{name}", args=[ahead.conference.pk, getattr(ahead.of, author).pk, person.pk])


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


TYPED = {
    "outcome": "shared", "manner": "talked_through", "shared_on": "2026-12-16", "shared_time": "12:00",
    "language": "Polish", "disputed": "It was 12 days", "reason": "",
}  # fmt: skip


def test_sharing_is_recorded_in_the_browser(ahead: SimpleNamespace, report: Report) -> None:
    answer = signed_in(ahead.worker).post(url(ahead, ahead.hazel), TYPED)
    assert answer.status_code == 302
    row = Sharing.objects.get()
    assert (row.person, row.outcome, row.manner, row.shared_at, row.language, row.disputed) == (
        ahead.hazel, "shared", "talked_through", BEFORE - datetime.timedelta(hours=2), "Polish", "It was 12 days",
    )  # fmt: skip


def test_a_refused_outcome_keeps_the_input(ahead: SimpleNamespace, report: Report) -> None:
    answer = signed_in(ahead.worker).post(url(ahead, ahead.hazel), {**TYPED, "shared_time": ""})
    assert answer.context["form"].errors == {"shared_at": ["Enter both the day and the time"]}
    assert "It was 12 days" in answer.content.decode()
    assert not Sharing.objects.exists()


def test_withholding_is_offered_only_to_the_chair(ahead: SimpleNamespace, report: Report) -> None:
    def outcomes(user) -> list[str]:
        page = signed_in(user).get(url(ahead, ahead.hazel))
        return [value for value, _ in page.context["form"].fields["outcome"].choices]

    assert outcomes(ahead.worker) == ["shared", "declined", "not_reached"]
    assert outcomes(ahead.chair) == ["shared", "declined", "not_reached", "in_part", "not_to_be_shared"]


def test_the_chair_records_in_the_browser_that_nothing_is_shared(ahead: SimpleNamespace, report: Report) -> None:
    answer = signed_in(ahead.chair).post(
        url(ahead, ahead.hazel), {"outcome": "not_to_be_shared", "reason": "Police evidence"}
    )
    assert answer.status_code == 302
    assert Sharing.objects.get().agreed_by == ahead.chair


def test_a_person_who_is_not_due_the_report_has_no_page(ahead: SimpleNamespace, report: Report) -> None:
    for name in ("record-sharing", "read-version"):
        assert signed_in(ahead.worker).get(url(ahead, ahead.martin, name)).status_code == 404


def test_each_parent_hears_their_own_version(ahead: SimpleNamespace) -> None:
    draft = begin_report(author=ahead.of.worker, by=ahead.worker, now=BEFORE)
    for text, children, private in (
        ("Robin has asthma.", [ahead.robin_row], []),
        ("Wren is often tired.", [ahead.wren_row], []),
        ("Wren moved to Meadow Lane.", [ahead.wren_row], []),
        ("Hazel is low.", [ahead.wren_row], [ahead.hazel]),
        ("The home is clean.", [], []),
    ):
        save_section(
            report=draft, heading="current-risks", text=text, nature="fact", children=children,
            private_to=private, by=ahead.worker, now=BEFORE,
        )  # fmt: skip
    submit_report(report=draft, by=ahead.worker, now=BEFORE, why_held="Worry")
    page = signed_in(ahead.worker).get(url(ahead, ahead.martin, "read-version", "worker"))
    version = page.context["version"]
    assert [row.text for row in version.sections] == ["Wren is often tired.", "The home is clean."]
    assert ([row.text for row in version.blocked], version.left_out) == (["Wren moved to Meadow Lane."], 2)
    assert "asthma" not in page.content.decode()
    assert "Meadow Lane" not in page.content.decode()
    mother = signed_in(ahead.worker).get(url(ahead, ahead.hazel, "read-version", "worker")).context["version"]
    assert (len(mother.sections), mother.is_whole, mother.why_held) == (5, True, "Worry")
    assert version.why_held == ""
