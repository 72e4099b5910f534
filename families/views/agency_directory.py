"""The council's directory of agencies, read by all who work cases and kept by the coordinators."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import record_read, require_roles, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import CASE_ROLES, ReadKind, Role
from accounts.models import Authority
from families import services
from families.access import access_agency, visible_agencies, visible_posts
from families.enums import AgencyKind
from families.forms.agencies import DirectoryForm, EndAgencyForm, KeepAgencyForm
from families.forms.posts import FindWorkerForm
from families.models import Agency, Post
from families.selectors import agencies_in_directory, directory_of, posts_in_directory
from families.selectors.search import fold
from families.views.agencies import enter_agency
from govuk.forms import Button
from govuk.generic import form_view
from govuk.lists import paginate

TEMPLATE = "families/directory_form.html"


def agencies(request: HttpRequest) -> HttpResponse:
    """List the agencies of the directory with who works there, or those found by a search."""
    user, today = require_roles(request, *CASE_ROLES), timezone.localdate()
    form = FindWorkerForm(request.POST or None)
    form.button = Button("Find", look="secondary")
    term = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    posts = visible_posts(user).filter(pk__in=Post.objects.current(on=today).values("pk")).select_related("person")
    rows = (
        visible_agencies(user)
        .filter(ends_on__isnull=True)
        .exclude(kind=AgencyKind.SOCIAL_CARE)
        .prefetch_related(Prefetch("posts", posts, to_attr="held"))
        .order_by("kind", "name")
    )
    parts = fold(term).split()
    found = [row for row in rows if all(part in _said(row) for part in parts)] if term else []
    page = paginate(request, rows)
    shown = found if term else list(page)
    record_read(
        request,
        page="families:agencies",
        subject=Agency.__name__,
        subject_id=None,
        person_ids=[post.person_id for row in shown for post in row.held],
        kind=ReadKind.SEARCH if term else ReadKind.PAGE,
    )
    context = {
        "form": form,
        "term": term,
        "rows": shown,
        "page": page,
        "may_keep": bool(user.authority_ids(Role.COORDINATOR)),
    }
    return render(request, "families/agencies.html", context)


def _said(row: Agency) -> str:
    held = " ".join(f"{post.person.full_name} {post.title}" for post in row.held)  # type: ignore[attr-defined]
    return fold(f"{row.name} {row.get_kind_display()} {held}")


def add_to_directory(request: HttpRequest) -> HttpResponse:
    """Add an agency, or someone who works at one, without naming a child."""
    user, today = require_roles(request, Role.COORDINATOR), timezone.localdate()
    authority = Authority.objects.get(pk=user.authority_ids(Role.COORDINATOR)[0])
    form = kept_form(
        request,
        DirectoryForm,
        agencies=agencies_in_directory(authority),
        # The council's own staff are kept with their accounts.
        workers=[row for row in directory_of(authority, on=today) if row.post],
        posts=posts_in_directory(authority, on=today),
        family_id=None,
        on=today,
    )
    back = reverse("families:agencies")
    record_read(
        request,
        page="families:add-to-directory",
        subject=Agency.__name__,
        subject_id=None,
        person_ids=[worker.post.person_id for worker in form.fields["worker"].workers.values() if worker.post],  # type: ignore[attr-defined]
        kind=ReadKind.PAGE,
    )

    @transaction.atomic
    def save(_: dict[str, object]) -> Agency:
        return enter_agency(form, authority, by=user, now=timezone.now())[0]

    return form_view(
        request,
        form,
        save,
        success_url=reverse("families:add-to-directory") if "another" in request.POST else back,
        success_message="The directory is up to date.",
        cancel_url=back,
        template_name=TEMPLATE,
        title="Add to the directory",
    )


def _kept(request: HttpRequest, pk: int) -> Agency:
    """Return an agency that this coordinator keeps. Raises Http404 for one that has left or is the council's own."""
    user = require_roles(request, Role.COORDINATOR)
    agency = access_agency(request, pk)
    is_own = agency.authority_id in user.authority_ids(Role.COORDINATOR) and agency.kind != AgencyKind.SOCIAL_CARE
    if agency.ends_on is not None or not is_own:
        raise Http404
    return agency


def change_agency(request: HttpRequest, pk: int) -> HttpResponse:
    """Change where an agency is and how to ring it."""
    agency, back = _kept(request, pk), reverse("families:agencies")
    form = kept_form(request, KeepAgencyForm, agency=agency)
    return form_view(
        request,
        form,
        lambda data: services.keep_agency(agency=agency, by=user_of(request), **data),
        success_url=back,
        success_message="The details are saved.",
        cancel_url=back,
        template_name=TEMPLATE,
        title=f"Change the details of {agency.name}",
        lead="A new name is a new agency: add it, and take the old one out. What was written under the old name stays "
        "recognised.",
    )


def end_agency(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an agency out of the directory."""
    agency, back = _kept(request, pk), reverse("families:agencies")
    form = kept_form(request, EndAgencyForm, agency=agency)
    return form_view(
        request,
        form,
        lambda data: services.end_agency(agency=agency, by=user_of(request), today=timezone.localdate(), **data),
        success_url=back,
        success_message="It is out of the directory. What children’s records say about it stays.",
        cancel_url=back,
        template_name=TEMPLATE,
        title=f"Take {agency.name} out of the directory",
        lead="It is offered for no child any more. Whoever works there has to be ended first, with who takes over.",
    )
