"""Who may open a worker's post: those who work cases in the council whose directory it stands in."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from accounts.access import open_row
from accounts.enums import CASE_ROLES
from accounts.models import User
from accounts.readers import Reader
from accounts.rules import Rule
from families.access.cases import page_name
from families.access.people import visible_persons
from families.models import Agency, AgencyInvolvement, Post


def _in_own_directory(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(*CASE_ROLES)
    return None if authorities is None else Q(agency__authority__one_of=authorities)


def _never(reader: Reader) -> Q:
    """Match posts of sealed and merged people, and those that give away where another family's child is."""
    hidden = Q(person__sealed_at__isnull=False) | Q(person__merged_into__isnull=False)
    people = visible_persons(reader).values("pk")
    for field, outer in (("agency", "agency"), ("post", "pk")):
        known = AgencyInvolvement.objects.order_by().filter(**{field: OuterRef(outer)})
        openly = known.filter(Q(confidential=False) | Q(child__person__in=people))
        hidden |= Q(Exists(known.filter(confidential=True))) & ~Q(Exists(openly))
    return hidden


def _in_own_agencies(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(*CASE_ROLES)
    return None if authorities is None else Q(authority__one_of=authorities)


def _hides_a_child(reader: Reader) -> Q:
    """Match agencies that give away where another family's child is."""
    known = AgencyInvolvement.objects.order_by().filter(agency=OuterRef("pk"))
    openly = known.filter(Q(confidential=False) | Q(child__person__in=visible_persons(reader).values("pk")))
    return Q(Exists(known.filter(confidential=True))) & ~Q(Exists(openly))


AGENCY_RULE = Rule(rights=(("council’s directory", _in_own_agencies),), never=_hides_a_child)

POST_RULE = Rule(rights=(("council’s directory", _in_own_directory),), never=_never)


def visible_posts(who: User | Reader) -> QuerySet[Post]:
    """Return the posts the user may see, ended ones too."""
    return POST_RULE.visible(Post.objects.all(), who)


def access_post(request: HttpRequest, pk: int) -> Post:
    """Return a post of the council's directory. Raises as access_family does."""
    return open_row(
        request,
        Post.objects.select_related("person__user", "agency__authority", "followed_by__person", "followed_by__agency"),
        POST_RULE,
        page=page_name(request),
        persons=lambda post: [post.person_id],
        pk=pk,
    )


def visible_agencies(who: User | Reader) -> QuerySet[Agency]:
    """Return the agencies of the directory the user may see, those that have left too."""
    return AGENCY_RULE.visible(Agency.objects.all(), who)


def access_agency(request: HttpRequest, pk: int) -> Agency:
    """Return an agency of the council's directory. Raises as access_family does."""
    return open_row(
        request,
        Agency.objects.select_related("authority"),
        AGENCY_RULE,
        page=page_name(request),
        persons=lambda _: [],
        pk=pk,
    )
