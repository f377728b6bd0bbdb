import django.db.models.deletion
import people.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What all former migrations make, in the fewest operations: a new database takes this way (decision 047)."""

    replaces = [
        ("quizbank", "0001_initial"),
        ("quizbank", "0002_authors_and_learners"),
        ("quizbank", "0003_progress"),
        ("quizbank", "0004_announced"),
        ("quizbank", "0005_practice_source"),
        ("quizbank", "0006_returning"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Deck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name_vi", models.CharField(max_length=100, verbose_name="Tên bộ thẻ")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="Tên tiếng Anh")),
                ("about_vi", models.CharField(blank=True, max_length=300)),
                ("about_en", models.CharField(blank=True, max_length=300)),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("basic", "Cơ bản"),
                            ("resident", "Người dân"),
                            ("enterprise", "Doanh nghiệp"),
                            ("agency", "Cơ quan nhà nước"),
                        ],
                        max_length=10,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("builtin", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "bộ thẻ",
                "verbose_name_plural": "bộ thẻ",
                "ordering": ["position", "slug"],
            },
        ),
        migrations.CreateModel(
            name="LeagueWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("monday", models.DateField(unique=True)),
                ("drawn_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ProgressSetting",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="progress_setting",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("shown", models.BooleanField(default=True)),
                ("league", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name_vi", models.CharField(max_length=100, verbose_name="Tên")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="Tên tiếng Anh")),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "chủ đề",
                "verbose_name_plural": "chủ đề",
                "ordering": ["position", "slug"],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=people.ids.new_public_id, editable=False, max_length=22, unique=True),
                ),
                ("format", models.CharField(max_length=20)),
                ("filename", models.CharField(max_length=200)),
                ("source", models.BinaryField(null=True)),
                ("defaults", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "Đang đọc"),
                            ("read", "Chờ xác nhận"),
                            ("storing", "Đang lưu"),
                            ("stored", "Đã nhập"),
                            ("undone", "Đã hoàn tác"),
                            ("failed", "Không đọc được"),
                        ],
                        default="reading",
                        max_length=8,
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("notes", models.JSONField(default=list)),
                ("failure", models.CharField(blank=True, max_length=400)),
                ("created_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
                ("stored_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "lần nhập",
                "verbose_name_plural": "lần nhập",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(editable=False, max_length=64, unique=True)),
                ("data", models.BinaryField()),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "hình",
                "verbose_name_plural": "hình",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ProgressOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=people.ids.new_public_id, editable=False, max_length=22, unique=True),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="Mã")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Bản nháp"),
                            ("in_review", "Đang duyệt"),
                            ("approved", "Đã duyệt"),
                            ("retired", "Ngừng dùng"),
                        ],
                        db_index=True,
                        default="draft",
                        max_length=12,
                        verbose_name="Trạng thái",
                    ),
                ),
                ("builtin", models.BooleanField(default=False)),
                ("tags", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="questions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "câu hỏi",
                "verbose_name_plural": "câu hỏi",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Card",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("front", models.CharField(max_length=200, verbose_name="Mặt trước")),
                ("back", models.TextField(verbose_name="Mặt sau")),
                ("example", models.TextField(blank=True, verbose_name="Ví dụ")),
                ("citation", models.CharField(blank=True, max_length=400, verbose_name="Căn cứ")),
                ("facts", models.JSONField(blank=True, default=list)),
                ("translations", models.JSONField(blank=True, default=dict)),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("retired", models.BooleanField(default=False)),
                (
                    "deck",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cards", to="quizbank.deck"
                    ),
                ),
                ("questions", models.ManyToManyField(blank=True, related_name="cards", to="quizbank.question")),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="quizbank.topic"
                    ),
                ),
            ],
            options={
                "verbose_name": "thẻ ghi nhớ",
                "verbose_name_plural": "thẻ ghi nhớ",
                "ordering": ["position", "code"],
            },
        ),
        migrations.CreateModel(
            name="QuestionVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("single", "Chọn một đáp án"),
                            ("multiple", "Chọn nhiều đáp án"),
                            ("boolean", "Đúng hay sai"),
                            ("numeric", "Điền số"),
                            ("short", "Trả lời ngắn"),
                            ("ordering", "Sắp xếp thứ tự"),
                            ("matching", "Ghép cặp"),
                        ],
                        max_length=12,
                        verbose_name="Loại câu",
                    ),
                ),
                ("stem", models.TextField(verbose_name="Câu hỏi")),
                ("content", models.JSONField(default=dict)),
                ("key", models.JSONField(default=dict)),
                ("explanation", models.TextField(blank=True, verbose_name="Giải thích")),
                ("citation", models.CharField(blank=True, max_length=400, verbose_name="Căn cứ")),
                ("citation_url", models.URLField(blank=True, max_length=500, verbose_name="Liên kết căn cứ")),
                ("facts", models.JSONField(blank=True, default=list)),
                ("audience", models.JSONField(blank=True, default=list)),
                (
                    "difficulty",
                    models.CharField(
                        choices=[("easy", "Dễ"), ("medium", "Vừa"), ("hard", "Khó")],
                        max_length=8,
                        verbose_name="Độ khó",
                    ),
                ),
                ("language", models.CharField(default="vi", max_length=5, verbose_name="Ngôn ngữ")),
                ("extra", models.JSONField(blank=True, default=dict)),
                ("translations", models.JSONField(blank=True, default=dict)),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="quizbank.question"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("question", "number"), name="version_once")],
            },
        ),
        migrations.AddField(
            model_name="question",
            name="current",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="quizbank.questionversion",
            ),
        ),
        migrations.CreateModel(
            name="PracticeAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=36)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("endless", "Luyện liên tục"),
                            ("topic", "Theo chủ đề"),
                            ("weakness", "Phần còn yếu"),
                            ("mistakes", "Sổ lỗi sai"),
                            ("card", "Câu hỏi của thẻ"),
                            ("mock", "Thi thử"),
                        ],
                        max_length=8,
                    ),
                ),
                ("canonical", models.CharField(blank=True, max_length=200)),
                ("credit", models.PositiveSmallIntegerField()),
                ("earns", models.BooleanField(default=True)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="practice_answers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="practice_answers",
                        to="quizbank.questionversion",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["person", "-at"], name="practice_of_person"),
                    models.Index(fields=["person", "version", "-id"], name="practice_of_version"),
                    models.Index(fields=["at"], name="practice_at"),
                ],
                "constraints": [models.UniqueConstraint(fields=("person", "token"), name="practice_once")],
            },
        ),
        migrations.CreateModel(
            name="ImportedItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("place", models.CharField(max_length=60)),
                ("draft", models.JSONField()),
                ("problems", models.JSONField(default=list)),
                ("warnings", models.JSONField(default=list)),
                ("twins", models.JSONField(default=list)),
                ("chosen", models.BooleanField(default=True)),
                (
                    "coming",
                    models.CharField(
                        choices=[("new", "Câu mới"), ("changed", "Sửa câu đã có"), ("same", "Không đổi")],
                        default="new",
                        max_length=8,
                    ),
                ),
                ("before", models.JSONField(blank=True, default=dict)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="quizbank.importbatch"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="imported_from",
                        to="quizbank.question",
                    ),
                ),
                (
                    "base",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="quizbank.questionversion",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="quizbank.questionversion",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [models.UniqueConstraint(fields=("batch", "position"), name="imported_item_once")],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=1000, verbose_name="Nhận xét")),
                ("created_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="quizbank.questionversion",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="SealedSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=people.ids.new_public_id, editable=False, max_length=22, unique=True),
                ),
                ("name", models.CharField(max_length=120, verbose_name="Tên bộ đề")),
                ("created_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "readers",
                    models.ManyToManyField(blank=True, related_name="sealed_sets", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name": "bộ đề niêm phong",
                "verbose_name_plural": "bộ đề niêm phong",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="question",
            name="sealed_in",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="questions",
                to="quizbank.sealedset",
            ),
        ),
        migrations.CreateModel(
            name="Sighting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("opened", "Mở xem"),
                            ("edited", "Soạn, sửa"),
                            ("reviewed", "Duyệt"),
                            ("exported", "Xuất ra tệp"),
                            ("dealt", "Xem trước đề thi"),
                        ],
                        max_length=8,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "reader",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sightings",
                        to="quizbank.questionversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["version", "-at"], name="sighting_of_version")],
            },
        ),
        migrations.AddField(
            model_name="question",
            name="topic",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="quizbank.topic"
            ),
        ),
        migrations.CreateModel(
            name="Point",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("card", "Nhớ thẻ lần đầu"),
                            ("question", "Trả lời đúng lần đầu"),
                            ("day", "Một ngày học"),
                        ],
                        max_length=8,
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("points", models.PositiveSmallIntegerField()),
                ("day", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "card",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="quizbank.card"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="points", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="quizbank.question",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="quizbank.topic"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["person", "-at"], name="point_of_person"),
                    models.Index(fields=["kind", "day"], name="point_of_day"),
                ],
                "constraints": [models.UniqueConstraint(fields=("person", "key"), name="point_once")],
            },
        ),
        migrations.CreateModel(
            name="UnitGoal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=people.ids.new_public_id, editable=False, max_length=22, unique=True),
                ),
                ("title", models.CharField(max_length=120, verbose_name="Tên mục tiêu")),
                ("target", models.PositiveIntegerField(verbose_name="Số thẻ")),
                ("starts_on", models.DateField(verbose_name="Từ ngày")),
                ("ends_on", models.DateField(verbose_name="Đến hết ngày")),
                ("created_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="learning_goals", to="people.unit"
                    ),
                ),
            ],
            options={
                "verbose_name": "mục tiêu học",
                "verbose_name_plural": "mục tiêu học",
                "ordering": ["-starts_on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="goal_ends_after_it_starts"
                    ),
                    models.CheckConstraint(condition=models.Q(("target__gte", 1)), name="goal_of_something"),
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at__isnull", True)),
                        fields=("unit", "starts_on"),
                        name="goal_once_a_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VersionStatistic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=40)),
                ("label", models.CharField(max_length=200)),
                ("people", models.PositiveIntegerField()),
                ("data", models.JSONField(default=dict)),
                ("used_at", models.DateTimeField()),
                ("counted_at", models.DateTimeField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="statistics",
                        to="quizbank.questionversion",
                    ),
                ),
            ],
            options={
                "ordering": ["used_at", "id"],
                "constraints": [models.UniqueConstraint(fields=("version", "source"), name="statistic_once")],
            },
        ),
        migrations.CreateModel(
            name="Win",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("badge", "Huy hiệu"), ("level", "Cấp"), ("quest", "Việc nhỏ")], max_length=8
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wins", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("told_at__isnull", True)), fields=["person"], name="win_to_tell")
                ],
                "constraints": [models.UniqueConstraint(fields=("person", "kind", "code"), name="win_once")],
            },
        ),
        migrations.CreateModel(
            name="BadgeAward",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=24)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="badges", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "code"), name="badge_once")],
            },
        ),
        migrations.CreateModel(
            name="CardMemory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.JSONField(default=dict)),
                ("due", models.DateTimeField()),
                ("seen", models.PositiveIntegerField(default=0)),
                ("recalled", models.PositiveIntegerField(default=0)),
                ("first_recalled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memories", to="quizbank.card"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="card_memories",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "due"], name="memory_due")],
                "constraints": [models.UniqueConstraint(fields=("person", "card"), name="memory_once")],
            },
        ),
        migrations.CreateModel(
            name="CardReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=36)),
                ("rating", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="quizbank.card"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="card_reviews",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["person", "-at"], name="review_of_person")],
                "constraints": [models.UniqueConstraint(fields=("person", "token"), name="review_once")],
            },
        ),
        migrations.CreateModel(
            name="LeagueSeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tier", models.PositiveSmallIntegerField()),
                ("group", models.PositiveIntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="league_seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "week",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="seats", to="quizbank.leagueweek"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["week", "tier", "group"], name="seat_of_group")],
                "constraints": [models.UniqueConstraint(fields=("person", "week"), name="seat_once_a_week")],
            },
        ),
    ]
