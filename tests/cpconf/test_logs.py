from __future__ import annotations

import json
import logging
import logging.config

import pytest
from django.db import IntegrityError, connection

from cpconf.logs import logging_settings, without_row_content


@pytest.mark.django_db
def test_what_the_database_repeats_of_a_row_does_not_reach_the_log(monkeypatch, capsys):
    built = logging_settings(production=True, level="INFO")
    formatter = built["formatters"]["structured"]
    made = logging.config.DictConfigurator({"version": 1}).configure_custom(dict(formatter))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE person (name text, CHECK (length(name) < 5))")
        with pytest.raises(IntegrityError) as caught:
            cursor.execute("INSERT INTO person VALUES ('Hazel' || ' Larch')")
    record = logging.LogRecord(
        "cpconf",
        logging.ERROR,
        __file__,
        1,
        "request_failed",
        (),
        (caught.type, caught.value, caught.tb),
    )
    line = made.format(record)
    assert "Hazel Larch" not in json.loads(line)["exception"]
    assert "violates check constraint" in line


def test_only_the_row_is_cut_out():
    text = (
        "Error: duplicate key\nDETAIL:  Failing row contains (Hazel\n\n Larch).\n"
        "The above exception was the direct cause of the following exception:\nother words"
    )
    event = without_row_content(logging.getLogger(), "error", {"exception": text})
    assert event["exception"] == (
        "Error: duplicate key\n[row content removed]\n"
        "The above exception was the direct cause of the following exception:\nother words"
    )
