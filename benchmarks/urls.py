"""The project's addresses with those that the admin's pages link to."""

from django.contrib import admin
from django.urls import path

from cpconf.urls import *  # noqa: F403
from cpconf.urls import urlpatterns as pages

urlpatterns = [*pages, path("admin-to-compare/", admin.site.urls)]
