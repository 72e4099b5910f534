"""Template tags and filters about people; the wording comes from ``families.words``."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

from django import template
from django.urls import reverse

from accounts.enums import CASE_ROLES
from accounts.models import User
from families import words
from families.enums import Disability, ResponsibilityStatus
from families.models import Child, ContactRisk, Person
from families.selectors import Adult, PersonPage, Tie
from families.selectors.agency_names import holder_on_page, name_on_page, place_on_page, title_on_page
from families.selectors.page import Home

register = template.Library()


@register.simple_tag(takes_context=True)
def families_url(context: template.Context) -> str:
    """Return the URL of the list of families; empty for users who have no list."""
    user = getattr(context.get("request"), "user", None)
    return reverse("families:families") if isinstance(user, User) and user.holds(*CASE_ROLES) else ""


register.filter("agency_name", name_on_page)
register.filter("job_title", title_on_page)
register.filter("post_holder", holder_on_page)
register.filter("typed_place", place_on_page)
register.filter("birth_words", words.birth_words)
register.filter("called", words.called)


@register.filter
def person_line(person: Person, on: datetime.date) -> str:
    """Return age and birth in one line."""
    return words.person_line(person, on=on)


@register.filter
def child_line(child: Child, on: datetime.date) -> str:
    """Return age and birth, or the expected date, in one line."""
    return words.child_line(child, on=on)


@register.filter
def ties_in_words(adult: Adult) -> list[str]:
    """Return for example "Mother of Robin, Wren", one line for each sort of tie."""
    by_words: dict[str, list[str]] = {}
    for tie in adult.ties:
        if tie.relationships:
            by_words.setdefault(tie.words, []).append(words.called(tie.child))
    return [f"{said} of {', '.join(children)}" for said, children in by_words.items()] or ["Not recorded"]


@register.filter
def responsibility_in_words(adult: Adult) -> list[str]:
    """Return for example "For Robin, Wren" and "Disputed for the baby"; "For no one" where every answer is no."""
    labels = {
        ResponsibilityStatus.HELD: "For",
        ResponsibilityStatus.UNKNOWN: "Not known for",
        ResponsibilityStatus.DISPUTED: "Disputed for",
    }
    by_status: dict[str, list[str]] = {}
    for tie in adult.ties:
        if tie.responsibility is not None:
            by_status.setdefault(tie.responsibility.status, []).append(words.called(tie.child))
    said = [f"{label} {', '.join(by_status[status])}" for status, label in labels.items() if status in by_status]
    if said:
        return said
    return ["For no one"] if by_status else ["Not recorded"]


@register.filter
def reach_in_words(person: Person, on: datetime.date) -> list[str]:
    """Return the kinds of contact detail and whether each is safe; never the detail itself."""
    if person.death_date is not None:
        return ["Nothing is sent any more"]
    lines = []
    for point in person.contact_points.all():
        if point.is_current(on):
            safety = "safe to use" if point.is_safe else "not known to be safe"
            note = f". {point.safety_note}" if point.safety_note else ""
            lines.append(f"{point.get_kind_display()}, {safety}{note}")
    return lines


@register.filter
def homes_for(homes: Mapping[int, Sequence[Home]], person: Person) -> Sequence[Home]:
    """Return where someone lives now, from all homes by person id."""
    return homes.get(person.pk, ())


@register.filter
def disabilities_in_words(child: Child) -> str:
    """Return the names of the disabilities in one line."""
    return ", ".join(str(Disability(code).label) for code in child.disabilities)


@register.simple_tag
def protected(risk: ContactRisk, children: Iterable[Child]) -> list[str]:
    """Return who a risk protects: this family's children and the adults it names; others stay unnamed."""
    here = {child.pk: child for child in children}
    named = [words.called(here[child.pk]) for child in risk.children.all() if child.pk in here]
    return named + [person.full_name for person in risk.protects.all()]


@register.simple_tag
def tie_of(adult: Adult, child: Child) -> Tie | None:
    """Return the adult's tie to the child."""
    return adult.tie_to(child)


@register.simple_tag
def name_of(about: PersonPage) -> str:
    """Return what to call the page's person inside a sentence."""
    return words.called(about.child) if about.child else about.person.short_name
