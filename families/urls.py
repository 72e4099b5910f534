from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from families import views
from families.views import (
    adoptions,
    agency_directory,
    break_glass,
    handing_over,
    held,
    losses,
    merges,
    need_to_know,
    record,
    safety,
    several_agencies,
    who_looked,
    workers,
)

app_name = "families"


of_a_pregnancy: list[URLPattern | URLResolver] = [
    path("birth/", views.record_birth, name="record-birth"),
    path("another/", views.record_another_baby, name="record-another-baby"),
    path("expected-date/", views.change_expected_date, name="change-expected-date"),
    path("end/", views.end_pregnancy, name="end-pregnancy"),
]
of_a_person: list[URLPattern | URLResolver] = [
    path("same-as/", merges.propose_merge, name="propose-merge"),
    path("conflict/", need_to_know.declare_conflict, name="declare-conflict-with-person"),
    path("", views.person, name="person"),
    path("history/", views.see_person_history, name="see-person-history"),
    path("as-it-was/", views.see_person_as_it_was, name="see-person-as-it-was"),
    path("change/", views.change_person, name="change-person"),
    path("death/", losses.record_death, name="record-death"),
    path("death/error/", losses.withdraw_loss, name="withdraw-loss"),
    path("death/after/", held.after_a_death, name="after-a-death"),
    path("death/messages/", held.let_messages_go, name="let-messages-go"),
    path("adoption/", adoptions.record_adoption, name="record-adoption"),
    path("adoption/seal/", adoptions.seal, name="seal-adopted"),
    path("names/add/", views.add_name, name="add-name"),
    path("ties/", views.change_ties, name="change-ties"),
    path("contacts/add/", views.record_contact_point, name="record-contact-point"),
    path("legal-status/add/", views.record_legal_status, name="record-legal-status"),
]
of_a_family: list[URLPattern | URLResolver] = [
    path("", views.family, name="family"),
    path("history/", views.see_family_history, name="see-family-history"),
    path("as-it-was/", views.see_family_as_it_was, name="see-family-as-it-was"),
    path("change/", views.change_family, name="change-family"),
    path("break-glass/", break_glass.break_glass, name="break-glass"),
    path("who-may-open/", need_to_know.who_may_open_case, name="who-may-open"),
    path("restrict/", need_to_know.restrict_family, name="restrict-family"),
    path("restrict/lift/", need_to_know.lift_restriction, name="lift-restriction"),
    path("named/add/", need_to_know.name_for_family, name="name-for-family"),
    path("named/<int:naming_pk>/end/", need_to_know.end_naming, name="end-naming"),
    path("conflict/", need_to_know.declare_conflict, name="declare-conflict"),
    path("conflict/<int:conflict_pk>/end/", need_to_know.end_conflict, name="end-conflict"),
    path("allocate/", views.allocate_case, name="allocate-case"),
    path("record/", record.record, name="record-family"),
    path("children/add/", views.add_child, name="add-child"),
    path("pregnancies/add/", views.add_pregnancy, name="add-pregnancy"),
    path("people/add/", views.add_person, name="add-person"),
    path("take-over/<int:work_pk>/", workers.take_over, name="take-over"),
    path("agencies/choose/", several_agencies.add_agencies, name="add-agencies"),
    path("agencies/add/", views.add_agency, name="add-agency"),
    path("addresses/add/", views.record_residence, name="record-residence"),
    path("whereabouts/", views.reveal_whereabouts, name="reveal-whereabouts"),
    re_path(
        r"^whereabouts/(?P<kind>home|contact|agency)/(?P<row_pk>\d+)/$", views.mark_whereabouts, name="mark-whereabouts"
    ),
    path("who-looked/", who_looked.who_looked, name="who-looked"),
    path("who-looked/file/", who_looked.who_looked_file, name="who-looked-file"),
    path("dangers/add/", safety.record_safety_alert, name="record-safety-alert"),
    path("dangers/<int:alert_pk>/end/", safety.end_safety_alert, name="end-safety-alert"),
    path("held/", held.held, name="held"),
    path("held/<int:message_pk>/", held.settle_held, name="settle-held"),
    path("risks/add/", views.record_contact_risk, name="record-contact-risk"),
    path("risks/<int:risk_pk>/end/", views.end_contact_risk, name="end-contact-risk"),
    re_path(
        r"^end/(?P<kind>membership|relationship|responsibility|agency|home|contact|name|legal-status)/(?P<row_pk>\d+)/$",
        views.end_record,
        name="end-record",
    ),
    path("pregnancies/<int:pregnancy_pk>/", include(of_a_pregnancy)),
    path("people/<int:person_pk>/", include(of_a_person)),
]
of_merges: list[URLPattern | URLResolver] = [
    path("", merges.merges, name="merges"),
    path("<int:pk>/", merges.merge, name="merge"),
    path("<int:pk>/settle/", merges.settle_merge, name="settle-merge"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.families, name="families"),
    path("search/", views.search, name="search"),
    path("create/", views.create_family, name="create-family"),
    path("agencies/", agency_directory.agencies, name="agencies"),
    path("agencies/add/", agency_directory.add_to_directory, name="add-to-directory"),
    path("agencies/<int:pk>/change/", agency_directory.change_agency, name="change-agency"),
    path("agencies/<int:pk>/end/", agency_directory.end_agency, name="end-agency"),
    path("workers/", workers.workers, name="workers"),
    path("workers/<int:pk>/", workers.worker, name="worker"),
    path("workers/<int:pk>/change/", workers.change_worker, name="change-worker"),
    path("workers/<int:pk>/end/", workers.end_worker, name="end-worker"),
    path("sealed/", adoptions.sealed, name="sealed"),
    path("sealed/<int:adoption_pk>/error/", adoptions.withdraw_adoption, name="withdraw-adoption"),
    path("hand-over/", handing_over.leavers, name="leavers"),
    path("hand-over/<int:pk>/", handing_over.hand_over, name="hand-over"),
    path("open-a-case/", break_glass.find_case, name="find-case"),
    path("break-glass/", break_glass.glass_reviews, name="glass-reviews"),
    path("break-glass/<int:pk>/", break_glass.review_glass, name="review-glass"),
    path("<int:pk>/", include(of_a_family)),
    path("merges/", include(of_merges)),
]
