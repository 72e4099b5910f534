"""URLs under /allegations/: referrals to the designated officer (LADO), apart from every case."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from allegations.views import referrals

app_name = "allegations"

of_a_referral: list[URLPattern | URLResolver] = [
    path("", referrals.referral, name="referral"),
    path("take-on/", referrals.take, name="take-on"),
    path("correct/", referrals.correct, name="correct"),
    path("steps/new/", referrals.step, name="record-step"),
    path("steps/<int:step_pk>/error/", referrals.take_back_step, name="withdraw-step"),
    path("bundles/", referrals.bundle, name="put-in-bundle"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", referrals.referrals, name="referrals"),
    path("families/<int:pk>/new/", referrals.refer_from_family, name="refer"),
    path("conferences/<int:pk>/new/", referrals.refer_from_conference, name="refer-from-conference"),
    path("<int:pk>/", include(of_a_referral)),
]
