from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from deadlines.enums import State
from deadlines.models import Deadline
from deadlines.services import reconcile
from meetings.models import Dissent
from reports.models import LodgedDissent
from reports.services.dissents import answer_dissent, leave_dissent, lodge_dissent
from tests.factories import user_with_role
from tests.reports.story import ENDED, NOW, OPENED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after")]

TEXT = "Robin needs a plan sooner."


def lodged(made: SimpleNamespace, **changes: object) -> LodgedDissent:
    fields = {
        "conference": made.conference, "participant": made.of.tutor, "children": [made.robin_row], "text": TEXT,
        "lodged_at": NOW, "by": made.coordinator, "now": NOW, **changes,
    }  # fmt: skip
    return lodge_dissent(**fields)  # type: ignore[arg-type]


def faults(made: SimpleNamespace, **changes: object) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        lodged(made, **changes)
    return refused.value.message_dict


def spoke_up(made: SimpleNamespace) -> None:
    Dissent.objects.create(
        decision=made.robin_decision, participant=made.of.tutor, text="Too early", recorded_by=made.coordinator,
        recorded_at=OPENED,
    )  # fmt: skip
    reconcile(family_ids=[made.family.pk], now=NOW)


def clock(kind: str) -> Deadline:
    return Deadline.objects.get(kind=kind)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_those_who_dissented_in_the_meeting_are_asked_within_the_window(story: SimpleNamespace) -> None:
    spoke_up(story)
    row = clock("dissent")
    assert (row.fact_id, row.due_at, row.responsible_ids, row.what) == (
        story.of.tutor.pk, ENDED + datetime.timedelta(hours=72), [story.coordinator.pk], "School or college",
    )  # fmt: skip


def test_lodging_meets_the_window_and_starts_the_clock_for_the_answer(story: SimpleNamespace) -> None:
    spoke_up(story)
    dissent = lodged(story)
    assert clock("dissent").met_at == NOW
    row = clock("dissent-answer")
    assert (row.fact_id, row.starts_at, row.due_on, row.responsible_ids) == (
        dissent.pk, NOW, datetime.date(2027, 1, 19), [story.chair.pk],
    )  # fmt: skip


def test_leaving_it_at_the_minutes_stops_the_clock(story: SimpleNamespace) -> None:
    spoke_up(story)
    first = leave_dissent(conference=story.conference, participant=story.of.tutor, by=story.coordinator, now=NOW)
    again = leave_dissent(conference=story.conference, participant=story.of.tutor, by=story.coordinator, now=NOW)
    assert (first, clock("dissent").not_needed) == (again, "They are content with what the minutes say.")
    assert not Deadline.objects.filter(kind="dissent-answer").exists()


def test_a_late_dissent_is_accepted_and_shown_as_late(story: SimpleNamespace) -> None:
    late = ENDED + datetime.timedelta(hours=73)
    lodged(story, lodged_at=late, now=late)
    assert clock("dissent").state(late) == State.MET_LATE
    page = reverse("reports:minutes", args=[story.conference.pk])
    assert "After the window" in signed_in(story.coordinator).get(page).content.decode()


def test_the_same_words_are_kept_once(story: SimpleNamespace) -> None:
    assert lodged(story) == lodged(story, lodged_at=NOW - datetime.timedelta(hours=1))
    assert LodgedDissent.objects.count() == 1


def test_a_dissent_needs_person_children_text_and_time(story: SimpleNamespace) -> None:
    assert faults(story, participant=story.of.coordinator) == {
        "participant": ["Choose someone who was invited to this conference."]
    }
    assert faults(story, children=[]) == {"children": ["Choose the children whose decision it is about."]}
    assert faults(story, text=" ") == {"text": ["Write what this person disagrees with."]}
    assert faults(story, lodged_at=NOW + datetime.timedelta(minutes=1)) == {
        "lodged_at": ["This time is in the future."]
    }
    assert faults(story, lodged_at=OPENED - datetime.timedelta(minutes=1)) == {
        "lodged_at": ["This is before the meeting. Check the day and the time."]
    }


def test_dissent_cannot_be_lodged_before_the_meeting_is_closed(story: SimpleNamespace) -> None:
    Conference.objects.filter(pk=story.conference.pk).update(status=ConferenceStatus.OPEN)
    with pytest.raises(ValidationError) as refused:
        lodged(story)
    assert refused.value.messages == [
        "The meeting is not closed yet. Until then dissent is recorded with the decision."
    ]


def test_the_chair_answers_once(story: SimpleNamespace) -> None:
    dissent = lodged(story)
    later = NOW + datetime.timedelta(days=3)
    answer_dissent(dissent=dissent, answer="I read it again.", by=story.chair, now=later)
    again = answer_dissent(dissent=dissent, answer="Something else.", by=story.chair, now=later)
    assert (again.answer, again.answered_by, clock("dissent-answer").met_at) == (
        "I read it again.", story.chair, later,
    )  # fmt: skip


def test_a_service_manager_may_answer_but_a_coordinator_may_not(story: SimpleNamespace) -> None:
    manager = user_with_role(Role.SERVICE_MANAGER, authority=story.authority)
    dissent = lodged(story)
    for user in (story.coordinator, story.manager, user_with_role(Role.SERVICE_MANAGER)):
        with pytest.raises(ValidationError) as refused:
            answer_dissent(dissent=dissent, answer="No", by=user, now=NOW)
        assert refused.value.messages == ["Only the chair of this conference or a service manager can answer it."]
    assert answer_dissent(dissent=dissent, answer="Read.", by=manager, now=NOW).answered_by == manager


def test_an_answer_needs_words(story: SimpleNamespace) -> None:
    with pytest.raises(ValidationError) as refused:
        answer_dissent(dissent=lodged(story), answer=" ", by=story.chair, now=NOW)
    assert refused.value.message_dict == {"answer": ["Write the answer."]}


def test_lodging_and_answering_on_the_pages(story: SimpleNamespace) -> None:
    spoke_up(story)
    record = reverse("reports:minutes", args=[story.conference.pk])
    coordinator = signed_in(story.coordinator)
    assert "Shazia Wing did not agree in the meeting." in coordinator.get(record).content.decode()
    page = reverse("reports:lodge-dissent", args=[story.conference.pk])
    assert "Shazia Wing, Harbour Academy" in coordinator.get(page).content.decode()
    typed = {
        "participant": story.of.tutor.pk, "choice": "lodged", "children": [story.robin_row.pk], "text": TEXT,
        "lodged_on": "2026-12-22", "lodged_time": "13:45",
    }  # fmt: skip
    answer = coordinator.post(page, typed)
    assert (answer.status_code, answer.url) == (302, record)
    dissent = LodgedDissent.objects.get()
    assert (dissent.text, list(dissent.children.all())) == (TEXT, [story.robin_row])
    page = reverse("reports:answer-dissent", args=[story.conference.pk, dissent.pk])
    chair = signed_in(story.chair)
    assert TEXT in chair.get(page).content.decode()
    assert chair.post(page, {"answer": "I read it again.", "printed_for": "professionals"}).url == record
    assert "I read it again." in chair.get(record).content.decode()
    assert chair.get(page).url == record


def test_an_incomplete_form_keeps_the_input(story: SimpleNamespace) -> None:
    page = reverse("reports:lodge-dissent", args=[story.conference.pk])
    shown = signed_in(story.coordinator).post(
        page, {"participant": story.of.tutor.pk, "choice": "lodged", "text": TEXT}
    )
    text = shown.content.decode()
    assert all(
        words in text
        for words in (
            TEXT,
            "Choose the children whose decision it is about",
            "Enter the day it came in",
            "Enter the time it came in",
        )
    )


def test_leaving_it_needs_nothing_more(story: SimpleNamespace) -> None:
    page = reverse("reports:lodge-dissent", args=[story.conference.pk])
    answer = signed_in(story.coordinator).post(page, {"participant": story.of.tutor.pk, "choice": "left"})
    assert (answer.status_code, LodgedDissent.objects.get().choice) == (302, "left")


def test_recounting_every_family_gives_the_same_rows(story: SimpleNamespace) -> None:
    spoke_up(story)
    lodged(story)
    before = list(Deadline.objects.order_by("pk").values())
    assert reconcile(now=NOW).written == 0
    assert list(Deadline.objects.order_by("pk").values()) == before
