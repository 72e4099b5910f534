import accounts.migrating
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0007_visits_in_full'),
    ]

    operations = [
        accounts.migrating.Together(
            operations=[
                migrations.AddConstraint(
                    model_name='visit',
                    constraint=models.CheckConstraint(condition=models.Q(('made_by__isnull', False), ('by_post__isnull', False), _connector='XOR'), name='visit_made_by_one', violation_error_message='Choose who made the visit.'),
                ),
                migrations.AddConstraint(
                    model_name='visit',
                    constraint=models.CheckConstraint(condition=models.Q(('child_seen', True), models.Q(('seen_alone', 'yes'), _negated=True), _connector='OR'), name='visit_alone_only_if_seen', violation_error_message='A child who was not seen was not seen alone.'),
                ),
                migrations.AddConstraint(
                    model_name='visit',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('not_seen_because', 'no_answer'), _negated=True), models.Q(('bedroom_seen', 'yes'), _negated=True), _connector='OR'), name='visit_bedroom_only_inside', violation_error_message='If no one answered, the bedroom was not seen.'),
                ),
                migrations.AddConstraint(
                    model_name='visit',
                    constraint=models.CheckConstraint(condition=models.Q(('child_seen', False), models.Q(('next_try_on__isnull', True), ('not_seen_because', '')), _connector='OR'), name='visit_seen_needs_no_next_try', violation_error_message='If the child was seen, there is no reason why not, and no next try.'),
                ),
                migrations.AddConstraint(
                    model_name='visit',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrected_at__isnull', True), ('corrected_by__isnull', True), ('superseded_by__isnull', True)), models.Q(('corrected_at__isnull', False), ('corrected_because__regex', '\\S'), ('corrected_by__isnull', False)), _connector='OR'), name='visit_corrected_with_reason', violation_error_message='Say what was wrong.'),
                ),
                migrations.AddConstraint(
                    model_name='visit',
                    constraint=models.CheckConstraint(condition=models.Q(('superseded_by__isnull', True), models.Q(('superseded_by', models.F('pk')), _negated=True), _connector='OR'), name='visit_not_superseded_by_itself'),
                ),
            ],
        ),
    ]
