"""Migration operations of our own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState
from pgtrigger.compiler import Trigger


class AddTriggers(Operation):
    """Install all triggers of one model.

    ``pgtrigger`` writes one operation for each trigger, and each makes Django render the model and everything
    related to it again. A trigger changes no field, so here nothing is rendered: creating the database from
    nothing takes half the time.
    """

    category = OperationCategory.ADDITION

    def __init__(self, model_name: str, triggers: Sequence[Trigger]) -> None:
        self.model_name = model_name
        self.triggers = list(triggers)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """How the operation is written into a migration."""
        return type(self).__name__, [], {"model_name": self.model_name, "triggers": self.triggers}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Remember the triggers, so that the next migration is compared with them."""
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), *self.triggers]

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002 Django's interface
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        """Install them."""
        for trigger in self.triggers:
            # Without parameters: the SQL holds percent signs of its own.
            schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        """Take them away again."""
        for trigger in self.triggers:
            schema_editor.execute(trigger.uninstall_sql, params=None)

    def describe(self) -> str:
        """One line for the output of ``migrate``."""
        return f"Install the triggers of {self.model_name}"
