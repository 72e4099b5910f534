from __future__ import annotations

import datetime
import io
from types import SimpleNamespace

import pikepdf
import pypdfium2
import pytest
from django.urls import reverse

from accounts.enums import ReadKind
from accounts.models import AccessEvent
from conferences.models import ExclusionRequest
from families.models import Address, WhereaboutsReveal
from reports.enums import Channel, DocumentKind, PackState
from reports.models import Copy, Document, Envelope, PrintPack
from reports.services.documents import prepare_document, release_document
from reports.services.print_packs import MOVED, NotReadyError, give_out_pack, make_pack, record_gone, take_out
from reports.uploads import storing
from tests.layout import laid_out
from tests.reports.story import HIDDEN_STREET, NOW
from tests.reports.test_circulation import send, sending, signed_in, tell_addresses, url
from tests.stories import once_per_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after", "kept_files"), pytest.mark.lays_out]

LATER = NOW + datetime.timedelta(hours=2)


@once_per_module(at=NOW)
def posted(story: SimpleNamespace) -> SimpleNamespace:
    """The letter in a pack: for the mother and one father by post, for the other father by hand."""
    tell_addresses(story)
    document = prepare_document(
        conference=story.conference, kind=DocumentKind.DECISIONS_LETTER, by=story.coordinator, now=NOW
    )
    document = release_document(document=document, by=story.chair, now=NOW)
    wanted = [
        sending(document, story.of.hazel, Channel.POST),
        sending(document, story.of.martin, Channel.POST),
        sending(document, story.of.dale, Channel.BY_HAND),
    ]
    return SimpleNamespace(story=story, letter=document, pack=send(story, document, *wanted).pack)


@pytest.fixture
def made(posted: SimpleNamespace) -> SimpleNamespace:
    with laid_out():
        assert make_pack(posted.pack.pk, now=NOW)
    posted.pack.refresh_from_db()
    posted.of = {row.recipient: row for row in posted.pack.envelopes.all()}
    return posted


def pages_of(file: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(file)]


def test_each_page_says_whose_it_is_and_one_persons_pages_tell_nothing_of_another(made: SimpleNamespace) -> None:
    story = made.story
    file = give_out_pack(made.pack, by=story.coordinator, now=NOW)
    pages = pages_of(file)
    assert len(pages) == sum(row.pages for row in made.of.values())
    begin = 0
    foreign = {
        story.of.hazel: ("Dale Ashdown", "Martin Alder", "3 Rowan Close", "EM2 2AA"),
        story.of.martin: ("Dale Ashdown", HIDDEN_STREET, "hazel@home.example"),
        story.of.dale: ("Martin Alder", "3 Rowan Close", HIDDEN_STREET, "hazel@home.example"),
    }
    for envelope in made.pack.envelopes.all():
        own, name = pages[begin : begin + envelope.pages], envelope.name
        # On both sides of a sheet there is the same person.
        assert envelope.pages % 2 == 0
        for number, page in enumerate(own, start=1):
            assert f"For {name}, mark {envelope.mark}, page {number} of {envelope.pages}" in page.replace("\r\n", " ")
            assert (f"Last page: {envelope.last_mark}" in page) == (number == envelope.pages)
            markers = [marker for marker in foreign[envelope.recipient] if marker in page]
            assert markers == []
            others = [row.mark for row in made.of.values() if row != envelope]
            assert not [mark for mark in others if mark in page]
        begin += envelope.pages
    hazels = pages[0]
    assert HIDDEN_STREET in hazels
    assert "PO Box 41" in hazels
    assert WhereaboutsReveal.objects.filter(user=story.coordinator, family=story.family).exists()


def test_the_address_alone_stands_in_the_window(made: SimpleNamespace) -> None:
    """A DL window shows 20 to 110 mm from the left, and 46 to 81 mm from the top of a sheet folded in three."""
    file = give_out_pack(made.pack, by=made.story.coordinator, now=NOW)
    with pikepdf.open(io.BytesIO(file)) as pdf:
        assert {tuple(round(float(side)) for side in page.mediabox) for page in pdf.pages} == {(0, 0, 595, 842)}
    point, sheet = 72 / 25.4, pypdfium2.PdfDocument(file)[0]
    height = sheet.get_height()
    # As much as slips into view: 4 mm to each side, and 11 mm upwards and downwards.
    seen = sheet.get_textpage().get_text_bounded(
        left=16 * point, right=114 * point, top=height - 35 * point, bottom=height - 92 * point
    )
    assert seen.split("\r\n") == ["Hazel Brambley", HIDDEN_STREET, "Eastmere", "EM4 7QX"] or seen.split("\r\n") == [
        "Hazel Brambley", HIDDEN_STREET, "EM4 7QX",
    ]  # fmt: skip


def test_the_same_pack_gives_the_same_bytes_and_is_kept_encrypted(made: SimpleNamespace) -> None:
    file = give_out_pack(made.pack, by=made.story.coordinator, now=NOW)
    kept = storing.get(made.pack.stored_as)
    assert b"%PDF" not in kept
    PrintPack.objects.update(state=PackState.WAITING, sha256="", take_after=NOW)
    assert make_pack(made.pack.pk, now=NOW)
    made.pack.refresh_from_db()
    assert give_out_pack(made.pack, by=made.story.coordinator, now=NOW) == file


def test_pages_that_were_mixed_are_noticed_and_what_went_is_recorded_once(made: SimpleNamespace) -> None:
    story = made.story
    hazels, martins = made.of[story.of.hazel], made.of[story.of.martin]
    marks = {hazels.pk: martins.last_mark, martins.pk: martins.last_mark.lower()}
    gone = record_gone(pack=made.pack, marks=marks, at=LATER, by=story.coordinator, now=LATER)
    assert list(gone.refused) == [hazels.pk]
    assert "not the mark on the last page for Hazel Brambley" in gone.refused[hazels.pk][0]
    (copy,) = gone.copies
    assert (copy.recipient, copy.channel, copy.sent_at, copy.sent_to) == (
        story.of.martin, Channel.POST, LATER, "3 Rowan Close, EM2 2AA",
    )  # fmt: skip
    again = record_gone(pack=made.pack, marks=marks, at=LATER, by=story.coordinator, now=LATER)
    assert (again.copies, Copy.objects.count()) == ([], 1)
    record_gone(pack=made.pack, marks={hazels.pk: hazels.last_mark}, at=LATER, by=story.coordinator, now=LATER)
    assert "confidential" in Copy.objects.get(recipient=story.of.hazel).sent_to.lower()
    take_out(envelope=made.of[story.of.dale], because="He asked for it by post", now=LATER)
    made.pack.refresh_from_db()
    assert made.pack.state == PackState.RETIRED


def test_who_may_have_nothing_now_leaves_the_pack_before_it_is_printed(made: SimpleNamespace) -> None:
    story = made.story
    ExclusionRequest.objects.create(
        conference=story.conference, participant=story.of.dale, ground="asked", reason="Threats today",
        asked_by=story.worker, asked_at=NOW,
    )  # fmt: skip
    Address.objects.filter(residences__person=story.martin).update(lines="5 Rowan Close")
    with pytest.raises(NotReadyError, match="being made again without their pages"):
        give_out_pack(made.pack, by=story.coordinator, now=LATER)
    stopped = {row.recipient: row.stopped_because for row in Envelope.objects.filter(stopped_at__isnull=False)}
    assert stopped == {
        story.of.dale: "The chair has not yet decided about this person. Nothing goes to them until then.",
        story.of.martin: MOVED,
    }
    made.pack.refresh_from_db()
    assert make_pack(made.pack.pk, now=LATER)
    made.pack.refresh_from_db()
    assert not [page for page in pages_of(give_out_pack(made.pack, by=story.coordinator, now=LATER)) if "Dale" in page]


def test_whose_right_ends_after_printing_is_not_recorded_as_sent(made: SimpleNamespace) -> None:
    story, envelope = made.story, made.of[made.story.of.martin]
    story.wren.person.death_date = NOW.date()
    story.wren.person.save()
    marks = {envelope.pk: envelope.last_mark}
    gone = record_gone(pack=made.pack, marks=marks, at=LATER, by=story.coordinator, now=LATER)
    envelope.refresh_from_db()
    assert (gone.copies, envelope.waits, "a child has died" in envelope.stopped_because) == ([], False, True)


def test_the_pages_are_given_out_by_pages_and_each_download_is_logged(made: SimpleNamespace) -> None:
    story, client = made.story, signed_in(made.story.coordinator)
    file = client.get(url(story, made.letter, "print-pack-file", made.pack.pk))
    assert file["Content-Disposition"] == f'attachment; filename="EC26-0031-pack-{made.pack.pk}.pdf"'
    envelopes = client.get(url(story, made.letter, "envelopes-file", made.pack.pk))
    assert len(pypdfium2.PdfDocument(envelopes.content)) == 2
    assert AccessEvent.objects.filter(kind=ReadKind.PDF, user=story.coordinator).count() == 2
    page = url(story, made.letter, "print-pack", made.pack.pk)
    envelope = made.of[story.of.dale]
    data = {f"{envelope.pk}-mark": "QQQ", "at_on": "2026-12-22", "at_time": "14:00"}
    assert "not the mark on the last page" in client.post(page, data).content.decode()
    data[f"{envelope.pk}-mark"] = envelope.last_mark
    answer = client.post(page, data)
    assert answer.status_code == 302, answer.context["form"].errors
    assert [copy.recipient for copy in Copy.objects.all()] == [story.of.dale]
    taken = url(story, made.letter, "take-envelope-out", made.pack.pk, made.of[story.of.martin].pk)
    assert client.post(taken, {"because": "Spoilt"}).status_code == 302
    assert "Spoilt" in client.get(page).content.decode()
    assert signed_in(story.worker).get(page).status_code == 404
    assert (
        reverse("reports:circulation", args=[story.conference.pk, made.letter.pk]) in client.get(page).content.decode()
    )


def test_nobody_opens_the_pack_of_another_version(made: SimpleNamespace) -> None:
    other = Document.objects.exclude(pk=made.letter.pk).first() or prepare_document(
        conference=made.story.conference, kind=DocumentKind.MINUTES, by=made.story.coordinator, now=NOW
    )
    client = signed_in(made.story.coordinator)
    assert client.get(url(made.story, other, "print-pack-file", made.pack.pk)).status_code == 404
