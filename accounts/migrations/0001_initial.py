import accounts.migrating
import django.contrib.postgres.fields
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Authority",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=120, unique=True)),
                (
                    "colour",
                    models.CharField(
                        default="#12464f",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-f]{6}$", "Write the colour as # and six digits, such as #12464f."
                            )
                        ],
                    ),
                ),
                ("day_phone", models.CharField(blank=True, max_length=40)),
                ("night_phone", models.CharField(blank=True, max_length=40)),
                ("complaints", models.CharField(blank=True, max_length=250, verbose_name="how to complain")),
            ],
            options={
                "verbose_name_plural": "authorities",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail address")),
                ("name", models.CharField(max_length=120)),
                ("job_title", models.CharField(blank=True, max_length=120)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("is_active", models.BooleanField(default=True)),
                ("joined_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="RoleAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("social_worker", "Social worker"),
                            ("team_manager", "Team manager"),
                            ("chair", "Conference chair"),
                            ("coordinator", "Conference coordinator"),
                            ("service_manager", "Service manager"),
                            ("custodian", "Custodian of the list"),
                            ("duty_worker", "Duty worker"),
                            ("administrator", "Administrator"),
                            ("auditor", "Auditor"),
                            ("professional", "Professional of another agency"),
                        ],
                        max_length=20,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roles",
                        to="accounts.authority",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="teams",
                        to="accounts.authority",
                    ),
                ),
            ],
            options={
                "ordering": ("name",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("authority", "name"),
                        name="team_name_once_per_authority",
                        violation_error_message="This council already has a team of that name.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleAssignmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("social_worker", "Social worker"),
                            ("team_manager", "Team manager"),
                            ("chair", "Conference chair"),
                            ("coordinator", "Conference coordinator"),
                            ("service_manager", "Service manager"),
                            ("custodian", "Custodian of the list"),
                            ("duty_worker", "Duty worker"),
                            ("administrator", "Administrator"),
                            ("auditor", "Auditor"),
                            ("professional", "Professional of another agency"),
                        ],
                        max_length=20,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
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
                        to="accounts.roleassignment",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="roleassignment",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="roles",
                to="accounts.team",
            ),
        ),
        migrations.CreateModel(
            name="TeamEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=120)),
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
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AccessEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("page", "Page"),
                            ("pdf", "PDF"),
                            ("search", "Search"),
                            ("export", "Export"),
                            ("refused", "Refused"),
                        ],
                        default="page",
                        max_length=10,
                    ),
                ),
                ("page", models.CharField(max_length=80)),
                (
                    "subject",
                    models.CharField(help_text="model name of the row that was opened", max_length=40),
                ),
                ("subject_id", models.BigIntegerField(null=True)),
                (
                    "family_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "person_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("right", models.CharField(blank=True, max_length=40)),
                ("address", models.GenericIPAddressField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.authority",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "at"], name="accounts_ac_user_id_3ad88b_idx"),
                    models.Index(
                        fields=["subject", "subject_id", "at"], name="accounts_ac_subject_f7b0df_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=300)),
                (
                    "fields",
                    models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
                ("saved_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "path"), name="one_draft_per_page")],
            },
        ),
        migrations.AddConstraint(
            model_name="roleassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "social_worker",
                            "team_manager",
                            "chair",
                            "coordinator",
                            "service_manager",
                            "custodian",
                            "duty_worker",
                            "administrator",
                            "auditor",
                            "professional",
                        ],
                    )
                ),
                name="role_is_known",
                violation_error_message="Choose a role.",
            ),
        ),
        migrations.AddConstraint(
            model_name="roleassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="role_ends_after_it_starts",
                violation_error_message="The role can't end before it starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="roleassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role__in", ["social_worker", "team_manager"]), _negated=True),
                    ("team__isnull", False),
                    _connector="OR",
                ),
                name="team_roles_name_their_team",
                violation_error_message="Choose the team for this role.",
            ),
        ),
        accounts.migrating.AddTriggers(
            model_name="accessevent",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="append_only",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                        hash="c6bdf1d5b84fff1edfaab0faac7fba8956cd63ea",
                        operation="UPDATE OR DELETE",
                        pgid="pgtrigger_append_only_d47d5",
                        table="accounts_accessevent",
                        when="BEFORE",
                    ),
                )
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="team",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "accounts_teamevent" ("authority_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."authority_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                        hash="8bf38615af6d0e958d3c818527d642e8c4b70d08",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_71b40",
                        table="accounts_team",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "accounts_teamevent" ("authority_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."authority_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                        hash="604e38bc4acafbdd33177bc088b0bd641f065479",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_529da",
                        table="accounts_team",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "accounts_teamevent" ("authority_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."authority_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                        hash="af754b5149a5ea052fffdc86457c0171031567e4",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_5bd04",
                        table="accounts_team",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="roleassignment",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "accounts_roleassignmentevent" ("authority_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "starts_on", "team_id", "user_id") VALUES (NEW."authority_id", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."starts_on", NEW."team_id", NEW."user_id"); RETURN NULL;',
                        hash="a78c113df319645a58f33a92e5b3ee148e2cef99",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_e7f6a",
                        table="accounts_roleassignment",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "accounts_roleassignmentevent" ("authority_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "starts_on", "team_id", "user_id") VALUES (NEW."authority_id", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."starts_on", NEW."team_id", NEW."user_id"); RETURN NULL;',
                        hash="d1d8f5e230b91f6f0c17fae8a7f043aa0b29888e",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_bc884",
                        table="accounts_roleassignment",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "accounts_roleassignmentevent" ("authority_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "starts_on", "team_id", "user_id") VALUES (OLD."authority_id", OLD."ends_on", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."starts_on", OLD."team_id", OLD."user_id"); RETURN NULL;',
                        hash="1567ae9cdfc4ee64a25cd31ca6a7f645b0a4ee2c",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_f0825",
                        table="accounts_roleassignment",
                        when="AFTER",
                    ),
                ),
            ],
        ),
    ]
