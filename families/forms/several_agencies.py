"""The agencies that know a family's children, chosen from the council's directory in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from families.enums import Answer
from families.forms.ties import NOT_ASKED
from families.models import Agency, Child, Post
from families.selectors.search import fold
from govuk.forms import Button, CheckboxesField, GovukForm, Include, Layout, SelectField

# With fewer, all are shown; with more, those that a search found.
SHOWN_AT_ONCE = 12
ALL = "all"
HIDING = [("", NOT_ASKED), (Answer.NO, "No"), (Answer.YES, "Yes: keep it confidential")]


@dataclass(frozen=True)
class Offered:
    """An agency that may be chosen, through a post there or, where nobody holds one, by itself."""

    agency: Agency
    post: Post | None

    @property
    def key(self) -> str:
        return f"post-{self.post.pk}" if self.post else f"agency-{self.agency.pk}"

    @property
    def words(self) -> str:
        """Return agency, name and job title."""
        who = f", {self.post.person.full_name}, {self.post.title}" if self.post else ", nobody named"
        return f"{self.agency.name}{who}"


@dataclass(frozen=True)
class Chosen:
    """An agency, the children whom it knows, and whether its name could give away where someone is."""

    offered: Offered
    children: list[Child]
    hiding: Answer | str


class SeveralAgenciesForm(GovukForm):
    """Directory rows with a box for each child: ticking a child chooses the agency."""

    keeps_draft = True
    marks_optional = False
    button = "Save the agencies"
    other_buttons = (Button("Save, then add one that is not in the directory", look="secondary", name="another"),)
    layout = Layout(Include("families/choose_agencies.html", draws=("find",)))

    find = forms.CharField(
        label="Find agencies and people",
        required=False,
        max_length=300,
        help_text="Several at once with commas between, for example: Harbour Academy, midwife, police",
    )

    def __init__(self, *args: Any, offered: Sequence[Offered], children: Sequence[Child], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered, self.children = offered, {str(child.pk): child for child in children}
        choices = [(ALL, "All the children")] if len(self.children) > 1 else []
        choices += [(pk, child.person.short_name) for pk, child in self.children.items()]
        for row in offered:
            self.fields[f"knows-{row.key}"] = CheckboxesField(
                label=row.words, choices=choices, required=False, inline=True
            )
            self.fields[f"hiding-{row.key}"] = SelectField(
                label="Could it give away where someone is?", choices=HIDING, required=False
            )
        self._adapt()
        self.drawn_on_demand = frozenset(name for name in self.fields if name != "find")  # type: ignore[misc]

    @property
    def only_finds(self) -> bool:
        """Return whether the page was sent to search the directory, and not to save."""
        return self.is_bound and "find_agencies" in self.data

    @property
    def wanted(self) -> list[list[str]]:
        """Return the words of each thing that is looked for."""
        typed = str(self["find"].value() or "")
        return [fold(part).split() for part in typed.replace("\n", ",").replace(";", ",").split(",") if part.strip()]

    @property
    def shown(self) -> list[tuple[Offered, Any, Any]]:
        """Return the rows to draw with their two fields: those chosen, then those found, or all of a few."""
        wanted, few = self.wanted, len(self.offered) <= SHOWN_AT_ONCE

        def is_found(row: Offered) -> bool:
            said = fold(f"{row.words} {row.agency.get_kind_display()}")
            return any(all(part in said for part in parts) for parts in wanted)

        rows = [(row, self[f"knows-{row.key}"], self[f"hiding-{row.key}"]) for row in self.offered]
        chosen = [one for one in rows if one[1].value() or one[2].value()]
        found = [one for one in rows if one not in chosen and (is_found(one[0]) or (few and not wanted))]
        return [*chosen, *found]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for row in self.offered:
            if cleaned.get(f"hiding-{row.key}") and not cleaned.get(f"knows-{row.key}"):
                self.add_error(f"knows-{row.key}", f"Choose the children whom {row.agency.name} knows")
        if not self.errors and not self.chosen() and "another" not in self.data:
            self.add_error("find", "Choose at least one agency: tick the children whom it knows")
        return cleaned

    def chosen(self) -> list[Chosen]:
        """Return what was chosen."""
        found = []
        for row in self.offered:
            ticked = self.cleaned_data.get(f"knows-{row.key}") or []
            children = list(self.children.values()) if ALL in ticked else [self.children[pk] for pk in ticked]
            if children:
                hiding = self.cleaned_data.get(f"hiding-{row.key}") or Answer.NOT_ASKED
                found.append(Chosen(row, children, hiding))
        return found
