"""Declares what each records table holds, and about which case."""

from __future__ import annotations

from accounts.case_data import case_table
from records import models

case_table(models.LegalHold, "Legal holds", family="family", keeps={"set_at", "lifted_at"})
case_table(
    models.KeepLonger, "Decisions to keep the case longer", family="family", keeps={"until", "at"}, is_given=False
)
case_table(
    models.Disposal,
    "Proposals to dispose of the case",
    family="family",
    # Kept for good: who proposed and agreed, when, by which rule, and the certificate.
    keeps={
        "rule",
        "kept_until",
        "proposed_at",
        "settled_at",
        "done_at",
        "number",
        "counts",
        "stub",
        "case_mark",
        "sha256",
    },
    is_given=False,
)
case_table(
    models.Disclosure,
    "Bundles that were given out",
    family="family",
    person="person",
    keeps={"sha256"},
    stubs={"form_key": "NULL"},
)
case_table(models.SealedCover, "Orders that cover sealed records", family="disclosure__family", is_given=False)
case_table(
    models.DisclosureDecision,
    "Decisions what goes into a bundle",
    family="disclosure__family",
    keeps={"piece"},
    stubs={"digest": "''"},
    is_given=False,
)
