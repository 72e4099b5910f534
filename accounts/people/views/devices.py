"""Pages on which an administrator enrols a device of the council, and the page on which it is taken up there."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import throttling
from accounts.access import open_row, require_roles, user_of
from accounts.enums import Role
from accounts.models import EnrolledDevice
from accounts.people.forms.devices import DeviceCodeForm, NameDeviceForm
from accounts.people.selectors.devices import device_of, devices_of
from accounts.people.services.devices import LASTS, make_device, revoke_device, take_up_device
from accounts.people.views.staff import council_of
from accounts.readers import Reader
from accounts.rules import Rule
from accounts.signin.views.refusals import too_many_tries

UNKNOWN = "This code does not work. Ask your administrator for a new one. A code works once, for 30 minutes."


def _administered(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.ADMINISTRATOR)
    return None if authorities is None else Q(authority__one_of=authorities)


DEVICE_RULE = Rule(rights=(("administers the council", _administered),))


@require_GET
def devices(request: HttpRequest) -> HttpResponse:
    """List the council's devices, those that are revoked too."""
    council = council_of(request)
    context = {"council": council, "devices": list(devices_of(council)), "now": timezone.now()}
    return render(request, "accounts/devices.html", context)


@never_cache
def add_device(request: HttpRequest) -> HttpResponse:
    """Make the code with which one browser is enrolled; it is shown once and stored nowhere."""
    council = council_of(request)
    user = require_roles(request, Role.ADMINISTRATOR)
    form = NameDeviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made: list[str] = []
        now = timezone.now()

        def make() -> None:
            made.append(make_device(authority=council, name=form.cleaned_data["name"], by=user, now=now)[1])

        if form.accepts(make):
            half = len(made[0]) // 2
            context = {
                "code": f"{made[0][:half]} {made[0][half:]}",
                "name": form.cleaned_data["name"],
                "typed_at": request.build_absolute_uri(reverse("accounts:this-device")),
            }
            return render(request, "accounts/device_code.html", context)
    return render(request, "accounts/add_device.html", {"form": form})


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke one device."""
    council_of(request)
    user = require_roles(request, Role.ADMINISTRATOR)
    page = request.resolver_match.view_name if request.resolver_match else ""
    device = open_row(request, EnrolledDevice.objects.all(), DEVICE_RULE, page=page, pk=pk)
    revoke_device(device=device, by=user, now=timezone.now())
    messages.success(request, f"{device.name} is revoked. It keeps nothing from its next page on.")
    return redirect("users:devices")


@never_cache
def this_device(request: HttpRequest) -> HttpResponse:
    """Say whether this browser is enrolled, and take the code that enrols it."""
    user = user_of(request)
    form = DeviceCodeForm(request.POST or None)
    if request.method == "POST":
        now = timezone.now()
        if not throttling.allow("device:account", user.pk, now=now):
            return too_many_tries(request)
        if form.is_valid():
            taken = take_up_device(code=form.cleaned_data["code"], by=user, now=now)
            if taken:
                throttling.take_back("device:account", user.pk)
                messages.success(request, f"This browser is enrolled as {taken[0].name}.")
                answer = redirect("accounts:this-device")
                answer.set_cookie(
                    settings.DEVICE_COOKIE,
                    taken[1],
                    max_age=int(LASTS.total_seconds()),
                    secure=settings.SESSION_COOKIE_SECURE,
                    httponly=True,
                    samesite="Lax",
                )
                return answer
            form.add_error("code", UNKNOWN)
    return render(request, "accounts/this_device.html", {"form": form, "device": device_of(request)})
