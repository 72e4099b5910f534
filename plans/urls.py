from __future__ import annotations

from django.urls import path, re_path

from plans.views import history, list_checks, misfiled_entries, plans

app_name = "plans"

urlpatterns = [
    path("", plans.plans, name="plans"),
    path("list/", list_checks.see_list, name="see-list"),
    path("list/file/", list_checks.export_list, name="export-list"),
    path("list/check/", list_checks.check_the_list, name="check-list"),
    path("list/checks/", list_checks.list_checks, name="list-checks"),
    path("list/checks/<int:pk>/", list_checks.list_check, name="list-check"),
    path("list/checks/<int:pk>/choose/", list_checks.choose_child, name="choose-child"),
    path("<int:pk>/", plans.plan, name="plan"),
    re_path(
        r"^(?P<pk>\d+)/entries/(?P<kind>visit|action)/(?P<entry_pk>\d+)/move/$",
        misfiled_entries.move_in_plan,
        name="move-entry",
    ),
    path("<int:pk>/moves/<int:move_pk>/", misfiled_entries.see_move, name="see-move"),
    path("<int:pk>/moves/<int:move_pk>/agree/", misfiled_entries.agree_move, name="agree-move"),
    path("<int:pk>/moves/<int:move_pk>/refuse/", misfiled_entries.refuse_a_move, name="refuse-move"),
    path("<int:pk>/history/", history.see_history, name="see-history"),
    path("<int:pk>/as-it-was/", history.see_as_it_was, name="see-as-it-was"),
    path("child/<int:child_pk>/", plans.plan_of_child, name="plan-of-child"),
    path("<int:pk>/visits/new/", plans.record_a_visit, name="record-visit"),
    path("<int:pk>/reviews/new/", plans.record_a_cin_review, name="record-cin-review"),
    path("<int:pk>/actions/<int:action_pk>/progress/", plans.record_action_progress, name="record-progress"),
]
