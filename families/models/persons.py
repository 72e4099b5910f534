from __future__ import annotations

import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import Authority, User
from families.enums import ContactKind, DatePrecision, Ethnicity, MergeState, NameKind, PaperFormat, Sex
from families.models.dated import Dated, Whereabouts, asked
from families.name_keys import OTHER_NAME_KEYS, PERSON_KEYS
from families.sounds import ADDRESS_KEY, OTHER_NAME_SOUNDS, PERSON_SOUNDS
from families.validators import validate_nhs_number

# A person is a child until this birthday: Children Act 1989, section 105(1).
ADULT_FROM = 18
LEAP_DAY = (2, 29)
# Shown in place of a name that must no longer be disclosed.
SEALED = "Sealed record"


def birthday(birth_date: datetime.date, years: int) -> datetime.date:
    """Return the day on which someone turns ``years``; born on 29 February, it is 1 March in other years."""
    if (birth_date.month, birth_date.day) == LEAP_DAY:
        return datetime.date(birth_date.year + years, 2, 28) + datetime.timedelta(days=1)
    return birth_date.replace(year=birth_date.year + years)


class PersonQuerySet(models.QuerySet["Person"]):
    def findable(self) -> PersonQuerySet:
        """Return people without sealed records and records merged into another."""
        return self.filter(sealed_at__isnull=True, merged_into__isnull=True)


@tracked
class Person(models.Model):
    """A human being, born or not. Child, parent, professional and user are roles that a person holds."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="persons")
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="person", null=True, blank=True)
    given_name = models.CharField("first name", max_length=100, blank=True)
    family_name = models.CharField("last name", max_length=100, blank=True)
    unnamed_as = models.CharField(max_length=100, blank=True, help_text="what to call somebody whose name is not known")
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    birth_date = models.DateField("date of birth", null=True, blank=True)
    birth_date_precision = models.CharField(max_length=10, choices=DatePrecision.choices, default=DatePrecision.UNKNOWN)
    age_disputed = models.BooleanField(default=False)
    death_date = models.DateField("date of death", null=True, blank=True)
    nhs_number = models.CharField("NHS number", max_length=10, blank=True, validators=[validate_nhs_number])
    ethnicity = models.CharField(max_length=4, choices=Ethnicity.choices, default=Ethnicity.NOBT)
    language = models.CharField("preferred language", max_length=60, blank=True)
    interpreter_needed = models.BooleanField(default=False)
    access_needs = models.TextField("help needed to take part", blank=True)
    formats = ArrayField(
        models.CharField(max_length=12, choices=PaperFormat.choices),
        verbose_name="how they want papers",
        null=True,
        blank=True,
        help_text="empty while nobody has asked them",
    )
    preferred_channel = models.CharField(max_length=10, choices=ContactKind.choices, blank=True)
    circumstances = models.CharField(
        max_length=200, blank=True, help_text="for instance in prison, or lacks capacity for this decision"
    )
    sealed_at = models.DateTimeField(null=True, blank=True)
    sealed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    sealed_because = models.CharField(max_length=200, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="merged_from", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    form_key = models.UUIDField(null=True, unique=True, editable=False, help_text="makes a form sent twice harmless")

    objects: ClassVar = PersonQuerySet.as_manager()

    class Meta:
        ordering = ("family_name", "given_name", "pk")
        triggers: ClassVar = [never_deleted]
        indexes: ClassVar = [
            models.Index(fields=("authority", "birth_date")),
            # Every page excludes sealed people; there are few, so the index finds them without a scan.
            models.Index(fields=("id",), condition=Q(sealed_at__isnull=False), name="sealed_person"),
            GinIndex(PERSON_KEYS, name="person_by_name_keys"),
            # Code of the release before searches by this one while it is replaced.
            GinIndex(PERSON_SOUNDS, name="person_by_sound"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~(Q(given_name="") & Q(family_name="") & Q(unnamed_as="")),
                name="person_is_called_something",
                violation_error_message="Enter a name, or what to call someone whose name is not known.",
            ),
            models.CheckConstraint(
                condition=Q(birth_date__isnull=True) | Q(death_date__isnull=True) | Q(death_date__gte=F("birth_date")),
                name="person_dies_after_birth",
                violation_error_message="The date of death can't be before the date of birth.",
            ),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True) | ~Q(sealed_because=""),
                name="person_sealed_with_reason",
                violation_error_message="Say why the record is sealed.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                name="person_not_merged_into_itself",
                violation_error_message="A person can't be merged with themselves.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def formats_in_words(self) -> str:
        """Return how they want what is given to them to read; empty while nobody has asked them."""
        return ", ".join(PaperFormat(chosen).label for chosen in self.formats or ())

    @property
    def full_name(self) -> str:
        """Return first and last name, or ``unnamed_as`` for an unborn baby or a person with no first name.

        A sealed person has no name on any page: siblings' conferences and papers still refer to the row.
        """
        if self.sealed_at is not None:
            return SEALED
        if self.unnamed_as and not self.given_name:
            return self.unnamed_as
        return " ".join(filter(None, (self.given_name, self.family_name)))

    @property
    def short_name(self) -> str:
        """Return what people call them in conversation: the first name where there is one."""
        if self.sealed_at is not None:
            return SEALED
        return self.given_name or self.unnamed_as or self.family_name

    @property
    def initials(self) -> str:
        """Return the initials, for headings only; never a key."""
        if self.sealed_at is not None:
            return SEALED
        names = [n for n in (self.given_name, self.family_name) if n]
        if self.unnamed_as and not self.given_name:
            return self.unnamed_as
        return "".join(f"{n[0].upper()}." for n in names)

    def age(self, on: datetime.date) -> int | None:
        """Return whole years on the civil day ``on``; None while unborn or where the birth date is not known."""
        if self.birth_date is None or self.birth_date > on:
            return None
        years = on.year - self.birth_date.year
        return years if birthday(self.birth_date, years) <= on else years - 1

    def turned(self, years: int, on: datetime.date) -> bool:
        """Return whether the person is known to be at least ``years`` old on ``on``."""
        age = self.age(on)
        return age is not None and age >= years


@tracked
class PersonName(Dated):
    """Another name a person has or had; search covers all of them."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="names")
    kind = models.CharField(max_length=10, choices=NameKind.choices, default=NameKind.ALIAS)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)

    class Meta(Dated.Meta):
        indexes: ClassVar = [
            GinIndex(OTHER_NAME_KEYS, name="other_name_by_name_keys"),
            GinIndex(OTHER_NAME_SOUNDS, name="other_name_by_sound"),
        ]
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=~(Q(given_name="") & Q(family_name="")),
                name="personname_says_something",
                violation_error_message="Enter a first or a last name.",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.given_name, self.family_name)))


@tracked
class Address(models.Model):
    """A place. A Residence says who lives there; a household is those who live at one address on one day."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    lines = models.TextField("address")
    postcode = models.CharField(max_length=8, blank=True, db_index=True)

    class Meta:
        indexes: ClassVar = [models.Index(ADDRESS_KEY, name="address_by_house")]

    def __str__(self) -> str:
        return ", ".join([*self.lines.splitlines(), self.postcode]).strip(", ")


@tracked
class Residence(Dated, Whereabouts):
    """A person living at an address, as their main home or another."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="residences")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="residences")
    is_main = models.BooleanField("main home", default=True)

    class Meta(Dated.Meta):
        pass

    def __str__(self) -> str:
        return f"residence {self.pk}"


@tracked_links
class ResidenceHiddenFrom(Residence.hidden_from.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class ContactPoint(Dated, Whereabouts):
    """A phone number, e-mail or other way to reach a person, with whether it is safe to use."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contact_points")
    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    value = models.CharField(max_length=254)
    is_safe = models.BooleanField("safe to use", default=False)
    safety_asked = asked("whether it is safe to use")
    safety_note = models.CharField(max_length=200, blank=True)
    safe_how = models.CharField("how that was made sure", max_length=200, blank=True, db_default="")
    safe_on = models.DateField("when that was made sure", null=True, blank=True)

    class Meta(Dated.Meta):
        indexes: ClassVar = [models.Index(Upper("value"), name="contact_point_by_value")]

    def __str__(self) -> str:
        return f"contact {self.pk}"


@tracked_links
class ContactPointHiddenFrom(ContactPoint.hidden_from.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class PersonMerge(models.Model):
    """Two records found to be one person. Takes effect when a second user agrees; undoing it takes two as well."""

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges_kept")
    merged = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges_given_up")
    state = models.CharField(max_length=10, choices=MergeState.choices, default=MergeState.PROPOSED)
    reason = models.TextField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    undo_asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    undo_asked_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_because = models.TextField(blank=True)
    moved = models.JSONField(
        blank=True, default=dict, help_text="ids of the rows that went over, by model, so that it can be undone"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kept=F("merged")),
                name="merge_joins_two_persons",
                violation_error_message="Choose two different records.",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("proposed_by")),
                name="merge_needs_a_second_person",
                violation_error_message="Someone other than the person who proposed it has to agree.",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True)
                | Q(undone_by__isnull=False, undone_because__regex=r"\S", state=MergeState.UNDONE),
                name="merge_undone_with_reason",
                violation_error_message="Say why they are two people.",
            ),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True) | Q(undo_asked_by__isnull=True) | ~Q(undone_by=F("undo_asked_by")),
                name="undoing_needs_a_second_person",
                violation_error_message="Someone other than the person who asked has to separate them.",
            ),
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}"
