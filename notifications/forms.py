from __future__ import annotations

from govuk.forms import FilterForm, SelectField
from notifications.enums import MessageState


class OutboxFilterForm(FilterForm):
    state = SelectField(label="State", choices=MessageState.choices, empty_label="All", required=False)
