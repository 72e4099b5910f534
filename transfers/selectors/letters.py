"""Letters from elsewhere about the children of a family, and whose files they are."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.case_data import Subject
from families.models import Family, TransferIn
from families.selectors.agency_names import confidential_agencies
from plans.models import Plan
from transfers.models import CouncilLetter, TransferOut


def letters_of(family: Family) -> QuerySet[CouncilLetter]:
    """Return the letters about the family's children, oldest first; never a sealed child's."""
    rows = CouncilLetter.objects.filter(
        child__person__memberships__family=family, child__person__sealed_at__isnull=True
    )
    return rows.select_related(
        "child__person", "child__pregnancy", "file", "recorded_by", "withdrawn_by", "moved__transfer"
    ).distinct()


def letters_about(matter: TransferOut | TransferIn | Plan, family: Family) -> list[CouncilLetter]:
    """Return the letters that belong to one transfer, move here or plan."""
    of = {TransferOut: "moved__transfer", TransferIn: "transfer_in", Plan: "plan"}[type(matter)]
    return list(letters_of(family).filter(**{of: matter}))


def is_hidden(letter: CouncilLetter, family: Family) -> bool:
    """Return whether the letter comes from a council whose name could give away where someone is."""
    return letter.moved is not None and letter.moved.transfer.agency_id in confidential_agencies(family.pk)


def files_of_letters(one: Subject) -> Q:
    """Answer ``reports.data_map.files_of``: the files of letters about these children."""
    rows = CouncilLetter.objects.order_by().filter(child__in=one.children)
    return Q(pk__in=rows.values("file"))
