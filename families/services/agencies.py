from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Authority, User
from families.enums import AgencyKind, Answer
from families.events import CaseEvent, EventKind, announce
from families.models import Agency, AgencyInvolvement, Child, FamilyMember, Person, Post
from families.services.whereabouts import clean_marks


@transaction.atomic
def add_agency(
    *, authority: Authority, kind: AgencyKind | str, name: str, by: User, address: str = "", phone: str = ""
) -> Agency:
    """Add an agency to the authority's directory, or return the one of that kind and name.

    Fills in a missing address or phone number; never replaces one. One that had left the directory is in it again.
    """
    name = " ".join(name.split())
    agency = Agency.objects.filter(authority=authority, kind=kind, name__iexact=name).first()
    if agency is None:
        agency = Agency(authority=authority, kind=kind, name=name)
    agency.address = agency.address or address.strip()
    agency.phone = agency.phone or phone.strip()
    if agency.ends_on is not None:
        agency.ends_on, agency.ended_because, agency.version = None, "", agency.version + 1
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


CHANGED_MEANWHILE = "Someone else has changed this agency. Reload the page and look again."


@transaction.atomic
def keep_agency(*, agency: Agency, address: str, phone: str, because: str, version: int | None, by: User) -> Agency:
    """Change address and phone number in the directory, with the reason; an empty one is removed.

    The name is never changed: texts written under it would then no longer be recognised as naming a confidential
    place. A new name is a new agency. Raises ValidationError without a reason, and where someone else changed it
    since ``version``.
    """
    locked = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    said = (address.strip(), phone.strip())
    if said == (locked.address, locked.phone):
        return locked
    if version != locked.version:
        raise ValidationError(CHANGED_MEANWHILE)
    if not because.strip():
        raise ValidationError({"because": "Say who told you, and how you made sure."})
    locked.address, locked.phone = said
    locked.changed_because, locked.version = because.strip(), locked.version + 1
    locked.full_clean(validate_constraints=False)
    locked.save(update_fields=["address", "phone", "changed_because", "version"])
    return locked


@transaction.atomic
def end_agency(*, agency: Agency, because: str, version: int | None, by: User, today: datetime.date) -> Agency:
    """Take an agency out of the directory from ``today``: it is offered for no child any more.

    What children's records say about it stays. A no-op for one that has left. Raises ValidationError without a
    reason, where someone else changed it since ``version``, and while anyone holds a post there: ending a post asks
    who takes over.
    """
    locked = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if locked.ends_on is not None:
        return locked
    if version != locked.version:
        raise ValidationError(CHANGED_MEANWHILE)
    if not because.strip():
        raise ValidationError({"because": "Say why it leaves the directory, and who told you."})
    held = Post.objects.current(on=today).filter(agency=locked).select_related("person")
    if names := [post.person.full_name for post in held]:
        raise ValidationError(f"End these posts first, and say who takes over: {', '.join(sorted(names))}.")
    locked.ends_on, locked.ended_because, locked.version = today, because.strip(), locked.version + 1
    locked.full_clean(validate_constraints=False)
    locked.save(update_fields=["ends_on", "ended_because", "version"])
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
    hiding_asked: Answer | str = Answer.NOT_ASKED,
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
        if row.confidential or hiding_asked != Answer.NOT_ASKED:
            row.hiding_asked = Answer.YES if row.confidential else hiding_asked
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
