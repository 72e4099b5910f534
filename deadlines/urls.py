from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from deadlines.views import (
    calculator,
    calendar,
    council,
    feeds,
    late_causes,
    policies,
    policy_drafts,
    recounting,
    team,
    timeline,
    work,
)

app_name = "deadlines"

of_a_draft: list[URLPattern | URLResolver] = [
    path("", policy_drafts.policy_draft, name="policy-draft"),
    path("groups/<slug:slug>/", policy_drafts.change_policy_group, name="change-policy-group"),
    path("put-in-force/", policy_drafts.put_policy_in_force, name="put-policy-in-force"),
    path("set-aside/", policy_drafts.set_policy_draft_aside, name="set-policy-draft-aside"),
]
working_days: list[URLPattern | URLResolver] = [
    path("", calendar.working_days, name="working-days"),
    path("add/", calendar.close_day, name="close-day"),
    path("<int:pk>/take-back/", calendar.take_back_day, name="take-back-day"),
]
procedures: list[URLPattern | URLResolver] = [
    path("", policies.policies, name="policies"),
    path("differences/", policies.policy_differences, name="policy-differences"),
    path("history/", policies.policy_history, name="policy-history"),
    path("history/<int:number>/", policies.policy_version, name="policy-version"),
    path("drafts/", policy_drafts.policy_drafts, name="policy-drafts"),
    path("counted-again/", recounting.recounts, name="recounts"),
    path("counted-again/<int:pk>/", recounting.recount, name="recount"),
    path("count-again/", recounting.count_again, name="count-again"),
    path("drafts/<int:pk>/", include(of_a_draft)),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", work.my_work, name="my-work"),
    path("to-decide/", work.decisions, name="to-decide"),
    path("team/", team.team, name="team"),
    path("council/", council.council, name="council"),
    path("council/tables/<slug:table>/", council.council_table, name="council-table"),
    path("families/<int:pk>/timeline/", timeline.timeline, name="timeline"),
    path("account/calendar/", feeds.calendar_feed, name="calendar-feed"),
    path("account/calendar/stop/", feeds.revoke_calendar_feed, name="revoke-calendar-feed"),
    path("feeds/<str:secret>.ics", feeds.read_calendar_feed, name="read-calendar-feed"),
    path("deadlines/<int:pk>/", work.deadline, name="deadline"),
    path("deadlines/<int:pk>/late/", late_causes.late_cause, name="late-cause"),
    path("deadlines/<int:pk>/late/agree/", late_causes.agree_late_cause, name="agree-late-cause"),
    path("notices/acknowledge/", work.acknowledge_notices, name="acknowledge-notices"),
    path("procedures/", policies.our_procedures, name="our-procedures"),
    path("calculator/", calculator.calculate_dates, name="calculate-dates"),
    path("settings/", calendar.settings, name="settings"),
    path("settings/working-days/", include(working_days)),
    path("settings/procedures/", include(procedures)),
]
