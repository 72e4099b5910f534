from __future__ import annotations

from django.urls import path

from govuk import views

app_name = "govuk"

urlpatterns = [
    path("theme/<str:digits>.css", views.theme, name="theme"),
    path("help/", views.read_help, name="read-help"),
    path("accessibility/", views.read_accessibility, name="read-accessibility"),
    path("privacy/", views.read_privacy, name="read-privacy"),
    path("what-is-logged/", views.read_what_is_logged, name="read-what-is-logged"),
]
