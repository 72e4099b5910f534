from __future__ import annotations

import base64
import json
import logging
import logging.config

import pytest
from celery.app import trace
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import RequestFactory

from cpconf.logs import logging_settings, without_row_content
from cpconf.middleware import RequestLogMiddleware
from tests.log_lines import Lines, every_line


@pytest.mark.django_db
def test_row_content_in_database_errors_does_not_reach_the_log(monkeypatch, capsys):
    built = logging_settings(production=True, level="INFO")
    formatter = built["formatters"]["structured"]
    made = logging.config.DictConfigurator({"version": 1}).configure_custom(dict(formatter))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE person (name text, CHECK (length(name) < 5))")
        with pytest.raises(IntegrityError) as caught:
            cursor.execute("INSERT INTO person VALUES ('Hazel' || ' Larch')")
    record = logging.LogRecord(
        "cpconf", logging.ERROR, __file__, 1, "request_failed", (), (caught.type, caught.value, caught.tb)
    )
    line = made.format(record)
    assert "Hazel Larch" not in json.loads(line)["exception"]
    assert "violates check constraint" in line


def test_only_the_row_is_removed():
    text = (
        "Error: duplicate key\nDETAIL:  Failing row contains (Hazel\n\n Larch).\n"
        "The above exception was the direct cause of the following exception:\nother words"
    )
    event = without_row_content(logging.getLogger(), "error", {"exception": text})
    assert event["exception"] == (
        "Error: duplicate key\n[row content removed]\n"
        "The above exception was the direct cause of the following exception:\nother words"
    )


def test_a_picture_that_cannot_be_drawn_is_not_repeated():
    formatter = logging_settings(production=True, level="INFO")["formatters"]["structured"]
    made = logging.config.DictConfigurator({"version": 1}).configure_custom(dict(formatter))
    drawn = base64.b64encode(b'<svg aria-label="Safety scores for Hazel"/>').decode()
    args = (f"data:image/svg+xml;base64,{drawn}", "no picture")
    record = logging.LogRecord("weasyprint", logging.ERROR, "", 1, "Failed to load image at %r: %s", args, None)
    line = json.loads(made.format(record))["event"]
    assert line == "Failed to load image at 'data:[content removed]': no picture"


def line_of(error, *, name="cpconf", message="request_failed", args=()):
    formatter = logging_settings(production=True, level="INFO")["formatters"]["structured"]
    made = logging.config.DictConfigurator({"version": 1}).configure_custom(dict(formatter))
    fault = (type(error), error, error.__traceback__)
    return made.format(logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, fault))


def caught(act):
    try:
        act()
    except Exception as error:  # noqa: BLE001 - whatever it raises is looked at
        return error
    raise AssertionError("Nothing was raised.")


def raise_from(words):
    try:
        {}[words]
    except KeyError as cause:
        raise ValueError(f"bad form: {words}") from cause


TOLD = "Hazel" + " Larch"


def test_the_messages_of_an_exception_and_its_causes_are_left_out():
    told = json.loads(line_of(caught(lambda: raise_from(TOLD))))["exception"]
    assert "Hazel" not in told
    assert [line for line in told.splitlines() if line in {"KeyError", "ValueError", "which came of:"}] == [
        "ValueError",
        "which came of:",
        "KeyError",
    ]
    assert "in raise_from" in told


@pytest.mark.django_db
def test_a_statements_values_are_left_out():
    def ask():
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::int", [TOLD])

    told = json.loads(line_of(caught(ask)))["exception"]
    assert ("Hazel" in told, "django.db.utils.DataError: 22P02" in told) == (False, True)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (trace.LOG_SUCCESS, "Task deadlines.sweep[7] succeeded"),
        (trace.LOG_RETRY, "Task deadlines.sweep[7] will be tried again"),
    ],
)
def test_a_task_that_did_not_fail_is_not_logged_as_failed(message, said):
    formatter = logging_settings(production=True, level="INFO")["formatters"]["structured"]
    made = logging.config.DictConfigurator({"version": 1}).configure_custom(dict(formatter))
    args = ({"name": "deadlines.sweep", "id": "7", "runtime": 1.2, "return_value": "None", "exc": TOLD},)
    line = json.loads(made.format(logging.LogRecord("celery.app.trace", logging.INFO, "", 1, message, args, None)))
    assert (line["event"], line["level"]) == (said, "info")


def test_an_exception_that_is_its_own_cause_does_not_loop():
    error = ValueError(TOLD)
    error.__cause__ = error
    assert "Hazel" not in line_of(error)


def test_a_failed_task_is_logged_without_its_exceptions_message():
    args = ({"name": "notifications.send_due", "id": "7", "description": "raised unexpected", "exc": TOLD},)
    line = line_of(ValueError(TOLD), name="celery.app.trace", message="Task %(name)s: %(exc)s", args=args)
    assert json.loads(line)["event"] == "Task notifications.send_due[7] raised unexpected"
    assert "Hazel" not in line


@pytest.mark.django_db
@pytest.mark.urls("tests.cpconf.failing_urls")
def test_an_unexpected_exception_logs_no_word_of_the_form(client):
    client.raise_request_exception = False
    with every_line() as lines:
        answer = client.post("/fails/?q=Hazel", {"name": TOLD})
    assert (answer.status_code, TOLD in answer.content.decode()) == (500, False)
    assert [line for line in lines.lines if "Hazel" in line] == []
    assert [json.loads(line)["event"] for line in lines.lines if "exception" in line] == ["request_failed"]


def test_errors_are_not_mailed():
    assert (settings.ADMINS, settings.MANAGERS) == ([], [])
    handlers = logging_settings(production=True, level="INFO")["handlers"]
    assert {handler["class"] for handler in handlers.values()} == {"logging.StreamHandler"}


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/secret-of-the-feed.ics",
        "/guest/open/secret-of-the-link/",
        "/typed/wrongly//guest/open/secret-of-the-link/",
        "/account/password/new/1-secret-key/",
    ],
)
def test_the_secret_in_a_url_is_left_out(path):
    assert "secret-" not in RequestLogMiddleware.format_request(RequestFactory().get(path))


def test_the_log_collector_finds_a_name():
    lines = Lines()
    lines.emit(logging.LogRecord("cpconf", logging.WARNING, __file__, 1, "found %s", ("Given" + "12",), None))
    assert len(lines.that_tell_something()) == 1
