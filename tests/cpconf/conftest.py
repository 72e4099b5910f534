from __future__ import annotations

import pytest
from django.db import connection


@pytest.fixture
def no_database(django_db_blocker, tmp_path):
    """Point the database URL at a folder in which no server listens."""
    with django_db_blocker.unblock():
        connection.close()
        host = connection.settings_dict["HOST"]
        connection.settings_dict["HOST"] = str(tmp_path)
        yield
        connection.close()
        connection.settings_dict["HOST"] = host
