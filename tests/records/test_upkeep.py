"""Every night what surrounds the cases is kept to each council's time, and nothing under a legal hold goes."""

from __future__ import annotations

import datetime
import uuid
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.audit.chain import seal_reads
from accounts.audit.verify import Verification, problems_of_read_log
from accounts.enums import Role
from accounts.models import AccessEvent, AuditPieceRemoved, AuditSeal, Authority, Draft, GuestDraft, GuestLink
from my_views.models import DraftAnswer, MyViewsForm
from notifications.enums import MessageKind, MessageState
from notifications.models import Message
from plans.enums import CallerKnownBy, ListAnswerKind
from plans.models import ListAnswer, ListCheck
from records.enums import DisclosureKind, DisclosureState, DisposalState, HoldGround
from records.models import Disclosure, Disposal, LegalHold
from records.retention.upkeep import keep_to_time
from tests.factories import (
    AuthorityFactory,
    ChildFactory,
    ConferenceFactory,
    FamilyFactory,
    PersonFactory,
    TeamFactory,
    policy_in_force,
    procedures_with,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

LONG_AGO = datetime.datetime(2010, 3, 1, 12, tzinfo=datetime.UTC)
# The database looks at its own clock, which no test can move.
NOW = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
MONTHS_AGO = NOW - datetime.timedelta(days=100)


@once_per_module(at=NOW)
def council():
    """A council with the baseline's times, a family, and an officer."""
    team = TeamFactory()
    policy_in_force(team.authority)
    family = FamilyFactory(team=team)
    return family, user_with_role(Role.SERVICE_MANAGER, authority=team.authority)


def keep(family, key, event, *, amount=1):
    """Let the council keep something for a month only."""
    kept = {"amount": amount, "unit": "months", "from": event}
    procedures_with(family.authority, since=datetime.date(2020, 1, 1), values={key: kept})


def hold(family, by, child=None):
    return LegalHold.objects.create(
        family=family, child=child, ground=HoldGround.COURT, why="Inquest", set_by=by, set_at=NOW
    )


def message(authority: Authority, *, at=MONTHS_AGO, state=MessageState.SENT, **fields):
    return Message.objects.create(
        authority=authority,
        key=str(uuid.uuid4()),
        kind=MessageKind.INVITATION,
        to_email="hazel@example.org",
        subject="Invitation to a meeting",
        body="Come to Mulberry House.",
        calendar_file="BEGIN:VCALENDAR",
        created_at=at,
        send_after=at,
        **{"state": state, "sent_at": at if state == MessageState.SENT else None, **fields},
    )


def bodies():
    return list(Message.objects.order_by("pk").values_list("body", "calendar_file"))


@pytest.mark.value("keep-messages")
def test_the_text_of_messages_goes_when_their_time_is_over(council):
    family, officer = council
    for row in ({}, {"family_id": family.pk}, {"at": NOW}, {"state": MessageState.WAITING}):
        message(family.authority, **row)
    message(AuthorityFactory())
    kept = ("Come to Mulberry House.", "BEGIN:VCALENDAR")
    keep_to_time(now=NOW)
    assert bodies() == [kept] * 5
    keep(family, "keep-messages", "sending")
    held = hold(family, officer)
    assert keep_to_time(now=NOW)["messages"] == 1
    assert bodies() == [("removed", ""), kept, kept, kept, kept]
    held.lifted_at, held.lifted_by, held.lifted_because = NOW, officer, "Over"
    held.save()
    assert keep_to_time(now=NOW)["messages"] == 1
    assert keep_to_time(now=NOW)["messages"] == 0


@pytest.mark.value("keep-drafts")
def test_what_was_typed_and_never_sent_is_emptied(council):
    family, officer = council
    elsewhere = user_with_role(Role.CHAIR)
    both = user_with_role(Role.CHAIR, authority=elsewhere.roles.get().authority)
    both.roles.create(authority=family.authority, role=Role.CHAIR, starts_on=datetime.date(2020, 1, 1))
    policy_in_force(elsewhere.roles.get().authority)
    for user in (officer, elsewhere, both):
        Draft.objects.create(user=user, path="/families/1/", sealed="typed", saved_at=MONTHS_AGO)
    link = GuestLink.objects.create(
        authority=family.authority, purpose="invitation", subject_id=1, person_id=1, sent_to="a@example.org",
        created_at=MONTHS_AGO, expires_at=NOW,
    )  # fmt: skip
    GuestDraft.objects.create(link=link, path="/my/views/", sealed="typed", saved_at=MONTHS_AGO)
    form = MyViewsForm.objects.create(
        conference=ConferenceFactory(family=family), person=PersonFactory(authority=family.authority),
        questions="adult", begun_at=MONTHS_AGO,
    )  # fmt: skip
    DraftAnswer.objects.create(form=form, question="worries", sealed="typed", saved_at=MONTHS_AGO)
    keep_to_time(now=NOW)
    assert not Draft.objects.filter(sealed="").exists()
    keep(family, "keep-drafts", "last change")
    assert keep_to_time(now=NOW)["drafts"] == 3
    assert set(Draft.objects.filter(sealed="").values_list("user", flat=True)) == {officer.pk}
    assert (GuestDraft.objects.get().sealed, DraftAnswer.objects.get().sealed) == ("", "")


def check_of(family, officer, *, child=None, at=MONTHS_AGO):
    made = ListCheck.objects.create(
        authority=family.authority, checked_by=officer, at=at, caller_name="Dr Reed", caller_agency="St Mary’s",
        known_by=CallerKnownBy.values[0], caller_phone="01632 960001", why="A burn", name="Wren Brambley",
        form_key=uuid.uuid4(),
    )  # fmt: skip
    kind = ListAnswerKind.ON_LIST if child else ListAnswerKind.NOT_ON_LIST
    ListAnswer.objects.create(check_of_list=made, kind=kind, at=at, child=child, told={"name": "Wren"})
    return made


@pytest.mark.value("keep-list-checks")
def test_checks_of_the_list_are_overwritten_with_their_history(council):
    family, officer = council
    child = ChildFactory(authority=family.authority, family=family)
    free, held = check_of(family, officer), check_of(family, officer, child=child)
    hold(family, officer, child=child)
    keep_to_time(now=NOW)
    free.refresh_from_db()
    assert free.why == "A burn"
    keep(family, "keep-list-checks", "check")
    assert keep_to_time(now=NOW)["list checks"] == 1
    free.refresh_from_db()
    held.refresh_from_db()
    assert (free.why, free.name, free.caller_name, free.answers.get().told) == ("removed", "removed", "removed", {})
    assert (free.checked_by, free.at) == (officer, MONTHS_AGO)
    assert set(free.events.values_list("why", flat=True)) == {"removed"}
    assert held.why == "A burn"
    assert keep_to_time(now=NOW)["list checks"] == 0


@pytest.mark.value("keep-disclosures")
def test_bundles_are_overwritten_after_their_time(council):
    family, officer = council
    second = user_with_role(Role.CUSTODIAN, authority=family.authority)
    child = ChildFactory(authority=family.authority, family=family)
    made = Disclosure.objects.create(
        authority=family.authority, family=family, person=child.person, kind=DisclosureKind.COURT,
        state=DisclosureState.MADE, recipient="Eastmere Family Court", asked_on=datetime.date(2026, 8, 1),
        court_reference="EM26C00001", covers="All of it", prepared_by=officer, prepared_at=MONTHS_AGO,
        submitted_at=MONTHS_AGO, checked_by=second, checked_at=MONTHS_AGO, made_at=MONTHS_AGO,
        stored_as=uuid.uuid4(), sha256="a" * 64, pages=3,
    )  # fmt: skip
    keep_to_time(now=NOW)
    made.refresh_from_db()
    assert made.recipient == "Eastmere Family Court"
    keep(family, "keep-disclosures", "making of the bundle")
    assert keep_to_time(now=NOW)["bundles"] == 1
    made.refresh_from_db()
    assert (made.recipient, made.covers, made.made_at) == ("removed", "removed", MONTHS_AGO)


@pytest.mark.value("keep-certificates")
def test_certificates_lose_what_they_say_after_their_time(council):
    family, officer = council
    second = user_with_role(Role.CUSTODIAN, authority=family.authority)
    made = Disposal.objects.create(
        family=family, state=DisposalState.DONE, rule="keep-child-other", kept_until=datetime.date(2026, 1, 1),
        policy_version_id=1, policy_number=1, why="Its time is over", proposed_by=officer, proposed_at=MONTHS_AGO,
        settled_by=second, settled_at=MONTHS_AGO, done_at=MONTHS_AGO, number="DC26-00001", counts={"Plans": 2},
        stub={"born": 2001}, case_mark="b" * 64, sha256="c" * 64,
    )  # fmt: skip
    keep_to_time(now=NOW)
    made.refresh_from_db()
    assert made.counts == {"Plans": 2}
    keep(family, "keep-certificates", "disposal")
    assert keep_to_time(now=NOW)["certificates"] == 1
    made.refresh_from_db()
    assert (made.counts, made.stub, made.case_mark, made.number) == ({}, {}, "", "DC26-00001")


def read(family, *, of=(), authority=None):
    return AccessEvent.objects.create(
        page="families:see-family", authority=authority or family.authority, at=LONG_AGO, family_ids=list(of)
    )


def seal(at=LONG_AGO):
    for minute in range(2):
        seal_reads(now=at + datetime.timedelta(minutes=minute))


@pytest.mark.value("keep-read-log")
def test_whole_sealed_pieces_of_the_read_log_go_and_the_chain_still_holds(council):
    family, officer = council
    other = AuthorityFactory()
    policy_in_force(other)
    read(family)
    seal()
    read(family)
    read(family, authority=other)
    seal()
    read(family, of=[family.pk])
    seal()
    hold(family, officer)
    keep_to_time(now=NOW)
    assert AccessEvent.objects.count() == 4
    keep(family, "keep-read-log", "look")
    assert keep_to_time(now=NOW)["reads"] == 1
    assert AccessEvent.objects.count() == 3
    assert AuditPieceRemoved.objects.get().seal_number == AuditSeal.objects.filter(event_ids__len__gt=0).first().number
    seen = Verification()
    assert list(problems_of_read_log(seen=seen)) == []
    assert (seen.rows, seen.removed) == (3, 1)
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert "1 pieces removed after their time" in said.getvalue()


def test_a_piece_said_to_be_removed_before_its_time_is_found(council):
    family, _ = council
    seal_reads(now=timezone.now())
    read(family)
    seal(at=timezone.now())
    piece = AuditSeal.objects.filter(event_ids__len__gt=0).get()
    AuditPieceRemoved.objects.create(seal_number=piece.number, removed_at=timezone.now(), count=1)
    assert [problem.words for problem in problems_of_read_log()] == [
        "A piece was removed before its time",
        "Rows were put in afterwards",
    ]
