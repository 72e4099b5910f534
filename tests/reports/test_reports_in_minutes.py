"""Minutes say what each agency reported: in short by whoever writes, never cut, or whole where that is the council's way."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.services.guards import EditedMeanwhile
from reports.content import content_of
from reports.copies import Composed, compose
from reports.enums import DocumentKind, SharingManner, SharingOutcome
from reports.models import Document, Report, ReportSection, Sharing
from reports.selectors.wording import PaperOf, authors_at_length, reports_at_length, worded
from reports.services.documents import composed_copy, prepare_document
from reports.services.wording import put_in_short
from tests.factories import AuthorityFactory, policy_in_force, procedures_with
from tests.reports.story import BEFORE, HIDDEN_SCHOOL, NOW, conference_of, tell
from tests.reports.test_what_papers_say import words_of
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

MINUTES = DocumentKind.MINUTES
LONG = "Robin was seen at the surgery. " * 30
IN_SHORT = "Robin’s asthma is worse in winter, and he came late twice."
PRIVATE = "Hazel has asked for help with her sleep."


def written(story: SimpleNamespace, name: str, *paragraphs: tuple[str, str, dict]) -> Report:
    """Write a report that was in before the meeting."""
    author, is_social = getattr(story.of, name), name == "worker"
    report = Report.objects.create(
        conference=story.conference, author=author, kind="social_work" if is_social else "agency", state="submitted",
        why_held="The children were hurt" if is_social else "", begun_by=story.coordinator, begun_at=BEFORE,
        submitted_by=story.coordinator, submitted_at=BEFORE,
    )  # fmt: skip
    for position, (heading, text, more) in enumerate(paragraphs):
        marks = {name: more.pop(name, ()) for name in ("children", "private_to")}
        row = ReportSection.objects.create(
            report=report, heading=heading, position=position, text=text.strip(), **{"nature": "fact", **more}
        )
        for mark, rows in marks.items():
            getattr(row, mark).set(rows)
    return report


def shared(story: SimpleNamespace, report: Report, person, outcome: str = SharingOutcome.SHARED) -> None:
    more = {"agreed_by": story.chair, "reason": "Police evidence"} if outcome != SharingOutcome.SHARED else {}
    Sharing.objects.create(
        report=report, person=person, outcome=outcome, manner=SharingManner.TALKED_THROUGH, shared_at=BEFORE,
        recorded_at=BEFORE, recorded_by=story.coordinator, **more,
    )  # fmt: skip


@once_per_module()
def short() -> SimpleNamespace:
    """A tutor who wrote a report with something in short, and a GP whose report has nothing in short."""
    story = tell()
    story.tutors = written(
        story, "tutor", ("current-risks", LONG, {}), ("in-short", IN_SHORT, {"children": [story.robin_row]})
    )
    story.gps = written(
        story, "gp",
        ("current-risks", LONG, {"children": [story.robin_row]}),
        ("current-strengths", PRIVATE, {"private_to": [story.hazel], "children": [story.robin_row, story.wren_row]}),
    )  # fmt: skip
    shared(story, story.tutors, story.dale)
    shared(story, story.gps, story.dale)
    return story


def content(story: SimpleNamespace) -> dict:
    return content_of(conference_of(story), now=NOW)


def copy_for(story: SimpleNamespace, name: str) -> Composed:
    return compose(content(story), getattr(story.of, name).pk, MINUTES)


def said_by(copy: Composed, author: str) -> list[str]:
    return [
        text for row in copy.reports_said if row.author.startswith(author) for part in row.parts for text in part.texts
    ]


def paper(story: SimpleNamespace) -> PaperOf:
    return PaperOf(conference_of(story), MINUTES)


def keys(report: Report) -> list[str]:
    return [f"report-section:{row.pk}:text" for row in report.sections.order_by("pk")]


def shorten(story: SimpleNamespace, texts: dict[str, str], *, version: int = 0) -> None:
    put_in_short(
        paper=paper(story), content=content(story), report=story.gps.pk, by=story.coordinator, now=NOW,
        texts={entry: (text, version) for entry, text in texts.items()},
    )  # fmt: skip


def test_what_an_author_said_in_short_stands_in_place_of_the_report(short: SimpleNamespace) -> None:
    assert said_by(copy_for(short, "police"), "Shazia Wing") == [IN_SHORT]
    assert said_by(copy_for(short, "dale"), "Shazia Wing") == [IN_SHORT]
    assert "What each agency reported, in short" in words_of(copy_for(short, "dale"))


def test_a_report_without_anything_in_short_is_never_cut(short: SimpleNamespace) -> None:
    assert said_by(copy_for(short, "police"), "Anil Dunnock") == [LONG.strip(), PRIVATE]
    assert authors_at_length(content(short)) == ["Anil Dunnock"]


def test_each_paragraph_put_in_short_goes_to_its_own_readers(short: SimpleNamespace) -> None:
    risks, private = keys(short.gps)
    shorten(short, {risks: "He has asthma.", private: "She asked for help."})
    mended = worded(content(short), paper(short))
    assert said_by(compose(mended, short.of.police.pk, MINUTES), "Anil Dunnock") == [
        "He has asthma.",
        "She asked for help.",
    ]
    assert said_by(compose(mended, short.of.dale.pk, MINUTES), "Anil Dunnock") == ["He has asthma."]
    assert authors_at_length(mended) == []


def test_an_emptied_paragraph_stays_out_and_the_chair_sees_what_it_said(short: SimpleNamespace) -> None:
    risks, private = keys(short.gps)
    shorten(short, {risks: "He has asthma.", private: ""})
    document = prepare_document(conference=short.conference, kind=MINUTES, by=short.coordinator, now=NOW)
    found = composed_copy(Document.objects.get(pk=document.pk), short.of.police.pk, now=NOW)
    assert said_by(found, "Anil Dunnock") == ["He has asthma."]
    assert [(row["text"], row["recorded"]) for row in document.content["edited"]] == [
        ("He has asthma.", LONG.strip()), ("", PRIVATE),
    ]  # fmt: skip


def test_all_of_a_report_cannot_be_emptied_and_its_own_words_take_the_mended_ones_back(short: SimpleNamespace) -> None:
    risks, private = keys(short.gps)
    with pytest.raises(ValidationError, match="Nothing of this report would be left"):
        shorten(short, {risks: " ", private: ""})
    shorten(short, {risks: LONG, private: ""})
    shorten(short, {risks: LONG, private: PRIVATE}, version=1)
    assert [row.is_short for row in reports_at_length(content(short), paper(short))] == [False]


def test_of_two_who_put_a_report_in_short_the_second_is_told(short: SimpleNamespace) -> None:
    risks, _ = keys(short.gps)
    shorten(short, {risks: "He has asthma."})
    with pytest.raises(EditedMeanwhile):
        shorten(short, {risks: "He coughs."})


def test_a_report_that_is_in_short_is_not_put_in_short_again(short: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="not one whose wording may be changed"):
        put_in_short(
            paper=paper(short), content=content(short), report=short.tutors.pk, texts={}, by=short.coordinator, now=NOW
        )


def test_the_coordinator_does_it_on_one_page(client, short: SimpleNamespace) -> None:
    client.force_login(short.coordinator)
    prepare = reverse("reports:prepare-minutes", args=[short.conference.pk])
    assert "1 report has nothing in short" in " ".join(client.get(prepare).content.decode().split())
    page = reverse("reports:put-in-short", args=[short.conference.pk, "minutes", short.gps.pk])
    assert page in client.get(reverse("reports:wording", args=[short.conference.pk, "minutes"])).content.decode()
    risks, private = (key.split(":")[1] for key in keys(short.gps))
    client.post(
        page, {f"text{risks}": "He has asthma.", f"version{risks}": 0, f"text{private}": "", f"version{private}": 0}
    )
    assert "nothing in short" not in client.get(prepare).content.decode()
    answer = client.post(
        page, {f"text{risks}": "Mine", f"version{risks}": 0, f"text{private}": "", f"version{private}": 1}
    )
    assert "It now says “He has asthma.”" in answer.content.decode()
    assert (
        client.get(reverse("reports:put-in-short", args=[short.conference.pk, "minutes", short.tutors.pk])).status_code
        == 404
    )


# A council whose minutes are a bundle


@once_per_module()
def bundle() -> SimpleNamespace:
    """The same family where the minutes hold the reports whole, as in the City of London."""
    story = tell()
    story.conference.policy_version_id = policy_in_force(AuthorityFactory(), preset="city-of-london").pk
    story.conference.save(update_fields=["policy_version_id"])
    story.tutors = written(story, "tutor", ("worried-about", LONG, {}), ("in-short", IN_SHORT, {}))
    story.socials = written(
        story, "worker",
        ("worried-about", "Robin worries.", {"nature": "opinion", "evidence": "Six visits", "children": [story.robin_row]}),
        ("worried-about", f"Wren is safe at {HIDDEN_SCHOOL}.", {"children": [story.wren_row]}),
        ("worried-about", PRIVATE, {"private_to": [story.hazel]}),
        ("assessment-analysis", "All three carry it.", {}),
    )  # fmt: skip
    for person in (story.hazel, story.dale, story.martin):
        shared(story, story.socials, person)
    shared(story, story.tutors, story.dale)
    return story


@pytest.mark.value("reports-in-minutes")
@pytest.mark.parametrize("how", ["whole", "in short"])
def test_whether_the_minutes_are_a_bundle_is_for_the_council(bundle: SimpleNamespace, how: str) -> None:
    procedures = procedures_with(AuthorityFactory(), since=BEFORE.date(), values={"reports-in-minutes": how})
    bundle.conference.policy_version_id = procedures.pk
    bundle.conference.save(update_fields=["policy_version_id"])
    assert {row.is_whole for row in copy_for(bundle, "dale").reports_said} == {how == "whole"}


def test_a_bundle_holds_each_report_whole_the_social_workers_first(bundle: SimpleNamespace) -> None:
    found = copy_for(bundle, "hazel").reports_said
    assert [(row.author.split(",")[0], row.is_whole) for row in found] == [("Amara Finch", True)]
    assert [row.author.split(",")[0] for row in copy_for(bundle, "dale").reports_said] == ["Amara Finch", "Shazia Wing"]
    said = words_of(copy_for(bundle, "dale"))
    assert "The reports Amara Finch" in said
    assert "Robin worries. An opinion, based on: Six visits" in said
    assert IN_SHORT not in said


def test_each_reader_of_a_bundle_has_their_own_version(bundle: SimpleNamespace) -> None:
    mothers, fathers, other = (said_by(copy_for(bundle, name), "Amara Finch") for name in ("hazel", "dale", "martin"))
    assert mothers[-2:] == [PRIVATE, "All three carry it."]
    assert fathers == ["Robin worries.\nAn opinion, based on: Six visits", "All three carry it."]
    assert other == ["All three carry it."]
    assert PRIVATE not in said_by(copy_for(bundle, "police"), "Amara Finch")


def test_a_report_kept_back_from_someone_stays_out_of_every_copy_but_its_authors(bundle: SimpleNamespace) -> None:
    shared(bundle, bundle.tutors, bundle.martin, SharingOutcome.NOT_TO_BE_SHARED)
    assert said_by(copy_for(bundle, "police"), "Shazia Wing") == []
    assert said_by(copy_for(bundle, "tutor"), "Shazia Wing") == [LONG.strip()]
