from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from plans.views import (
    cin,
    document,
    endings,
    history,
    key_workers,
    list_checks,
    longer_visits,
    mid_points,
    misfiled_entries,
    own_copies,
    plans,
    visits,
)

app_name = "plans"

of_a_plan: list[URLPattern | URLResolver] = [
    path("", plans.plan, name="plan"),
    re_path(
        r"^entries/(?P<kind>visit|action|entry)/(?P<entry_pk>\d+)/move/$",
        misfiled_entries.move_in_plan,
        name="move-entry",
    ),
    path("moves/<int:move_pk>/", misfiled_entries.see_move, name="see-move"),
    path("moves/<int:move_pk>/agree/", misfiled_entries.agree_move, name="agree-move"),
    path("moves/<int:move_pk>/refuse/", misfiled_entries.refuse_a_move, name="refuse-move"),
    path("history/", history.see_history, name="see-history"),
    path("as-it-was/", history.see_as_it_was, name="see-as-it-was"),
    path("visits/new/", visits.record_a_visit, name="record-visit"),
    path("visits/places/", visits.reveal_places, name="reveal-places"),
    path("visits/<int:visit_pk>/correct/", visits.correct_a_visit, name="correct-visit"),
    path("visits/<int:visit_pk>/not-made/", visits.take_out_a_visit, name="take-out-visit"),
    path("ending/", endings.ending, name="ending"),
    path("ending/agencies/", endings.ask_agency, name="ask-agency"),
    path("ending/left-the-country/", endings.left_country, name="end-left-country"),
    path("ending/moved/", endings.moved, name="end-moved"),
    path("ending/turned-18/", endings.turned_18, name="end-at-18"),
    path("ending/looked-after/", endings.looked_after, name="end-looked-after"),
    path("ending/<int:ending_pk>/error/", endings.withdraw, name="withdraw-ending"),
    path("write/", document.write_plan, name="write"),
    re_path(
        r"^write/add/(?P<kind>action|danger|goal|wishes|need|outcome|visiting|role|contingency)/$",
        document.add_to_plan,
        name="add-to-plan",
    ),
    re_path(r"^write/(?P<kind>action|entry)/(?P<row_pk>\d+)/$", document.change_in_plan, name="change-in-plan"),
    re_path(
        r"^write/(?P<kind>action|entry)/(?P<row_pk>\d+)/take-out/$", document.take_out_of_plan, name="take-out-of-plan"
    ),
    path("versions/", document.versions, name="versions"),
    path("versions/<int:number>/", document.version, name="version"),
    path("versions/<int:earlier>/to/<int:later>/", document.compare_versions, name="compare-versions"),
    path("key-worker/", key_workers.hand_over, name="hand-over"),
    path("key-worker/family-told/", key_workers.family_told, name="family-told"),
    path("consent/", cin.record_a_consent, name="record-consent"),
    path("consent/<int:consent_pk>/taken-back/", cin.take_back_consent, name="take-back-consent"),
    path("consent/matters/<int:matter_pk>/", cin.decide_consent, name="decide-consent"),
    path("members/propose/", cin.propose_member, name="propose-member"),
    path("visits/longer/<int:longer_pk>/", longer_visits.agree, name="agree-longer-visits"),
    path("mid-point/", mid_points.record, name="mid-point"),
    path("mid-point/<int:check_pk>/", mid_points.decide, name="decide-mid-point"),
    path("members/<int:proposed_pk>/", cin.settle_member, name="settle-member"),
    path("visits/how-often/", cin.set_visits, name="set-visits"),
    path("ending/child-in-need/", cin.end_plan, name="end-cin-plan"),
    path("copies/", own_copies.copies, name="copies"),
    path("copies/<int:person_pk>/", own_copies.copy_for, name="copy"),
    path("reviews/new/", cin.record_a_cin_review, name="record-cin-review"),
    path("actions/<int:action_pk>/progress/", plans.record_action_progress, name="record-progress"),
]
of_the_list: list[URLPattern | URLResolver] = [
    path("", list_checks.see_list, name="see-list"),
    path("file/", list_checks.export_list, name="export-list"),
    path("check/", list_checks.check_the_list, name="check-list"),
    path("checks/", list_checks.list_checks, name="list-checks"),
    path("checks/<int:pk>/", list_checks.list_check, name="list-check"),
    path("checks/<int:pk>/choose/", list_checks.choose_child, name="choose-child"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", plans.plans, name="plans"),
    path("child/<int:child_pk>/", plans.plan_of_child, name="plan-of-child"),
    path("child/<int:child_pk>/mid-point/", mid_points.of_child, name="mid-point-of-child"),
    path("<int:pk>/", include(of_a_plan)),
    path("list/", include(of_the_list)),
]
