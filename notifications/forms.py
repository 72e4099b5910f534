from __future__ import annotations

from govuk.forms import GovukForm, SelectField
from notifications.enums import MessageState


class OutboxFilterForm(GovukForm):
    marks_optional = False
    state = SelectField(label="State", choices=MessageState.choices, empty_label="All", required=False)
