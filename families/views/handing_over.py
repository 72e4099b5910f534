from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import record_read, require_roles
from accounts.drafts.forms import kept_form
from accounts.models import Authority, User
from families import handing_over
from families.forms.handing_over import HandOverForm
from families.handing_over import MANAGERS
from families.models import Family
from families.selectors import workers_of
from govuk.generic import form_view


def leavers(request: HttpRequest) -> HttpResponse:
    """List people who left, or changed team, and still hold work in cases that the manager manages."""
    manager = require_roles(request, *MANAGERS)
    today = timezone.localdate()
    people = handing_over.gone(manager.authority_ids(*MANAGERS), on=today)
    left = handing_over.work_left([user.pk for user in people], manager=manager, on=today)
    rows = [(user, left[user.pk]) for user in people if user.pk in left]
    record_read(
        request,
        page="families:leavers",
        subject=Family.__name__,
        subject_id=None,
        family_ids={item.family_id for _, works in rows for work in works for item in work.items},
    )
    return render(request, "families/leavers.html", {"rows": rows})


def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand over a leaver's work in one go, each kind of work to one person."""
    manager = require_roles(request, *MANAGERS)
    today = timezone.localdate()
    council = Authority.objects.get(pk=manager.authority_ids(*MANAGERS)[0])
    user = User.objects.filter(pk=pk, roles__authority=council).distinct().first()
    left = handing_over.work_left([pk], manager=manager, on=today).get(pk, []) if user else []
    if user is None or not left:
        raise Http404
    record_read(
        request,
        page="families:hand-over",
        subject=User.__name__,
        subject_id=user.pk,
        family_ids={item.family_id for work in left for item in work.items},
    )
    takers = {
        work.kind.key: workers_of(council, roles=work.kind.taken_by, on=today).exclude(pk=user.pk) for work in left
    }
    form = kept_form(request, HandOverForm, left=left, takers=takers)
    return form_view(
        request,
        form,
        lambda _: handing_over.hand_over(user=user, to=form.chosen(), by=manager, now=timezone.now()),
        success_url=reverse("families:leavers"),
        success_message=lambda given: f"{given} pieces of {user.name}’s work have been handed over.",
        cancel_url=reverse("families:leavers"),
        template_name="families/hand_over.html",
        about=user,
    )
