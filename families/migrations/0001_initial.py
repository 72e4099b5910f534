import accounts.migrating
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import families.validators
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactPoint",
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
                ("confidential", models.BooleanField(default=False, verbose_name="confidential whereabouts")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("mobile", "Mobile phone"),
                            ("phone", "Phone"),
                            ("post", "Post"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(max_length=254)),
                ("is_safe", models.BooleanField(default=False, verbose_name="safe to use")),
                ("safety_note", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lines", models.TextField(verbose_name="address")),
                ("postcode", models.CharField(blank=True, db_index=True, max_length=8)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.authority"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AddressEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("lines", models.TextField(verbose_name="address")),
                ("postcode", models.CharField(blank=True, max_length=8)),
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
                        to="families.address",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Agency",
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
                        choices=[
                            ("social_care", "Social care"),
                            ("school", "School or college"),
                            ("early_years", "Nursery or early years"),
                            ("gp", "GP"),
                            ("health_visiting", "Health visiting"),
                            ("school_nursing", "School nursing"),
                            ("midwifery", "Midwifery"),
                            ("paediatrics", "Paediatrics"),
                            ("mental_health", "Mental health"),
                            ("police", "Police"),
                            ("probation", "Probation"),
                            ("housing", "Housing"),
                            ("domestic_abuse", "Domestic abuse service"),
                            ("substance_misuse", "Drug and alcohol service"),
                            ("advocacy", "Advocacy"),
                            ("legal", "Legal"),
                            ("voluntary", "Voluntary organisation"),
                            ("other", "Other agency"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("address", models.TextField(blank=True)),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agencies",
                        to="accounts.authority",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "agencies",
                "ordering": ("name",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("authority", "kind", "name"),
                        name="agency_once",
                        violation_error_message="This agency is already in the directory.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgencyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("social_care", "Social care"),
                            ("school", "School or college"),
                            ("early_years", "Nursery or early years"),
                            ("gp", "GP"),
                            ("health_visiting", "Health visiting"),
                            ("school_nursing", "School nursing"),
                            ("midwifery", "Midwifery"),
                            ("paediatrics", "Paediatrics"),
                            ("mental_health", "Mental health"),
                            ("police", "Police"),
                            ("probation", "Probation"),
                            ("housing", "Housing"),
                            ("domestic_abuse", "Domestic abuse service"),
                            ("substance_misuse", "Drug and alcohol service"),
                            ("advocacy", "Advocacy"),
                            ("legal", "Legal"),
                            ("voluntary", "Voluntary organisation"),
                            ("other", "Other agency"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("address", models.TextField(blank=True)),
                ("phone", models.CharField(blank=True, max_length=40)),
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
                        to="families.agency",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Allocation",
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
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Child",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "council_child_id",
                    models.CharField(
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9]{1,20}$",
                                "A council's child ID has at most 20 letters and digits, and no spaces.",
                            )
                        ],
                        verbose_name="council's child ID",
                    ),
                ),
                (
                    "upn",
                    models.CharField(
                        blank=True,
                        max_length=13,
                        validators=[families.validators.validate_upn],
                        verbose_name="unique pupil number (UPN)",
                    ),
                ),
                (
                    "disabilities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("NONE", "No disability"),
                                ("MOB", "Mobility"),
                                ("HAND", "Hand function"),
                                ("PC", "Personal care"),
                                ("INC", "Incontinence"),
                                ("COMM", "Communication"),
                                ("LD", "Learning"),
                                ("HEAR", "Hearing"),
                                ("VIS", "Vision"),
                                ("BEH", "Behaviour"),
                                ("CON", "Consciousness"),
                                ("AUT", "Autism or Asperger syndrome"),
                                ("DDA", "Other disability"),
                            ],
                            max_length=4,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "born_order",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="place among twins"),
                ),
                (
                    "previous_plans_elsewhere",
                    models.PositiveSmallIntegerField(
                        default=0,
                        verbose_name="number of earlier child protection plans not held by this council",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="accounts.authority",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "children",
                "ordering": ("person__birth_date", "pk"),
            },
        ),
        migrations.CreateModel(
            name="AgencyInvolvement",
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
                ("confidential", models.BooleanField(default=False, verbose_name="confidential whereabouts")),
                (
                    "direct_contact",
                    models.BooleanField(default=True, verbose_name="in direct contact with the child"),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="involvements",
                        to="families.agency",
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="involvements",
                        to="families.child",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ContactRisk",
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
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("violence", "Violence or threats"),
                            ("court_order", "Court order"),
                            ("bail", "Bail condition"),
                            ("other", "Another contact risk"),
                        ],
                        max_length=12,
                    ),
                ),
                ("detail", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                ("ended_because", models.TextField(blank=True)),
                (
                    "children",
                    models.ManyToManyField(blank=True, related_name="contact_risks", to="families.child"),
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ContactRiskChildEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "child",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.child",
                    ),
                ),
                (
                    "contactrisk",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.contactrisk",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Enquiry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_on", models.DateField()),
                ("policy_version_id", models.BigIntegerField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("under_way", "Under way"),
                            ("conference", "Go to conference"),
                            ("not_required", "Conference not required"),
                        ],
                        default="under_way",
                        max_length=12,
                    ),
                ),
                ("outcome_reason", models.TextField(blank=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enquiries",
                        to="families.child",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "enquiries",
            },
        ),
        migrations.CreateModel(
            name="ExpectedDate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("expected_on", models.DateField()),
                ("source", models.CharField(blank=True, max_length=200)),
                ("recorded_at", models.DateTimeField()),
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
                "ordering": ("recorded_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Family",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_number", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=120, verbose_name="family name")),
                ("restricted", models.BooleanField(default=False)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "form_key",
                    models.UUIDField(
                        editable=False, help_text="makes a form sent twice harmless", null=True, unique=True
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="families",
                        to="accounts.authority",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="families",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "families",
                "ordering": ("name", "case_number"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("authority", "case_number"),
                        name="case_number_once",
                        violation_error_message="This case number is taken.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AllocationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="who says so")),
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
                        to="families.allocation",
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
                    "family",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.family",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="allocation",
            name="family",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="allocations", to="families.family"
            ),
        ),
        migrations.CreateModel(
            name="FamilyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("case_number", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=120, verbose_name="family name")),
                ("restricted", models.BooleanField(default=False)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "form_key",
                    models.UUIDField(editable=False, help_text="makes a form sent twice harmless", null=True),
                ),
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
                    "created_by",
                    models.ForeignKey(
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
                        to="families.family",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
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
        migrations.CreateModel(
            name="FamilyMember",
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
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="families.family",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LegalStatus",
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
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("looked_after", "Looked after"),
                            ("accommodated", "Accommodated by agreement"),
                            ("interim_care_order", "Interim care order"),
                            ("care_order", "Care order"),
                            ("interim_supervision_order", "Interim supervision order"),
                            ("supervision_order", "Supervision order"),
                            ("emergency_protection", "Emergency protection order"),
                            ("police_protection", "Police protection"),
                            ("wardship", "Ward of court"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="legal_statuses",
                        to="families.child",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "legal statuses",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("starts_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="legalstatus_ends_after_it_starts",
                        violation_error_message="The last day can't be before the first.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalStatusEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="who says so")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("looked_after", "Looked after"),
                            ("accommodated", "Accommodated by agreement"),
                            ("interim_care_order", "Interim care order"),
                            ("care_order", "Care order"),
                            ("interim_supervision_order", "Interim supervision order"),
                            ("supervision_order", "Supervision order"),
                            ("emergency_protection", "Emergency protection order"),
                            ("police_protection", "Police protection"),
                            ("wardship", "Ward of court"),
                        ],
                        max_length=30,
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
                        to="families.legalstatus",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ParentalResponsibility",
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
                ("held_by_council", models.BooleanField(default=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("held", "Has parental responsibility"),
                            ("not_held", "Does not have parental responsibility"),
                            ("unknown", "Not known"),
                            ("disputed", "Disputed"),
                        ],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("birth", "Giving birth"),
                            ("marriage", "Marriage or civil partnership"),
                            ("certificate", "Named on the birth certificate"),
                            ("agreement", "Agreement"),
                            ("order", "Court order"),
                            ("care_order", "Council, under a care order"),
                            ("not_known", "Not known"),
                        ],
                        default="not_known",
                        max_length=12,
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responsibilities",
                        to="families.child",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "parental responsibilities",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("given_name", models.CharField(blank=True, max_length=100, verbose_name="first name")),
                ("family_name", models.CharField(blank=True, max_length=100, verbose_name="last name")),
                (
                    "unnamed_as",
                    models.CharField(
                        blank=True,
                        help_text="how to speak of somebody whose name is not known",
                        max_length=100,
                    ),
                ),
                (
                    "sex",
                    models.CharField(
                        choices=[("M", "Male"), ("F", "Female"), ("U", "Not known or not yet known")],
                        default="U",
                        max_length=1,
                    ),
                ),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="date of birth")),
                (
                    "birth_date_precision",
                    models.CharField(
                        choices=[("exact", "Exact"), ("estimated", "Estimated"), ("unknown", "Unknown")],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                ("age_disputed", models.BooleanField(default=False)),
                ("death_date", models.DateField(blank=True, null=True, verbose_name="date of death")),
                (
                    "nhs_number",
                    models.CharField(
                        blank=True,
                        max_length=10,
                        validators=[families.validators.validate_nhs_number],
                        verbose_name="NHS number",
                    ),
                ),
                (
                    "ethnicity",
                    models.CharField(
                        choices=[
                            ("WBRI", "White British"),
                            ("WIRI", "White Irish"),
                            ("WIRT", "Traveller of Irish heritage"),
                            ("WROM", "Gypsy or Roma"),
                            ("WOTH", "Any other White background"),
                            ("MWBC", "White and Black Caribbean"),
                            ("MWBA", "White and Black African"),
                            ("MWAS", "White and Asian"),
                            ("MOTH", "Any other mixed background"),
                            ("AIND", "Indian"),
                            ("APKN", "Pakistani"),
                            ("ABAN", "Bangladeshi"),
                            ("AOTH", "Any other Asian background"),
                            ("BCRB", "Caribbean"),
                            ("BAFR", "African"),
                            ("BOTH", "Any other Black background"),
                            ("CHNE", "Chinese"),
                            ("OOTH", "Any other ethnic group"),
                            ("REFU", "Refused"),
                            ("NOBT", "Not yet obtained"),
                        ],
                        default="NOBT",
                        max_length=4,
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=60, verbose_name="preferred language")),
                ("interpreter_needed", models.BooleanField(default=False)),
                ("access_needs", models.TextField(blank=True, verbose_name="help needed to take part")),
                (
                    "preferred_channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("email", "E-mail"),
                            ("mobile", "Mobile phone"),
                            ("phone", "Phone"),
                            ("post", "Post"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "circumstances",
                    models.CharField(
                        blank=True,
                        help_text="for instance in prison, or lacks capacity for this decision",
                        max_length=200,
                    ),
                ),
                ("sealed_at", models.DateTimeField(blank=True, null=True)),
                ("sealed_because", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "form_key",
                    models.UUIDField(
                        editable=False, help_text="makes a form sent twice harmless", null=True, unique=True
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="persons",
                        to="accounts.authority",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="families.person",
                    ),
                ),
                (
                    "sealed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="person",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("family_name", "given_name", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("given_name", ""), ("family_name", ""), ("unnamed_as", ""), _negated=True
                        ),
                        name="person_is_called_something",
                        violation_error_message="Enter a name, or how to speak of somebody whose name is not known.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("birth_date__isnull", True),
                            ("death_date__isnull", True),
                            ("death_date__gte", models.F("birth_date")),
                            _connector="OR",
                        ),
                        name="person_dies_after_birth",
                        violation_error_message="The date of death can't be before the date of birth.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sealed_at__isnull", True),
                            models.Q(("sealed_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="person_sealed_with_reason",
                        violation_error_message="Say why the record is sealed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True),
                            models.Q(("merged_into", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="person_not_merged_into_itself",
                        violation_error_message="A person can't be merged with themselves.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ParentalResponsibilityEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="who says so")),
                ("held_by_council", models.BooleanField(default=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("held", "Has parental responsibility"),
                            ("not_held", "Does not have parental responsibility"),
                            ("unknown", "Not known"),
                            ("disputed", "Disputed"),
                        ],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("birth", "Giving birth"),
                            ("marriage", "Marriage or civil partnership"),
                            ("certificate", "Named on the birth certificate"),
                            ("agreement", "Agreement"),
                            ("order", "Court order"),
                            ("care_order", "Council, under a care order"),
                            ("not_known", "Not known"),
                        ],
                        default="not_known",
                        max_length=12,
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
                        to="families.parentalresponsibility",
                    ),
                ),
                (
                    "person",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="parentalresponsibility",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="responsibilities",
                to="families.person",
            ),
        ),
        migrations.CreateModel(
            name="FamilyMemberEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="who says so")),
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
                        to="families.familymember",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="familymember",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="families.person"
            ),
        ),
        migrations.CreateModel(
            name="ContactRiskProtectsEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "contactrisk",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.contactrisk",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ContactRiskEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="who says so")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("violence", "Violence or threats"),
                            ("court_order", "Court order"),
                            ("bail", "Bail condition"),
                            ("other", "Another contact risk"),
                        ],
                        max_length=12,
                    ),
                ),
                ("detail", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                ("ended_because", models.TextField(blank=True)),
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
                        to="families.contactrisk",
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
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="contactrisk",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contact_risks",
                to="families.person",
            ),
        ),
        migrations.AddField(
            model_name="contactrisk",
            name="protects",
            field=models.ManyToManyField(blank=True, related_name="+", to="families.person"),
        ),
        migrations.CreateModel(
            name="ContactPointHiddenFromEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "contactpoint",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.contactpoint",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ContactPointEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="who says so")),
                ("confidential", models.BooleanField(default=False, verbose_name="confidential whereabouts")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("mobile", "Mobile phone"),
                            ("phone", "Phone"),
                            ("post", "Post"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(max_length=254)),
                ("is_safe", models.BooleanField(default=False, verbose_name="safe to use")),
                ("safety_note", models.CharField(blank=True, max_length=200)),
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
                        to="families.contactpoint",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="hidden_from",
            field=models.ManyToManyField(blank=True, related_name="+", to="families.person"),
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contact_points",
                to="families.person",
            ),
        ),
        migrations.AddField(
            model_name="child",
            name="person",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="child", to="families.person"
            ),
        ),
        migrations.CreateModel(
            name="AgencyInvolvementHiddenFromEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "agencyinvolvement",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.agencyinvolvement",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="agencyinvolvement",
            name="hidden_from",
            field=models.ManyToManyField(blank=True, related_name="+", to="families.person"),
        ),
        migrations.CreateModel(
            name="PersonEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("given_name", models.CharField(blank=True, max_length=100, verbose_name="first name")),
                ("family_name", models.CharField(blank=True, max_length=100, verbose_name="last name")),
                (
                    "unnamed_as",
                    models.CharField(
                        blank=True,
                        help_text="how to speak of somebody whose name is not known",
                        max_length=100,
                    ),
                ),
                (
                    "sex",
                    models.CharField(
                        choices=[("M", "Male"), ("F", "Female"), ("U", "Not known or not yet known")],
                        default="U",
                        max_length=1,
                    ),
                ),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="date of birth")),
                (
                    "birth_date_precision",
                    models.CharField(
                        choices=[("exact", "Exact"), ("estimated", "Estimated"), ("unknown", "Unknown")],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                ("age_disputed", models.BooleanField(default=False)),
                ("death_date", models.DateField(blank=True, null=True, verbose_name="date of death")),
                (
                    "nhs_number",
                    models.CharField(
                        blank=True,
                        max_length=10,
                        validators=[families.validators.validate_nhs_number],
                        verbose_name="NHS number",
                    ),
                ),
                (
                    "ethnicity",
                    models.CharField(
                        choices=[
                            ("WBRI", "White British"),
                            ("WIRI", "White Irish"),
                            ("WIRT", "Traveller of Irish heritage"),
                            ("WROM", "Gypsy or Roma"),
                            ("WOTH", "Any other White background"),
                            ("MWBC", "White and Black Caribbean"),
                            ("MWBA", "White and Black African"),
                            ("MWAS", "White and Asian"),
                            ("MOTH", "Any other mixed background"),
                            ("AIND", "Indian"),
                            ("APKN", "Pakistani"),
                            ("ABAN", "Bangladeshi"),
                            ("AOTH", "Any other Asian background"),
                            ("BCRB", "Caribbean"),
                            ("BAFR", "African"),
                            ("BOTH", "Any other Black background"),
                            ("CHNE", "Chinese"),
                            ("OOTH", "Any other ethnic group"),
                            ("REFU", "Refused"),
                            ("NOBT", "Not yet obtained"),
                        ],
                        default="NOBT",
                        max_length=4,
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=60, verbose_name="preferred language")),
                ("interpreter_needed", models.BooleanField(default=False)),
                ("access_needs", models.TextField(blank=True, verbose_name="help needed to take part")),
                (
                    "preferred_channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("email", "E-mail"),
                            ("mobile", "Mobile phone"),
                            ("phone", "Phone"),
                            ("post", "Post"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "circumstances",
                    models.CharField(
                        blank=True,
                        help_text="for instance in prison, or lacks capacity for this decision",
                        max_length=200,
                    ),
                ),
                ("sealed_at", models.DateTimeField(blank=True, null=True)),
                ("sealed_because", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "form_key",
                    models.UUIDField(editable=False, help_text="makes a form sent twice harmless", null=True),
                ),
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
                    "merged_into",
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
                        to="families.person",
                    ),
                ),
                (
                    "sealed_by",
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
                    "user",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonMerge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("agreed", "Agreed"),
                            ("refused", "Refused"),
                            ("undone", "Undone"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField()),
                ("proposed_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "moved",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="ids of the rows that went over, by model, so that it can be undone",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges_kept",
                        to="families.person",
                    ),
                ),
                (
                    "merged",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges_given_up",
                        to="families.person",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("merged")), _negated=True),
                        name="merge_joins_two_persons",
                        violation_error_message="Choose two different records.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled_by__isnull", True),
                            models.Q(("settled_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="merge_needs_a_second_person",
                        violation_error_message="Somebody other than the person who proposed it has to agree.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonMergeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("agreed", "Agreed"),
                            ("refused", "Refused"),
                            ("undone", "Undone"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField()),
                ("proposed_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "moved",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="ids of the rows that went over, by model, so that it can be undone",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.person",
                    ),
                ),
                (
                    "merged",
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
                        to="families.personmerge",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonName",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("birth", "Name at birth"),
                            ("known_as", "Known as"),
                            ("alias", "Alias"),
                            ("former", "Former name"),
                        ],
                        default="alias",
                        max_length=10,
                    ),
                ),
                ("given_name", models.CharField(blank=True, max_length=100)),
                ("family_name", models.CharField(blank=True, max_length=100)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="names",
                        to="families.person",
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
                        name="personname_ends_after_it_starts",
                        violation_error_message="The last day can't be before the first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("given_name", ""), ("family_name", ""), _negated=True),
                        name="personname_says_something",
                        violation_error_message="Enter a first or a last name.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonNameEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="who says so")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("birth", "Name at birth"),
                            ("known_as", "Known as"),
                            ("alias", "Alias"),
                            ("former", "Former name"),
                        ],
                        default="alias",
                        max_length=10,
                    ),
                ),
                ("given_name", models.CharField(blank=True, max_length=100)),
                ("family_name", models.CharField(blank=True, max_length=100)),
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
                        to="families.personname",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Post",
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
                ("title", models.CharField(max_length=120, verbose_name="job title")),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="families.agency",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="families.person",
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
                        name="post_ends_after_it_starts",
                        violation_error_message="The last day can't be before the first.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgencyInvolvementEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="who says so")),
                ("confidential", models.BooleanField(default=False, verbose_name="confidential whereabouts")),
                (
                    "direct_contact",
                    models.BooleanField(default=True, verbose_name="in direct contact with the child"),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.agency",
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
                        to="families.agencyinvolvement",
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
        migrations.AddField(
            model_name="agencyinvolvement",
            name="post",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="involvements",
                to="families.post",
            ),
        ),
        migrations.CreateModel(
            name="PostEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="who says so")),
                ("title", models.CharField(max_length=120, verbose_name="job title")),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "agency",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.agency",
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
                        to="families.post",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Pregnancy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("expected_on", models.DateField(verbose_name="expected date of delivery")),
                ("number_expected", models.PositiveSmallIntegerField(default=1)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("expecting", "Expecting"),
                            ("live_birth", "Live birth"),
                            ("stillbirth", "Stillbirth"),
                            ("miscarriage", "Miscarriage"),
                            ("termination", "Termination"),
                            ("not_pregnant", "Was not pregnant"),
                            ("unknown", "Unknown"),
                        ],
                        default="expecting",
                        max_length=12,
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.authority"
                    ),
                ),
                (
                    "mother",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pregnancies",
                        to="families.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["expecting", "unknown"]),
                            ("ended_on__isnull", False),
                            _connector="OR",
                        ),
                        name="pregnancy_end_has_a_date",
                        violation_error_message="Enter the date on which the pregnancy ended.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number_expected__gte", 1)),
                        name="pregnancy_expects_somebody",
                        violation_error_message="Enter how many babies are expected, 1 or more.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpectedDateEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("expected_on", models.DateField()),
                ("source", models.CharField(blank=True, max_length=200)),
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
                        to="families.expecteddate",
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
                (
                    "pregnancy",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.pregnancy",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="expecteddate",
            name="pregnancy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="expected_dates",
                to="families.pregnancy",
            ),
        ),
        migrations.CreateModel(
            name="ChildEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "council_child_id",
                    models.CharField(
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9]{1,20}$",
                                "A council's child ID has at most 20 letters and digits, and no spaces.",
                            )
                        ],
                        verbose_name="council's child ID",
                    ),
                ),
                (
                    "upn",
                    models.CharField(
                        blank=True,
                        max_length=13,
                        validators=[families.validators.validate_upn],
                        verbose_name="unique pupil number (UPN)",
                    ),
                ),
                (
                    "disabilities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("NONE", "No disability"),
                                ("MOB", "Mobility"),
                                ("HAND", "Hand function"),
                                ("PC", "Personal care"),
                                ("INC", "Incontinence"),
                                ("COMM", "Communication"),
                                ("LD", "Learning"),
                                ("HEAR", "Hearing"),
                                ("VIS", "Vision"),
                                ("BEH", "Behaviour"),
                                ("CON", "Consciousness"),
                                ("AUT", "Autism or Asperger syndrome"),
                                ("DDA", "Other disability"),
                            ],
                            max_length=4,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "born_order",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="place among twins"),
                ),
                (
                    "previous_plans_elsewhere",
                    models.PositiveSmallIntegerField(
                        default=0,
                        verbose_name="number of earlier child protection plans not held by this council",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                        to="families.child",
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
                    "pregnancy",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.pregnancy",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="child",
            name="pregnancy",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="families.pregnancy",
            ),
        ),
        migrations.CreateModel(
            name="PregnancyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("expected_on", models.DateField(verbose_name="expected date of delivery")),
                ("number_expected", models.PositiveSmallIntegerField(default=1)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("expecting", "Expecting"),
                            ("live_birth", "Live birth"),
                            ("stillbirth", "Stillbirth"),
                            ("miscarriage", "Miscarriage"),
                            ("termination", "Termination"),
                            ("not_pregnant", "Was not pregnant"),
                            ("unknown", "Unknown"),
                        ],
                        default="expecting",
                        max_length=12,
                    ),
                ),
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
                    "mother",
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
                        to="families.pregnancy",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("referred_on", models.DateField()),
                (
                    "referral_source",
                    models.CharField(
                        choices=[
                            ("1A", "Individual: family member, relative or carer"),
                            ("1B", "Individual: acquaintance"),
                            ("1C", "Individual: self"),
                            ("1D", "Individual: other"),
                            ("2A", "School"),
                            ("2B", "Education service"),
                            ("3A", "Health: GP"),
                            ("3B", "Health: health visitor"),
                            ("3C", "Health: school nurse"),
                            ("3D", "Health: other primary care"),
                            ("3E", "Health: A&E"),
                            ("3F", "Health: other"),
                            ("4", "Housing"),
                            ("5A", "Council: social care"),
                            ("5B", "Council: other department"),
                            ("5C", "Council: another authority"),
                            ("5D", "Council: other"),
                            ("6", "Police"),
                            ("7", "Other legal agency"),
                            ("8", "Other"),
                            ("9", "Anonymous"),
                            ("10", "Unknown"),
                        ],
                        default="10",
                        max_length=2,
                    ),
                ),
                (
                    "primary_need",
                    models.CharField(
                        choices=[
                            ("N0", "Not stated"),
                            ("N1", "Abuse or neglect"),
                            ("N2", "Child's disability or illness"),
                            ("N3", "Parent's disability or illness"),
                            ("N4", "Family in acute stress"),
                            ("N5", "Family dysfunction"),
                            ("N6", "Socially unacceptable behaviour"),
                            ("N7", "Low income"),
                            ("N8", "Absent parenting"),
                            ("N9", "Other than children in need"),
                        ],
                        default="N0",
                        max_length=2,
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True)),
                (
                    "closure_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("RC1", "Adopted"),
                            ("RC2", "Died"),
                            ("RC3", "Child arrangements order"),
                            ("RC4", "Special guardianship order"),
                            ("RC5", "Moved to another council's services"),
                            ("RC6", "Moved to adult social care"),
                            ("RC7", "Services ended for another reason"),
                            ("RC8", "Closed after assessment, no further action"),
                            ("RC9", "Closed after assessment, early help"),
                        ],
                        max_length=3,
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="families.child",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on__isnull", True), ("closure_reason", "")),
                            models.Q(
                                ("closed_on__isnull", False), models.Q(("closure_reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="referral_closes_with_reason",
                        violation_error_message="A closed case needs its date and its reason.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("referred_on", models.DateField()),
                (
                    "referral_source",
                    models.CharField(
                        choices=[
                            ("1A", "Individual: family member, relative or carer"),
                            ("1B", "Individual: acquaintance"),
                            ("1C", "Individual: self"),
                            ("1D", "Individual: other"),
                            ("2A", "School"),
                            ("2B", "Education service"),
                            ("3A", "Health: GP"),
                            ("3B", "Health: health visitor"),
                            ("3C", "Health: school nurse"),
                            ("3D", "Health: other primary care"),
                            ("3E", "Health: A&E"),
                            ("3F", "Health: other"),
                            ("4", "Housing"),
                            ("5A", "Council: social care"),
                            ("5B", "Council: other department"),
                            ("5C", "Council: another authority"),
                            ("5D", "Council: other"),
                            ("6", "Police"),
                            ("7", "Other legal agency"),
                            ("8", "Other"),
                            ("9", "Anonymous"),
                            ("10", "Unknown"),
                        ],
                        default="10",
                        max_length=2,
                    ),
                ),
                (
                    "primary_need",
                    models.CharField(
                        choices=[
                            ("N0", "Not stated"),
                            ("N1", "Abuse or neglect"),
                            ("N2", "Child's disability or illness"),
                            ("N3", "Parent's disability or illness"),
                            ("N4", "Family in acute stress"),
                            ("N5", "Family dysfunction"),
                            ("N6", "Socially unacceptable behaviour"),
                            ("N7", "Low income"),
                            ("N8", "Absent parenting"),
                            ("N9", "Other than children in need"),
                        ],
                        default="N0",
                        max_length=2,
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True)),
                (
                    "closure_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("RC1", "Adopted"),
                            ("RC2", "Died"),
                            ("RC3", "Child arrangements order"),
                            ("RC4", "Special guardianship order"),
                            ("RC5", "Moved to another council's services"),
                            ("RC6", "Moved to adult social care"),
                            ("RC7", "Services ended for another reason"),
                            ("RC8", "Closed after assessment, no further action"),
                            ("RC9", "Closed after assessment, early help"),
                        ],
                        max_length=3,
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
                        to="families.referral",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Relationship",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mother", "Mother"),
                            ("father", "Father"),
                            ("possible_father", "Possible father"),
                            ("parent", "Parent"),
                            ("step_parent", "Step-parent"),
                            ("partner_of_parent", "Parent's partner"),
                            ("carer", "Carer"),
                            ("foster_carer", "Foster carer"),
                            ("guardian", "Special guardian"),
                            ("grandparent", "Grandparent"),
                            ("aunt_or_uncle", "Aunt or uncle"),
                            ("sibling", "Brother or sister"),
                            ("other_relative", "Other relative"),
                            ("friend", "Friend of the family"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "certainty",
                    models.CharField(
                        choices=[("known", "Known"), ("unknown", "Unknown"), ("disputed", "Disputed")],
                        default="known",
                        max_length=10,
                    ),
                ),
                (
                    "parent_comfortable",
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
                        verbose_name="parent comfortable with their hearing it",
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relationships",
                        to="families.child",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relationships",
                        to="families.person",
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
                        name="relationship_ends_after_it_starts",
                        violation_error_message="The last day can't be before the first.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)),
                        fields=("child", "person", "kind"),
                        name="relationship_once",
                        violation_error_message="This relationship is already recorded.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RelationshipEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="who says so")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mother", "Mother"),
                            ("father", "Father"),
                            ("possible_father", "Possible father"),
                            ("parent", "Parent"),
                            ("step_parent", "Step-parent"),
                            ("partner_of_parent", "Parent's partner"),
                            ("carer", "Carer"),
                            ("foster_carer", "Foster carer"),
                            ("guardian", "Special guardian"),
                            ("grandparent", "Grandparent"),
                            ("aunt_or_uncle", "Aunt or uncle"),
                            ("sibling", "Brother or sister"),
                            ("other_relative", "Other relative"),
                            ("friend", "Friend of the family"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "certainty",
                    models.CharField(
                        choices=[("known", "Known"), ("unknown", "Unknown"), ("disputed", "Disputed")],
                        default="known",
                        max_length=10,
                    ),
                ),
                (
                    "parent_comfortable",
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
                        verbose_name="parent comfortable with their hearing it",
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
                        to="families.relationship",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Residence",
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
                ("confidential", models.BooleanField(default=False, verbose_name="confidential whereabouts")),
                ("is_main", models.BooleanField(default=True, verbose_name="main home")),
                (
                    "address",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residences",
                        to="families.address",
                    ),
                ),
                ("hidden_from", models.ManyToManyField(blank=True, related_name="+", to="families.person")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residences",
                        to="families.person",
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
                        name="residence_ends_after_it_starts",
                        violation_error_message="The last day can't be before the first.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ResidenceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="who says so")),
                ("confidential", models.BooleanField(default=False, verbose_name="confidential whereabouts")),
                ("is_main", models.BooleanField(default=True, verbose_name="main home")),
                (
                    "address",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.address",
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
                        to="families.residence",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ResidenceHiddenFromEvent",
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
                    "residence",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.residence",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StrategyDiscussion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_at", models.DateTimeField()),
                ("agencies_present", models.TextField(blank=True)),
                ("reason", models.TextField(verbose_name="why enquiries were started")),
                ("recorded_at", models.DateTimeField()),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="strategy_discussions",
                        to="families.family",
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
                "ordering": ("-held_at",),
            },
        ),
        migrations.CreateModel(
            name="EnquiryEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("started_on", models.DateField()),
                ("policy_version_id", models.BigIntegerField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("under_way", "Under way"),
                            ("conference", "Go to conference"),
                            ("not_required", "Conference not required"),
                        ],
                        default="under_way",
                        max_length=12,
                    ),
                ),
                ("outcome_reason", models.TextField(blank=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
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
                        to="families.enquiry",
                    ),
                ),
                (
                    "discussion",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="families.strategydiscussion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="enquiry",
            name="discussion",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enquiries",
                to="families.strategydiscussion",
            ),
        ),
        migrations.CreateModel(
            name="StrategyDiscussionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("held_at", models.DateTimeField()),
                ("agencies_present", models.TextField(blank=True)),
                ("reason", models.TextField(verbose_name="why enquiries were started")),
                ("recorded_at", models.DateTimeField()),
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
                        to="families.strategydiscussion",
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
        migrations.CreateModel(
            name="WhereaboutsReveal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=200)),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reveals",
                        to="families.family",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="ContactRiskChild",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("families.contactrisk_children",),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True),
                    ("starts_on__isnull", True),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="allocation_ends_after_it_starts",
                violation_error_message="The last day can't be before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True)),
                fields=("family", "user"),
                name="allocated_once",
                violation_error_message="This social worker already holds the case.",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["authority", "birth_date"], name="families_pe_authori_d5ab7a_idx"),
        ),
        migrations.AddConstraint(
            model_name="parentalresponsibility",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True),
                    ("starts_on__isnull", True),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="parentalresponsibility_ends_after_it_starts",
                violation_error_message="The last day can't be before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="parentalresponsibility",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("held_by_council", False), ("person__isnull", False)),
                    models.Q(("held_by_council", True), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="responsibility_of_one_holder",
                violation_error_message="Parental responsibility belongs to a person or to the council.",
            ),
        ),
        migrations.AddConstraint(
            model_name="familymember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True),
                    ("starts_on__isnull", True),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="familymember_ends_after_it_starts",
                violation_error_message="The last day can't be before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="familymember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True)),
                fields=("family", "person"),
                name="family_member_once",
                violation_error_message="This person is already in the family.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactrisk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True),
                    ("starts_on__isnull", True),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="contactrisk_ends_after_it_starts",
                violation_error_message="The last day can't be before the first.",
            ),
        ),
        migrations.CreateModel(
            name="ContactRiskProtects",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("families.contactrisk_protects",),
        ),
        migrations.CreateModel(
            name="ContactPointHiddenFrom",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("families.contactpoint_hidden_from",),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True),
                    ("starts_on__isnull", True),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="contactpoint_ends_after_it_starts",
                violation_error_message="The last day can't be before the first.",
            ),
        ),
        migrations.CreateModel(
            name="AgencyInvolvementHiddenFrom",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("families.agencyinvolvement_hidden_from",),
        ),
        migrations.AddConstraint(
            model_name="agencyinvolvement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True),
                    ("starts_on__isnull", True),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="agencyinvolvement_ends_after_it_starts",
                violation_error_message="The last day can't be before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agencyinvolvement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True)),
                fields=("child", "agency", "post"),
                name="involvement_once",
                nulls_distinct=False,
                violation_error_message="This agency is already recorded for the child.",
            ),
        ),
        migrations.AddConstraint(
            model_name="child",
            constraint=models.UniqueConstraint(
                fields=("authority", "council_child_id"),
                name="council_child_id_once",
                violation_error_message="Another child already has this council's child ID.",
            ),
        ),
        migrations.CreateModel(
            name="ResidenceHiddenFrom",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("families.residence_hidden_from",),
        ),
        migrations.AddConstraint(
            model_name="enquiry",
            constraint=models.UniqueConstraint(
                fields=("child", "discussion"),
                name="enquiry_once_per_discussion",
                violation_error_message="This discussion already started an enquiry for the child.",
            ),
        ),
        accounts.migrating.AddTriggers(
            model_name="address",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_addressevent" ("authority_id", "id", "lines", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode") VALUES (NEW."authority_id", NEW."id", NEW."lines", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."postcode"); RETURN NULL;',
                        hash="711b357ed148ec06481a8a39194ac87984c2b231",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_c2c11",
                        table="families_address",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_addressevent" ("authority_id", "id", "lines", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode") VALUES (NEW."authority_id", NEW."id", NEW."lines", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."postcode"); RETURN NULL;',
                        hash="6f20d5c4032a1ad0ae231a5ca484c015e9dcf86e",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_73ce9",
                        table="families_address",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_addressevent" ("authority_id", "id", "lines", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode") VALUES (OLD."authority_id", OLD."id", OLD."lines", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."postcode"); RETURN NULL;',
                        hash="b9c68ad7f16faa5bd4e0ee289da9d937dce3dbf9",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_fc642",
                        table="families_address",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="agency",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_agencyevent" ("address", "authority_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone") VALUES (NEW."address", NEW."authority_id", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone"); RETURN NULL;',
                        hash="5622e6616332b4ab0843a3dc2272882cba5691f7",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_9cd5d",
                        table="families_agency",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_agencyevent" ("address", "authority_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone") VALUES (NEW."address", NEW."authority_id", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone"); RETURN NULL;',
                        hash="9ba753199a572224810af37207eca574b4dc0cb9",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_d82d1",
                        table="families_agency",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_agencyevent" ("address", "authority_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone") VALUES (OLD."address", OLD."authority_id", OLD."id", OLD."kind", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone"); RETURN NULL;',
                        hash="acdf3d156e3e4a6fecabaa489ed58e8d22054e90",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_f4615",
                        table="families_agency",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="family",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="433482ec0f2feeeb1f0a88fba5fe1b878aba444d",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_df9c5",
                        table="families_family",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_familyevent" ("authority_id", "case_number", "closed_on", "created_at", "created_by_id", "form_key", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "restricted", "team_id", "version") VALUES (NEW."authority_id", NEW."case_number", NEW."closed_on", NEW."created_at", NEW."created_by_id", NEW."form_key", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."restricted", NEW."team_id", NEW."version"); RETURN NULL;',
                        hash="abc7e3e338281d98707054f54ff65b7592d2823e",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_b3032",
                        table="families_family",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_familyevent" ("authority_id", "case_number", "closed_on", "created_at", "created_by_id", "form_key", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "restricted", "team_id", "version") VALUES (NEW."authority_id", NEW."case_number", NEW."closed_on", NEW."created_at", NEW."created_by_id", NEW."form_key", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."restricted", NEW."team_id", NEW."version"); RETURN NULL;',
                        hash="e39abc7761cf7202349c361931d5c449b8253580",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_9cc70",
                        table="families_family",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_familyevent" ("authority_id", "case_number", "closed_on", "created_at", "created_by_id", "form_key", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "restricted", "team_id", "version") VALUES (OLD."authority_id", OLD."case_number", OLD."closed_on", OLD."created_at", OLD."created_by_id", OLD."form_key", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."restricted", OLD."team_id", OLD."version"); RETURN NULL;',
                        hash="7c2b533718346452b7a4c975ac728463d9a31a31",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_9ca0f",
                        table="families_family",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="allocation",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_allocationevent" ("ends_on", "family_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "user_id") VALUES (NEW."ends_on", NEW."family_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."starts_on", NEW."user_id"); RETURN NULL;',
                        hash="3a2dea1cd1159eeee1995f2ae73caad4b9ee28b8",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_32079",
                        table="families_allocation",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_allocationevent" ("ends_on", "family_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "user_id") VALUES (NEW."ends_on", NEW."family_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."starts_on", NEW."user_id"); RETURN NULL;',
                        hash="d7297f6a79cc189df5af5080a8a667a767f72c42",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_7b6bb",
                        table="families_allocation",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_allocationevent" ("ends_on", "family_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "user_id") VALUES (OLD."ends_on", OLD."family_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."starts_on", OLD."user_id"); RETURN NULL;',
                        hash="2cb1674aae7c994295745377ff37f20363b7d05c",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_214da",
                        table="families_allocation",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="legalstatus",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_legalstatusevent" ("child_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "status") VALUES (NEW."child_id", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."starts_on", NEW."status"); RETURN NULL;',
                        hash="5bfd4f4ab860c53e4a473e2247710a98a5a4afa9",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_51db4",
                        table="families_legalstatus",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_legalstatusevent" ("child_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "status") VALUES (NEW."child_id", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."starts_on", NEW."status"); RETURN NULL;',
                        hash="c34826323416f18a7abad7a6ba835d4665f4c068",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_01b48",
                        table="families_legalstatus",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_legalstatusevent" ("child_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "status") VALUES (OLD."child_id", OLD."ends_on", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."starts_on", OLD."status"); RETURN NULL;',
                        hash="43bae80ae5d6a4337bbb7cead538f0777988995b",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_eec28",
                        table="families_legalstatus",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="person",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="e57dbbdfdf0234eafe1f4067611f433dea025e9c",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_b60e5",
                        table="families_person",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_personevent" ("access_needs", "age_disputed", "authority_id", "birth_date", "birth_date_precision", "circumstances", "created_at", "death_date", "ethnicity", "family_name", "form_key", "given_name", "id", "interpreter_needed", "language", "merged_into_id", "nhs_number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred_channel", "sealed_at", "sealed_because", "sealed_by_id", "sex", "unnamed_as", "user_id") VALUES (NEW."access_needs", NEW."age_disputed", NEW."authority_id", NEW."birth_date", NEW."birth_date_precision", NEW."circumstances", NEW."created_at", NEW."death_date", NEW."ethnicity", NEW."family_name", NEW."form_key", NEW."given_name", NEW."id", NEW."interpreter_needed", NEW."language", NEW."merged_into_id", NEW."nhs_number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."preferred_channel", NEW."sealed_at", NEW."sealed_because", NEW."sealed_by_id", NEW."sex", NEW."unnamed_as", NEW."user_id"); RETURN NULL;',
                        hash="1fe30dc4cb16c8c3d3f73ca466aaa232a2077be3",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_9f408",
                        table="families_person",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_personevent" ("access_needs", "age_disputed", "authority_id", "birth_date", "birth_date_precision", "circumstances", "created_at", "death_date", "ethnicity", "family_name", "form_key", "given_name", "id", "interpreter_needed", "language", "merged_into_id", "nhs_number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred_channel", "sealed_at", "sealed_because", "sealed_by_id", "sex", "unnamed_as", "user_id") VALUES (NEW."access_needs", NEW."age_disputed", NEW."authority_id", NEW."birth_date", NEW."birth_date_precision", NEW."circumstances", NEW."created_at", NEW."death_date", NEW."ethnicity", NEW."family_name", NEW."form_key", NEW."given_name", NEW."id", NEW."interpreter_needed", NEW."language", NEW."merged_into_id", NEW."nhs_number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."preferred_channel", NEW."sealed_at", NEW."sealed_because", NEW."sealed_by_id", NEW."sex", NEW."unnamed_as", NEW."user_id"); RETURN NULL;',
                        hash="77e958bf8b26cf8eb828ef4efe2edf871311d04f",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_663db",
                        table="families_person",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_personevent" ("access_needs", "age_disputed", "authority_id", "birth_date", "birth_date_precision", "circumstances", "created_at", "death_date", "ethnicity", "family_name", "form_key", "given_name", "id", "interpreter_needed", "language", "merged_into_id", "nhs_number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred_channel", "sealed_at", "sealed_because", "sealed_by_id", "sex", "unnamed_as", "user_id") VALUES (OLD."access_needs", OLD."age_disputed", OLD."authority_id", OLD."birth_date", OLD."birth_date_precision", OLD."circumstances", OLD."created_at", OLD."death_date", OLD."ethnicity", OLD."family_name", OLD."form_key", OLD."given_name", OLD."id", OLD."interpreter_needed", OLD."language", OLD."merged_into_id", OLD."nhs_number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."preferred_channel", OLD."sealed_at", OLD."sealed_because", OLD."sealed_by_id", OLD."sex", OLD."unnamed_as", OLD."user_id"); RETURN NULL;',
                        hash="059b97c76ae05e48721f40f610ccf3906e974a6e",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_460b6",
                        table="families_person",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="parentalresponsibility",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_parentalresponsibilityevent" ("basis", "child_id", "ends_on", "held_by_council", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "status") VALUES (NEW."basis", NEW."child_id", NEW."ends_on", NEW."held_by_council", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."starts_on", NEW."status"); RETURN NULL;',
                        hash="4a8929a7d077f57fac2d2b403b87b435a230ea8a",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_5a485",
                        table="families_parentalresponsibility",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_parentalresponsibilityevent" ("basis", "child_id", "ends_on", "held_by_council", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "status") VALUES (NEW."basis", NEW."child_id", NEW."ends_on", NEW."held_by_council", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."starts_on", NEW."status"); RETURN NULL;',
                        hash="5b7ff67dd2b94eb1094b1a97d8b4834624099eeb",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_a2e0f",
                        table="families_parentalresponsibility",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_parentalresponsibilityevent" ("basis", "child_id", "ends_on", "held_by_council", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "status") VALUES (OLD."basis", OLD."child_id", OLD."ends_on", OLD."held_by_council", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."starts_on", OLD."status"); RETURN NULL;',
                        hash="50ac1a956029a0c29320972205eeb3e00b45df31",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_90055",
                        table="families_parentalresponsibility",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="familymember",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_familymemberevent" ("ends_on", "family_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on") VALUES (NEW."ends_on", NEW."family_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."starts_on"); RETURN NULL;',
                        hash="2beb6945ac1aa9f2f64cee8327b33b57c4b7378c",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_c4154",
                        table="families_familymember",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_familymemberevent" ("ends_on", "family_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on") VALUES (NEW."ends_on", NEW."family_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."starts_on"); RETURN NULL;',
                        hash="7086dc2470578d1af722b59618ca28e1b593f44a",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_0ee8b",
                        table="families_familymember",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_familymemberevent" ("ends_on", "family_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on") VALUES (OLD."ends_on", OLD."family_id", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."starts_on"); RETURN NULL;',
                        hash="b33b78f249dcc75b630adb64513e549311794899",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_6aaee",
                        table="families_familymember",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="contactrisk",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_contactriskevent" ("detail", "ended_because", "ended_by_id", "ends_on", "ground", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "source", "starts_on") VALUES (NEW."detail", NEW."ended_because", NEW."ended_by_id", NEW."ends_on", NEW."ground", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."source", NEW."starts_on"); RETURN NULL;',
                        hash="92358559c1bf3d7719ae1400d8465ed0d85d5ef7",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_31ee5",
                        table="families_contactrisk",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_contactriskevent" ("detail", "ended_because", "ended_by_id", "ends_on", "ground", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "source", "starts_on") VALUES (NEW."detail", NEW."ended_because", NEW."ended_by_id", NEW."ends_on", NEW."ground", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."source", NEW."starts_on"); RETURN NULL;',
                        hash="6e9040cf521bee52a69a7f924419b3ca0c503d10",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_2a419",
                        table="families_contactrisk",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_contactriskevent" ("detail", "ended_because", "ended_by_id", "ends_on", "ground", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "source", "starts_on") VALUES (OLD."detail", OLD."ended_because", OLD."ended_by_id", OLD."ends_on", OLD."ground", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."source", OLD."starts_on"); RETURN NULL;',
                        hash="639a151503eca496d0fd197e5e211cdf20eb4345",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_7cdec",
                        table="families_contactrisk",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="contactpoint",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_contactpointevent" ("confidential", "ends_on", "id", "is_safe", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "safety_note", "source", "starts_on", "value") VALUES (NEW."confidential", NEW."ends_on", NEW."id", NEW."is_safe", NEW."kind", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."safety_note", NEW."source", NEW."starts_on", NEW."value"); RETURN NULL;',
                        hash="b0b214eb67aec62b8e8e9e010265e473a50c94f2",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_15acf",
                        table="families_contactpoint",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_contactpointevent" ("confidential", "ends_on", "id", "is_safe", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "safety_note", "source", "starts_on", "value") VALUES (NEW."confidential", NEW."ends_on", NEW."id", NEW."is_safe", NEW."kind", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."safety_note", NEW."source", NEW."starts_on", NEW."value"); RETURN NULL;',
                        hash="3b1a66cbd73fca0657f7a42222402afd0e48ffef",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_4da30",
                        table="families_contactpoint",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_contactpointevent" ("confidential", "ends_on", "id", "is_safe", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "safety_note", "source", "starts_on", "value") VALUES (OLD."confidential", OLD."ends_on", OLD."id", OLD."is_safe", OLD."kind", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."safety_note", OLD."source", OLD."starts_on", OLD."value"); RETURN NULL;',
                        hash="2a11767c2e72dcf1a77a854738627df17965b604",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_04a59",
                        table="families_contactpoint",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="personmerge",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_personmergeevent" ("id", "kept_id", "merged_id", "moved", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "settled_at", "settled_by_id", "state") VALUES (NEW."id", NEW."kept_id", NEW."merged_id", NEW."moved", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."settled_at", NEW."settled_by_id", NEW."state"); RETURN NULL;',
                        hash="df1202cd117aca40735cecacecd4a050c5c45d11",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_7acec",
                        table="families_personmerge",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_personmergeevent" ("id", "kept_id", "merged_id", "moved", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "settled_at", "settled_by_id", "state") VALUES (NEW."id", NEW."kept_id", NEW."merged_id", NEW."moved", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."settled_at", NEW."settled_by_id", NEW."state"); RETURN NULL;',
                        hash="881a999a019aa8f8e103ce7e06e97ece930d4f62",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_9079b",
                        table="families_personmerge",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_personmergeevent" ("id", "kept_id", "merged_id", "moved", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "settled_at", "settled_by_id", "state") VALUES (OLD."id", OLD."kept_id", OLD."merged_id", OLD."moved", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."reason", OLD."settled_at", OLD."settled_by_id", OLD."state"); RETURN NULL;',
                        hash="c6fc2297ae138c36fa195ae21a0ebddf822a8a7d",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_4fb37",
                        table="families_personmerge",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="personname",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_personnameevent" ("ends_on", "family_name", "given_name", "id", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on") VALUES (NEW."ends_on", NEW."family_name", NEW."given_name", NEW."id", NEW."kind", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."starts_on"); RETURN NULL;',
                        hash="3d420f823ad71f35b2c295bc30e5cfc0d57f65c9",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_cc436",
                        table="families_personname",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_personnameevent" ("ends_on", "family_name", "given_name", "id", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on") VALUES (NEW."ends_on", NEW."family_name", NEW."given_name", NEW."id", NEW."kind", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."starts_on"); RETURN NULL;',
                        hash="b78b85b498642f5e40144f573130b94bfa4ebc13",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_e9f9a",
                        table="families_personname",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_personnameevent" ("ends_on", "family_name", "given_name", "id", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on") VALUES (OLD."ends_on", OLD."family_name", OLD."given_name", OLD."id", OLD."kind", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."starts_on"); RETURN NULL;',
                        hash="acf1a6e22cdf45ddc7fe46db7890208ff97c38f8",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_7c113",
                        table="families_personname",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="post",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_postevent" ("agency_id", "email", "ends_on", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "source", "starts_on", "title") VALUES (NEW."agency_id", NEW."email", NEW."ends_on", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."source", NEW."starts_on", NEW."title"); RETURN NULL;',
                        hash="3a8dcbb2e98a0d569c2d89c7acc016400dc42b93",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_c9550",
                        table="families_post",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_postevent" ("agency_id", "email", "ends_on", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "source", "starts_on", "title") VALUES (NEW."agency_id", NEW."email", NEW."ends_on", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."source", NEW."starts_on", NEW."title"); RETURN NULL;',
                        hash="a55b6f01d17ff14056c9cf3df3de2f6dda32e83a",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_253ee",
                        table="families_post",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_postevent" ("agency_id", "email", "ends_on", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "source", "starts_on", "title") VALUES (OLD."agency_id", OLD."email", OLD."ends_on", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."source", OLD."starts_on", OLD."title"); RETURN NULL;',
                        hash="2cf739e39b8a1991bc9d1829b00bdc57753b9bca",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_79cd3",
                        table="families_post",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="agencyinvolvement",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_agencyinvolvementevent" ("agency_id", "child_id", "confidential", "direct_contact", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "source", "starts_on") VALUES (NEW."agency_id", NEW."child_id", NEW."confidential", NEW."direct_contact", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."post_id", NEW."source", NEW."starts_on"); RETURN NULL;',
                        hash="02a06d0f14506ec4ef8868bdc20814ca60ed6fec",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_a5080",
                        table="families_agencyinvolvement",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_agencyinvolvementevent" ("agency_id", "child_id", "confidential", "direct_contact", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "source", "starts_on") VALUES (NEW."agency_id", NEW."child_id", NEW."confidential", NEW."direct_contact", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."post_id", NEW."source", NEW."starts_on"); RETURN NULL;',
                        hash="96afcd6dc3be16981d72cafd3fe0d8d28070597b",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_bc6a8",
                        table="families_agencyinvolvement",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_agencyinvolvementevent" ("agency_id", "child_id", "confidential", "direct_contact", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "source", "starts_on") VALUES (OLD."agency_id", OLD."child_id", OLD."confidential", OLD."direct_contact", OLD."ends_on", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."post_id", OLD."source", OLD."starts_on"); RETURN NULL;',
                        hash="b533663921b21eccad3f549bfb9dcaf7dcab8b30",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_68bb0",
                        table="families_agencyinvolvement",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="pregnancy",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="d44d5d90fcf033eec436990b82b92c868055c0cf",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_97a35",
                        table="families_pregnancy",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_pregnancyevent" ("authority_id", "ended_on", "expected_on", "id", "mother_id", "number_expected", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."authority_id", NEW."ended_on", NEW."expected_on", NEW."id", NEW."mother_id", NEW."number_expected", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                        hash="4dae8273d62f9d42734bf9439819034196309e82",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_92527",
                        table="families_pregnancy",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_pregnancyevent" ("authority_id", "ended_on", "expected_on", "id", "mother_id", "number_expected", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."authority_id", NEW."ended_on", NEW."expected_on", NEW."id", NEW."mother_id", NEW."number_expected", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                        hash="2e98076952bba9e1de74e0dcb462786c3edea788",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_71d80",
                        table="families_pregnancy",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_pregnancyevent" ("authority_id", "ended_on", "expected_on", "id", "mother_id", "number_expected", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."authority_id", OLD."ended_on", OLD."expected_on", OLD."id", OLD."mother_id", OLD."number_expected", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                        hash="63684ef8af73d3ac31296f794f00ac6debe1d310",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_5a435",
                        table="families_pregnancy",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="expecteddate",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_expecteddateevent" ("expected_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pregnancy_id", "recorded_at", "recorded_by_id", "source") VALUES (NEW."expected_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pregnancy_id", NEW."recorded_at", NEW."recorded_by_id", NEW."source"); RETURN NULL;',
                        hash="bdb6a08eeb0c9a57530b7339651567c07c291064",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_ea3e0",
                        table="families_expecteddate",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_expecteddateevent" ("expected_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pregnancy_id", "recorded_at", "recorded_by_id", "source") VALUES (NEW."expected_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pregnancy_id", NEW."recorded_at", NEW."recorded_by_id", NEW."source"); RETURN NULL;',
                        hash="fd3cf7957bc15f4471d2697b63a6cb9ab787fd64",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_e8559",
                        table="families_expecteddate",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_expecteddateevent" ("expected_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pregnancy_id", "recorded_at", "recorded_by_id", "source") VALUES (OLD."expected_on", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pregnancy_id", OLD."recorded_at", OLD."recorded_by_id", OLD."source"); RETURN NULL;',
                        hash="0daabd2605b674391be684ee45e8b28c687d2040",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_2263a",
                        table="families_expecteddate",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="child",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="fe73fe2d6d8f8aabbf65934b0d22aaf5167d1b31",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_72fb0",
                        table="families_child",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_childevent" ("authority_id", "born_order", "council_child_id", "created_at", "disabilities", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pregnancy_id", "previous_plans_elsewhere", "upn") VALUES (NEW."authority_id", NEW."born_order", NEW."council_child_id", NEW."created_at", NEW."disabilities", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pregnancy_id", NEW."previous_plans_elsewhere", NEW."upn"); RETURN NULL;',
                        hash="8ca6b68d1b6794d6188246dba854e8c86f32ea84",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_0770a",
                        table="families_child",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_childevent" ("authority_id", "born_order", "council_child_id", "created_at", "disabilities", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pregnancy_id", "previous_plans_elsewhere", "upn") VALUES (NEW."authority_id", NEW."born_order", NEW."council_child_id", NEW."created_at", NEW."disabilities", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pregnancy_id", NEW."previous_plans_elsewhere", NEW."upn"); RETURN NULL;',
                        hash="9be9b29e12579feb949f421343c8a2c024e1af0c",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_cc0bb",
                        table="families_child",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_childevent" ("authority_id", "born_order", "council_child_id", "created_at", "disabilities", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pregnancy_id", "previous_plans_elsewhere", "upn") VALUES (OLD."authority_id", OLD."born_order", OLD."council_child_id", OLD."created_at", OLD."disabilities", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pregnancy_id", OLD."previous_plans_elsewhere", OLD."upn"); RETURN NULL;',
                        hash="ba7c6b22fd1d70c0ac71628809181f2edf760750",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_2786b",
                        table="families_child",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="referral",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_referralevent" ("child_id", "closed_on", "closure_reason", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "primary_need", "referral_source", "referred_on") VALUES (NEW."child_id", NEW."closed_on", NEW."closure_reason", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."primary_need", NEW."referral_source", NEW."referred_on"); RETURN NULL;',
                        hash="44d32e1a01bf7ad40af46937ebb6c2aad17b6168",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_59cdc",
                        table="families_referral",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_referralevent" ("child_id", "closed_on", "closure_reason", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "primary_need", "referral_source", "referred_on") VALUES (NEW."child_id", NEW."closed_on", NEW."closure_reason", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."primary_need", NEW."referral_source", NEW."referred_on"); RETURN NULL;',
                        hash="02daa7856f54cd5e2a75a93b26f300299eef02df",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_21581",
                        table="families_referral",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_referralevent" ("child_id", "closed_on", "closure_reason", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "primary_need", "referral_source", "referred_on") VALUES (OLD."child_id", OLD."closed_on", OLD."closure_reason", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."primary_need", OLD."referral_source", OLD."referred_on"); RETURN NULL;',
                        hash="00724e544dedcdc18e64edc59817eb9e7a75cff2",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_a0d0d",
                        table="families_referral",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="relationship",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_relationshipevent" ("certainty", "child_id", "ends_on", "id", "kind", "parent_comfortable", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on") VALUES (NEW."certainty", NEW."child_id", NEW."ends_on", NEW."id", NEW."kind", NEW."parent_comfortable", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."starts_on"); RETURN NULL;',
                        hash="861ca73306ba45458e81911ec895d4848ac95d6d",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_9df59",
                        table="families_relationship",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_relationshipevent" ("certainty", "child_id", "ends_on", "id", "kind", "parent_comfortable", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on") VALUES (NEW."certainty", NEW."child_id", NEW."ends_on", NEW."id", NEW."kind", NEW."parent_comfortable", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."starts_on"); RETURN NULL;',
                        hash="e342a78c1c0042756ea2c9be0552a1226bd44568",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_0ec40",
                        table="families_relationship",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_relationshipevent" ("certainty", "child_id", "ends_on", "id", "kind", "parent_comfortable", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on") VALUES (OLD."certainty", OLD."child_id", OLD."ends_on", OLD."id", OLD."kind", OLD."parent_comfortable", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."starts_on"); RETURN NULL;',
                        hash="e7cc2a2758eac1416c3da838068540120e79f2f4",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_59c12",
                        table="families_relationship",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="residence",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_residenceevent" ("address_id", "confidential", "ends_on", "id", "is_main", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on") VALUES (NEW."address_id", NEW."confidential", NEW."ends_on", NEW."id", NEW."is_main", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."starts_on"); RETURN NULL;',
                        hash="7a177da57036017449b2b0c282f3333d55db2863",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_590f5",
                        table="families_residence",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_residenceevent" ("address_id", "confidential", "ends_on", "id", "is_main", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on") VALUES (NEW."address_id", NEW."confidential", NEW."ends_on", NEW."id", NEW."is_main", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."starts_on"); RETURN NULL;',
                        hash="0af76dba9ff482e0ca8276769351f6b2d72b340e",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_a92dc",
                        table="families_residence",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_residenceevent" ("address_id", "confidential", "ends_on", "id", "is_main", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on") VALUES (OLD."address_id", OLD."confidential", OLD."ends_on", OLD."id", OLD."is_main", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."starts_on"); RETURN NULL;',
                        hash="ff99dc15c843f5328ed3a1ccb9fb07fbe4d35ef2",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_9ba50",
                        table="families_residence",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="strategydiscussion",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="aaefad3db2ca01c337749e2e5c5ca1a61751c170",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_75cc8",
                        table="families_strategydiscussion",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_strategydiscussionevent" ("agencies_present", "family_id", "held_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id") VALUES (NEW."agencies_present", NEW."family_id", NEW."held_at", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id"); RETURN NULL;',
                        hash="7bcbd11c8520cfccd1964aa745b9383f3b536273",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_e184e",
                        table="families_strategydiscussion",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_strategydiscussionevent" ("agencies_present", "family_id", "held_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id") VALUES (NEW."agencies_present", NEW."family_id", NEW."held_at", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id"); RETURN NULL;',
                        hash="c60ba48ce33790f22d157d3067d16e31f5377586",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_ca62b",
                        table="families_strategydiscussion",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_strategydiscussionevent" ("agencies_present", "family_id", "held_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id") VALUES (OLD."agencies_present", OLD."family_id", OLD."held_at", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."recorded_at", OLD."recorded_by_id"); RETURN NULL;',
                        hash="daa6f53dcb4c4dd42e0c5e7168f0883fc3d5642c",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_7b5d5",
                        table="families_strategydiscussion",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="enquiry",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="21754aa38b5fd164594c1610a54392ff985a8a9b",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_511c6",
                        table="families_enquiry",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_enquiryevent" ("child_id", "discussion_id", "ended_on", "id", "outcome", "outcome_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_version_id", "started_on") VALUES (NEW."child_id", NEW."discussion_id", NEW."ended_on", NEW."id", NEW."outcome", NEW."outcome_reason", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."policy_version_id", NEW."started_on"); RETURN NULL;',
                        hash="a6a0181ee4761bd11703c266ddad36ff86667734",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_edd29",
                        table="families_enquiry",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "families_enquiryevent" ("child_id", "discussion_id", "ended_on", "id", "outcome", "outcome_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_version_id", "started_on") VALUES (NEW."child_id", NEW."discussion_id", NEW."ended_on", NEW."id", NEW."outcome", NEW."outcome_reason", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."policy_version_id", NEW."started_on"); RETURN NULL;',
                        hash="da14b6923baa778df1abdb32f36bec02d51f9eae",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_6b64a",
                        table="families_enquiry",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_enquiryevent" ("child_id", "discussion_id", "ended_on", "id", "outcome", "outcome_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_version_id", "started_on") VALUES (OLD."child_id", OLD."discussion_id", OLD."ended_on", OLD."id", OLD."outcome", OLD."outcome_reason", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."policy_version_id", OLD."started_on"); RETURN NULL;',
                        hash="ee0266c69d0b35290954896e037f7fdb273935ce",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_05ab8",
                        table="families_enquiry",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="whereaboutsreveal",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="append_only",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                        hash="5a3f0f7bc8dafa5e1dc04d93efb15217aa10d9e3",
                        operation="UPDATE OR DELETE",
                        pgid="pgtrigger_append_only_1e15b",
                        table="families_whereaboutsreveal",
                        when="BEFORE",
                    ),
                )
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="contactriskchild",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_contactriskchildevent" ("child_id", "contactrisk_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (NEW."child_id", NEW."contactrisk_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\'); RETURN NULL;',
                        hash="6e76a63137bb69d32109e9374572fe16c7eb0d14",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_b287f",
                        table="families_contactrisk_children",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_contactriskchildevent" ("child_id", "contactrisk_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (OLD."child_id", OLD."contactrisk_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\'); RETURN NULL;',
                        hash="f7d228200abc1363e6cc89a3efea94596feb8159",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_9304c",
                        table="families_contactrisk_children",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="contactriskprotects",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_contactriskprotectsevent" ("contactrisk_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (NEW."contactrisk_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\'); RETURN NULL;',
                        hash="819386e9a8e2cfd081e98ab9b4b5fe3de64f3c9f",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_86354",
                        table="families_contactrisk_protects",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_contactriskprotectsevent" ("contactrisk_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (OLD."contactrisk_id", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\'); RETURN NULL;',
                        hash="b1c709f91ad950cc0479e3c6c80bacc816176009",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_21b71",
                        table="families_contactrisk_protects",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="contactpointhiddenfrom",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_contactpointhiddenfromevent" ("contactpoint_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (NEW."contactpoint_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\'); RETURN NULL;',
                        hash="8f421b73a88804afff574485a869cba36703df5c",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_70af3",
                        table="families_contactpoint_hidden_from",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_contactpointhiddenfromevent" ("contactpoint_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (OLD."contactpoint_id", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\'); RETURN NULL;',
                        hash="8c75068d490aa588ea842efc5666fc13da4ce099",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_b597e",
                        table="families_contactpoint_hidden_from",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="agencyinvolvementhiddenfrom",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_agencyinvolvementhiddenfromevent" ("agencyinvolvement_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (NEW."agencyinvolvement_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\'); RETURN NULL;',
                        hash="a2a7256dfca0539088a333a2d54a774d963d1721",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_9cd32",
                        table="families_agencyinvolvement_hidden_from",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_agencyinvolvementhiddenfromevent" ("agencyinvolvement_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (OLD."agencyinvolvement_id", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\'); RETURN NULL;',
                        hash="2df3f6453f2ce1458d536a344eb2c1bc975a39a2",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_16557",
                        table="families_agencyinvolvement_hidden_from",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="residencehiddenfrom",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_residencehiddenfromevent" ("id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "residence_id") VALUES (NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."residence_id"); RETURN NULL;',
                        hash="adba8dd37ab7333dbe086511dcd09ecfc27efc7d",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_2c0b6",
                        table="families_residence_hidden_from",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "families_residencehiddenfromevent" ("id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "residence_id") VALUES (OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."residence_id"); RETURN NULL;',
                        hash="37cf34e517332e092b37679ed3b623e0cfc28fec",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_52be4",
                        table="families_residence_hidden_from",
                        when="AFTER",
                    ),
                ),
            ],
        ),
    ]
