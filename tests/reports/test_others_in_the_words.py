"""A child whom the meeting is not about: withdrawn from it, or a sister in the family who was never on its list.

Nobody but those who may read about her is told what a text says about her, by whatever road the text goes.
"""

from __future__ import annotations

from types import SimpleNamespace

import pgtrigger
import pytest
from django.urls import reverse

from conferences.models import Decision
from conferences.selectors.children import children_in
from conferences.selectors.readers import who_reads_each
from conferences.services.guards import family_ids_of
from deadlines.services import reconcile
from families.enums import RelationshipKind
from reports.content import content_of
from reports.copies import compose
from reports.enums import DocumentKind
from reports.models import Document, Report
from reports.selectors.proofs import proofs_of
from reports.selectors.versions import version_for
from reports.services.documents import composed_copy, prepare_document
from reports.services.reports import begin_report, save_section, submit_report
from reports.services.sharing import due_for
from tests.factories import ChildFactory, PersonFactory, RelationshipFactory
from tests.reports.story import BEFORE, NOW, conference_of, say
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

ABOUT_ALL = "He cooks for everyone."
# One text for each way of naming a child: in words, by the box ticked, and by whom the author knows.
OF_WREN = "Wren told her teacher what happened."
TICKED = "She sleeps badly."
OF_ASH = "Ash has said the same before."


def with_a_sister(story: SimpleNamespace) -> None:
    """Give the family a daughter of Hazel and Martin who is not in the conference, and withdraw Wren from it."""
    ash = PersonFactory(authority=story.authority, given_name="Ash", family_name="Brambley")
    story.ash = ChildFactory(authority=story.authority, family=story.family, person=ash)
    for person, kind in ((story.hazel, RelationshipKind.MOTHER), (story.martin, RelationshipKind.FATHER)):
        RelationshipFactory(child=story.ash, person=person, kind=kind)
    row = story.wren_row
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = BEFORE, story.chair, "Lives with her father."
    row.save()


@once_per_module(at=BEFORE)
def report(ahead: SimpleNamespace) -> Report:
    """The social worker's report on Robin, Wren and the baby, written before Wren was withdrawn."""
    draft = begin_report(author=ahead.of.worker, by=ahead.worker, now=BEFORE)
    for text, children in ((ABOUT_ALL, ()), (OF_WREN, ()), (TICKED, (ahead.wren_row,)), (OF_ASH, ())):
        save_section(
            report=draft, by=ahead.worker, now=BEFORE, heading="current-risks", text=text, nature="fact",
            children=children,
        )  # fmt: skip
    done = submit_report(report=draft, by=ahead.worker, now=BEFORE, why_held="Ash spoke to a friend.")
    with_a_sister(ahead)
    reconcile(family_ids=family_ids_of(ahead.conference), now=BEFORE)
    return done


def heard(report: Report, person) -> list[str]:
    due = due_for(report, person.pk)
    version = version_for(report, due, list(children_in(report.conference)), on=BEFORE.date())
    return [*(section.text for section in version.sections), version.why_held]


def test_a_report_reads_nothing_of_her_to_another_childs_father(ahead, report):
    assert heard(report, ahead.dale) == [ABOUT_ALL, ""]


def test_a_child_recorded_with_a_middle_name_is_found_by_the_first(ahead, report):
    for child, recorded in ((ahead.ash, "Ash Rosemary"), (ahead.wren, "Wren-Louise May")):
        child.person.given_name = recorded
        child.person.save()
    assert heard(report, ahead.dale) == [ABOUT_ALL, ""]


def test_a_report_reads_everything_to_her_mother(ahead, report):
    assert heard(report, ahead.hazel) == [ABOUT_ALL, OF_WREN, TICKED, OF_ASH, "Ash spoke to a friend."]


@once_per_module(at=NOW)
def minutes(story: SimpleNamespace) -> dict:
    """What the papers are composed from, with Wren withdrawn before the meeting and Ash never in it."""
    with_a_sister(story)
    for text in (ABOUT_ALL, OF_WREN, OF_ASH):
        say(story, text)
    say(story, TICKED, story.wren_row)
    say(story, "They walk to school together.", story.robin_row, story.wren_row)
    return content_of(conference_of(story), now=NOW)


def board(content: dict, participant) -> set[str]:
    copy = compose(content, participant.pk, DocumentKind.MINUTES)
    return {line.text for group in copy.board for line in group.lines}


def test_the_minutes_tell_nothing_of_her_to_another_childs_father(story, minutes):
    told = board(minutes, story.of.dale)
    assert ABOUT_ALL in told
    assert not told & {OF_WREN, TICKED, OF_ASH, "They walk to school together."}


def test_the_minutes_tell_everything_to_her_mother(story, minutes):
    assert board(minutes, story.of.hazel) >= {ABOUT_ALL, OF_WREN, TICKED, OF_ASH, "They walk to school together."}


def test_minutes_frozen_before_this_was_known_keep_a_withdrawn_childs_name_from_everybody(story, minutes):
    older = {key: value for key, value in minutes.items() if key != "outside"}
    assert not board(older, story.of.hazel) & {OF_WREN}
    assert ABOUT_ALL in board(older, story.of.hazel)


# What is found in the words


@once_per_module(at=NOW)
def with_a_slip(story: SimpleNamespace) -> SimpleNamespace:
    """The conference, after whose decision for Robin the chair's reasons name Wren, who is Martin's."""
    write_reasons(story, "Robin looks after Wren. Martin drinks.")
    return story


def write_reasons(story: SimpleNamespace, text: str) -> None:
    with pgtrigger.ignore("conferences.Decision:unalterable"):
        Decision.objects.filter(pk=story.robin_decision.pk).update(rationale=text)


def rationale(document: Document, participant) -> str:
    copy = composed_copy(document, participant.pk, now=NOW)
    return next(child.decision.rationale for child in copy.children if child.short_name == "Robin")


def prepare_letter(story: SimpleNamespace, **fields: object) -> Document:
    return prepare_document(
        conference=story.conference, kind=DocumentKind.DECISIONS_LETTER, by=story.coordinator, now=NOW, **fields
    )


def test_a_reason_that_names_anothers_child_is_kept_back_from_that_reader_until_decided(with_a_slip):
    document = prepare_letter(with_a_slip)
    told = [rationale(document, getattr(with_a_slip.of, name)) for name in ("dale", "hazel", "tutor")]
    assert told == ["", "Robin looks after Wren. Martin drinks.", "Robin looks after Wren. Martin drinks."]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Robin looks after WB. M.A. drinks.", ["W.B.", "M.A."]),
        ("RB looks after W.B.", ["W.B."]),
        ("WBs bed is wet, says M Alder", ["W.B.", "Martin Alder"]),
        ("Robin was hurt by MA’s belt", ["M.A."]),
        ("RB, H.B. and DA are well, Ma said; a web, the WBC", []),
    ],
)
def test_initials_that_point_to_someone_who_is_not_the_readers_are_found_too(with_a_slip, text, names):
    write_reasons(with_a_slip, text)
    content = content_of(conference_of(with_a_slip), now=NOW)
    found = proofs_of(content, DocumentKind.DECISIONS_LETTER).strangers
    entry = found.get(f"rationale:{with_a_slip.robin_row.pk}")
    assert sorted(entry.names if entry else ()) == sorted(names)


def test_initials_that_others_bear_or_that_are_words_point_to_nobody(with_a_slip):
    with_a_slip.martin.given_name, with_a_slip.martin.family_name = "Gareth", "Pipit"
    with_a_slip.martin.save()
    with_a_slip.wren.person.given_name = "Rosie"
    with_a_slip.wren.person.save()
    write_reasons(with_a_slip, "RB saw the GP")
    content = content_of(conference_of(with_a_slip), now=NOW)
    assert not proofs_of(content, DocumentKind.DECISIONS_LETTER).strangers


def test_the_father_of_a_withdrawn_child_is_no_stranger_to_her_mother(with_a_slip):
    with_a_sister(with_a_slip)
    content = content_of(conference_of(with_a_slip), now=NOW)
    found = proofs_of(content, DocumentKind.DECISIONS_LETTER).strangers[f"rationale:{with_a_slip.robin_row.pk}"]
    assert (found.recipients, [*found.names]) == ({with_a_slip.of.dale.pk}, ["Wren", "Martin Alder"])


def test_it_goes_out_as_it_stands_where_the_one_who_prepares_says_so(with_a_slip):
    entry = f"rationale:{with_a_slip.robin_row.pk}"
    document = prepare_letter(with_a_slip, may_be_read=[entry])
    assert rationale(document, with_a_slip.of.dale) == "Robin looks after Wren. Martin drinks."
    assert [row["entry"] for row in document.content["may_be_read"]] == [entry]


def test_the_page_marks_what_was_found_and_asks_again_only_after_a_change(with_a_slip, client):
    client.force_login(with_a_slip.coordinator)
    address = reverse("reports:prepare-decisions-letter", args=[with_a_slip.conference.pk])
    page = client.get(address).content.decode()
    assert "Robin looks after <mark>Wren</mark>. <mark>Martin</mark> drinks." in page
    assert "Names Wren and Martin Alder. Copies for Dale Ashdown" in page
    entry = f"rationale:{with_a_slip.robin_row.pk}"
    client.post(address, {"may_be_read": [entry]})
    assert client.get(address).context["form"].initial["may_be_read"] == [entry]
    write_reasons(with_a_slip, "Wren told us.")
    assert client.get(address).context["form"].initial["may_be_read"] == []


def test_the_forms_say_who_in_the_family_will_read_it(ahead, client):
    people = list(ahead.conference.participants.select_related("person").order_by("pk"))
    said = who_reads_each([ahead.robin_row], people, on=BEFORE.date())[ahead.robin_row.pk].in_words
    assert said == "Hazel Brambley and Dale Ashdown will read this. Martin Alder will not."
    begin_report(author=ahead.of.worker, by=ahead.worker, now=BEFORE)
    client.force_login(ahead.worker)
    page = client.get(reverse("reports:write-report", args=[ahead.conference.pk, ahead.of.worker.pk]))
    assert said in page.content.decode()
