"""Comments on the minutes and dissent from one's own page, answered, and printed with the minutes for who may read it."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from deadlines.to_decide import to_decide
from meetings.models import BoardEntry
from notifications.models import Message, Notice
from reports.enums import Channel, CommentOutcome, DocumentKind, PrintedFor
from reports.models import LodgedDissent, MinutesComment
from reports.services.circulation import record_copy
from reports.services.comments import record_comment, settle_comment
from reports.services.dissents import answer_dissent, lodge_dissent
from reports.services.documents import composed_copy, prepare_document, release_document
from tests.reports.story import NOW
from tests.reports.test_guest_papers import browser, text
from tests.stories import once_per_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after")]

QUOTED, SAID, ANSWER = "MARKER-QUOTED", "MARKER-SAID", "MARKER-ANSWER"
MARKERS = (QUOTED, SAID, ANSWER)


@once_per_module(at=NOW)
def sent(story: SimpleNamespace) -> SimpleNamespace:
    """Send the minutes to the mother and the tutor."""
    story.document = prepare_document(
        conference=story.conference, kind=DocumentKind.MINUTES, by=story.coordinator, now=NOW
    )
    release_document(document=story.document, by=story.chair, now=NOW)
    story.copies = {
        name: record_copy(
            document=story.document, recipient=getattr(story.of, name), channel=Channel.BY_HAND,
            channel_confirmed="In person", sent_at=NOW, by=story.coordinator, now=NOW,
        )
        for name in ("hazel", "tutor")
    }  # fmt: skip
    return story


def comment(made: SimpleNamespace, **changes: object) -> MinutesComment:
    fields = {
        "conference": made.conference, "participant": made.of.hazel, "received_on": NOW.date(), "quoted": QUOTED,
        "text": SAID, "by": made.coordinator, "now": NOW, **changes,
    }  # fmt: skip
    return record_comment(**fields)  # type: ignore[arg-type]


def settled(made: SimpleNamespace, printed_for: str, *children: object, **changes: object) -> MinutesComment:
    return settle_comment(
        comment=comment(made, **changes), outcome=CommentOutcome.KEPT_BESIDE, because=ANSWER, by=made.chair, now=NOW,
        printed_for=printed_for, children=children,  # type: ignore[arg-type]
    )  # fmt: skip


def printed(made: SimpleNamespace) -> set[str]:
    """Return whose minutes hold any of the markers; whose hold one hold all."""
    found = set()
    for name in ("hazel", "dale", "martin", "tutor", "teacher", "police", "worker"):
        copy = composed_copy(made.document, getattr(made.of, name).pk, now=NOW)
        held = repr(vars(copy))
        here = [mark for mark in MARKERS if mark in held]
        if here:
            assert here == [mark for mark in MARKERS if mark in (QUOTED, SAID, ANSWER)], name
            found.add(name)
    return found


def kinds_for(user: User) -> set[str]:
    """Return the kinds of what waits for this user."""
    return {row[1] for row in to_decide(user)}


def test_a_guest_says_on_their_page_what_is_wrong_and_reads_the_answer_there(sent: SimpleNamespace) -> None:
    client = browser(sent, "hazel")
    page = reverse("guest_papers:minutes-wrong", args=[sent.copies["hazel"].pk])
    assert page in text(client.get(reverse("guest_papers:read-copy", args=[sent.copies["hazel"].pk])))
    assert "Say which words are wrong" in text(client.post(page, {"text": SAID}))
    assert client.post(page, {"quoted": QUOTED, "text": SAID}).status_code == 302
    row = MinutesComment.objects.get()
    assert (row.participant, row.recorded_by, row.guest_session_id is None) == (sent.of.hazel, None, False)
    told = {notice.user for notice in Notice.objects.filter(key=f"minutes-comment:{row.pk}")}
    assert told == {sent.chair, sent.coordinator}
    for user in (sent.chair, sent.coordinator):
        assert "minutes-comment" in kinds_for(user)
    assert "The answer will stand here" in text(client.get(page))
    before = Message.objects.count()
    settle_comment(
        comment=row, outcome=CommentOutcome.KEPT_BESIDE, because=ANSWER, by=sent.chair, now=NOW, printed_for="own"
    )
    shown = text(client.get(page))
    assert [mark in shown for mark in MARKERS] == [True, True, True]
    message = Message.objects.order_by("pk").last()
    assert (Message.objects.count(), message.to_email) == (before + 1, sent.of.hazel.email)
    assert not any(mark in f"{message.subject}{message.body}" for mark in MARKERS)
    assert "minutes-comment" not in kinds_for(sent.chair)


def test_a_guest_opens_no_page_of_another_ones_copy(sent: SimpleNamespace) -> None:
    client = browser(sent, "hazel")
    others = reverse("guest_papers:minutes-wrong", args=[sent.copies["tutor"].pk])
    assert client.get(others).status_code == client.post(others, {"quoted": "a", "text": "b"}).status_code == 404
    assert not MinutesComment.objects.exists()


def test_what_only_its_author_reads_is_printed_for_nobody_else(sent: SimpleNamespace) -> None:
    settled(sent, PrintedFor.OWN)
    assert printed(sent) == {"hazel"}


def test_what_professionals_read_reaches_no_one_else_in_the_family(sent: SimpleNamespace) -> None:
    settled(sent, PrintedFor.PROFESSIONALS, sent.robin_row)
    # The teacher comes for Wren alone.
    assert printed(sent) == {"hazel", "tutor", "police", "worker"}


def test_what_everyone_reads_reaches_those_about_whose_child_it_is(sent: SimpleNamespace) -> None:
    settled(sent, PrintedFor.EVERYONE, sent.robin_row)
    assert printed(sent) == {"hazel", "dale", "tutor", "police", "worker"}


def test_what_names_anothers_child_is_not_printed_for_that_parent(sent: SimpleNamespace) -> None:
    settled(sent, PrintedFor.EVERYONE, sent.robin_row, text=f"{SAID} Wren was there.")
    assert printed(sent) == {"hazel", "tutor", "police", "worker"}


def test_a_dissent_and_its_answer_are_printed(sent: SimpleNamespace) -> None:
    dissent = lodge_dissent(
        conference=sent.conference, participant=sent.of.teacher, children=[sent.wren_row], text=f"{QUOTED} {SAID}",
        lodged_at=NOW, by=sent.coordinator, now=NOW,
    )  # fmt: skip
    assert printed(sent) == set()
    answer_dissent(dissent=dissent, answer=ANSWER, by=sent.chair, now=NOW, printed_for=PrintedFor.EVERYONE)
    assert printed(sent) == {"hazel", "martin", "teacher", "police", "worker"}


def test_a_parent_says_on_their_page_that_they_do_not_agree(sent: SimpleNamespace) -> None:
    client, page = browser(sent, "dale"), reverse("guest_papers:not-agree")
    shown = text(client.get(page))
    assert ("Robin" in shown, "Wren" in shown) == (True, False)
    assert client.post(page, {"children": [sent.robin_row.pk], "text": SAID}).status_code == 302
    dissent = LodgedDissent.objects.get()
    assert (dissent.participant, list(dissent.children.all())) == (sent.of.dale, [sent.robin_row])
    assert "dissent" in kinds_for(sent.chair)
    assert "dissent" not in kinds_for(sent.coordinator)
    answer_dissent(dissent=dissent, answer=ANSWER, by=sent.chair, now=NOW, printed_for="professionals")
    assert ANSWER in text(client.get(page))
    assert client.post(page, {"children": [sent.wren_row.pk], "text": "b"}).status_code == 200
    assert LodgedDissent.objects.count() == 1


def test_an_answer_says_nothing_that_is_hidden_from_its_reader(sent: SimpleNamespace) -> None:
    with pytest.raises(ValidationError) as refused:
        settle_comment(
            comment=comment(sent), outcome=CommentOutcome.KEPT_BESIDE, because=ANSWER, by=sent.chair, now=NOW,
            printed_for="",
        )  # fmt: skip
    assert list(refused.value.message_dict) == ["printed_for"]
    with pytest.raises(ValidationError) as refused:
        settled(sent, PrintedFor.PROFESSIONALS)
    assert list(refused.value.message_dict) == ["children"]


def test_an_accepted_comment_waits_for_new_minutes_that_say_what_changed(sent: SimpleNamespace) -> None:
    later = NOW + datetime.timedelta(hours=1)
    settle_comment(comment=comment(sent), outcome=CommentOutcome.ACCEPTED, because="Right", by=sent.chair, now=later)
    assert "comment-accepted" in kinds_for(sent.coordinator)
    prepare = reverse("reports:prepare-minutes", args=[sent.conference.pk])
    client = Client()
    client.force_login(sent.coordinator)
    assert "A comment on the minutes was right" in text(client.get(prepare))
    BoardEntry.objects.filter(text__startswith="Robin called").update(text="Robin rang for help while Wren hid.")
    prepare_document(
        conference=sent.conference,
        kind=DocumentKind.MINUTES,
        by=sent.coordinator,
        because="A comment",
        now=later + datetime.timedelta(hours=1),
    )
    assert "comment-accepted" not in kinds_for(sent.coordinator)
