"""The form in which someone says, at a core group, that a child is not safe tonight."""

from __future__ import annotations

from typing import Any

from core_groups.selectors.recording import TheRecord
from govuk.forms import GovukForm
from meetings.forms.safety import stop_fields


class RaiseMeetingStopForm(GovukForm):
    """Someone says that a child is not safe tonight."""

    keeps_draft = True
    button = "Tell the key worker and the social worker"
    child, said_by, said = stop_fields()

    def __init__(self, *args: Any, record: TheRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        choices = [(str(plan.child_id), plan.child.person.short_name) for plan in record.plans]
        fields["child"].set_choices(choices)
        fields["said_by"].set_choices([(str(row.pk), row.person.full_name) for row in record.members])
        if len(choices) == 1:
            self.initial.setdefault("child", choices[0][0])
