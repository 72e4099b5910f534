"""Parts planned beforehand: who is in which, and that each is told their own times and nothing else."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import HowToAttend, PartKind, Reply
from conferences.models import Part
from conferences.selectors.arrivals import own_times
from conferences.selectors.guests import who_comes
from conferences.selectors.people import participants_of
from conferences.selectors.planned_parts import planned_for, planned_parts
from conferences.selectors.quorum_forecast import quorum_forecast
from conferences.services.guards import EditedMeanwhile
from conferences.services.invitations import record_reply
from conferences.services.planned_parts import PlannedPart, plan_parts
from conferences.services.scheduling import move_sitting
from govuk.words import clock
from notifications.models import Message
from tests.conferences import story
from tests.conferences.story import NOW, STARTS_AT
from tests.conferences.test_moving import send

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW)]
MINUTE = datetime.timedelta(minutes=1)
FATHER, MOTHER = "Kingfisher half", "Heron half"


def halves():
    return [
        PlannedPart(PartKind.HALF, FATHER, STARTS_AT, STARTS_AT + 60 * MINUTE),
        PlannedPart(PartKind.HALF, MOTHER, STARTS_AT + 90 * MINUTE, STARTS_AT + 150 * MINUTE),
    ]


def plan(told, conference, parts=None, by=None, version=None, **own):
    """Plan the parts: everyone in all of them but those named, by first name."""
    conference.refresh_from_db()
    parts = halves() if parts is None else parts
    everything = frozenset(range(1, len(parts) + 1))
    who = {
        row.participant.pk: frozenset(own.get(row.participant.person.given_name.lower(), everything))
        for row in planned_for(conference, [])
    }
    return plan_parts(
        conference=conference, parts=parts, who=who, version=conference.version if version is None else version,
        by=by or told.coordinator, now=NOW,
    )  # fmt: skip


def listed(conference, person):
    return story.on_list(conference, person)


def test_each_hears_their_own_times_and_nothing_of_the_other_part(told, invited):
    send()
    assert plan(told, invited, dale={1}, hazel={2}) == 2
    sitting = invited.sittings.get()
    dale, hazel = listed(invited, told.dale), listed(invited, told.hazel)
    assert own_times(dale, sitting) == (STARTS_AT - 30 * MINUTE, STARTS_AT + 60 * MINUTE)
    assert own_times(hazel, sitting) == (STARTS_AT + 60 * MINUTE, STARTS_AT + 150 * MINUTE)
    told_dale = Message.objects.filter(person_id=told.dale.pk).order_by("pk").last()
    assert f"Please arrive at: {clock(STARTS_AT - 30 * MINUTE)}\n" in told_dale.body
    assert f"You are asked to stay until: {clock(STARTS_AT + 60 * MINUTE)}\n" in told_dale.body
    whole = f"{told_dale.body}{told_dale.calendar_file}" if hasattr(told_dale, "calendar_file") else told_dale.body
    assert [
        word
        for word in (FATHER, MOTHER, clock(STARTS_AT + 90 * MINUTE), clock(STARTS_AT + 150 * MINUTE), "Hazel", " part ")
        if word in whole
    ] == []


def test_who_is_in_all_of_them_hears_nothing(told, invited):
    send()
    before = Message.objects.count()
    assert plan(told, invited) == 0
    assert (Message.objects.count(), [str(part) for part in planned_parts(invited.sittings.get())]) == (
        before,
        [FATHER, MOTHER],
    )


def test_back_to_one_meeting_gives_the_usual_times_again(told, invited):
    plan(told, invited, dale={1})
    assert listed(invited, told.dale).how == HowToAttend.PART
    plan(told, invited, parts=[])
    dale = listed(invited, told.dale)
    assert (dale.how, dale.arrives_at, dale.leaves_at, dale.parts.count()) == (HowToAttend.WHOLE, None, None, 0)
    sitting = invited.sittings.get()
    assert [(part.kind, part.starts_at) for part in sitting.standing_parts] == [(PartKind.WHOLE, None)]
    plan(told, invited, dale={1})
    assert [str(part) for part in sitting.standing_parts] == [FATHER, MOTHER]
    assert Part.objects.filter(sitting=sitting).count() == len((FATHER, MOTHER))


def test_the_same_plan_again_changes_nothing_and_an_older_page_is_refused(told, invited):
    plan(told, invited, dale={1})
    invited.refresh_from_db()
    version = invited.version
    assert plan(told, invited, dale={1}, version=0) == 0
    with pytest.raises(EditedMeanwhile):
        plan(told, invited, dale={2}, version=version - 1)


def test_parts_follow_each_other_within_the_booking_and_everyone_is_in_one(told, invited):
    late = [halves()[0], PlannedPart(PartKind.HALF, "Late", STARTS_AT + 30 * MINUTE, STARTS_AT + 900 * MINUTE)]
    over = [halves()[0], PlannedPart(PartKind.HALF, "Over", STARTS_AT + 30 * MINUTE, STARTS_AT + 90 * MINUTE)]
    for parts, field in ((late, "from_2"), (over, "from_2")):
        with pytest.raises(ValidationError) as refused:
            plan(told, invited, parts=parts)
        assert list(refused.value.message_dict) == [field]
    with pytest.raises(ValidationError) as refused:
        plan(told, invited, dale=set())
    assert "Dale" in str(refused.value.messages)


def test_a_move_shifts_the_parts_and_everyones_own_times(told, invited):
    plan(told, invited, dale={1})
    day = datetime.timedelta(days=1)
    move_sitting(
        sitting=invited.sittings.get(), booking=story.booking(told, starts_at=STARTS_AT + day), reason="Room",
        by=told.coordinator, now=NOW,
    )  # fmt: skip
    assert planned_parts(invited.sittings.get())[0].starts_at == STARTS_AT + day
    dale = listed(invited, told.dale)
    assert own_times(dale, invited.sittings.get()) == (STARTS_AT + day - 30 * MINUTE, STARTS_AT + day + 60 * MINUTE)


def test_the_quorum_is_forecast_for_each_part(told, invited):
    for key in ("academy", "gp"):
        row = listed(invited, told.posts[key].person)
        record_reply(participant=row, reply=Reply.COMING, by=told.coordinator, now=NOW)
    plan(told, invited, anil={1})
    short = [
        one.words for one in quorum_forecast(invited, list(participants_of(invited))).short if one.child == "Robin"
    ]
    assert [one.split(":")[0] for one in short] == [f"Robin ({MOTHER})"]


def test_the_page_plans_them(client, told, invited):
    client.force_login(told.chair)
    url = reverse("conferences:plan-parts", args=[invited.pk])
    assert client.get(url).status_code == 200
    posted = {"version": str(invited.version)}
    for number, (title, starts, ends) in enumerate(((FATHER, "10:00", "11:00"), (MOTHER, "11.30", "12.30")), start=1):
        posted |= {
            f"kind_{number}": "half", f"title_{number}": title, f"from_{number}": starts, f"until_{number}": ends
        }  # fmt: skip
    for row in planned_for(invited, []):
        posted[f"parts_{row.participant.pk}"] = ["1"] if row.participant.person == told.dale else ["1", "2"]
    assert client.post(url, posted).status_code == 302
    assert [part.title for part in planned_parts(invited.sittings.get())] == [FATHER, MOTHER]
    assert f"{FATHER}, 10:00" in client.get(reverse("conferences:people", args=[invited.pk])).content.decode()


def test_who_is_only_in_the_other_part_is_not_on_the_list_of_who_will_be_there(told, invited):
    plan(told, invited, dale={1}, shazia={2})
    dale = listed(invited, told.dale)
    names = [one.name for one in who_comes(dale, now=NOW)]
    assert ("Shazia Wing" in names, "Anil Dunnock" in names) == (False, True)
