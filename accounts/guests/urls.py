from __future__ import annotations

from django.urls import path

from accounts.guests import views

app_name = "guests"

urlpatterns = [
    path("", views.arrive, name="arrive"),
    path("open/<slug:token>/", views.open_link, name="open-link"),
    path("code/", views.enter_code, name="enter-code"),
    path("code/send/", views.send_code, name="send-code"),
    path("code/again/", views.send_another_code, name="send-another-code"),
    path("text-size/", views.choose_text_size, name="text-size"),
    path("leave/", views.go, name="leave"),
    path("leave/quickly/", views.go_quickly, name="leave-quickly"),
]
