"""URLs under /records/: retention, and disclosed bundles."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from records.views import audit, disclosures, disposals

app_name = "records"


of_a_disposal: list[URLPattern | URLResolver] = [
    path("", disposals.settle, name="settle-disposal"),
    path("certificate/", disposals.certificate_pdf, name="certificate-pdf"),
]
of_a_bundle: list[URLPattern | URLResolver] = [
    path("", disclosures.disclosure, name="disclosure"),
    path("decide/", disclosures.decide, name="decide-pieces"),
    path("preview/", disclosures.preview, name="preview-bundle"),
    path("put-forward/", disclosures.put_forward, name="submit-disclosure"),
    path("check/", disclosures.check, name="check-disclosure"),
    path("file/", disclosures.bundle_file, name="bundle-file"),
    path("hand-over/", disclosures.hand, name="hand-over-bundle"),
    path("sealed/", disclosures.cover, name="cover-sealed"),
    path("withdraw/", disclosures.withdraw, name="withdraw-disclosure"),
]
of_a_case: list[URLPattern | URLResolver] = [
    path("", disposals.review_case, name="review-case"),
    path("keep/", disposals.keep_case, name="keep-longer"),
    path("dispose/", disposals.propose, name="propose-disposal"),
    path("hold/", disposals.hold_case, name="set-hold"),
    path("give-out/", disclosures.start, name="start-disclosure"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", disposals.review_cases, name="review-cases"),
    path("holds/<int:pk>/lift/", disposals.end_hold, name="lift-hold"),
    path("disposals/", disposals.disposals, name="see-disposals"),
    path("audit/", audit.audit, name="audit"),
    path("bundles/", disclosures.disclosures, name="see-disclosures"),
    path("disposals/<int:pk>/", include(of_a_disposal)),
    path("bundles/<int:pk>/", include(of_a_bundle)),
    path("cases/<int:pk>/", include(of_a_case)),
]
