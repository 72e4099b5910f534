import accounts.migrating
import django.core.serializers.json
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("conferences", "0001_initial"),
        ("families", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Copy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("secure_email", "Secure e-mail"),
                            ("post", "Post"),
                            ("by_hand", "Handed over"),
                            ("collected", "Collected"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "sent_to",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="address or mailbox it went to"
                    ),
                ),
                (
                    "channel_confirmed",
                    models.CharField(max_length=200, verbose_name="how the channel was confirmed as safe"),
                ),
                ("sent_at", models.DateTimeField()),
                ("checksum", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                ("note", models.CharField(blank=True, max_length=250)),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="conferences.participant",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "copies",
                "ordering": ("sent_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Document",
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
                            ("decisions_letter", "Decisions and plan"),
                            ("minutes", "Record of the conference"),
                        ],
                        max_length=20,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "Prepared, waiting for the chair"),
                            ("released", "Released by the chair"),
                            ("superseded", "Replaced by a newer version"),
                        ],
                        default="prepared",
                        max_length=12,
                    ),
                ),
                ("content", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("prepared_at", models.DateTimeField()),
                (
                    "released_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="released or signed off"),
                ),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
                ("superseded_because", models.TextField(blank=True)),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="conferences.conference",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_for",
                    models.ManyToManyField(
                        blank=True,
                        help_text="who gets it only because the chair settled so",
                        related_name="+",
                        to="conferences.participant",
                    ),
                ),
                (
                    "superseded_by",
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
                "ordering": ("kind", "-number"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("conference", "kind", "number"), name="document_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "superseded"), _negated=True),
                        fields=("conference", "kind"),
                        name="one_current_document",
                        violation_error_message="A newer version is already there. Look at that one first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "released"), _negated=True),
                            models.Q(("released_at__isnull", False), ("released_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="released_document_says_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "superseded"), _negated=True),
                            models.Q(
                                ("superseded_at__isnull", False),
                                ("superseded_because__regex", "\\S"),
                                ("superseded_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="superseded_document_says_why",
                        violation_error_message="Say why a new version is needed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CopyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("secure_email", "Secure e-mail"),
                            ("post", "Post"),
                            ("by_hand", "Handed over"),
                            ("collected", "Collected"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "sent_to",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="address or mailbox it went to"
                    ),
                ),
                (
                    "channel_confirmed",
                    models.CharField(max_length=200, verbose_name="how the channel was confirmed as safe"),
                ),
                ("sent_at", models.DateTimeField()),
                ("checksum", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                ("note", models.CharField(blank=True, max_length=250)),
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
                        to="reports.copy",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="conferences.participant",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="reports.document",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="copy",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="copies", to="reports.document"
            ),
        ),
        migrations.CreateModel(
            name="DocumentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("decisions_letter", "Decisions and plan"),
                            ("minutes", "Record of the conference"),
                        ],
                        max_length=20,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "Prepared, waiting for the chair"),
                            ("released", "Released by the chair"),
                            ("superseded", "Replaced by a newer version"),
                        ],
                        default="prepared",
                        max_length=12,
                    ),
                ),
                ("content", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("prepared_at", models.DateTimeField()),
                (
                    "released_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="released or signed off"),
                ),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
                ("superseded_because", models.TextField(blank=True)),
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
                        to="reports.document",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
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
                    "superseded_by",
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
            name="DocumentSettledForEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="reports.document",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="conferences.participant",
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
            name="Report",
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
                        choices=[("social_work", "Social work report"), ("agency", "Agency report")],
                        max_length=12,
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(default=1, verbose_name="version of this report"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being written"),
                            ("submitted", "Submitted"),
                            ("superseded", "Replaced by a newer version"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("why_held", models.TextField(blank=True, verbose_name="why the conference is held")),
                (
                    "received_by",
                    models.CharField(
                        blank=True,
                        help_text="where entered for the author",
                        max_length=120,
                        verbose_name="how it came in",
                    ),
                ),
                ("new_because", models.TextField(blank=True, verbose_name="why there is a new version")),
                ("begun_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="written_reports",
                        to="conferences.participant",
                    ),
                ),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="conferences.conference",
                    ),
                ),
                (
                    "submitted_by",
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
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("author", "number"), name="report_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "submitted")),
                        fields=("author",),
                        name="one_submitted_report_per_author",
                        violation_error_message="A report by this author is already in.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("author",),
                        name="one_draft_report_per_author",
                        violation_error_message="This report is already being written. Open that one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "submitted"), _negated=True),
                            models.Q(("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="submitted_report_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", 1), ("new_because__regex", "\\S"), _connector="OR"),
                        name="new_report_version_says_why",
                        violation_error_message="Say why a new version is needed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("social_work", "Social work report"), ("agency", "Agency report")],
                        max_length=12,
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(default=1, verbose_name="version of this report"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being written"),
                            ("submitted", "Submitted"),
                            ("superseded", "Replaced by a newer version"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("why_held", models.TextField(blank=True, verbose_name="why the conference is held")),
                (
                    "received_by",
                    models.CharField(
                        blank=True,
                        help_text="where entered for the author",
                        max_length=120,
                        verbose_name="how it came in",
                    ),
                ),
                ("new_because", models.TextField(blank=True, verbose_name="why there is a new version")),
                ("begun_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "author",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="conferences.participant",
                    ),
                ),
                (
                    "begun_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        to="reports.report",
                    ),
                ),
                (
                    "submitted_by",
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
            name="ReportSection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("heading", models.CharField(max_length=40)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("text", models.TextField()),
                (
                    "nature",
                    models.CharField(choices=[("fact", "Fact"), ("opinion", "Opinion")], max_length=8),
                ),
                ("evidence", models.TextField(blank=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "children",
                    models.ManyToManyField(
                        blank=True, related_name="report_sections", to="conferences.conferencechild"
                    ),
                ),
                ("private_to", models.ManyToManyField(blank=True, related_name="+", to="families.person")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sections",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text__regex", "\\S")),
                        name="section_says_something",
                        violation_error_message="Write something, or leave this section out.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportSectionChildEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "conferencechild",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="conferences.conferencechild",
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
                    "reportsection",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="reports.reportsection",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReportSectionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("heading", models.CharField(max_length=40)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("text", models.TextField()),
                (
                    "nature",
                    models.CharField(choices=[("fact", "Fact"), ("opinion", "Opinion")], max_length=8),
                ),
                ("evidence", models.TextField(blank=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
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
                        to="reports.reportsection",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReportSectionPrivateToEvent",
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
                    "reportsection",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="reports.reportsection",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Sharing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("shared", "Shared"),
                            ("declined", "Declined to hear it"),
                            ("not_reached", "Could not be reached"),
                            ("in_part", "Shared in part, agreed by the chair"),
                            ("not_to_be_shared", "Not to be shared, agreed by the chair"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "manner",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("talked_through", "Talked through in person"),
                            ("phone", "Talked through by phone or video"),
                            ("read_out", "Read out"),
                            ("email", "Sent by e-mail and talked through"),
                            ("post", "Sent by post and talked through"),
                        ],
                        max_length=20,
                    ),
                ),
                ("shared_at", models.DateTimeField(blank=True, null=True)),
                ("language", models.CharField(blank=True, max_length=60)),
                ("reason", models.TextField(blank=True, verbose_name="reason, or the tries made")),
                ("disputed", models.TextField(blank=True, verbose_name="what they say is wrong")),
                ("recorded_at", models.DateTimeField()),
                (
                    "agreed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="chair who agreed",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="families.person"
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
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sharings",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "ordering": ("-recorded_at", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "shared"), _negated=True),
                            models.Q(("shared_at__isnull", False), models.Q(("manner", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="shared_says_when_and_how",
                        violation_error_message="Enter when and how it was shared.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome__in", ["in_part", "not_to_be_shared"]), _negated=True),
                            ("agreed_by__isnull", False),
                            _connector="OR",
                        ),
                        name="kept_back_only_by_the_chair",
                        violation_error_message="Only the chair can agree that a report is not shared, or in part.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome", "shared"), ("reason__regex", "\\S"), _connector="OR"),
                        name="not_shared_says_why",
                        violation_error_message="Write the reason, or the tries that were made.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SharingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("shared", "Shared"),
                            ("declined", "Declined to hear it"),
                            ("not_reached", "Could not be reached"),
                            ("in_part", "Shared in part, agreed by the chair"),
                            ("not_to_be_shared", "Not to be shared, agreed by the chair"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "manner",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("talked_through", "Talked through in person"),
                            ("phone", "Talked through by phone or video"),
                            ("read_out", "Read out"),
                            ("email", "Sent by e-mail and talked through"),
                            ("post", "Sent by post and talked through"),
                        ],
                        max_length=20,
                    ),
                ),
                ("shared_at", models.DateTimeField(blank=True, null=True)),
                ("language", models.CharField(blank=True, max_length=60)),
                ("reason", models.TextField(blank=True, verbose_name="reason, or the tries made")),
                ("disputed", models.TextField(blank=True, verbose_name="what they say is wrong")),
                ("recorded_at", models.DateTimeField()),
                (
                    "agreed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="chair who agreed",
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
                        to="reports.sharing",
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
                    "report",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DocumentSettledFor",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("reports.document_settled_for",),
        ),
        migrations.AddConstraint(
            model_name="copy",
            constraint=models.UniqueConstraint(
                fields=("document", "recipient", "channel", "sent_at"),
                name="copy_recorded_once",
                violation_error_message="This copy is already recorded.",
            ),
        ),
        migrations.CreateModel(
            name="ReportSectionChild",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("reports.reportsection_children",),
        ),
        migrations.CreateModel(
            name="ReportSectionPrivateTo",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("reports.reportsection_private_to",),
        ),
        accounts.migrating.AddTriggers(
            model_name="document",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="18de4c4af297a58da3c12bc5bdf111293a89696c",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_2f9e6",
                        table="reports_document",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="frozen",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition='WHEN (OLD."conference_id" IS DISTINCT FROM (NEW."conference_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."content" IS DISTINCT FROM (NEW."content") OR OLD."prepared_at" IS DISTINCT FROM (NEW."prepared_at"))',
                        func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                        hash="25c578c6231d96c39a0bf625f3caf162f84ce146",
                        operation="UPDATE",
                        pgid="pgtrigger_frozen_c01bf",
                        table="reports_document",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_documentevent" ("conference_id", "content", "id", "kind", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_at", "prepared_by_id", "released_at", "released_by_id", "state", "superseded_at", "superseded_because", "superseded_by_id") VALUES (NEW."conference_id", NEW."content", NEW."id", NEW."kind", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prepared_at", NEW."prepared_by_id", NEW."released_at", NEW."released_by_id", NEW."state", NEW."superseded_at", NEW."superseded_because", NEW."superseded_by_id"); RETURN NULL;',
                        hash="5b3537a2bb9913a253aee29757f2ba0e999de7ab",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_6a821",
                        table="reports_document",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "reports_documentevent" ("conference_id", "content", "id", "kind", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_at", "prepared_by_id", "released_at", "released_by_id", "state", "superseded_at", "superseded_because", "superseded_by_id") VALUES (NEW."conference_id", NEW."content", NEW."id", NEW."kind", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prepared_at", NEW."prepared_by_id", NEW."released_at", NEW."released_by_id", NEW."state", NEW."superseded_at", NEW."superseded_because", NEW."superseded_by_id"); RETURN NULL;',
                        hash="138413bf39ad21c141786a373c632f591fb41ccd",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_53276",
                        table="reports_document",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_documentevent" ("conference_id", "content", "id", "kind", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_at", "prepared_by_id", "released_at", "released_by_id", "state", "superseded_at", "superseded_because", "superseded_by_id") VALUES (OLD."conference_id", OLD."content", OLD."id", OLD."kind", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."prepared_at", OLD."prepared_by_id", OLD."released_at", OLD."released_by_id", OLD."state", OLD."superseded_at", OLD."superseded_because", OLD."superseded_by_id"); RETURN NULL;',
                        hash="1d2582470d6420e1af2e8061a506ce53c2db9542",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_4704a",
                        table="reports_document",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="copy",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="cf94c3224461c357643ce4050b503f6ad0dff79e",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_e0c13",
                        table="reports_copy",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_copyevent" ("channel", "channel_confirmed", "checksum", "document_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recipient_id", "sent_at", "sent_by_id", "sent_to") VALUES (NEW."channel", NEW."channel_confirmed", NEW."checksum", NEW."document_id", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recipient_id", NEW."sent_at", NEW."sent_by_id", NEW."sent_to"); RETURN NULL;',
                        hash="1c53063a6a19e324a37fa0dbf5c88f95c07e9b95",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_709f2",
                        table="reports_copy",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "reports_copyevent" ("channel", "channel_confirmed", "checksum", "document_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recipient_id", "sent_at", "sent_by_id", "sent_to") VALUES (NEW."channel", NEW."channel_confirmed", NEW."checksum", NEW."document_id", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recipient_id", NEW."sent_at", NEW."sent_by_id", NEW."sent_to"); RETURN NULL;',
                        hash="cf0f9bd30fb6fc8c61203166a57f08e817c6892f",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_0728a",
                        table="reports_copy",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_copyevent" ("channel", "channel_confirmed", "checksum", "document_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recipient_id", "sent_at", "sent_by_id", "sent_to") VALUES (OLD."channel", OLD."channel_confirmed", OLD."checksum", OLD."document_id", OLD."id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recipient_id", OLD."sent_at", OLD."sent_by_id", OLD."sent_to"); RETURN NULL;',
                        hash="ef13259e0dd82983915fa0c9dc1fa13743800da8",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_b8dbd",
                        table="reports_copy",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="report",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="7cfc6eee07dd60d861e0da23295dac0cae89d5f8",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_3a439",
                        table="reports_report",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_reportevent" ("author_id", "begun_at", "begun_by_id", "conference_id", "id", "kind", "new_because", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_by", "state", "submitted_at", "submitted_by_id", "version", "why_held") VALUES (NEW."author_id", NEW."begun_at", NEW."begun_by_id", NEW."conference_id", NEW."id", NEW."kind", NEW."new_because", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."received_by", NEW."state", NEW."submitted_at", NEW."submitted_by_id", NEW."version", NEW."why_held"); RETURN NULL;',
                        hash="cd05c51f225c438adb69e9e4eb12157c86b810f5",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_84ceb",
                        table="reports_report",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "reports_reportevent" ("author_id", "begun_at", "begun_by_id", "conference_id", "id", "kind", "new_because", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_by", "state", "submitted_at", "submitted_by_id", "version", "why_held") VALUES (NEW."author_id", NEW."begun_at", NEW."begun_by_id", NEW."conference_id", NEW."id", NEW."kind", NEW."new_because", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."received_by", NEW."state", NEW."submitted_at", NEW."submitted_by_id", NEW."version", NEW."why_held"); RETURN NULL;',
                        hash="13bba9d1375af326f965c1169dcfc1cae5708a11",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_234a9",
                        table="reports_report",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_reportevent" ("author_id", "begun_at", "begun_by_id", "conference_id", "id", "kind", "new_because", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_by", "state", "submitted_at", "submitted_by_id", "version", "why_held") VALUES (OLD."author_id", OLD."begun_at", OLD."begun_by_id", OLD."conference_id", OLD."id", OLD."kind", OLD."new_because", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."received_by", OLD."state", OLD."submitted_at", OLD."submitted_by_id", OLD."version", OLD."why_held"); RETURN NULL;',
                        hash="66b7c94ee123e710eddb6191ffbe5394a808bf60",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_6acd6",
                        table="reports_report",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="reportsection",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="cc9f8654572d04d3938ee78c901b574a1910449a",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_b8ec9",
                        table="reports_reportsection",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_reportsectionevent" ("evidence", "heading", "id", "nature", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "removed_at", "report_id", "text", "version") VALUES (NEW."evidence", NEW."heading", NEW."id", NEW."nature", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."removed_at", NEW."report_id", NEW."text", NEW."version"); RETURN NULL;',
                        hash="49a385f02663d02a5a8c02fc403ae4c6089a1b82",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_7a997",
                        table="reports_reportsection",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "reports_reportsectionevent" ("evidence", "heading", "id", "nature", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "removed_at", "report_id", "text", "version") VALUES (NEW."evidence", NEW."heading", NEW."id", NEW."nature", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."removed_at", NEW."report_id", NEW."text", NEW."version"); RETURN NULL;',
                        hash="2bc65bf096b2866015d0c966bfe581182a159963",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_62e47",
                        table="reports_reportsection",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_reportsectionevent" ("evidence", "heading", "id", "nature", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "removed_at", "report_id", "text", "version") VALUES (OLD."evidence", OLD."heading", OLD."id", OLD."nature", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."removed_at", OLD."report_id", OLD."text", OLD."version"); RETURN NULL;',
                        hash="3015106ed6e5db24f06f6db4a836761910fc4f5b",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_69f58",
                        table="reports_reportsection",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="sharing",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="c7b8dcd6f2843c51da2cf467a01830213d81cbd7",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_567f1",
                        table="reports_sharing",
                        when="BEFORE",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_sharingevent" ("agreed_by_id", "disputed", "id", "language", "manner", "outcome", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id", "report_id", "shared_at") VALUES (NEW."agreed_by_id", NEW."disputed", NEW."id", NEW."language", NEW."manner", NEW."outcome", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."report_id", NEW."shared_at"); RETURN NULL;',
                        hash="b1051f34b146d314595cacd42ce801473b75d46e",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_86077",
                        table="reports_sharing",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="update_update",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                        func='INSERT INTO "reports_sharingevent" ("agreed_by_id", "disputed", "id", "language", "manner", "outcome", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id", "report_id", "shared_at") VALUES (NEW."agreed_by_id", NEW."disputed", NEW."id", NEW."language", NEW."manner", NEW."outcome", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."report_id", NEW."shared_at"); RETURN NULL;',
                        hash="a5b8fd87feb871b481fe98121696490e0028eda9",
                        operation="UPDATE",
                        pgid="pgtrigger_update_update_3da5c",
                        table="reports_sharing",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_sharingevent" ("agreed_by_id", "disputed", "id", "language", "manner", "outcome", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id", "report_id", "shared_at") VALUES (OLD."agreed_by_id", OLD."disputed", OLD."id", OLD."language", OLD."manner", OLD."outcome", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."recorded_at", OLD."recorded_by_id", OLD."report_id", OLD."shared_at"); RETURN NULL;',
                        hash="cc10a426c625b873aecc7f37c730281ed7d78a9f",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_59f50",
                        table="reports_sharing",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="documentsettledfor",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_documentsettledforevent" ("document_id", "id", "participant_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (NEW."document_id", NEW."id", NEW."participant_id", _pgh_attach_context(), NOW(), \'insert\'); RETURN NULL;',
                        hash="bfeebd736127fcf94e92e5d7a7c3def07c0da1ae",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_7dc7a",
                        table="reports_document_settled_for",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_documentsettledforevent" ("document_id", "id", "participant_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (OLD."document_id", OLD."id", OLD."participant_id", _pgh_attach_context(), NOW(), \'delete\'); RETURN NULL;',
                        hash="862c09510583ffb06540688b2e5edd5da9cf01f1",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_a5624",
                        table="reports_document_settled_for",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="reportsectionchild",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_reportsectionchildevent" ("conferencechild_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "reportsection_id") VALUES (NEW."conferencechild_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."reportsection_id"); RETURN NULL;',
                        hash="8c35bbe22f49a76a68d0ea689b571923fea33d20",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_405f6",
                        table="reports_reportsection_children",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_reportsectionchildevent" ("conferencechild_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "reportsection_id") VALUES (OLD."conferencechild_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."reportsection_id"); RETURN NULL;',
                        hash="e396c9a66aa509d4c96872f7ba37db4e5d9bd26e",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_31641",
                        table="reports_reportsection_children",
                        when="AFTER",
                    ),
                ),
            ],
        ),
        accounts.migrating.AddTriggers(
            model_name="reportsectionprivateto",
            triggers=[
                pgtrigger.compiler.Trigger(
                    name="insert_insert",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_reportsectionprivatetoevent" ("id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "reportsection_id") VALUES (NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."reportsection_id"); RETURN NULL;',
                        hash="65ea9f2b1ebca1d6d6275e690db2ec6b87828ae0",
                        operation="INSERT",
                        pgid="pgtrigger_insert_insert_6db74",
                        table="reports_reportsection_private_to",
                        when="AFTER",
                    ),
                ),
                pgtrigger.compiler.Trigger(
                    name="delete_delete",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func='INSERT INTO "reports_reportsectionprivatetoevent" ("id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "reportsection_id") VALUES (OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."reportsection_id"); RETURN NULL;',
                        hash="89c484a3ec4d2df02097607659f9c6d722e6dca2",
                        operation="DELETE",
                        pgid="pgtrigger_delete_delete_6f1b6",
                        table="reports_reportsection_private_to",
                        when="AFTER",
                    ),
                ),
            ],
        ),
    ]
