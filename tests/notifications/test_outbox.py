from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from families.models import Family
from notifications.enums import MessageState
from tests.factories import (
    AuthorityFactory,
    ConflictOfInterestFactory,
    FamilyFactory,
    FamilyMemberFactory,
    MessageFactory,
    NamedForFamilyFactory,
    TeamFactory,
    UserFactory,
    user_with_role,
)

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 12, 8, 9, 30, tzinfo=datetime.UTC)
URL = reverse("notifications:outbox")
OTHER_ROLES = sorted(set(Role.values) - {Role.COORDINATOR, Role.SERVICE_MANAGER})


@pytest.fixture
def authority():
    return AuthorityFactory()


@pytest.fixture
def coordinator(authority, client):
    user = user_with_role(Role.COORDINATOR, authority=authority)
    client.force_login(user)
    return user


def test_signed_out_users_are_sent_to_sign_in(client):
    assert client.get(URL).headers["Location"] == f"{reverse('account_login')}?next={URL}"


@pytest.mark.parametrize("role", OTHER_ROLES)
def test_other_roles_get_not_found(client, role):
    client.force_login(user_with_role(role))
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SERVICE_MANAGER])
def test_lists_only_the_users_own_councils_messages(client, authority, role):
    own = MessageFactory(authority=authority)
    MessageFactory()
    client.force_login(user_with_role(role, authority=authority))
    assert list(client.get(URL).context["page"]) == [own]


def test_lists_the_newest_first(client, authority, coordinator):
    old = MessageFactory(authority=authority)
    new = MessageFactory(authority=authority, created_at=NOW)
    assert list(client.get(URL).context["page"]) == [new, old]


def test_filters_by_state(client, authority, coordinator):
    MessageFactory(authority=authority)
    failed = MessageFactory(authority=authority, state=MessageState.FAILED)
    answer = client.get(URL, {"state": "failed"})
    assert list(answer.context["page"]) == [failed]
    assert answer.context["counts"] == {"waiting": 1, "sending": 0, "sent": 0, "failed": 1, "withdrawn": 0, "held": 0}


def test_a_state_that_does_not_exist_is_an_error_on_the_page(client, authority, coordinator):
    MessageFactory(authority=authority)
    answer = client.get(URL, {"state": "burnt"})
    assert (answer.status_code, len(answer.context["page"])) == (200, 1)


def test_25_to_a_page(client, authority, coordinator):
    MessageFactory.create_batch(26, authority=authority)
    assert len(client.get(URL).context["page"]) == 25
    assert len(client.get(URL, {"page": 2}).context["page"]) == 1


def test_an_empty_outbox_says_when_that_changes(client, coordinator):
    assert "Messages appear here once people are invited to a conference." in client.get(URL).content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_takes_the_same_number_of_queries(client, authority, coordinator, number, django_assert_num_queries):
    MessageFactory.create_batch(number, authority=authority)
    with django_assert_num_queries(9):
        client.get(URL)


def test_the_read_log_names_the_families_and_persons_shown(client, authority, coordinator):
    MessageFactory(authority=authority, family_id=4, person_id=7)
    MessageFactory(authority=authority, family_id=4, person_id=8)
    client.get(URL)
    event = AccessEvent.objects.get()
    assert (event.page, event.kind, event.family_ids, event.person_ids) == (
        "notifications:outbox",
        ReadKind.PAGE,
        [4],
        [7, 8],
    )


def test_it_is_in_the_navigation_of_those_who_may_open_it(client, coordinator):
    assert "Outbox" in [place.label for place in client.get(URL).context["navigation"]]
    client.force_login(user_with_role(Role.AUDITOR))
    answer = client.get(reverse("accounts:my-account"))
    assert "Outbox" not in [place.label for place in answer.context["navigation"]]


class TestOneMessage:
    @pytest.fixture
    def message(self, authority):
        return MessageFactory(
            authority=authority,
            family_id=4,
            person_id=7,
            body="Come to <the> meeting.\nBring papers.",
            calendar_file="BEGIN:VCALENDAR\r\n",
        )

    def url(self, name, message):
        return reverse(f"notifications:{name}", args=[message.pk])

    def test_shows_what_the_recipient_reads(self, client, coordinator, message):
        page = client.get(self.url("see-message", message)).content.decode()
        assert "Come to &lt;the&gt; meeting." in page
        assert self.url("download-calendar-file", message) in page

    def test_the_calendar_files_name_contains_no_personal_name(self, client, coordinator, message):
        answer = client.get(self.url("download-calendar-file", message))
        assert answer.content == b"BEGIN:VCALENDAR\r\n"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="message-{message.pk}.ics"'

    def test_a_message_without_calendar_file_has_none_to_download(self, client, coordinator, authority):
        other = MessageFactory(authority=authority)
        assert client.get(self.url("download-calendar-file", other)).status_code == 404

    def test_reading_it_is_logged_with_the_right(self, client, coordinator, message):
        client.get(self.url("see-message", message))
        event = AccessEvent.objects.get()
        assert (event.subject, event.subject_id, event.family_ids, event.person_ids, event.right) == (
            "Message",
            message.pk,
            [4],
            [7],
            "coordinator",
        )

    @pytest.mark.parametrize("name", ["see-message", "download-calendar-file"])
    def test_signed_out_wrong_role_and_other_council_see_nothing(self, client, message, name):
        url = self.url(name, message)
        assert client.get(url).headers["Location"] == f"{reverse('account_login')}?next={url}"
        for user in (
            UserFactory(),
            user_with_role(Role.SOCIAL_WORKER, authority=message.authority),
            user_with_role(Role.COORDINATOR),
        ):
            client.force_login(user)
            assert client.get(url).status_code == 404

    def test_signed_out_wrong_role_and_other_council_send_nothing(self, client, message):
        message.state = MessageState.FAILED
        message.save()
        url = self.url("send-again", message)
        assert client.post(url).status_code == 302
        for user in (user_with_role(Role.CHAIR, authority=message.authority), user_with_role(Role.COORDINATOR)):
            client.force_login(user)
            assert client.post(url).status_code == 404
        message.refresh_from_db()
        assert message.state == MessageState.FAILED

    def test_what_could_not_be_sent_can_be_sent_again(self, client, coordinator, message):
        message.state = MessageState.FAILED
        message.save()
        assert "Send it again" in client.get(self.url("see-message", message)).content.decode()
        answer = client.post(self.url("send-again", message), follow=True)
        assert "waiting to be sent again" in answer.content.decode()
        message.refresh_from_db()
        assert message.state == MessageState.WAITING

    def test_what_was_sent_stays_sent(self, client, coordinator, message):
        message.state, message.sent_at = MessageState.SENT, NOW
        message.save()
        answer = client.post(self.url("send-again", message), follow=True)
        assert "Only a message that could not be sent" in answer.content.decode()

    def test_sending_again_requires_post(self, client, coordinator, message):
        assert client.get(self.url("send-again", message)).status_code == 405


class TestClosedCases:
    """Responsibility for the outbox opens no closed case."""

    @pytest.fixture
    def family(self, authority):
        return FamilyFactory(authority=authority, team=TeamFactory(authority=authority))

    def about(self, family, **more):
        return MessageFactory(authority=family.authority, family_id=family.pk, calendar_file="BEGIN", **more)

    def is_closed(self, client, message):
        one = [
            client.get(reverse(f"notifications:{page}", args=[message.pk])).status_code
            for page in ("see-message", "download-calendar-file")
        ]
        page = client.get(URL)
        counted = page.context["counts"]["waiting"]
        return (list(page.context["page"]), counted, one) == ([], 0, [404, 404])

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SERVICE_MANAGER])
    def test_a_restricted_cases_messages_are_for_named_people(self, client, authority, family, role):
        message = self.about(family)
        user = user_with_role(role, authority=authority)
        client.force_login(user)
        Family.objects.update(restricted=True)
        assert self.is_closed(client, message)
        NamedForFamilyFactory(family=family, user=user)
        assert list(client.get(URL).context["page"]) == [message]

    def test_a_code_for_a_guest_of_a_restricted_case_is_closed_too(self, client, coordinator, family):
        member = FamilyMemberFactory(family=family)
        message = MessageFactory(
            authority=family.authority, person_id=member.person_id, kind="code", calendar_file="BEGIN"
        )
        Family.objects.update(restricted=True)
        assert self.is_closed(client, message)

    def test_a_conflict_of_interest_closes_the_messages(self, client, coordinator, family):
        message = self.about(family)
        ConflictOfInterestFactory(user=coordinator, family=family)
        assert self.is_closed(client, message)

    def test_messages_to_a_sealed_person_are_closed_to_everyone(self, client, coordinator, family):
        member = FamilyMemberFactory(family=family)
        message = self.about(family, person_id=member.person_id)
        type(member.person).objects.update(sealed_at=NOW, sealed_because="Adopted")
        assert self.is_closed(client, message)

    def test_a_message_about_staffs_own_work_is_read_by_its_recipient_only(
        self, client, authority, coordinator, family
    ):
        words = {"kind": "alert", "subject": f"Late: {family.case_number}", "body": "Late: a visit, case 26-9"}
        theirs = MessageFactory(authority=authority, user=UserFactory(), **words)
        mine = MessageFactory(authority=authority, user=coordinator, **words)
        said = [
            client.get(reverse("notifications:see-message", args=[row.pk])).content.decode() for row in (theirs, mine)
        ]
        assert ["case 26-9" in page for page in said] == [False, True]
        assert [family.case_number in page for page in said] == [False, True]
        assert client.get(URL).content.decode().count(family.case_number) == 1
