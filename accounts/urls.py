from __future__ import annotations

from django.urls import path

from accounts.views import drafts, own_account, reading, second_step, sign_in

app_name = "accounts"

urlpatterns = [
    path("", own_account.my_account, name="my-account"),
    path("sign-in-as-demo/", sign_in.sign_in_as_demo, name="sign-in-as-demo"),
    path("second-step/set-up/", second_step.set_up_second_step, name="set-up-second-step"),
    path("save-draft/", drafts.save_draft, name="save-draft"),
    path("read-log/", reading.read_log, name="read-log"),
]
