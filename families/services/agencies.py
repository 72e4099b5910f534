from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Authority, User
from families.enums import AgencyKind
from families.events import CaseEvent, EventKind, announce
from families.models import Agency, AgencyInvolvement, Child, FamilyMember, Person, Post
from families.services.whereabouts import clean_marks


@transaction.atomic
def add_agency(
    *, authority: Authority, kind: AgencyKind | str, name: str, by: User, address: str = "", phone: str = ""
) -> Agency:
    """Add an agency to the authority's directory, or return the one of that kind and name.

    Fills in a missing address or phone number; never replaces one.
    """
    name = " ".join(name.split())
    agency = Agency.objects.filter(authority=authority, kind=kind, name__iexact=name).first()
    if agency is None:
        agency = Agency(authority=authority, kind=kind, name=name)
    agency.address = agency.address or address.strip()
    agency.phone = agency.phone or phone.strip()
    agency.full_clean(validate_constraints=False)
    agency.save()
    return agency


def not_in_directory(agency: Agency, *, address: str = "", phone: str = "") -> dict[str, str]:
    """Return what was typed about an agency and differs from the directory, for ``record_involvement``.

    It is kept with the children for whom it was typed, where whoever typed it may not be asked which is right: the
    agency is hidden for another family.
    """
    typed = {"address_given": (address, agency.address), "phone_given": (phone, agency.phone)}
    return {
        name: word.strip() for name, (word, known) in typed.items() if word.split() and word.split() != known.split()
    }


@transaction.atomic
def change_agency(*, agency: Agency, by: User, address: str = "", phone: str = "") -> Agency:
    """Change the address and phone number of an agency; an empty one stays as it is. The history keeps both."""
    locked = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    locked.address, locked.phone = address.strip() or locked.address, phone.strip() or locked.phone
    locked.full_clean(validate_constraints=False)
    locked.save(update_fields=["address", "phone"])
    return locked


@transaction.atomic
def add_post(
    *,
    agency: Agency,
    title: str,
    by: User,
    given_name: str = "",
    family_name: str = "",
    email: str = "",
    phone: str = "",
    person: Person | None = None,
    starts_on: datetime.date | None = None,
    source: str = "",
) -> Post:
    """Record who holds a post at an agency; return the existing row where it says the same.

    That is the same name and post, with nothing typed that differs: what is missing there is filled in. Where an
    address or number differs it is another worker; whoever enters a known one again is asked first
    (``enter_worker``). ``person`` is an existing record (an aunt who is the teacher); otherwise the name creates a
    new one. Raises ValidationError keyed by field.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    given_name, family_name, title = given_name.strip(), family_name.strip(), title.strip()
    held = Post.objects.filter(agency=agency, title__iexact=title, ends_on__isnull=True).select_related("person")
    alike = (
        held.filter(person=person)
        if person
        else held.filter(person__given_name__iexact=given_name, person__family_name__iexact=family_name)
    )
    email, phone = email.strip().lower(), phone.strip()
    says_the_same = (
        row
        for row in alike.order_by("pk")
        if row.email in ("", email or row.email) and row.phone in ("", phone or row.phone)
    )
    same = next(says_the_same, None)
    if same is not None:
        same.email, same.phone = same.email or email, same.phone or phone
        same.full_clean()
        same.save()
        return same
    if person is None:
        if not (given_name or family_name):
            raise ValidationError({"professional_family_name": "Enter the professional's name."})
        person = Person(authority=agency.authority, given_name=given_name, family_name=family_name)
        person.full_clean()
        person.save()
    post = Post(
        agency=agency, person=person, title=title, email=email, phone=phone, starts_on=starts_on, source=source.strip()
    )
    post.full_clean()
    post.save()
    return post


@transaction.atomic
def record_involvement(
    *,
    children: Sequence[Child],
    agency: Agency,
    by: User,
    now: datetime.datetime,
    post: Post | None = None,
    direct_contact: bool = True,
    confidential: bool = False,
    hidden_from: Sequence[Person] = (),
    starts_on: datetime.date | None = None,
    source: str = "",
    address_given: str = "",
    phone_given: str = "",
) -> list[AgencyInvolvement]:
    """Record that an agency knows these children, through a named professional where there is one.

    An involvement recorded without a professional gains the name; repeating one sets the mark, and keeps an address
    given this time. Announces a marked one. Raises ValidationError keyed by field.
    """
    if not children:
        raise ValidationError({"children": "Choose which children the agency knows."})
    if post is not None and post.agency_id != agency.pk:
        raise ValidationError({"post": "This professional works for another agency."})
    owners = [child.person_id for child in children]
    confidential, hidden = clean_marks(owners=owners, confidential=confidential, hidden_from=hidden_from)
    rows = []
    for child in children:
        Child.objects.select_for_update(no_key=True).get(pk=child.pk)
        known = AgencyInvolvement.objects.filter(child=child, agency=agency, ends_on__isnull=True)
        row = known.filter(post=post).first() or known.filter(post__isnull=True).first()
        if row is None:
            row = AgencyInvolvement(child=child, agency=agency, starts_on=starts_on, source=source.strip())
        row.address_given = _both(row.address_given, address_given.strip())
        row.phone_given = phone_given.strip() or row.phone_given
        row.post = post or row.post
        row.direct_contact = direct_contact
        row.confidential = row.confidential or confidential
        row.full_clean()
        row.save()
        if hidden:
            row.hidden_from.add(*hidden)
        rows.append(row)
    if confidential:
        members = FamilyMember.objects.filter(person__in=owners, ends_on__isnull=True)
        families = tuple(sorted(set(members.values_list("family_id", flat=True))))
        announce(CaseEvent(EventKind.WHEREABOUTS_CHANGED, families, by, now, person_ids=tuple(owners)))
    return rows


def _both(recorded: str, typed: str) -> str:
    return recorded if typed in recorded else "\n\n".join(filter(None, (recorded, typed)))
