from __future__ import annotations

import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from accounts import drafts
from families import services
from families.access import access_family, visible_persons
from families.enums import PregnancyOutcome, Sex
from families.forms import (
    BabyForm,
    BirthForm,
    ChildForm,
    ExpectedDateForm,
    LegalStatusForm,
    PregnancyEndForm,
    PregnancyForm,
)
from families.models import Child, Family, Pregnancy
from families.selectors import children_of, members_of
from families.views.parts import access_member, back_to_family, back_to_person, form_page, posted, signed_in


def add_child(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a born child to the family, and maybe another one after it."""
    family = access_family(request, pk, to="change")
    form = drafts.kept_form(
        request, ChildForm, today=timezone.localdate(), known=visible_persons(signed_in(request))
    )
    if request.method == "POST" and form.is_valid() and form.accepts(lambda: _add(request, family, form)):
        messages.success(request, f"{form.facts().given_name or 'The child'} is recorded.")
        if "another" in request.POST:
            return redirect("families:add-child", family.pk)
        return redirect("families:family", family.pk)
    return form_page(
        request,
        family,
        form,
        title="Add a child",
        button="Save the child",
        template="families/add_child.html",
    )


def _add(request: HttpRequest, family: Family, form: ChildForm) -> Child:
    data = form.cleaned_data
    return services.add_child(
        family=family,
        facts=form.facts(),
        upn=data["upn"],
        disabilities=data["disabilities"],
        council_child_id=data["council_child_id"],
        previous_plans_elsewhere=data["previous_plans_elsewhere"] or 0,
        referral=form.referral(),
        form_key=data["form_key"],
        by=signed_in(request),
        now=timezone.now(),
    )


def add_pregnancy(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a pregnancy: the mother, who may be a child of the family, and when the baby is expected."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    women = members_of(family, on=today).exclude(sex=Sex.MALE).filter(birth_date__lte=today) | members_of(
        family, on=today
    ).exclude(sex=Sex.MALE).filter(birth_date__isnull=True, child__isnull=True)
    form = PregnancyForm(posted(request), women=women, on=today)
    if request.method == "POST" and form.is_valid() and form.accepts(lambda: _expect(request, family, form)):
        if form.cleaned_data["expected_on"] < today:
            messages.warning(
                request, "The expected date has passed. Record the birth as soon as you hear of it."
            )
        return back_to_family(request, family, "The pregnancy is recorded.")
    return form_page(
        request,
        family,
        form,
        title="Add a pregnancy",
        button="Save the pregnancy",
        template="families/add_pregnancy.html",
    )


@transaction.atomic
def _expect(request: HttpRequest, family: Family, form: PregnancyForm) -> Pregnancy:
    data, now = form.cleaned_data, timezone.now()
    mother = data.get("mother") or services.add_person(
        family=family, facts=form.new_mother(), form_key=data["form_key"], by=signed_in(request), now=now
    )
    return services.add_pregnancy(
        family=family,
        mother=mother,
        expected_on=data["expected_on"],
        number_expected=data["number_expected"],
        source=data["source"],
        by=signed_in(request),
        now=now,
    )


def _pregnancy_of(request: HttpRequest, pk: int, pregnancy_pk: int) -> tuple[Family, Pregnancy, list[Child]]:
    family = access_family(request, pk, to="change")
    children = [
        child for child in children_of(family, on=timezone.localdate()) if child.pregnancy_id == pregnancy_pk
    ]
    if not children:
        raise Http404
    return family, get_object_or_404(Pregnancy.objects.select_related("mother"), pk=pregnancy_pk), children


def change_expected_date(request: HttpRequest, pk: int, pregnancy_pk: int) -> HttpResponse:
    """Record a new answer to when the baby is due."""
    family, pregnancy, _ = _pregnancy_of(request, pk, pregnancy_pk)
    form = ExpectedDateForm(posted(request), initial={"expected_on": pregnancy.expected_on})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if form.accepts(
            lambda: services.change_expected_date(
                pregnancy=pregnancy,
                expected_on=data["expected_on"],
                source=data["source"],
                by=signed_in(request),
                now=timezone.now(),
            )
        ):
            return back_to_family(request, family, "The expected date is changed. The earlier one is kept.")
    return form_page(
        request, family, form, title="When is the baby expected?", button="Save the expected date"
    )


def record_birth(request: HttpRequest, pk: int, pregnancy_pk: int) -> HttpResponse:
    """Record a birth: each unborn child becomes the same child, born."""
    family, pregnancy, children = _pregnancy_of(request, pk, pregnancy_pk)
    unborn = [child for child in children if child.is_unborn]
    if not unborn:
        raise Http404
    form = BirthForm(posted(request), today=timezone.localdate())
    babies = [BabyForm(posted(request), child=child) for child in [*unborn, None]]
    valid = (
        all([form.is_valid(), *(baby.is_valid() for baby in babies)]) if request.method == "POST" else False
    )
    if valid and form.accepts(lambda: _born(request, pregnancy, form, babies)):
        return back_to_family(
            request, family, "The birth is recorded. Reference and plans stay with the child."
        )
    return form_page(
        request,
        family,
        form,
        title="Record a birth",
        button="Record the birth",
        template="families/record_birth.html",
        babies=babies,
        pregnancy=pregnancy,
    )


def _born(request: HttpRequest, pregnancy: Pregnancy, form: BirthForm, babies: list[BabyForm]) -> list[Child]:
    birth_date: datetime.date = form.cleaned_data["birth_date"]
    births = [
        services.Birth(child=baby.child, facts=baby.facts(birth_date))
        for baby in babies
        if baby.cleaned_data["born"]
    ]
    if not births:
        raise ValidationError("Tick at least one baby who was born.")
    return services.record_birth(
        pregnancy=pregnancy, births=births, by=signed_in(request), now=timezone.now()
    )


def end_pregnancy(request: HttpRequest, pk: int, pregnancy_pk: int) -> HttpResponse:
    """Record that a pregnancy ended without a living child."""
    family, pregnancy, _ = _pregnancy_of(request, pk, pregnancy_pk)
    form = PregnancyEndForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if form.accepts(
            lambda: services.end_pregnancy(
                pregnancy=pregnancy,
                outcome=PregnancyOutcome(data["outcome"]),
                ended_on=data["ended_on"],
                by=signed_in(request),
                now=timezone.now(),
            )
        ):
            return back_to_family(request, family, "The end of the pregnancy is recorded.")
    return form_page(
        request, family, form, title="The pregnancy ended without a living child", button="Record the end"
    )


def record_legal_status(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Record a legal status of a child beside whatever plan there is."""
    family, person = access_member(request, pk, person_pk, to="change")
    child = get_object_or_404(Child, person=person)
    form = LegalStatusForm(posted(request), initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if form.accepts(
            lambda: services.record_legal_status(
                child=child,
                status=data["status"],
                starts_on=data["starts_on"],
                source=data["source"],
                by=signed_in(request),
            )
        ):
            return back_to_person(request, family, person, "The legal status is recorded.")
    return form_page(
        request,
        family,
        form,
        title=f"Legal status of {person.full_name}",
        button="Save the legal status",
        person=person,
    )
