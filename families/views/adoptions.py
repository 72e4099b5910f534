"""An adoption order: recorded on a page that repeats name and date of birth, sealed, and corrected in the open."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import record_read, require_roles, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import Role
from families import services
from families.access import access_family
from families.enums import AdoptedBy
from families.forms.adoptions import AdoptionForm
from families.models import Adoption, Child, Family, Person
from families.sealing import why_not_sealed
from families.selectors.adoptions import adoptions_seen_by, may_be_named
from families.views.acts import Act, act_view, who_rows
from families.views.parts import access_member, family_url, person_url
from govuk.forms import ReasonForm
from govuk.generic import form_view
from govuk.words import listed, plain_date

SEALED = (
    "No page, list, search, chronology or paper names this child any more, here or with the brothers and sisters.",
    "Links of this child, and whatever was about to leave, stop. Meetings go on without this child.",
    "What was counted before stays counted, without a name.",
    "Those you named may still see that there was an order. Nothing in the record is destroyed.",
)
WAITS = (
    "The order is recorded, and the managers of the plan are told.",
    "The plan stays until a manager ends it on its own lawful ground. The record can be sealed then.",
)
OF_THE_FAMILY = (
    "The order is recorded. The child stays in its home and in this family, and every page goes on.",
    "The record is sealed only if a manager decides it, on a page of its own.",
)


def record_adoption(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Record an adoption order about a child, after a page that repeats name and date of birth."""
    family, person, child = _opened(request, pk, person_pk)
    if child.is_unborn or person.death_date is not None:
        raise Http404
    managers = [user for user in may_be_named(family, on=timezone.localdate()) if user.pk != user_of(request).pk]
    form = kept_form(request, AdoptionForm, managers=managers)
    waits = why_not_sealed(child)
    by_others = request.POST.get("adopted_by") == AdoptedBy.OTHERS
    seals = by_others and not waits
    act = Act(
        title=f"Record an adoption order about {person.full_name}",
        check_title="Check that this is the right child",
        button="Record the order and seal" if seals else "Record the order",
        rows=lambda data: [
            *who_rows(person),
            {"key": "Adopted by", "value": AdoptedBy(data["adopted_by"]).label},
            {"key": "Date of the order", "value": plain_date(data["ordered_on"])},
            {"key": "Court", "value": data["court"]},
            {"key": "Who told you", "value": data["source"]},
            {"key": "Who may still see", "value": listed([user_of(request).name, *(u.name for u in form.named())])},
        ],
        effects=SEALED if seals else (*waits, *WAITS) if by_others else OF_THE_FAMILY,
        done="The order is recorded, and the record is sealed." if seals else "The order is recorded.",
    )
    return act_view(
        request,
        form,
        act,
        lambda data: services.record_adoption(
            person=person, by=user_of(request), now=timezone.now(), **{**data, "may_see": form.named()}
        ),
        family=family,
        person=person,
        back=family_url(family) if seals else person_url(family, person),
    )


def seal(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Seal the record of an adopted child, after a page that repeats name and date of birth."""
    family, person, child = _opened(request, pk, person_pk)
    adoption: Adoption | None = person.adoptions.filter(withdrawn_at__isnull=True).first()
    if adoption is None:
        raise Http404
    form = kept_form(
        request,
        ReasonForm,
        label="Why is the record sealed?",
        field="because",
        required="Say why the record is sealed",
        max_length=500,
        button="Continue",
    )
    act = Act(
        title=f"Seal the record of {person.full_name}",
        check_title="Check that this is the right child",
        button="Seal the record",
        rows=lambda data: [
            *who_rows(person),
            {"key": "Date of the order", "value": plain_date(adoption.ordered_on)},
            {"key": "Why it is sealed", "value": data["because"]},
        ],
        effects=(*why_not_sealed(child), *SEALED),
        done="The record is sealed.",
    )
    return act_view(
        request,
        form,
        act,
        lambda data: services.seal_adopted(adoption=adoption, by=user_of(request), now=timezone.now(), **data),
        family=family,
        person=person,
        back=family_url(family),
    )


def sealed(request: HttpRequest) -> HttpResponse:
    """List the adoption orders that the user may still see, without a name."""
    user = require_roles(request, Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
    rows = list(adoptions_seen_by(user))
    record_read(
        request,
        page="families:sealed",
        subject=Adoption.__name__,
        subject_id=None,
        family_ids=[],
        person_ids=[row.person_id for row in rows],
    )
    return render(request, "families/sealed.html", {"rows": rows})


def withdraw_adoption(request: HttpRequest, adoption_pk: int) -> HttpResponse:
    """Correct an adoption that was entered in error, in the open."""
    user = require_roles(request, Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
    adoption = get_object_or_404(adoptions_seen_by(user), pk=adoption_pk)
    record_read(
        request,
        page="families:withdraw-adoption",
        subject=Adoption.__name__,
        subject_id=adoption.pk,
        family_ids=[],
        person_ids=[adoption.person_id],
    )
    form = kept_form(
        request,
        ReasonForm,
        label="What was wrong?",
        field="because",
        required="Say why it was entered in error",
        max_length=500,
        button="Correct the entry",
    )
    return form_view(
        request,
        form,
        lambda data: services.withdraw_adoption(adoption=adoption, by=user, now=timezone.now(), **data),
        success_url=reverse("families:sealed"),
        success_message="The entry is corrected. It stays in the record, with your reason.",
        cancel_url=reverse("families:sealed"),
        template_name="families/withdraw_adoption.html",
        adoption=adoption,
    )


def _opened(request: HttpRequest, pk: int, person_pk: int) -> tuple[Family, Person, Child]:
    """Return a child of a family that the user manages."""
    access_family(request, pk, to="manage")
    family, person = access_member(request, pk, person_pk)
    child: Child | None = Child.objects.select_related("person", "pregnancy").filter(person=person).first()
    if child is None:
        raise Http404
    return family, person, child
