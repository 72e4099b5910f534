from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from families.models import Person, Post
from families.services import staff_person, staff_post
from tests.factories import UserFactory
from tests.families.conftest import TODAY

pytestmark = pytest.mark.django_db


def test_creates_an_accounts_person_and_post_once(council):
    council.worker.job_title = "Senior social worker"
    people = {staff_person(user=council.worker, today=TODAY) for _ in range(2)}
    [person] = people
    post = Post.objects.get()
    assert (person.user, person.given_name, person.family_name) == (council.worker, "Amara", "Finch")
    assert (post.person, post.title, post.email, post.agency.name, post.agency.kind) == (
        person,
        "Senior social worker",
        council.worker.email,
        "Eastmere Council children’s social care",
        "social_care",
    )
    assert staff_post(user=council.worker, today=TODAY) == post


def test_two_requests_at_once_make_one_post_because_the_person_is_locked(council):
    with CaptureQueriesContext(connection) as queries:
        staff_person(user=council.worker, today=TODAY)
    locked = [query["sql"].split(" FROM ")[1].split()[0] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert locked == ['"families_person"']


def test_reuses_a_person_already_recorded(case):
    """T1: a social worker who is also a grandmother."""
    case.grandmother.user = case.council.manager
    case.grandmother.save()
    assert staff_person(user=case.council.manager, today=TODAY) == case.grandmother


def test_a_single_name_is_a_last_name(council):
    council.worker.name = "Cher"
    person = staff_person(user=council.worker, today=TODAY)
    assert (person.given_name, person.family_name) == ("", "Cher")


def test_an_account_without_a_role_has_no_post(db):
    with pytest.raises(ValidationError):
        staff_person(user=UserFactory(), today=TODAY)
    assert not Person.objects.exists()
