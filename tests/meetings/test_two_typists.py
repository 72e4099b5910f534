"""Two people record at once: neither overwrites the other unseen, and the record says who entered it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from conferences.models import Attendance
from meetings.models import BoardEntry, Score, View
from tests.conferences.conftest import NOW
from tests.meetings.test_scores import give

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


def words(answer):
    return " ".join(answer.content.decode().split())


def test_a_second_score_replaces_the_first_only_knowingly(coordinator, meeting):
    address = url("score", meeting.conference.pk, meeting.wren.pk, meeting.people.amara.pk)
    give(meeting, "amara", 3, by=meeting.chair)
    typed = {"value": "7", "reason": "She sleeps at last.", "version": "0"}
    answer = coordinator.post(address, typed)
    assert "has just recorded this score. It stays hidden. Submit yours again to replace it." in words(answer)
    assert "amara says 3" not in words(answer)
    assert Score.objects.get().value == 3
    again = {**typed, "version": answer.context["form"]["version"].value()}
    assert coordinator.post(address, again).status_code == 302
    assert coordinator.post(address, again).status_code == 302
    assert (Score.objects.get().value, Score.objects.get().version) == (7, 2)


def test_one_click_says_what_someone_else_has_just_recorded(coordinator, meeting):
    beth = meeting.people.beth
    row = beth.attendances.get()
    address = url("mark-attendance", meeting.conference.pk, beth.pk)
    typed = {"mark": "apologies", "part": meeting.part.pk, "version": row.version - 1}
    assert "has just recorded: Present. If that is wrong, choose again." in words(
        coordinator.post(address, typed, follow=True)
    )
    shown = coordinator.get(url("attendance", meeting.conference.pk)).content.decode()
    assert f'name="version" value="{row.version}"' in shown
    for _ in range(2):
        coordinator.post(address, {**typed, "version": row.version})
    row.refresh_from_db()
    assert (row.presence, row.version) == ("apologies", 2)


def test_times_of_someone_recorded_meanwhile_are_replaced_only_knowingly(coordinator, meeting):
    beth = meeting.people.beth
    address = url("change-attendance", meeting.conference.pk, beth.pk)
    typed = {"presence": "absent", "mode": "in_person", "version": "0", "part": meeting.part.pk}
    answer = coordinator.post(address, typed)
    assert "has just recorded this person." in words(answer)
    assert beth.attendances.get().presence == "present"
    again = {**typed, "version": answer.context["form"]["version"].value()}
    assert coordinator.post(address, again).status_code == 302
    assert beth.attendances.get().presence == "absent"


@pytest.mark.parametrize("entered", [{}, {"guest_session_id": 7}])
@pytest.mark.parametrize(
    ("table", "by"),
    [(Attendance, "recorded_by"), (Score, "recorded_by"), (View, "recorded_by"), (BoardEntry, "created_by")],
)
def test_exactly_one_member_of_staff_or_guest_entered_a_row(meeting, table, by, entered):
    facts = {
        Attendance: {"participant": meeting.people.dale, "part": meeting.part, "presence": "present"},
        Score: {"conference_child": meeting.wren, "participant": meeting.people.beth, "scale": "x", "value": 3},
        View: {"conference_child": meeting.wren, "participant": meeting.people.beth, "status": "none"},
        BoardEntry: {"conference": meeting.conference, "heading": "x", "text": "x", "nature": "fact"},
    }[table]
    when = {Score: "recorded_at", View: "recorded_at", BoardEntry: "created_at"}.get(table)
    facts = {**facts, **({"reason": "x"} if table in (Score, View) else {}), **({when: NOW} if when else {})}
    both = {by: meeting.chair, **entered} if entered else {}
    with pytest.raises(IntegrityError, match="entered_by_one"), transaction.atomic():
        table.objects.create(**facts, **both)
