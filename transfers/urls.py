"""URLs under /transfers/: children who move to another council, or came from one, and travel abroad."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from transfers.views import history, letters, papers, transfers, transfers_in, travel

app_name = "transfers"

of_a_transfer: list[URLPattern | URLResolver] = [
    path("", transfers.transfer, name="transfer"),
    path("answer/", transfers.answer, name="answer"),
    path("visits/", transfers.visits, name="who-visits"),
    path("letters/", letters.of_transfer, name="letters-of-transfer"),
    path("papers/<slug:kind>/", papers.hand_over, name="hand-over-paper"),
    path("conferences/<int:conference_pk>/ask/", papers.ask, name="ask-for-papers"),
    path("history/", history.see_history, name="see-history"),
    path("as-it-was/", history.see_as_it_was, name="see-as-it-was"),
]
of_a_transfer_in: list[URLPattern | URLResolver] = [
    path("", transfers_in.transfer_in, name="transfer-in"),
    path("papers/<slug:kind>/", transfers_in.receive, name="receive-paper"),
    path("ended-there/", transfers_in.ended_there, name="ended-there"),
    path("letters/", letters.of_transfer_in, name="letters-of-transfer-in"),
]
of_a_family: list[URLPattern | URLResolver] = [
    path("out/new/", transfers.record, name="record-transfer"),
    path("out/<int:transfer_pk>/", include(of_a_transfer)),
    path("in/<int:transfer_pk>/", include(of_a_transfer_in)),
    path("letters/<int:letter_pk>/file/", letters.open_letter, name="open-letter"),
    path("letters/<int:letter_pk>/take-out/", letters.take_out, name="take-out-letter"),
]
of_a_plan: list[URLPattern | URLResolver] = [
    path("", travel.travels, name="travels"),
    path("new/", travel.record, name="record-travel"),
    path("<int:travel_pk>/back/", travel.came_back, name="came-back"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("families/<int:pk>/", include(of_a_family)),
    path("plans/<int:plan_pk>/travel/", include(of_a_plan)),
    path("plans/<int:plan_pk>/letters/", letters.of_plan, name="letters-of-plan"),
]
