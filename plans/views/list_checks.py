from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import record_read, require_roles, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import ReadKind
from accounts.models import Authority, User
from accounts.throttling import allow
from conferences.enums import Category
from families.access import barred_families
from families.models import Child
from govuk.generic import form_view
from govuk.lists import paginate
from govuk.spreadsheets import csv_file
from plans.enums import ListAnswerKind
from plans.forms.list_checks import CheckListForm, ChooseChildForm, ListFilterForm
from plans.models import ListAnswer, ListCheck
from plans.selectors.list_access import ASKS_LIST, KEEPS_LIST, access_check, visible_checks
from plans.selectors.listed_children import list_of
from plans.services.list_checks import check_list, families_of, tell_apart

# Longer numbers are no keys of this database.
LONGEST_KEY = 18


@require_safe
def see_list(request: HttpRequest) -> HttpResponse:
    """Show the list itself to its custodian."""
    user = require_roles(request, *KEEPS_LIST)
    filters = ListFilterForm(request.GET)
    filters.is_valid()
    rows = list_of(
        user.authority_ids(*KEEPS_LIST), on=timezone.localdate(), barred=barred_families(user), **filters.chosen()
    )
    page = paginate(request, rows)
    _log(request, "plans:see-list", list(page), ReadKind.PAGE)
    return render(
        request,
        "plans/see_list.html",
        {"filters": filters, "page": page, "query": request.GET.urlencode(), "today": timezone.localdate()},
    )


@require_safe
def export_list(request: HttpRequest) -> HttpResponse:
    """Export the list as a spreadsheet file, for its custodian."""
    user = require_roles(request, *KEEPS_LIST)
    filters = ListFilterForm(request.GET)
    filters.is_valid()
    rows = list(
        list_of(
            user.authority_ids(*KEEPS_LIST), on=timezone.localdate(), barred=barred_families(user), **filters.chosen()
        )
    )
    _log(request, "plans:export-list", rows, ReadKind.EXPORT)
    return csv_file(
        f"the-list-{timezone.localdate():%Y-%m-%d}.csv",
        columns=(
            "Child's ID", "First name", "Last name", "Date of birth", "Since", "Held by", "Category", "Key worker",
        ),
        rows=[
            (
                row.council_child_id, row.person.given_name or row.person.unnamed_as, row.person.family_name,
                row.person.birth_date or "", row.since, row.held_by or "This council",
                dict(Category.choices).get(row.category, ""), row.key_worker_name or "",
            )
            for row in rows
        ],
    )  # fmt: skip


def check_the_list(request: HttpRequest) -> HttpResponse:
    """Check the list for one child: by name as it sounds, date of birth, address."""
    user = require_roles(request, *ASKS_LIST)
    form = kept_form(request, CheckListForm, initial=_asked_before(request))
    return form_view(
        request,
        form,
        lambda _: _check(user, form),
        success_url=lambda check: reverse("plans:list-check", args=[check.pk]),
        template_name="plans/check_list.html",
    )


def _asked_before(request: HttpRequest) -> dict[str, Any]:
    """Return what the check named in the address asked, for its author to add one more fact."""
    number = request.GET.get("again", "")
    if not number.isdecimal() or len(number) > LONGEST_KEY:
        return {}
    check = ListCheck.objects.filter(pk=int(number), checked_by=user_of(request)).first()
    return {name: getattr(check, name) for name in CheckListForm.ASKED} if check else {}


def _check(user: User, form: CheckListForm) -> ListCheck:
    may_go_on = allow("list-check:account", user.pk, now=timezone.now())
    if not may_go_on:
        again = f"{timezone.localtime(may_go_on.open_again_at):%H:%M}"
        raise ValidationError(f"Too many checks in a short time. You can continue at {again}.")
    return check_list(
        authority=Authority.objects.get(pk=user.authority_ids(*ASKS_LIST)[0]),
        asked=form.asked(),
        by=user,
        now=timezone.now(),
        today=timezone.localdate(),
        **{name: form.cleaned_data[name] for name in form.ABOUT_CALLER},
    )


@require_safe
def list_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what one check told; printable."""
    check = access_check(request, pk)
    answer = list(check.answers.all())[-1]
    user = user_of(request)
    may_choose = answer.kind == ListAnswerKind.SEVERAL and check.checked_by_id == user.pk
    context = {
        "check": check,
        "answer": answer,
        "earlier": list(check.answers.all())[:-1],
        "form": _choice(request, check, answer) if may_choose else None,
        "may_ask": user.holds(*ASKS_LIST),
        "break_glass": _way_to_the_record(answer) if user.holds(*ASKS_LIST) else "",
    }
    return render(request, "plans/list_check.html", context)


def _choice(request: HttpRequest, check: ListCheck, answer: ListAnswer) -> ChooseChildForm:
    form = kept_form(request, ChooseChildForm, candidates=answer.told.get("candidates", []))
    form.helper.form_action = reverse("plans:choose-child", args=[check.pk])
    return form


def _way_to_the_record(answer: ListAnswer) -> str:
    """Return the URL where the whole record can be requested with a reason; empty where no family can be opened."""
    families = families_of([answer.child_id]) if answer.child_id else []
    if answer.kind != ListAnswerKind.ON_LIST or not families:
        return ""
    try:
        return reverse("families:break-glass", args=[families[0]])
    except NoReverseMatch:
        return ""


@require_POST
def choose_child(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose which of several children the caller means, or none of them."""
    check = access_check(request, pk, to_choose=True)
    form = _choice(request, check, list(check.answers.all())[-1])
    if form.is_valid():
        tell_apart(check=check, child_id=form.chosen(), now=timezone.now(), today=timezone.localdate())
    return redirect("plans:list-check", pk)


@require_safe
def list_checks(request: HttpRequest) -> HttpResponse:
    """List checks made by the user, or all of the council for those who keep the list."""
    user = require_roles(request, *ASKS_LIST, "service_manager")
    rows = visible_checks(user).select_related("checked_by").prefetch_related("answers").order_by("-at", "-pk")
    page = paginate(request, rows)
    children = {answer.child_id for check in page for answer in check.answers.all() if answer.child_id}
    record_read(
        request,
        page="plans:list-checks",
        subject="ListCheck",
        subject_id=None,
        family_ids=families_of(children),
        kind=ReadKind.PAGE,
    )
    return render(
        request,
        "plans/list_checks.html",
        {"page": page, "may_ask": user.holds(*ASKS_LIST), "keeps": user.holds(*KEEPS_LIST)},
    )


def _log(request: HttpRequest, page: str, rows: list[Child], kind: ReadKind) -> None:
    record_read(
        request,
        page=page,
        subject="Plan",
        subject_id=None,
        family_ids=families_of([row.pk for row in rows]),
        person_ids=[row.person_id for row in rows],
        right="keeps the list",
        kind=kind,
    )
