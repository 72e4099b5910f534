from __future__ import annotations

from django.urls import path

from accounts.audit.views import anomalies, read_log
from accounts.directory import views as directory
from accounts.drafts import views as drafts
from accounts.people.views import devices
from accounts.signin.views import own_account, second_factor, sessions, sign_in

app_name = "accounts"

urlpatterns = [
    path("", own_account.my_account, name="my-account"),
    path("sign-in-as-demo/", sign_in.sign_in_as_demo, name="sign-in-as-demo"),
    path("directory/again/", directory.directory_again, name="directory-again"),
    path("second-step/set-up/", second_factor.set_up_second_step, name="set-up-second-step"),
    path("sessions/", sessions.where_signed_in, name="where-signed-in"),
    path("sessions/<int:pk>/end/", sessions.end_session, name="end-session"),
    path("sessions/end-all/", sessions.sign_out_everywhere, name="sign-out-everywhere"),
    path("this-device/", devices.this_device, name="this-device"),
    path("session/", sessions.session_state, name="session-state"),
    path("session/stay/", sessions.stay_signed_in, name="stay-signed-in"),
    path("session/keep/", sessions.keep_session, name="keep-session"),
    path("save-draft/", drafts.save_draft, name="save-draft"),
    path("read-log/", read_log.read_log, name="read-log"),
    path("unusual-reads/", anomalies.unusual_reads, name="unusual-reads"),
    path("unusual-reads/<int:user_pk>/<str:day>/", anomalies.look_into, name="look-into-reads"),
]
