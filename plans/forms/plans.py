from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from govuk.forms import FilterForm, GovukForm, LongTextField, ModelSelectField, RadiosField, SelectField, VersionField
from plans.enums import Marked, PlanKind, Progress


class PlansFilter(FilterForm):
    kind = SelectField(label="Kind of plan", choices=[("", "All"), *PlanKind.choices], required=False)
    state = SelectField(label="State", choices=[("open", "Open now"), ("ended", "Ended"), ("", "All")], required=False)
    marked = SelectField(label="Marks", choices=[("", "All"), *Marked.choices], required=False)
    key_worker = ModelSelectField(
        User.objects.none(), label="Key worker", required=False, label_from=lambda user: user.name
    )

    def __init__(self, *args: Any, key_workers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key_worker"].queryset = key_workers  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """Return the filters as ``plans_listed`` takes them; invalid ones are ignored."""
        key_worker = self.cleaned_data.get("key_worker")
        return {
            "kind": self.cleaned_data.get("kind", ""),
            "state": self.cleaned_data.get("state", "open"),
            "marked": self.cleaned_data.get("marked", ""),
            "key_worker": key_worker.pk if key_worker else None,
        }


class ProgressForm(GovukForm):
    keeps_draft = True
    button = "Save the progress"
    progress = RadiosField(label="How far has this come?", choices=Progress.choices)
    note = LongTextField(
        label="What has been done?", help_text="If it was not done or is given up, say why.", required=False
    )
    version = VersionField()
