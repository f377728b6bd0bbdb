# Answers in a mock round without rewards earn nothing; practice is counted quarter by quarter.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('quizbank', '0004_announced'),
    ]

    operations = [
        migrations.AddField(
            model_name='practiceanswer',
            name='earns',
            field=models.BooleanField(default=True),
        ),
        migrations.AddIndex(
            model_name='practiceanswer',
            index=models.Index(fields=['at'], name='practice_at'),
        ),
    ]
