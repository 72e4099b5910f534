"""Chair and coordinator are replaced before, during, between and after the sittings: whose name stands where then."""

from __future__ import annotations

import datetime
import re
from types import SimpleNamespace

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from accounts.enums import Role
from accounts.models import User
from conferences.access import RULES
from conferences.enums import Capacity, ConferenceStatus, PartKind, SittingState
from conferences.models import Attendance, Conference, Participant, Sitting
from conferences.selectors.guests import who_comes
from conferences.services.handing_over import hand_on
from deadlines.models import Deadline
from deadlines.services import reconcile
from families.handing_over import hand_over, work_left
from notifications.models import Message
from reports.copies import recipients_due
from reports.enums import DocumentKind, DocumentState
from reports.pdf import html_of
from reports.services.documents import composed_copy, prepare_document, release_document
from reports.services.laying_out import stamp_of
from tests.factories import user_with_role
from tests.reports.story import BEFORE, NOW, OPENED

pytestmark = pytest.mark.django_db
LETTER, MINUTES = DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES
HOUR = datetime.timedelta(hours=1)
OLD = ("Tomasz Kestrel", "Joan Plover")
NEW = ("Erin Martlet", "Nora Teal")
# Where it has to stand who had it before: what happened, in the order in which it did.
PAPERS = ("decisions-sent", "minutes-sent")
# Who was at the meeting that was held.
LED_IT = {
    "conferences:people", "conferences:change-list", "conferences:room-and-screen",
    "meetings:attendance", "meetings:reading",
}  # fmt: skip
HISTORY = {"conferences:see-history", "conferences:see-as-it-was", "conferences:hand-on"}


def successors(story: SimpleNamespace) -> tuple[User, User]:
    return (
        user_with_role(Role.CHAIR, authority=story.authority, name=NEW[0]),
        user_with_role(Role.COORDINATOR, authority=story.authority, name=NEW[1]),
    )


def hand_both_on(story: SimpleNamespace, *, now: datetime.datetime) -> tuple[User, User]:
    chair, coordinator = successors(story)
    story.conference.refresh_from_db()
    hand_on(
        conference=story.conference, chair=chair, coordinator=coordinator, reason="Both have left", by=story.coordinator,
        now=now,
    )  # fmt: skip
    # They have left, so that no page offers them for anything else.
    for user in (story.chair, story.coordinator):
        user.roles.update(ends_on=now.date() - datetime.timedelta(days=1))
    return chair, coordinator


def paper(document, participant, *, now=NOW) -> str:
    return " ".join(html_of(composed_copy(document, participant.pk, now=now), stamp_of(document)).split())


def pages_of(conference: Conference) -> dict[str, str]:
    """Return the address of every page that a conference's id alone leads to."""
    found = {}
    for space in ("conferences", "meetings", "reports"):
        for name in get_resolver().namespace_dict.get(space, ("", get_resolver()))[1].reverse_dict:
            if isinstance(name, str):
                try:
                    address = reverse(f"{space}:{name}", args=[conference.pk])
                except NoReverseMatch:
                    continue
                if address.startswith(f"/conferences/{conference.pk}/"):
                    found[f"{space}:{name}"] = address
    return found


def where_the_old_names_stand(conference: Conference, users: tuple[User, ...], client: Client) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    opened = 0
    for user in users:
        client.force_login(user)
        for name, address in pages_of(conference).items():
            answer = client.get(address)
            if answer.status_code != 200 or name in HISTORY or not hasattr(answer, "content"):
                continue
            opened += 1
            words = re.sub(r"<[^>]*>", " ", answer.content.decode())
            if there := [old for old in OLD if old in words]:
                found[f"{name} for {user.name}"] = there
    assert opened > 12
    return found


@pytest.mark.parametrize("stage", ["before", "running", "between"])
def test_no_page_names_who_had_it_before(ahead: SimpleNamespace, client: Client, stage: str) -> None:
    with time_machine.travel(BEFORE if stage == "before" else OPENED + HOUR, tick=False):
        bring_to(ahead, stage)
        chair, coordinator = hand_both_on(ahead, now=BEFORE if stage == "before" else OPENED + HOUR)
        found = where_the_old_names_stand(ahead.conference, (chair, coordinator), client)
        assert found == {}
        names = {one.name for one in who_comes(Participant.objects.get(pk=ahead.of.hazel.pk), now=OPENED)}
        assert not names & set(OLD)
        assert not [one.pk for one in Message.objects.exclude(state="withdrawn") if any(old in one.body for old in OLD)]


def bring_to(story: SimpleNamespace, stage: str) -> None:
    if stage == "before":
        return
    states = {"running": SittingState.IN_SESSION, "between": SittingState.ADJOURNED}
    ended = OPENED + HOUR / 2 if stage == "between" else None
    Sitting.objects.filter(pk=story.sitting.pk).update(
        state=states[stage], opened_at=OPENED, ended_at=ended, state_reason="The interpreter left" if ended else ""
    )
    part = story.sitting.parts.first() or story.sitting.parts.create(number=1, kind=PartKind.WHOLE, title="Whole")
    for row in story.conference.participants.filter(capacity__in=[Capacity.CHAIR, Capacity.COORDINATOR]):
        Attendance.objects.create(
            participant=row, part=part, presence="present", arrived_at=OPENED, recorded_by=story.coordinator
        )
    status = ConferenceStatus.OPEN if stage == "running" else ConferenceStatus.SCHEDULED
    Conference.objects.filter(pk=story.conference.pk).update(status=status, opened_at=OPENED)


def test_between_sittings_the_one_that_was_held_keeps_its_chair_who_has_no_right_left(ahead: SimpleNamespace) -> None:
    bring_to(ahead, "between")
    with time_machine.travel(OPENED + HOUR, tick=False):
        chair, _ = hand_both_on(ahead, now=OPENED + HOUR)
        ahead.sitting.refresh_from_db()
        assert ahead.sitting.chair == ahead.chair
        assert RULES["chair"].right_of(ahead.chair, ahead.conference) is None
        assert RULES["chair"].right_of(chair, ahead.conference) == "chair"


def test_a_meeting_handed_on_while_it_runs_says_that_both_led_it(ahead: SimpleNamespace) -> None:
    bring_to(ahead, "running")
    with time_machine.travel(OPENED + HOUR, tick=False):
        chair, _ = hand_both_on(ahead, now=OPENED + HOUR)
    ahead.sitting.refresh_from_db()
    assert (ahead.sitting.chair, ahead.sitting.state) == (chair, SittingState.IN_SESSION)
    seats = Attendance.objects.filter(participant__capacity=Capacity.CHAIR).order_by("pk")
    assert [(row.participant.person.user.name, row.left_at) for row in seats] == [
        (OLD[0], OPENED + HOUR), (NEW[0], None),
    ]  # fmt: skip
    Sitting.objects.update(state=SittingState.ENDED, ended_at=OPENED + 2 * HOUR)
    Conference.objects.update(status=ConferenceStatus.CLOSED, ended_at=OPENED + 2 * HOUR, closed_at=OPENED + 2 * HOUR)
    ahead.conference.refresh_from_db()
    with time_machine.travel(NOW, tick=False):
        document = prepare_document(conference=ahead.conference, kind=MINUTES, by=ahead.coordinator, now=NOW)
    assert document.content["chair"] == "Tomasz Kestrel and Erin Martlet"
    due = {row["id"]: row["name"] for row in document.content["participants"]}
    assert OLD[0] not in {due[pk] for pk in recipients_due(document.content, MINUTES)}


# After the day


@pytest.fixture
def closed(story: SimpleNamespace, after: datetime.datetime) -> SimpleNamespace:
    reconcile(family_ids=[story.family.pk], now=NOW)
    return story


def test_after_the_day_the_successor_signs_and_the_papers_keep_who_led_it(closed: SimpleNamespace) -> None:
    prepared = prepare_document(conference=closed.conference, kind=LETTER, by=closed.coordinator, now=NOW)
    chair, coordinator = hand_both_on(closed, now=NOW)
    with pytest.raises(ValidationError, match="Only the chair of this conference can release it"):
        release_document(document=prepared, by=closed.chair, now=NOW)
    released = release_document(document=prepared, by=chair, now=NOW)
    assert (released.state, released.released_by) == (DocumentState.RELEASED, chair)
    letter = paper(released, closed.of.hazel)
    assert "tell the chair, Erin Martlet," in letter
    assert "Erin Martlet <br> Conference chair" in letter
    assert not any(old in letter for old in OLD)
    minutes = prepare_document(conference=closed.conference, kind=MINUTES, by=coordinator, now=NOW)
    written = paper(minutes, closed.of.hazel)
    assert "<td>Tomasz Kestrel. Notes: Joan Plover</td>" in written
    assert "tell the coordinator, Nora Teal," in written
    assert "Erin Martlet, chair" in paper(minutes, closed.of.hazel) or "Erin Martlet, chair" in letter


def test_a_letter_signed_before_says_whom_to_turn_to_from_then_on(closed: SimpleNamespace) -> None:
    letter = prepare_document(conference=closed.conference, kind=LETTER, by=closed.coordinator, now=NOW)
    release_document(document=letter, by=closed.chair, now=NOW)
    hand_both_on(closed, now=NOW)
    letter.refresh_from_db()
    words = paper(letter, closed.of.hazel)
    assert "tell the chair, Erin Martlet," in words
    assert "Tomasz Kestrel <br> Conference chair" in words


def test_after_the_day_their_limits_and_rights_go_over_and_the_list_stays(closed: SimpleNamespace) -> None:
    chair, coordinator = hand_both_on(closed, now=NOW)
    for old, new in ((closed.chair, chair), (closed.coordinator, coordinator)):
        open_ones = Deadline.objects.filter(met_at=None, not_needed="", conference_id=closed.conference.pk)
        assert not open_ones.filter(responsible_ids__contains=[old.pk], kind__in=PAPERS).exists()
        assert open_ones.filter(responsible_ids__contains=[new.pk]).exists()
    closed.sitting.refresh_from_db()
    assert closed.sitting.chair == closed.chair
    assert not closed.conference.participants.filter(person__user=chair).exists()


def test_who_leaves_after_the_day_leaves_the_papers_to_hand_over(closed: SimpleNamespace) -> None:
    manager = user_with_role(Role.SERVICE_MANAGER, authority=closed.authority)
    chair, _ = successors(closed)
    left = work_left([closed.chair.pk], manager=manager, on=NOW.date())[closed.chair.pk]
    assert [(row.kind.key, len(row.items)) for row in left] == [("chair", 1)]
    hand_over(user=closed.chair, to={"chair": chair}, by=manager, now=NOW)
    closed.conference.refresh_from_db()
    assert closed.conference.chair == chair


def test_no_page_after_the_day_names_who_had_it_before_but_as_who_led_it(
    closed: SimpleNamespace, client: Client
) -> None:
    chair, coordinator = hand_both_on(closed, now=NOW)
    found = where_the_old_names_stand(closed.conference, (chair, coordinator), client)
    assert {name.partition(" for ")[0] for name in found} <= LED_IT, found
