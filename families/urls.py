from __future__ import annotations

from django.urls import path, re_path

from families import views
from families.views import break_glass, handing_over, merges, need_to_know, safety, who_looked

app_name = "families"

PERSON = "<int:pk>/people/<int:person_pk>"
PREGNANCY = "<int:pk>/pregnancies/<int:pregnancy_pk>"

urlpatterns = [
    path("", views.families, name="families"),
    path("search/", views.search, name="search"),
    path("create/", views.create_family, name="create-family"),
    path("<int:pk>/", views.family, name="family"),
    path("<int:pk>/history/", views.see_family_history, name="see-family-history"),
    path("<int:pk>/as-it-was/", views.see_family_as_it_was, name="see-family-as-it-was"),
    path("<int:pk>/change/", views.change_family, name="change-family"),
    path("hand-over/", handing_over.leavers, name="leavers"),
    path("hand-over/<int:pk>/", handing_over.hand_over, name="hand-over"),
    path("merges/", merges.merges, name="merges"),
    path("merges/<int:pk>/", merges.merge, name="merge"),
    path("merges/<int:pk>/settle/", merges.settle_merge, name="settle-merge"),
    path(f"{PERSON}/same-as/", merges.propose_merge, name="propose-merge"),
    path("open-a-case/", break_glass.find_case, name="find-case"),
    path("break-glass/", break_glass.glass_reviews, name="glass-reviews"),
    path("break-glass/<int:pk>/", break_glass.review_glass, name="review-glass"),
    path("<int:pk>/break-glass/", break_glass.break_glass, name="break-glass"),
    path("<int:pk>/who-may-open/", need_to_know.who_may_open_case, name="who-may-open"),
    path("<int:pk>/restrict/", need_to_know.restrict_family, name="restrict-family"),
    path("<int:pk>/restrict/lift/", need_to_know.lift_restriction, name="lift-restriction"),
    path("<int:pk>/named/add/", need_to_know.name_for_family, name="name-for-family"),
    path("<int:pk>/named/<int:naming_pk>/end/", need_to_know.end_naming, name="end-naming"),
    path("<int:pk>/conflict/", need_to_know.declare_conflict, name="declare-conflict"),
    path("<int:pk>/conflict/<int:conflict_pk>/end/", need_to_know.end_conflict, name="end-conflict"),
    path(f"{PERSON}/conflict/", need_to_know.declare_conflict, name="declare-conflict-with-person"),
    path("<int:pk>/allocate/", views.allocate_case, name="allocate-case"),
    path("<int:pk>/children/add/", views.add_child, name="add-child"),
    path("<int:pk>/pregnancies/add/", views.add_pregnancy, name="add-pregnancy"),
    path(f"{PREGNANCY}/birth/", views.record_birth, name="record-birth"),
    path(f"{PREGNANCY}/expected-date/", views.change_expected_date, name="change-expected-date"),
    path(f"{PREGNANCY}/end/", views.end_pregnancy, name="end-pregnancy"),
    path("<int:pk>/people/add/", views.add_person, name="add-person"),
    path(f"{PERSON}/", views.person, name="person"),
    path(f"{PERSON}/history/", views.see_person_history, name="see-person-history"),
    path(f"{PERSON}/as-it-was/", views.see_person_as_it_was, name="see-person-as-it-was"),
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
    path("<int:pk>/who-looked/", who_looked.who_looked, name="who-looked"),
    path("<int:pk>/who-looked/file/", who_looked.who_looked_file, name="who-looked-file"),
    path("<int:pk>/dangers/add/", safety.record_safety_alert, name="record-safety-alert"),
    path("<int:pk>/dangers/<int:alert_pk>/end/", safety.end_safety_alert, name="end-safety-alert"),
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
