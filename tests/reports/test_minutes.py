from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.utils import InternalError, ProgrammingError
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from conferences.enums import ConferenceStatus, ParticipantStatus, Presence
from conferences.models import Attendance, Conference, Participant, Sitting
from reports.enums import DocumentKind, DocumentState
from reports.models import Document
from reports.pdf import html_of
from reports.services.documents import composed_copy, prepare_document, release_document
from reports.services.laying_out import stamp_of
from tests.factories import StandInFactory, user_with_role
from tests.reports.story import NOW, say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after")]

DAY = datetime.timedelta(days=1)
LETTER, MINUTES = DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES


def prepare(story: SimpleNamespace, kind: str = MINUTES, **fields: object) -> Document:
    return prepare_document(conference=story.conference, kind=kind, by=story.coordinator, now=NOW, **fields)


def release(story: SimpleNamespace, document: Document, **fields: object) -> Document:
    return release_document(document=document, by=story.chair, now=NOW, **fields)


def keep_dale_out(story: SimpleNamespace) -> None:
    Participant.objects.filter(pk=story.of.dale.pk).update(status=ParticipantStatus.KEPT_OUT)
    Attendance.objects.filter(participant=story.of.dale).update(presence=Presence.ABSENT, arrived_at=None)


# Services


def test_documents_cannot_be_prepared_before_the_meeting_is_closed(story: SimpleNamespace) -> None:
    Conference.objects.filter(pk=story.conference.pk).update(status=ConferenceStatus.OPEN)
    with pytest.raises(ValidationError, match="The meeting is not closed yet"):
        prepare(story)


def test_preparing_unchanged_content_again_returns_the_same_version(story: SimpleNamespace) -> None:
    assert prepare(story) == prepare(story)


def test_a_changed_conference_makes_a_new_version_with_a_reason(story: SimpleNamespace) -> None:
    old = prepare(story)
    say(story, "Robin slept well.", story.robin_row)
    with pytest.raises(ValidationError) as refusal:
        prepare(story)
    assert refusal.value.message_dict == {"because": ["Say why a new version is needed."]}
    new = prepare(story, because="A note was missing")
    old.refresh_from_db()
    assert (new.number, old.state, old.superseded_by, old.superseded_because) == (
        2, DocumentState.SUPERSEDED, story.coordinator, "A note was missing",
    )  # fmt: skip


def test_a_released_version_is_replaced_only_with_a_reason(story: SimpleNamespace) -> None:
    release(story, prepare(story))
    with pytest.raises(ValidationError, match="Say why a new version is needed"):
        prepare(story)


def test_the_content_of_a_version_never_changes(story: SimpleNamespace) -> None:
    document = prepare(story)
    with pytest.raises((IntegrityError, InternalError, ProgrammingError)):
        Document.objects.filter(pk=document.pk).update(content={})


def test_minutes_that_would_reveal_a_hidden_place_are_refused(story: SimpleNamespace) -> None:
    say(story, "They live at 7 Quince Orchard now.", story.wren_row)
    with pytest.raises(ValidationError) as refusal:
        prepare(story)
    assert refusal.value.message_dict == {
        "leave_out": ["A copy would show something marked confidential: Board entry under ‘Current risks’."]
    }
    assert not Document.objects.exists()


def test_the_coordinator_may_leave_the_entry_out_of_those_copies(story: SimpleNamespace) -> None:
    entry = say(story, "They live at 7 Quince Orchard now.", story.wren_row)
    document = prepare(story, leave_out=True)
    left_out = document.content["left_out"]
    assert [row["entry"] for row in left_out] == [f"board:{entry.pk}"]
    assert story.of.martin.pk in left_out[0]["recipients"]
    assert story.of.hazel.pk not in left_out[0]["recipients"]
    father = composed_copy(document, story.of.martin.pk, now=NOW)
    assert entry.text not in [line.text for group in father.board for line in group.lines]


def test_a_note_naming_no_child_may_be_withheld_from_a_parent_of_one(story: SimpleNamespace) -> None:
    entry = say(story, "He was in hospital again.")
    document = prepare(story, not_about_all=[f"board:{entry.pk}"])
    father = composed_copy(document, story.of.martin.pk, now=NOW)
    mother = composed_copy(document, story.of.hazel.pk, now=NOW)
    lines = [[line.text for group in copy.board for line in group.lines] for copy in (father, mother)]
    assert [entry.text in found for found in lines] == [False, True]


def test_only_the_conferences_chair_releases(story: SimpleNamespace) -> None:
    document = prepare(story, LETTER)
    for user in (story.coordinator, story.worker, story.manager):
        with pytest.raises(ValidationError, match="Only the chair of this conference can release it"):
            release_document(document=document, by=user, now=NOW)
    released = release(story, document)
    assert (released.state, released.released_by, released.released_at) == (
        DocumentState.RELEASED, story.chair, NOW,
    )  # fmt: skip
    assert release(story, document) == released


def another_chair(story: SimpleNamespace, **fields: object) -> User:
    return user_with_role(Role.CHAIR, authority=story.authority, name="Erin Martlet", **fields)


def stands_in(story: SimpleNamespace, user: User) -> None:
    StandInFactory(conference=story.conference, user=user, starts_on=NOW.date())


def test_the_chair_of_a_resumed_sitting_releases_the_letter(story: SimpleNamespace, client: Client) -> None:
    resumed = another_chair(story)
    Sitting.objects.filter(pk=story.sitting.pk).update(chair=resumed)
    document = prepare(story, LETTER)
    client.force_login(resumed)
    address = reverse("reports:release", args=[story.conference.pk, document.pk])
    record = client.get(reverse("reports:minutes", args=[story.conference.pk])).content.decode()
    assert f'href="{address}"' in record
    assert client.post(address).status_code == 302
    document.refresh_from_db()
    assert (document.state, document.released_by, document.standing_in_for) == (
        DocumentState.RELEASED, resumed, None,
    )  # fmt: skip


def test_a_stand_in_releases_and_the_paper_shows_it(story: SimpleNamespace, client: Client) -> None:
    other = another_chair(story)
    stands_in(story, other)
    client.force_login(other)
    for kind, page in ((LETTER, "reports:release"), (MINUTES, "reports:sign-off")):
        document = prepare(story, kind)
        assert client.post(reverse(page, args=[story.conference.pk, document.pk])).status_code == 302
        document.refresh_from_db()
        assert (document.released_by, document.standing_in_for) == (other, story.chair)
        paper = html_of(composed_copy(document, story.of.hazel.pk, now=NOW), stamp_of(document))
        paper = " ".join(paper.split())
        assert "by Erin Martlet, standing in for the chair Tomasz Kestrel, on 22 December 2026" in paper
    record = client.get(reverse("reports:minutes", args=[story.conference.pk])).content.decode()
    assert "By Erin Martlet, standing in for the chair Tomasz Kestrel, " in " ".join(record.split())


def test_after_the_last_day_a_stand_in_cannot_open_or_release_anything(story: SimpleNamespace, client: Client) -> None:
    other = another_chair(story)
    StandInFactory(conference=story.conference, user=other, starts_on=NOW.date() - 3 * DAY, ends_on=NOW.date())
    document = prepare(story, LETTER)
    client.force_login(other)
    release_page = reverse("reports:release", args=[story.conference.pk, document.pk])
    for address in (release_page, reverse("reports:minutes", args=[story.conference.pk])):
        assert client.get(address).status_code == 404
    with pytest.raises(ValidationError, match="Only the chair of this conference can release it"):
        release_document(document=document, by=other, now=NOW)


def test_a_replaced_version_cannot_be_released(story: SimpleNamespace) -> None:
    old = prepare(story)
    say(story, "Robin slept well.", story.robin_row)
    prepare(story, because="A note was missing")
    with pytest.raises(ValidationError, match="There is already a newer version"):
        release(story, old)


def test_the_chair_settles_what_a_person_kept_out_gets(story: SimpleNamespace) -> None:
    keep_dale_out(story)
    document = prepare(story, LETTER)
    with pytest.raises(ValidationError) as refusal:
        release(story, document, settled=[story.of.olive.pk])
    assert refusal.value.message_dict == {"settled": ["Choose people the chair decides about here."]}
    released = release(story, document, settled=[story.of.dale.pk])
    assert composed_copy(released, story.of.dale.pk, now=NOW).reader.name == "Dale Ashdown"


def test_a_person_kept_out_gets_nothing_the_chair_did_not_settle(story: SimpleNamespace) -> None:
    keep_dale_out(story)
    released = release(story, prepare(story, LETTER))
    with pytest.raises(ValidationError, match="the chair decides what they get"):
        composed_copy(released, story.of.dale.pk, now=NOW)


def test_a_later_confidentiality_mark_stops_the_copy(story: SimpleNamespace) -> None:
    released = release(story, prepare(story))
    assert composed_copy(released, story.of.martin.pk, now=NOW).number == 3
    story.gp.involvements.update(confidential=True)
    with pytest.raises(ValidationError) as refusal:
        composed_copy(released, story.of.martin.pk, now=NOW)
    assert refusal.value.messages == [
        "This copy would show something marked confidential: details of Wren. Prepare a new version.",
        "This copy would show something marked confidential: who took part. Prepare a new version.",
    ]


def test_a_death_stops_every_copy(story: SimpleNamespace) -> None:
    released = release(story, prepare(story, LETTER))
    story.wren.person.death_date = NOW.date()
    story.wren.person.save()
    for name in ("hazel", "martin", "police"):
        with pytest.raises(ValidationError, match="Nothing can go out until a manager has looked at it"):
            composed_copy(released, getattr(story.of, name).pk, now=NOW)


def test_no_copy_goes_to_a_person_whose_record_is_sealed(story: SimpleNamespace) -> None:
    released = release(story, prepare(story, LETTER))
    story.martin.sealed_at, story.martin.sealed_because = NOW, "Witness protection"
    story.martin.save()
    with pytest.raises(ValidationError, match="Nothing goes to them"):
        composed_copy(released, story.of.martin.pk, now=NOW)


# Pages


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(story: SimpleNamespace, name: str, *more: int) -> str:
    return reverse(f"reports:{name}", args=[story.conference.pk, *more])


def test_the_coordinator_prepares_and_the_chair_releases_the_letter(story: SimpleNamespace) -> None:
    coordinator, chair = signed_in(story.coordinator), signed_in(story.chair)
    assert coordinator.post(url(story, "prepare-decisions-letter")).url == url(story, "minutes")
    document = Document.objects.get()
    assert "Waiting for the chair" in coordinator.get(url(story, "minutes")).content.decode()
    page = chair.get(url(story, "release", document.pk))
    assert "Wren has been frightened at home again and again." in page.content.decode()
    assert chair.post(url(story, "release", document.pk)).url == url(story, "minutes")
    document.refresh_from_db()
    assert (document.kind, document.state) == (LETTER, DocumentState.RELEASED)


def test_the_chair_signs_the_minutes_off(story: SimpleNamespace) -> None:
    signed_in(story.coordinator).post(url(story, "prepare-minutes"))
    document = Document.objects.get()
    page = signed_in(story.chair).get(url(story, "sign-off", document.pk))
    assert "Hazel takes medicine for low mood." in page.content.decode()
    answer = signed_in(story.chair).post(url(story, "sign-off", document.pk), {"settled": [story.of.robin.pk]})
    assert answer.status_code == 302
    assert list(Document.objects.get().settled_for.all()) == [story.of.robin]


def test_a_letter_has_no_page_for_signing_off(story: SimpleNamespace) -> None:
    letter = prepare(story, LETTER)
    assert signed_in(story.chair).get(url(story, "sign-off", letter.pk)).status_code == 404


def test_the_page_names_the_entry_that_must_be_changed(story: SimpleNamespace) -> None:
    say(story, "They live at 7 Quince Orchard now.", story.wren_row)
    client = signed_in(story.coordinator)
    page = client.get(url(story, "prepare-minutes"))
    assert page.context["found"] == [
        "A copy would show something marked confidential: Board entry under ‘Current risks’."
    ]
    refused = client.post(url(story, "prepare-minutes"))
    assert list(refused.context["form"].errors) == ["leave_out"]
    assert client.post(url(story, "prepare-minutes"), {"leave_out": "on"}).status_code == 302


def test_the_page_says_who_gets_a_copy_and_who_does_not(story: SimpleNamespace) -> None:
    page = signed_in(story.coordinator).get(url(story, "prepare-minutes"))
    assert page.context["due"] == [
        "Hazel Brambley", "Dale Ashdown", "Martin Alder", "Amara Finch", "Callum Reed", "Shazia Wing",
        "Ngozi Larkin", "Sioned Teal", "Beth Siskin",
    ]  # fmt: skip
    assert [name for name, _ in page.context["not_due"]] == ["Robin Brambley", "Anil Dunnock", "Olive Brambley"]


def test_the_page_for_a_new_version_asks_for_a_reason(story: SimpleNamespace) -> None:
    client = signed_in(story.coordinator)
    client.post(url(story, "prepare-decisions-letter"))
    say(story, "Robin slept well.", story.robin_row)
    empty = client.post(url(story, "prepare-decisions-letter"), {"because": ""})
    assert empty.context["form"].errors == {"because": ["Say why a new version is needed"]}
    client.post(url(story, "prepare-decisions-letter"), {"because": "A note was missing"})
    assert [row.number for row in Document.objects.order_by("number")] == [1, 2]


def test_there_is_nothing_to_prepare_before_closing(ahead: SimpleNamespace) -> None:
    client = signed_in(ahead.coordinator)
    assert "There are no papers to send yet" in client.get(url(ahead, "minutes")).content.decode()
    assert client.get(url(ahead, "prepare-decisions-letter")).url == url(ahead, "minutes")
