"""Case numbers and child references, issued in sequence under the lock on the authority's row."""

from __future__ import annotations

from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr

from accounts.models import Authority
from families.models import Child, Family


def lock_authority(authority_id: int) -> Authority:
    """Lock the authority's row until the end of the transaction, so that numbers are issued one at a time."""
    return Authority.objects.select_for_update(no_key=True).get(pk=authority_id)


def next_case_number(authority: Authority, *, year: int) -> str:
    """Return the next number of the year, such as 26-0417. The authority's row must be locked."""
    prefix = f"{year % 100:02d}-"
    highest = (
        Family.objects.filter(authority=authority, case_number__regex=rf"^{prefix}[0-9]{{1,9}}$")
        .annotate(number=Cast(Substr("case_number", len(prefix) + 1), IntegerField()))
        .aggregate(highest=Max("number"))["highest"]
    )
    return f"{prefix}{(highest or 0) + 1:04d}"


def next_child_id(authority: Authority) -> str:
    """Return the next of the authority's own series, such as C000123. The authority's row must be locked."""
    highest = (
        Child.objects.filter(authority=authority, council_child_id__regex=r"^C[0-9]{1,9}$")
        .annotate(number=Cast(Substr("council_child_id", 2), IntegerField()))
        .aggregate(highest=Max("number"))["highest"]
    )
    return f"C{(highest or 0) + 1:06d}"
