"""A complaint from one's own page, its answer there, and taking it further: to a manager, then to a panel."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from conferences.models import Conference
from deadlines.models import Deadline
from deadlines.policies import policy_for
from deadlines.to_decide import to_decide
from notifications.models import Message, Notice
from reports.enums import ComplaintOutcome
from reports.models import Complaint, ComplaintStage
from reports.selectors.complaints import complaint_figures, complaints_about, complaints_listed
from reports.services.complaints import answer_complaint, answer_stage, record_complaint, take_complaint_further
from tests.factories import procedures_with, user_with_role
from tests.reports.story import HIDDEN_STREET, NOW
from tests.reports.test_guest_papers import browser, text
from tests.reports.test_record_complaint import day, faults, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after")]

TODAY = NOW.date()
ABOUT, ANSWER, BECAUSE = "MARKER-ABOUT", "MARKER-ANSWER", "MARKER-BECAUSE"


def manager_of(story: SimpleNamespace) -> User:
    return user_with_role(Role.SERVICE_MANAGER, authority=story.authority)


def answered(story: SimpleNamespace, *, by: User, outcome: str = ComplaintOutcome.NOT_UPHELD) -> Complaint:
    made = record_complaint(
        conference=story.conference, participant=story.of.dale, received_on=TODAY, about=ABOUT, by=story.coordinator,
        now=NOW,
    )  # fmt: skip
    return answer_complaint(
        complaint=made, told_on=TODAY, outcome=outcome, answer=ANSWER, answered_on=TODAY, by=by, now=NOW
    )


def further(story: SimpleNamespace, complaint: Complaint, **changes: Any) -> ComplaintStage:
    fields = {"because": BECAUSE, "asked_on": TODAY, "by": story.coordinator, "now": NOW, **changes}
    return take_complaint_further(complaint=complaint, **fields)


def answer_it(stage: ComplaintStage, by: User, **changes: Any) -> ComplaintStage:
    fields = {
        "looked_at_by": "Ada Linnet, head of service", "outcome": ComplaintOutcome.UPHELD, "answer": "We agree now.",
        "answered_on": TODAY, "by": by, "now": NOW, **changes,
    }  # fmt: skip
    return answer_stage(stage=stage, **fields)


def kinds_for(user: User) -> set[str]:
    return {row[1] for row in to_decide(user)}


def held_under(story: SimpleNamespace, **values: object) -> None:
    procedures_with(story.authority, since=TODAY, values={key.replace("_", "-"): said for key, said in values.items()})
    version = policy_for(story.authority, on=TODAY).version_id
    Conference.objects.filter(pk=story.conference.pk).update(policy_version_id=version)
    story.conference.refresh_from_db()


def test_a_father_complains_on_his_page_and_takes_it_further_there(story: SimpleNamespace) -> None:
    head = manager_of(story)
    client, page = browser(story, "dale"), reverse("guest_papers:complain")
    assert page in text(client.get(reverse("guest_meeting:disagree")))
    assert "Write what went wrong" in text(client.post(page, {"about": " "}))
    assert client.post(page, {"about": ABOUT}).status_code == client.post(page, {"about": ABOUT}).status_code == 302
    made = Complaint.objects.get()
    assert (made.participant, made.recorded_by, made.told_on) == (story.of.dale, None, TODAY)
    assert made.guest_session_id is not None
    assert {row.user for row in Notice.objects.filter(key=f"complaint:{made.pk}")} == {head, story.coordinator}
    assert "complaint" in kinds_for(head)
    # 28 days from 22 December.
    shown = text(client.get(page))
    assert ('datetime="2027-01-19"' in shown, "someone else to look" in shown) == (True, False)

    before = Message.objects.count()
    answer_complaint(
        complaint=made, told_on=TODAY, outcome="not_upheld", answer=ANSWER, answered_on=TODAY, by=head, now=NOW
    )
    message = Message.objects.order_by("pk").last()
    assert (Message.objects.count(), message.to_email) == (before + 1, story.of.dale.email)
    assert not any(mark in f"{message.subject}{message.body}" for mark in (ABOUT, ANSWER, "omplain"))
    shown = text(client.get(page))
    assert (ANSWER in shown, "We do not agree with what you say." in shown) == (True, True)

    on = reverse("guest_papers:complain-further", args=[made.pk])
    assert on in shown
    assert client.post(on, {"because": BECAUSE}).url == f"{page}#said"
    stage = ComplaintStage.objects.get()
    assert (stage.number, stage.asked_on, stage.recorded_by) == (2, TODAY, None)
    assert client.get(on).status_code == 404
    # Whoever answered before is not asked again.
    assert "complaint-stage" not in kinds_for(head)
    other = manager_of(story)
    assert "complaint-stage" in kinds_for(other)
    answer_it(stage, other)
    shown = text(client.get(page))
    assert all(mark in shown for mark in (BECAUSE, "We agree now.", "Ada Linnet, head of service", on))


def test_nobody_else_reads_a_complaint_or_takes_it_further(story: SimpleNamespace) -> None:
    made = answered(story, by=story.coordinator)
    client = browser(story, "hazel")
    assert ABOUT not in text(client.get(reverse("guest_papers:complain")))
    on = reverse("guest_papers:complain-further", args=[made.pk])
    assert client.get(on).status_code == client.post(on, {"because": BECAUSE}).status_code == 404
    assert not ComplaintStage.objects.exists()


def test_each_stage_has_a_clock_of_its_own(story: SimpleNamespace) -> None:
    made = answered(story, by=story.coordinator)
    stage = further(story, made)
    row = Deadline.objects.get(kind="complaint-review-answer")
    assert (row.fact_id, row.starts_on, row.due_on, row.is_open) == (
        stage.pk, TODAY, datetime.date(2027, 1, 19), True,
    )  # fmt: skip
    answer_it(stage, manager_of(story))
    row.refresh_from_db()
    assert row.met_at == datetime.datetime(2026, 12, 22, 12, tzinfo=datetime.UTC)
    panel = further(story, made)
    assert (panel.number, Deadline.objects.get(kind="complaint-panel-answer").due_on) == (3, datetime.date(2027, 1, 19))


def test_after_the_panel_there_is_no_further_stage(story: SimpleNamespace) -> None:
    made = answered(story, by=story.coordinator)
    for _ in range(2):
        answer_it(further(story, made), manager_of(story))
    with pytest.raises(ValidationError, match="taken further"):
        further(story, made)


@pytest.mark.value("complaint-stages")
@pytest.mark.parametrize("stages", [1, 2])
def test_a_complaint_goes_as_far_as_the_procedures_say(story: SimpleNamespace, stages: int) -> None:
    held_under(story, complaint_stages=stages)
    made = answered(story, by=story.coordinator)
    page = reverse("reports:take-complaint-further", args=[story.conference.pk, made.pk])
    client = signed_in(story.coordinator)
    if stages == 2:
        assert BECAUSE in client.post(page, {"because": BECAUSE}).content.decode()
        client.post(page, {**day("asked_on", TODAY), "because": BECAUSE})
        answer_it(ComplaintStage.objects.get(), manager_of(story))
    made.refresh_from_db()
    assert client.get(page).url == reverse("reports:minutes", args=[story.conference.pk])
    with pytest.raises(ValidationError, match="taken further"):
        further(story, made)


@pytest.mark.value("complaint-further-days")
def test_until_when_a_complaint_goes_further_is_in_the_procedures(story: SimpleNamespace) -> None:
    made = answered(story, by=story.coordinator)
    (row,) = complaints_about(story.conference, story.chair)
    assert row.further_until == datetime.date(2027, 1, 19)
    held_under(story, complaint_further_days=10)
    (row,) = complaints_about(story.conference, story.chair)
    assert row.further_until == datetime.date(2027, 1, 1)
    page = text(browser(story, "dale").get(reverse("guest_papers:complain")))
    assert 'datetime="2027-01-01"' in page
    # Asked for later, it is taken all the same.
    late = NOW + datetime.timedelta(days=40)
    assert further(story, made, asked_on=late.date(), now=late).number == 2
    shown = signed_in(story.chair).get(reverse("reports:minutes", args=[story.conference.pk])).content.decode()
    assert "After the window" in shown


def test_a_stage_is_asked_for_once(story: SimpleNamespace) -> None:
    made = answered(story, by=story.coordinator)
    assert further(story, made) == further(story, made, because="More")


def test_neither_an_unanswered_nor_a_withdrawn_complaint_goes_further(story: SimpleNamespace) -> None:
    withdrawn = answered(story, by=story.coordinator, outcome=ComplaintOutcome.WITHDRAWN)
    with pytest.raises(ValidationError, match="taken further"):
        further(story, withdrawn)
    waiting = record_complaint(
        conference=story.conference, described="A neighbour", received_on=TODAY, about="Noise", by=story.coordinator,
        now=NOW,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="taken further"):
        further(story, waiting)


def test_whoever_chairs_or_answered_before_answers_no_later_stage(story: SimpleNamespace) -> None:
    head = manager_of(story)
    stage = further(story, answered(story, by=head))
    for user in (head, story.chair):
        with pytest.raises(ValidationError, match="chaired the conference or answered"):
            answer_it(stage, user)
        page = reverse("reports:answer-complaint-stage", args=[story.conference.pk, stage.pk])
        assert signed_in(user).get(page).status_code == 404
        rows = complaints_about(story.conference, user)
        assert [row.answer_url for row in rows] == [""]
    assert answer_it(stage, story.coordinator).answered_by == story.coordinator


def test_a_later_answer_needs_all_of_it(story: SimpleNamespace) -> None:
    stage = further(story, answered(story, by=story.coordinator))
    head = manager_of(story)
    assert faults(lambda: answer_it(stage, head, looked_at_by=" ")) == {"looked_at_by": ["Say who looked at it."]}
    tomorrow = TODAY + datetime.timedelta(days=1)
    assert faults(lambda: answer_it(stage, head, outcome="", answer=" ", answered_on=tomorrow)) == {
        "outcome": ["Choose what became of the complaint."],
        "answer": ["Write the answer."],
        "answered_on": ["This day is in the future."],
    }
    yesterday = TODAY - datetime.timedelta(days=1)
    assert faults(lambda: answer_it(stage, head, answered_on=yesterday)) == {
        "answered_on": ["This is before they asked for it."]
    }


def test_an_answer_gives_no_hidden_place_away(story: SimpleNamespace) -> None:
    made = record_complaint(
        conference=story.conference, participant=story.of.dale, received_on=TODAY, about=ABOUT, by=story.coordinator,
        now=NOW,
    )  # fmt: skip
    refused = faults(
        lambda: answer_complaint(
            complaint=made, told_on=TODAY, outcome="upheld", answer=f"She lives at {HIDDEN_STREET}.", answered_on=TODAY,
            by=story.coordinator, now=NOW,
        )
    )  # fmt: skip
    assert list(refused) == ["answer"]


def test_the_answer_of_a_later_stage_is_recorded_on_its_page(story: SimpleNamespace) -> None:
    stage = further(story, answered(story, by=story.coordinator))
    head, minutes = manager_of(story), reverse("reports:minutes", args=[story.conference.pk])
    page = reverse("reports:answer-complaint-stage", args=[story.conference.pk, stage.pk])
    client = signed_in(head)
    assert page in client.get(minutes).content.decode()
    typed = {"looked_at_by": "Two managers", "answer": "We agree now.", "outcome": "upheld"}
    shown = client.post(page, typed).content.decode()
    assert ("We agree now." in shown, "Enter the day the answer was sent" in shown) == (True, True)
    assert client.post(page, {**typed, **day("answered_on", TODAY)}).url == minutes
    assert "Two managers" in client.get(minutes).content.decode()
    assert client.get(page).url == minutes


def test_the_list_shows_what_waits_first_and_counts_each_year(story: SimpleNamespace) -> None:
    head = manager_of(story)
    settled = answered(story, by=story.coordinator, outcome=ComplaintOutcome.UPHELD)
    waiting = record_complaint(
        conference=story.conference, described="A neighbour", received_on=TODAY - datetime.timedelta(days=1),
        about="Noise", by=story.coordinator, now=NOW,
    )  # fmt: skip
    assert [row.pk for row in complaints_listed(head)] == [waiting.pk, settled.pk]
    (year,) = complaint_figures(head)
    assert (year.year, year.total, year.taken_further, year.waiting, year.outcomes) == (
        2026, 2, 0, 1, (("Upheld", 1),),
    )  # fmt: skip
    shown = signed_in(head).get(reverse("reports:complaints")).content.decode()
    assert (story.conference.reference in shown, ABOUT in shown) == (True, False)
    assert list(complaints_listed(user_with_role(Role.SERVICE_MANAGER))) == []


def test_the_list_takes_the_same_number_of_queries_for_thirty_complaints_as_for_one(
    story: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    head = manager_of(story)
    further(story, answered(story, by=story.coordinator))
    client, page = signed_in(head), reverse("reports:complaints")
    client.get(page)
    with django_assert_max_num_queries(20) as one:
        client.get(page)
    for number in range(24):
        record_complaint(
            conference=story.conference, described="A neighbour", received_on=TODAY, about=f"Noise {number}",
            by=story.coordinator, now=NOW,
        )  # fmt: skip
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(page)
