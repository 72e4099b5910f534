from __future__ import annotations

from django.urls import path

from chronology import views

app_name = "chronology"

urlpatterns = [
    path("<int:pk>/chronology/", views.chronology, name="chronology"),
    path("<int:pk>/chronology/print/", views.print_chronology, name="print-chronology"),
    path("<int:pk>/chronology/for/<int:person_pk>/", views.for_person, name="for-person"),
    path("<int:pk>/chronology/for/<int:person_pk>/pdf/", views.for_person_pdf, name="for-person-pdf"),
]
