"""The forms of circulation: all recipients on one page, what was posted, what became of a copy."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html_join

from govuk.forms import DateTimeField, FormKeyField, GovukForm, Item, Layout, RadiosField
from reports.enums import Channel, NewsKind
from reports.models import Envelope
from reports.selectors.circulating import ToSend
from reports.services.sending_copies import Sending

NOT_NOW = "none"
PARTS = ("channel", "confirmed", "how", "given")
CHOICES = {
    Channel.OWN_PAGE: "On their own page, and an e-mail says so",
    Channel.SECURE_EMAIL: "By secure e-mail, with the file",
    Channel.POST: "By post: print it with an envelope",
    Channel.BY_HAND: "By hand: print it, or say when they got it",
}
# What somebody records about a copy; the rest is noted by the program.
RECORDED = (NewsKind.ACKNOWLEDGED, NewsKind.RETURNED, NewsKind.RETURNED_OPENED, NewsKind.RECALLED)


class SeenField(forms.CharField):
    """Stands for what the page showed of a recipient."""

    widget = forms.HiddenInput


class CirculationForm(GovukForm):
    """One row for each recipient. No way is chosen and nothing is ticked beforehand; a wrong row stops no other."""

    keeps_draft = True
    marks_optional = False
    button = "Send what I have confirmed"

    def __init__(self, *args: Any, rows: Sequence[ToSend], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.fields["form_key"] = FormKeyField()
        for row in rows:
            self._add(row)
        self._adapt()

    def _add(self, one: ToSend) -> None:
        name, pk = one.row.name, one.pk
        open_ways = [(channel, way) for channel, way in one.reached.ways.items() if way.is_open]
        choices = [Item(channel, CHOICES[channel], hint=way.on_page) for channel, way in open_ways]
        self.fields |= {
            f"{pk}-channel": RadiosField(
                label=f"How does {name} get it this time?", choices=[*choices, Item(NOT_NOW, "Not now")], required=False
            ),
            f"{pk}-confirmed": forms.BooleanField(
                label=f"I have checked that this is right and safe for {name} today", required=False
            ),
            f"{pk}-how": forms.CharField(
                label="How you checked",
                max_length=120,
                required=False,
                help_text="For example: I rang her on the number marked safe",
            ),
            f"{pk}-given": DateTimeField(label="If they have it in their hands already: since when?", required=False),
            f"{pk}-seen": SeenField(required=False, initial=one.reached.seen),
        }

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for row in self.rows:
            channel, confirmed = typed.get(f"{row.pk}-channel"), typed.get(f"{row.pk}-confirmed")
            chosen = channel and channel != NOT_NOW
            if chosen and not confirmed:
                self.add_error(
                    f"{row.pk}-confirmed", f"Tick that you have checked it for {row.row.name}, or choose “Not now”"
                )
            if confirmed and not chosen:
                self.add_error(f"{row.pk}-channel", f"Choose how {row.row.name} gets it")
            if typed.get(f"{row.pk}-given") and channel != Channel.BY_HAND:
                self.add_error(f"{row.pk}-given", "Only what is given by hand is in their hands already")
        return typed

    def sendings(self) -> list[Sending]:
        """Return what was confirmed, without the rows that have a fault."""
        found = []
        for row in self.rows:
            names = [f"{row.pk}-{part}" for part in (*PARTS, "seen")]
            if any(name in self.errors for name in names):
                continue
            channel, confirmed, how, given, seen = (self.cleaned_data.get(name) for name in names)
            if not confirmed or channel in (None, "", NOT_NOW):
                continue
            found.append(
                Sending(
                    recipient_id=row.pk,
                    channel=Channel(channel),
                    confirmed=". ".join(filter(None, ("Checked for this sending", (how or "").strip()))),
                    seen=seen or "",
                    given_at=given,
                    is_large=row.is_large,
                )
            )
        return found

    def look_again(self, rows: Sequence[ToSend]) -> None:
        """Go on with these rows: those who are still asked about, with the addresses as they are now."""
        known = {row.pk for row in self.rows}
        self.rows = [row for row in rows if row.pk in known]
        data = self.data.copy()
        for row in self.rows:
            data[f"{row.pk}-seen"] = row.reached.seen
        self.data = data

    def drawn(self) -> list[dict[str, Any]]:
        """Return each recipient's row for the page."""
        return [
            {
                "one": row,
                "channel": self.draw(f"{row.pk}-channel", size="s"),
                "confirmed": self.draw(f"{row.pk}-confirmed"),
                "more": format_html_join("", "{}", ((self.draw(f"{row.pk}-{part}"),) for part in ("how", "given"))),
                "seen": self.draw(f"{row.pk}-seen"),
                "has_errors": any(f"{row.pk}-{part}" in self.errors for part in PARTS),
                "is_begun": any(self._has(f"{row.pk}-{part}") for part in PARTS),
                "opens_more": any(f"{row.pk}-{part}" in self.errors for part in ("how", "given")),
            }
            for row in self.rows
        ]

    def _has(self, name: str) -> bool:
        """Return whether something is typed or wrong in a field: then its row is not folded away."""
        value = self[name].value()
        return name in self.errors or (value != NOT_NOW and _is_typed(value))


def _is_typed(value: Any) -> bool:
    """Return whether anything stands in a field, or in any of its boxes."""
    return any(map(_is_typed, value)) if isinstance(value, list | tuple) else bool(value)


class GoneForm(GovukForm):
    """When envelopes went, and for each the mark on its last page; an empty one has not gone yet."""

    keeps_draft = True
    marks_optional = False
    button = "Record what went"

    def __init__(self, *args: Any, envelopes: Sequence[Envelope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.envelopes = envelopes
        for envelope in envelopes:
            self.fields[f"{envelope.pk}-mark"] = forms.CharField(
                label=f"Mark on the last page for {envelope.name}", max_length=12, required=False
            )
        self.fields["at"] = DateTimeField(label="When did they go?", help_text="For the post, the day you posted them")
        self._adapt()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if self.envelopes and not self.marks() and not self.errors:
            self.add_error(f"{self.envelopes[0].pk}-mark", "Type the mark on the last page of each envelope that went")
        return typed

    def marks(self) -> dict[int, str]:
        """Return the marks that were typed, by envelope."""
        typed = ((row.pk, self.cleaned_data.get(f"{row.pk}-mark") or "") for row in self.envelopes)
        return {pk: mark for pk, mark in typed if mark.strip()}

    @property
    def at(self) -> datetime.datetime:
        found: datetime.datetime = self.cleaned_data["at"]
        return found


class TakeOutForm(GovukForm):
    button = "It does not go"
    because = forms.CharField(
        label="Why does it not go?",
        max_length=200,
        help_text="For example: it was spoilt. What was printed for them has to be destroyed",
        error_messages={"required": "Say why it does not go"},
    )


class NewsForm(GovukForm):
    """What became of one copy."""

    marks_optional = False
    button = "Record what became of it"
    layout = Layout("kind", "note")
    kind = RadiosField(
        label="What became of it?",
        choices=[
            Item(NewsKind.ACKNOWLEDGED, NewsKind.ACKNOWLEDGED.label),
            Item(NewsKind.RETURNED, NewsKind.RETURNED.label, hint="Nobody has opened it. They are due another copy"),
            Item(
                NewsKind.RETURNED_OPENED,
                NewsKind.RETURNED_OPENED.label,
                hint="Their own page is closed now, and you are led to record what happened",
            ),
            Item(NewsKind.RECALLED, "Recall it", hint="Their own page is closed now, and the paper leaves it"),
        ],
        error_messages={"required": "Choose what became of it"},
    )
    note = forms.CharField(
        label="How do you know, and what have you done?",
        max_length=250,
        required=False,
        help_text="You can leave this empty if they say that they have it",
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("kind") not in (None, "", NewsKind.ACKNOWLEDGED) and not (typed.get("note") or "").strip():
            self.add_error("note", "Say how you know, and what you have done")
        return typed
