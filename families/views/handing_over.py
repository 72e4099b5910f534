from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import record_read, require_roles
from accounts.models import Authority, User
from families import handing_over
from families.forms.handing_over import HandOverForm
from families.handing_over import MANAGERS
from families.models import Family
from families.selectors import workers_of
from families.views.parts import posted


def leavers(request: HttpRequest) -> HttpResponse:
    """People who left, or changed team, and still have open work in cases that the manager manages."""
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
    """Give what somebody leaves to others, each kind of work to one person, all in one go."""
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
        work.kind.key: workers_of(council, roles=work.kind.taken_by, on=today).exclude(pk=user.pk)
        for work in left
    }
    form = HandOverForm(posted(request), left=left, takers=takers)
    if request.method == "POST" and form.is_valid():
        given: list[int] = []
        if form.accepts(
            lambda: given.append(
                handing_over.hand_over(user=user, to=form.chosen(), by=manager, now=timezone.now())
            )
        ):
            messages.success(request, f"{given[0]} things of {user.name} have changed hands.")
            return redirect("families:leavers")
    works = [(work, form[work.kind.key]) for work in left]
    return render(request, "families/hand_over.html", {"about": user, "works": works, "form": form})
