"""Pages of allegations: one to refer, and the rest for those who may learn that there is one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import record_read, require_roles, rights_of, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import ReadKind, Role
from allegations.access import REFERRAL_RULE, STAFF, access_conference_to_refer, access_family_to_refer, access_referral
from allegations.forms.referrals import BundleForm, CorrectForm, ReferForm, StepForm
from allegations.models import Referral
from allegations.selectors.bundles import bundles_for
from allegations.selectors.referrals import (
    children_of,
    current_text,
    referral_page,
    referrals_seen_by,
    rows_of,
    who_works_with,
)
from allegations.services.bundles import put_in_bundle
from allegations.services.referrals import (
    correct_referral,
    managers_to_tell,
    record_step,
    refer,
    take_on,
    withdraw_step,
)
from conferences.models import Conference
from families.models import Family
from govuk.forms import ReasonForm
from govuk.generic import form_view
from govuk.lists import paginate

FORM = "allegations/form_page.html"


@require_safe
def referrals(request: HttpRequest) -> HttpResponse:
    """List the referrals that the reader may learn of: all that they handle, made, or were told of."""
    user = require_roles(request, *STAFF, Role.DESIGNATED_OFFICER)
    page = paginate(request, referrals_seen_by(user))
    rows = rows_of(list(page.object_list), today=timezone.localdate())
    record_read(
        request,
        page="allegations:referrals",
        subject=Referral.__name__,
        subject_id=None,
        family_ids=[row.referral.family_id for row in rows],
        person_ids=[row.referral.child.person_id for row in rows],
        right=rights_of(row.referral for row in rows),
        kind=ReadKind.SEARCH,
    )
    return render(request, "allegations/referrals.html", {"page": page, "rows": rows})


def refer_from_family(request: HttpRequest, pk: int) -> HttpResponse:
    """Refer an allegation from a family's page."""
    return _refer(request, access_family_to_refer(request, pk), None, reverse("families:family", args=[pk]))


def refer_from_conference(request: HttpRequest, pk: int) -> HttpResponse:
    """Refer an allegation from a conference's page."""
    conference = access_conference_to_refer(request, pk)
    return _refer(request, conference.family, conference, reverse("conferences:overview", args=[pk]))


def _refer(request: HttpRequest, family: Family, conference: Conference | None, back: str) -> HttpResponse:
    user, today = user_of(request), timezone.localdate()
    form = kept_form(
        request,
        ReferForm,
        workers=who_works_with(family, user, on=today),
        children=children_of(family),
        managers=managers_to_tell(family, by=user, on=today),
    )

    def save(data: dict[str, object]) -> Referral:
        return refer(
            family=family,
            child=data["child"],  # type: ignore[arg-type]
            allegation=form.allegation(),
            known_on=data["known_on"],  # type: ignore[arg-type]
            told_manager=data["told_manager"],  # type: ignore[arg-type]
            form_key=data["form_key"],  # type: ignore[arg-type]
            conference=conference,
            by=user,
            now=timezone.now(),
        )

    def after(made: Referral) -> str:
        seen = REFERRAL_RULE.right_of(user, made) is not None
        return reverse("allegations:referral", args=[made.pk]) if seen else back

    return form_view(
        request,
        form,
        save,
        success_url=after,
        success_message="It is with the designated officer. Nothing of it stands in the case.",
        cancel_url=back,
        template_name="allegations/refer.html",
        family=family,
        title="An allegation against someone who works with children",
    )


@require_safe
def referral(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one referral with its limit, its wordings, what came of it and who has opened it."""
    found = access_referral(request, pk)
    user, today = user_of(request), timezone.localdate()
    page = referral_page(found, user, today=today)
    context = {"referral": found, "page": page, "bundles": found.bundles.select_related("disclosure", "decided_by")}
    return render(request, "allegations/referral.html", context)


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a referral on, as who handles allegations."""
    found = access_referral(request, pk, to="handle")
    try:
        take_on(referral=found, by=user_of(request), now=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "It is recorded that you have it.")
    return redirect("allegations:referral", pk)


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what a referral says; the earlier words stay."""
    found = access_referral(request, pk, to="correct")
    user, text = user_of(request), current_text(found)
    workers = who_works_with(found.family, user, on=timezone.localdate())
    initial = {**CorrectForm(workers=workers).known(text), "version": found.version}
    form = kept_form(request, CorrectForm, workers=workers, initial=initial)
    return _form(
        request,
        found,
        form,
        lambda data: correct_referral(
            referral=found,
            allegation=form.allegation(),
            because=data["because"],
            version=data["version"],
            by=user,
            now=timezone.now(),
        ),
        title="Correct what it says",
        done="The correction is saved. The earlier words stay beside it.",
    )


def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what came of a referral."""
    found = access_referral(request, pk, to="handle")
    return _form(
        request,
        found,
        kept_form(request, StepForm, initial={"on": timezone.localdate()}),
        lambda data: record_step(referral=found, by=user_of(request), now=timezone.now(), **data),
        title="What came of it?",
        done="It is recorded.",
    )


def take_back_step(request: HttpRequest, pk: int, step_pk: int) -> HttpResponse:
    """Take back a step that was recorded in error, with the reason."""
    found = access_referral(request, pk, to="handle")
    row = get_object_or_404(found.steps, pk=step_pk)
    if row.withdrawn_at is not None and request.method != "POST":
        raise Http404
    form = kept_form(
        request,
        ReasonForm,
        label="What was wrong?",
        field="because",
        required="Say why it was recorded in error",
        button="Take it back",
    )
    return _form(
        request,
        found,
        form,
        lambda data: withdraw_step(step=row, by=user_of(request), now=timezone.now(), **data),
        title=f"“{row.get_kind_display()}” was recorded in error",
        done="It is taken back, and stays with your reason.",
    )


def bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide that a referral goes into a bundle of records."""
    found = access_referral(request, pk, to="handle")
    form = kept_form(request, BundleForm, disclosures=bundles_for(found))
    return _form(
        request,
        found,
        form,
        lambda data: put_in_bundle(referral=found, by=user_of(request), now=timezone.now(), **data),
        title="Put it into a bundle of records",
        done="It is in the bundle. Whoever prepares and checks the bundle reads it from now on.",
    )


def _form(request: HttpRequest, found: Referral, form: object, save: object, *, title: str, done: str) -> HttpResponse:
    back = reverse("allegations:referral", args=[found.pk])
    return form_view(
        request,
        form,  # type: ignore[arg-type]
        save,  # type: ignore[arg-type]
        success_url=back,
        success_message=done,
        cancel_url=back,
        template_name=FORM,
        referral=found,
        title=title,
    )
