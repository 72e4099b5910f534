"""Declares what each families table holds, and about which person or family."""

from __future__ import annotations

from django.db.models import Q

from accounts.case_data import Subject, case_table, not_case_data
from families import models
from govuk import words

YEAR_OF = "date_trunc('year', \"{}\")::date"


def _pregnancies(one: Subject, path: str = "") -> Q:
    of_children = models.Child.objects.order_by().filter(pk__in=one.children, pregnancy__isnull=False)
    return Q(**{f"{path}pk__in": of_children.values("pregnancy")}) | Q(**{f"{path}mother__in": one.persons})


def _wholly_about(one: Subject) -> Q:
    """Match risks to this subject's children alone; one that names a child of another case stays."""
    links = models.ContactRisk.children.through.objects.order_by()
    own = links.filter(child__in=one.children).values("contactrisk")
    others = links.exclude(child__in=one.children).values("contactrisk")
    return Q(person__in=one.persons) | Q(pk__in=own) & ~Q(pk__in=others)


case_table(
    models.Family,
    "The case",
    family="pk",
    one="Family",
    many="The family",
    hidden={"created_by"},
    called=lambda row: f"{row.name} family, case {row.case_number}",
    keeps={"closed_on", "disposed_at"},
    stubs={"name": "'Removed'", "case_number": "'X' || id", "form_key": "NULL"},
)
case_table(
    models.Person,
    "People",
    person="pk",
    one="Person",
    many="The person",
    hidden={"user", "merged_into"},
    barred_by=("sealed_at",),
    stubs={
        "given_name": "''",
        "family_name": "''",
        "unnamed_as": "'Removed'",
        "sex": "'U'",
        "birth_date": YEAR_OF.format("birth_date"),
        "birth_date_precision": "CASE WHEN birth_date IS NULL THEN 'unknown' ELSE 'estimated' END",
        "age_disputed": "false",
        "death_date": YEAR_OF.format("death_date"),
        "nhs_number": "''",
        "ethnicity": "'NOBT'",
        "interpreter_needed": "false",
        "preferred_channel": "''",
        "form_key": "NULL",
    },
)
case_table(models.PersonName, "Other names", person="person", one="Other name", titles=("given_name", "family_name"))
case_table(models.Address, "Addresses", address="pk", called=str)
case_table(
    models.Residence,
    "Who lived where",
    person="person",
    one="Home",
    titles=("person_id",),
    links={"hidden_from": "Person the home is hidden from"},
)
case_table(
    models.ContactPoint,
    "How people were reached",
    person="person",
    one="Way of contact",
    many="Ways of contact",
    titles=("kind",),
    links={"hidden_from": "Person the way of contact is hidden from"},
)
case_table(
    models.PersonMerge,
    "Records found to be one person",
    where=lambda one: Q(kept__in=one.persons) | Q(merged__in=one.persons),
    is_given=False,
)
case_table(
    models.Loss,
    "Deaths, and pregnancies that ended",
    person="person",
    one="Death or end of a pregnancy",
    many="Deaths and ends of pregnancies",
    titles=("happened_on",),
    stubs={"happened_on": YEAR_OF.format("happened_on")},
)
case_table(
    models.Adoption,
    "Adoptions",
    person="person",
    one="Adoption",
    many="Adoptions",
    titles=("ordered_on",),
    links={"may_see": "Who may still see an adoption"},
    barred_by=("person__sealed_at",),
    stubs={"ordered_on": YEAR_OF.format("ordered_on")},
)
case_table(
    models.LossAnswer,
    "What managers answered after a death",
    person="loss__person",
    one="Answer after a death",
    many="Answers after a death",
    titles=("question",),
    hidden={"answered_at", "answered_by"},
    at="answered_at",
    by="answered_by_id",
)
case_table(
    models.Pregnancy,
    "Pregnancies",
    where=_pregnancies,
    names=("mother",),
    one="Pregnancy",
    many="Pregnancies",
    hidden={"mother"},
    called=lambda row: f"pregnancy expected {words.plain_date(row.expected_on)}",
    stubs={"expected_on": YEAR_OF.format("expected_on")},
)
case_table(
    models.ExpectedDate,
    "Expected dates",
    where=lambda one: _pregnancies(one, "pregnancy__"),
    one="Expected date",
    titles=("expected_on",),
    hidden={"pregnancy"},
    stubs={"expected_on": YEAR_OF.format("expected_on")},
)
case_table(
    models.Child,
    "Children",
    child="pk",
    one="Child’s details",
    many="Child’s details",
    hidden={"person"},
    called_after="person",
    barred_by=("person__sealed_at",),
    stubs={"council_child_id": "'X' || id", "upn": "''", "disabilities": "'{}'"},
)
case_table(
    models.AgencyInvolvement,
    "Agencies that knew the children",
    child="child",
    one="Agency of a child",
    many="Agencies of the children",
    titles=("child_id",),
    labels={"post": "Through"},
    links={"hidden_from": "Person the agency is hidden from"},
)
case_table(
    models.FamilyMember,
    "Members of the family",
    family="family",
    names=("person",),
    one="Member",
    titles=("person_id",),
)
case_table(models.Allocation, "Who held the case", family="family", one="Allocation", titles=("user_id",))
case_table(
    models.WhereaboutsReveal,
    "Looks at confidential whereabouts",
    family="family",
    one="Look at confidential whereabouts",
    many="Looks at confidential whereabouts",
    hidden={"user", "at"},
    at="at",
    by="user_id",
)
case_table(models.Referral, "Referrals", child="child", one="Referral", titles=("referred_on",))
case_table(
    models.StrategyDiscussion,
    "Strategy discussions",
    family="family",
    one="Strategy discussion",
    titles=("held_at",),
    called=lambda row: f"strategy discussion of {words.plain_date(row.held_at)}",
)
case_table(
    models.Enquiry,
    "Enquiries",
    child="child",
    one="Enquiry",
    many="Enquiries",
    titles=("child_id",),
    labels={"discussion": "Started by"},
    called_after="child",
    called=lambda row, child: f"{child}, since {words.plain_date(row.started_on)}".strip(", "),
    barred_by=("child__person__sealed_at",),
)
case_table(
    models.FurtherDiscussion,
    "Further strategy discussions",
    child="enquiry__child",
    one="Further discussion",
    titles=("discussion_id",),
    labels={"enquiry": "Enquiry"},
)
case_table(
    models.StartingDiscussion,
    "Choices of the starting discussion",
    child="enquiry__child",
    one="Choice of the discussion that starts the clock",
    many="Choices of the discussion that starts the clock",
    titles=("discussion_id",),
    hidden={"chosen_at"},
    at="chosen_at",
    by="chosen_by_id",
)
case_table(
    models.TransferIn,
    "Moves from other councils",
    child="child",
    one="Move here",
    many="Moves here",
    titles=("child_id",),
    hidden={"family"},
    called=lambda row: f"move from {row.from_authority}",
)
case_table(
    models.LegalStatus, "Legal status", child="child", one="Legal status", many="Legal statuses", titles=("status",)
)
case_table(models.Restriction, "Restrictions of the case", family="family", may_harm=True)
case_table(models.NamedForFamily, "People named for a restricted case", family="family")
case_table(models.ConflictOfInterest, "Conflicts of interest", family="family", person="person", is_given=False)
case_table(models.BreakGlass, "Openings of the case in an emergency", family="family")
case_table(
    models.Relationship,
    "Relationships",
    child="child",
    names=("person",),
    one="Relationship",
    titles=("person_id", "child_id"),
    labels={"kind": "Is the child’s"},
)
case_table(
    models.ParentalResponsibility,
    "Parental responsibility",
    child="child",
    names=("person",),
    one="Parental responsibility",
    many="Parental responsibility",
    titles=("person_id", "child_id"),
)
case_table(
    models.ContactRisk,
    "Contact risks",
    where=_wholly_about,
    about="children",
    names=("person",),
    one="Contact risk",
    titles=("person_id",),
    links={"children": "Child named in a contact risk", "protects": "Person protected by a contact risk"},
    called_after="person",
    called=lambda _row, person: f"contact risk of {person}",
    may_harm=True,
)
case_table(
    models.SafetyAlert,
    "Dangers to staff",
    person="person",
    address="address",
    one="Danger to staff",
    many="Dangers to staff",
    titles=("person_id", "address_id"),
    may_harm=True,
)

OF_AGENCIES = "Organisations and the people who work there; they outlast every case."
not_case_data(models.Agency, because=OF_AGENCIES, called=lambda row: str(row.name))
not_case_data(
    models.Post,
    because=OF_AGENCIES,
    called_after="person",
    called=lambda row, person: f"{person}, {row.title}".strip(", "),
)
case_table(
    models.WorkOfPost,
    "Work of people who left their post",
    family="family",
    one="Work of someone who left",
    many="Work of people who left",
    titles=("what",),
    names=("post", "given_to"),
    hidden={"kind", "row_id"},
)
