import accounts.migrating
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("conferences", "0001_initial"),
        ("families", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("plans", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CoreGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("formed_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="core_groups",
                        to="accounts.authority",
                    ),
                ),
                (
                    "conference",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="core_group",
                        to="conferences.conference",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="core_groups",
                        to="families.family",
                    ),
                ),
                ("plans", models.ManyToManyField(related_name="core_groups", to="plans.plan")),
            ],
        ),
        migrations.CreateModel(
            name="CoreGroupEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("formed_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "authority",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.authority",
                    ),
                ),
                (
                    "conference",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="conferences.conference",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.family",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="core_groups.coregroup",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CoreGroupMeeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("held", "Held"), ("cancelled", "Cancelled")],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("planned_at", models.DateTimeField()),
                ("place", models.CharField(blank=True, max_length=200)),
                ("held_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "core_group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="core_groups.coregroup",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="CoreGroupMeetingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("held", "Held"), ("cancelled", "Cancelled")],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("planned_at", models.DateTimeField()),
                ("place", models.CharField(blank=True, max_length=200)),
                ("held_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "core_group",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core_groups.coregroup",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="core_groups.coregroupmeeting",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CoreGroupMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="who says so")),
                ("left_because", models.CharField(blank=True, max_length=250)),
                (
                    "core_group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="core_groups.coregroup",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="core_groups",
                        to="families.person",
                    ),
                ),
                ("plans", models.ManyToManyField(blank=True, related_name="+", to="plans.plan")),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="families.post",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("starts_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="coregroupmember_ends_after_it_starts",
                        violation_error_message="The last day can't be before the first.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)),
                        fields=("core_group", "person", "post"),
                        name="core_group_member_once",
                        nulls_distinct=False,
                        violation_error_message="This person is already a member.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoreGroupMeetingPresentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "coregroupmeeting",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core_groups.coregroupmeeting",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "coregroupmember",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core_groups.coregroupmember",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="coregroupmeeting",
            name="present",
            field=models.ManyToManyField(
                blank=True, related_name="meetings", to="core_groups.coregroupmember"
            ),
        ),
        migrations.CreateModel(
            name="CoreGroupMemberEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="who says so")),
                ("left_because", models.CharField(blank=True, max_length=250)),
                (
                    "core_group",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core_groups.coregroup",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.person",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="core_groups.coregroupmember",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.post",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CoreGroupPlanEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "coregroup",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core_groups.coregroup",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="plans.plan",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CoreGroupPlan",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("core_groups.coregroup_plans",),
        ),
        migrations.AddConstraint(
            model_name="coregroupmeeting",
            constraint=models.UniqueConstraint(
                fields=("core_group", "number"), name="core_group_meeting_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="coregroupmeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "held"), _negated=True), ("held_at__isnull", False), _connector="OR"
                ),
                name="held_meeting_has_a_time",
                violation_error_message="Enter when the core group met.",
            ),
        ),
        migrations.CreateModel(
            name="CoreGroupMeetingPresent",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("core_groups.coregroupmeeting_present",),
        ),
        accounts.migrating.AddTriggers(
            model_name="coregroup",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="c8e919636dbf652d13695e4c3030cd4eeb3a5eec",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_60145",
                        table="core_groups_coregroup",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "core_groups_coregroupevent" ("authority_id", "conference_id", "ended_on", "family_id", "formed_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."authority_id", NEW."conference_id", NEW."ended_on", NEW."family_id", NEW."formed_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                        hash="7fcdb660d9586a05b70791ef039581fdb1d9a1e7",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_bb12e",
                        table="core_groups_coregroup",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "core_groups_coregroupevent" ("authority_id", "conference_id", "ended_on", "family_id", "formed_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."authority_id", NEW."conference_id", NEW."ended_on", NEW."family_id", NEW."formed_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                        hash="a3fae6895ecabe367f268417a6d33b66bfe157d9",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_25d19",
                        table="core_groups_coregroup",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "core_groups_coregroupevent" ("authority_id", "conference_id", "ended_on", "family_id", "formed_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."authority_id", OLD."conference_id", OLD."ended_on", OLD."family_id", OLD."formed_on", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                        hash="d521eebb80115bd708627318b5a38738c297ca4b",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_40415",
                        table="core_groups_coregroup",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="coregroupmember",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "core_groups_coregroupmemberevent" ("core_group_id", "ends_on", "id", "left_because", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "source", "starts_on") VALUES (NEW."core_group_id", NEW."ends_on", NEW."id", NEW."left_because", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."post_id", NEW."source", NEW."starts_on"); RETURN NULL;',
                        hash="12f7824fc715a6c44c9578916fab50bfdef735d3",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_044ba",
                        table="core_groups_coregroupmember",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "core_groups_coregroupmemberevent" ("core_group_id", "ends_on", "id", "left_because", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "source", "starts_on") VALUES (NEW."core_group_id", NEW."ends_on", NEW."id", NEW."left_because", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."post_id", NEW."source", NEW."starts_on"); RETURN NULL;',
                        hash="b63dc90e5e8c4db23ae9a0f72e1dd6b344dca469",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_89810",
                        table="core_groups_coregroupmember",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "core_groups_coregroupmemberevent" ("core_group_id", "ends_on", "id", "left_because", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "source", "starts_on") VALUES (OLD."core_group_id", OLD."ends_on", OLD."id", OLD."left_because", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."post_id", OLD."source", OLD."starts_on"); RETURN NULL;',
                        hash="74ec08c1a57753a8912004cb5359a2051873e730",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_95076",
                        table="core_groups_coregroupmember",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="coregroupmeeting",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="13277e370f0bab57cd02cf6f6a3b42f5b69638af",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_70476",
                        table="core_groups_coregroupmeeting",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "core_groups_coregroupmeetingevent" ("core_group_id", "held_at", "id", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "planned_at", "recorded_by_id", "state") VALUES (NEW."core_group_id", NEW."held_at", NEW."id", NEW."note", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."planned_at", NEW."recorded_by_id", NEW."state"); RETURN NULL;',
                        hash="6697a6d9a71eb123dce484ab2121394bc9f0b885",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_d4d6a",
                        table="core_groups_coregroupmeeting",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "core_groups_coregroupmeetingevent" ("core_group_id", "held_at", "id", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "planned_at", "recorded_by_id", "state") VALUES (NEW."core_group_id", NEW."held_at", NEW."id", NEW."note", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."planned_at", NEW."recorded_by_id", NEW."state"); RETURN NULL;',
                        hash="c2c9f3992e7af32b7314eb94ff3226f7fa33af98",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_1a715",
                        table="core_groups_coregroupmeeting",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "core_groups_coregroupmeetingevent" ("core_group_id", "held_at", "id", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "planned_at", "recorded_by_id", "state") VALUES (OLD."core_group_id", OLD."held_at", OLD."id", OLD."note", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."planned_at", OLD."recorded_by_id", OLD."state"); RETURN NULL;',
                        hash="4463b903e0540972a0e6333a7863cf53369abd0b",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_90afc",
                        table="core_groups_coregroupmeeting",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="coregroupplan",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "core_groups_coregroupplanevent" ("coregroup_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "plan_id") VALUES (NEW."coregroup_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."plan_id"); RETURN NULL;',
                        hash="4d0436c41e858775da6b8dcb2233c5c12f48d8d0",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_ef0e2",
                        table="core_groups_coregroup_plans",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "core_groups_coregroupplanevent" ("coregroup_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "plan_id") VALUES (OLD."coregroup_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."plan_id"); RETURN NULL;',
                        hash="a88e7aed5790289263efc3732341e94d8d3f0b75",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_a62a4",
                        table="core_groups_coregroup_plans",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="coregroupmeetingpresent",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "core_groups_coregroupmeetingpresentevent" ("coregroupmeeting_id", "coregroupmember_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (NEW."coregroupmeeting_id", NEW."coregroupmember_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\'); RETURN NULL;',
                        hash="ebf059d165b80f61c935565a4c24161b20b9a923",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_6b121",
                        table="core_groups_coregroupmeeting_present",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "core_groups_coregroupmeetingpresentevent" ("coregroupmeeting_id", "coregroupmember_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (OLD."coregroupmeeting_id", OLD."coregroupmember_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\'); RETURN NULL;',
                        hash="607ca6a8cefc8c55534cc6c2a2fb7c6e72285ffb",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_76a24",
                        table="core_groups_coregroupmeeting_present",
                        when="AFTER",
                    ),
                ),
            ],
        ),
    ]
