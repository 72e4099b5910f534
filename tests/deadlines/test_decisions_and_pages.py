"""One person's list of decisions is exactly what the pages, and the services behind them, let that person decide."""

from __future__ import annotations

from http import HTTPStatus

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from lxml import html

from conferences.enums import ConferenceStatus, Party
from conferences.models import Conference, ConferenceAgreement, LateAgreement
from conferences.services.agreements import answer_agreement
from deadlines.to_decide import decision_kinds, to_decide
from meetings.models import DecisionCorrection, EntryMove
from meetings.services.corrections import agree_to_correction
from meetings.services.misfiled_entries import refuse_move
from reports.models import Complaint, Document
from reports.services.complaints import answer_complaint
from reports.services.documents import release_document
from tests.reports.story import NOW

pytestmark = pytest.mark.django_db
PAGES = {kind.key: kind.page for kind in decision_kinds}


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False):
        yield


def ahead(world):
    Conference.objects.filter(pk=world.conference.pk).update(status=ConferenceStatus.SCHEDULED)
    asked = {"conference": world.conference, "asked_at": NOW}
    ConferenceAgreement.objects.create(asked_by=world.actors["own social worker"], **asked)
    for party in (Party.MANAGER, Party.CHAIR):
        LateAgreement.objects.create(party=party, day=NOW.date(), **asked)


def lines(user):
    """Return what is on a user's list: the kind, and what its page needs."""
    return {(key, first, second) for _, key, _, first, second, *_ in to_decide(user)}


# What else a page offers by a form to those who may not decide, by the button: taking back what they asked for.
NOT_A_DECISION = {"Leave it where it is", "Leave it as it is"}


# Coordinators enter the answer to a complaint that came on paper.
ENTERS = {"own coordinator", "other coordinator"}


# What waits for those who hold the case; a colleague of theirs may settle it in their place, from the person's page.
IN_THEIR_PLACE = {"guest-ask", "minutes-comment", "dissent"}


def offers(client, key, first, second):
    """Return whether the page of a matter opens and has a button that decides it."""
    page = client.get(reverse(PAGES[key], args=[arg for arg in (first, second) if arg is not None]))
    if page.status_code != HTTPStatus.OK:
        return False
    main = html.fromstring(page.content).find(".//main")
    # Coordinators and chairs follow a complaint on the same page; who answers it writes the answer there.
    if key == "complaint" and main.find(".//textarea[@name='answer']") is None:
        return False
    buttons = {
        " ".join(button.text_content().split())
        for form in main.iterfind(".//form")
        if form.get("method", "get").lower() == "post"
        for button in form.iter("button")
    }
    return bool(buttons - NOT_A_DECISION)


@pytest.mark.parametrize("state", ["closed", "to come"])
def test_a_matter_is_on_a_list_exactly_where_its_page_lets_the_reader_decide(world, state):
    if state == "to come":
        ahead(world)
    listed = {who: lines(user) for who, user in world.actors.items()}
    # One page shows all roles and accounts that wait, with what a reader asked for themselves.
    everything = {matter for matter in set().union(*listed.values()) if matter[1] is not None}
    wrong = []
    for who, user in world.actors.items():
        client = Client()
        client.force_login(user)
        wrong += [
            (who, *matter, "listed" if matter in listed[who] else "offered")
            for matter in sorted(everything, key=str)
            if offers(client, *matter) != (matter in listed[who])
            and not (who in ENTERS and matter[0] in {"complaint", "complaint-stage"})
            and not (matter[0] in IN_THEIR_PLACE and matter not in listed[who])
        ]
    assert wrong == [], "\n".join(map(str, wrong))


def settle(key, pk, user):
    """Decide a matter as the user, through the service behind its page."""
    common = {"by": user, "now": NOW}
    if key == "conference":
        answer_agreement(agreement=ConferenceAgreement.objects.get(conference=pk), agreed=True, **common)
    elif key in ("letter", "minutes"):
        release_document(document=Document.objects.get(pk=pk), **common)
    elif key in ("move", "plan-move"):
        move = EntryMove.objects.get(pk=pk)
        if move.asked_by_id == user.pk:
            raise ValidationError("Their own.")
        refuse_move(move=move, because="It is right", **common)
    elif key == "correction":
        correction = DecisionCorrection.objects.get(pk=pk)
        try:
            agree_to_correction(correction=correction, as_chair=True, **common)
        except ValidationError:
            agree_to_correction(correction=correction, as_chair=False, **common)
    elif key == "complaint":
        answer_complaint(
            complaint=Complaint.objects.get(pk=pk),
            told_on=NOW.date(),
            outcome="upheld",
            answer="Sorry",
            answered_on=NOW.date(),
            **common,
        )


SETTLED_HERE = ("conference", "letter", "minutes", "move", "correction")


@pytest.mark.parametrize("state", ["closed", "to come"])
def test_a_matter_is_on_a_list_exactly_where_the_service_accepts_the_reader(world, state):
    if state == "to come":
        ahead(world)
    listed = {who: lines(user) for who, user in world.actors.items()}
    everything = {matter for matters in listed.values() for matter in matters if matter[0] in SETTLED_HERE}
    wrong = []
    for who, user in world.actors.items():
        for key, first, second in sorted(everything, key=str):
            try:
                with transaction.atomic():
                    settle(key, second if second is not None else first, user)
                    transaction.set_rollback(True)
                accepted = True
            except ValidationError:
                accepted = False
            if accepted != ((key, first, second) in listed[who]):
                wrong.append((who, key, "accepted" if accepted else "listed"))
    assert wrong == [], "\n".join(map(str, wrong))
