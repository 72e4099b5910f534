from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from families import services
from families.access import access_family, may_manage_family
from families.forms.need_to_know import ConflictForm, NameForm, RestrictForm
from families.models import Family, NamedForFamily
from families.selectors.need_to_know import conflicts_of, may_be_named, may_conflict, who_may_open
from families.views.parts import access_member, family_url, person_url
from govuk.forms import ReasonForm
from govuk.generic import form_view


def who_may_open_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show those who manage a case who may open it and why."""
    family = access_family(request, pk, to="name")
    title = "Who can open this case"
    context = {"family": family, "title": title, "who": who_may_open(family, on=timezone.localdate())}
    return render(request, "families/who_may_open.html", context)


def _who_may_open(family: Family) -> str:
    return reverse("families:who-may-open", args=[family.pk])


def restrict_family(request: HttpRequest, pk: int) -> HttpResponse:
    """Restrict a case to named people."""
    family, by = access_family(request, pk, to="manage"), user_of(request)
    users = may_be_named(family, on=timezone.localdate())
    form = kept_form(request, RestrictForm, users=users, initial={"named": [by.pk]})

    def is_open_to_me() -> bool:
        return by in form.cleaned_data["named"]

    return form_view(
        request,
        form,
        lambda data: services.restrict_family(family=family, by=by, now=timezone.now(), **data),
        success_url=lambda _: _who_may_open(family) if is_open_to_me() else reverse("families:families"),
        success_message=lambda _: (
            "The case is restricted to named people."
            if is_open_to_me()
            else f"Case {family.case_number} is restricted. You can’t open it."
        ),
        cancel_url=family_url(family),
        template_name="families/form_page.html",
        family=family,
        title="Restrict this case to named people",
    )


def lift_restriction(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a restricted case again to those whose role allows it."""
    family = access_family(request, pk, to="manage")
    form = _why(request, "Why can the case be opened again?", "Lift the restriction")
    return form_view(
        request,
        form,
        lambda data: services.lift_restriction(family=family, by=user_of(request), now=timezone.now(), **data),
        success_url=family_url(family),
        success_message="People can open the case by their role again.",
        cancel_url=family_url(family),
        template_name="families/form_page.html",
        family=family,
        title="Lift the restriction",
    )


def _why(request: HttpRequest, label: str, button: str) -> ReasonForm:
    return kept_form(request, ReasonForm, label=label, field="why", required="Say why", button=button)


def name_for_family(request: HttpRequest, pk: int) -> HttpResponse:
    """Name another user for a restricted case."""
    family = access_family(request, pk, to="name")
    form = kept_form(request, NameForm, users=may_be_named(family, on=timezone.localdate()))
    return form_view(
        request,
        form,
        lambda data: services.name_for_family(family=family, by=user_of(request), now=timezone.now(), **data),
        success_url=_who_may_open(family),
        success_message=lambda _: f"{form.cleaned_data['user'].name} can open the case.",
        cancel_url=family_url(family),
        template_name="families/form_page.html",
        family=family,
        title="Name someone for this case",
    )


def end_naming(request: HttpRequest, pk: int, naming_pk: int) -> HttpResponse:
    """End a user's naming for a case."""
    family, by = access_family(request, pk, to="name"), user_of(request)
    naming = NamedForFamily.objects.filter(pk=naming_pk, family=family, ended_at=None).first()
    if naming is None:
        raise Http404
    form = _why(request, f"Why does {naming.user.name} no longer need the case?", "Remove from the case")
    mine = naming.user == by
    return form_view(
        request,
        form,
        lambda data: services.end_naming(naming=naming, by=by, now=timezone.now(), **data),
        success_url=reverse("families:families") if mine else _who_may_open(family),
        success_message="" if mine else f"{naming.user.name} is no longer named for the case.",
        cancel_url=family_url(family),
        template_name="families/form_page.html",
        family=family,
        title=f"Remove {naming.user.name} from this case",
    )


def declare_conflict(request: HttpRequest, pk: int, person_pk: int | None = None) -> HttpResponse:
    """Declare that the user, or a colleague they manage, must not open a case or any case of a person."""
    if person_pk is None:
        family, person = access_family(request, pk), None
    else:
        family, person = access_member(request, pk, person_pk)
    me = user_of(request)
    manages = may_manage_family(me, family)
    users = may_conflict(family, on=timezone.localdate()) if manages else None
    form = kept_form(request, ConflictForm, users=users, me=me)
    back = person_url(family, person) if person else family_url(family)
    return form_view(
        request,
        form,
        lambda data: services.declare_conflict(
            by=me, now=timezone.now(), family=None if person else family, person=person, **{"user": me, **data}
        ),
        success_url=lambda _: reverse("deadlines:my-work") if form.chosen() == me else family_url(family),
        success_message=lambda _: (
            "The conflict of interest is recorded. You can no longer open the case."
            if form.chosen() == me
            else f"{form.chosen().name} can no longer open the case."
        ),
        cancel_url=back,
        template_name="families/form_page.html",
        family=family,
        person=person,
        title=f"Declare a conflict of interest{f' with {person.full_name}' if person else ''}",
        lead="The person can no longer open the case or find it in a search. It is allocated to someone else.",
    )


def end_conflict(request: HttpRequest, pk: int, conflict_pk: int) -> HttpResponse:
    """End a conflict of interest."""
    family = access_family(request, pk, to="name")
    conflict = conflicts_of(family).filter(pk=conflict_pk).first()
    if conflict is None:
        raise Http404
    form = _why(request, "Why is there no longer a conflict?", "End the conflict")
    return form_view(
        request,
        form,
        lambda data: services.end_conflict(conflict=conflict, by=user_of(request), now=timezone.now(), **data),
        success_url=_who_may_open(family),
        success_message=f"{conflict.user.name}’s conflict of interest has ended.",
        cancel_url=family_url(family),
        template_name="families/form_page.html",
        family=family,
        title=f"End {conflict.user.name}’s conflict of interest",
    )
