"""The two history pages of every record: its changes, and its state on a given day.

The caller's gatekeeper has already opened the record. Confidential whereabouts stay off both pages until the
user asks to see them, for a recorded reason, as on the family's own page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import user_of
from accounts.case_data import Table
from accounts.history.forms import HistoryFilterForm, MomentForm
from accounts.history.reading import History, stood_at
from accounts.history.registry import Record
from accounts.history.wording import Concealment, NothingConcealed, in_acts, in_sections
from families.forms import RevealForm
from families.hidden_words import mentions
from families.models import AgencyInvolvement, ContactPoint, Family, Residence, SafetyAlert
from families.selectors.whereabouts import Hidden, all_confidential
from families.services import record_reveal
from govuk.lists import paginate
from govuk.templatetags.govuk import breadcrumbs

PER_PAGE = 50
OF_A_HOME = frozenset({"address_id", "source"})
OF_A_CONTACT = frozenset({"value", "safety_note", "source"})
OF_AN_AGENCY = frozenset({"agency_id", "post_id", "source"})
OF_AN_ALERT = frozenset({"address_id"})
# Where something took place, in the tables of higher apps that mark it as confidential (a visit).
OF_A_PLACE = frozenset({"where"})


@dataclass
class ConcealedWhereabouts:
    """What is marked confidential around some people: rows marked now or before, and every revealing text.

    ``found`` says whether anything has been withheld so far.
    """

    hidden: Hidden
    council: str
    found: bool = False

    def columns(self, table: Table, row: Mapping[str, Any]) -> frozenset[str]:
        concealed = self._columns(table, row)
        self.found = self.found or bool(concealed)
        return concealed

    def _columns(self, table: Table, row: Mapping[str, Any]) -> frozenset[str]:
        if row.get("where_hidden"):
            return OF_A_PLACE
        marked, pk = bool(row.get("confidential")), row.get("id")
        marked = marked or pk in self._marked_rows(table)
        if table.model is Residence and (marked or row.get("address_id") in self.hidden.address_ids):
            return OF_A_HOME
        if table.model is ContactPoint and marked:
            return OF_A_CONTACT
        if table.model is AgencyInvolvement and (marked or row.get("agency_id") in self.hidden.agency_ids):
            return OF_AN_AGENCY
        if table.model is SafetyAlert and row.get("address_id") in self.hidden.address_ids:
            return OF_AN_ALERT
        return frozenset()

    def _marked_rows(self, table: Table) -> frozenset[int]:
        """Return rows marked today: every version of them stays hidden, including those from before the mark."""
        if table.model is Residence:
            return self.hidden.residence_ids
        if table.model is ContactPoint:
            return self.hidden.contact_point_ids
        return self.hidden.involvement_ids if table.model is AgencyInvolvement else frozenset()

    def holds(self, text: str) -> bool:
        gives_away = mentions(text, self.hidden.words, self.council)
        self.found = self.found or gives_away
        return gives_away


@dataclass(frozen=True)
class Subject:
    """A record whose history is shown: the row, the right it was opened under, and its pages' URLs."""

    record: Record
    pk: int
    right: str | None
    title: str
    caption: str
    family: Family
    people: Iterable[int]
    crumbs: Sequence[tuple[str, str]]
    history_url: str
    past_url: str
    may_reveal: bool = True

    @property
    def now_url(self) -> str:
        """Return the URL of the record as it is today."""
        return self.crumbs[-1][1]

    @property
    def trail_html(self) -> str:
        """Return the breadcrumb, which ends here."""
        return breadcrumbs(*(text for pair in self.crumbs for text in pair), "History", "")


def show_history(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Show every version of the record's rows, newest first, by table and day."""
    parts = subject.record.parts_for(subject.right)
    form = HistoryFilterForm(request.GET, parts=parts)
    since, until = form.span()
    versions = History(subject.record, subject.pk, user_of(request), form.chosen_parts(), since, until)
    concealment, context = _revealing(request, subject)
    page = paginate(request, versions, per_page=PER_PAGE)
    context |= {
        "subject": subject,
        "form": form,
        "moment_form": _moment_form(subject),
        "page": page,
        "acts": in_acts(list(page.object_list), concealment),
    }
    return _never_kept(render(request, "families/see_history.html", context))


def _moment_form(subject: Subject) -> MomentForm:
    form = MomentForm(today=timezone.localdate())
    form.helper.form_action, form.helper.form_class = subject.past_url, ""
    return form


def show_as_it_was(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Show the record as the database held it at a moment, marked as past."""
    form = MomentForm(request.GET or None, today=timezone.localdate())
    at = form.cleaned_data.get("at") if request.GET and form.is_valid() else None
    concealment, context = _revealing(request, subject)
    context |= {"subject": subject, "form": form, "at": at}
    if at is not None:
        parts = subject.record.parts_for(subject.right, past=True)
        rows = stood_at(subject.record, subject.pk, parts=parts, user=user_of(request), at=at)
        is_there = any(row["id"] == subject.pk for part, row in rows if part.table.model is subject.record.root)
        context["sections"] = in_sections(rows, concealment, at=at) if is_there else []
    return _never_kept(render(request, "families/see_as_it_was.html", context))


def _revealing(request: HttpRequest, subject: Subject) -> tuple[Concealment, dict[str, Any]]:
    """Return what is concealed on this page; nothing once a reason has been given and recorded."""
    concealment = ConcealedWhereabouts(all_confidential(subject.people), subject.family.authority.name)
    if not subject.may_reveal:
        return concealment, {}
    form = RevealForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: record_reveal(
                family=subject.family, by=user_of(request), reason=form.cleaned_data["reason"], now=timezone.now()
            )
        )
    ):
        return NothingConcealed(), {"is_revealed": True}
    concealment = ConcealedWhereabouts(all_confidential(subject.people), subject.family.authority.name)
    return concealment, {"reveal_form": form, "concealment": concealment}


def _never_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
