from __future__ import annotations

import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
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
from families.views.acts import Act, act_view
from families.views.parts import access_member, family_url, person_url
from families.words import birth_words
from govuk.generic import form_view
from govuk.words import plain_date

OF_A_PREGNANCY = (
    "The plan of this unborn child is closed, and the child comes off the list.",
    "Visits, reviews and other dates for this unborn child end.",
    "Invitations, papers, calendar entries and links about this unborn child stop.",
    "Messages to the family wait for a manager, who decides about each of them.",
    "Plans, visits and dates of the other children go on.",
)


def add_child(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a born child to the family, and perhaps another after it."""
    family = access_family(request, pk, to="change")
    form = kept_form(request, ChildForm, today=timezone.localdate(), known=visible_persons(user_of(request)))
    back = family_url(family)
    return form_view(
        request,
        form,
        lambda _: _add(request, family, form),
        success_url=reverse("families:add-child", args=[family.pk]) if "another" in request.POST else back,
        success_message=lambda _: f"{form.facts().given_name or 'The child'} is recorded.",
        cancel_url=back,
        template_name="families/form_page.html",
        family=family,
        title="Add a child",
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
        by=user_of(request),
        now=timezone.now(),
    )


def add_pregnancy(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a pregnancy: the mother, who may herself be a child of the family, and the expected date."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    women = members_of(family, on=today).exclude(sex=Sex.MALE).filter(birth_date__lte=today) | members_of(
        family, on=today
    ).exclude(sex=Sex.MALE).filter(birth_date__isnull=True, child__isnull=True)
    form = kept_form(request, PregnancyForm, women=women, on=today, known=visible_persons(user_of(request)))
    return form_view(
        request,
        form,
        lambda _: _expect(request, family, form),
        success_url=family_url(family),
        success_message="The pregnancy is recorded.",
        cancel_url=family_url(family),
        template_name="families/form_page.html",
        family=family,
        title="Add a pregnancy",
    )


@transaction.atomic
def _expect(request: HttpRequest, family: Family, form: PregnancyForm) -> Pregnancy:
    data, now = form.cleaned_data, timezone.now()
    mother = data.get("mother") or services.add_person(
        family=family, facts=form.new_mother(), form_key=data["form_key"], by=user_of(request), now=now
    )
    pregnancy = services.add_pregnancy(
        family=family,
        mother=mother,
        expected_on=data["expected_on"],
        number_expected=data["number_expected"],
        source=data["source"],
        by=user_of(request),
        now=now,
    )
    if data["expected_on"] < timezone.localdate(now):
        messages.warning(request, "The expected date has passed. Record the birth as soon as you hear of it.")
    return pregnancy


def _pregnancy_of(request: HttpRequest, pk: int, pregnancy_pk: int) -> tuple[Family, Pregnancy, list[Child]]:
    family = access_family(request, pk, to="change")
    children = [child for child in children_of(family, on=timezone.localdate()) if child.pregnancy_id == pregnancy_pk]
    if not children:
        raise Http404
    return family, get_object_or_404(Pregnancy.objects.select_related("mother"), pk=pregnancy_pk), children


def change_expected_date(request: HttpRequest, pk: int, pregnancy_pk: int) -> HttpResponse:
    """Record a new expected date."""
    family, pregnancy, _ = _pregnancy_of(request, pk, pregnancy_pk)
    form = kept_form(request, ExpectedDateForm, initial={"expected_on": pregnancy.expected_on})
    return form_view(
        request,
        form,
        lambda data: services.change_expected_date(
            pregnancy=pregnancy, by=user_of(request), now=timezone.now(), **data
        ),
        success_url=family_url(family),
        success_message="The expected date has been changed. The earlier one is kept.",
        cancel_url=family_url(family),
        template_name="families/form_page.html",
        family=family,
        title="When is the baby expected?",
    )


def record_birth(request: HttpRequest, pk: int, pregnancy_pk: int) -> HttpResponse:
    """Record a birth: each unborn child stays the same child, now born."""
    family, pregnancy, children = _pregnancy_of(request, pk, pregnancy_pk)
    unborn = [child for child in children if child.is_unborn]
    if not unborn:
        raise Http404
    form = kept_form(request, BirthForm, today=timezone.localdate())
    babies = [kept_form(request, BabyForm, child=child) for child in [*unborn, None]]
    return form_view(
        request,
        form,
        lambda _: _born(request, pregnancy, form, babies),
        parts=babies,
        success_url=family_url(family),
        success_message="The birth is recorded. The reference and plans stay with the child.",
        cancel_url=family_url(family),
        template_name="families/record_birth.html",
        family=family,
        title="Record a birth",
        babies=babies,
        pregnancy=pregnancy,
    )


def record_another_baby(request: HttpRequest, pk: int, pregnancy_pk: int) -> HttpResponse:
    """Record a baby of whom no one knew when the birth was recorded."""
    family, pregnancy, children = _pregnancy_of(request, pk, pregnancy_pk)
    if pregnancy.outcome not in (PregnancyOutcome.EXPECTING, PregnancyOutcome.LIVE_BIRTH):
        raise Http404
    known = {child.person.birth_date for child in children if child.person.birth_date}
    form = kept_form(request, BirthForm, today=timezone.localdate(), initial={"birth_date": min(known, default=None)})
    babies = [kept_form(request, BabyForm, child=None, initial={"born": True})]
    return form_view(
        request,
        form,
        lambda _: _born(request, pregnancy, form, babies),
        parts=babies,
        button="Record the baby",
        success_url=family_url(family),
        success_message="The baby is recorded. Chair, social worker and manager are told.",
        cancel_url=family_url(family),
        template_name="families/record_birth.html",
        family=family,
        title="One more baby was born",
        babies=babies,
        pregnancy=pregnancy,
        is_later=True,
    )


def _born(request: HttpRequest, pregnancy: Pregnancy, form: BirthForm, babies: list[BabyForm]) -> list[Child]:
    birth_date: datetime.date = form.cleaned_data["birth_date"]
    births = [
        services.Birth(child=baby.child, facts=baby.facts(birth_date)) for baby in babies if baby.cleaned_data["born"]
    ]
    if not births:
        raise ValidationError("Tick at least one baby who was born.")
    return services.record_birth(pregnancy=pregnancy, births=births, by=user_of(request), now=timezone.now())


def end_pregnancy(request: HttpRequest, pk: int, pregnancy_pk: int) -> HttpResponse:
    """Record that a pregnancy ended without a living child, for all babies or for some."""
    family, pregnancy, children = _pregnancy_of(request, pk, pregnancy_pk)
    unborn = [child for child in children if child.is_unborn]
    if not unborn:
        # A second press of the button finds it recorded already.
        if request.method == "POST":
            return redirect(family_url(family))
        raise Http404
    form = kept_form(request, PregnancyEndForm, unborn=unborn, today=timezone.localdate())
    act = Act(
        title="The pregnancy ended without a living child",
        check_title="Check that this is the right pregnancy",
        button="Record the end",
        rows=lambda data: [
            {"key": "Mother", "value": pregnancy.mother.full_name},
            {"key": "Her date of birth", "value": birth_words(pregnancy.mother)},
            {"key": "Baby", "value": ", ".join(child.person.full_name for child in form.chosen())},
            {"key": "How it ended", "value": PregnancyOutcome(data["outcome"]).label},
            {"key": "When", "value": plain_date(data["ended_on"])},
            {"key": "Who told you", "value": data["source"]},
        ],
        effects=OF_A_PREGNANCY,
        done="The end of the pregnancy is recorded.",
    )
    return act_view(
        request,
        form,
        act,
        lambda data: services.end_pregnancy(
            pregnancy=pregnancy,
            outcome=PregnancyOutcome(data["outcome"]),
            ended_on=data["ended_on"],
            children=form.chosen(),
            source=data["source"],
            by=user_of(request),
            now=timezone.now(),
        ),
        family=family,
        person=None,
        back=family_url(family),
    )


def record_legal_status(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Record a child's legal status, alongside any plan."""
    family, person = access_member(request, pk, person_pk, to="change")
    child = get_object_or_404(Child, person=person)
    form = kept_form(request, LegalStatusForm, initial={"starts_on": timezone.localdate()})
    return form_view(
        request,
        form,
        lambda data: services.record_legal_status(child=child, by=user_of(request), **data),
        success_url=person_url(family, person),
        success_message="The legal status is recorded.",
        cancel_url=person_url(family, person),
        template_name="families/form_page.html",
        family=family,
        person=person,
        title=f"{person.full_name}’s legal status",
    )
