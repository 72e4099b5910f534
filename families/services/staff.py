from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from families.enums import AgencyKind
from families.models import Agency, Person, Post


@transaction.atomic
def staff_person(*, user: User, today: datetime.date) -> Person:
    """Return the person behind an account, with a current post in the council's social care.

    In order: creates the person from the account's name, the authority's social care agency, and a post there
    on ``today``, each where missing. Raises ValidationError for an account without a role.
    """
    authority = user.authority
    if authority is None:
        raise ValidationError("This account has no role in a council.")
    given_name, _, family_name = user.name.strip().rpartition(" ")
    person, _ = Person.objects.get_or_create(
        user=user, defaults={"authority": authority, "given_name": given_name[:100], "family_name": family_name[:100]}
    )
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    agency, _ = Agency.objects.get_or_create(
        authority=authority, kind=AgencyKind.SOCIAL_CARE, name=f"{authority.name} children’s social care"
    )
    if not Post.objects.current(on=today).filter(person=person, agency=agency).exists():
        Post.objects.create(
            person=person,
            agency=agency,
            title=user.job_title or user.current_role_name,
            email=user.email,
            phone=user.phone,
            starts_on=today,
        )
    return person


def staff_post(*, user: User, today: datetime.date) -> Post:
    """Return the account holder's post in the council's social care on ``today``."""
    person = staff_person(user=user, today=today)
    post: Post = (
        Post.objects.current(on=today)
        .filter(person=person, agency__kind=AgencyKind.SOCIAL_CARE, agency__authority=user.authority)
        .order_by("pk")
        .last()
    )
    return post
