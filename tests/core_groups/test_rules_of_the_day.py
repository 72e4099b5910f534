"""The rules of the day at a core group: late, leaving, removed, who comes as well, statements, breaks, observers."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.enums import Role
from conferences.enums import Capacity, Mode, Presence
from conferences.services.guards import EditedMeanwhile
from core_groups.models import AlsoThere, MeetingAttendance, MeetingBreak, MeetingRound, MeetingStatement
from core_groups.selectors.following import ALL, key_of_meeting
from core_groups.services.attendance import change_who_came
from core_groups.services.own_answers import open_member_turn
from core_groups.services.rules_of_day import record_answers_about_observer
from core_groups.services.seats import Came, add_also_there, change_also_there, record_seat, remove_member_from_meeting
from families.models import ContactRisk
from families.services import EnteredWorker
from meetings.selectors.newcomers import Newcomer
from reports.content.core_groups import content_of_core_group
from reports.copies import entitlement_of
from tests.core_groups.test_recording import HELD, HOUR, apart, group, score, url, who  # noqa: F401
from tests.factories import PersonFactory, user_with_role

pytestmark = pytest.mark.django_db

DURING = HELD + 2 * HOUR
HALF = datetime.timedelta(minutes=30)


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(DURING, tick=False) as clock:
        yield clock


def seat(group, member):  # noqa: F811
    return MeetingAttendance.objects.get(meeting=group.meeting, member=member, superseded_at__isnull=True)


def text(answer):
    return answer.content.decode()


def facts(row):
    return row.presence, row.arrived_at, row.left_at


def remove(group, member, **changes):  # noqa: F811
    given = {"seat": seat(group, member), "reason": "Shouted", "by": group.worker, "now": DURING, **changes}
    return remove_member_from_meeting(**given)


def test_a_member_comes_late_leaves_and_comes_back_with_one_click_each(client, group):  # noqa: F811
    client.force_login(group.worker)
    page = text(client.get(url(group, "meeting")))
    assert ("Here now" in page, "Left now" in page) == (True, True)
    for mark, expected in (
        ("here", (Presence.PRESENT, DURING, None)),
        ("left", (Presence.PRESENT, DURING, DURING)),
        ("here", (Presence.PRESENT, DURING, None)),
    ):
        client.post(url(group, "mark-seat", seat(group, group.father).pk), {"mark": mark})
        assert facts(seat(group, group.father)) == expected
    assert group.father in group.meeting.present.all()
    kept = MeetingAttendance.objects.filter(meeting=group.meeting, member=group.father, superseded_at__isnull=False)
    assert [row.presence for row in kept.order_by("pk")] == [Presence.ABSENT, Presence.PRESENT, Presence.PRESENT]


def test_times_are_entered_and_a_second_typist_is_told(client, group):  # noqa: F811
    client.force_login(group.worker)
    shown = seat(group, group.mother)
    address = url(group, "change-seat", shown.pk)
    typed = {"presence": "present", "mode": "online", "arrived": "14:10", "left": "15:00", "version": shown.pk}
    assert client.post(address, typed).status_code == 302
    row = seat(group, group.mother)
    assert (row.mode, row.arrived_at - HELD, row.left_at - HELD) == (Mode.ONLINE, HALF / 3, HOUR)
    assert "has just recorded this person" in text(client.post(address, {**typed, "left": "15:30"}))
    with pytest.raises(EditedMeanwhile):
        record_seat(seat=shown, came=Came(), by=group.worker, now=DURING)
    refused = text(client.post(address, {**typed, "left": "14:00", "version": row.pk}))
    assert "No one leaves before they arrive" in refused
    assert "14:10" in text(client.get(url(group, "meeting")))


def test_nobody_waits_for_the_score_of_someone_who_left(group):  # noqa: F811
    score(group, may_be_shown=True, now=DURING)
    assert not MeetingRound.objects.exists()
    record_seat(seat=seat(group, group.teacher), came=Came(left_at=DURING), by=group.worker, now=DURING)
    assert MeetingRound.objects.get().ended_by is None


def test_whoever_leads_removes_a_member_and_all_of_the_meeting_is_closed_to_them(client, group):  # noqa: F811
    teacher, user = group.teacher, group.teacher.person.user
    turn, _ = open_member_turn(meeting=group.meeting, member=teacher, by=group.worker, now=DURING)
    client.force_login(user)
    address = url(group, "meeting")
    assert (client.get(address).status_code, client.get(url(group, "own-answers")).status_code) == (200, 200)
    other = user_with_role(Role.SOCIAL_WORKER, team=group.family.team)
    client.force_login(other)
    assert client.get(url(group, "remove-from-meeting", seat(group, teacher).pk)).status_code == 404
    with pytest.raises(ValidationError, match="Only the key worker"):
        remove(group, teacher, by=other)

    client.force_login(group.worker)
    page = text(client.get(url(group, "remove-from-meeting", seat(group, teacher).pk)))
    assert "the record of this meeting is closed to them" in page
    assert client.post(url(group, "remove-from-meeting", seat(group, teacher).pk), {"reason": ""}).status_code == 200
    client.post(url(group, "remove-from-meeting", seat(group, teacher).pk), {"reason": "Shouted"})
    row = seat(group, teacher)
    assert (*facts(row), row.note) == (Presence.REMOVED, HELD, DURING, "Shouted")
    turn.refresh_from_db()
    assert turn.ended_at == DURING

    client.force_login(user)
    closed = ("meeting", "own-answers", "own-danger", "add-note", "change-attendance")
    assert {client.get(url(group, name)).status_code for name in closed} == {404}
    assert client.get(f"/core-groups/changed/{group.meeting.pk}/").status_code == 404
    assert "its record is not open to you" in text(client.get(f"/core-groups/{group.pk}/"))
    content = content_of_core_group(group.meeting, now=DURING)
    frozen = next(one for one in content["participants"] if one["id"] == teacher.pk)
    assert (frozen["reads"], entitlement_of(content, teacher.pk).level.name) == ([], "NOTHING")


def test_the_meeting_counts_again_without_whoever_was_removed(group):  # noqa: F811
    change_who_came(
        meeting=group.meeting, who=who(group, group.mother), version=group.meeting.version, by=group.worker, now=DURING
    )
    group.meeting.refresh_from_db()
    counted = group.meeting.counts
    remove(group, group.mother)
    group.meeting.refresh_from_db()
    assert (counted, group.meeting.counts) == (True, False)


def test_no_correction_lets_in_whom_somebody_removed_only_whoever_leads_does(client, group):  # noqa: F811
    remove(group, group.mother)
    change_who_came(
        meeting=group.meeting,
        who=who(group, group.mother, group.father),
        version=group.meeting.version,
        by=group.worker,
        now=DURING,
    )
    assert seat(group, group.mother).presence == Presence.REMOVED
    with pytest.raises(ValidationError, match="can let them back in"):
        record_seat(seat=seat(group, group.mother), came=Came(), by=group.worker, now=DURING)
    client.force_login(group.worker)
    assert "Let back in" in text(client.get(url(group, "meeting")))
    client.post(url(group, "let-back-in", seat(group, group.mother).pk))
    assert facts(seat(group, group.mother)) == (Presence.PRESENT, HELD, None)


def test_nobody_removes_themselves(group):  # noqa: F811
    group.meeting.recorded_by = group.teacher.person.user
    group.meeting.save(update_fields=["recorded_by"])
    with pytest.raises(ValidationError, match="remove yourself"):
        remove(group, group.teacher, by=group.teacher.person.user)


def also(group, **changes):  # noqa: F811
    given = {
        "meeting": group.meeting,
        "who": Newcomer(entered=EnteredWorker(given_name="Ira", family_name="Fenn")),
        "capacity": Capacity.SUPPORTER,
        "acts_for": group.mother,
        "reason": "Hazel asked for her",
        "by": group.worker,
        "now": DURING,
    }
    return add_also_there(**{**given, **changes})


def test_a_supporter_is_named_gives_no_score_and_gets_no_copy(client, group):  # noqa: F811
    row = also(group)
    assert (row.presence, row.arrived_at) == (Presence.PRESENT, DURING)
    client.force_login(group.worker)
    page = text(client.get(url(group, "meeting")))
    assert "Ira Fenn" in page
    assert f"with {group.mother.person.full_name}" in " ".join(page.split())
    assert f"Ask\n      {row.person.short_name} for a score" not in page
    content = content_of_core_group(group.meeting, now=DURING)
    frozen = next(one for one in content["participants"] if one["name"] == "Ira Fenn")
    assert entitlement_of(content, frozen["id"]).level.name == "NOTHING"


def test_somebody_new_is_entered_by_hand_and_a_member_is_not_somebody_else(client, group):  # noqa: F811
    client.force_login(group.worker)
    address = url(group, "someone-else-came")
    typed = {
        "given_name": "Ira", "family_name": "Fenn", "capacity": "interpreter", "acts_for": group.mother.pk,
        "mode": "in_person", "reason": "Speaks Polish",
    }  # fmt: skip
    assert client.post(address, typed).status_code == 302
    row = AlsoThere.objects.get()
    assert (row.capacity, row.acts_for, row.person.full_name) == ("interpreter", group.mother, "Ira Fenn")
    client.force_login(group.teacher.person.user)
    assert client.get(address).status_code == 404
    with pytest.raises(ValidationError, match="is a member"):
        also(group, who=Newcomer(person=group.father.person))


def test_a_deputy_counts_as_the_member_instead_of_whom_they_came(group):  # noqa: F811
    change_who_came(
        meeting=group.meeting, who=who(group, group.mother), version=group.meeting.version, by=group.worker, now=DURING
    )
    remove(group, group.mother)
    with pytest.raises(ValidationError, match="instead of a professional"):
        also(group, capacity=Capacity.PROFESSIONAL, acts_for=group.mother)
    also(group, capacity=Capacity.PROFESSIONAL, acts_for=group.teacher)
    group.meeting.refresh_from_db()
    assert group.meeting.counts is True


def test_nobody_with_a_contact_risk_comes_in_as_somebody_else(group):  # noqa: F811
    risky = PersonFactory(authority=group.authority)
    ContactRisk.objects.create(
        person=risky, ground="violence", detail="Threats", recorded_by=group.worker, recorded_at=HELD
    )
    with pytest.raises(ValidationError, match="has to decide first"):
        also(group, who=Newcomer(person=risky))
    assert not AlsoThere.objects.exists()


def test_an_observer_waits_for_the_familys_consent_and_goes_when_one_says_no(client, group):  # noqa: F811
    row = also(group, capacity=Capacity.OBSERVER, acts_for=None)
    assert row.presence == Presence.ABSENT
    came = {"row": row, "came": Came(), "by": group.worker, "now": DURING}
    with pytest.raises(ValidationError, match="Ask each of the family"):
        change_also_there(**came, version=row.version)
    client.force_login(group.worker)
    address = url(group, "ask-about-observer", row.pk)
    page = text(client.get(address))
    assert (group.mother.person.full_name in page, group.father.person.full_name in page) == (True, False)
    assert (
        client.post(address, {f"answer_{group.mother.pk}": "yes", f"version_{group.mother.pk}": 0}).status_code == 302
    )
    assert change_also_there(**came, version=row.version).presence == Presence.PRESENT
    record_answers_about_observer(observer=row, answers={group.mother: ("no", 1)}, by=group.worker, now=DURING)
    row.refresh_from_db()
    assert row.left_at == DURING
    client.force_login(group.teacher.person.user)
    assert client.get(address).status_code == 404


def test_a_first_answer_about_an_observer_takes_nobodys_place_whatever_version_is_sent(group):  # noqa: F811
    row = also(group, capacity=Capacity.OBSERVER, acts_for=None)
    answers = {group.mother: ("yes", 7)}
    (said,) = record_answers_about_observer(observer=row, answers=answers, by=group.worker, now=DURING)
    assert (said.answer, said.version) == ("yes", 1)


def test_statements_and_breaks_are_kept_for_each_sitting_and_told_to_open_pages(client, group):  # noqa: F811
    client.force_login(group.worker)
    before = key_of_meeting(group.meeting.pk, ALL)
    address = url(group, "statements", 0)
    assert "treated with respect" in text(client.get(address))
    for _ in range(2):
        client.post(address)
    assert sorted(MeetingStatement.objects.values_list("statement", flat=True)) == ["confidentiality", "fairness"]
    assert "read out at 16:00" in text(client.get(url(group, "meeting")))
    for _ in range(2):
        client.post(url(group, "begin-break", 0), {"reason": "Air"})
    assert "Break since 16:00" in text(client.get(url(group, "meeting")))
    for _ in range(2):
        client.post(url(group, "end-break", 0))
    assert (MeetingBreak.objects.get().ended_at, MeetingBreak.objects.get().reason) == (DURING, "Air")
    assert key_of_meeting(group.meeting.pk, ALL) != before
    assert client.get(url(group, "statements", 987654)).status_code == 404
