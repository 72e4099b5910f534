from __future__ import annotations

import datetime
import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.drafts import services
from accounts.enums import Role
from accounts.models import Draft
from tests.factories import UserFactory, user_with_role
from tests.stories import once_per_module

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.writing_urls")]

PAGE = "/writing/"
LONG = "Robin said “I like it here”. 🌱\n" * 1500
TYPED = {
    "title": "x" * 30,
    "held_on_day": "31",
    "held_on_month": "February",
    "held_on_year": "",
    "words": LONG,
    "version": "4",
}


@once_per_module()
def writer():
    return user_with_role(Role.SOCIAL_WORKER)


@pytest.fixture
def visitor(writer):
    """The author's browser: signed in, with CSRF checks as in production."""
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(writer)
    return visitor


def hidden(page, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found.group(1) if found else ""


def opened(visitor, url=PAGE):
    """Return the form's hidden fields, as in a browser that shows the page."""
    page = visitor.get(url).content.decode()
    return {name: hidden(page, name) for name in ("csrfmiddlewaretoken", "draft_owner")}


def sign_out(visitor):
    """End the session on the server; the browser keeps its cookies."""
    Session.objects.all().delete()


def sign_in(visitor, user):
    """Sign in with the browser's existing cookies."""
    sign_out(visitor)
    visitor.force_login(user)


def form_on(visitor, url=PAGE):
    return visitor.get(url).context["form"]


def values_of(form):
    return {name: form[name].value() for name in form.fields}


class TestTheSessionEnds:
    def test_midway_through_a_long_text_which_is_restored_after_signing_in(self, visitor, writer):
        fields = opened(visitor)
        sign_out(visitor)
        answer = visitor.post(PAGE, {**TYPED, **fields})
        assert answer.headers["Location"] == f"{reverse('account_login')}?next={PAGE}"
        sign_in(visitor, writer)
        answer = visitor.get(PAGE)
        assert values_of(answer.context["form"]) == {
            "title": "x" * 30,
            "held_on": ["31", "February", ""],
            "words": LONG,
            "agreed": False,
            "version": "4",
        }
        page = answer.content.decode()
        assert "We saved what you typed" in page
        assert 'class="govuk-error' not in page

    def test_the_sign_in_page_returns_to_the_form(self, visitor, writer):
        writer.set_password("heron plover wren")
        writer.save()
        visitor.force_login(writer)
        fields = opened(visitor)
        sign_out(visitor)
        sign_in_page = visitor.post(PAGE, {**TYPED, **fields}).headers["Location"]
        token = hidden(visitor.get(sign_in_page).content.decode(), "csrfmiddlewaretoken")
        answer = visitor.post(
            sign_in_page,
            {"login": writer.email, "password": "heron plover wren", "csrfmiddlewaretoken": token, "next": PAGE},
        )
        assert answer.headers["Location"] == PAGE
        assert form_on(visitor)["words"].value() == LONG

    def test_another_user_who_signs_in_there_sees_none_of_it(self, visitor):
        fields = opened(visitor)
        sign_out(visitor)
        visitor.post(PAGE, {**TYPED, **fields})
        sign_in(visitor, user_with_role(Role.SOCIAL_WORKER))
        answer = visitor.get(PAGE)
        assert answer.context["form"]["words"].value() is None
        assert "Robin" not in answer.content.decode()

    def test_by_signing_out_in_another_window(self, visitor, writer):
        fields = opened(visitor)
        visitor.post(reverse("account_logout"), {"csrfmiddlewaretoken": fields["csrfmiddlewaretoken"]})
        assert visitor.post(PAGE, {**TYPED, **fields}).status_code == 302
        sign_in(visitor, writer)
        assert form_on(visitor)["words"].value() == LONG

    def test_without_the_csrf_cookie_the_text_is_kept_and_the_page_says_so(self, visitor, writer):
        fields = opened(visitor)
        visitor.cookies.clear()
        answer = visitor.post(PAGE, {**TYPED, **fields})
        assert answer.status_code == 403
        page = answer.content.decode()
        assert "What you typed is saved. Sign in" in page
        assert f"{reverse('account_login')}?next=/writing/" in page
        sign_in(visitor, writer)
        assert form_on(visitor)["words"].value() == LONG

    def test_signing_in_again_in_another_window_makes_the_page_stale(self, visitor, writer):
        writer.set_password("heron plover wren")
        writer.save()
        visitor.force_login(writer)
        fields = opened(visitor)
        sign_out(visitor)
        token = hidden(visitor.get(reverse("account_login")).content.decode(), "csrfmiddlewaretoken")
        visitor.post(
            reverse("account_login"),
            {"login": writer.email, "password": "heron plover wren", "csrfmiddlewaretoken": token},
        )
        answer = visitor.post(PAGE, {**TYPED, **fields})
        assert answer.status_code == 403
        assert "Open the form again" in answer.content.decode()
        assert form_on(visitor)["words"].value() == LONG

    def test_another_user_signs_in_before_the_form_is_submitted(self, visitor, writer):
        fields = opened(visitor)
        other = user_with_role(Role.SOCIAL_WORKER)
        sign_in(visitor, other)
        token = opened(visitor)["csrfmiddlewaretoken"]
        answer = visitor.post(PAGE, {**TYPED, **fields, "csrfmiddlewaretoken": token})
        assert answer.status_code == 403
        page = answer.content.decode()
        assert "That was someone else" in page
        assert "Robin" not in page
        assert form_on(visitor)["words"].value() is None
        sign_in(visitor, writer)
        assert form_on(visitor)["words"].value() == LONG

    def test_a_form_without_drafts_redirects_to_sign_in_and_back_to_its_page(self):
        visitor = Client()
        answer = visitor.post("/only-a-form/", headers={"referer": "http://testserver/writing/?tab=2"})
        assert answer.headers["Location"] == f"{reverse('account_login')}?next=/writing/%3Ftab%3D2"

    def test_a_referer_of_another_site_is_not_followed(self):
        answer = Client().post("/only-a-form/", headers={"referer": "https://elsewhere.example/"})
        assert answer.headers["Location"] == f"{reverse('account_login')}?next=/only-a-form/"


class TestWhatIsKept:
    def test_no_token_owner_or_password(self, visitor, writer):
        fields = opened(visitor)
        sign_out(visitor)
        visitor.post(PAGE, {**TYPED, **fields, "old_password": "secret", "password1": "secret"})
        assert sorted(Draft.objects.get().fields) == sorted(TYPED)

    def test_characters_that_the_database_refuses_are_left_out(self, writer):
        visitor = Client()
        visitor.force_login(writer)
        fields = opened(visitor)
        sign_out(visitor)
        visitor.post(PAGE, {**TYPED, **fields, "words": "one\x00two\r\nthree"})
        assert Draft.objects.get().fields["words"] == ["onetwo\nthree"]

    def test_a_forged_owner_keeps_nothing(self, writer):
        visitor = Client()
        answer = visitor.post(PAGE, {**TYPED, "draft_owner": f"[{writer.pk}]:forged"})
        assert answer.status_code == 302
        assert Draft.objects.count() == 0

    def test_nothing_for_a_closed_account(self, visitor, writer):
        fields = opened(visitor)
        sign_out(visitor)
        writer.is_active = False
        writer.save()
        visitor.post(PAGE, {**TYPED, **fields})
        assert Draft.objects.count() == 0

    def test_each_page_separately(self, visitor, writer):
        services.save_draft(user_id=writer.pk, path=PAGE, fields={"words": ["Here"]}, now=timezone.now())
        assert form_on(visitor)["words"].value() == "Here"
        assert form_on(visitor, "/other-writing/")["words"].value() is None
        assert form_on(visitor, "/writing/?child=2")["words"].value() is None

    def test_what_another_form_of_the_page_kept_leaves_this_one_alone(self, visitor, writer):
        services.save_draft(user_id=writer.pk, path=PAGE, fields={"note": ["Else"]}, now=timezone.now())
        form = form_on(visitor)
        assert (form.restored_at, form["agreed"].value()) == (None, True)

    def test_the_page_can_be_viewed_without_the_draft(self, visitor, writer):
        services.save_draft(user_id=writer.pk, path=PAGE, fields={"words": ["Kept"]}, now=timezone.now())
        assert 'href="?without-draft=1"' in visitor.get(PAGE).content.decode()
        assert form_on(visitor, f"{PAGE}?without-draft=1")["words"].value() is None
        assert form_on(visitor)["words"].value() == "Kept"

    def test_a_stale_edit_is_detected_by_its_version(self, visitor, writer):
        services.save_draft(
            user_id=writer.pk, path=PAGE, fields={"words": ["Mine"], "version": ["4"]}, now=timezone.now()
        )
        assert form_on(visitor)["version"].value() == "4"

    def test_it_is_not_validated_before_it_is_submitted(self, visitor, writer):
        services.save_draft(user_id=writer.pk, path=PAGE, fields={"title": ["x" * 30]}, now=timezone.now())
        form = form_on(visitor)
        assert (form.is_valid(), form.errors) == (False, {})


class TestSending:
    def good(self, fields):
        return {**TYPED, **fields, "title": "Visit", "held_on_month": "1", "held_on_year": "2026"}

    def test_a_successful_form_clears_its_draft(self, visitor, writer):
        fields = opened(visitor)
        services.save_draft(user_id=writer.pk, path=PAGE, fields={"words": ["Kept"]}, now=timezone.now())
        assert visitor.post(PAGE, self.good(fields)).headers["Location"] == "/written/"
        assert form_on(visitor)["words"].value() is None
        assert Draft.objects.get().fields == {}

    def test_a_form_with_errors_keeps_its_draft_and_text(self, visitor, writer):
        fields = opened(visitor)
        services.save_draft(user_id=writer.pk, path=PAGE, fields={"words": ["Kept"]}, now=timezone.now())
        answer = visitor.post(PAGE, {**TYPED, **fields})
        assert answer.context["form"]["words"].value() == LONG
        assert Draft.objects.get().fields == {"words": ["Kept"]}

    def test_a_form_submitted_without_the_draft_clears_it_too(self, visitor, writer):
        services.save_draft(user_id=writer.pk, path=PAGE, fields={"words": ["Kept"]}, now=timezone.now())
        url = f"{PAGE}?without-draft=1"
        visitor.post(url, self.good(opened(visitor, url)))
        assert form_on(visitor)["words"].value() is None


class TestSavingAsOneTypes:
    URL = reverse("accounts:save-draft")

    def save(self, visitor, fields, **changed):
        return visitor.post(
            self.URL,
            {**TYPED, "draft_owner": fields["draft_owner"], "path": PAGE, **changed},
            headers={"X-CSRFToken": fields["csrfmiddlewaretoken"], "Accept": "application/json"},
        )

    def test_says_when_it_was_saved(self, visitor, writer):
        answer = self.save(visitor, opened(visitor))
        draft = Draft.objects.get()
        local = timezone.localtime(draft.saved_at)
        assert answer.json() == {"saved_at": f"{local.hour}:{local.minute:02d}"}
        assert (draft.user, draft.path, draft.fields["words"]) == (writer, PAGE, [LONG])
        assert "path" not in draft.fields

    def test_the_page_shows_it_next_time(self, visitor):
        self.save(visitor, opened(visitor))
        assert form_on(visitor)["words"].value() == LONG

    def test_only_for_the_person_who_was_shown_the_form(self, visitor):
        fields = opened(visitor)
        sign_in(visitor, user_with_role(Role.SOCIAL_WORKER))
        fields["csrfmiddlewaretoken"] = opened(visitor)["csrfmiddlewaretoken"]
        assert self.save(visitor, fields).status_code == 403
        assert Draft.objects.count() == 0

    def test_not_while_signed_out(self, visitor):
        fields = opened(visitor)
        sign_out(visitor)
        answer = self.save(visitor, fields)
        assert (answer.status_code, answer.json()) == (403, {"error": "You are no longer signed in."})

    def test_a_form_without_owner_keeps_nothing(self, visitor):
        fields = opened(visitor)
        assert self.save(visitor, fields, draft_owner="").status_code == 400

    def test_too_long_a_text_is_refused(self, visitor):
        fields = opened(visitor)
        assert self.save(visitor, fields, words="x" * 1_000_001).status_code == 409
        assert Draft.objects.count() == 0

    def test_a_late_save_after_submission_restores_nothing(self, visitor):
        fields = opened(visitor)
        visitor.post(PAGE, TestSending().good(fields))
        assert self.save(visitor, fields).status_code == 409
        assert form_on(visitor)["words"].value() is None

    def test_a_save_from_a_page_opened_after_submission_is_kept(self, visitor):
        visitor.post(PAGE, TestSending().good(opened(visitor)))
        assert self.save(visitor, opened(visitor)).status_code == 200
        assert form_on(visitor)["words"].value() == LONG

    def test_requires_post(self, visitor):
        assert visitor.get(self.URL).status_code == 405


def test_a_path_too_long_for_a_draft_is_not_kept():
    user = UserFactory()
    now = datetime.datetime(2026, 12, 8, tzinfo=datetime.UTC)
    path = "/" + "x" * 300
    assert services.save_draft(user_id=user.pk, path=path, fields={}, now=now) is None
    services.finish_draft(user_id=user.pk, path=path, now=now)
    assert Draft.objects.count() == 0
