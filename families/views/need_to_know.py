from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from families import services
from families.access import access_family, may_manage_family
from families.forms.need_to_know import ConflictForm, NameForm, RestrictForm, WhyForm
from families.models import Family, NamedForFamily
from families.selectors.need_to_know import conflicts_of, may_be_named, may_conflict, who_may_open
from families.views.parts import access_member, back_to_family, form_page, posted, signed_in


def who_may_open_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Who opens this case and why, for those who manage it."""
    family = access_family(request, pk, to="name")
    title = "Who may open this case"
    context = {"family": family, "title": title, "who": who_may_open(family, on=timezone.localdate())}
    return render(request, "families/who_may_open.html", context)


def _back(request: HttpRequest, family: Family, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect("families:who-may-open", family.pk)


def restrict_family(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a case to everybody but named people."""
    family = access_family(request, pk, to="manage")
    users = may_be_named(family, on=timezone.localdate())
    form = RestrictForm(posted(request), users=users, initial={"named": [signed_in(request).pk]})
    if request.method == "POST" and form.is_valid():
        data, by = form.cleaned_data, signed_in(request)
        if form.accepts(
            lambda: services.restrict_family(
                family=family, named=data["named"], why=data["why"], by=by, now=timezone.now()
            )
        ):
            if by not in data["named"]:
                messages.success(request, f"Case {family.case_number} is restricted. It is not open to you.")
                return redirect("families:families")
            return _back(request, family, "The case is restricted to named people.")
    title = "Restrict this case to named people"
    return form_page(request, family, form, title=title, button="Restrict the case")


def lift_restriction(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a restricted case again to those whose role opens it."""
    family = access_family(request, pk, to="manage")
    form = WhyForm(posted(request), label="Why can the case open again?")
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        if form.accepts(
            lambda: services.lift_restriction(
                family=family, why=why, by=signed_in(request), now=timezone.now()
            )
        ):
            return back_to_family(request, family, "The case opens by role again.")
    return form_page(request, family, form, title="Lift the restriction", button="Lift the restriction")


def name_for_family(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one more person open a restricted case."""
    family = access_family(request, pk, to="name")
    form = NameForm(posted(request), users=may_be_named(family, on=timezone.localdate()))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if form.accepts(
            lambda: services.name_for_family(family=family, by=signed_in(request), now=timezone.now(), **data)
        ):
            return _back(request, family, f"{data['user'].name} can open the case.")
    title = "Name somebody for this case"
    return form_page(request, family, form, title=title, button="Name this person")


def end_naming(request: HttpRequest, pk: int, naming_pk: int) -> HttpResponse:
    """Take somebody off those named for a case."""
    family = access_family(request, pk, to="name")
    naming = NamedForFamily.objects.filter(pk=naming_pk, family=family, ended_at=None).first()
    if naming is None:
        raise Http404
    label = f"Why does {naming.user.name} no longer need the case?"
    form = WhyForm(posted(request), label=label)
    if request.method == "POST" and form.is_valid():
        why, by = form.cleaned_data["why"], signed_in(request)
        if form.accepts(lambda: services.end_naming(naming=naming, why=why, by=by, now=timezone.now())):
            if naming.user == by:
                return redirect("families:families")
            return _back(request, family, f"{naming.user.name} is no longer named for the case.")
    title = f"Take {naming.user.name} off this case"
    return form_page(request, family, form, title=title, button="Take off the case")


def declare_conflict(request: HttpRequest, pk: int, person_pk: int | None = None) -> HttpResponse:
    """Say that oneself, or somebody whom one manages, must not open a case or any case of a person."""
    if person_pk is None:
        family, person = access_family(request, pk), None
    else:
        family, person = access_member(request, pk, person_pk)
    me = signed_in(request)
    manages = may_manage_family(me, family)
    users = may_conflict(family, on=timezone.localdate()) if manages else None
    form = ConflictForm(posted(request), users=users, me=me)
    if request.method == "POST" and form.is_valid():
        user = form.cleaned_data.get("user", me)
        if form.accepts(
            lambda: services.declare_conflict(
                user=user,
                why=form.cleaned_data["why"],
                by=me,
                now=timezone.now(),
                family=None if person else family,
                person=person,
            )
        ):
            if user == me:
                messages.success(request, "The conflict of interest is recorded. The case is closed to you.")
                return redirect("deadlines:my-work")
            return back_to_family(request, family, f"The case is closed to {user.name}.")
    title = f"Declare a conflict of interest{f' with {person.full_name}' if person else ''}"
    return form_page(
        request, family, form, title=title, button="Declare the conflict", person=person,
        lead="The case closes at once, on every page and in every search, and is allocated to somebody else.",
    )  # fmt: skip


def end_conflict(request: HttpRequest, pk: int, conflict_pk: int) -> HttpResponse:
    """Say that somebody has no conflict of interest any more."""
    family = access_family(request, pk, to="name")
    conflict = conflicts_of(family).filter(pk=conflict_pk).first()
    if conflict is None:
        raise Http404
    form = WhyForm(posted(request), label="Why is there no conflict any more?")
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        if form.accepts(
            lambda: services.end_conflict(
                conflict=conflict, why=why, by=signed_in(request), now=timezone.now()
            )
        ):
            return _back(request, family, f"The conflict of interest of {conflict.user.name} has ended.")
    title = f"End the conflict of interest of {conflict.user.name}"
    return form_page(request, family, form, title=title, button="End the conflict")
