"""Drafts can't be read in the database, and an unreadable one breaks no page."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import encryption
from accounts.drafts import services
from accounts.enums import Role
from accounts.models import Draft
from tests.factories import user_with_role
from tests.stories import once_per_module

PAGE = "/writing/"
TYPED = {"title": ["Robin"], "words": ["Robin said the refuge is in Hazel Street. 🌱"]}


def kept(user, fields=TYPED):
    return services.save_draft(user_id=user.pk, path=PAGE, fields=fields, now=timezone.now())


@once_per_module()
def writer():
    return user_with_role(Role.SOCIAL_WORKER)


@pytest.mark.django_db
class TestAtRest:
    def test_the_row_contains_none_of_the_text(self, writer):
        kept(writer)
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(accounts_draft)::text FROM accounts_draft")
            row = cursor.fetchone()[0]
        assert [word for word in ("Robin", "refuge", "Hazel", "words", "title") if word in row] == []
        assert Draft.objects.get().fields == TYPED

    def test_the_same_text_is_encrypted_differently_each_time(self, writer):
        first = kept(writer).sealed
        assert kept(writer).sealed != first

    def test_a_finished_draft_is_empty(self, writer):
        kept(writer)
        services.finish_draft(user_id=writer.pk, path=PAGE, now=timezone.now())
        assert (Draft.objects.get().sealed, Draft.objects.get().fields) == ("", {})

    def test_it_can_not_be_decrypted_in_another_users_row(self, writer):
        kept(writer)
        other = user_with_role(Role.SOCIAL_WORKER)
        Draft.objects.update(user=other)
        with pytest.raises(encryption.CannotBeOpened):
            _ = Draft.objects.get().fields

    def test_it_can_not_be_decrypted_for_another_page(self, writer):
        kept(writer)
        Draft.objects.update(path="/other-writing/")
        with pytest.raises(encryption.CannotBeOpened):
            _ = Draft.objects.get().fields


class TestKeys:
    OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()

    def test_a_new_first_key_encrypts_and_the_old_one_still_decrypts(self, settings):
        settings.DRAFT_KEYS = [self.OLD]
        before = encryption.seal(TYPED, user_id=1, path=PAGE)
        settings.DRAFT_KEYS = [self.NEW, self.OLD]
        after = encryption.seal(TYPED, user_id=1, path=PAGE)
        assert encryption.unseal(before, user_id=1, path=PAGE) == TYPED
        settings.DRAFT_KEYS = [self.NEW]
        assert encryption.unseal(after, user_id=1, path=PAGE) == TYPED
        with pytest.raises(encryption.CannotBeOpened):
            encryption.unseal(before, user_id=1, path=PAGE)

    @pytest.mark.parametrize("text", ["", "x", "0" * 44, "é" * 44, "A" * 42 + "=="])
    def test_an_invalid_key_is_recognised(self, text):
        assert not encryption.is_key(text)

    def test_a_derived_key_is_a_key(self):
        assert encryption.is_key(encryption.key_from("secret"))


@pytest.mark.django_db
@pytest.mark.urls("tests.accounts.writing_urls")
class TestWhenTheKeyIsLost:
    @pytest.fixture
    def visitor(self, writer, settings):
        kept(writer)
        settings.DRAFT_KEYS = [Fernet.generate_key().decode()]
        visitor = Client()
        visitor.force_login(writer)
        return visitor

    def test_the_page_opens_without_the_text_and_says_so(self, visitor):
        answer = visitor.get(PAGE)
        assert (answer.status_code, answer.context["form"]["words"].value()) == (200, None)
        assert "We can’t read what you typed here before" in answer.content.decode()

    def test_later_input_is_stored_under_the_new_key(self, visitor, writer):
        kept(writer, {"words": ["Anew"]})
        assert visitor.get(PAGE).context["form"]["words"].value() == "Anew"

    def test_the_text_returns_with_the_key(self, visitor, writer, settings):
        visitor.get(PAGE)
        settings.DRAFT_KEYS = [*settings.DRAFT_KEYS, encryption.key_from(settings.SECRET_KEY)]
        assert visitor.get(PAGE).context["form"]["words"].value() == TYPED["words"][0]
