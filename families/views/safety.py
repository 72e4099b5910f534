from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts import drafts
from families.access import access_family
from families.forms.safety import EndSafetyAlertForm, SafetyAlertForm
from families.selectors import born_members_of
from families.selectors.safety import alerts_of, homes_of
from families.services import safety
from families.views.parts import back_to_family, form_page, signed_in


def record_safety_alert(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what may be dangerous for those who visit or speak with the household."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    form = drafts.kept_form(
        request, SafetyAlertForm, people=born_members_of(family, on=today), homes=homes_of(family, on=today)
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: safety.record_safety_alert(by=signed_in(request), now=timezone.now(), **form.alert())
        )
    ):
        return back_to_family(request, family, "The danger is recorded. Whoever checks the list is told.")
    return form_page(request, family, form, title="Record a danger to staff", button="Record the danger")


def end_safety_alert(request: HttpRequest, pk: int, alert_pk: int) -> HttpResponse:
    """End a danger to staff, with the reason."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    alert = alerts_of(family, on=today).filter(pk=alert_pk).first()
    if alert is None:
        raise Http404
    form = drafts.kept_form(request, EndSafetyAlertForm, initial={"on": today})
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: safety.end_safety_alert(alert=alert, by=signed_in(request), **form.cleaned_data)
        )
    ):
        return back_to_family(request, family, "The end of the danger is recorded.")
    title = f"End: {alert.get_kind_display()}"
    return form_page(request, family, form, title=title, button="End the danger", lead=alert.words)
