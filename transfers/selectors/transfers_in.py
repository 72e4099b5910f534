"""A child who moved here with another council's plan: which papers came, and whether that plan has ended."""

from __future__ import annotations

from dataclasses import dataclass

from conferences.selectors.children import short_name_of
from families.models import Family, TransferIn
from plans.enums import PlanKind
from plans.models import Plan
from plans.selectors.listed_children import HERE_WITH_A_PLAN
from transfers.enums import CHECKLIST, Arrival, PaperKind
from transfers.models import PaperReceived

COLOUR_OF_ARRIVAL: dict[str, str] = {Arrival.CAME: "green", Arrival.MISSING: "red", Arrival.NONE: "grey"}


@dataclass(frozen=True)
class ReceivedRow:
    """One kind of paper, with what was last recorded of it."""

    kind: PaperKind
    newest: PaperReceived | None

    @property
    def words(self) -> str:
        return Arrival(self.newest.outcome).label if self.newest else "Not recorded yet"

    @property
    def colour(self) -> str:
        return COLOUR_OF_ARRIVAL[self.newest.outcome] if self.newest else "yellow"


@dataclass(frozen=True)
class TransferInPage:
    transfer: TransferIn
    name: str
    rows: list[ReceivedRow]
    own_plan: Plan | None
    stands_there: bool

    @property
    def missing(self) -> list[ReceivedRow]:
        return [row for row in self.rows if row.newest is None or row.newest.outcome == Arrival.MISSING]


def own_plan_after(transfer: TransferIn) -> Plan | None:
    """Return this council's own child protection plan of the child that began on the day we were told or later."""
    own = Plan.objects.filter(child=transfer.child_id, kind=PlanKind.CP, held_elsewhere="")
    return own.filter(starts_on__gte=transfer.notified_on).order_by("starts_on", "pk").first()


def transfer_in_of(family: Family, pk: int) -> TransferIn | None:
    """Return one move here of the family's children; never a sealed child's."""
    rows = TransferIn.objects.filter(family=family, child__person__sealed_at__isnull=True)
    return rows.select_related("child__person", "child__pregnancy", "ended_there_by").filter(pk=pk).first()


def transfer_in_page(transfer: TransferIn) -> TransferInPage:
    """Return what the page of a move here shows, in a fixed number of queries."""
    newest = {paper.kind: paper for paper in transfer.papers.select_related("recorded_by")}
    others = [PaperKind.OTHER] if PaperKind.OTHER in newest else []
    return TransferInPage(
        transfer=transfer,
        name=short_name_of(transfer.child),
        rows=[ReceivedRow(kind, newest.get(kind)) for kind in (*CHECKLIST, *others)],
        own_plan=own_plan_after(transfer),
        stands_there=transfer.state in HERE_WITH_A_PLAN and transfer.ended_there_on is None,
    )
