"""Keep only at which meeting progress was recorded; how far it had come stands in the action's progress alone.

The program before this one runs on for one rolling restart: for it the two old names remain, as views that hold
nothing themselves. The release after this one drops them.
"""

import importlib

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# What the program before this one recorded since the step before.
CARRY = importlib.import_module("core_groups.migrations.0011_carry_progress_to_one_table").CARRY

OLD_NAMES = """
CREATE VIEW core_groups_progressentry AS
SELECT at.id, at.meeting_id, at.action_id, at.member_id, at.sitting_id, at.recorded_id,
    recorded.progress::varchar(20) AS progress, recorded.note AS said, recorded.entered_by_id AS recorded_by_id,
    recorded.guest_session_id, recorded.at AS recorded_at, at.superseded_at
FROM core_groups_progressatmeeting at JOIN plans_actionprogress recorded ON recorded.id = at.recorded_id;

CREATE VIEW core_groups_progressentryevent AS
SELECT event.pgh_id, event.pgh_created_at, event.pgh_label, event.pgh_obj_id, event.pgh_context_id, event.id,
    event.meeting_id, event.action_id, event.member_id, event.sitting_id,
    recorded.progress::varchar(20) AS progress, recorded.note AS said, recorded.entered_by_id AS recorded_by_id,
    recorded.guest_session_id, recorded.at AS recorded_at, event.superseded_at
FROM core_groups_progressatmeetingevent event JOIN plans_actionprogress recorded ON recorded.id = event.recorded_id;

CREATE FUNCTION core_groups_progressentry_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        UPDATE core_groups_progressatmeeting SET superseded_at = NEW.superseded_at WHERE id = OLD.id;
        RETURN NEW;
    END IF;
    IF NEW.member_id IS NULL THEN
        SELECT known.id INTO kept FROM plans_actionprogress known
        WHERE known.action_id = NEW.action_id AND known.at = NEW.recorded_at AND known.progress = NEW.progress
            AND known.note = NEW.said AND NOT known.is_own
            AND NOT EXISTS (SELECT FROM core_groups_progressatmeeting WHERE recorded_id = known.id)
        ORDER BY known.id LIMIT 1;
    END IF;
    IF kept IS NULL THEN
        INSERT INTO plans_actionprogress
            (action_id, progress, note, said_by_id, entered_by_id, guest_session_id, at, is_own)
        VALUES (
            NEW.action_id, NEW.progress, NEW.said,
            (SELECT person_id FROM core_groups_coregroupmember WHERE id = NEW.member_id),
            NEW.recorded_by_id, NEW.guest_session_id, NEW.recorded_at, NEW.member_id IS NOT NULL
        ) RETURNING id INTO kept;
    END IF;
    INSERT INTO core_groups_progressatmeeting (meeting_id, action_id, member_id, sitting_id, recorded_id, superseded_at)
    VALUES (NEW.meeting_id, NEW.action_id, NEW.member_id, NEW.sitting_id, kept, NEW.superseded_at)
    RETURNING id INTO NEW.id;
    RETURN NEW;
END $$;

CREATE TRIGGER written INSTEAD OF INSERT OR UPDATE ON core_groups_progressentry
FOR EACH ROW EXECUTE FUNCTION core_groups_progressentry_written();
"""

NO_OLD_NAMES = """
DROP VIEW core_groups_progressentry;
DROP VIEW core_groups_progressentryevent;
DROP FUNCTION core_groups_progressentry_written();
"""

# Each is a column of the table and of its history.
GONE = ("progress", "said", "recorded_by", "guest_session_id", "recorded_at")


class Migration(migrations.Migration):
    dependencies = [
        ("core_groups", "0011_carry_progress_to_one_table"),
        ("plans", "0016_own_words_of_progress"),
    ]

    operations = [
        migrations.RunSQL(f"LOCK TABLE core_groups_progressentry IN ACCESS EXCLUSIVE MODE;{CARRY}", migrations.RunSQL.noop),
        *(
            pgtrigger.migrations.RemoveTrigger(model_name="progressentry", name=name)
            for name in ("never_deleted", "insert_insert", "update_update", "delete_delete")
        ),
        migrations.RemoveConstraint(model_name="progressentry", name="core_group_progress_entered_by_one"),
        *(
            migrations.RemoveField(model_name=model, name=name)
            for model in ("progressentry", "progressentryevent")
            for name in GONE
        ),
        migrations.RenameModel("ProgressEntry", "ProgressAtMeeting"),
        migrations.RenameModel("ProgressEntryEvent", "ProgressAtMeetingEvent"),
        migrations.AlterModelOptions(
            name="progressatmeeting", options={"ordering": ("pk",), "verbose_name_plural": "progress at meetings"}
        ),
        migrations.AlterField(
            model_name="progressatmeeting",
            name="action",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="progress_at_meetings", to="plans.planaction"
            ),
        ),
        migrations.AlterField(
            model_name="progressatmeeting",
            name="recorded",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="at_meeting", to="plans.actionprogress"
            ),
        ),
        migrations.AlterField(
            model_name="progressatmeetingevent",
            name="recorded",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="plans.actionprogress",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='progressatmeeting',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='b4e1df9a9a7a69962b7130d40d0e78377d747dca', operation='DELETE', pgid='pgtrigger_never_deleted_ea5cb', table='core_groups_progressatmeeting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='progressatmeeting',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "core_groups_progressatmeetingevent" ("action_id", "id", "meeting_id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_id", "sitting_id", "superseded_at") VALUES (NEW."action_id", NEW."id", NEW."meeting_id", NEW."member_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_id", NEW."sitting_id", NEW."superseded_at"); RETURN NULL;', hash='5881666d602def6583e261dbc7b57db04fbda40e', operation='INSERT', pgid='pgtrigger_insert_insert_38eae', table='core_groups_progressatmeeting', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='progressatmeeting',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "core_groups_progressatmeetingevent" ("action_id", "id", "meeting_id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_id", "sitting_id", "superseded_at") VALUES (NEW."action_id", NEW."id", NEW."meeting_id", NEW."member_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_id", NEW."sitting_id", NEW."superseded_at"); RETURN NULL;', hash='3ad28acbc8ced0d4dbf8df0b34d0ec0618327386', operation='UPDATE', pgid='pgtrigger_update_update_b1a7b', table='core_groups_progressatmeeting', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='progressatmeeting',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "core_groups_progressatmeetingevent" ("action_id", "id", "meeting_id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_id", "sitting_id", "superseded_at") VALUES (OLD."action_id", OLD."id", OLD."meeting_id", OLD."member_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_id", OLD."sitting_id", OLD."superseded_at"); RETURN NULL;', hash='a672dceb464909b811cfffe9920829690469e7d4', operation='DELETE', pgid='pgtrigger_delete_delete_9b2f9', table='core_groups_progressatmeeting', when='AFTER')),
        ),
        migrations.RunSQL(OLD_NAMES, NO_OLD_NAMES),
    ]
