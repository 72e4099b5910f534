"""Somebody's own sitting is known to those who were in it: not when it was, not who came, not what was said there."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core_groups.models import OwnWords, ProgressAtMeeting, SeparateSitting
from core_groups.services.attendance import change_who_came
from core_groups.services.progress import record_meeting_progress
from plans.enums import Progress
from reports.content.core_groups import content_of_core_group
from reports.copies import compose
from reports.enums import DocumentKind
from tests.core_groups.test_recording import HELD, HOUR, NOW, SaidOfAction, _in_january_2027, apart, group, url, who

__all__ = ["_in_january_2027", "group"]

pytestmark = pytest.mark.django_db
HIS = "I am at my brother’s in Heron Quay."


@pytest.fixture
def apart_from(group: SimpleNamespace) -> SimpleNamespace:
    """The father's own sitting an hour later, in which the teacher was not; his own words about Robin."""
    apart(group, group.father)
    change_who_came(
        meeting=group.meeting, who=who(group, group.mother, group.teacher, apart={group.father.person_id: HELD + HOUR}),
        version=1, by=group.worker, now=NOW,
    )  # fmt: skip
    OwnWords.objects.create(
        meeting=group.meeting, member=group.father, child=group.robin.child, text=HIS, recorded_by=group.worker,
        recorded_at=NOW,
    )  # fmt: skip
    return group


def minutes(group: SimpleNamespace, member) -> list[str]:
    copy = compose(content_of_core_group(group.meeting, now=NOW), member.pk, DocumentKind.CORE_GROUP)
    return [row.text for row in copy.own_words]


def with_the_teacher(group: SimpleNamespace) -> None:
    his = {group.father.person_id: HELD + HOUR}
    change_who_came(
        meeting=group.meeting, version=2, by=group.worker, now=NOW,
        who=who(group, group.mother, group.teacher, apart=his, with_them={group.father.person_id: [group.teacher]}),
    )  # fmt: skip


def test_a_professional_who_was_not_in_it_reads_nothing_of_it_on_the_page_of_the_meeting(client, apart_from) -> None:
    client.force_login(apart_from.teacher.person.user)
    page = client.get(url(apart_from, "meeting")).content.decode()
    assert (HIS in page, "Apart:" in page, apart_from.father.person.full_name in page) == (False, False, False)
    client.force_login(apart_from.worker)
    assert HIS in client.get(url(apart_from, "meeting")).content.decode()


def test_nor_in_the_minutes(apart_from) -> None:
    assert minutes(apart_from, apart_from.teacher) == []


def test_whoever_was_in_it_reads_it(client, apart_from) -> None:
    with_the_teacher(apart_from)
    assert minutes(apart_from, apart_from.teacher) == [HIS]
    client.force_login(apart_from.teacher.person.user)
    page = client.get(url(apart_from, "meeting")).content.decode()
    assert (HIS in page, "Apart:" in page) == (True, True)


def test_what_is_said_of_an_action_in_it_is_theirs_alone(client, apart_from) -> None:
    record_meeting_progress(
        meeting=apart_from.meeting, said=[SaidOfAction(apart_from.talks, Progress.UNDER_WAY, "He rings late", 1)],
        by=apart_from.worker, now=NOW,
    )  # fmt: skip
    ProgressAtMeeting.objects.update(sitting=SeparateSitting.objects.get())
    client.force_login(apart_from.teacher.person.user)
    assert "He rings late" not in client.get(url(apart_from, "meeting")).content.decode()
    copy = compose(content_of_core_group(apart_from.meeting, now=NOW), apart_from.teacher.pk, DocumentKind.CORE_GROUP)
    assert "He rings late" not in [row.said for row in copy.progress]
