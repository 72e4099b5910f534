"""The complete URL configuration; each app contributes its own part."""

from __future__ import annotations

from django.urls import include, path

from cpconf.views import healthz, healthz_web, see_health

handler404 = "cpconf.views.page_not_found"
handler500 = "cpconf.views.server_error"

urlpatterns = [
    path("", include("govuk.urls")),
    path("", include("demo.urls")),
    path("healthz", healthz, name="healthz"),
    path("healthz/web", healthz_web, name="healthz-web"),
    path("health/", see_health, name="see-health"),
    path("", include("deadlines.urls")),
    path("settings/users/", include("accounts.people.urls")),
    path("account/", include("accounts.urls")),
    path("account/", include("accounts.signin.urls")),
    path("account/", include("accounts.directory.urls")),
    path("guest/", include("accounts.guests.urls")),
    path("guest/meeting/", include("conferences.guest_urls")),
    path("guest/answers/", include("meetings.guest_urls")),
    path("guest/my-views/", include("my_views.guest_urls")),
    path("guest/papers/", include("reports.guest_urls")),
    path("guest/core-group/", include("core_groups.guest_urls")),
    path("guest/core-group/minutes/", include("reports.guest_member_urls")),
    path("families/", include("families.urls")),
    path("families/", include("chronology.urls")),
    path("conferences/", include("conferences.urls")),
    path("conferences/<int:pk>/my-views/", include("my_views.urls")),
    path("conferences/<int:pk>/", include("meetings.urls")),
    path("conferences/", include("plans.conference_urls")),
    path("conferences/", include("core_groups.conference_urls")),
    path("conferences/", include("reports.urls")),
    path("projector/", include("meetings.projector_urls")),
    path("turn/", include("meetings.turn_urls")),
    path("records/", include("records.urls")),
    path("incidents/", include("incidents.urls")),
    path("allegations/", include("allegations.urls")),
    path("plans/", include("plans.urls")),
    path("plans/", include("reports.plan_urls")),
    path("core-groups/", include("core_groups.urls")),
    path("transfers/", include("transfers.urls")),
    path("core-groups/", include("reports.core_group_urls")),
    path("outbox/", include("notifications.urls")),
]
