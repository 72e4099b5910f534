"""A letter from elsewhere is kept as it came, opened through the family's gatekeeper, and taken out with a reason."""

from __future__ import annotations

import datetime
from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from conferences.enums import ConferenceKind
from conferences.services.transfers import record_transfer_in
from families.enums import AgencyKind
from families.models import Person
from plans.models import Plan
from records.disclosure.pieces import pieces_of
from records.disclosure.services import start_disclosure
from reports.enums import Scan
from reports.models import StoredFile
from reports.services.files import scan_waiting_files
from reports.uploads import storing
from tests.case_events import CaseEvents, at
from tests.factories import AgencyFactory, AgencyInvolvementFactory, user_with_role
from tests.reports.conftest import kept_files  # noqa: F401 - a folder of its own for each test
from tests.reports.uploads import made
from tests.stories import once_per_module
from transfers.enums import LetterKind, OutState, Stay, WhoVisits
from transfers.models import CouncilLetter
from transfers.services.endings_there import end_plan_there
from transfers.services.letters import add_letter, take_out_letter
from transfers.services.transfers import Answer, answer_transfer, record_transfer_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_files")]

BEGAN = date(2026, 12, 22)
TODAY = date(2027, 3, 1)
NOW = at(TODAY)
PDF = made.pdf()
ACCEPTED = Answer(
    state=OutState.ACCEPTED, said="Their manager wrote", stay=Stay.FOR_GOOD, conference_on=date(2027, 2, 10),
    responsible_from=date(2027, 2, 12),
)  # fmt: skip


@once_per_module()
def life():
    return CaseEvents()


@once_per_module()
def away(life):
    """Two children with our plan who moved to Northmoor."""
    children = [life.child(), life.child()]
    life.closes(life.held(children, BEGAN))
    council = AgencyFactory(authority=life.authority, kind=AgencyKind.SOCIAL_CARE, name="Northmoor Council")
    life.council = council
    return record_transfer_out(
        family=life.family, children=children, agency=council, told_on=date(2027, 1, 11), moved_on=None,
        stay=Stay.FOR_GOOD, who_visits=WhoVisits.OURS, visits_agreed="Every ten days", by=life.worker, now=NOW,
    )  # fmt: skip


@once_per_module()
def here(life):
    child = life.child()
    (transfer,) = record_transfer_in(
        family=life.family, children=[child], notified_on=date(2026, 12, 7), from_authority="Northmoor",
        told_by="Their worker", plan_there="Neglect", by=life.worker, now=at(date(2026, 12, 7)),
    )  # fmt: skip
    return transfer


def kept(life, *matters, content=PDF, **changes):
    facts = {"name": "Letter.pdf", "from_whom": "Their manager", "dated_on": date(2027, 2, 12), **changes}
    return add_letter(matters=matters, content=content, by=life.worker, now=NOW, **facts)


def answered(life, away, rows, **changes):
    return answer_transfer(
        transfer=away, children=rows, answer=Answer(**{**ACCEPTED.__dict__, **changes}), version=away.version,
        by=life.worker, now=NOW,
    )  # fmt: skip


def fault(act, *args, **kwargs):
    with pytest.raises(ValidationError) as caught:
        act(*args, **kwargs)
    return set(caught.value.message_dict)


def test_one_letter_about_two_children_is_one_file_and_sent_twice_stays_one(life, away):
    rows = list(away.children.all())
    letters = kept(life, *rows)
    assert [(row.child, row.kind, row.moved) for row in letters] == [
        (row.child, LetterKind.ACCEPTANCE, row) for row in rows
    ]
    assert kept(life, *rows) == letters
    assert StoredFile.objects.count() == 1
    assert storing.get(letters[0].file.stored_as) == PDF


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"from_whom": " "}, "from_whom"),
        ({"dated_on": TODAY + datetime.timedelta(days=1)}, "dated_on"),
        ({"content": b"MZ not a letter"}, "file"),
        ({"content": PDF, "name": "Letter.docx"}, "file"),
        ({"content": b""}, "file"),
    ],
)
def test_what_is_refused_keeps_no_bytes(life, here, kept_files, wrong, field):  # noqa: F811
    assert fault(kept, life, here, **wrong) == {field}
    assert not CouncilLetter.objects.exists()
    assert not [path for path in kept_files.rglob("*") if path.is_file()]


def test_an_acceptance_needs_the_letter_uploaded_or_its_reference(life, away):
    first, second = away.children.all()
    assert fault(answered, life, away, [first]) == {"letter_kept"}
    kept(life, first)
    assert fault(answered, life, away, [first, second]) == {"letter_kept"}
    answered(life, away, [first])
    first.refresh_from_db()
    assert first.letter_kept == first.letters.get().reference
    away.refresh_from_db()
    answered(life, away, [second], letter_kept="By post, 27-0004")
    second.refresh_from_db()
    assert second.letter_kept == "By post, 27-0004"


def test_the_written_ending_of_a_plan_there_is_the_uploaded_letter_or_its_reference(life, here):
    conference = life.booked([here.child], BEGAN, kind=ConferenceKind.TRANSFER_IN)
    conference.children.update(transfer=here)
    life.decides(conference, here.child)
    life.closes(conference)
    facts = {"transfer": here, "ended_on": BEGAN, "by": life.worker, "now": NOW}
    assert fault(end_plan_there, letter_kept="", **facts) == {"letter_kept"}
    (letter,) = kept(life, here)
    assert end_plan_there(letter_kept="", **facts).ended_there_letter == letter.reference


def test_taken_out_with_a_reason_it_proves_nothing_any_more(life, here):
    (letter,) = kept(life, here)
    assert fault(take_out_letter, letter=letter, because=" ", by=life.worker, now=NOW) == {"because"}
    take_out_letter(letter=letter, because="Another child's", by=life.worker, now=NOW)
    again = take_out_letter(letter=letter, because="Once more", by=life.worker, now=NOW)
    assert again.withdrawn_because == "Another child's"
    assert fault(end_plan_there, transfer=here, ended_on=date(2027, 2, 1), letter_kept="", by=life.worker, now=NOW) == {
        "letter_kept"
    }


# The pages


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False):
        yield


def url(life, name, *args):
    return reverse(f"transfers:{name}", args=[life.family.pk, *args])


def sent(**changes):
    file = SimpleUploadedFile("Letter.pdf", PDF, content_type="text/html")
    return {"file": file, "from_whom": "Their manager", "dated_on": "2027-02-12", **changes}


@pytest.mark.usefixtures("now")
def test_each_kind_is_kept_on_its_page_and_opened_as_a_download_that_is_logged(life, away, here, client):
    plan = Plan.objects.filter(held_elsewhere="").first()
    pages = {
        url(life, "letters-of-transfer", away.pk): {"children": [row.pk for row in away.children.all()]},
        url(life, "letters-of-transfer-in", here.pk): {},
        reverse("transfers:letters-of-plan", args=[plan.pk]): {},
    }
    client.force_login(life.worker)
    for page, more in pages.items():
        answer = client.post(page, sent(**more))
        assert answer.status_code == 302, answer.context["form"].errors
    assert set(CouncilLetter.objects.values_list("kind", flat=True)) == set(LetterKind.values)
    letter = CouncilLetter.objects.get(kind=LetterKind.ENDING)
    answer = client.get(url(life, "open-letter", letter.pk))
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer["Content-Disposition"] == f'attachment; filename="letter-{letter.pk}.pdf"'
    logged = AccessEvent.objects.get(page="transfers:open-letter", kind=ReadKind.EXPORT)
    assert (logged.user, logged.subject_id, logged.person_ids) == (life.worker, letter.pk, [here.child.person_id])
    assert client.post(url(life, "take-out-letter", letter.pk), {"because": "Wrong child"}).status_code == 302
    assert client.get(url(life, "open-letter", letter.pk)).status_code == 404
    stranger = user_with_role(Role.SOCIAL_WORKER, team=CaseEvents().family.team)
    client.force_login(stranger)
    for other in CouncilLetter.objects.exclude(pk=letter.pk):
        assert client.get(url(life, "open-letter", other.pk)).status_code == 404


@pytest.mark.usefixtures("now")
def test_a_letter_from_a_hidden_council_names_it_nowhere_and_opens_against_a_reason(life, away, client):
    first = away.children.first()
    AgencyInvolvementFactory(child=first.child, agency=life.council, confidential=True)
    (letter,) = kept(life, first, from_whom="Head of Northmoor children’s services")
    client.force_login(life.worker)
    assert "Northmoor" not in client.get(url(life, "letters-of-transfer", away.pk)).content.decode()
    assert client.get(url(life, "open-letter", letter.pk)).content != PDF
    assert client.post(url(life, "open-letter", letter.pk), {"reason": "To end the plan"}).content == PDF


@pytest.mark.usefixtures("now")
def test_a_letter_that_is_not_scanned_yet_or_of_a_sealed_child_stays_closed(life, here, client):
    (letter,) = kept(life, here)
    StoredFile.objects.filter(pk=letter.file_id).update(scan=Scan.WAITING)
    client.force_login(life.worker)
    assert client.get(url(life, "open-letter", letter.pk)).status_code == 409
    scan_waiting_files(now=NOW)
    Person.objects.filter(pk=here.child.person_id).update(sealed_at=NOW, sealed_because="Order")
    assert client.get(url(life, "open-letter", letter.pk)).status_code == 404


def test_a_bundle_has_the_letter_with_its_file(life, here):
    (letter,) = kept(life, here)
    service = user_with_role(Role.SERVICE_MANAGER, authority=life.authority)
    disclosure = start_disclosure(
        family=life.family, person=here.child.person, kind="court", recipient="Family court", asked_on=TODAY,
        covers="Everything", court_reference="FC-1", by=service, now=NOW,
    )  # fmt: skip
    piece = next(one for one in pieces_of(disclosure) if one.key == f"transfers.councilletter:{letter.pk}")
    assert piece.file is not None
    assert piece.file.stored_as == letter.file.stored_as
