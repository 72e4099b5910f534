from __future__ import annotations

import datetime

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.urls import reverse

from govuk.forms import BeyondTheForm, GovukForm
from govuk.generic import form_view


class NoteForm(GovukForm):
    text = forms.CharField(label="Note")
    day = forms.CharField(label="Day", required=False)


def shown(data=None, save=dict, **options):
    request = RequestFactory().get("/") if data is None else RequestFactory().post("/", data)
    request._messages = CookieStorage(request)
    form = NoteForm(request.POST if request.method == "POST" else None)
    options = {"success_url": "/next/", "template_name": "govuk/form_page.html", **options}
    response = form_view(request, form, save, **options)
    return response, form, [str(message) for message in get_messages(request)]


def refuse(error):
    def save(_data):
        raise error

    return save


def test_viewing_the_page_saves_nothing():
    response, _form, _messages = shown(save=refuse(AssertionError))

    assert response.status_code == 200
    assert b"There is a problem" not in response.content


def test_invalid_input_is_shown_again_and_not_saved():
    response, _form, _messages = shown({"day": "Monday"}, save=refuse(AssertionError))

    assert response.status_code == 200
    assert "Fill in “Note”" in response.content.decode()
    assert b'value="Monday"' in response.content


def test_the_service_gets_the_cleaned_data_and_the_view_redirects():
    saved = []
    response, _form, said = shown({"text": " A "}, save=saved.append, success_message="The note is kept.")

    assert saved == [{"text": "A", "day": ""}]
    assert (response.status_code, response.url) == (302, "/next/")
    assert said == ["The note is kept."]


def test_the_saved_object_may_decide_redirect_and_message():
    response, _form, said = shown(
        {"text": "A"}, save=lambda _: 7, success_url=lambda row: f"/{row}/", success_message=lambda row: f"Note {row}"
    )

    assert (response.url, said) == ("/7/", ["Note 7"])


def test_a_refusal_is_shown_beside_the_field_it_names():
    _response, form, said = shown(
        {"text": "A"}, save=refuse(ValidationError({"text": "Too late"})), success_message="!"
    )

    assert (form.errors, said) == ({"text": ["Too late"]}, [])


def test_a_refused_argument_is_mapped_to_its_form_field():
    refusal = ValidationError({"held_on": "Not a working day", "chair": "Is away"})
    _response, form, _messages = shown({"text": "A"}, save=refuse(refusal), renamed={"held_on": "day"})

    assert form.errors == {"day": ["Not a working day"], "__all__": ["Is away"]}


def test_a_refusal_beyond_the_form_is_raised():
    with pytest.raises(BeyondTheForm):
        shown({"text": "A"}, save=refuse(BeyondTheForm("The meeting has ended")))


def test_nothing_is_saved_while_another_form_of_the_page_is_wrong():
    other = NoteForm({}, prefix="other")
    response, _form, _messages = shown({"text": "A"}, save=refuse(AssertionError), parts=[other])

    assert response.status_code == 200
    assert other.errors == {"text": ["Fill in “Note”"]}


def test_the_view_sets_the_button_and_cancel_link():
    response, _form, _messages = shown(button="Keep the note", cancel_url=reverse("govuk:read-help"))
    html = response.content.decode()

    assert 'data-prevent-double-click="true">Keep the note</button>' in html
    assert '<a class="govuk-link" href="/help/">Cancel</a>' in html


def test_the_context_reaches_the_page():
    response, _form, _messages = shown(title="A note", today=datetime.date(2027, 1, 5))

    assert b"<title>A note" in response.content
