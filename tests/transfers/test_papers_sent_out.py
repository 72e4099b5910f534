"""Papers sent to the council to which children move, and what neither council sees of the other."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from deadlines.services import reconcile
from families.models import AgencyInvolvement, Residence
from families.services.whereabouts import record_residence
from plans.models import Plan
from plans.services.endings import Accepted
from reports.enums import Channel
from tests.factories import AuthorityFactory, TeamFactory, user_with_role
from tests.transfers.test_transfer_out import NOW, TAKEN, TODAY, answered, ended, life, moved, refused, told  # noqa: F401 the fixtures
from transfers.enums import HandedOver, OutState, PaperKind, Stay
from transfers.models import PaperHandedOver
from transfers.selectors.transfers import transfer_page
from transfers.services.papers import HandOver, hand_over_paper
from transfers.services.transfers import Answer

pytestmark = pytest.mark.django_db


# Papers


def sent(transfer, by, **changes):
    facts = {
        "kind": PaperKind.PLAN,
        "what": "As on 1 March",
        "outcome": HandedOver.SENT,
        "channel": Channel.SECURE_EMAIL,
        "channel_confirmed": "Rang their duty number",
        "sent_on": TODAY,
        **changes,
    }
    return hand_over_paper(transfer=transfer, paper=HandOver(**facts), by=by, now=NOW)


def test_the_checklist_says_what_was_sent_and_what_is_still_to_go(life, moved):  # noqa: F811
    transfer = told(life, moved[:1])
    assert sent(transfer, life.worker) == sent(transfer, life.worker)
    sent(transfer, life.worker, kind=PaperKind.ORDERS, outcome=HandedOver.NONE, channel="", channel_confirmed="",
         sent_on=None)  # fmt: skip
    assert PaperHandedOver.objects.count() == 2
    page = transfer_page(transfer, life.manager, on=TODAY)
    assert {row.kind: row.words for row in page.papers if row.newest} == {
        PaperKind.PLAN: "Sent",
        PaperKind.ORDERS: "There is none",
    }
    assert [row.kind for row in page.papers if not row.newest] == [
        PaperKind.REPORT, PaperKind.CORE_GROUPS, PaperKind.CHRONOLOGY, PaperKind.ASSESSMENT,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channel": ""}, "channel"),
        ({"channel_confirmed": " "}, "channel_confirmed"),
        ({"sent_on": None}, "sent_on"),
        ({"sent_on": date(2027, 3, 2)}, "sent_on"),
        ({"kind": PaperKind.MINUTES}, "kind"),
        ({"kind": PaperKind.OTHER, "what": ""}, "what"),
    ],
)
def test_a_paper_goes_only_over_a_channel_confirmed_for_this_sending(life, moved, changes, field):  # noqa: F811
    transfer = told(life, moved[:1])
    assert list(refused(sent, transfer, life.worker, **changes)) == [field]


def test_nothing_goes_to_a_council_that_refused(life, moved):  # noqa: F811
    transfer = told(life, moved[:1])
    answered(transfer, moved[:1], Answer(state=OutState.REFUSED, said="By phone", stay=Stay.NOT_KNOWN))
    assert "No paper goes there" in refused(sent, transfer, life.worker)[0]


# Whereabouts, and two councils in one installation


def test_where_the_move_is_hidden_the_council_has_no_name(life, moved):  # noqa: F811
    AgencyInvolvement.objects.filter(agency=life.westmere).update(confidential=True)
    transfer = told(life, moved[:1])
    page = transfer_page(transfer, life.manager, on=TODAY)
    assert page.council == "Social care (name confidential)"
    assert "Westmere" not in refused(ended, life, Plan.objects.get(child=moved[0]))[0]
    answered(transfer, moved[:1])
    facts = Accepted(
        for_good=True,
        where_to="Social care (name confidential)",
        conference_on=TAKEN.conference_on,
        responsible_from=TAKEN.responsible_from,
        letter_kept=TAKEN.letter_kept,
    )
    assert "Westmere" not in ended(life, Plan.objects.get(child=moved[0]), facts).where_to


def test_where_the_children_live_now_is_shown_without_a_confidential_address(life, moved):  # noqa: F811
    record_residence(persons=[moved[0].person], lines="4 Harbour View", confidential=True, by=life.worker, now=NOW)
    record_residence(persons=[moved[1].person], lines="9 Mill Lane", by=life.worker, now=NOW)
    page = transfer_page(told(life, moved[:2]), life.manager, on=TODAY)
    assert [row.lives_at for row in page.rows] == ["Address confidential", "9 Mill Lane"]
    assert Residence.objects.count() == 2


def test_two_councils_in_one_installation_see_nothing_of_each_other(life, moved, client):  # noqa: F811
    other = AuthorityFactory(name="Westmere Council")
    theirs = user_with_role(Role.SERVICE_MANAGER, authority=other)
    worker = user_with_role(Role.SOCIAL_WORKER, team=TeamFactory(authority=other))
    transfer = told(life, moved[:1])
    pages = [
        reverse("transfers:transfer", args=[life.family.pk, transfer.pk]),
        reverse("families:family", args=[life.family.pk]),
        reverse("plans:plan", args=[Plan.objects.get(child=moved[0]).pk]),
    ]
    for user in (theirs, worker):
        client.force_login(user)
        assert {client.get(page).status_code for page in pages} == {404}


def test_counting_again_changes_nothing(life, moved):  # noqa: F811
    told(life, moved[:2])
    assert reconcile(now=NOW).problems == []
