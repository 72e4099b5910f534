from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from conferences.views import (
    agency_requests,
    agreements,
    children,
    countdown,
    enquiries,
    guest_links,
    handing_over,
    history,
    invitations,
    lateness,
    listing,
    moving,
    own_invitation,
    people,
    planned_parts,
    reach,
    requests,
    scheduling,
    seating,
    stand_ins,
    telling,
    transfers,
)

app_name = "conferences"


of_a_participant: list[URLPattern | URLResolver] = [
    path("", people.participant, name="participant"),
    path("ask/", people.ask_chair, name="ask-chair"),
    path("safe/", reach.mark_safe, name="mark-safe"),
    path("link/", guest_links.guest_link, name="guest-link"),
    path("link/close/", guest_links.close_link, name="close-guest-link"),
    path("link/new/", guest_links.new_link, name="send-new-link"),
    path("link/people/", guest_links.show_people, name="show-who-comes"),
    path("deputy/", guest_links.add_deputy, name="name-deputy"),
    path("deputy/<int:deputy_pk>/", guest_links.settle_deputy, name="confirm-deputy"),
    path("deputy/<int:deputy_pk>/end/", guest_links.end_deputy, name="end-deputy"),
]
of_a_family: list[URLPattern | URLResolver] = [
    path("enquiries/", enquiries.enquiries, name="enquiries"),
    path("enquiries/record/", enquiries.strategy_discussion, name="record-strategy-discussion"),
    path("enquiries/<int:enquiry_pk>/end/", enquiries.end_enquiry, name="end-enquiry"),
    path("enquiries/convene/", enquiries.convene, name="convene"),
    path(
        "enquiries/<int:enquiry_pk>/starting-discussion/",
        enquiries.starting_discussion,
        name="choose-starting-discussion",
    ),
    path("moved-here/", transfers.transfer_in, name="record-transfer-in"),
    path("moved-here/<int:transfer_pk>/", transfers.settle_move, name="settle-transfer-in"),
    path("countdown/", countdown.countdown, name="countdown"),
    path("ask/", scheduling.ask_for_conference, name="ask-for-conference"),
    path("schedule/", scheduling.schedule, name="schedule"),
    path("requests/<int:asked_pk>/", requests.answer, name="answer-request"),
]
of_its_children: list[URLPattern | URLResolver] = [
    path("", children.children, name="children"),
    path("<int:added_pk>/add/", children.add, name="add-child"),
    path("<int:child_pk>/kind/", children.correct, name="correct-kind"),
    path("<int:child_pk>/withdraw/", children.withdraw, name="withdraw-child"),
]
of_a_conference: list[URLPattern | URLResolver] = [
    path("", listing.overview, name="overview"),
    path("history/", history.see_history, name="see-history"),
    path("as-it-was/", history.see_as_it_was, name="see-as-it-was"),
    path("children/", include(of_its_children)),
    path("move/", moving.move, name="move"),
    path("cancel/", moving.cancel, name="cancel"),
    path("agree/", agreements.agree, name="agree"),
    path("agree/further/", agreements.disagree, name="disagree"),
    path("late/", lateness.late_reason, name="late-reason"),
    path("late/agree/", lateness.agree_late, name="agree-late"),
    path("people/", people.people, name="people"),
    path("people/change/", people.change_people, name="change-list"),
    path("people/look-again/", people.look_again, name="look-again"),
    path("people/add/", people.add_person, name="add-participant"),
    path("people/check/", invitations.check_invitations, name="check-invitations"),
    path("people/tell/", telling.to_tell, name="to-tell"),
    path("people/tell/<int:to_tell_pk>/", telling.tell, name="record-telling"),
    path("people/tell/<int:to_tell_pk>/email/", telling.send_by_email, name="tell-by-email"),
    path("people/tell/<int:to_tell_pk>/wrong/<int:telling_pk>/", telling.take_back, name="take-back-telling"),
    path("hand-on/", handing_over.hand_on, name="hand-on"),
    path("people/parts/", planned_parts.plan, name="plan-parts"),
    path("people/parts/", planned_parts.plan, name="plan-parts"),
    path("people/room-and-screen/", seating.room_and_screen, name="room-and-screen"),
    path("people/room-and-screen/link/", seating.new_link, name="new-meeting-link"),
    path("stand-ins/", stand_ins.stand_ins, name="stand-ins"),
    path("stand-ins/<int:stand_in_pk>/end/", stand_ins.end, name="end-stand-in"),
    path("people/requests/<int:request_pk>/", people.decide_attendance, name="decide-request"),
    path("people/<int:participant_pk>/", include(of_a_participant)),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.conferences, name="conferences"),
    path("run-by/", handing_over.who_runs, name="who-runs"),
    path("run-by/<int:runner_pk>/", handing_over.hand_on_each, name="hand-on-each"),
    path("invitations/", own_invitation.my_invitations, name="my-invitations"),
    path("invitations/<int:pk>/", own_invitation.my_invitation, name="my-invitation"),
    path("requests/", agency_requests.my_requests, name="my-requests"),
    path("requests/ask/", agency_requests.ask_as_professional, name="ask-as-agency"),
    path("requests/<int:pk>/disagree/", agency_requests.disagree_as_professional, name="disagree-as-agency"),
    path("families/<int:pk>/", include(of_a_family)),
    path("<int:pk>/", include(of_a_conference)),
]
