"""URLs under one conference: forms that were handed in, and writing one down for someone."""

from __future__ import annotations

from django.urls import path

from my_views.views import history, reading, writing_down

app_name = "my_views"

urlpatterns = [
    path("", reading.forms, name="forms"),
    path("<int:form_pk>/", reading.form, name="form"),
    path("<int:form_pk>/history/", history.see_history, name="see-history"),
    path("<int:form_pk>/as-it-was/", history.see_as_it_was, name="see-as-it-was"),
    path("<int:form_pk>/answers/<int:answer_pk>/release/", reading.release, name="release"),
    path("<int:form_pk>/released/<int:passage_pk>/take-back/", reading.take_back, name="take-back-release"),
    path("danger/<int:sign_pk>/", reading.settle, name="settle-danger"),
    path("write-down/", writing_down.choose, name="choose"),
    path("write-down/<int:person_pk>/", writing_down.begin, name="write-down"),
    path("write-down/<int:person_pk>/paper/", writing_down.paper, name="paper"),
    path("write-down/<int:person_pk>/hand-in/", writing_down.check, name="hand-in"),
    path("write-down/<int:person_pk>/take-back/", writing_down.withdraw, name="withdraw"),
    path("write-down/<int:person_pk>/question/<slug:key>/", writing_down.question, name="write-answer"),
]
