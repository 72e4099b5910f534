"""View a council's procedures: what is in force, their history, and differences from the baseline."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import require_roles
from accounts.models import Authority
from deadlines.access import access_policy_version, access_procedures
from deadlines.policies import Policy, PolicyMissing, baseline, policy_for, policy_of
from deadlines.selectors.policies import differences, open_draft_of, policy_groups, versions_of
from govuk.lists import paginate


def procedures_tabs(current: str) -> list[dict[str, Any]]:
    """Return the tabs of a council's procedures."""
    pages = (
        ("policies", "In force"),
        ("policy-differences", "Differs from the baseline"),
        ("policy-history", "History"),
        ("policy-drafts", "Draft"),
        ("recounts", "Count again"),
    )
    return [{"label": label, "url": reverse(f"deadlines:{name}"), "current": name == current} for name, label in pages]


def policy_in_force(authority: Authority) -> Policy | None:
    """Return the procedures in force today; None for a council without any."""
    try:
        return policy_for(authority, on=timezone.localdate())
    except PolicyMissing:
        return None


@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """Show the procedures in force, in words."""
    authority = access_procedures(request)
    policy = policy_in_force(authority)
    page = {
        "tabs": procedures_tabs("policies"),
        "policy": policy,
        "groups": policy_groups(policy.data) if policy else [],
        "draft": open_draft_of(authority),
    }
    return render(request, "deadlines/policies.html", page)


@require_safe
def our_procedures(request: HttpRequest) -> HttpResponse:
    """Show everyone who works by them the procedures in force of each council they work for, in words."""
    user = require_roles(request)
    authorities = list(
        Authority.objects.filter(pk__in={held.authority_id for held in user.current_roles}).order_by("name")
    )
    chosen = request.GET.get("council", "")
    authority = next((one for one in authorities if str(one.pk) == chosen), user.authority or authorities[0])
    policy = policy_in_force(authority)
    page = {
        "authority": authority,
        "others": [one for one in authorities if one != authority],
        "policy": policy,
        "groups": policy_groups(policy.data) if policy else [],
    }
    return render(request, "deadlines/our_procedures.html", page)


@require_safe
def policy_differences(request: HttpRequest) -> HttpResponse:
    """Show where the council differs from the baseline."""
    authority = access_procedures(request)
    policy = policy_in_force(authority)
    page = {
        "tabs": procedures_tabs("policy-differences"),
        "policy": policy,
        "differences": differences(baseline(), policy.data) if policy else [],
    }
    return render(request, "deadlines/policy_differences.html", page)


@require_safe
def policy_history(request: HttpRequest) -> HttpResponse:
    """List every past, present and future version."""
    authority = access_procedures(request)
    lines = versions_of(authority, today=timezone.localdate())
    page = {"tabs": procedures_tabs("policy-history"), "page": paginate(request, lines)}
    return render(request, "deadlines/policy_history.html", page)


@require_safe
def policy_version(request: HttpRequest, number: int) -> HttpResponse:
    """Show one version in words, and what it changed."""
    version = access_policy_version(request, number)
    policy = policy_of(version.pk)
    previous = version.authority.policy_versions.filter(number__lt=number).order_by("-number").first()
    page = {
        "tabs": procedures_tabs("policy-history"),
        "policy": policy,
        "version": version,
        "previous": previous,
        "differences": differences(policy_of(previous.pk).data, policy.data) if previous else [],
        "groups": policy_groups(policy.data),
    }
    return render(request, "deadlines/policy_version.html", page)
