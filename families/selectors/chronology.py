"""The events that families themselves know: the case, homes, ties, births, risks, enquiries, agencies."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from families import words
from families.chronology import CaseScope, EventKind, Source, StartOfDay, Told
from families.enums import EnquiryOutcome, ResponsibilityStatus, TransferState
from families.models import (
    AgencyInvolvement,
    Allocation,
    Child,
    ContactRisk,
    Enquiry,
    ExpectedDate,
    Family,
    LegalStatus,
    ParentalResponsibility,
    Person,
    Pregnancy,
    Referral,
    Relationship,
    Residence,
    SafetyAlert,
    StrategyDiscussion,
    TransferIn,
)
from families.selectors.agency_names import name_on_page
from govuk.words import listed, plain_date

CONFIDENTIAL = "address confidential"


def _page(scope: CaseScope) -> str:
    return reverse("families:family", args=[scope.family.pk])


def _person_page(scope: CaseScope, person_id: int) -> str:
    return reverse("families:person", args=[scope.family.pk, person_id])


def _one(path: str) -> Any:
    """Return what matches rows about given children, by the path to one of them."""
    return lambda children: Q(**{f"{path}__in": children})


def _own_family(scope: CaseScope) -> QuerySet[Family]:
    return Family.objects.filter(pk=scope.family.pk)


def _started(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(starts_on__isnull=False)


def _ended(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(ends_on__isnull=False)


def _homes(scope: CaseScope) -> QuerySet[Residence]:
    people: QuerySet[Person] = Person.objects.findable().filter(pk__in=scope.person_ids)
    rows: QuerySet[Residence] = Residence.objects.filter(person__in=people)
    return rows


def _told_home(row: Residence, scope: CaseScope, said: str) -> Told:
    hidden = row.address_id in scope.hidden.address_ids or row.pk in scope.hidden.residence_ids
    child = next((child.pk for child in scope.children if child.person_id == row.person_id), None)
    return Told(
        title=f"{row.person.full_name} {said}",
        detail=CONFIDENTIAL if hidden else str(row.address),
        children=frozenset({child}) if child else frozenset(),
        private_to=frozenset() if child else frozenset({row.person_id}),
        persons=frozenset({row.person_id}),
        residence=row.pk,
        checked=(str(row.address),),
        url=_person_page(scope, row.person_id),
    )


def _ties(scope: CaseScope) -> QuerySet[Relationship]:
    rows: QuerySet[Relationship] = Relationship.objects.filter(
        child__in=scope.child_ids, person__sealed_at__isnull=True, person__merged_into__isnull=True
    )
    return rows


def _told_tie(row: Relationship, scope: CaseScope, said: str) -> Told:
    sure = "" if row.certainty == "known" else f" ({row.get_certainty_display().lower()})"
    kind = f"{row.get_kind_display().lower()}{sure}"
    return Told(
        title=f"{row.person.full_name} {said} {kind} of {listed(scope.called([row.child_id]))}",
        children=frozenset({row.child_id}),
        private_to=frozenset({row.person_id}),
        persons=frozenset({row.person_id}),
        url=_person_page(scope, row.person_id),
    )


def _responsible(scope: CaseScope) -> QuerySet[ParentalResponsibility]:
    rows: QuerySet[ParentalResponsibility] = ParentalResponsibility.objects.filter(
        Q(person__isnull=True) | Q(person__sealed_at__isnull=True, person__merged_into__isnull=True),
        child__in=scope.child_ids,
        status__in=[ResponsibilityStatus.HELD, ResponsibilityStatus.DISPUTED],
    )
    return rows


def _told_responsible(row: ParentalResponsibility, scope: CaseScope, ended: str = "") -> Told:
    who = row.person.full_name if row.person else "The council"
    disputed = " (disputed)" if row.status == ResponsibilityStatus.DISPUTED else ""
    has = "stopped having" if ended else "has"
    return Told(
        title=f"{who} {has} parental responsibility for {listed(scope.called([row.child_id]))}{disputed}",
        detail="" if ended else row.get_basis_display(),
        children=frozenset({row.child_id}),
        private_to=frozenset({row.person_id} - {None}) if disputed else frozenset(),  # type: ignore[arg-type]
        persons=frozenset({row.person_id} - {None}),  # type: ignore[arg-type]
        url=_person_page(scope, row.person_id) if row.person_id else _page(scope),
    )


def _born(scope: CaseScope) -> QuerySet[Child]:
    rows: QuerySet[Child] = Child.objects.findable().filter(pk__in=scope.child_ids, person__birth_date__isnull=False)
    return rows


def _told_birth(row: Child, scope: CaseScope) -> Told:
    return Told(
        title=f"{row.person.full_name} was born",
        children=frozenset({row.pk}),
        persons=frozenset({row.person_id}),
        url=_person_page(scope, row.person_id),
    )


def _died(scope: CaseScope) -> QuerySet[Person]:
    rows: QuerySet[Person] = Person.objects.findable().filter(pk__in=scope.person_ids, death_date__isnull=False)
    return rows


def _expected(scope: CaseScope) -> QuerySet[ExpectedDate]:
    return ExpectedDate.objects.filter(pregnancy__children__in=scope.child_ids).distinct()


def _told_expected(row: ExpectedDate, scope: CaseScope) -> Told:
    return Told(
        title=f"Expected date of delivery recorded: {plain_date(row.expected_on)}",
        detail=row.source,
        children=frozenset(child.pk for child in row.pregnancy.children.all() if child.pk in scope.child_ids),
        private_to=frozenset({row.pregnancy.mother_id}),
        url=_page(scope),
    )


def _over(scope: CaseScope) -> QuerySet[Pregnancy]:
    rows = Pregnancy.objects.filter(children__in=scope.child_ids, ended_on__isnull=False)
    return rows.exclude(children__person__birth_date__isnull=False).distinct()


def _risks(scope: CaseScope) -> QuerySet[ContactRisk]:
    to_children = ContactRisk.children.through.objects.filter(child__in=scope.child_ids)
    rows: QuerySet[ContactRisk] = ContactRisk.objects.filter(
        Q(person__in=scope.person_ids) | Q(pk__in=to_children.values("contactrisk")), person__sealed_at__isnull=True
    )
    return rows


def _told_risk(row: ContactRisk, scope: CaseScope, *, ended: bool = False) -> Told:
    children = [child.pk for child in row.children.all()]
    towards = [*scope.called(children), *(person.full_name for person in row.protects.all())]
    to = f", towards {listed(towards)}" if towards else ""
    return Told(
        title=f"Contact risk from {row.person.full_name}{' ended' if ended else ''}{to}",
        detail=row.ended_because if ended else f"{row.get_ground_display()}. {row.detail}",
        children=frozenset(children) & scope.child_ids,
        url=_person_page(scope, row.person_id) if row.person_id in scope.person_ids else _page(scope),
    )


def _alerts(scope: CaseScope) -> QuerySet[SafetyAlert]:
    homes = Residence.objects.filter(person__in=scope.person_ids).values("address")
    rows: QuerySet[SafetyAlert] = SafetyAlert.objects.filter(Q(person__in=scope.person_ids) | Q(address__in=homes))
    return rows


def _told_alert(row: SafetyAlert, scope: CaseScope) -> Told:
    return Told(title=f"Danger to staff: {row.get_kind_display().lower()}", detail=row.words, url=_page(scope))


def _discussions(scope: CaseScope) -> QuerySet[StrategyDiscussion]:
    unsealed = Enquiry.objects.filter(discussion=OuterRef("pk"), child__person__sealed_at__isnull=True)
    return StrategyDiscussion.objects.filter(family=scope.family).filter(Exists(unsealed))


def _told_discussion(row: StrategyDiscussion, scope: CaseScope) -> Told:
    children = frozenset(enquiry.child_id for enquiry in row.enquiries.all())
    return Told(
        title="Strategy discussion",
        lists_children=True,
        detail=row.reason,
        children=children & scope.child_ids,
        url=_page(scope),
    )


def _enquiries(scope: CaseScope) -> QuerySet[Enquiry]:
    return Enquiry.objects.filter(child__in=scope.child_ids)


def _told_enquiry(row: Enquiry, scope: CaseScope, *, ended: bool = False) -> Told:
    name = listed(scope.called([row.child_id]))
    said = f"ended: {row.get_outcome_display().lower()}" if ended else "began"
    return Told(
        title=f"Section 47 enquiry about {name} {said}",
        detail=row.outcome_reason if ended else "",
        children=frozenset({row.child_id}),
        url=_page(scope),
    )


def _status(scope: CaseScope) -> QuerySet[LegalStatus]:
    rows: QuerySet[LegalStatus] = LegalStatus.objects.filter(child__in=scope.child_ids)
    return rows


def _told_status(row: LegalStatus, scope: CaseScope, *, ended: bool = False) -> Told:
    name, child = listed(scope.called([row.child_id])), row.child_id
    title = f"{row.get_status_display()}{' ended' if ended else ''}: {name}"
    return Told(title=title, children=frozenset({child}), url=_person_page(scope, row.child.person_id))


def _known(scope: CaseScope) -> QuerySet[AgencyInvolvement]:
    rows: QuerySet[AgencyInvolvement] = AgencyInvolvement.objects.filter(child__in=scope.child_ids)
    return rows


def _told_known(row: AgencyInvolvement, scope: CaseScope, said: str) -> Told:
    return Told(
        title=f"{name_on_page(row.agency, scope.family.pk)} {said} {listed(scope.called([row.child_id]))}",
        children=frozenset({row.child_id}),
        agency=row.agency_id,
        post=row.post_id,
        checked=(row.agency.name,),
        url=_person_page(scope, row.child.person_id),
    )


def _referrals(scope: CaseScope) -> QuerySet[Referral]:
    return Referral.objects.filter(child__in=scope.child_ids)


def _told_referral(row: Referral, scope: CaseScope, *, closed: bool = False) -> Told:
    said = "closed" if closed else "received"
    return Told(
        title=f"Referral about {listed(scope.called([row.child_id]))} {said}",
        detail=row.get_closure_reason_display() if closed else row.get_referral_source_display(),
        children=frozenset({row.child_id}),
        url=_person_page(scope, row.child.person_id),
    )


def _moved_in(scope: CaseScope) -> QuerySet[TransferIn]:
    return TransferIn.objects.filter(family=scope.family, child__person__sealed_at__isnull=True)


def _told_moved_in(row: TransferIn, scope: CaseScope) -> Told:
    said = "" if row.state == TransferState.TOLD else f". {row.get_state_display()}"
    return Told(
        title=f"Told that {row.child.person.short_name} moved here with another council’s plan",
        detail=f"{row.from_authority}{said}",
        children=frozenset({row.child_id}),
        url=_page(scope),
    )


def _both(key: str, kind: EventKind, rows: Any, told: Any, first: str, last: str, **more: Any) -> tuple[Source, Source]:
    """Return the sources of when dated rows begin and end; ``told`` gets what is said of each."""
    return (
        Source(
            f"{key}-from", kind, lambda scope: _started(rows(scope)), StartOfDay(F("starts_on")),
            lambda row, scope: told(row, scope, first), whole_day=True,
            undated=lambda scope: rows(scope).filter(starts_on__isnull=True, ends_on__isnull=True), **more,
        ),
        Source(
            f"{key}-until", kind, lambda scope: _ended(rows(scope)), StartOfDay(F("ends_on")),
            lambda row, scope: told(row, scope, last), whole_day=True, **more,
        ),
    )  # fmt: skip


def _of_residents(children: frozenset[int]) -> Q:
    return Q(person__child__in=children)


SOURCES: tuple[Source, ...] = (
    Source(
        "case-opened", EventKind.CASE, _own_family, F("created_at"),
        lambda _row, scope: Told("The case was opened", url=_page(scope)), staff_only=True,
    ),
    Source(
        "case-closed", EventKind.CASE, lambda scope: _own_family(scope).filter(closed_on__isnull=False),
        StartOfDay(F("closed_on")), lambda _row, scope: Told("The case was closed", url=_page(scope)),
        whole_day=True, staff_only=True,
    ),
    Source(
        "allocation", EventKind.CASE, lambda scope: _started(Allocation.objects.filter(family=scope.family)),
        StartOfDay(F("starts_on")), lambda row, scope: Told(f"{row.user.name} took the case", url=_page(scope)),
        whole_day=True, with_rows=("user",), staff_only=True,
    ),
    Source(
        "referral", EventKind.CASE, _referrals, StartOfDay(F("referred_on")), _told_referral,
        _one("child"), whole_day=True, with_rows=("child",), not_for_family=True,
    ),
    Source(
        "referral-closed", EventKind.CASE, lambda scope: _referrals(scope).filter(closed_on__isnull=False),
        StartOfDay(F("closed_on")), lambda row, scope: _told_referral(row, scope, closed=True),
        _one("child"), whole_day=True, with_rows=("child",), not_for_family=True,
    ),
    Source(
        "moved-in", EventKind.CASE, _moved_in, StartOfDay(F("notified_on")), _told_moved_in,
        _one("child"), whole_day=True, with_rows=("child__person",), staff_only=True,
    ),
    *_both(
        "home", EventKind.HOME, _homes, _told_home, "has a new home", "left a home",
        of_children=_of_residents, with_rows=("person", "address"),
    ),
    *_both(
        "tie", EventKind.TIE, _ties, _told_tie, "is", "stopped being",
        of_children=_one("child"), with_rows=("person",),
    ),
    *_both(
        "responsibility", EventKind.TIE, _responsible, _told_responsible, "", "ended",
        of_children=_one("child"), with_rows=("person",),
    ),
    Source(
        "birth", EventKind.BIRTH, _born, StartOfDay(F("person__birth_date")), _told_birth,
        _one("pk"), whole_day=True, with_rows=("person",),
    ),
    Source(
        "death", EventKind.BIRTH, _died, StartOfDay(F("death_date")),
        lambda row, scope: Told(f"{row.full_name} died", url=_person_page(scope, row.pk)),
        _one("child"), whole_day=True, staff_only=True,
    ),
    Source(
        "expected-date", EventKind.BIRTH, _expected, F("recorded_at"), _told_expected,
        _one("pregnancy__children"), with_rows=("pregnancy",), with_lists=("pregnancy__children",),
    ),
    Source(
        "pregnancy-over", EventKind.BIRTH, _over, StartOfDay(F("ended_on")),
        lambda _row, scope: Told(words.ENDED, url=_page(scope)), _one("children"), whole_day=True, staff_only=True,
    ),
    Source(
        "risk", EventKind.RISK, _risks, F("recorded_at"), _told_risk, _one("children"),
        with_rows=("person",), with_lists=("children", "protects"), staff_only=True,
    ),
    Source(
        "risk-ended", EventKind.RISK, lambda scope: _ended(_risks(scope)), StartOfDay(F("ends_on")),
        lambda row, scope: _told_risk(row, scope, ended=True), _one("children"), whole_day=True,
        with_rows=("person",), with_lists=("children", "protects"), staff_only=True,
    ),
    Source("danger", EventKind.RISK, _alerts, F("recorded_at"), _told_alert, staff_only=True),
    Source(
        "discussion", EventKind.ENQUIRY, _discussions, F("held_at"), _told_discussion, _one("enquiries__child"),
        with_lists=("enquiries",), not_for_family=True,
    ),
    Source(
        "enquiry", EventKind.ENQUIRY, _enquiries, StartOfDay(F("started_on")), _told_enquiry, _one("child"),
        whole_day=True,
    ),
    Source(
        "enquiry-ended", EventKind.ENQUIRY,
        lambda scope: _enquiries(scope).filter(ended_on__isnull=False).exclude(outcome=EnquiryOutcome.UNDER_WAY),
        StartOfDay(F("ended_on")), lambda row, scope: _told_enquiry(row, scope, ended=True), _one("child"),
        whole_day=True,
    ),
    Source(
        "legal-status-from", EventKind.ENQUIRY, lambda scope: _started(_status(scope)), StartOfDay(F("starts_on")),
        _told_status, _one("child"), whole_day=True, with_rows=("child",),
        undated=lambda scope: _status(scope).filter(starts_on__isnull=True, ends_on__isnull=True),
    ),
    Source(
        "legal-status-until", EventKind.ENQUIRY, lambda scope: _ended(_status(scope)), StartOfDay(F("ends_on")),
        lambda row, scope: _told_status(row, scope, ended=True), _one("child"), whole_day=True, with_rows=("child",),
    ),
    *_both(
        "agency", EventKind.AGENCY, _known, _told_known, "began to work with", "stopped working with",
        of_children=_one("child"), with_rows=("agency", "child"),
    ),
)  # fmt: skip
