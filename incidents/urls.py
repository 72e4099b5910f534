"""URLs under /incidents/: papers that reached the wrong hands."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from incidents.views import history, incidents

app_name = "incidents"

of_an_incident: list[URLPattern | URLResolver] = [
    path("", incidents.incident, name="incident"),
    path("people/add/", incidents.add_person, name="add-person"),
    path("people/<int:concerned_pk>/decide/", incidents.decide_telling, name="decide-telling"),
    path("people/<int:concerned_pk>/told/", incidents.record_told, name="record-told"),
    path("links/close/", incidents.close_links, name="close-links"),
    path("regulator/", incidents.decide_regulator, name="decide-regulator"),
    path("steps/new/", incidents.step, name="record-step"),
    path("steps/<int:step_pk>/error/", incidents.take_back_step, name="withdraw-step"),
    path("no-incident/", incidents.withdraw, name="withdraw"),
    path("close/", incidents.close, name="close"),
    path("history/", history.see_history, name="see-history"),
    path("as-it-was/", history.see_as_it_was, name="see-as-it-was"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", incidents.incidents, name="incidents"),
    path("families/<int:pk>/new/", incidents.record, name="record"),
    path("<int:pk>/", include(of_an_incident)),
]
