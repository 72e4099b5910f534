import accounts.migrating
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Calendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=120)),
                ('changed_at', models.DateTimeField()),
                ('authority', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='working_calendar', to='accounts.authority')),
            ],
        ),
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('authority_id', models.BigIntegerField()),
                ('family_id', models.BigIntegerField()),
                ('fact_id', models.BigIntegerField()),
                ('child_id', models.BigIntegerField(null=True)),
                ('person_id', models.BigIntegerField(null=True)),
                ('conference_id', models.BigIntegerField(null=True)),
                ('responsible_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('what', models.CharField(blank=True, max_length=120)),
                ('starts_on', models.DateField()),
                ('starts_at', models.DateTimeField(null=True)),
                ('policy_version_id', models.BigIntegerField()),
                ('limit_key', models.CharField(max_length=60)),
                ('own_amount', models.PositiveIntegerField(help_text="a figure that replaces the policy's", null=True)),
                ('own_unit', models.CharField(blank=True, choices=[('hours', 'hours'), ('days', 'days'), ('working days', 'working days'), ('weeks', 'weeks'), ('months', 'months')], max_length=15)),
                ('due_on', models.DateField()),
                ('due_at', models.DateTimeField(null=True)),
                ('plan_for_on', models.DateField()),
                ('warn_at', models.DateTimeField()),
                ('due_from', models.DateTimeField()),
                ('late_from', models.DateTimeField()),
                ('met_at', models.DateTimeField(null=True)),
                ('not_needed', models.CharField(blank=True, help_text='why it stopped; empty while it runs', max_length=200)),
                ('next_stage_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('plan_for_on', 'due_on', 'pk'),
                'indexes': [models.Index(fields=['family_id', 'plan_for_on'], name='deadline_of_family'), models.Index(condition=models.Q(('conference_id__isnull', False)), fields=['conference_id', 'plan_for_on'], name='deadline_of_conference'), models.Index(condition=models.Q(('next_stage_at__isnull', False)), fields=['next_stage_at'], name='deadline_next_stage'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('met_at__isnull', True), ('not_needed', '')), fields=['responsible_ids'], name='deadline_answered_by')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'fact_id', 'child_id', 'person_id'), name='deadline_once_per_fact', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('plan_for_on__lte', models.F('due_on'))), name='deadline_planned_in_time'), models.CheckConstraint(condition=models.Q(models.Q(('own_amount__isnull', True), ('own_unit', '')), models.Q(('own_amount__isnull', False), ('own_unit__in', ['hours', 'days', 'working days', 'weeks', 'months'])), _connector='OR'), name='deadline_own_figure_has_unit')],
            },
        ),
        migrations.CreateModel(
            name='DeadlineChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('moved', 'The date moved'), ('met', 'Done'), ('not_needed', 'No longer needed'), ('reopened', 'Open again')], max_length=12)),
                ('due_on_before', models.DateField()),
                ('due_on_after', models.DateField()),
                ('reason', models.CharField(blank=True, max_length=250)),
                ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='deadlines.deadline')),
            ],
            options={
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='SweepRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('raised', models.PositiveIntegerField(default=0)),
                ('behind', models.DurationField(help_text='age of the oldest stage that it found waiting', null=True)),
            ],
            options={
                'ordering': ('-started_at', '-pk'),
                'indexes': [models.Index(fields=['-started_at'], name='sweep_run_newest')],
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('ordinal', models.IntegerField()),
                ('is_working', models.BooleanField()),
                ('name', models.CharField(blank=True, help_text='why it is not a working day', max_length=100)),
                ('source', models.CharField(choices=[('calendar', 'From the bank holidays of England'), ('added', 'Added by hand')], default='calendar', max_length=10)),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='deadlines.calendar')),
            ],
            options={
                'ordering': ('day',),
                'constraints': [models.UniqueConstraint(fields=('calendar', 'day'), name='calendar_day_once'), models.UniqueConstraint(condition=models.Q(('is_working', True)), fields=('calendar', 'ordinal'), name='working_day_number_once'), models.CheckConstraint(condition=models.Q(('is_working', True), models.Q(('name', ''), _negated=True), _connector='OR'), name='closed_day_says_why', violation_error_message='Say why nobody works on this day.')],
            },
        ),
        migrations.CreateModel(
            name='DeadlineNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('due_soon', 'Due soon'), ('due', 'Due'), ('late', 'Late')], max_length=10)),
                ('late_from', models.DateTimeField()),
                ('raised_at', models.DateTimeField()),
                ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='deadlines.deadline')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deadline_notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-raised_at', '-pk'),
                'constraints': [models.UniqueConstraint(fields=('deadline', 'stage', 'user', 'late_from'), name='deadline_notice_once')],
            },
        ),
        migrations.CreateModel(
            name='PolicyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('preset', models.CharField(max_length=60)),
                ('number', models.PositiveIntegerField()),
                ('in_force_from', models.DateField()),
                ('data', models.JSONField()),
                ('created_at', models.DateTimeField()),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policy_versions', to='accounts.authority')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('authority', '-in_force_from', '-number'),
                'constraints': [models.UniqueConstraint(fields=('authority', 'number'), name='policy_number_once')],
            },
        ),
        accounts.migrating.AddTriggers(
            model_name='deadlinechange',
            triggers=[pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='26cfd7d8b2190ed9a349a2f7339c2736b3bd41e5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8273e', table='deadlines_deadlinechange', when='BEFORE'))],
        ),
        accounts.migrating.AddTriggers(
            model_name='policyversion',
            triggers=[pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b3c8aad1e1ee373d92fdeae54b084b0a80434e45', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8d0f9', table='deadlines_policyversion', when='BEFORE'))],
        ),
    ]
