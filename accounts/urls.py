from __future__ import annotations

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.my_account, name="my-account"),
    path("sign-in-as-demo/", views.sign_in_as_demo, name="sign-in-as-demo"),
    path("save-draft/", views.save_draft, name="save-draft"),
    path("read-log/", views.read_log, name="read-log"),
]
