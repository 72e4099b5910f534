from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from demo.outdated import OutdatedDatabaseError, is_outdated, rebuild_outdated_demonstration
from tests.factories import UserFactory


@pytest.fixture
def outdated(db):
    MigrationRecorder(connection).record_applied("families", "0008_of_an_earlier_version")


def test_a_migrated_database_is_not_outdated(db):
    assert not is_outdated()
    assert rebuild_outdated_demonstration(is_ours=True) is False


@pytest.mark.usefixtures("outdated")
def test_a_database_with_real_accounts_is_never_dropped():
    UserFactory(email="dilys.heron@demo.example")
    UserFactory(email="somebody@council.example")
    with pytest.raises(OutdatedDatabaseError, match="left as it is"):
        rebuild_outdated_demonstration(is_ours=True)


@pytest.mark.usefixtures("outdated")
def test_another_server_is_left_alone():
    UserFactory(email="dilys.heron@demo.example")
    with pytest.raises(OutdatedDatabaseError, match="name another"):
        rebuild_outdated_demonstration(is_ours=False)


@pytest.fixture
def own_database(django_db_setup, django_db_blocker):
    """Use a separate database, laid out by a migration that no longer exists."""
    usual, name = connection.settings_dict["NAME"], "cpconf_outdated"
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        connection.settings_dict["NAME"] = name
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        recorder.record_applied("families", "0008_of_an_earlier_version")
        yield connection
        connection.close()
        connection.settings_dict["NAME"] = usual
        with connection._nodb_cursor() as server:
            server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def test_the_demonstration_is_rebuilt(own_database):
    with own_database.cursor() as cursor:
        cursor.execute("CREATE TABLE accounts_user (email text)")
        cursor.execute("INSERT INTO accounts_user VALUES ('dilys.heron@demo.example')")
    assert rebuild_outdated_demonstration(is_ours=True) is True
    assert own_database.introspection.table_names() == []
