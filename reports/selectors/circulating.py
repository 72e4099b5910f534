"""The page on which a version's copies are sent: who waits and how they can be reached, and what became of each."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from deadlines.working_days.arithmetic import civil_day
from families.enums import PaperFormat
from govuk import words
from notifications.enums import TAG_COLOURS, MessageState
from notifications.models import Message
from reports.enums import UNDONE, Channel, DocumentState, NewsKind
from reports.models import Copy, CopyNews, Document, Envelope, FormatAsked, PrintPack
from reports.selectors.circulation import Circulation, RecipientRow, circulation_of
from reports.selectors.plan_papers import circulation_today
from reports.selectors.ways import Reached, ways_of

# The ways in a few words.
IN_SHORT = {
    Channel.OWN_PAGE: "own page",
    Channel.SECURE_EMAIL: "secure e-mail",
    Channel.POST: "post",
    Channel.BY_HAND: "by hand",
}
GOOD = (NewsKind.OPENED, NewsKind.ACKNOWLEDGED)


@dataclass(frozen=True)
class ToSend:
    """One recipient who has no copy yet, or is sent another: how they can be reached, and how they have it printed."""

    row: RecipientRow
    reached: Reached
    is_large: bool

    @property
    def pk(self) -> int:
        return self.row.participant_id

    @property
    def closed(self) -> list[tuple[str, str]]:
        """Return the ways that are closed now, each with the reason."""
        return [(channel.label, way.because) for channel, way in self.reached.ways.items() if not way.is_open]

    @property
    def ways_words(self) -> str:
        """Return in a sentence by which ways they can get it now."""
        found = [IN_SHORT[channel] for channel, way in self.reached.ways.items() if way.is_open]
        return f"{words.listed(found, last='or').capitalize()}." if found else "No way is open now."

    @property
    def last_words(self) -> str:
        """Return how a copy last came to them; "" where none has."""
        last = self.reached.last
        return f"{Channel(last.channel).label}, {last.sent_at:%-d %B %Y}" if last else ""


@dataclass(frozen=True)
class Became:
    """One copy that was sent, of this version or an earlier one, and what became of it."""

    copy: Copy
    name: str
    recipient_id: int
    is_confidential: bool
    news: tuple[CopyNews, ...]
    message: Message | None
    is_superseded: bool

    @property
    def is_to_be_looked_at(self) -> bool:
        """Return whether it came back, was recalled or could not be sent."""
        return self.tag[1] == "red"

    @property
    def tag(self) -> tuple[str, str]:
        """Return in a few words how it stands, with a colour."""
        newest = self.news[-1] if self.news else None
        undone = next((one for one in reversed(self.news) if one.kind in UNDONE), None)
        if undone is not None:
            return NewsKind(undone.kind).label, "red"
        if self.is_superseded:
            return "Superseded", "grey"
        if newest is not None and newest.kind in GOOD:
            return NewsKind(newest.kind).label, "green"
        if self.message is not None and self.message.state != MessageState.SENT:
            return f"E-mail: {self.message.get_state_display().lower()}", TAG_COLOURS[MessageState(self.message.state)]
        return "Sent", "blue"


@dataclass(frozen=True)
class Page:
    """Everything that the page shows, in a fixed number of queries."""

    circulation: Circulation
    to_send: list[ToSend]
    became: list[Became]
    waiting_in: dict[int, Envelope]
    packs: list[PrintPack]
    unreached: list[RecipientRow]


def circulation_page(document: Document, *, now: datetime.datetime, again: Collection[int] = ()) -> Page:
    """Return who is still to be sent a copy, and what became of those that went. ``again`` names who gets another."""
    on = civil_day(now)
    found = circulation_today(document, document.plan, on=on) if document.plan else circulation_of(document)
    reached = ways_of(document, now=now)
    envelopes = Envelope.objects.filter(pack__document=document, copy__isnull=True, stopped_at__isnull=True)
    waiting = {row.for_whom: row for row in envelopes.select_related("pack")}
    large = {row.for_whom for row in FormatAsked.objects.filter(document=document, format=PaperFormat.LARGE)}
    open_rows = [row for row in found.due if not row.is_sent or row.participant_id in again]
    to_send = [
        ToSend(row, reached[row.participant_id], row.participant_id in large)
        for row in open_rows
        if row.participant_id in reached and row.participant_id not in waiting
    ]
    packs = list({row.pack_id: row.pack for row in waiting.values()}.values())
    return Page(
        circulation=found,
        to_send=to_send,
        became=became_of(document, found.rows),
        waiting_in=waiting,
        packs=packs,
        unreached=[row for row in open_rows if row.participant_id not in reached],
    )


def became_of(document: Document, rows: Iterable[RecipientRow]) -> list[Became]:
    """Return the copies of this version and of those before it, in the order of their recipients, newest first."""
    same = Document.objects.filter(
        conference=document.conference_id,
        kind=document.kind,
        core_group_meeting=document.core_group_meeting_id,
        plan=document.plan_id,
    )
    copies = (
        Copy.objects.filter(document__in=same.values("pk"))
        .select_related("sent_by", "document", "envelope", "recipient__person", "member__person", "person")
        .defer("document__content")
        .prefetch_related("news__recorded_by")
        .order_by("-sent_at", "-pk")
    )
    by_recipient: dict[int, list[Copy]] = defaultdict(list)
    for copy in copies:
        by_recipient[copy.for_whom].append(copy)
    keys = [f"paper-copy:{copy.pk}" for group in by_recipient.values() for copy in group]
    messages = {row.key: row for row in Message.objects.filter(key__in=keys).defer("body", "calendar_file")}
    ordered = list(rows)
    known = {row.participant_id: row for row in ordered}
    order = {row.participant_id: number for number, row in enumerate(ordered)}
    found = []
    for pk, group in sorted(by_recipient.items(), key=lambda pair: order.get(pair[0], len(order))):
        for copy in group:
            row = known.get(pk)
            person = (copy.recipient or copy.member).person if copy.recipient or copy.member else copy.person  # type: ignore[union-attr]
            found.append(
                Became(
                    copy=copy,
                    name=row.name if row else person.full_name if person else "",
                    recipient_id=pk,
                    is_confidential=row.is_confidential if row else True,
                    news=tuple(copy.news.all()),
                    message=messages.get(f"paper-copy:{copy.pk}"),
                    is_superseded=copy.document.state == DocumentState.SUPERSEDED,
                )
            )
    return found
