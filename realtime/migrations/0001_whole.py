import django.db.models.deletion
import people.ids
import realtime.models.event
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What all former migrations make, in the fewest operations: a new database takes this way (decision 047)."""

    replaces = [
        ("realtime", "0001_initial"),
        ("realtime", "0002_coming_back_and_forgetting"),
    ]

    initial = True

    dependencies = [
        ("contest", "0001_whole"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("quizbank", "0001_whole"),
    ]

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=people.ids.new_public_id, editable=False, max_length=22, unique=True),
                ),
                ("title", models.CharField(max_length=120, verbose_name="Tên sự kiện")),
                (
                    "mode",
                    models.CharField(
                        choices=[("race", "Đua tốc độ"), ("team", "Đua đội"), ("bell", "Rung chuông vàng")],
                        max_length=8,
                        verbose_name="Hình thức",
                    ),
                ),
                ("language", models.CharField(default="vi", max_length=5)),
                ("rules", models.JSONField(default=dict)),
                ("pin", models.CharField(blank=True, max_length=8, null=True, unique=True)),
                ("secret", models.CharField(default=realtime.models.event.new_secret, editable=False, max_length=64)),
                ("state", models.JSONField(default=dict)),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("draft", "Đang soạn"),
                            ("lobby", "Phòng chờ"),
                            ("intro", "Đọc câu hỏi"),
                            ("open", "Đang trả lời"),
                            ("locked", "Đã khóa câu trả lời"),
                            ("reveal", "Đáp án"),
                            ("board", "Bảng điểm"),
                            ("rescue", "Cứu trợ"),
                            ("podium", "Trao giải"),
                            ("ended", "Đã kết thúc"),
                            ("aborted", "Đã dừng giữa chừng"),
                        ],
                        default="draft",
                        max_length=8,
                    ),
                ),
                (
                    "index",
                    models.SmallIntegerField(
                        default=-1, help_text="place of the present question in the running order, 0-based"
                    ),
                ),
                ("instance", models.PositiveIntegerField(default=0)),
                ("opens_at", models.BigIntegerField(default=0)),
                ("closes_at", models.BigIntegerField(default=0)),
                ("paused_at", models.BigIntegerField(default=0)),
                ("due_at", models.BigIntegerField(help_text="when the clock has something to do next", null=True)),
                ("locked", models.BooleanField(default=False, help_text="nobody new may come in")),
                ("ghosts", models.BooleanField(default=False)),
                ("rehearsal", models.BooleanField(default=False)),
                ("seq", models.PositiveBigIntegerField(default=0)),
                (
                    "stage_seq",
                    models.PositiveBigIntegerField(default=0, help_text="the last change that moved the stage"),
                ),
                ("epoch", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "counted_at",
                    models.DateTimeField(blank=True, help_text="when the result went into a contest round", null=True),
                ),
                (
                    "forgotten_at",
                    models.DateTimeField(blank=True, help_text="when the names of its guests were erased", null=True),
                ),
                (
                    "contest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="contest.contest",
                    ),
                ),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                        verbose_name="Đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "sự kiện",
                "verbose_name_plural": "sự kiện",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="event_due"),
                    models.Index(fields=["unit", "-created_at"], name="event_of_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pin__isnull", True), ("ended_at__isnull", True), _connector="OR"),
                        name="event_pin_while_alive",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EventLog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
                ("who", models.CharField(max_length=60)),
                ("action", models.CharField(max_length=16)),
                ("data", models.JSONField(default=dict)),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="log",
                        to="realtime.event",
                    ),
                ),
            ],
            options={
                "ordering": ["event_id", "seq"],
                "constraints": [models.UniqueConstraint(fields=("event", "seq"), name="event_log_once")],
            },
        ),
        migrations.CreateModel(
            name="EventQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("seconds", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("read_seconds", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("points", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "stakes",
                    models.CharField(
                        choices=[
                            ("out", "Sai là rời sàn"),
                            ("safe", "Không ai phải rời sàn"),
                            ("cutoff", "Câu chốt: sai là rời sàn và không được cứu trợ nữa"),
                        ],
                        default="out",
                        max_length=8,
                    ),
                ),
                (
                    "play",
                    models.CharField(
                        choices=[
                            ("quiz", "Câu hỏi có đáp án"),
                            ("poll", "Thăm dò ý kiến"),
                            ("closest", "Đoán gần đúng nhất"),
                            ("cloud", "Đám mây từ"),
                        ],
                        default="quiz",
                        max_length=8,
                    ),
                ),
                ("extra", models.BooleanField(default=False)),
                ("practice", models.BooleanField(default=False)),
                ("key_also", models.JSONField(blank=True, default=list)),
                ("voided", models.BooleanField(default=False)),
                ("instance", models.PositiveIntegerField(default=0)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="realtime.event"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="quizbank.questionversion"
                    ),
                ),
            ],
            options={
                "ordering": ["event_id", "position"],
                "constraints": [models.UniqueConstraint(fields=("event", "position"), name="event_question_once")],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("host", "Người dẫn"),
                            ("cohost", "Người dẫn phụ"),
                            ("marshal", "Trọng tài sàn"),
                            ("wall", "Màn hình lớn"),
                        ],
                        max_length=8,
                    ),
                ),
                ("key_hash", models.CharField(blank=True, max_length=64)),
                ("label", models.CharField(blank=True, max_length=100)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="realtime.event"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("user__isnull", False), ("key_hash", "")),
                            models.Q(("user__isnull", True), models.Q(("key_hash", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="grant_user_or_key",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True), ("user__isnull", False)),
                        fields=("event", "user", "role"),
                        name="grant_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("key_hash", ""), _negated=True), fields=("key_hash",), name="grant_key_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Player",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=people.ids.new_public_id, editable=False, max_length=22, unique=True),
                ),
                ("ticket", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=100)),
                ("shown", models.CharField(blank=True, default="", max_length=100)),
                ("skeleton", models.CharField(max_length=200)),
                (
                    "name_state",
                    models.CharField(
                        choices=[("ok", "Ok"), ("waiting", "Waiting"), ("refused", "Refused")],
                        default="ok",
                        max_length=8,
                    ),
                ),
                ("seat", models.PositiveIntegerField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("in", "Đang thi"),
                            ("out", "Đã rời sàn"),
                            ("reserve", "Dự bị"),
                            ("spectator", "Khán giả"),
                            ("kicked", "Đã mời ra"),
                            ("banned", "Đã chặn"),
                        ],
                        default="in",
                        max_length=10,
                    ),
                ),
                ("out_at", models.SmallIntegerField(null=True)),
                (
                    "left_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in", "Đang thi"),
                            ("out", "Đã rời sàn"),
                            ("reserve", "Dự bị"),
                            ("spectator", "Khán giả"),
                            ("kicked", "Đã mời ra"),
                            ("banned", "Đã chặn"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("left_seat", models.PositiveIntegerField(null=True)),
                ("marshal", models.BooleanField(default=False, help_text="has no phone; a marshal marks the board")),
                ("bot", models.BooleanField(default=False)),
                ("since", models.PositiveIntegerField(default=0, help_text="first instance this player may answer")),
                ("joined_at", models.DateTimeField()),
                ("score", models.IntegerField(default=0)),
                ("ghost_score", models.IntegerField(default=0)),
                ("correct", models.PositiveSmallIntegerField(default=0)),
                ("time_ms", models.PositiveIntegerField(default=0)),
                ("streak", models.PositiveSmallIntegerField(default=0)),
                ("rank", models.PositiveIntegerField(default=0)),
                ("tied", models.BooleanField(default=False)),
                ("was", models.PositiveIntegerField(default=0)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="players", to="realtime.event"
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="people.resident"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["event_id", "pk"],
                "indexes": [models.Index(fields=["event", "rank"], name="player_ranks")],
                "constraints": [
                    models.UniqueConstraint(fields=("event", "ticket"), name="player_ticket_once"),
                    models.UniqueConstraint(fields=("event", "seat"), name="player_seat_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("resident__isnull", False)),
                        fields=("event", "resident"),
                        name="player_resident_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LiveAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("instance", models.PositiveIntegerField()),
                ("response", models.CharField(blank=True, max_length=200)),
                ("bet", models.PositiveSmallIntegerField(default=0)),
                ("received_ms", models.BigIntegerField()),
                ("elapsed_ms", models.PositiveIntegerField()),
                ("ghost", models.BooleanField(default=False)),
                ("verdict", models.BooleanField(null=True)),
                ("permille", models.PositiveSmallIntegerField(null=True)),
                ("points", models.IntegerField(null=True)),
                ("streak", models.PositiveSmallIntegerField(null=True)),
                (
                    "question",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="realtime.eventquestion",
                    ),
                ),
                (
                    "player",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="realtime.player"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("question", "instance", "player"), name="live_answer_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("code", models.CharField(max_length=12)),
                ("created_at", models.DateTimeField()),
                (
                    "captain",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="realtime.player"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="teams", to="realtime.event"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("event", "code"), name="team_code_once")],
            },
        ),
        migrations.AddField(
            model_name="player",
            name="team",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="players", to="realtime.team"
            ),
        ),
    ]
