"""Scores of core groups in rounds: hidden until all who sit there have answered; own pages, tablet, private stop."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessEvent, GuestLink
from accounts.people.services.devices import make_device, take_up_device
from conferences.enums import Given
from core_groups.models import CoreGroupMember, LateNote, MeetingRound, MeetingScore, MeetingStop, MemberTurn
from core_groups.selectors.following import OF_ALL, STOPS, WATCHED
from core_groups.selectors.score_line import scores_at_core_groups
from core_groups.services.attendance import change_who_came
from core_groups.services.own_answers import open_member_turn
from core_groups.services.rounds import ask_child_member, end_round
from core_groups.services.safety import raise_meeting_stop, settle_meeting_stop
from families.enums import ContactKind
from families.models import Child, ContactPoint
from meetings.selectors.changes import asks_for
from meetings.services.rounds import RoundOver
from notifications.models import Notice
from reports.content.core_groups import content_of_core_group
from reports.services.core_group_minutes import prepare_core_group_minutes
from tests.core_groups.test_own_page import come_in_by
from tests.core_groups.test_recording import HELD, HOUR, NOW, apart, group, note, score, url, who  # noqa: F401
from tests.factories import user_with_role

pytestmark = pytest.mark.django_db

MARKER = "ZQXmarker"
ANSWERS, DANGER = reverse("guest_core_group:answers"), reverse("guest_core_group:danger")
DURING = HELD + 2 * HOUR


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(DURING, tick=False) as clock:
        yield clock


def give(group, **changes):  # noqa: F811
    return score(group, **{"reason": MARKER, "may_be_shown": True, "now": DURING, **changes})


def come_in(client, member):
    """Come in by an own link, as somebody of the family does."""
    client.logout()
    client.cookies.clear()
    box = f"member{member.pk}@home.example"
    ContactPoint.objects.get_or_create(person=member.person, kind=ContactKind.EMAIL, value=box, is_safe=True)
    link = GuestLink.objects.filter(subject_id=member.pk).first() or GuestLink.objects.create(
        authority=member.core_group.authority, purpose="core_group", subject_id=member.pk, person_id=member.person_id,
        sent_to=box, created_at=NOW, expires_at=NOW + 99 * HOUR,
    )  # fmt: skip
    return come_in_by(client, link)


def text(answer):
    return answer.content.decode()


def test_no_one_sees_a_score_before_all_who_were_there_have_answered(client, group):  # noqa: F811
    """The leak test: every page of the meeting, history, line and minutes, as worker, manager and member."""
    give(group)
    row, robin = MeetingScore.objects.get(), group.robin
    pages = [
        url(group, "meeting"),
        url(group, "record-score", robin.pk, group.mother.pk),
        url(group, "own-answers"),
        url(group, "add-note"),
        url(group, "show-scores", robin.pk, 0),
        reverse("core_groups:core-group", args=[group.pk]),
        reverse("core_groups:see-history", args=[group.pk]),
        reverse("chronology:chronology", args=[group.family_id]),
        reverse("core_group_minutes:minutes", args=[group.pk, group.meeting.pk]),
    ]
    for user in (group.worker, group.manager, group.teacher.person.user):
        client.force_login(user)
        assert not [page for page in pages if MARKER in text(client.get(page, follow=True))]
    client.force_login(group.worker)
    assert client.get(url(group, "move-entry", "rating", row.pk)).status_code == 404
    assert "1 of 2 is in" in text(client.get(url(group, "meeting")))
    assert list(scores_at_core_groups([robin.child_id])) == []
    assert [one["shown_in"] for one in content_of_core_group(group.meeting, now=NOW)["scores"]] == [[]]
    minutes = prepare_core_group_minutes(meeting=group.meeting, by=group.worker, now=NOW)
    copy = reverse("core_group_minutes:copy-pdf", args=[group.pk, group.meeting.pk, minutes.pk, group.teacher.pk])
    assert MARKER.encode() not in client.get(copy).content

    give(group, member=group.teacher, value=4)
    assert MeetingRound.objects.get().ended_by is None
    assert text(client.get(url(group, "meeting"))).count(MARKER) == 2
    assert [one.value for one in scores_at_core_groups([robin.child_id])] == [4, 6]
    with pytest.raises(RoundOver):
        give(group, value=2, version=1)


def test_a_score_of_the_family_is_shown_only_where_they_agreed(client, group):  # noqa: F811
    give(group, may_be_shown=None)
    give(group, member=group.teacher, value=4, reason="Calm")
    client.force_login(group.manager)
    page = text(client.get(url(group, "meeting")))
    assert (MARKER in page, "Calm" in page, "not shown to the others" in page) == (False, True, True)


def test_whoever_leads_the_meeting_ends_a_round_with_a_reason_and_no_one_else(client, group):  # noqa: F811
    give(group)
    facts = {"meeting": group.meeting, "child": group.robin.child, "sitting": None, "now": DURING}
    other = user_with_role(Role.SOCIAL_WORKER, team=group.family.team)
    with pytest.raises(ValidationError, match="Only the key worker"):
        end_round(**facts, by=other, reason="She had to go")
    client.force_login(other)
    assert client.get(url(group, "show-scores", group.robin.pk, 0)).status_code == 404
    client.force_login(group.worker)
    assert client.post(url(group, "show-scores", group.robin.pk, 0), {"reason": ""}).status_code == 200
    client.post(url(group, "show-scores", group.robin.pk, 0), {"reason": "She had to go"})
    page = text(client.get(url(group, "meeting")))
    assert ("She had to go" in page, MARKER in page) == (True, True)


def test_a_separate_sitting_is_a_round_of_its_own_and_neither_shows_the_other(client, group):  # noqa: F811
    """The father gave his score beforehand; it goes with him into his own sitting."""
    give(group, member=group.father, value=9, reason="FATHERmarker")
    apart(group, group.father)
    change_who_came(
        meeting=group.meeting,
        who=who(group, group.mother, group.teacher, apart={group.father.person_id: HELD + HOUR}),
        version=1,
        by=group.worker,
        now=DURING,
    )
    sitting = group.meeting.separate_sittings.get()
    assert MeetingScore.objects.get().sitting == sitting
    assert [(row.sitting, row.child) for row in MeetingRound.objects.all()] == [(sitting, group.robin.child)]
    client.force_login(group.teacher.person.user)
    page = text(client.get(url(group, "meeting")))
    assert ("0 of 2 are in" in page, "FATHERmarker" in page) == (True, False)
    come_in(client, group.mother)
    own = text(client.get(ANSWERS))
    assert ("How safe is" in own, group.father.person.given_name in own) == (True, False)
    come_in(client, group.father)
    own = text(client.get(ANSWERS))
    assert group.mother.person.given_name not in own


def test_members_answer_on_their_own_page_by_link_and_by_account(client, group):  # noqa: F811
    robin, wren = group.robin.child_id, group.wren.child_id
    come_in(client, group.mother)
    assert ANSWERS in text(client.get(reverse("guest_core_group:home")))
    typed = {f"score_{robin}": "7", f"why_{robin}": MARKER, f"score_{wren}": "abstained", "show": "yes"}
    assert client.post(ANSWERS, typed)["Location"] == f"{ANSWERS}?sent=1"
    assert MARKER not in text(client.get(f"{ANSWERS}?sent=1"))
    rows = MeetingScore.objects.order_by("child").values_list("value", "given", "recorded_by")
    assert sorted(rows, key=str) == [(7, Given.GIVEN, None), (None, Given.ABSTAINED, None)]
    client.logout()
    client.cookies.clear()
    client.force_login(group.teacher.person.user)
    own = url(group, "own-answers")
    assert "Wren" not in text(client.get(own))
    assert client.post(own, {f"score_{robin}": "3", f"why_{robin}": "Loud"}).status_code == 302
    assert MeetingRound.objects.filter(child=robin).exists()
    # What comes after the round is given back, and kept nowhere.
    late = client.post(own, {f"score_{robin}": "1", f"why_{robin}": "Too late"})
    assert (late.status_code, "Too late" in text(late), MeetingScore.objects.count()) == (409, True, 3)


def test_nothing_is_asked_of_who_was_not_there_or_after_the_day(client, group, the_time):  # noqa: F811
    come_in(client, group.father)
    assert client.get(ANSWERS).status_code == 302
    come_in(client, group.mother)
    the_time.move_to(HELD + 9 * HOUR)
    assert client.get(ANSWERS).status_code in (302, 404)
    client.force_login(user_with_role(Role.PROFESSIONAL, authority=group.authority))
    assert client.get(url(group, "own-answers")).status_code == 404


def test_a_child_of_the_group_is_asked_only_by_decision(client, group):  # noqa: F811
    child = Child.objects.get(pk=group.robin.child_id)
    member = CoreGroupMember.objects.create(core_group=group, person=child.person, starts_on=group.formed_on)
    change_who_came(
        meeting=group.meeting, who=who(group, group.mother, group.teacher, member), version=1, by=group.worker,
        now=DURING,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="only where the key worker decided"):
        give(group, member=member)
    client.force_login(group.manager)
    client.post(url(group, "ask-child", member.pk), {"reason": "He wants to"})
    assert give(group, member=member).value == 6
    with pytest.raises(ValidationError, match="Only the key worker"):
        ask_child_member(member=member, reason="Why not", by=user_with_role(Role.CHAIR), now=DURING)


def test_a_tablet_takes_one_answer_of_one_member_and_shows_nothing_afterwards(client, group):  # noqa: F811
    robin = group.robin.child_id
    client.force_login(group.worker)
    page = client.post(url(group, "open-turn", group.mother.pk))
    assert client.post(reverse("turn:type-code"), {"code": page.context["code"]}).status_code == 200
    client.logout()
    client.cookies.clear()
    assert client.post(reverse("turn:type-code"), {"code": page.context["code"]}).status_code == 302
    answers = reverse("turn:answers")
    assert "Robin" in text(client.get(answers))
    typed = {f"score_{robin}": "5", f"why_{robin}": MARKER, "show": "yes"}
    assert client.post(answers, typed)["Location"] == reverse("turn:over")
    assert client.get(answers).status_code == 403
    row = MeetingScore.objects.get()
    assert (row.value, row.recorded_by, row.is_own) == (5, group.worker, True)
    assert MARKER not in text(client.get(reverse("turn:over")))
    turn, _ = open_member_turn(meeting=group.meeting, member=group.mother, by=group.worker, now=DURING)
    assert MemberTurn.objects.filter(ended_at__isnull=True).get() == turn


def test_a_0_reaches_few_privately_and_the_round_waits(client, group):  # noqa: F811
    come_in(client, group.mother)
    client.post(DANGER, {"child": group.robin.child_id, "said": MARKER})
    stop = MeetingStop.objects.get()
    told = Notice.objects.filter(key=f"core-group-stop:{stop.pk}")
    assert group.manager in [row.user for row in told]
    assert not any(MARKER in row.text or "Robin" in row.text for row in told)
    client.logout()
    client.cookies.clear()
    give(group, reason="Calm")
    give(group, member=group.teacher, value=4, reason="Calm too")
    assert not MeetingRound.objects.exists()
    with pytest.raises(ValidationError, match="something else first"):
        end_round(
            meeting=group.meeting, child=group.robin.child, sitting=None, by=group.worker, now=DURING, reason="Go on"
        )
    safety = url(group, "safety")
    colleague = user_with_role(Role.COORDINATOR, authority=group.authority)
    for user in (group.teacher.person.user, colleague):
        client.force_login(user)
        assert client.get(safety).status_code == 404
        pages = (url(group, "meeting"), reverse("core_groups:see-history", args=[group.pk]))
        assert not any(MARKER in text(client.get(page)) for page in pages)
    client.force_login(group.manager)
    assert MARKER in text(client.get(safety))
    assert "Read it where no one else can see" in text(client.get(url(group, "meeting")))
    client.post(url(group, "call-a-break", stop.pk))
    done = {"action": "She stays with her aunt", "action_by": "The worker", "action_when": "now"}
    refused = client.post(url(group, "settle-stop", stop.pk), {**done, "action": ""})
    assert "Write what is being done" in text(refused) or "action" in refused.context["form"].errors
    assert client.post(url(group, "settle-stop", stop.pk), done).status_code == 302
    stop.refresh_from_db()
    assert (stop.break_at, stop.settled_by, stop.said_by) == (DURING, group.manager, group.mother)
    assert MeetingRound.objects.filter(child=group.robin.child).exists()
    with pytest.raises(ValidationError, match="act on this"):
        settle_meeting_stop(stop=stop, by=group.teacher.person.user, now=DURING, **done)


def test_scores_far_apart_are_explored_by_whoever_leads(client, group):  # noqa: F811
    give(group, value=1)
    give(group, member=group.teacher, value=9, reason="Well at school")
    client.force_login(group.worker)
    explore = url(group, "explore-scores", group.robin.pk, 0)
    assert "8 points apart" in text(client.get(url(group, "meeting")))
    client.post(explore, {"text": "She sees the nights, he the days"})
    assert "She sees the nights" in text(client.get(url(group, "meeting")))


# Pages that follow the meeting


def test_every_table_of_a_meeting_tells_of_a_change():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'tells_of_change'"
            " AND tgrelid::regclass::text LIKE 'core_groups%'"
        )
        telling = {name for (name,) in cursor.fetchall()}
    labels = [label for label, _ in WATCHED] + [*OF_ALL, *STOPS]
    assert telling == {apps.get_model(label)._meta.db_table for label in labels}


def test_a_page_follows_the_meeting_and_asks_its_own_rights_again(client, group):  # noqa: F811
    ask = reverse("core_groups:changed", args=[group.meeting.pk])
    client.force_login(group.worker)
    page = text(client.get(url(group, "meeting")))
    key = client.get(ask).json()["key"]
    assert (f'data-live-key="{key}"' in page, f'data-live="/live/g{group.meeting.pk}/"' in page) == (True, True)
    assert client.get(ask, headers={"If-None-Match": f'"{key}"'}).status_code == 304
    looks = AccessEvent.objects.count()
    note(group, text="Loud")
    assert client.get(ask).json()["key"] != key
    assert AccessEvent.objects.count() == looks
    assert asks_for(f"g{group.meeting.pk}") == ask
    assert asks_for("x1") is None
    client.force_login(user_with_role(Role.COORDINATOR))
    assert client.get(ask).status_code == 404
    client.force_login(group.teacher.person.user)
    assert client.get(ask).status_code == 200
    apart(group, group.teacher)
    assert client.get(ask).status_code == 404
    with time_machine.travel(HELD + 8 * 24 * HOUR, tick=False):
        client.force_login(group.worker)
        assert client.get(ask).status_code == 204


def test_no_key_tells_of_a_sitting_in_which_its_reader_was_not_or_of_a_stop(client, group):  # noqa: F811
    apart(group, group.father)
    change_who_came(
        meeting=group.meeting,
        who=who(group, group.mother, group.teacher, apart={group.father.person_id: HELD + HOUR}),
        version=1,
        by=group.worker,
        now=DURING,
    )
    sitting = group.meeting.separate_sittings.get()
    ask = reverse("core_groups:changed", args=[group.meeting.pk])

    def key_as(user):
        client.force_login(user)
        return client.get(ask).json()["key"]

    teacher, worker, coordinator = (
        group.teacher.person.user,
        group.manager,
        user_with_role(Role.COORDINATOR, authority=group.authority),
    )
    before = key_as(teacher), key_as(worker)
    note(group, text="Said apart", speaker=group.father, sitting=sitting)
    give(group, member=group.father, value=7)
    assert (key_as(teacher) == before[0], key_as(worker) == before[1]) == (True, False)
    before = key_as(teacher), key_as(worker), key_as(coordinator)
    raise_meeting_stop(
        meeting=group.meeting, child=group.robin.child, ground="said", said="Not tonight", by=group.worker, now=DURING
    )
    assert [key_as(one) == key for one, key in zip((teacher, worker, coordinator), before, strict=True)] == [
        True, False, True,
    ]  # fmt: skip
    note(group, text="Said to all")
    assert key_as(teacher) != before[0]


# What could not be sent


def test_a_note_typed_without_a_network_arrives_once_and_marked_from_an_enrolled_device(client, group):  # noqa: F811
    late = url(group, "send-late")
    typed = {
        "kind": "note", "heading": "worries", "nature": "fact", "text": "The line was gone", "typed_ago": "60",
        "children": [group.robin.child_id], "once_key": "0b1ff9ab-6bd1-4d3e-8a57-2f7d5c0c8f10", "seen": "abc",
    }  # fmt: skip
    client.force_login(group.worker)
    assert client.post(late, typed).json()["state"] == "ended"
    administrator = user_with_role(Role.ADMINISTRATOR, authority=group.authority)
    _, code = make_device(authority=group.authority, name="Laptop 3", by=administrator, now=DURING)
    taken = take_up_device(code=code, by=group.worker, now=DURING)
    client.cookies[settings.DEVICE_COOKIE] = taken[1]
    page = text(client.get(url(group, "add-note")))
    assert f'data-waiting-url="{late}"' in page
    assert [client.post(late, typed).json()["state"] for _ in range(2)] == ["taken", "taken"]
    made = LateNote.objects.get()
    assert (made.typed_at, made.entry.text, made.typed_by) == (
        DURING - datetime.timedelta(minutes=1), "The line was gone", group.worker,
    )  # fmt: skip
    assert "Arrived late" in text(client.get(url(group, "meeting")))
    old = {**typed, "once_key": "0b1ff9ab-6bd1-4d3e-8a57-2f7d5c0c8f11", "text": "Long ago", "typed_ago": "15000"}
    assert client.post(late, old).json()["state"] == "refused"
    client.force_login(user_with_role(Role.COORDINATOR))
    assert client.post(late, typed).status_code == 404
