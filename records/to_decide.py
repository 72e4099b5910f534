"""Disposals and bundles of records that wait for a second person."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.readers import Reader
from deadlines.to_decide import DecisionKind, matters
from families.selectors.names import full_name_in_sql
from records.disclosure.access import DISCLOSURE_RULES
from records.enums import DisclosureState, DisposalState
from records.models import Disclosure, Disposal
from records.retention.access import DISPOSAL_RULE


def _disposals(reader: Reader) -> QuerySet[Any, Any]:
    """Return proposed disposals; a custodian agrees by rules and counts, so that nothing here names a family."""
    rows = DISPOSAL_RULE.visible(Disposal.objects.filter(state=DisposalState.PROPOSED), reader)
    return matters(rows.exclude(proposed_by=reader.pk), since="proposed_at", args=["pk"])


def _bundles(reader: Reader) -> QuerySet[Any, Any]:
    """Return bundles that someone else prepared; who decided about a piece checks none."""
    rows = DISCLOSURE_RULES["check"].visible(Disclosure.objects.filter(state=DisclosureState.WAITING), reader)
    others = rows.exclude(prepared_by=reader.pk).exclude(decisions__decided_by=reader.pk)
    return matters(others, since="submitted_at", args=["pk"], family="family_id", about=full_name_in_sql("person"))


KINDS = (
    DecisionKind(
        "bundle", "Check a bundle of records before it is made", "records:check-disclosure", _bundles, order=60
    ),
    DecisionKind("disposal", "Agree to dispose of records, or refuse", "records:settle-disposal", _disposals, order=90),
)
