"""The project's URLs plus those that the admin's pages link to."""

from django.contrib import admin
from django.urls import path

from conferences.models import Conference
from cpconf.urls import *  # noqa: F403
from cpconf.urls import urlpatterns as pages
from families.models import Family
from govuk.lists import PAGE_SIZE
from plans.models import Plan

for model in (Conference, Family, Plan):
    admin.site.register(model, list_per_page=PAGE_SIZE)
urlpatterns = [*pages, path("admin-to-compare/", admin.site.urls)]
