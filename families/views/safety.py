from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from families.access import access_family
from families.forms.safety import EndSafetyAlertForm, SafetyAlertForm
from families.selectors import born_members_of
from families.selectors.safety import alerts_of, homes_of
from families.services import safety
from families.views.parts import family_url
from govuk.generic import form_view


def record_safety_alert(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what may be dangerous for those who visit or speak with the household."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    form = kept_form(
        request, SafetyAlertForm, people=born_members_of(family, on=today), homes=homes_of(family, on=today)
    )
    return form_view(
        request,
        form,
        lambda _: safety.record_safety_alert(by=user_of(request), now=timezone.now(), **form.alert()),
        success_url=family_url(family),
        success_message="The danger is recorded. Anyone who checks the list will be told.",
        cancel_url=family_url(family),
        template_name="families/form_page.html",
        family=family,
        title="Record a danger to staff",
    )


def end_safety_alert(request: HttpRequest, pk: int, alert_pk: int) -> HttpResponse:
    """End a danger to staff, with the reason."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    alert = alerts_of(family, on=today).filter(pk=alert_pk).first()
    if alert is None:
        raise Http404
    form = kept_form(request, EndSafetyAlertForm, initial={"on": today})
    return form_view(
        request,
        form,
        lambda data: safety.end_safety_alert(alert=alert, by=user_of(request), **data),
        success_url=family_url(family),
        success_message="The end of the danger is recorded.",
        cancel_url=family_url(family),
        template_name="families/form_page.html",
        family=family,
        title=f"End: {alert.get_kind_display()}",
        lead=alert.words,
    )
