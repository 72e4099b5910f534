"""Users who may not open a case find nothing of it on any page, in any file and in any search.

Other tests check whether a URL opens. This one reads what is on the pages that do open: lists, files, the
outbox, logs and reviews, for people to whom the case is closed; and the siblings' pages if one child's record
is sealed.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import reverse

from families.enums import AdoptedBy
from families.models import Person, PersonName
from families.services import declare_conflict, record_adoption, seal_person
from plans.enums import EndReason
from plans.models import Plan
from tests.access_table import may_come_in
from tests.reports.story import NOW
from tests.world import address_names, address_of, is_about_the_family, restrict, visitor

NUMBER, FAMILY, CHILD, SIBLING, MOTHER = "99-7301", "Quillfeather", "Zephyrine", "Ottoline", "Hyacintha"
ALIAS = "Wrenhilda"
MARKS = (NUMBER, FAMILY, CHILD, SIBLING, MOTHER)


@pytest.fixture
def world(told_world: SimpleNamespace) -> SimpleNamespace:
    told_world.family.name, told_world.family.case_number = FAMILY, NUMBER
    told_world.family.save()
    for person, name in (
        (told_world.robin.person, CHILD),
        (told_world.wren.person, SIBLING),
        (told_world.hazel, MOTHER),
    ):
        Person.objects.filter(pk=person.pk).update(given_name=name, family_name=FAMILY)
    type(told_world.conference).objects.filter(pk=told_world.conference.pk).update(reference=NUMBER + "-C1")
    return told_world


def told(
    world: SimpleNamespace, who: str, marks: tuple[str, ...], *, of_family: bool, unless: tuple[str, ...] = ()
) -> list[tuple[str, str, str]]:
    """Return where a user is shown one of ``marks``, on pages about one family or about many.

    Not asked for what they could not open while the case was open to all: it is refused before anything is read.
    Nor for what opens to anybody in ``unless``.
    """
    client, found = visitor(world, who), []
    for name in address_names():
        if is_about_the_family(name) != of_family or not may_come_in(who, name):
            continue
        if any(may_come_in(other, name) for other in unless):
            continue
        before = transaction.savepoint()
        answer = client.get(address_of(world, name))
        transaction.savepoint_rollback(before)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said = body.decode(errors="replace") + str(answer.headers)
        found += [(who, name, mark) for mark in marks if mark in said]
    return found


def test_of_a_restricted_case(world):
    restrict(world)
    people = ("other coordinator", "service manager", "custodian")
    assert [row for who in people for row in told(world, who, MARKS, of_family=False)] == []


def test_of_a_case_with_a_conflict_of_interest(world):
    people = ("own social worker", "service manager", "own coordinator")
    for who in people:
        user = world.actors[who]
        declare_conflict(user=user, family=world.family, why="A cousin", by=world.manager, now=NOW)
    assert [row for who in people for row in told(world, who, MARKS, of_family=False)] == []


def test_of_a_sealed_child(world):
    page = reverse("families:family", args=[world.family.pk])
    assert CHILD in visitor(world, "own coordinator").get(page).content.decode()
    seal_person(person=world.robin.person, because="Adopted", by=world.manager, now=NOW)
    people = ("own coordinator", "guest, mother")
    assert [row for who in people for row in told(world, who, (CHILD,), of_family=True)] == []


def test_after_an_adoption_no_page_names_the_child(world):
    """The order is recorded once the plan has ended; then those who read about the siblings look at every page.

    Each page about the family as the first of them to whom it opens: the child is left out of it for everybody.
    """
    Plan.objects.filter(child=world.robin).update(ends_on=NOW.date(), end_reason=EndReason.ENTERED_IN_ERROR)
    PersonName.objects.create(person=world.robin.person, given_name=ALIAS, family_name=FAMILY)
    page = reverse("families:person", args=[world.family.pk, world.robin.person_id])
    assert ALIAS in visitor(world, "own team manager").get(page).content.decode()
    record_adoption(
        person=world.robin.person,
        adopted_by=AdoptedBy.OTHERS,
        ordered_on=NOW.date(),
        court="Family court, 27/04",
        source="The court",
        may_see=[],
        by=world.manager,
        now=NOW,
    )
    people = ("own social worker", "own team manager", "own chair", "custodian", "guest, professional")
    marks = (CHILD, ALIAS)
    found = [row for who in people for row in told(world, who, marks, of_family=False)]
    for place, who in enumerate(people):
        found += told(world, who, marks, of_family=True, unless=people[:place])
    assert found == []
    assert visitor(world, "own team manager").get(page).status_code == 404
