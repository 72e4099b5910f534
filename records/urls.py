"""Addresses under /records/: how long records are kept, and bundles of them that are given out."""

from __future__ import annotations

from django.urls import URLPattern, path

from records.views import disclosures, disposals

app_name = "records"

CASE = "cases/<int:pk>"
DISPOSAL = "disposals/<int:pk>"
BUNDLE = "bundles/<int:pk>"

urlpatterns: list[URLPattern] = [
    path("", disposals.review_cases, name="review-cases"),
    path(f"{CASE}/", disposals.review_case, name="review-case"),
    path(f"{CASE}/keep/", disposals.keep_case, name="keep-longer"),
    path(f"{CASE}/dispose/", disposals.propose, name="propose-disposal"),
    path(f"{CASE}/hold/", disposals.hold_case, name="set-hold"),
    path("holds/<int:pk>/lift/", disposals.end_hold, name="lift-hold"),
    path("disposals/", disposals.disposals, name="see-disposals"),
    path(f"{DISPOSAL}/", disposals.settle, name="settle-disposal"),
    path(f"{DISPOSAL}/certificate/", disposals.certificate_pdf, name="certificate-pdf"),
    path(f"{CASE}/give-out/", disclosures.start, name="start-disclosure"),
    path("bundles/", disclosures.disclosures, name="see-disclosures"),
    path(f"{BUNDLE}/", disclosures.disclosure, name="disclosure"),
    path(f"{BUNDLE}/decide/", disclosures.decide, name="decide-pieces"),
    path(f"{BUNDLE}/put-forward/", disclosures.put_forward, name="submit-disclosure"),
    path(f"{BUNDLE}/check/", disclosures.check, name="check-disclosure"),
    path(f"{BUNDLE}/file/", disclosures.bundle_file, name="bundle-file"),
    path(f"{BUNDLE}/hand-over/", disclosures.hand, name="hand-over-bundle"),
    path(f"{BUNDLE}/withdraw/", disclosures.withdraw, name="withdraw-disclosure"),
]
