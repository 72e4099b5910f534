from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import open_row, require_roles, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import Role
from accounts.models import Authority, Leaving, RoleAssignment, RoleProposal, Team, User
from accounts.people import services
from accounts.people.forms.staff import (
    AddUserForm,
    CloseAccountForm,
    EndRoleForm,
    MoveForm,
    RoleForm,
    UserForm,
    UsersFilterForm,
)
from accounts.people.selectors.staff import changes_of, proposals_of, roles_of, users_of, works_elsewhere
from accounts.people.views.second_person import settleable, waiting_for
from accounts.readers import Reader, array_of
from accounts.rules import Rule
from accounts.signin import second_factor
from govuk.forms import GovukForm
from govuk.generic import form_view
from govuk.lists import paginate

WELCOMED = "The account is open. A link for choosing a password is on its way to the user."
WAITS = "Someone else has to confirm the role. Then a link for choosing a password goes to the user."

Save = Callable[[dict[str, Any]], Any]
Message = str | Callable[[Any], str]


def _administered(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.ADMINISTRATOR)
    return None if authorities is None else Q(authority__one_of=authorities)


def _user_administered(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.ADMINISTRATOR)
    if authorities is None:
        return None
    held = RoleAssignment.objects.filter(authority__one_of=authorities)
    asked_for = RoleProposal.objects.filter(authority__one_of=authorities)
    return Q(pk__one_of=array_of(held.values("user"))) | Q(pk__one_of=array_of(asked_for.values("user")))


USER_RULE = Rule(rights=(("administers the council", _user_administered),))
POST_RULE = Rule(rights=(("administers the council", _administered),))


def council_of(request: HttpRequest) -> Authority:
    """Return the council that the signed-in user administers. Raises as require_roles does."""
    user = require_roles(request, Role.ADMINISTRATOR)
    return Authority.objects.get(pk=user.authority_ids(Role.ADMINISTRATOR)[0])


def open_user(request: HttpRequest, pk: int, *, to: str = "read") -> tuple[Authority, User]:
    """Return a user of the administrator's council; to ``change`` only if no other council shares the account."""
    council = council_of(request)
    page = request.resolver_match.view_name if request.resolver_match else ""
    user = open_row(request, User.objects.all(), USER_RULE, page=page, pk=pk)
    if to == "change" and works_elsewhere(user, council, on=timezone.localdate()):
        raise Http404
    return council, user


def _open_post(request: HttpRequest, pk: int, post_pk: int) -> tuple[User, RoleAssignment]:
    _, user = open_user(request, pk)
    page = request.resolver_match.view_name if request.resolver_match else ""
    posts = RoleAssignment.objects.select_related("team", "authority", "user").filter(user=user)
    return user, open_row(request, posts, POST_RULE, page=page, pk=post_pk)


def page_about(
    request: HttpRequest, user: User, form: GovukForm, save: Save, message: Message, **context: Any
) -> HttpResponse:
    """Render a page that asks one thing about an account and leads back to it."""
    return form_view(
        request,
        form,
        save,
        success_url=reverse("users:user", args=[user.pk]),
        success_message=message,
        cancel_url=reverse("users:user", args=[user.pk]),
        template_name="accounts/user_form.html",
        about=user,
        **context,
    )


def users(request: HttpRequest) -> HttpResponse:
    """List the people who use the system in the council, with their roles."""
    council = council_of(request)
    form = UsersFilterForm(request.GET, authority=council)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = paginate(request, users_of(council, on=timezone.localdate(), **chosen))
    context = {"page": page, "form": form, "waiting": waiting_for(user_of(request), council), "council": council}
    return render(request, "accounts/users.html", context)


def add_user(request: HttpRequest) -> HttpResponse:
    """Create an account with its first role."""
    council = council_of(request)
    form = kept_form(request, AddUserForm, authority=council, today=timezone.localdate())
    return form_view(
        request,
        form,
        lambda data: services.add_user(authority=council, by=user_of(request), now=timezone.now(), **data),
        success_url=lambda made: reverse("users:user", args=[made.pk]),
        success_message=lambda made: WELCOMED if made.roles.exists() else WAITS,
        cancel_url=reverse("users:users"),
        template_name="accounts/user_form.html",
        title="Add a user",
    )


def user(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one account: its owner, and its past, present and future roles."""
    council, row = open_user(request, pk)
    today = timezone.localdate()
    context = {
        "about": row,
        "roles": roles_of(row, council),
        "today": today,
        "leaving": Leaving.objects.filter(user=row, reopened_at=None).select_related("closed_by").first(),
        "proposals": settleable(user_of(request), proposals_of(council).filter(user=row)),
        "changes": settleable(user_of(request), changes_of(council).filter(user=row)),
        "elsewhere": works_elsewhere(row, council, on=today),
        "is_me": row == request.user,
        "has_steps": second_factor.has_step(row),
    }
    return render(request, "accounts/user.html", context)


def change_user(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name, job title and phone of an account."""
    _, row = open_user(request, pk, to="change")
    return page_about(
        request,
        row,
        kept_form(request, UserForm, user=row),
        lambda data: services.change_user(user=row, **data),
        "The details are saved.",
        title="Change details",
    )


def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role from a given day."""
    council, row = open_user(request, pk)
    return page_about(
        request,
        row,
        kept_form(request, RoleForm, authority=council, today=timezone.localdate()),
        lambda data: services.give_role(user=row, authority=council, by=user_of(request), now=timezone.now(), **data),
        lambda given: (
            "Someone else has to confirm this role." if isinstance(given, RoleProposal) else "The role has been given."
        ),
        title="Give a role",
    )


def end_role(request: HttpRequest, pk: int, post_pk: int) -> HttpResponse:
    """End a role on a given day."""
    row, post = _open_post(request, pk, post_pk)
    return page_about(
        request,
        row,
        kept_form(request, EndRoleForm, today=timezone.localdate()),
        lambda data: services.end_post(assignment=post, by=user_of(request), now=timezone.now(), **data),
        "The role now has an end date.",
        title=f"End the role: {post.get_role_display()}",
    )


def move_to_team(request: HttpRequest, pk: int, post_pk: int) -> HttpResponse:
    """Move a user to another team: the old role ends on the day the new one starts."""
    row, post = _open_post(request, pk, post_pk)
    teams = Team.objects.filter(authority=post.authority_id).exclude(pk=post.team_id or 0)
    return page_about(
        request,
        row,
        kept_form(request, MoveForm, teams=teams, today=timezone.localdate()),
        lambda data: services.move_to_team(assignment=post, by=user_of(request), now=timezone.now(), **data),
        "The move is recorded.",
        title="Move to another team",
        lead="From that day they can’t open the old team’s cases. They keep the cases they hold "
        "until a manager gives them to someone else.",
    )


def close_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a leaver's account at once."""
    _, row = open_user(request, pk, to="change")
    return page_about(
        request,
        row,
        kept_form(request, CloseAccountForm),
        lambda data: services.close_account(user=row, by=user_of(request), now=timezone.now(), **data),
        "The account is closed. Managers will give the open work to others.",
        title="Close the account",
        lead="From now on it opens nothing, even if they are signed in. Their work is on the "
        "managers’ Team page until it is given to someone else.",
    )
