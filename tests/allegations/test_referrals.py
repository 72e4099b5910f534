"""An allegation against someone who works with children: who may learn of it, its limit, and what came of it."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.enums import Role
from allegations.access import REFERRAL_RULES
from allegations.enums import StepKind, Threshold
from allegations.models import Referral, ReferralInBundle, ReferralText
from allegations.selectors.referrals import due_on, referrals_seen_by
from allegations.services.bundles import put_in_bundle
from allegations.services.referrals import Allegation, correct_referral, record_step, take_on, withdraw_step
from deadlines.models import Deadline
from deadlines.to_decide import to_decide
from families.models import Person
from notifications.models import Notice
from records.disclosure.pieces import pieces_of
from records.disclosure.services import start_disclosure
from records.enums import DisclosureKind
from tests.allegations.story import KNOWN, NOW, SAID, referred
from tests.case_events import CaseEvents, at
from tests.factories import (
    AgencyFactory,
    AuthorityFactory,
    PersonFactory,
    PostFactory,
    TeamFactory,
    procedures_with,
    user_with_role,
)

pytestmark = pytest.mark.django_db


def about_user(user):
    return {"about_name": "", "agency_name": "", "about_user": user}


def sees(user, referral):
    return REFERRAL_RULES["read"].right_of(user, referral)


def fault(act, *args, **kwargs):
    with pytest.raises(ValidationError) as caught:
        act(*args, **kwargs)
    error = caught.value
    return set(error.message_dict) if hasattr(error, "error_dict") else error.messages[0]


# Who learns of it


def test_whoever_made_it_and_who_handles_allegations_read_it_and_nobody_else(life, referral):
    assert sees(life.worker, referral) == "made the referral"
    assert sees(life.officer, referral) == "handles allegations"
    others = [life.manager, life.service, user_with_role(Role.SOCIAL_WORKER, team=life.family.team)]
    others += [user_with_role(role, authority=life.authority) for role in (Role.CHAIR, Role.COORDINATOR, Role.AUDITOR)]
    others += [user_with_role(Role.DESIGNATED_OFFICER, authority=AuthorityFactory())]
    assert [sees(user, referral) for user in others] == [None] * len(others)
    assert [list(referrals_seen_by(user)) for user in others] == [[]] * len(others)


def test_the_manager_who_was_told_reads_it_and_changes_nothing(life):
    found = referred(life, told_manager=life.manager)
    assert sees(life.manager, found) == "manager who was told"
    assert REFERRAL_RULES["correct"].right_of(life.manager, found) is None
    assert fault(take_on, referral=found, by=life.manager, now=NOW) == "This is not yours to change."


@pytest.mark.value("allegations-handled-by")
def test_another_council_lets_its_service_managers_handle_them():
    authority = AuthorityFactory()
    procedures_with(
        authority, since=date(2026, 1, 1), values={"allegations-handled-by": "designated officer or service manager"}
    )
    life = CaseEvents(authority)
    life.kid = life.child()
    service = user_with_role(Role.SERVICE_MANAGER, authority=authority)
    assert sees(service, referred(life)) == "handles allegations"


def test_whom_it_is_about_never_reads_it_whatever_they_may_do(life):
    accused = user_with_role(Role.DESIGNATED_OFFICER, authority=life.authority, name="Nick Rook")
    for role in (Role.SERVICE_MANAGER, Role.CHAIR, Role.COORDINATOR, Role.ADMINISTRATOR, Role.AUDITOR):
        accused.roles.create(authority=life.authority, role=role, starts_on=date(2026, 1, 1))
    accused = type(accused).objects.get(pk=accused.pk)
    person = PersonFactory(authority=life.authority, user=accused)
    for said in (
        about_user(accused),
        {"about_name": "", "agency_name": "", "about_person": person},
        {"about_name": "nick  ROOK"},
    ):
        found = referred(life, **said)
        assert sees(accused, found) is None
        assert sees(life.officer, found) == "handles allegations"
    assert not Notice.objects.filter(user=accused).exists()
    assert not any(row[1] == "referral" for row in to_decide(accused))


def test_nobody_of_the_agency_it_is_about_reads_it_however_it_was_written_down(life):
    club = AgencyFactory(authority=life.authority, name="Eastmere Rovers")
    colleague = user_with_role(Role.DESIGNATED_OFFICER, authority=life.authority)
    PostFactory(agency=club, person=PersonFactory(authority=life.authority, user=colleague))
    found = referred(life, agency_name="eastmere  rovers")
    assert found.texts.get().agency == club
    assert sees(colleague, found) is None


def test_whoever_an_earlier_wording_named_stays_shut_out(life):
    accused = user_with_role(Role.DESIGNATED_OFFICER, authority=life.authority)
    found = referred(life, **about_user(accused))
    correct_referral(referral=found, allegation=SAID, because="It was the coach", version=1, by=life.worker, now=NOW)
    assert sees(accused, found) is None


def test_the_referrer_is_never_whom_it_is_about(life):
    own = PersonFactory(authority=life.authority, user=life.worker)
    for said in (
        about_user(life.worker),
        {"about_name": "", "about_person": own},
        {"about_name": life.worker.name.upper()},
    ):
        assert fault(referred, life, **said) == {"about"}
    assert not Referral.objects.exists()


def test_where_nobody_may_take_it_on_it_is_said_whom_to_ring_and_nothing_is_saved(life):
    said = fault(referred, life, **about_user(life.officer))
    assert said.startswith("No designated officer of this council can take this on here. Ring")
    assert not Referral.objects.exists()


# Making it


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"about_name": " "}, "about"),
        ({"what": ""}, "what"),
        ({"happened": " "}, "happened"),
        ({"threshold": "rude"}, "threshold"),
        ({"known_on": KNOWN + datetime.timedelta(days=1)}, "known_on"),
    ],
)
def test_it_says_about_whom_what_when_and_since_when_it_is_known(life, wrong, field):
    assert fault(referred, life, **wrong) == {field}


def test_the_child_and_the_manager_are_the_familys_and_the_councils(life):
    other = CaseEvents(life.authority).child()
    assert fault(referred, life, child=other) == {"child"}
    stranger = user_with_role(Role.TEAM_MANAGER, team=TeamFactory())
    assert fault(referred, life, told_manager=stranger) == {"told_manager"}
    assert fault(referred, life, told_manager=life.manager, **about_user(life.manager)) == {"told_manager"}


def test_sent_twice_it_is_one_and_each_hears_of_it_once_by_a_reference_alone(life):
    key = uuid.uuid4()
    first = referred(life, told_manager=life.manager, form_key=key)
    assert referred(life, told_manager=life.manager, form_key=key) == first
    told = Notice.objects.filter(key=f"referral:{first.pk}")
    assert {row.user for row in told} == {life.officer, life.manager}
    assert {row.text for row in told} == {f"{first.reference} waits for you."}


def test_nothing_of_it_is_counted_among_the_deadlines(life):
    before = set(Deadline.objects.values_list("kind", "due_on"))
    referred(life)
    life.count(now=NOW)
    assert set(Deadline.objects.values_list("kind", "due_on")) - before == set()


# The limit


def test_the_limit_is_one_working_day_from_the_day_it_became_known(life, referral):
    # Working: known on Friday 5 March, day 0; Saturday and Sunday are not worked; Monday 8 March is day 1.
    assert due_on(referral) == {referral.pk: date(2027, 3, 8)}
    # Known on Thursday 25 March: Good Friday is the 26th, Easter Monday the 29th, so Tuesday 30 March.
    referral.known_on = date(2027, 3, 25)
    assert due_on(referral) == {referral.pk: date(2027, 3, 30)}


def test_until_it_is_taken_on_it_stands_first_with_who_handles_it_without_a_name(life, referral):
    rows = [row for row in to_decide(life.officer) if row[1] == "referral"]
    assert [(row[3], row[5], row[6]) for row in rows] == [(referral.pk, None, None)]
    assert not any(row[1] == "referral" for row in to_decide(life.worker))
    first = take_on(referral=referral, by=life.officer, now=NOW)
    again = take_on(referral=referral, by=life.officer, now=at(date(2027, 3, 9)))
    assert again.received_at == first.received_at == NOW
    assert not any(row[1] == "referral" for row in to_decide(life.officer))


# Correcting it, and what came of it


def corrected(life, referral, **changes):
    given = {"because": "She remembered", "version": 1, "by": life.worker, "now": NOW}
    said = {name: changes.pop(name) for name in list(changes) if name in Allegation.__dataclass_fields__}
    return correct_referral(referral=referral, allegation=replace(SAID, **said), **{**given, **changes})


def test_a_correction_supersedes_in_the_open(life, referral):
    assert corrected(life, referral) == referral.texts.get()
    new = corrected(life, referral, what="He pulled her by the hair.")
    assert [row.superseded_at for row in referral.texts.order_by("pk")] == [NOW, None]
    assert (new.what, new.because) == ("He pulled her by the hair.", "She remembered")
    assert "Someone else changed it" in fault(corrected, life, referral, what="Another text")
    assert fault(corrected, life, referral, what="Another text", version=2, because=" ") == {"because"}


def test_the_database_keeps_one_current_wording(referral):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferralText.objects.create(
            referral=referral, about_name="X", threshold=Threshold.RISK, what="x", happened="x",
            recorded_by=referral.made_by, recorded_at=NOW,
        )  # fmt: skip


def stepped(life, referral, **changes):
    given = {"kind": StepKind.STRATEGY_MEETING, "on": KNOWN, "note": "With the police", "by": life.officer, "now": NOW}
    return record_step(referral=referral, **{**given, **changes})


def test_what_came_of_it_has_dates_and_one_outcome_stands(life, referral):
    assert stepped(life, referral) == stepped(life, referral)
    referral.refresh_from_db()
    assert referral.received_by == life.officer
    outcome = stepped(life, referral, kind=StepKind.UNFOUNDED, note="Seen on film")
    assert fault(stepped, life, referral, kind=StepKind.SUBSTANTIATED, note="He said so") == {"kind"}
    withdraw_step(step=outcome, because="The wrong film", by=life.officer, now=NOW)
    assert stepped(life, referral, kind=StepKind.SUBSTANTIATED, note="He said so").kind == StepKind.SUBSTANTIATED
    outcome.refresh_from_db()
    assert (outcome.withdrawn_because, outcome.note) == ("The wrong film", "Seen on film")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "maybe"}, "kind"),
        ({"note": " "}, "note"),
        ({"on": KNOWN + datetime.timedelta(days=1)}, "on"),
        ({"on": KNOWN - datetime.timedelta(days=1)}, "on"),
    ],
)
def test_a_step_says_what_and_when(life, referral, wrong, field):
    assert fault(stepped, life, referral, **wrong) == {field}


def test_only_who_handles_allegations_records_what_came_of_them(life, referral):
    assert fault(stepped, life, referral, by=life.worker) == "This is not yours to change."
    step = stepped(life, referral)
    assert fault(withdraw_step, step=step, because="x", by=life.worker, now=NOW) == "This is not yours to change."
    assert fault(withdraw_step, step=step, because=" ", by=life.officer, now=NOW) == {"because"}


# Bundles


def bundle(life, kind=DisclosureKind.COURT):
    return start_disclosure(
        family=life.family, person=life.kid.person, kind=kind, recipient="Family court", asked_on=KNOWN,
        covers="Everything", identity="Passport seen", court_reference="FC-1" if kind == "court" else "",
        by=life.service, now=NOW,
    )  # fmt: skip


def test_no_bundle_has_it_unless_who_handles_it_so_decides(life, referral):
    court, other = bundle(life), bundle(life, DisclosureKind.SUBJECT_ACCESS)
    stepped(life, referral)
    for disclosure in (court, other):
        assert "Gander" not in repr(pieces_of(disclosure))
        assert "With the police" not in repr(pieces_of(disclosure))
    given = {"referral": referral, "because": "The order names it", "now": NOW}
    assert fault(put_in_bundle, disclosure=court, by=life.worker, **given) == "This is not yours to decide."
    assert put_in_bundle(disclosure=court, by=life.officer, **given) == put_in_bundle(
        disclosure=court, by=life.officer, **given
    )
    assert "Gander" in repr(pieces_of(court))
    assert "Gander" not in repr(pieces_of(other))
    assert fault(put_in_bundle, **{**given, "because": " "}, disclosure=other, by=life.officer) == {"because"}


def test_it_goes_into_no_bundle_that_the_person_it_is_about_may_open(life):
    accused = user_with_role(Role.COORDINATOR, authority=life.authority)
    found = referred(life, **about_user(accused))
    given = {"referral": found, "disclosure": bundle(life), "because": "Asked", "by": life.officer, "now": NOW}
    assert fault(put_in_bundle, **given) == {"disclosure"}
    assert not ReferralInBundle.objects.exists()


def test_no_merge_of_records_opens_it(life):
    accused = user_with_role(Role.DESIGNATED_OFFICER, authority=life.authority)
    kept = PersonFactory(authority=life.authority, user=accused)
    double = PersonFactory(authority=life.authority)
    found = referred(life, about_name="", agency_name="", about_person=double)
    Person.objects.filter(pk=double.pk).update(merged_into=kept)
    assert sees(accused, found) is None
