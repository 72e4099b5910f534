"""A professional member who records the meeting writes what was agreed into the plan of their own child."""

from __future__ import annotations

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from core_groups.models import ChangeAtMeeting
from core_groups.selectors.plan_changes import MET_AGAIN, RELEASED
from core_groups.services.plan_changes import write_agreed_action
from families.models import Person
from notifications.models import Notice
from plans.enums import Occasion
from plans.models import KeyWorker, PlanAction
from plans.services.document import ActionWords
from reports.services.core_group_minutes import prepare_core_group_minutes, release_core_group_minutes
from tests.core_groups.test_recording import HOUR, NOW, apart, group, hold, url  # noqa: F401 - the story

pytestmark = pytest.mark.django_db

AGREED = {
    "what": "Breakfast club from Monday 🙂", "why_done": "He comes to school hungry", "by_when": "2027-02-01",
    "because": "better_way", "reason": "The family finds it easier",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


def typed(group, **changes):  # noqa: F811
    at = f"meeting-{group.meeting.pk}"
    who = f"post-{group.teacher.post_id}"
    return {**AGREED, "children": group.robin.pk, "occasion": at, "who": who, **changes}


def test_what_was_agreed_is_a_new_version_at_that_meeting_and_the_key_worker_is_told(client, group):  # noqa: F811
    client.force_login(group.teacher.person.user)
    page = client.get(url(group, "meeting")).content.decode()
    assert url(group, "add-action", group.robin.pk) in page
    answer = client.post(url(group, "add-action", group.robin.pk), typed(group))
    assert answer.status_code == 302, answer.context["form"].errors
    made = PlanAction.objects.get(what=AGREED["what"])
    version = made.since
    assert (made.plan, made.who_post, version.occasion, version.made_by, version.reason) == (
        group.robin, group.teacher.post, Occasion.CORE_GROUP, group.teacher.person.user, AGREED["reason"],
    )  # fmt: skip
    assert ChangeAtMeeting.objects.get(plan_version=version).meeting == group.meeting
    key_worker = KeyWorker.objects.get(plan=group.robin).user
    assert Notice.objects.filter(user=key_worker, key__startswith=f"plan-version:{version.pk}").count() == 1
    assert AGREED["what"] in client.get(url(group, "meeting")).content.decode()


def test_an_action_gets_other_words_and_what_it_said_is_kept(client, group):  # noqa: F811
    client.force_login(group.teacher.person.user)
    page = url(group, "change-action", group.robin.pk, group.talks.pk)
    form = client.get(page).context["form"]
    assert form.initial["what"] == "Talk on Mondays"
    changed = typed(group, what="Talk on Fridays", seen=form.initial["seen"])
    assert client.post(page, changed).status_code == 302
    group.talks.refresh_from_db()
    assert group.talks.what == "Talk on Mondays"
    assert (group.talks.until is not None, PlanAction.objects.get(what="Talk on Fridays").thread) == (
        True, group.talks.thread,
    )  # fmt: skip
    # Someone who still has the old page open reads what it says now, and keeps their own words.
    late = client.post(page, typed(group, what="Talk on Sundays", seen=form.initial["seen"]))
    assert late.status_code in {200, 404}
    assert "Talk on Sundays" in late.content.decode()


def test_without_a_reason_nothing_is_changed_and_the_words_stay(client, group):  # noqa: F811
    client.force_login(group.teacher.person.user)
    refused = client.post(url(group, "add-action", group.robin.pk), typed(group, because="", reason=""))
    assert refused.status_code == 200
    assert AGREED["what"] in refused.content.decode()
    assert not PlanAction.objects.filter(what=AGREED["what"]).exists()


def test_only_a_member_in_it_for_the_child_and_for_what_they_may_read(client, group):  # noqa: F811
    client.force_login(group.worker)
    assert client.get(url(group, "add-action", group.robin.pk)).status_code == 404
    client.force_login(group.teacher.person.user)
    assert client.get(url(group, "add-action", group.wren.pk)).status_code == 404
    assert client.get(url(group, "change-action", group.robin.pk, group.clinic.pk)).status_code == 404
    group.talks.private_to.add(Person.objects.get(pk=group.father.person_id))
    assert client.get(url(group, "change-action", group.robin.pk, group.talks.pk)).status_code == 404
    apart(group, group.teacher)
    assert client.get(url(group, "add-action", group.robin.pk)).status_code == 404


def release_the_minutes(group):  # noqa: F811
    worker = KeyWorker.objects.get(plan=group.robin).user
    document = prepare_core_group_minutes(meeting=group.meeting, by=worker, now=NOW, leave_out=True)
    release_core_group_minutes(document=document, by=worker, now=NOW)


def meet_again(group):  # noqa: F811
    hold(group, group.mother, group.teacher, meeting=None, held_at=NOW - HOUR)


@pytest.mark.parametrize(("what", "said"), [(release_the_minutes, RELEASED), (meet_again, MET_AGAIN)])
def test_nothing_more_is_written_once_the_minutes_are_released_or_the_group_met_again(client, group, what, said):  # noqa: F811
    client.force_login(group.teacher.person.user)
    add, change = (
        url(group, "add-action", group.robin.pk),
        url(group, "change-action", group.robin.pk, group.talks.pk),
    )
    seen = client.get(change).context["form"].initial["seen"]
    assert "until the minutes are released or" in client.get(url(group, "meeting")).content.decode()
    what(group)
    record = client.get(url(group, "meeting")).content.decode()
    assert said in record
    assert add not in record
    assert change not in record
    # An old link leads to the words; what was typed meanwhile is refused in words and stays in the form.
    for address, more in ((add, {}), (change, {"seen": seen})):
        assert client.get(address).url == f"{url(group, 'meeting')}#plan-{group.robin.pk}"
        refused = client.post(address, typed(group, **more))
        assert refused.status_code == 200
        assert said in refused.content.decode()
        assert AGREED["what"] in refused.content.decode()
    assert not PlanAction.objects.filter(what=AGREED["what"]).exists()


def test_a_plan_of_another_core_group_is_refused(group):  # noqa: F811
    words = ActionWords(what="x", why="y", who_else="z", by_when_words="soon")
    group.meeting.core_group.plans.remove(group.wren)
    with pytest.raises(ValidationError, match="no such plan"):
        write_agreed_action(
            meeting=group.meeting,
            plan=group.wren,
            words=words,
            because="better_way",
            reason="x",
            by=group.worker,
            now=NOW,
        )


def test_the_record_shows_the_links_to_no_one_else(client, group):  # noqa: F811
    client.force_login(group.worker)
    page = client.get(url(group, "meeting")).content.decode()
    assert reverse("core_groups:add-action", args=[group.pk, group.meeting.pk, group.robin.pk]) not in page
