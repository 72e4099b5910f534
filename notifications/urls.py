from __future__ import annotations

from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.list_messages, name="outbox"),
    path("<int:pk>/", views.see_message, name="see-message"),
    path("<int:pk>/calendar-file/", views.download_calendar_file, name="download-calendar-file"),
    path("<int:pk>/send-again/", views.send_again, name="send-again"),
    path("notices/<int:pk>/acknowledge/", views.acknowledge_notice, name="acknowledge-notice"),
]
