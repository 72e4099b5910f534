import accounts.migrating
import django.contrib.postgres.constraints
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
    ]

    operations = [
        migrations.CreateModel(
            name="CinReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_on", models.DateField()),
                ("note", models.TextField(verbose_name="what was agreed")),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-held_on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("refused", "Refused to say"),
                            ("blank", "Left blank"),
                            ("unknown", "Unknown"),
                            ("not_asked", "Not asked"),
                            ("does_not_apply", "Does not apply"),
                        ],
                        max_length=15,
                    ),
                ),
                ("answered_on", models.DateField()),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=250)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="families.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="KeyWorker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_interim", models.BooleanField(default=False)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="key_worker_of",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("starts_on", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("cp", "Child protection plan"), ("cin", "Child in need plan")], max_length=3
                    ),
                ),
                (
                    "held_elsewhere",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="council that holds it, where not this one"
                    ),
                ),
                ("policy_version_id", models.BigIntegerField(blank=True, null=True)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "dates",
                    models.CharField(
                        choices=[("exact", "Exact"), ("estimated", "Estimated"), ("unknown", "Unknown")],
                        default="exact",
                        max_length=10,
                    ),
                ),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_longer_at_risk", "No longer at continuing risk of significant harm"),
                            ("moved", "Moved permanently, and the other council has held its conference"),
                            ("eighteen", "Reached 18"),
                            ("died", "Died"),
                            ("left_uk", "Left the United Kingdom for good"),
                            ("stepped_down", "Became a child in need plan"),
                            ("stepped_up", "Became a child protection plan"),
                            ("consent_withdrawn", "Consent was withdrawn"),
                            ("goals_met", "The help worked"),
                            ("entered_in_error", "Entered in error"),
                        ],
                        max_length=20,
                    ),
                ),
                ("end_note", models.TextField(blank=True)),
                (
                    "initial_category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("NEG", "Neglect"),
                            ("PHY", "Physical"),
                            ("SAB", "Sexual"),
                            ("EMO", "Emotional"),
                            ("MUL", "Multiple"),
                        ],
                        max_length=3,
                    ),
                ),
                ("visit_every_working_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "contingency",
                    models.TextField(blank=True, verbose_name="what happens if this does not work"),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="accounts.authority",
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="families.child"
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="conferences.decision",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-starts_on", "pk"),
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("held_elsewhere", ""),
                            ("kind", "cp"),
                            models.Q(("end_reason", "entered_in_error"), _negated=True),
                        ),
                        expressions=[
                            (
                                models.Func(
                                    models.F("child_id"),
                                    models.F("child_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("starts_on"),
                                    models.F("ends_on"),
                                    models.Value("[]"),
                                    function="daterange",
                                ),
                                "&&",
                            ),
                        ],
                        name="one_own_cp_plan_at_a_time",
                        violation_error_message="This child already has a child protection plan for these dates.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("held_elsewhere", ""), ("kind", "cin")
                        ),
                        fields=("child",),
                        name="one_own_open_cin_plan",
                        violation_error_message="This child already has a child in need plan.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "cp"), _negated=True),
                            ("ends_on__isnull", True),
                            ("ends_on__gt", models.F("starts_on")),
                            ("end_reason", "entered_in_error"),
                            _connector="OR",
                        ),
                        name="cp_plan_lasts_more_than_a_day",
                        violation_error_message="A child protection plan never begins and ends on the same day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="plan_ends_after_it_starts",
                        violation_error_message="The plan can't end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("ends_on__isnull", True)),
                            models.Q(("ends_on__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="plan_ends_with_a_reason",
                        violation_error_message="Choose why the plan ends.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("held_elsewhere", ""), ("kind", "cp"), _negated=True),
                            models.Q(("initial_category", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="cp_plan_has_a_category",
                        violation_error_message="Choose the category of harm.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeyWorkerEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("is_interim", models.BooleanField(default=False)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
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
                        to="plans.keyworker",
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
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
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
        migrations.AddField(
            model_name="keyworker",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="key_workers", to="plans.plan"
            ),
        ),
        migrations.CreateModel(
            name="ConsentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("refused", "Refused to say"),
                            ("blank", "Left blank"),
                            ("unknown", "Unknown"),
                            ("not_asked", "Not asked"),
                            ("does_not_apply", "Does not apply"),
                        ],
                        max_length=15,
                    ),
                ),
                ("answered_on", models.DateField()),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=250)),
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
                        to="plans.consent",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
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
        migrations.AddField(
            model_name="consent",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="plans.plan"
            ),
        ),
        migrations.CreateModel(
            name="CinReviewEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("held_on", models.DateField()),
                ("note", models.TextField(verbose_name="what was agreed")),
                ("recorded_at", models.DateTimeField()),
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
                        to="plans.cinreview",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
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
        migrations.AddField(
            model_name="cinreview",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cin_reviews", to="plans.plan"
            ),
        ),
        migrations.CreateModel(
            name="PlanAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("why", models.TextField()),
                ("what", models.TextField()),
                ("who_else", models.CharField(blank=True, max_length=200)),
                ("by_when", models.DateField(blank=True, null=True)),
                ("by_when_words", models.CharField(blank=True, max_length=100)),
                (
                    "progress",
                    models.CharField(
                        choices=[
                            ("not_started", "Not started"),
                            ("under_way", "Under way"),
                            ("done", "Done"),
                            ("stuck", "Stuck"),
                            ("dropped", "No longer needed"),
                        ],
                        default="not_started",
                        max_length=12,
                    ),
                ),
                ("progress_note", models.TextField(blank=True)),
                ("change_reason", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "outline",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="conferences.outlineaction",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="plans.plan"
                    ),
                ),
                ("private_to", models.ManyToManyField(blank=True, related_name="+", to="families.person")),
                (
                    "superseded_by",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="plans.planaction",
                    ),
                ),
                (
                    "who_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="families.person",
                    ),
                ),
                (
                    "who_post",
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
                "ordering": ("created_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="PlanActionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("why", models.TextField()),
                ("what", models.TextField()),
                ("who_else", models.CharField(blank=True, max_length=200)),
                ("by_when", models.DateField(blank=True, null=True)),
                ("by_when_words", models.CharField(blank=True, max_length=100)),
                (
                    "progress",
                    models.CharField(
                        choices=[
                            ("not_started", "Not started"),
                            ("under_way", "Under way"),
                            ("done", "Done"),
                            ("stuck", "Stuck"),
                            ("dropped", "No longer needed"),
                        ],
                        default="not_started",
                        max_length=12,
                    ),
                ),
                ("progress_note", models.TextField(blank=True)),
                ("change_reason", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "outline",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="conferences.outlineaction",
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
                        to="plans.planaction",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="plans.plan",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="plans.planaction",
                    ),
                ),
                (
                    "who_person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.person",
                    ),
                ),
                (
                    "who_post",
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
            name="PlanActionPrivateToEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
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
                    "planaction",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="plans.planaction",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PlanCategory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("NEG", "Neglect"),
                            ("PHY", "Physical"),
                            ("SAB", "Sexual"),
                            ("EMO", "Emotional"),
                            ("MUL", "Multiple"),
                        ],
                        max_length=3,
                    ),
                ),
                (
                    "also",
                    models.CharField(blank=True, max_length=40, verbose_name="other categories, by code"),
                ),
                ("starts_on", models.DateField()),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="conferences.decision",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="categories",
                        to="plans.plan",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "plan categories",
                "ordering": ("starts_on", "pk"),
            },
        ),
        migrations.CreateModel(
            name="PlanCategoryEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("NEG", "Neglect"),
                            ("PHY", "Physical"),
                            ("SAB", "Sexual"),
                            ("EMO", "Emotional"),
                            ("MUL", "Multiple"),
                        ],
                        max_length=3,
                    ),
                ),
                (
                    "also",
                    models.CharField(blank=True, max_length=40, verbose_name="other categories, by code"),
                ),
                ("starts_on", models.DateField()),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="conferences.decision",
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
                        to="plans.plancategory",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
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
            name="PlanEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("cp", "Child protection plan"), ("cin", "Child in need plan")], max_length=3
                    ),
                ),
                (
                    "held_elsewhere",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="council that holds it, where not this one"
                    ),
                ),
                ("policy_version_id", models.BigIntegerField(blank=True, null=True)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "dates",
                    models.CharField(
                        choices=[("exact", "Exact"), ("estimated", "Estimated"), ("unknown", "Unknown")],
                        default="exact",
                        max_length=10,
                    ),
                ),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_longer_at_risk", "No longer at continuing risk of significant harm"),
                            ("moved", "Moved permanently, and the other council has held its conference"),
                            ("eighteen", "Reached 18"),
                            ("died", "Died"),
                            ("left_uk", "Left the United Kingdom for good"),
                            ("stepped_down", "Became a child in need plan"),
                            ("stepped_up", "Became a child protection plan"),
                            ("consent_withdrawn", "Consent was withdrawn"),
                            ("goals_met", "The help worked"),
                            ("entered_in_error", "Entered in error"),
                        ],
                        max_length=20,
                    ),
                ),
                ("end_note", models.TextField(blank=True)),
                (
                    "initial_category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("NEG", "Neglect"),
                            ("PHY", "Physical"),
                            ("SAB", "Sexual"),
                            ("EMO", "Emotional"),
                            ("MUL", "Multiple"),
                        ],
                        max_length=3,
                    ),
                ),
                ("visit_every_working_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "contingency",
                    models.TextField(blank=True, verbose_name="what happens if this does not work"),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
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
                    "child",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.child",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="conferences.decision",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        to="plans.plan",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("child_seen", models.BooleanField()),
                (
                    "seen_alone",
                    models.CharField(
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("refused", "Refused to say"),
                            ("blank", "Left blank"),
                            ("unknown", "Unknown"),
                            ("not_asked", "Not asked"),
                            ("does_not_apply", "Does not apply"),
                        ],
                        default="not_asked",
                        max_length=15,
                    ),
                ),
                (
                    "bedroom_seen",
                    models.CharField(
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("refused", "Refused to say"),
                            ("blank", "Left blank"),
                            ("unknown", "Unknown"),
                            ("not_asked", "Not asked"),
                            ("does_not_apply", "Does not apply"),
                        ],
                        default="not_asked",
                        max_length=15,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="plans.plan"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-made_at",),
            },
        ),
        migrations.CreateModel(
            name="VisitEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("child_seen", models.BooleanField()),
                (
                    "seen_alone",
                    models.CharField(
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("refused", "Refused to say"),
                            ("blank", "Left blank"),
                            ("unknown", "Unknown"),
                            ("not_asked", "Not asked"),
                            ("does_not_apply", "Does not apply"),
                        ],
                        default="not_asked",
                        max_length=15,
                    ),
                ),
                (
                    "bedroom_seen",
                    models.CharField(
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("refused", "Refused to say"),
                            ("blank", "Left blank"),
                            ("unknown", "Unknown"),
                            ("not_asked", "Not asked"),
                            ("does_not_apply", "Does not apply"),
                        ],
                        default="not_asked",
                        max_length=15,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        to="plans.visit",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="plans.plan",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_constraint=False,
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
        migrations.AddIndex(
            model_name="plan",
            index=models.Index(
                condition=models.Q(("ends_on__isnull", True)), fields=["authority", "kind"], name="open_plans"
            ),
        ),
        migrations.AddConstraint(
            model_name="keyworker",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True)),
                fields=("plan",),
                name="one_key_worker_at_a_time",
                violation_error_message="This plan already has a key worker.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_on__isnull", True)),
                fields=("plan", "person"),
                name="one_consent_each",
                violation_error_message="This person's answer is already recorded.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cinreview",
            constraint=models.UniqueConstraint(
                fields=("plan", "held_on"),
                name="cin_review_once_a_day",
                violation_error_message="A review of this plan on that day is already recorded.",
            ),
        ),
        migrations.CreateModel(
            name="PlanActionPrivateTo",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("plans.planaction_private_to",),
        ),
        accounts.migrating.AddTriggers(
            model_name="plan",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="ff53ed8b36b40f24e1b4de71fcf951edba04aac6",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_364af",
                        table="plans_plan",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="no_new_plan_over_18",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="\n        IF NEW.held_elsewhere = '' AND EXISTS (\n            SELECT 1 FROM families_child c JOIN families_person p ON p.id = c.person_id\n            WHERE c.id = NEW.child_id AND p.birth_date + interval '18 years' <= NEW.starts_on\n        ) THEN\n            RAISE EXCEPTION 'new plan for somebody over 18'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'no_new_plan_over_18';\n        END IF;\n        RETURN NULL;\n    ",
                        hash="89d7d7e4b6f5233da962180dc6d803ac83508a87",
                        operation="INSERT",
                        pgid="pgtrigger_no_new_plan_over_18_765af",
                        table="plans_plan",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="starts_on_the_day_it_was_decided",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="\n        IF NEW.kind = 'cp' AND NEW.decision_id IS NOT NULL AND EXISTS (\n            SELECT 1 FROM conferences_decision d JOIN conferences_sitting s ON s.id = d.sitting_id\n            WHERE d.id = NEW.decision_id\n              AND (coalesce(s.opened_at, s.starts_at) AT TIME ZONE 'Europe/London')::date <> NEW.starts_on\n        ) THEN\n            RAISE EXCEPTION 'plan does not start on the day of the sitting that decided'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'cp_plan_starts_when_decided';\n        END IF;\n        RETURN NULL;\n    ",
                        hash="20210b619af9ae00f5542230bcda7c15c4233b5d",
                        operation="INSERT OR UPDATE",
                        pgid="pgtrigger_starts_on_the_day_it_was_decided_fc6d5",
                        table="plans_plan",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_planevent" ("authority_id", "child_id", "contingency", "created_at", "dates", "decision_id", "end_note", "end_reason", "ended_by_id", "ends_on", "held_elsewhere", "id", "initial_category", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_version_id", "starts_on", "version", "visit_every_working_days") VALUES (NEW."authority_id", NEW."child_id", NEW."contingency", NEW."created_at", NEW."dates", NEW."decision_id", NEW."end_note", NEW."end_reason", NEW."ended_by_id", NEW."ends_on", NEW."held_elsewhere", NEW."id", NEW."initial_category", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."policy_version_id", NEW."starts_on", NEW."version", NEW."visit_every_working_days"); RETURN NULL;',
                        hash="5bcc5664ef893e3ddb7dc92fc0f170bd65871324",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_8b340",
                        table="plans_plan",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "plans_planevent" ("authority_id", "child_id", "contingency", "created_at", "dates", "decision_id", "end_note", "end_reason", "ended_by_id", "ends_on", "held_elsewhere", "id", "initial_category", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_version_id", "starts_on", "version", "visit_every_working_days") VALUES (NEW."authority_id", NEW."child_id", NEW."contingency", NEW."created_at", NEW."dates", NEW."decision_id", NEW."end_note", NEW."end_reason", NEW."ended_by_id", NEW."ends_on", NEW."held_elsewhere", NEW."id", NEW."initial_category", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."policy_version_id", NEW."starts_on", NEW."version", NEW."visit_every_working_days"); RETURN NULL;',
                        hash="55cc10f0c8740514358796bcb6a672986874f08d",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_ee9c7",
                        table="plans_plan",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_planevent" ("authority_id", "child_id", "contingency", "created_at", "dates", "decision_id", "end_note", "end_reason", "ended_by_id", "ends_on", "held_elsewhere", "id", "initial_category", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_version_id", "starts_on", "version", "visit_every_working_days") VALUES (OLD."authority_id", OLD."child_id", OLD."contingency", OLD."created_at", OLD."dates", OLD."decision_id", OLD."end_note", OLD."end_reason", OLD."ended_by_id", OLD."ends_on", OLD."held_elsewhere", OLD."id", OLD."initial_category", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."policy_version_id", OLD."starts_on", OLD."version", OLD."visit_every_working_days"); RETURN NULL;',
                        hash="cba73d118d79cfa9f8a07136033b96be05c8c494",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_3e165",
                        table="plans_plan",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="keyworker",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_keyworkerevent" ("ends_on", "id", "is_interim", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "starts_on", "user_id") VALUES (NEW."ends_on", NEW."id", NEW."is_interim", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."starts_on", NEW."user_id"); RETURN NULL;',
                        hash="737b31a57b68ea5ef644d272492b2b921082903d",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_06fd4",
                        table="plans_keyworker",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "plans_keyworkerevent" ("ends_on", "id", "is_interim", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "starts_on", "user_id") VALUES (NEW."ends_on", NEW."id", NEW."is_interim", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."starts_on", NEW."user_id"); RETURN NULL;',
                        hash="6a01c82c9378bc2543de5a9f1a5b90b258694e32",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_d1fc0",
                        table="plans_keyworker",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_keyworkerevent" ("ends_on", "id", "is_interim", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "starts_on", "user_id") VALUES (OLD."ends_on", OLD."id", OLD."is_interim", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."starts_on", OLD."user_id"); RETURN NULL;',
                        hash="c8ecef69a7ba8b1ec9b9a830f8565962682b3ee5",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_3bc41",
                        table="plans_keyworker",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="consent",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_consentevent" ("answer", "answered_on", "id", "note", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "withdrawn_on") VALUES (NEW."answer", NEW."answered_on", NEW."id", NEW."note", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."withdrawn_on"); RETURN NULL;',
                        hash="0720a28a6e2fe2fd72e4d96997e397b98c322ccb",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_ae986",
                        table="plans_consent",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "plans_consentevent" ("answer", "answered_on", "id", "note", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "withdrawn_on") VALUES (NEW."answer", NEW."answered_on", NEW."id", NEW."note", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."withdrawn_on"); RETURN NULL;',
                        hash="75dbe1995dbb156a91b0db45f8271627ddf82512",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_77480",
                        table="plans_consent",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_consentevent" ("answer", "answered_on", "id", "note", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "withdrawn_on") VALUES (OLD."answer", OLD."answered_on", OLD."id", OLD."note", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."withdrawn_on"); RETURN NULL;',
                        hash="a4eb0c885533499b31557b66367f2e9acabdf912",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_2a372",
                        table="plans_consent",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="cinreview",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="d01f6da7f1f8b17fe0363f096ae8fc891c3288a2",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_82fe2",
                        table="plans_cinreview",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_cinreviewevent" ("held_on", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "recorded_at", "recorded_by_id") VALUES (NEW."held_on", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."recorded_at", NEW."recorded_by_id"); RETURN NULL;',
                        hash="1721450824ba1c29b49cca941e6f631a2478a251",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_aef3b",
                        table="plans_cinreview",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "plans_cinreviewevent" ("held_on", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "recorded_at", "recorded_by_id") VALUES (NEW."held_on", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."recorded_at", NEW."recorded_by_id"); RETURN NULL;',
                        hash="aea3814fcbb22a77bfdff9611600fcb845530121",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_0052e",
                        table="plans_cinreview",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_cinreviewevent" ("held_on", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "recorded_at", "recorded_by_id") VALUES (OLD."held_on", OLD."id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."recorded_at", OLD."recorded_by_id"); RETURN NULL;',
                        hash="7c3518bd0f44c75afb2b0c190ccb2ad247def969",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_b8520",
                        table="plans_cinreview",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="planaction",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="bd9ab8bbe92ddb25a476b007c0f67b0fdafd132c",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_2efb1",
                        table="plans_planaction",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_planactionevent" ("by_when", "by_when_words", "change_reason", "created_at", "id", "outline_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "progress", "progress_note", "superseded_by_id", "version", "what", "who_else", "who_person_id", "who_post_id", "why") VALUES (NEW."by_when", NEW."by_when_words", NEW."change_reason", NEW."created_at", NEW."id", NEW."outline_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."progress", NEW."progress_note", NEW."superseded_by_id", NEW."version", NEW."what", NEW."who_else", NEW."who_person_id", NEW."who_post_id", NEW."why"); RETURN NULL;',
                        hash="a5a2c0d7670211b4afdb7b8a609486be146a45b2",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_330fa",
                        table="plans_planaction",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "plans_planactionevent" ("by_when", "by_when_words", "change_reason", "created_at", "id", "outline_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "progress", "progress_note", "superseded_by_id", "version", "what", "who_else", "who_person_id", "who_post_id", "why") VALUES (NEW."by_when", NEW."by_when_words", NEW."change_reason", NEW."created_at", NEW."id", NEW."outline_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."progress", NEW."progress_note", NEW."superseded_by_id", NEW."version", NEW."what", NEW."who_else", NEW."who_person_id", NEW."who_post_id", NEW."why"); RETURN NULL;',
                        hash="3e3c739df2296e5b3bf827b7c36a67a9e19aeb09",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_dc72b",
                        table="plans_planaction",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_planactionevent" ("by_when", "by_when_words", "change_reason", "created_at", "id", "outline_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "progress", "progress_note", "superseded_by_id", "version", "what", "who_else", "who_person_id", "who_post_id", "why") VALUES (OLD."by_when", OLD."by_when_words", OLD."change_reason", OLD."created_at", OLD."id", OLD."outline_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."progress", OLD."progress_note", OLD."superseded_by_id", OLD."version", OLD."what", OLD."who_else", OLD."who_person_id", OLD."who_post_id", OLD."why"); RETURN NULL;',
                        hash="f06fe8016134fd807339ff2af0e76d930d135185",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_67b5b",
                        table="plans_planaction",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="plancategory",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_plancategoryevent" ("also", "category", "decision_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "starts_on") VALUES (NEW."also", NEW."category", NEW."decision_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."starts_on"); RETURN NULL;',
                        hash="867839157ba8a5fe7e0b5eb5bc8c9c19f5366359",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_fd777",
                        table="plans_plancategory",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "plans_plancategoryevent" ("also", "category", "decision_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "starts_on") VALUES (NEW."also", NEW."category", NEW."decision_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."starts_on"); RETURN NULL;',
                        hash="77f7903482bee683c723c782dee034d3c85630d1",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_36cee",
                        table="plans_plancategory",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_plancategoryevent" ("also", "category", "decision_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "starts_on") VALUES (OLD."also", OLD."category", OLD."decision_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."starts_on"); RETURN NULL;',
                        hash="1be6438b4b85f7385aca958124445e209cfbb55f",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_40513",
                        table="plans_plancategory",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="visit",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="9fb39fc2a0cb99ecea6e0bb2ed234d775fc12b64",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_f9b3a",
                        table="plans_visit",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_visitevent" ("bedroom_seen", "child_seen", "id", "made_at", "made_by_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "recorded_at", "recorded_by_id", "seen_alone") VALUES (NEW."bedroom_seen", NEW."child_seen", NEW."id", NEW."made_at", NEW."made_by_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."recorded_at", NEW."recorded_by_id", NEW."seen_alone"); RETURN NULL;',
                        hash="f04d7b6207fea7bbe72aab96ec23f8ed156b5df1",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_934b2",
                        table="plans_visit",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "plans_visitevent" ("bedroom_seen", "child_seen", "id", "made_at", "made_by_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "recorded_at", "recorded_by_id", "seen_alone") VALUES (NEW."bedroom_seen", NEW."child_seen", NEW."id", NEW."made_at", NEW."made_by_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."recorded_at", NEW."recorded_by_id", NEW."seen_alone"); RETURN NULL;',
                        hash="e444977594f7ef5b0770450078382c4bbc8712ba",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_f0adc",
                        table="plans_visit",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_visitevent" ("bedroom_seen", "child_seen", "id", "made_at", "made_by_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "recorded_at", "recorded_by_id", "seen_alone") VALUES (OLD."bedroom_seen", OLD."child_seen", OLD."id", OLD."made_at", OLD."made_by_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."recorded_at", OLD."recorded_by_id", OLD."seen_alone"); RETURN NULL;',
                        hash="d7fbb641f14003314f1f5714790de434f7e531a6",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_d7df5",
                        table="plans_visit",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="planactionprivateto",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_planactionprivatetoevent" ("id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "planaction_id") VALUES (NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."planaction_id"); RETURN NULL;',
                        hash="fc27c68afbe42da039dcbed88b7d1ca730d089dd",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_1c92b",
                        table="plans_planaction_private_to",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "plans_planactionprivatetoevent" ("id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "planaction_id") VALUES (OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."planaction_id"); RETURN NULL;',
                        hash="7a6d0739de117ed7309afb602d39011901c22694",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_6a2a7",
                        table="plans_planaction_private_to",
                        when="AFTER",
                    ),
                ),
            ],
        ),
    ]
