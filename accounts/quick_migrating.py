"""Applies migrations many times faster than Django does, to the same result.

For most operations Django renders the model again and with it every model that is related to it at any distance: with
ours, nearly all of them. An operation on the schema asks of the models that are pointed to only their tables and keys.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache

from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.core.management.commands import migrate
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.transaction import atomic
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from accounts.migrating import Together

Key = tuple[str, str]
Plan = list[tuple[Migration, bool]]

# Each changes the state of one model, and asks no more of others than where a foreign key points.
OF_ONE_MODEL = {
    AddIndexConcurrently,
    AddTrigger,
    RemoveTrigger,
    operations.AddConstraint,
    operations.AddField,
    operations.AddIndex,
    operations.AlterField,
    operations.AlterModelOptions,
    operations.AlterUniqueTogether,
    operations.CreateModel,
    operations.DeleteModel,
    operations.RemoveConstraint,
    operations.RemoveField,
    operations.RemoveIndex,
}
# Beside its unique fields, all that a foreign key asks of the model to which it points.
OPTIONS_OF_THE_TABLE = {"db_table", "managed", "proxy", "swappable"}
VERSIONS = 2  # before and after an operation


@contextmanager
def quickly() -> Iterator[None]:
    """Have Django's ``migrate`` command render for each operation only what it needs."""
    executor, swappable = migrate.MigrationExecutor, apps.get_swappable_settings_name  # type: ignore[attr-defined]
    migrate.MigrationExecutor = QuickExecutor  # type: ignore[attr-defined]
    # Each model that is rendered empties Django's own cache of this, and each foreign key asks for it.
    apps.get_swappable_settings_name = cache(swappable)  # type: ignore[method-assign]
    try:
        yield
    finally:
        migrate.MigrationExecutor = executor  # type: ignore[attr-defined]
        apps.get_swappable_settings_name = swappable  # type: ignore[method-assign]


class QuickExecutor(MigrationExecutor):
    """Django's executor, but for the way in which the state is carried forwards."""

    def _migrate_all_forwards(
        self, state: ProjectState, plan: Plan, full_plan: Plan, fake: bool, fake_initial: bool
    ) -> ProjectState:
        if fake or fake_initial:
            return super()._migrate_all_forwards(  # type: ignore[misc]
                state, plan, full_plan, fake, fake_initial
            )
        wanted = {migration for migration, _ in plan}
        steps = _Steps(state)
        for migration, _ in full_plan:
            if migration in wanted:
                self._take(migration, steps)
        return state

    def _take(self, migration: Migration, steps: _Steps) -> None:
        if self.progress_callback:
            self.progress_callback("apply_start", migration, False)
        with self.connection.schema_editor(atomic=migration.atomic) as editor:
            for operation in migration.operations:
                steps.take(operation, migration, editor)
            # In the same transaction, unless statements are left for its end.
            recorded = not editor.deferred_sql
            if recorded:
                self.record_migration(migration)  # type: ignore[call-arg, arg-type]
        if not recorded:
            self.record_migration(migration)  # type: ignore[call-arg, arg-type]
        if self.progress_callback:
            self.progress_callback("apply_success", migration, False)


class _Steps:
    """The state of all models, carried from one operation to the next."""

    def __init__(self, state: ProjectState) -> None:
        self.state = state
        self._models = _ModelsOnDemand()

    def take(self, operation: Operation, migration: Migration, editor: BaseDatabaseSchemaEditor) -> None:
        """Apply an operation to the state and to the database."""
        label = migration.app_label
        if _leaves_the_models(operation):
            # All models, rendered when the operation asks, and kept until one of them changes.
            _run(operation, migration, editor, self.state, self.state)
            return
        parts = operation.operations if isinstance(operation, Together) else [operation]
        if all(_concerns_one_model(part, label, self.state) for part in parts):
            self.state.__dict__.pop("apps", None)
            before = self._as_it_was(label, parts)
            operation.state_forwards(label, self.state)
            for state in (before, self.state):
                state.__dict__["apps"] = _ModelsOf(state, self._models)
            anew = any(_changes_keys(part) for part in parts)
            _run(operation, migration, editor, before, self.state)
            del self.state.apps
        else:
            before = self.state.clone()
            self.state.__dict__.pop("apps", None)
            operation.state_forwards(label, self.state)
            _run(operation, migration, editor, before, self.state)
            anew = True
        if anew:
            self._models = _ModelsOnDemand()

    def _as_it_was(self, label: str, parts: Sequence[Operation]) -> ProjectState:
        """Return a copy that is not changed with the models that these operations change."""
        copy = ProjectState(dict(self.state.models), self.state.real_apps)
        for part in parts:
            key = label, _model_name(part)
            if key in copy.models:
                copy.models[key] = copy.models[key].clone()
        return copy


def _run(
    operation: Operation,
    migration: Migration,
    editor: BaseDatabaseSchemaEditor,
    before: ProjectState,
    after: ProjectState,
) -> None:
    in_transaction = operation.atomic or (migration.atomic and operation.atomic is not False)
    with atomic(editor.connection.alias) if in_transaction and not editor.atomic_migration else nullcontext():
        operation.database_forwards(migration.app_label, editor, before, after)


def _leaves_the_models(operation: Operation) -> bool:
    """Return whether the operation changes rows or what models do not know of."""
    if isinstance(operation, operations.RunSQL):
        return not operation.state_operations
    return isinstance(operation, operations.RunPython)


def _concerns_one_model(part: Operation, label: str, state: ProjectState) -> bool:
    if isinstance(part, operations.AlterField):
        # Columns that point to a changed key change with it.
        before = state.models[label, part.model_name_lower].fields.get(part.name)
        return before is not None and not any(field.unique or field.many_to_many for field in (before, part.field))
    return type(part) in OF_ONE_MODEL


def _changes_keys(part: Operation) -> bool:
    """Return whether what others can point to may be another from here on."""
    if isinstance(part, operations.AddField):
        return part.field.unique
    return isinstance(part, operations.DeleteModel | operations.RemoveField)


def _model_name(part: Operation) -> str:
    return str(getattr(part, "model_name", None) or part.name).lower()  # type: ignore[attr-defined]


class _ModelsOf:
    """What an operation takes for the registry of all models at one moment."""

    def __init__(self, state: ProjectState, models: _ModelsOnDemand) -> None:
        self._state = state
        self._models = models

    def get_model(self, app_label: str, model_name: str) -> type[models.Model]:
        return self._models.whole(self._state, (app_label, model_name.lower()))


class _ModelsOnDemand(StateApps):
    """A registry in which a model is rendered when it is asked for, and those to which it points only in outline."""

    def __init__(self) -> None:
        super().__init__(real_apps=set(), models={})  # type: ignore[arg-type]
        # Registering a model would empty the caches of all others, which are never registered anew.
        self.ready = False
        self._state = ProjectState()
        self._rendered: dict[Key, list[tuple[ModelState, type[models.Model]]]] = defaultdict(list)

    def whole(self, state: ProjectState, key: Key) -> type[models.Model]:
        """Return a model as it is in this state."""
        self._state = state
        wanted = self._state_of(key)
        for rendered, model in self._rendered[key]:
            if _is_same(rendered, wanted):
                return model
        # So that keys to itself point to this model and not to an earlier one.
        self.unregister_model(*key)
        model = wanted.render(self)
        while self._pending_operations:
            _outline(self._state_of(next(iter(self._pending_operations)))).render(self)
        self._rendered[key] = [*self._rendered[key], (wanted.clone(), model)][-VERSIONS:]
        return model

    def get_model(
        self,
        app_label: str,
        model_name: str | None = None,
        require_ready: bool = True,  # noqa: ARG002 - Django's
    ) -> type[models.Model]:
        """Return the whole model, which another is derived from."""
        label, _, name = app_label.partition(".") if model_name is None else (app_label, "", model_name)
        return self.whole(self._state, (label, name.lower()))

    def _state_of(self, key: Key) -> ModelState:
        found = self._state.models.get(key)
        # An app without migrations has no other state than its present one.
        return found or ModelState.from_model(apps.get_model(*key), exclude_rels=True)


def _is_same(one: ModelState, other: ModelState) -> bool:
    """Return whether both render to the same model, whose bases are no models with a state of their own."""
    return (
        (one.name, one.bases) == (other.name, other.bases)
        and not any(isinstance(base, str) for base in one.bases)
        and _identities(one.fields) == _identities(other.fields)
        and _identities(one.options) == _identities(other.options)
    )


def _identities(named: Mapping[str, object]) -> list[tuple[str, int]]:
    return [(name, id(what)) for name, what in named.items()]


def _outline(state: ModelState) -> ModelState:
    """Return the model as a foreign key to it needs it."""
    return ModelState(
        state.app_label,
        state.name,
        {name: field for name, field in state.fields.items() if field.unique},
        {name: value for name, value in state.options.items() if name in OPTIONS_OF_THE_TABLE},
        state.bases,
    )
