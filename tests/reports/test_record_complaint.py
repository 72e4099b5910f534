from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from conferences.models import Conference
from deadlines.models import Deadline
from deadlines.policies import policy_for
from deadlines.to_decide import to_decide
from reports.enums import ComplaintOutcome
from reports.models import Complaint
from reports.services.complaints import answer_complaint, record_complaint
from tests.factories import procedures_with, user_with_role
from tests.reports.story import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after")]

TODAY = datetime.date(2026, 12, 22)
ABOUT = "I was asked to wait outside for an hour."


def made_by(made: SimpleNamespace, **changes: object) -> Complaint:
    fields = {
        "conference": made.conference, "received_on": TODAY, "participant": made.of.dale, "about": ABOUT,
        "by": made.coordinator, "now": NOW, **changes,
    }  # fmt: skip
    return record_complaint(**fields)  # type: ignore[arg-type]


def faults(call: object) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        call()  # type: ignore[operator]
    return refused.value.message_dict


def clock() -> Deadline:
    return Deadline.objects.get(kind="complaint-answer")


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def day(name: str, value: datetime.date) -> dict[str, str]:
    return {name: value.isoformat()}


def test_the_answer_to_a_complaint_is_due_from_the_day_it_was_received(story: SimpleNamespace) -> None:
    complaint = made_by(story, received_on=TODAY - datetime.timedelta(days=1))
    row = clock()
    assert (row.fact_id, row.starts_on, row.due_on, row.responsible_ids) == (
        complaint.pk, datetime.date(2026, 12, 21), datetime.date(2027, 1, 18),
        [story.coordinator.pk],
    )  # fmt: skip


def test_a_complaint_changes_no_decision(story: SimpleNamespace) -> None:
    made_by(story)
    story.robin_decision.refresh_from_db()
    assert story.robin_decision.superseded_by is None


def test_the_answer_meets_the_clock(story: SimpleNamespace) -> None:
    complaint = answer_complaint(
        complaint=made_by(story),
        told_on=TODAY,
        outcome=ComplaintOutcome.UPHELD,
        answer="We are sorry.",
        answered_on=TODAY,
        by=story.coordinator,
        now=NOW,
    )
    assert (complaint.answered_by, complaint.answer_recorded_at) == (story.coordinator, NOW)
    assert clock().met_at == datetime.datetime(2026, 12, 22, 12, tzinfo=datetime.UTC)
    again = answer_complaint(
        complaint=complaint, told_on=TODAY, answer="Other", answered_on=TODAY, by=story.chair, now=NOW
    )
    assert again.answer == "We are sorry."


def test_complainants_can_be_told_before_there_is_an_answer(story: SimpleNamespace) -> None:
    complaint = answer_complaint(complaint=made_by(story), told_on=TODAY, by=story.coordinator, now=NOW)
    assert (complaint.told_on, complaint.answered_on, clock().is_open) == (TODAY, None, True)


def test_a_person_who_is_not_on_the_list_may_complain(story: SimpleNamespace) -> None:
    complaint = made_by(story, participant=None, described=" A neighbour ")
    assert (complaint.participant, complaint.described) == (None, "A neighbour")


def test_the_same_complaint_is_kept_once(story: SimpleNamespace) -> None:
    assert made_by(story) == made_by(story)


def test_a_complaint_needs_person_text_and_day(story: SimpleNamespace) -> None:
    assert faults(lambda: made_by(story, participant=None)) == {"described": ["Say who is complaining."]}
    assert faults(lambda: made_by(story, participant=story.of.chair)) == {
        "participant": ["Choose someone from the list, or describe who is complaining."]
    }
    assert faults(lambda: made_by(story, about=" ")) == {"about": ["Write what the complaint is about."]}
    assert faults(lambda: made_by(story, received_on=TODAY + datetime.timedelta(days=1))) == {
        "received_on": ["This day is in the future."]
    }
    assert faults(lambda: made_by(story, received_on=datetime.date(2020, 1, 1))) == {
        "received_on": ["This is before the conference was asked for. Check the date."]
    }
    assert faults(lambda: made_by(story, told_on=TODAY - datetime.timedelta(days=1))) == {
        "told_on": ["This is before the complaint came in."]
    }


def test_an_answer_needs_words_and_a_day(story: SimpleNamespace) -> None:
    complaint = made_by(story)

    def answered(**fields: object) -> object:
        fields = {"outcome": "upheld", **fields}
        return answer_complaint(complaint=complaint, told_on=TODAY, by=story.coordinator, now=NOW, **fields)

    assert faults(lambda: answered(outcome="", answer="Sorry", answered_on=TODAY)) == {
        "outcome": ["Choose what became of the complaint."]
    }
    assert faults(lambda: answered(answer="Sorry")) == {"answered_on": ["Enter the day the answer was sent."]}
    assert faults(lambda: answered(answered_on=TODAY)) == {"answer": ["Write the answer."]}
    assert faults(lambda: answered(answer="Sorry", answered_on=TODAY - datetime.timedelta(days=1))) == {
        "answered_on": ["This is before the complaint came in."]
    }
    assert faults(lambda: answered(answer="Sorry", answered_on=TODAY + datetime.timedelta(days=1))) == {
        "answered_on": ["This day is in the future."]
    }


def test_recording_and_answering_on_the_pages(story: SimpleNamespace) -> None:
    record = reverse("reports:minutes", args=[story.conference.pk])
    client = signed_in(story.coordinator)
    page = reverse("reports:record-complaint", args=[story.conference.pk])
    answer = client.post(
        page, {**day("received_on", TODAY), "participant": story.of.dale.pk, "described": "", "about": ABOUT}
    )
    assert (answer.status_code, answer.url) == (302, record)
    shown = client.get(record).content.decode()
    assert (ABOUT in shown, "Not yet told that the decision stands" in shown) == (True, True)
    page = reverse("reports:answer-complaint", args=[story.conference.pk, Complaint.objects.get().pk])
    assert ABOUT in client.get(page).content.decode()
    typed = {**day("told_on", TODAY), **day("answered_on", TODAY), "outcome": "upheld", "answer": "We are sorry."}
    assert client.post(page, typed).url == record
    assert "We are sorry." in client.get(record).content.decode()
    assert client.get(page).url == record


def test_a_form_without_a_person_keeps_the_input(story: SimpleNamespace) -> None:
    page = reverse("reports:record-complaint", args=[story.conference.pk])
    shown = signed_in(story.coordinator).post(page, {"about": ABOUT}).content.decode()
    assert all(
        words in shown for words in (ABOUT, "Choose who is complaining, or describe them", "Enter the day it came in")
    )


def test_social_workers_cannot_see_complaints(story: SimpleNamespace) -> None:
    made_by(story)
    record = reverse("reports:minutes", args=[story.conference.pk])
    for user in (story.worker, story.manager):
        shown = signed_in(user).get(record).content.decode()
        assert (ABOUT in shown, "Complaints" in shown) == (False, False)


@pytest.mark.value("complaint-answered-by")
@pytest.mark.parametrize("words", ["complaints manager", "chair"])
def test_whoever_the_procedures_name_answers_and_is_asked(story: SimpleNamespace, words: str) -> None:
    procedures_with(story.authority, since=TODAY, values={"complaint-answered-by": words})
    version = policy_for(story.authority, on=TODAY).version_id
    Conference.objects.filter(pk=story.conference.pk).update(policy_version_id=version)
    story.conference.refresh_from_db()
    head = user_with_role(Role.SERVICE_MANAGER, authority=story.authority)
    answers, other = (story.chair, head) if words == "chair" else (head, story.chair)
    complaint = made_by(story)
    assert clock().responsible_ids == sorted([answers.pk, story.coordinator.pk])
    listed = [user for user in (story.chair, head) if "complaint" in {key for _, key, *_ in to_decide(user)}]
    assert listed == [answers]
    answered = {
        "complaint": complaint, "told_on": TODAY, "outcome": "upheld", "answer": "We are sorry.", "answered_on": TODAY,
        "now": NOW,
    }  # fmt: skip
    assert faults(lambda: answer_complaint(by=other, **answered)) == {
        "answer": [f"By this council’s procedures the {words} answers a complaint."]
    }
    assert answer_complaint(by=answers, **answered).answered_by == answers
