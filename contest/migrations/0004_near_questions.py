from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contest', '0003_event_certificates'),
    ]

    operations = [
        migrations.AddField(
            model_name='poolitem',
            name='near',
            field=models.JSONField(blank=True, default=list, help_text='neighbourhoods of questions that give each other away'),
        ),
    ]
