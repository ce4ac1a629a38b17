"""Restricted clients and who is named on them; emergency openings, their review and the tries that led nowhere."""

import datetime
import django.db.models.deletion
import django.db.models.expressions
import isva.db.fields
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from isva.db.operations import tie_to_case, tie_to_client


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('casework', '0005_search_tokens'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EmergencyAttempt',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('reference', models.CharField(blank=True, max_length=7)),
                ('opened', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='EmergencyReview',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('letter_at', models.DateTimeField(blank=True, null=True)),
                ('verdict', models.CharField(blank=True, choices=[('justified', 'It was needed'), ('avoidable', 'It was needed, and could have been avoided'), ('unjustified', 'It was not needed')], max_length=12, verbose_name='what you found')),
                ('note', isva.db.fields.ProtectedText(blank=True, default='', max_length=2000, verbose_name='what you looked at, and what follows')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='HistoricalEmergencyReview',
            fields=[
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('recorded_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('letter_at', models.DateTimeField(blank=True, null=True)),
                ('verdict', models.CharField(blank=True, choices=[('justified', 'It was needed'), ('avoidable', 'It was needed, and could have been avoided'), ('unjustified', 'It was not needed')], max_length=12, verbose_name='what you found')),
                ('note', isva.db.fields.ProtectedText(blank=True, default='', max_length=2000, verbose_name='what you looked at, and what follows')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical emergency review',
                'verbose_name_plural': 'historical emergency reviews',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalNamedPerson',
            fields=[
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical named person',
                'verbose_name_plural': 'historical named persons',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRestriction',
            fields=[
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('recorded_at', models.DateTimeField()),
                ('reason', isva.db.fields.ProtectedText(blank=True, default='', max_length=500, verbose_name='reason')),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical restriction',
                'verbose_name_plural': 'historical restrictions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='NamedPerson',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField()),
                ('reason', isva.db.fields.ProtectedText(blank=True, default='', max_length=500, verbose_name='reason')),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name='grant',
            name='category',
            field=models.CharField(blank=True, choices=[('danger', 'Somebody is in immediate danger'), ('unreachable', 'The client needs help now and their worker cannot be reached'), ('safeguarding', 'A safeguarding enquiry that cannot wait'), ('court', 'Court or police need an answer today'), ('other', 'Something else')], max_length=12),
        ),
        migrations.AddField(
            model_name='historicalgrant',
            name='category',
            field=models.CharField(blank=True, choices=[('danger', 'Somebody is in immediate danger'), ('unreachable', 'The client needs help now and their worker cannot be reached'), ('safeguarding', 'A safeguarding enquiry that cannot wait'), ('court', 'Court or police need an answer today'), ('other', 'Something else')], max_length=12),
        ),
        migrations.AlterField(
            model_name='grant',
            name='why',
            field=models.CharField(choices=[('allocation', 'Allocated'), ('interim', 'Interim worker'), ('cover', 'Cover'), ('named', 'Named on a restricted case'), ('break_glass', 'Emergency opening')], max_length=12),
        ),
        migrations.AlterField(
            model_name='historicalgrant',
            name='why',
            field=models.CharField(choices=[('allocation', 'Allocated'), ('interim', 'Interim worker'), ('cover', 'Cover'), ('named', 'Named on a restricted case'), ('break_glass', 'Emergency opening')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('category', ''), ('why', 'break_glass'), _connector='OR'), name='only_an_emergency_has_a_category'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('why', 'break_glass'), _negated=True), models.Q(models.Q(('category', ''), _negated=True), models.Q(('reason', ''), _negated=True), ('read_only', True), ('until__isnull', False), ('until__lte', django.db.models.expressions.CombinedExpression(models.F('starts_at'), '+', models.Value(datetime.timedelta(seconds=3600))))), _connector='OR'), name='an_emergency_is_short_read_only_and_reasoned'),
        ),
        migrations.AddField(
            model_name='emergencyattempt',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.service'),
        ),
        migrations.AddField(
            model_name='emergencyattempt',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='emergencyreview',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='casework.case'),
        ),
        migrations.AddField(
            model_name='emergencyreview',
            name='opening',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='casework.grant'),
        ),
        migrations.AddField(
            model_name='emergencyreview',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='emergencyreview',
            name='reviewed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='emergencyreview',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.service'),
        ),
        migrations.AddField(
            model_name='historicalemergencyreview',
            name='case',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.case'),
        ),
        migrations.AddField(
            model_name='historicalemergencyreview',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalemergencyreview',
            name='opening',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.grant'),
        ),
        migrations.AddField(
            model_name='historicalemergencyreview',
            name='recorded_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalemergencyreview',
            name='reviewed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalemergencyreview',
            name='service',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.service'),
        ),
        migrations.AddField(
            model_name='historicalnamedperson',
            name='client',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.client'),
        ),
        migrations.AddField(
            model_name='historicalnamedperson',
            name='ended_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalnamedperson',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalnamedperson',
            name='recorded_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalnamedperson',
            name='service',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.service'),
        ),
        migrations.AddField(
            model_name='historicalnamedperson',
            name='user',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalrestriction',
            name='client',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.client'),
        ),
        migrations.AddField(
            model_name='historicalrestriction',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalrestriction',
            name='lifted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalrestriction',
            name='recorded_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalrestriction',
            name='service',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.service'),
        ),
        migrations.AddField(
            model_name='namedperson',
            name='client',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='casework.client'),
        ),
        migrations.AddField(
            model_name='namedperson',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='namedperson',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='namedperson',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.service'),
        ),
        migrations.AddField(
            model_name='namedperson',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='restriction',
            name='client',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='casework.client'),
        ),
        migrations.AddField(
            model_name='restriction',
            name='lifted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='restriction',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='restriction',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.service'),
        ),
        migrations.AddField(
            model_name='namedperson',
            name='restriction',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='named', to='casework.restriction'),
        ),
        migrations.AddField(
            model_name='historicalnamedperson',
            name='restriction',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.restriction'),
        ),
        migrations.AddIndex(
            model_name='emergencyattempt',
            index=models.Index(fields=['service', 'at'], name='casework_em_service_2383b5_idx'),
        ),
        migrations.AddIndex(
            model_name='emergencyreview',
            index=models.Index(condition=models.Q(('reviewed_at__isnull', True)), fields=['service', 'due_on'], name='openings_to_review'),
        ),
        migrations.AddConstraint(
            model_name='emergencyreview',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed_by__isnull', True), models.Q(('reviewed_by', models.F('recorded_by')), _negated=True), _connector='OR'), name='nobody_reviews_their_own_opening'),
        ),
        migrations.AddConstraint(
            model_name='emergencyreview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reviewed_at__isnull', True), ('reviewed_by__isnull', True), ('verdict', '')), models.Q(models.Q(('verdict', ''), _negated=True), ('reviewed_at__isnull', False), ('reviewed_by__isnull', False)), _connector='OR'), name='a_review_has_a_verdict_and_a_reviewer'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('client',), name='one_restriction_per_client'),
        ),
        migrations.AddConstraint(
            model_name='namedperson',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('restriction', 'user'), name='named_once'),
        ),
        *tie_to_client("restriction", "namedperson"),
        *tie_to_case("emergencyreview"),
    ]
