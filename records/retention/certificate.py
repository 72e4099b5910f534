"""The certificate of a disposal: which kinds of records, how many, by which rule, by whom. It names no family."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from deadlines.policies import policy_of
from deadlines.policies.wording import label_of, value_lines
from govuk import words
from records.models import Disposal


def certificate_pdf(disposal: Disposal) -> bytes:
    """Return the certificate as PDF/UA-1. The same disposal gives the same bytes."""
    from reports.typesetting import pdf_of  # noqa: PLC0415 - loads WeasyPrint

    return pdf_of(render_to_string("records/pdf/certificate.html", certificate_of(disposal)))


def certificate_of(disposal: Disposal) -> dict[str, Any]:
    """Return what the certificate says, also shown on the page."""
    authority = disposal.family.authority
    entry = policy_of(disposal.policy_version_id).entry(disposal.rule)
    stub = disposal.stub
    one_year = stub.get("from_year") == stub.get("to_year")
    return {
        "disposal": disposal,
        "authority": authority,
        "colour": authority.colour,
        "created": timezone.localtime(disposal.done_at).isoformat(timespec="seconds") if disposal.done_at else "",
        "done_on": words.plain_date(disposal.done_at) if disposal.done_at else "",
        "proposed_on": words.plain_date(disposal.proposed_at),
        "agreed_on": words.plain_date(disposal.settled_at) if disposal.settled_at else "",
        "rule": label_of(disposal.rule),
        "rule_says": ", ".join(value_lines(disposal.rule, entry.value)),
        "rule_source": f"{entry.source} ({entry.year})",
        "period": str(stub.get("from_year", "")) if one_year else f"{stub.get('from_year')} to {stub.get('to_year')}",
        "kinds": sorted(disposal.counts.items()),
        "rows": sum(disposal.counts.values()),
        "children": stub.get("children", []),
    }
