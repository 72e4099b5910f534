"""The council's directory of workers, and the page of one worker's post."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import record_read, require_roles, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import CASE_ROLES, ReadKind
from families import services
from families.access import access_family, access_post, may_change_families, visible_posts
from families.enums import AgencyKind
from families.forms.posts import ChangePostForm, EndPostForm, FindWorkerForm, TakeOverForm
from families.models import Post, WorkOfPost
from families.selectors import agencies_in_directory, directory_of, posts_in_directory
from families.selectors.search import fold
from families.selectors.work_of_posts import kind_of, open_work, versions_of_post, work_shown
from families.views.parts import family_url
from govuk.generic import form_view
from govuk.lists import paginate

SHOWN = 50


def workers(request: HttpRequest) -> HttpResponse:
    """List the workers of agencies in the council's directory, or those found by a search."""
    user = require_roles(request, *CASE_ROLES)
    form = FindWorkerForm(request.POST or None)
    term = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    today = timezone.localdate()
    rows = (
        visible_posts(user)
        .filter(pk__in=Post.objects.current(on=today).values("pk"), person__user__isnull=True)
        .select_related("person", "agency")
        .order_by("agency__name", "person__family_name", "person__given_name", "pk")
    )
    found: list[Post] = []
    if term:
        parts = fold(term).split()
        found = [row for row in rows if all(part in _said(row) for part in parts)][:SHOWN]
    page = paginate(request, rows)
    record_read(
        request,
        page="families:workers",
        subject=Post.__name__,
        subject_id=None,
        person_ids=[row.person_id for row in (found if term else page)],
        kind=ReadKind.SEARCH if term else ReadKind.PAGE,
    )
    context = {"form": form, "term": term, "rows": found if term else page.object_list, "page": page, "shown": SHOWN}
    return render(request, "families/workers.html", context)


def _said(post: Post) -> str:
    return fold(f"{post.person.full_name} {post.title} {post.agency.name}")


def worker(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a worker's post, and what its holder is to do in cases that the user may open."""
    post, user = access_post(request, pk), user_of(request)
    today = timezone.localdate()
    is_current = post.is_current(today)
    left = WorkOfPost.objects.filter(post=post, settled_at__isnull=True).select_related("family")
    may = may_change_families(user, [row.family for row in left])
    mine = [row for row in left if row.family_id in may]
    context = {
        "post": post,
        "is_current": is_current,
        "may_change": post.ends_on is None and not _is_staff(post),
        "is_staff": _is_staff(post),
        "work": work_shown(post, user, on=today) if is_current else None,
        "left": mine,
        "left_elsewhere": len(left) - len(mine),
        "versions": versions_of_post(post),
    }
    return render(request, "families/worker.html", context)


def _is_staff(post: Post) -> bool:
    """Return whether the post is that of an account: its details are kept there."""
    return post.person.user_id is not None and post.agency.kind == AgencyKind.SOCIAL_CARE


def _changeable(request: HttpRequest, pk: int) -> Post:
    post = access_post(request, pk)
    if _is_staff(post):
        raise Http404
    return post


def change_worker(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a worker's e-mail, phone, job title or agency; invitations follow."""
    post = _changeable(request, pk)
    back = reverse("families:worker", args=[pk])
    if post.ends_on is not None:
        return redirect(back)
    form = kept_form(request, ChangePostForm, post=post, agencies=agencies_in_directory(post.agency.authority))
    return form_view(
        request,
        form,
        lambda data: services.change_post(post=post, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="The details are saved. Those who arrange their conferences are told of a new address.",
        cancel_url=back,
        template_name="families/worker_form.html",
        post=post,
        title=f"Change the details of {post.person.full_name}",
    )


def end_worker(request: HttpRequest, pk: int) -> HttpResponse:
    """End a worker's post, and say who takes over what they were to do."""
    post = _changeable(request, pk)
    back, today = reverse("families:worker", args=[pk]), timezone.localdate()
    if post.ends_on is not None:
        return redirect(back)
    offered = directory_of(post.agency.authority, on=today)
    others = [row for row in offered if row.post is None or row.post.person_id != post.person_id]
    form = kept_form(request, EndPostForm, post=post, today=today, workers=others)
    return form_view(
        request,
        form,
        lambda data: services.end_post(
            post=post,
            on=data["on"],
            because=data["because"],
            successor=form.worker_post(on=today),
            version=data["version"],
            by=user_of(request),
            now=timezone.now(),
        ),
        renamed={"successor": "worker"},
        success_url=back,
        success_message="The post is ended.",
        cancel_url=back,
        template_name="families/worker_form.html",
        post=post,
        work=work_shown(post, user_of(request), on=today),
        title=f"End the post of {post.person.full_name}",
    )


def take_over(request: HttpRequest, pk: int, work_pk: int) -> HttpResponse:
    """Say who takes over one piece of work from a worker who left, or why nobody is needed."""
    family, today = access_family(request, pk, to="change"), timezone.localdate()
    work = open_work(family).filter(pk=work_pk).first()
    if work is None:
        raise Http404
    form = kept_form(
        request,
        TakeOverForm,
        agency=work.post.agency,
        workers=directory_of(family.authority, on=today, family=family),
        posts=posts_in_directory(family.authority, on=today, family=family),
        family_id=family.pk,
    )
    back = family_url(family)

    @transaction.atomic
    def save(data: dict[str, object]) -> WorkOfPost:
        by, now = user_of(request), timezone.now()
        to = form.worker_post(on=today)
        if to is None and form.entered.is_named:
            to = services.enter_worker(
                entered=form.entered, agency=work.post.agency, same_as=form.same_as, use=form.use, by=by, now=now
            )
        if to is not None:
            return services.give_work(work=work, to=to, by=by, now=now)
        return services.settle_work(work=work, because=str(data["because"]), by=by, now=now)

    return form_view(
        request,
        form,
        save,
        renamed={"to": "worker"},
        success_url=back,
        success_message="Saved.",
        cancel_url=back,
        template_name="families/form_page.html",
        family=family,
        title=f"Who takes over from {work.post.person.full_name}?",
        lead=f"{kind_of(work)}: {work.what}",
    )
