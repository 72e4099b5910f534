from __future__ import annotations

import datetime
import errno
import io
from dataclasses import replace
from itertools import count, groupby
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, storages
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from families.models import Person
from meetings.models import EntryMove, Score
from notifications.models import Notice
from records.disclosure.asking import Judged, officers_of
from records.disclosure.bundle import Bundle, bundle_pdf, context_of
from records.disclosure.pieces import pieces_of
from records.disclosure.services import (
    check_disclosure,
    decide_pieces,
    hand_over,
    make_bundles,
    start_disclosure,
    submit_disclosure,
    undecided,
    withdraw_disclosure,
)
from records.enums import DisclosureKind, DisclosureState
from records.models import Disclosure
from reports.models import StoredFile
from reports.uploads import storing
from tests.factories import DeadlineFactory, FamilyFactory, FamilyMemberFactory, NamedForFamilyFactory, user_with_role
from tests.log_lines import every_line
from tests.records.kept import passing_triggers
from tests.reports.story import HIDDEN_PHONE, HIDDEN_POSTCODE, HIDDEN_SCHOOL, HIDDEN_STREET, NOW, say
from tests.reports.test_pdf import text_of
from tests.reports.test_typed_text_fits import UNBROKEN, beyond_the_sheet, typed_everywhere
from tests.world import restrict

BLACK = "Left out"
LETTER = b"%PDF-1.4 the letter of a school"


@pytest.fixture
def world(told_world):
    told_world.first = user_with_role(Role.SERVICE_MANAGER, authority=told_world.authority, name="Petra Osprey")
    told_world.second = user_with_role(Role.SERVICE_MANAGER, authority=told_world.authority, name="Ian Merlin")
    with passing_triggers():
        StoredFile.objects.filter(pk=told_world.attachment.file_id).update(
            stored_as=storing.put(LETTER), original_name="Letter about Robin.pdf", scan="clean"
        )
    return told_world


def started(world, kind=DisclosureKind.SUBJECT_ACCESS, person=None, **fields):
    facts = {
        "recipient": "Robin Brambley",
        "asked_on": datetime.date(2026, 12, 1),
        "covers": "Everything held about Robin.",
        "identity": "Passport seen.",
        "asker": "themselves",
        "child_understands": "yes",
        "court_reference": "ZW26C00123" if kind == DisclosureKind.COURT else "",
        **fields,
    }
    return start_disclosure(
        family=world.family, person=person or world.robin.person, kind=kind, by=world.first, now=NOW, **facts
    )


def why(disclosure):
    """Return a reason for every answer, by the council's data protection officer."""
    return Judged(ground="third_party", because="They did not agree", officer=officers_of(disclosure, on=NOW.date())[0])


def decided(world, disclosure, *, give=()):
    pieces = {piece.key: piece for piece in pieces_of(disclosure)}
    answers = {key: key in give for key, piece in pieces.items() if piece.is_marked}
    decide_pieces(disclosure=disclosure, given=answers, pieces=pieces, by=world.first, now=NOW, judged=why(disclosure))
    return disclosure


def made(world, disclosure):
    submit_disclosure(disclosure=disclosure, now=NOW)
    check_disclosure(disclosure=disclosure, agrees=True, because="", by=world.second, now=NOW)
    assert make_bundles(now=NOW) == 1
    disclosure.refresh_from_db()
    return disclosure


def file_of(disclosure):
    return storing.get(disclosure.stored_as)


def test_a_decision_follows_the_views_in_the_bundle(world):
    sections = [piece.section for piece in pieces_of(started(world))]
    held = [title for title in dict.fromkeys(sections) if title in {"What was said", "Views", "Decisions"}]
    assert held == ["What was said", "Views", "Decisions"]


def test_a_court_gets_everything_including_confidential_parts_and_whereabouts(world):
    say(world, "Said in confidence about Martin.", world.robin_row, private_to=[world.martin])
    done = made(world, started(world, DisclosureKind.COURT, recipient="Family Court at Eastmere"))
    text = text_of(file_of(done))
    for words in (
        "Robin's asthma was treated in hospital twice.", "Said in confidence about Martin.", HIDDEN_STREET, "ZW26C00123",
        "Family Court at Eastmere", "Robin carries a grown-up's worry.", "Confidential whereabouts",
    ):  # fmt: skip
        assert words in text, words
    assert BLACK not in text
    assert done.pages == len(pikepdf.open(io.BytesIO(file_of(done))).pages)


def test_a_bundle_is_about_one_child_and_not_about_a_sibling(world):
    done = made(world, started(world, DisclosureKind.COURT))
    text = text_of(file_of(done))
    assert "Wren hides under the table when a voice is raised." not in text
    assert "Wren has been frightened at home again and again." not in text
    assert "Robin called for help while Wren hid." in text


def test_a_piece_only_about_a_sibling_is_not_in_the_bundle(world):
    assert EntryMove.objects.filter(family=world.family).update(from_child=world.baby, to_child=world.wren)
    of = {"family_id": world.family.pk, "authority_id": world.authority.pk}
    sibling, own, of_all = (
        DeadlineFactory(**of, child_id=child and child.pk, fact_id=10**9 + number)
        for number, child in enumerate((world.wren, world.robin, None))
    )
    keys = {piece.key for piece in pieces_of(started(world))}
    assert not any(key.startswith("meetings.entrymove:") for key in keys)
    assert {f"deadlines.deadline:{own.pk}", f"deadlines.deadline:{of_all.pk}"} <= keys
    assert f"deadlines.deadline:{sibling.pk}" not in keys


def test_a_time_limit_reads_in_words_and_is_no_event(world):
    of = {"family_id": world.family.pk, "authority_id": world.authority.pk, "child_id": world.robin.pk}
    limit = DeadlineFactory(**of, kind="first-review", fact_id=10**9)
    disclosure = started(world, DisclosureKind.COURT)
    pieces = pieces_of(disclosure)
    (own,) = (piece for piece in pieces if piece.key == f"deadlines.deadline:{limit.pk}")
    assert own.lines[0] == ("What has to be done", "Hold the first review conference")
    assert [label for label, _ in own.lines if label.endswith((" from", " key", " england"))] == []
    happened = {number for _, _, number in context_of(Bundle(disclosure, pieces, {}, NOW), note=print)["chronology"]}
    assert pieces.index(own) + 1 not in happened
    assert happened


def test_what_was_said_stands_under_its_heading_in_words(world):
    headings = {said for piece in pieces_of(started(world)) for label, said in piece.lines if label == "Heading"}
    assert "Current risks" in headings
    assert [heading for heading in headings if "-" in heading] == []


def test_pieces_about_third_parties_are_marked_with_their_names(world):
    marked = {piece.key: piece for piece in pieces_of(started(world)) if piece.is_marked}
    board = [piece for piece in marked.values() if piece.section == "What was said"]
    by_text = {said: piece for piece in board for _, said in piece.lines}
    assert by_text["Hazel takes medicine for low mood."].others == ("Hazel Brambley", "Wren Brambley")
    assert by_text["Dale lost his job."].others == ("Dale Ashdown",)
    assert by_text["Robin called for help while Wren hid."].others == ("Wren Brambley",)
    assert "Robin's asthma was treated in hospital twice." not in by_text
    assert any(piece.whereabouts for piece in marked.values())


@pytest.mark.lays_out
def test_omitted_pieces_are_not_in_the_file_at_all(world):
    done = made(world, decided(world, started(world)))
    file = file_of(done)
    text = text_of(file)
    assert "Robin's asthma was treated in hospital twice." in text
    for hidden in (
        "Dale lost his job.", "Wren hid", HIDDEN_STREET, HIDDEN_POSTCODE, HIDDEN_SCHOOL, HIDDEN_PHONE, "Hazel", "Martin",
    ):  # fmt: skip
        assert hidden not in text, hidden
    with pikepdf.open(io.BytesIO(file)) as pdf:
        streams = b"".join(
            obj.read_bytes() for obj in pdf.objects if isinstance(obj, pikepdf.Stream) and "/Subtype" not in obj
        )
    assert b"Dale" not in streams
    assert text.count(BLACK) == sum(piece.is_marked or piece.court_only for piece in pieces_of(done))


def test_a_bundle_without_room_leaves_nothing_and_keeps_no_other_waiting(world, monkeypatch):
    first, second = started(world), started(world, recipient="Robin's solicitor")
    for disclosure in (first, second):
        submit_disclosure(disclosure=decided(world, disclosure), now=NOW)
        check_disclosure(disclosure=disclosure, agrees=True, because="", by=world.second, now=NOW)
    folder, write = Path(storages["attachments"].location), FileSystemStorage._save
    kept = set(folder.rglob("*"))
    full = [OSError(errno.ENOSPC, "No space left on device")]

    def save(self, name, content):
        stored = write(self, name, content)
        if full:
            raise full.pop()
        return stored

    monkeypatch.setattr(FileSystemStorage, "_save", save)
    with every_line() as lines:
        assert make_bundles(now=NOW) == 1
    assert any("disk_full" in line for line in lines.lines)
    first.refresh_from_db()
    second.refresh_from_db()
    assert [row.state for row in (first, second)] == [DisclosureState.AGREED, DisclosureState.MADE]
    assert {one.name for one in set(folder.rglob("*")) - kept if one.is_file()} == {second.stored_as.hex}
    assert make_bundles(now=NOW + datetime.timedelta(hours=2)) == 1


def board_entry(disclosure, text):
    (piece,) = (
        one
        for one in pieces_of(disclosure)
        if one.section == "What was said" and text in [said for _, said in one.lines]
    )
    return piece


def test_a_marked_piece_is_disclosed_if_so_decided(world):
    disclosure = started(world)
    piece = board_entry(disclosure, "Dale lost his job.")
    done = made(world, decided(world, disclosure, give={piece.key}))
    assert "Dale lost his job." in text_of(file_of(done))


@pytest.mark.lays_out
def test_the_file_is_tagged_titled_and_says_page_and_recipient_on_each_page(world):
    file = file_of(made(world, decided(world, started(world))))
    with pikepdf.open(io.BytesIO(file)) as pdf:
        assert (pdf.Root.MarkInfo.Marked, str(pdf.Root.Lang)) == (True, "en-GB")
        assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()
        total = len(pdf.pages)
    text = text_of(file)
    for number in (1, 2, total):
        assert f"Page {number} of {total}" in text
    assert text.count("Confidential. For Robin Brambley") == total


@pytest.mark.lays_out
def test_nothing_typed_leaves_the_sheet(world):
    disclosure = started(world, kind=DisclosureKind.COURT, recipient=UNBROKEN)
    disclosure.authority.name = UNBROKEN[:120]
    pieces = [replace(piece, file=None) for piece in pieces_of(disclosure)]
    typed = typed_everywhere([next(group) for _, group in groupby(pieces, key=lambda piece: piece.section)], count())
    file = bundle_pdf(Bundle(disclosure=disclosure, pieces=typed, given={}, made_at=NOW))
    assert beyond_the_sheet(file) == []


def test_a_bundle_can_not_be_submitted_before_every_marked_piece_is_decided(world):
    disclosure = started(world)
    with pytest.raises(ValidationError, match="more before someone can check"):
        submit_disclosure(disclosure=disclosure, now=NOW)
    decided(world, disclosure)
    assert submit_disclosure(disclosure=disclosure, now=NOW).state == DisclosureState.WAITING
    assert submit_disclosure(disclosure=disclosure, now=NOW).submitted_at == NOW


def test_a_piece_that_changed_is_undecided_again(world):
    disclosure = decided(world, started(world))
    entry = world.conference.board.get(text="Dale lost his job.")
    entry.text = "Dale lost his job and his flat."
    entry.save()
    (again,) = undecided(disclosure, pieces_of(disclosure))
    assert again == board_entry(disclosure, "Dale lost his job and his flat.")


def test_something_new_after_the_check_sends_the_bundle_back(world):
    disclosure = decided(world, started(world))
    submit_disclosure(disclosure=disclosure, now=NOW)
    check_disclosure(disclosure=disclosure, agrees=True, because="", by=world.second, now=NOW)
    say(world, "Dale was arrested.", world.robin_row, private_to=[world.dale])
    assert make_bundles(now=NOW) == 0
    disclosure.refresh_from_db()
    assert (disclosure.state, disclosure.checked_by) == (DisclosureState.PREPARING, None)


def test_the_checker_can_not_have_prepared_or_decided(world):
    disclosure = decided(world, started(world))
    submit_disclosure(disclosure=disclosure, now=NOW)
    with pytest.raises(ValidationError, match="Someone who did not prepare it"):
        check_disclosure(disclosure=disclosure, agrees=True, because="", by=world.first, now=NOW)
    with pytest.raises(IntegrityError, match="disclosure_by_two"), transaction.atomic():
        Disclosure.objects.filter(pk=disclosure.pk).update(checked_by=world.first)


def test_the_checker_sends_it_back_with_what_to_change(world):
    disclosure = started(world, DisclosureKind.COURT)
    submit_disclosure(disclosure=disclosure, now=NOW)
    with pytest.raises(ValidationError, match="what has to change"):
        check_disclosure(disclosure=disclosure, agrees=False, because="", by=world.second, now=NOW)
    back = check_disclosure(disclosure=disclosure, agrees=False, because="Wrong court.", by=world.second, now=NOW)
    assert (back.state, back.sent_back_because) == (DisclosureState.PREPARING, "Wrong court.")


def test_checkers_are_told_of_it_and_the_preparer_of_the_outcome(world):
    disclosure = started(world, DisclosureKind.COURT)
    submit_disclosure(disclosure=disclosure, now=NOW)
    check_disclosure(disclosure=disclosure, agrees=False, because="Wrong court.", by=world.second, now=NOW)
    disclosure.refresh_from_db()
    made(world, disclosure)
    told = Notice.objects.filter(text__contains=disclosure.reference)
    checking = set(told.filter(key__startswith="bundle-to-check").values_list("user__name", flat=True))
    assert world.second.name in checking
    assert checking.isdisjoint({world.first.name, world.coordinator.name, world.chair.name})
    first = told.filter(user=world.first).order_by("pk").values_list("text", flat=True)
    assert list(first) == [
        f"The bundle {disclosure.reference} was sent back, with what has to change.",
        f"The bundle {disclosure.reference} is made and can be handed over.",
    ]


def test_users_are_not_told_of_a_bundle_whose_case_is_closed_to_them(world):
    disclosure = started(world, DisclosureKind.COURT)
    restrict(world)
    with pytest.raises(ValidationError, match="able to open every case"):
        submit_disclosure(disclosure=disclosure, now=NOW)
    assert not Notice.objects.filter(user=world.second, text__contains=disclosure.reference).exists()


def test_making_twice_creates_one_file(world):
    done = made(world, started(world, DisclosureKind.COURT))
    assert make_bundles(now=NOW) == 0
    again = Disclosure.objects.get(pk=done.pk)
    assert (again.stored_as, again.sha256) == (done.stored_as, done.sha256)


def test_handing_over_is_recorded_once_and_prevents_withdrawal(world):
    done = made(world, started(world, DisclosureKind.COURT))
    handed = {"handed_to": "Court office", "handed_how": "By hand", "handed_on": NOW.date(), "by": world.first}
    AccessEvent.objects.create(
        page="records:bundle-file", subject="Disclosure", subject_id=done.pk, kind=ReadKind.EXPORT, at=NOW
    )
    assert hand_over(disclosure=done, now=NOW, **handed).state == DisclosureState.HANDED_OVER
    assert hand_over(disclosure=done, now=NOW, **{**handed, "handed_to": "Other"}).handed_to == "Court office"
    with pytest.raises(ValidationError, match="handed over"):
        withdraw_disclosure(disclosure=done, because="Late", by=world.first, now=NOW)


def test_a_withdrawn_bundle_leaves_no_file(world, django_capture_on_commit_callbacks):
    done = made(world, started(world, DisclosureKind.COURT))
    name = done.stored_as
    with django_capture_on_commit_callbacks(execute=True):
        withdrawn = withdraw_disclosure(disclosure=done, because="The order was lifted.", by=world.first, now=NOW)
    assert withdrawn.stored_as is None
    assert storing.get(name) is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": DisclosureKind.COURT, "court_reference": " "}, None),
        ({"identity": ""}, None),
        ({"asked_on": datetime.date(2027, 1, 1)}, "asked_on"),
        ({"recipient": ""}, "recipient"),
    ],
)
def test_the_order_or_request_has_to_be_recorded(world, fields, field):
    with pytest.raises(ValidationError) as refused:
        started(world, **fields)
    assert field is None or field in refused.value.message_dict


def test_nothing_is_disclosed_about_outsiders_or_from_a_sealed_record(world):
    with pytest.raises(ValidationError, match="someone in this family"):
        started(world, person=Person.objects.get(user=world.worker))
    Person.objects.filter(pk=world.robin.person_id).update(sealed_at=NOW, sealed_because="Adoption")
    with pytest.raises(ValidationError, match="can't be given out here"):
        started(world, person=Person.objects.get(pk=world.robin.person_id))


@pytest.mark.parametrize(
    ("said", "others"),
    [
        ("Mr Ashdown was seen at the school.", ("Dale Ashdown",)),
        ("ASHDOWN's car stood there.", ("Dale Ashdown",)),
        ("Ms. Brambley takes medicine.", ("Hazel Brambley",)),
        ("Robin Brambley came alone.", ()),
        ("Nobody came.", ()),
    ],
)
def test_a_last_name_in_a_text_marks_it_too(world, said, others):
    entry = world.conference.board.get(text="Robin's asthma was treated in hospital twice.")
    type(entry).objects.filter(pk=entry.pk).update(text=said)
    assert board_entry(started(world), said).others == others


def test_pieces_about_a_danger_need_a_decision_before_the_dangerous_person_reads_them(world):
    disclosure = started(world, person=world.dale, recipient="Dale Ashdown", covers="Everything.")
    sections = {piece.section for piece in pieces_of(disclosure) if "Could harm someone" in piece.because}
    assert {"Contact risks", "Dangers to staff"} <= sections


def test_a_court_gets_the_files_too(world):
    with pikepdf.open(io.BytesIO(file_of(made(world, started(world, DisclosureKind.COURT))))) as pdf:
        attached = [pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments]
    assert LETTER in attached


def test_a_file_goes_to_a_person_only_after_a_decision(world):
    disclosure = started(world)
    files = [one for one in pieces_of(disclosure) if one.file]
    assert files
    assert all("A file: someone has to read it" in one.because for one in files)
    done = made(world, decided(world, disclosure))
    assert LETTER not in file_of(done)
    with pikepdf.open(io.BytesIO(file_of(done))) as pdf:
        assert len(pdf.attachments) == 0
    assert "Letter about Robin.pdf" not in text_of(file_of(done))


def test_a_bundle_with_a_missing_file_is_sent_back(world):
    storing.drop(StoredFile.objects.get(pk=world.attachment.file_id).stored_as)
    disclosure = started(world, DisclosureKind.COURT)
    submit_disclosure(disclosure=disclosure, now=NOW)
    check_disclosure(disclosure=disclosure, agrees=True, because="", by=world.second, now=NOW)
    assert make_bundles(now=NOW) == 0
    disclosure.refresh_from_db()
    assert disclosure.state == DisclosureState.PREPARING
    assert "is gone" in disclosure.sent_back_because


def test_a_bundle_never_reveals_a_case_closed_to_its_preparer(world, page):
    disclosure = started(world)
    other = FamilyFactory(authority=world.authority, name="Linden", restricted=True)
    FamilyMemberFactory(family=other, person=world.robin.person)
    with pytest.raises(ValidationError, match="can't be given out here"):
        started(world)
    assert page(world.first, "disclosure", disclosure.pk).status_code == 404
    assert "Robin Brambley" not in page(world.first, "start-disclosure", world.family.pk).content.decode()
    NamedForFamilyFactory(family=other, user=world.first)
    assert page(world.first, "disclosure", disclosure.pk).status_code == 200
    newest = AccessEvent.objects.order_by("pk").last()
    assert newest.family_ids == sorted([world.family.pk, other.pk])


def test_many_records_take_as_many_queries_as_few(world, django_assert_num_queries):
    disclosure = started(world)
    pieces_of(disclosure)
    with CaptureQueriesContext(connection) as few:
        number = len(pieces_of(disclosure))
    for place in range(20):
        say(world, f"Dale said {place}.", world.robin_row, private_to=[world.dale])
    with django_assert_num_queries(len(few)):
        assert len(pieces_of(disclosure)) == number + 20


def test_an_adult_gets_what_is_about_them(world):
    disclosure = started(world, person=world.dale, recipient="Dale Ashdown", covers="Everything about Dale.")
    piece = board_entry(disclosure, "Dale lost his job.")
    text = text_of(file_of(made(world, decided(world, disclosure, give={piece.key}))))
    assert "Dale lost his job." in text
    assert "Hazel takes medicine for low mood." not in text


# Pages


@pytest.fixture
def page(world, client):
    def page(user, name, *args, data=None):
        client.force_login(user)
        url = reverse(f"records:{name}", args=args)
        return client.get(url) if data is None else client.post(url, data)

    return page


def test_a_bundle_goes_from_the_order_to_the_handing_over(world, page, django_capture_on_commit_callbacks):
    form = {
        "person": world.robin.person_id, "kind": "court", "court_reference": "ZW26C00123", "recipient": "Family Court",
        "asked_on_day": "1", "asked_on_month": "12", "asked_on_year": "2026", "covers": "Everything",
        "form_key": "5b7f8f7e-1111-4222-8333-123456789012",
    }  # fmt: skip
    for _ in range(2):
        response = page(world.coordinator, "start-disclosure", world.family.pk, data=form)
        assert response.status_code == 302, response.context["form"].errors
    disclosure = Disclosure.objects.get(recipient="Family Court")
    page(world.coordinator, "submit-disclosure", disclosure.pk, data={})
    assert page(world.coordinator, "check-disclosure", disclosure.pk).status_code == 404
    assert "The court gets everything" in page(world.second, "check-disclosure", disclosure.pk).content.decode()
    assert page(world.second, "bundle-file", disclosure.pk).status_code == 404
    page(world.second, "check-disclosure", disclosure.pk, data={"answer": "agree"})
    make_bundles(now=NOW)
    response = page(world.second, "bundle-file", disclosure.pk)
    assert (response["Content-Type"], response["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert "Brambley" not in response["Content-Disposition"]
    event = AccessEvent.objects.filter(page="records:bundle-file", kind=ReadKind.EXPORT).latest("pk")
    assert (event.user, event.person_ids) == (world.second, [world.robin.person_id])
    handed = {
        "handed_to": "Court",
        "handed_how": "Portal",
        "handed_on_day": "22",
        "handed_on_month": "12",
        "handed_on_year": "2026",
    }
    page(world.second, "hand-over-bundle", disclosure.pk, data=handed)
    disclosure.refresh_from_db()
    assert disclosure.state == DisclosureState.HANDED_OVER
    assert page(world.second, "see-disclosures").status_code == 200


def test_pieces_are_decided_on_the_page_and_stale_answers_refused(world, page):
    disclosure = started(world)
    shown = page(world.first, "decide-pieces", disclosure.pk)
    form = shown.context["form"]
    data = {}
    for name in form.pieces:
        data |= {name: "leave_out", f"{name}-key": form[f"{name}-key"].value()}
    stale = page(world.first, "decide-pieces", disclosure.pk, data={**data, "piece-0-key": "families.person:1 old"})
    assert "The records have changed" in stale.content.decode()
    assert disclosure.decisions.count() == 0
    assert (
        "Choose the reason for these answers"
        in page(world.first, "decide-pieces", disclosure.pk, data=data).content.decode()
    )
    assert disclosure.decisions.count() == 0
    officer = officers_of(disclosure, on=NOW.date())[0]
    why = {"ground": "serious_harm", "because": "She is in hiding", "officer": officer.pk}
    asked = page(world.first, "decide-pieces", disclosure.pk, data={**data, **why})
    assert "Say who was consulted about the harm" in asked.content.decode()
    page(world.first, "decide-pieces", disclosure.pk, data={**data, **why, "consulted": "The health visitor agrees"})
    assert disclosure.decisions.count() == len(form.pieces)
    kept = disclosure.decisions.first()
    assert (kept.ground, kept.because, kept.consulted, kept.officer) == (
        "serious_harm", "She is in hiding", "The health visitor agrees", officer,
    )  # fmt: skip


def test_the_form_keeps_the_input_and_says_what_is_missing(world, page):
    response = page(world.first, "start-disclosure", world.family.pk, data={"kind": "court", "covers": "Some words"})
    form = response.context["form"]
    assert form["covers"].value() == "Some words"
    assert form.errors["court_reference"] == ["Enter the court case number"]


@pytest.mark.parametrize(
    "name", ["disclosure", "decide-pieces", "check-disclosure", "bundle-file", "withdraw-disclosure"]
)
def test_bundles_are_closed_to_everyone_else(world, page, name):
    disclosure = started(world)
    strangers = SimpleNamespace(
        worker=world.worker,
        chair=world.chair,
        elsewhere=user_with_role(Role.SERVICE_MANAGER),
        administrator=user_with_role(Role.ADMINISTRATOR, authority=world.authority),
        custodian=user_with_role(Role.CUSTODIAN, authority=world.authority),
    )
    for user in vars(strangers).values():
        assert page(user, name, disclosure.pk).status_code == 404


def test_a_score_that_nobody_was_shown_reaches_a_court_and_whoever_gave_it(world):
    row = Score.objects.filter(conference_child=world.robin_row, participant=world.of.hazel).get()
    with passing_triggers():
        Score.objects.filter(pk=row.pk).update(reason="MARKER-HIDDEN-SCORE")
    seen = started(world)
    assert "MARKER-HIDDEN-SCORE" in repr(pieces_of(seen))
    row.shown_in.clear()
    key = f"meetings.score:{row.pk}"
    for bundle, reads in (
        (seen, False),
        (started(world, person=world.dale), False),
        (started(world, person=world.hazel), True),
        (started(world, DisclosureKind.COURT), True),
    ):
        pieces = pieces_of(bundle)
        assert ("MARKER-HIDDEN-SCORE" in repr(pieces)) == reads, bundle.kind
        [piece] = [piece for piece in pieces if piece.key == key] or [None]
        assert piece is None or piece.court_only == (not reads)
        assert piece is None or ("Shown to anyone in the meeting", "No") in piece.lines or not reads
    assert "MARKER-HIDDEN-SCORE" not in repr(context_of(Bundle(seen, pieces_of(seen), {key: True}, NOW), note=int))


def test_what_is_private_to_a_professional_is_marked_too(world):
    worker = world.of.worker.person
    entry = say(world, "MARKER-PRIVATE", world.robin_row, private_to=[worker])
    [piece] = [one for one in pieces_of(started(world)) if one.key == f"meetings.boardentry:{entry.pk}"]
    assert (piece.is_marked, worker.full_name in piece.others) == (True, True)
