from __future__ import annotations

from django.urls import path, re_path

from families import views

app_name = "families"

PERSON = "<int:pk>/people/<int:person_pk>"
PREGNANCY = "<int:pk>/pregnancies/<int:pregnancy_pk>"

urlpatterns = [
    path("", views.families, name="families"),
    path("search/", views.search, name="search"),
    path("create/", views.create_family, name="create-family"),
    path("<int:pk>/", views.family, name="family"),
    path("<int:pk>/change/", views.change_family, name="change-family"),
    path("<int:pk>/allocate/", views.allocate_case, name="allocate-case"),
    path("<int:pk>/children/add/", views.add_child, name="add-child"),
    path("<int:pk>/pregnancies/add/", views.add_pregnancy, name="add-pregnancy"),
    path(f"{PREGNANCY}/birth/", views.record_birth, name="record-birth"),
    path(f"{PREGNANCY}/expected-date/", views.change_expected_date, name="change-expected-date"),
    path(f"{PREGNANCY}/end/", views.end_pregnancy, name="end-pregnancy"),
    path("<int:pk>/people/add/", views.add_person, name="add-person"),
    path(f"{PERSON}/", views.person, name="person"),
    path(f"{PERSON}/change/", views.change_person, name="change-person"),
    path(f"{PERSON}/names/add/", views.add_name, name="add-name"),
    path(f"{PERSON}/ties/", views.change_ties, name="change-ties"),
    path(f"{PERSON}/contacts/add/", views.record_contact_point, name="record-contact-point"),
    path(f"{PERSON}/legal-status/add/", views.record_legal_status, name="record-legal-status"),
    path("<int:pk>/agencies/add/", views.add_agency, name="add-agency"),
    path("<int:pk>/addresses/add/", views.record_residence, name="record-residence"),
    path("<int:pk>/whereabouts/", views.reveal_whereabouts, name="reveal-whereabouts"),
    re_path(
        r"^(?P<pk>\d+)/whereabouts/(?P<kind>home|contact|agency)/(?P<row_pk>\d+)/$",
        views.mark_whereabouts,
        name="mark-whereabouts",
    ),
    path("<int:pk>/risks/add/", views.record_contact_risk, name="record-contact-risk"),
    path("<int:pk>/risks/<int:risk_pk>/end/", views.end_contact_risk, name="end-contact-risk"),
    re_path(
        r"^(?P<pk>\d+)/end/"
        r"(?P<kind>membership|relationship|responsibility|agency|home|contact|name|legal-status)/"
        r"(?P<row_pk>\d+)/$",
        views.end_record,
        name="end-record",
    ),
]
