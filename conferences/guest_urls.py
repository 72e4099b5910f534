from __future__ import annotations

from django.urls import path

from conferences.views import agency_requests, guest_family, guest_invitation

app_name = "guest_meeting"

urlpatterns = [
    path("", guest_invitation.home, name="home"),
    path("answer/", guest_invitation.answer, name="answer"),
    path("ask/", guest_invitation.ask, name="ask"),
    path("people/", guest_invitation.who_will_be_there, name="who-will-be-there"),
    path("conference/", agency_requests.ask_as_guest, name="ask-for-conference"),
    path("conference/disagree/", agency_requests.disagree_as_guest, name="disagree-about-conference"),
    path("deputy/", guest_invitation.deputy, name="name-deputy"),
    path("about/", guest_family.about, name="about"),
    path("coming/", guest_family.getting_there, name="coming"),
    path("disagree/", guest_family.disagree, name="disagree"),
    path("paper/", guest_family.paper_only, name="paper-only"),
    path("feedback/", guest_family.feedback, name="feedback"),
    path("advocate/", guest_family.own_advocate, name="advocate"),
    path("talk/", guest_family.talk, name="talk"),
]
