"""Acts that stop or close a lot at once: a form, a page to check name and date on, then the act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from families.models import Family, Person
from families.words import birth_words
from govuk.cleaning import posted_again
from govuk.forms import GovukForm

# Sent by the check page itself, besides what was entered.
OF_THE_CHECK = frozenset({"csrfmiddlewaretoken", "confirm", "change"})


@dataclass(frozen=True, kw_only=True)
class Act:
    """What an act is about and does, for its check page.

    ``rows`` returns the facts to check, name and date of birth first; ``effects`` says in sentences what happens.
    """

    title: str
    check_title: str
    button: str
    rows: Callable[[dict[str, Any]], Sequence[dict[str, Any]]]
    effects: Sequence[str]
    done: str
    lead: str = ""


def act_view(
    request: HttpRequest,
    form: GovukForm,
    act: Act,
    save: Callable[[dict[str, Any]], object],
    *,
    family: Family,
    person: Person | None,
    back: str,
) -> HttpResponse:
    """Ask, then show what was entered and what will happen; only the second button acts.

    Nothing is written before the check page is confirmed, and the page can be left for changing with everything kept.
    """
    form.cancel_url = back
    context: dict[str, Any] = {"family": family, "person": person, "title": act.title, "lead": act.lead}
    if request.method == "POST" and "change" in request.POST:
        data = request.POST
        form.unbind()
        form.restore(data)
        return render(request, "families/form_page.html", {"form": form, **context})
    if request.method == "POST" and form.is_valid():
        if "confirm" not in request.POST:
            check = {
                **context,
                "title": act.check_title,
                "lead": "",
                "rows": act.rows(form.cleaned_data),
                "effects": act.effects,
                "button": act.button,
                "sent": posted_again(request.POST, without=OF_THE_CHECK),
            }
            return render(request, "families/check_act.html", check)
        if form.accepts(lambda: save(form.cleaned_data)):
            messages.success(request, act.done)
            return redirect(back)
    return render(request, "families/form_page.html", {"form": form, **context})


def who_rows(person: Person) -> list[dict[str, Any]]:
    """Return name and date of birth, with which every check page begins."""
    return [{"key": "Name", "value": person.full_name}, {"key": "Date of birth", "value": birth_words(person)}]
