"""A child's letter says what the child was told, and nothing of what the meeting knows beside."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.childs_words import HIGHEST_GRADE
from conferences.enums import Band
from conferences.services.understanding import set_understanding
from deadlines.models import Deadline
from deadlines.services import reconcile
from deadlines.to_decide import described, to_decide
from families.models import Child
from my_views.enums import Given, Help, Kind, Way
from my_views.models import Answer, HandIn, MyViewsForm
from reports.content.childs_letter import content_of_letter
from reports.copies import compose
from reports.enums import DocumentKind, DocumentState, HandedOver, LetterPart, ToldState
from reports.models import ChildTold, Copy, Document
from reports.pdf import Stamp, html_of
from reports.selectors.childs_letters import letters_to_children, tellable, told_to
from reports.selectors.guest_papers import copies_for
from reports.services.childs_letters import Said, prepare_letter, record_handover, record_told, release_letter
from reports.services.documents import composed_copy, prepare_document, release_document
from tests.factories import procedures_with
from tests.reading_age import grade_of, paragraphs_of_page
from tests.reports.story import HIDDEN_SCHOOL, HIDDEN_STREET, NOW, conference_of, say, tell
from tests.reports.test_reading_age_of_papers import NAMES
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

KEPT, OPEN = "The belt hangs behind the door.", "I want to stay with Mum."
STAMP = Stamp(number=1, prepared_at=NOW, released_at=NOW, released_by="Tomasz Kestrel")
HOW = {"how": HandedOver.READ_TOGETHER, "where": "Harbour Academy", "by_whom": "Amara Finch"}
HANDED = {
    "handed_at": NOW,
    "handed_how": HandedOver.READ_TOGETHER,
    "handed_by": "Amara Finch",
    "handed_where": "Harbour Academy",
    "how_it_went": "Robin asked who will come.",
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def story():
    made = tell()
    form = MyViewsForm.objects.create(
        conference=made.conference, person=made.robin.person, questions="young-person", begun_at=NOW, number=1
    )
    handed = HandIn.objects.create(
        form=form, number=1, questions="young-person", way=Way.OWN_PAGE, help=Help.ALONE, recorded_at=NOW,
        recorded_by=made.worker,
    )  # fmt: skip
    for place, (text, only) in enumerate(((OPEN, False), (KEPT, True))):
        answer = Answer.objects.create(
            hand_in=handed, position=place, question=f"q{place}", asked="What do you want?", kind=Kind.WORDS,
            given=Given.ANSWERED, text=text, only_for_chair=only,
        )  # fmt: skip
        setattr(made, "kept" if only else "open", answer)
    return made


@pytest.fixture
def row(story):
    found = story.robin_row
    found.conference = conference_of(story)
    return found


def told(story, row, words="We made a plan to keep you safe.", *, more="", standing=0, **changes):
    said = {f"decision:{row.pk}": Said(ToldState.TOLD, words), f"said:{story.open.pk}": Said(ToldState.TOLD, "")}
    if more:
        said["more"] = Said(ToldState.TOLD, more)
    facts = {"told_by": "Amara Finch", "told_on": NOW.date(), "said": said, **changes}
    return record_told(row=row, by=story.worker, now=NOW, standing=standing, **facts)


def out(story, row, **changes):
    told(story, row, **changes)
    document = prepare_letter(row=row, by=story.worker, now=NOW)
    return release_letter(document=document, by=story.chair, now=NOW, **HOW)


def letter_in(document, story):
    return html_of(composed_copy(document, story.robin.person_id, now=NOW), STAMP)


def waits_for(user):
    found = {key for _, key, *_ in to_decide(user) if key.startswith("childs-letter")}
    assert len([one for one in described(to_decide(user)) if "letter to a child" in one.title]) == len(found)
    return found


def test_what_can_be_told_is_what_the_child_may_read_and_did_not_keep(story, row):
    say(story, "I hide when they shout.", row, speaker=story.of.robin)
    found = tellable(row, now=NOW)
    recorded = " ".join(one.recorded for one in found)
    assert [one.recorded for one in found if one.part == LetterPart.SAID] == [OPEN, "I hide when they shout."]
    for text in (KEPT, "Dale lost his job", "low mood", "group for mothers", "Read with Wren"):
        assert text not in recorded
    assert "Take Robin to the asthma clinic" in recorded


def test_the_letter_says_what_was_told_and_nothing_else(story, row):
    document = out(story, row)
    page = letter_in(document, story)
    for text in (OPEN, "We made a plan to keep you safe.", "Amara Finch is your social worker", "01632 960 101"):
        assert text in page
    rationale = "Robin carries a grown-up"
    for text in (KEPT, rationale, "asthma", "Emotional", "Dale", "Martin", HIDDEN_STREET, HIDDEN_SCHOOL, "March"):
        assert text not in page
    assert KEPT not in str(document.content)


def test_nothing_goes_before_the_child_was_told_or_as_it_is_recorded_otherwise(story, row):
    with pytest.raises(ValidationError, match="Nobody has recorded yet what the child was told"):
        prepare_letter(row=row, by=story.worker, now=NOW)
    document = out(story, row)
    story.robin_decision.outcome = "cin_plan"
    type(story.robin_decision).objects.filter(pk=story.robin_decision.pk).update(superseded_by=story.wren_decision)
    with pytest.raises(ValidationError, match="has not been told it"):
        composed_copy(document, story.robin.person_id, now=NOW)


def test_what_the_child_took_back_stops_the_letter(story, row):
    document = out(story, row)
    HandIn.objects.update(withdrawn_at=NOW)
    with pytest.raises(ValidationError, match="what the child said"):
        composed_copy(document, story.robin.person_id, now=NOW)


def test_no_letter_tells_an_adult_at_home_where_somebody_is(story, row):
    """Dale sees Robin's letter at the weekend: where Hazel lives and Wren goes to school stays out of it."""
    for marker in (f"You live at {HIDDEN_STREET} now.", f"Ask at {HIDDEN_SCHOOL}."):
        standing = told_to(row)
        told(story, row, more=marker, standing=standing.pk if standing else 0)
        with pytest.raises(ValidationError, match="marked confidential"):
            prepare_letter(row=row, by=story.worker, now=NOW)
    assert not Document.objects.filter(kind=DocumentKind.CHILDS_LETTER).exists()


def test_a_brother_or_sister_stays_out_unless_somebody_agrees(story, row):
    told(story, row, more="Wren will be there too.")
    document = prepare_letter(row=row, by=story.worker, now=NOW)
    assert "Wren" not in letter_in(document, story)
    again = prepare_letter(row=row, by=story.worker, now=NOW, because="May name Wren", may_be_read=["more"])
    assert "Wren will be there too." in letter_in(again, story)


def test_a_childs_letter_is_nobody_elses_and_the_old_one_is_gone(story, row):
    document = out(story, row)
    for name in ("hazel", "dale", "martin", "tutor", "worker"):
        with pytest.raises(ValidationError, match="for the child alone"):
            composed_copy(document, (getattr(story, name, None) and getattr(story, name).pk) or 0, now=NOW)
    for kind in (DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES):
        paper = prepare_document(conference=conference_of(story), kind=kind, by=story.coordinator, now=NOW)
        paper = release_document(document=paper, by=story.chair, now=NOW)
        with pytest.raises(ValidationError, match="letter of their own"):
            composed_copy(paper, story.of.robin.pk, now=NOW)
        for name in ("hazel", "dale", "martin"):
            page = html_of(composed_copy(paper, getattr(story.of, name).pk, now=NOW), STAMP)
            assert KEPT not in page
            assert OPEN not in page


def test_the_chair_releases_it_with_how_and_the_handing_over_is_kept(story, row):
    told(story, row)
    document = prepare_letter(row=row, by=story.worker, now=NOW)
    with pytest.raises(ValidationError, match="Only the chair"):
        release_letter(document=document, by=story.worker, now=NOW, **HOW)
    with pytest.raises(ValidationError, match="Say where"):
        release_letter(document=document, by=story.chair, now=NOW, **{**HOW, "where": " "})
    with pytest.raises(ValidationError, match="not released"):
        record_handover(document=document, by=story.worker, now=NOW, **HANDED)
    released = release_letter(document=document, by=story.chair, now=NOW, **HOW)
    assert release_letter(document=document, by=story.chair, now=NOW, **HOW) == released
    assert copies_for(story.of.robin) == []
    with pytest.raises(ValidationError, match="Say how it went"):
        record_handover(document=released, by=story.worker, now=NOW, **{**HANDED, "how_it_went": ""})
    handed = record_handover(document=released, by=story.worker, now=NOW, **HANDED)
    assert record_handover(document=released, by=story.worker, now=NOW, **HANDED) == handed
    assert [copy.document for copy in copies_for(story.of.robin)] == [released]
    assert Copy.objects.get().person_id == story.robin.person_id
    assert [copies_for(getattr(story.of, name)) for name in ("hazel", "dale", "martin")] == [[], [], []]


@pytest.mark.parametrize("band", Band.values)
def test_each_letter_is_as_easy_as_its_child_needs(story, row, band):
    set_understanding(child=row, band=band, because="Shown", by=story.worker, now=NOW)
    words = {one.entry: one.words for one in tellable(row, now=NOW)}
    told(story, row, words[f"decision:{row.pk}"])
    copy = compose(content_of_letter(row, told_to(row), now=NOW), story.robin.person_id, DocumentKind.CHILDS_LETTER)
    html = html_of(copy, STAMP).replace("<body", "<main", 1).replace("</body>", "</main>")
    assert grade_of(paragraphs_of_page(html), NAMES) <= HIGHEST_GRADE[band]


def test_pages_lead_from_the_talk_to_the_handing_over(story, row, client):
    def at(name, *args):
        return reverse(f"reports:{name}", args=[story.conference.pk, *(args or [row.pk])])

    client.force_login(story.worker)
    assert (
        "Letters to the children" in client.get(reverse("reports:minutes", args=[story.conference.pk])).content.decode()
    )
    entry = f"decision-{row.pk}"
    typed = {
        "told_by": "Amara Finch", "told_on_day": "22", "told_on_month": "12", "told_on_year": "2026", "standing": "0",
        "not_yet": "That Dale is charged.", f"state-{entry}": "told", f"words-{entry}": "",
    }  # fmt: skip
    page = client.post(at("tell-child"), typed).content.decode()
    assert "Write it as the child was told" in page
    assert "That Dale is charged." in page
    client.post(at("tell-child"), {**typed, f"words-{entry}": "You have a plan now."})
    assert ChildTold.objects.get().passages.get().words == "You have a plan now."
    page = client.get(at("prepare-childs-letter")).content.decode()
    assert "You have a plan now." in page
    assert "It holds nothing of the child’s own words." in page
    client.post(at("prepare-childs-letter"), {})
    document = Document.objects.get(kind=DocumentKind.CHILDS_LETTER)
    assert client.get(at("release-childs-letter", document.pk)).status_code == 404
    assert "That Dale is charged." in client.get(at("childs-letter")).content.decode()
    client.force_login(story.coordinator)
    page = client.get(at("childs-letter")).content.decode()
    assert "That Dale is charged." not in page
    assert "You have a plan now." not in page
    client.force_login(story.chair)
    assert "That Dale is charged." in client.get(at("release-childs-letter", document.pk)).content.decode()
    assert "childs-letter" in waits_for(story.chair)
    assert not waits_for(story.worker) & {"childs-letter", "childs-letter-handover"}
    client.post(at("release-childs-letter", document.pk), HOW)
    assert "childs-letter" not in waits_for(story.chair)
    assert "childs-letter-handover" in waits_for(story.worker)
    document.refresh_from_db()
    assert document.state == DocumentState.RELEASED
    client.force_login(story.worker)
    assert client.get(at("hand-over-childs-letter", document.pk)).status_code == 200
    stands = letters_to_children(conference_of(story), on=NOW.date())
    assert [(one.row.pk, one.document, one.is_handed_over) for one in stands] == [
        (row.pk, document, False), (story.wren_row.pk, None, False),
    ]  # fmt: skip
    client.force_login(story.coordinator)
    assert [client.get(at(name)).status_code for name in ("tell-child", "prepare-childs-letter")] == [404, 404]


def waits_to_be_told():
    return {
        Child.objects.get(pk=row.child_id).person.given_name: (row.due_on.isoformat(), row.met_at is not None)
        for row in Deadline.objects.filter(kind="child-told")
    }


@pytest.mark.value("child-told-from-age")
def test_a_child_is_told_by_a_limit_of_their_own_from_the_councils_age(story, row):
    since = datetime.date(2026, 1, 1)
    procedures_with(story.authority, since=since, values={"child-told-from-age": 8})
    reconcile(family_ids=[story.family.pk], now=NOW)
    assert set(waits_to_be_told()) == {"Robin"}
    procedures_with(story.authority, since=since, values={"child-told-from-age": 4})
    reconcile(family_ids=[story.family.pk], now=NOW)
    # Tuesday 22 December 2026, five working days on; the bank holidays do not count, and nobody tells the unborn.
    assert waits_to_be_told() == {"Robin": ("2026-12-31", False), "Wren": ("2026-12-31", False)}
    told(story, row)
    assert waits_to_be_told() == {"Robin": ("2026-12-31", True), "Wren": ("2026-12-31", False)}
