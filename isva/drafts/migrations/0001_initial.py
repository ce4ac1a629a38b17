import django.db.models.deletion
import uuid
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
            name='Submission',
            fields=[
                ('token', models.UUIDField(primary_key=True, serialize=False)),
                ('claimed_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('form', models.CharField(max_length=60)),
                ('about', models.UUIDField(null=True)),
                ('key_hash', models.CharField(max_length=64, null=True, unique=True)),
                ('sealed', models.BinaryField()),
                ('kept_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.service')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('service', 'user', 'form', 'about'), name='one_draft_per_form', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('user__isnull', False), ('key_hash__isnull', False), _connector='OR'), name='draft_belongs_to_someone')],
            },
        ),
    ]
