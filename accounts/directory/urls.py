"""URLs to a council's directory and back, under the names allauth expects."""

from __future__ import annotations

from django.urls import path

from accounts.directory import views

urlpatterns = [
    path("sign-in/with/<slug:provider_id>/", views.go_to_directory, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", views.come_back, name="openid_connect_callback"),
]
