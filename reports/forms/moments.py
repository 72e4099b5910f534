"""Moments that only one answer of a form asks for."""

from __future__ import annotations

from govuk.forms import GovukForm


def forgive_unfinished(form: GovukForm, name: str) -> None:
    """Treat a half-typed moment as empty if the chosen answer does not ask for it."""
    faults = form.errors.as_data().get(name, [])
    if all(fault.code == "required" for fault in faults):
        form.errors.pop(name, None)
        form.cleaned_data[name] = None
