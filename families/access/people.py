"""Who may open which person and child: whoever may open a case they belong to."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.http import HttpRequest

from accounts.access import open_row
from accounts.models import User
from accounts.readers import Reader
from accounts.rows_to_open import RowsToOpen
from accounts.rules import Rule
from families.access.cases import FAMILY_CHANGE_RULE, To, page_name, visible_families
from families.access.own_people import OWN_PEOPLE
from families.models import Child, Family, FamilyMember, Person


def _people_of(families: QuerySet[Family], reader: Reader) -> QuerySet[FamilyMember]:
    return FamilyMember.objects.current(on=reader.today).filter(family__in=families.values("pk"))


def _person_in_visible_family(reader: Reader) -> Q:
    return Q(pk__in=_people_of(visible_families(reader), reader).values("person"))


def _person_in_changeable_family(reader: Reader) -> Q:
    families = FAMILY_CHANGE_RULE.visible(Family.objects.all(), reader)
    return Q(pk__in=_people_of(families, reader).values("person"))


def _unfindable_person(_reader: Reader) -> Q:
    return Q(sealed_at__isnull=False) | Q(merged_into__isnull=False) | Q(pk__one_of=OWN_PEOPLE)


PERSON_RULE = Rule(rights=(("member of a family", _person_in_visible_family),), never=_unfindable_person)


PERSON_CHANGE_RULE = Rule(rights=(("member of a family", _person_in_changeable_family),), never=_unfindable_person)


def visible_persons(who: User | Reader) -> QuerySet[Person]:
    """Return today's members of families the user may see; never the user, sealed or merged records."""
    return PERSON_RULE.visible(Person.objects.all(), who)


def _child_of_visible_person(reader: Reader) -> Q:
    return Q(person__in=visible_persons(reader).values("pk"))


def _child_of_changeable_person(reader: Reader) -> Q:
    return Q(person__in=PERSON_CHANGE_RULE.visible(Person.objects.all(), reader).values("pk"))


CHILD_RULE = Rule(rights=(("child of a family", _child_of_visible_person),))


CHILD_CHANGE_RULE = Rule(rights=(("child of a family", _child_of_changeable_person),))


def families_of_person(person_id: int) -> list[int]:
    """Return the ids of every family a person belongs or belonged to, for the read log."""
    return list(FamilyMember.objects.filter(person=person_id).values_list("family_id", flat=True))


def _people() -> QuerySet[Person]:
    members = FamilyMember.objects.filter(person=OuterRef("pk")).order_by()
    return Person.objects.select_related("authority", "child__pregnancy").annotate(
        family_ids=ArraySubquery(members.values("family"))
    )


def _children() -> QuerySet[Child]:
    members = FamilyMember.objects.filter(person=OuterRef("person")).order_by()
    return Child.objects.select_related("authority", "person", "pregnancy__mother").annotate(
        family_ids=ArraySubquery(members.values("family"))
    )


_PEOPLE = RowsToOpen(_people)
_CHILDREN = RowsToOpen(_children)


def access_person(request: HttpRequest, pk: int, *, to: To = "read") -> Person:
    """Return a current member of a family the user may see. Raises as access_family does."""
    return open_row(
        request,
        _PEOPLE,
        PERSON_CHANGE_RULE if to == "change" else PERSON_RULE,
        page=page_name(request),
        families=lambda person: person.family_ids,  # type: ignore[attr-defined]
        persons=lambda person: [person.pk],
        pk=pk,
    )


def access_child(request: HttpRequest, pk: int, *, to: To = "read") -> Child:
    """Return a child who is currently in a family the user may see. Raises as access_family does."""
    return open_row(
        request,
        _CHILDREN,
        CHILD_CHANGE_RULE if to == "change" else CHILD_RULE,
        page=page_name(request),
        families=lambda child: child.family_ids,  # type: ignore[attr-defined]
        persons=lambda child: [child.person_id],
        pk=pk,
    )
