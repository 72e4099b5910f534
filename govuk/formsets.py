"""Formset rows that can be added without scripts, each rendered by its own form's layout."""

from __future__ import annotations

from typing import Any

from django.forms.forms import BaseForm
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from govuk.forms import clean_data
from govuk.layout import FormSetHelper, button_html


class GovukFormSet(BaseFormSet):
    """Rows of one form. "Add another" is a submit button that keeps input without validating it."""

    row_name = "Row"
    adding = False

    def __init__(self, data: Any = None, files: Any = None, *args: Any, **kwargs: Any) -> None:
        data = clean_data(data)
        prefix = kwargs.get("prefix") or self.get_default_prefix()
        if data is not None and f"{prefix}-add_row" in data:
            self.adding = True
            total = f"{prefix}-TOTAL_FORMS"
            data[total] = str(min(_whole(data.get(total)) + 1, self.absolute_max))
        super().__init__(data, files, *args, **kwargs)

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.hides_errors = self.adding

    def is_valid(self) -> bool:
        return not self.adding and super().is_valid()

    @cached_property
    def helper(self) -> FormSetHelper:
        """Return how ``{% crispy formset %}`` renders the rows, inside the page's own form."""
        return FormSetHelper()

    @property
    def add_button(self) -> SafeString:
        """Return a button that submits the page for one more row; nothing once the maximum is reached."""
        if len(self.forms) >= self.max_num:
            return SafeString("")
        return button_html(f"Add another {self.row_name.lower()}", look="secondary", name=f"{self.prefix}-add_row")

    def filled(self) -> list[dict[str, Any]]:
        """Return the cleaned rows that have input and are not marked for removal."""
        return [
            form.cleaned_data
            for form in self.forms
            if form.has_changed() and form.is_valid() and not form.cleaned_data.get("DELETE")
        ]


def _whole(text: Any) -> int:
    return int(text) if str(text).isdigit() else 0


def govuk_formset(
    form: type[BaseForm],
    *,
    row_name: str,
    extra: int = 1,
    min_num: int = 0,
    max_num: int = 40,
    can_delete: bool = False,
) -> type[GovukFormSet]:
    """Return a formset class whose rows are called ``row_name`` ("Action" gives "Action 1")."""
    made = formset_factory(
        form,
        formset=GovukFormSet,
        extra=extra,
        min_num=min_num,
        validate_min=min_num > 0,
        max_num=max_num,
        validate_max=True,
        can_delete=can_delete,
    )
    return type(f"{row_name}FormSet", (made,), {"row_name": row_name})
