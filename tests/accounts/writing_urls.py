"""The site plus one page: a form that keeps drafts."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path

from accounts.access import require_roles
from accounts.drafts import kept_form
from cpconf.urls import handler500
from cpconf.urls import urlpatterns as site
from govuk.forms import DateInputField, GovukForm, LongTextField, VersionField

__all__ = ["handler500", "urlpatterns"]


class WritingForm(GovukForm):
    keeps_draft = True
    title = forms.CharField(max_length=20, initial="As recorded")
    held_on = DateInputField(label="When?")
    words = LongTextField(label="What happened?")
    agreed = forms.BooleanField(label="Agreed", required=False, initial=True)
    version = VersionField()


PAGE = """{% extends "base.html" %}{% block content %}{% crispy form %}{% endblock %}"""


def write(request):
    require_roles(request)
    form = kept_form(request, WritingForm, initial={"version": 5})
    if request.method == "POST" and form.is_valid():
        return redirect("/written/")
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


def only_a_form(request):
    require_roles(request)
    return redirect("/written/")


urlpatterns = [*site, path("writing/", write), path("other-writing/", write), path("only-a-form/", only_a_form)]
