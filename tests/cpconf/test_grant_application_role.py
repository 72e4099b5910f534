from __future__ import annotations

import datetime

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.test import override_settings

from accounts.tasks import clear_tallies
from cpconf.checks import application_owns_no_table
from deadlines.services import reconcile, sweep
from tests.factories import DeadlineFactory

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 12, 9, 10, tzinfo=datetime.UTC)


@pytest.fixture
def as_application():
    """Run the rest as the application's role; the end of the test removes the role again."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE cpconf_trial NOLOGIN")
        call_command("grant_application_role", role="cpconf_trial", verbosity=0)
        cursor.execute("SET LOCAL ROLE cpconf_trial")
        yield cursor


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(*) FROM families_person",
        "INSERT INTO django_session VALUES ('k', 'd', now())",
        "DELETE FROM django_session",
        "DELETE FROM django_cache",
        "DELETE FROM deadlines_calendarday",
        "UPDATE families_person SET id = id",
    ],
)
def test_the_application_may(as_application, statement):
    as_application.execute(statement)


@pytest.mark.usefixtures("as_application")
def test_the_nightly_clearing_needs_no_other_role():
    clear_tallies()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM families_person",
        "TRUNCATE families_person",
        "TRUNCATE accounts_accessevent",
        "UPDATE accounts_accessevent SET page = ''",
        "DELETE FROM accounts_accessevent",
        "ALTER TABLE accounts_accessevent DISABLE TRIGGER ALL",
        "DROP TABLE families_person",
        "CREATE TABLE public.mine (id int)",
        "UPDATE families_personevent SET pgh_id = pgh_id",
        "DELETE FROM families_personevent",
        "DELETE FROM django_migrations",
    ],
)
def test_the_application_may_not(as_application, statement):
    with pytest.raises(ProgrammingError), transaction.atomic():
        as_application.execute(statement)


def test_the_application_counts_every_deadline_and_announces_it(as_application):
    deadline = DeadlineFactory(next_stage_at=None)
    assert (reconcile(now=NOW).stopped, reconcile(now=NOW).written) == (1, 0)
    reconcile(family_ids=[deadline.family_id], now=NOW)
    assert sweep(now=NOW).raised == 0


def test_production_is_refused_as_the_owner_and_accepted_as_the_application(as_application):
    with override_settings(PRODUCTION=True):
        assert application_owns_no_table(None, databases=["default"]) == []
        as_application.execute("RESET ROLE")
        assert [error.id for error in application_owns_no_table(None, databases=["default"])] == ["cpconf.E004"]


def test_an_unknown_role_is_refused():
    with pytest.raises(CommandError, match="There is no database role nobody_known"):
        call_command("grant_application_role", role="nobody_known")


def test_a_super_user_is_refused():
    with pytest.raises(CommandError, match="super-user"):
        call_command("grant_application_role", role="postgres")


@override_settings(PRODUCTION=True)
@pytest.mark.parametrize(("deploying", "refused"), [(False, False), (True, True)])
def test_the_owner_may_migrate_an_installation_that_has_tables(deploying, refused):
    """``migrate`` runs the first of these before anything else: updates, restarts and restoring begin with it."""
    found = run_checks(databases=["default"], include_deployment_checks=deploying)
    assert ("cpconf.E004" in [error.id for error in found]) is refused
