# Whether a contest takes part in what learning earns: on for every contest there is.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contest', '0005_invites'),
    ]

    operations = [
        migrations.AddField(
            model_name='contest',
            name='rewards_on',
            field=models.BooleanField(default=True, verbose_name='Điểm thưởng của việc học'),
        ),
        # A further kind of long work: what the demonstration has besides its contest.
        migrations.AlterField(
            model_name='job',
            name='kind',
            field=models.CharField(choices=[('score', 'Chấm bài'), ('close', 'Chốt kết quả'), ('regrade', 'Chấm lại'), ('certificates', 'Làm giấy chứng nhận'), ('board', 'Dựng lại bảng xếp hạng'), ('demo', 'Thêm dữ liệu dùng thử')], max_length=16),
        ),
    ]
