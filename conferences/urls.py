from __future__ import annotations

from django.urls import URLPattern, path

from conferences.views import (
    countdown,
    enquiries,
    guest_links,
    history,
    lateness,
    listing,
    own_invitation,
    people,
    scheduling,
    stand_ins,
    transfers,
)

app_name = "conferences"

FAMILY = "families/<int:pk>"
PERSON = "<int:pk>/people/<int:participant_pk>"

urlpatterns: list[URLPattern] = [
    path("", listing.conferences, name="conferences"),
    path(f"{FAMILY}/enquiries/", enquiries.enquiries, name="enquiries"),
    path(f"{FAMILY}/enquiries/record/", enquiries.strategy_discussion, name="record-strategy-discussion"),
    path(f"{FAMILY}/enquiries/<int:enquiry_pk>/end/", enquiries.end_enquiry, name="end-enquiry"),
    path(f"{FAMILY}/enquiries/convene/", enquiries.convene, name="convene"),
    path(
        f"{FAMILY}/enquiries/<int:enquiry_pk>/starting-discussion/",
        enquiries.starting_discussion,
        name="choose-starting-discussion",
    ),
    path(f"{FAMILY}/moved-here/", transfers.transfer_in, name="record-transfer-in"),
    path(f"{FAMILY}/moved-here/<int:transfer_pk>/", transfers.settle_move, name="settle-transfer-in"),
    path(f"{FAMILY}/countdown/", countdown.countdown, name="countdown"),
    path(f"{FAMILY}/ask/", scheduling.ask_for_conference, name="ask-for-conference"),
    path(f"{FAMILY}/schedule/", scheduling.schedule, name="schedule"),
    path("invitations/", own_invitation.my_invitations, name="my-invitations"),
    path("invitations/<int:pk>/", own_invitation.my_invitation, name="my-invitation"),
    path("<int:pk>/", listing.overview, name="overview"),
    path("<int:pk>/history/", history.see_history, name="see-history"),
    path("<int:pk>/as-it-was/", history.see_as_it_was, name="see-as-it-was"),
    path("<int:pk>/move/", scheduling.move, name="move"),
    path("<int:pk>/cancel/", scheduling.cancel, name="cancel"),
    path("<int:pk>/late/", lateness.late_reason, name="late-reason"),
    path("<int:pk>/late/agree/", lateness.agree_late, name="agree-late"),
    path("<int:pk>/people/", people.people, name="people"),
    path("<int:pk>/people/change/", people.change_people, name="change-list"),
    path("<int:pk>/people/look-again/", people.look_again, name="look-again"),
    path("<int:pk>/people/add/", people.add_person, name="add-participant"),
    path("<int:pk>/people/check/", people.check_invitations, name="check-invitations"),
    path(f"{PERSON}/", people.participant, name="participant"),
    path(f"{PERSON}/ask/", people.ask_chair, name="ask-chair"),
    path(f"{PERSON}/link/", guest_links.guest_link, name="guest-link"),
    path(f"{PERSON}/link/close/", guest_links.close_link, name="close-guest-link"),
    path(f"{PERSON}/link/new/", guest_links.new_link, name="send-new-link"),
    path(f"{PERSON}/link/people/", guest_links.show_people, name="show-who-comes"),
    path(f"{PERSON}/deputy/", guest_links.add_deputy, name="name-deputy"),
    path(f"{PERSON}/deputy/<int:deputy_pk>/", guest_links.settle_deputy, name="confirm-deputy"),
    path(f"{PERSON}/deputy/<int:deputy_pk>/end/", guest_links.end_deputy, name="end-deputy"),
    path("<int:pk>/stand-ins/", stand_ins.stand_ins, name="stand-ins"),
    path("<int:pk>/stand-ins/<int:stand_in_pk>/end/", stand_ins.end, name="end-stand-in"),
    path("<int:pk>/people/requests/<int:request_pk>/", people.decide_attendance, name="decide-request"),
]
