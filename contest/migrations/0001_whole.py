import contest.invites
import django.db.models.deletion
import people.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What all former migrations make, in the fewest operations: a new database takes this way (decision 047)."""

    replaces = [
        ("contest", "0001_initial"),
        ("contest", "0002_initial"),
        ("contest", "0003_event_certificates"),
        ("contest", "0004_near_questions"),
        ("contest", "0005_invites"),
        ("contest", "0006_rewards_off"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("quizbank", "0001_whole"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=people.ids.new_public_id, editable=False, max_length=22, unique=True),
                ),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="Đường dẫn")),
                ("title", models.CharField(max_length=200, verbose_name="Tên cuộc thi")),
                ("summary", models.CharField(blank=True, max_length=300, verbose_name="Giới thiệu ngắn")),
                ("description", models.TextField(blank=True, verbose_name="Giới thiệu")),
                ("organizer", models.CharField(max_length=200, verbose_name="Đơn vị tổ chức")),
                ("listed_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("invites_on", models.BooleanField(default=True, verbose_name="Bảng lan tỏa")),
                ("rewards_on", models.BooleanField(default=True, verbose_name="Điểm thưởng của việc học")),
                ("invites_counted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                        related_name="contests",
                        to="people.unit",
                        verbose_name="Phạm vi",
                    ),
                ),
            ],
            options={
                "verbose_name": "cuộc thi",
                "verbose_name_plural": "cuộc thi",
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=people.ids.new_public_id, editable=False, max_length=22, unique=True),
                ),
                ("full_name", models.CharField(max_length=100)),
                ("is_minor", models.BooleanField(default=False)),
                ("group", models.CharField(blank=True, max_length=24)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("ranked", "Được xếp hạng"),
                            ("unranked", "Không xếp hạng"),
                            ("barred", "Không được công nhận"),
                        ],
                        default="ranked",
                        max_length=10,
                    ),
                ),
                ("status_reason", models.CharField(blank=True, max_length=300)),
                ("registered_at", models.DateTimeField()),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="contest.contest"
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="people.resident"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.unit"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["contest", "unit"], name="entry_units")],
                "constraints": [models.UniqueConstraint(fields=("contest", "resident"), name="entry_once")],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=people.ids.new_public_id, editable=False, max_length=22, unique=True),
                ),
                ("period", models.CharField(max_length=16)),
                ("slot", models.PositiveSmallIntegerField()),
                ("seed", models.BigIntegerField()),
                ("dealt", models.CharField(max_length=1500)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Đang làm"), ("submitted", "Đã nộp"), ("expired", "Hết giờ")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("lease", models.PositiveIntegerField(default=1)),
                ("started_at", models.DateTimeField()),
                ("deadline", models.DateTimeField()),
                ("accept_until", models.DateTimeField(help_text="deadline plus the published grace")),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("duration_ms", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "prediction",
                    models.BigIntegerField(blank=True, help_text="scaled by the rule set's decimals", null=True),
                ),
                ("predicted_at", models.DateTimeField(blank=True, null=True)),
                ("sheet", models.CharField(blank=True, max_length=1000)),
                ("extras", models.JSONField(blank=True, default=dict)),
                ("answered", models.PositiveSmallIntegerField(default=0)),
                ("points_milli", models.PositiveIntegerField(blank=True, null=True)),
                ("correct", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("graded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "graded_by",
                    models.PositiveIntegerField(default=0, help_text="number of the grading run that set the points"),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="contest.entry"
                    ),
                ),
            ],
            options={
                "verbose_name": "lượt thi",
                "verbose_name_plural": "lượt thi",
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "period", "slot"), name="attempt_slot_once"),
                    models.CheckConstraint(
                        condition=models.Q(("accept_until__gte", models.F("deadline"))),
                        name="attempt_grace_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("landed_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitation", to="contest.entry"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InviteCredit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("counted", "Được tính"),
                            ("held", "Đang xem xét"),
                            ("refused", "Không được tính"),
                            ("lost", "Không còn hiệu lực"),
                        ],
                        max_length=8,
                    ),
                ),
                ("earned_at", models.DateTimeField(help_text="when the first paper that counts was handed in")),
                ("reasons", models.JSONField(default=list)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("counted", "Được tính"),
                            ("held", "Đang xem xét"),
                            ("refused", "Không được tính"),
                            ("lost", "Không còn hiệu lực"),
                        ],
                        help_text="counted or refused",
                        max_length=8,
                    ),
                ),
                ("judged", models.JSONField(default=list)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_reason", models.CharField(blank=True, max_length=300)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invitation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="credit", to="contest.invitation"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "earned_at"], name="invite_credit_state")],
            },
        ),
        migrations.CreateModel(
            name="InviteLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(default=contest.invites.new_code, editable=False, max_length=10, unique=True),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invite_links", to="contest.contest"
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
                    "resident",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.resident"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.unit"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resident__isnull", False)),
                        fields=("contest", "resident"),
                        name="invite_link_once_a_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("resident__isnull", True)),
                        fields=("contest", "unit"),
                        name="invite_link_once_a_unit",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="invitation",
            name="link",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="contest.invitelink"
            ),
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=people.ids.new_public_id, editable=False, max_length=22, unique=True),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("score", "Chấm bài"),
                            ("close", "Chốt kết quả"),
                            ("regrade", "Chấm lại"),
                            ("certificates", "Làm giấy chứng nhận"),
                            ("board", "Dựng lại bảng xếp hạng"),
                            ("demo", "Thêm dữ liệu dùng thử"),
                        ],
                        max_length=16,
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Đang chờ"),
                            ("running", "Đang chạy"),
                            ("done", "Xong"),
                            ("failed", "Chưa xong"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("payload", models.JSONField(default=dict)),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=500)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("beat_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "beat_at"], name="job_due")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=("key",),
                        name="job_one_unfinished",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=people.ids.new_public_id, editable=False, max_length=22, unique=True),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="Vòng")),
                ("title", models.CharField(max_length=200, verbose_name="Tên vòng thi")),
                ("opens_at", models.DateTimeField(verbose_name="Mở lúc")),
                ("closes_at", models.DateTimeField(verbose_name="Đóng lúc")),
                ("blueprint", models.JSONField(default=list)),
                ("seed", models.CharField(default=people.ids.new_public_id, editable=False, max_length=22)),
                ("frozen_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("score_requested_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rounds", to="contest.contest"
                    ),
                ),
            ],
            options={
                "verbose_name": "vòng thi",
                "verbose_name_plural": "vòng thi",
                "ordering": ["contest_id", "number"],
                "indexes": [models.Index(fields=["opens_at", "closes_at"], name="round_window")],
                "constraints": [
                    models.UniqueConstraint(fields=("contest", "number"), name="round_once"),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))), name="round_closes_after_it_opens"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResultSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=people.ids.new_public_id, editable=False, max_length=22, unique=True),
                ),
                ("number", models.PositiveIntegerField()),
                ("counts", models.JSONField(default=dict)),
                ("truth", models.BigIntegerField(null=True)),
                ("full_points_milli", models.PositiveIntegerField(default=0)),
                ("root", models.CharField(blank=True, max_length=64)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("computed_at", models.DateTimeField()),
                ("completed_at", models.DateTimeField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="result_sets", to="contest.round"
                    ),
                ),
            ],
            options={
                "ordering": ["round_id", "number"],
                "constraints": [models.UniqueConstraint(fields=("round", "number"), name="result_set_once")],
            },
        ),
        migrations.CreateModel(
            name="PoolItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("cell", models.PositiveSmallIntegerField(help_text="index of the blueprint line this item may fill")),
                ("points_milli", models.PositiveIntegerField(default=1000)),
                ("group", models.CharField(blank=True, max_length=24)),
                (
                    "near",
                    models.JSONField(
                        blank=True, default=list, help_text="neighbourhoods of questions that give each other away"
                    ),
                ),
                ("key_override", models.JSONField(blank=True, null=True)),
                ("voided", models.BooleanField(default=False)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="quizbank.questionversion"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pool", to="contest.round"
                    ),
                ),
            ],
            options={
                "ordering": ["round_id", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "position"), name="pool_position_once"),
                    models.UniqueConstraint(fields=("round", "version"), name="pool_version_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(default=people.ids.new_public_id, editable=False, max_length=22, unique=True),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("participant", "Giấy chứng nhận tham gia"),
                            ("winner", "Giấy chứng nhận đạt giải"),
                            ("unit", "Giấy chứng nhận tập thể"),
                        ],
                        max_length=12,
                    ),
                ),
                ("event_ref", models.CharField(blank=True, max_length=22)),
                ("player_ref", models.CharField(blank=True, max_length=22)),
                ("facts", models.JSONField(default=dict)),
                ("issued_at", models.DateTimeField()),
                ("drawn_at", models.DateTimeField(null=True)),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_reason", models.CharField(blank=True, max_length=300)),
                (
                    "resident",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.resident"
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
                (
                    "contest",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="contest.contest",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="contest.entry",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="contest.round",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["round", "drawn_at"], name="certificate_undrawn")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("entry", "round", "kind"),
                        name="certificate_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("event_ref", ""), _negated=True), ("revoked_at__isnull", True)),
                        fields=("event_ref", "player_ref", "kind"),
                        name="certificate_of_event_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("contest__isnull", False), ("entry__isnull", False), ("event_ref", "")),
                            models.Q(
                                models.Q(("event_ref", ""), _negated=True),
                                ("entry__isnull", True),
                                ("unit__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="certificate_of_contest_or_event",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BoardUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("people", models.IntegerField(default=0)),
                ("points_milli", models.BigIntegerField(default=0)),
                ("perfect", models.IntegerField(default=0)),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.unit"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contest.round",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("round", "unit"), name="board_unit_once")],
            },
        ),
        migrations.CreateModel(
            name="BoardPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group", models.CharField(blank=True, max_length=24)),
                ("score", models.BigIntegerField()),
                ("points_milli", models.PositiveIntegerField()),
                ("perfect", models.BooleanField(default=False)),
                (
                    "attempt",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contest.attempt",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.unit"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="board_places", to="contest.entry"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="board_places", to="contest.round"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["round", "-score", "entry"], name="board_order"),
                    models.Index(fields=["round", "group", "-score", "entry"], name="board_group_order"),
                ],
                "constraints": [models.UniqueConstraint(fields=("round", "entry"), name="board_place_once")],
            },
        ),
        migrations.CreateModel(
            name="BoardBucket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("board", models.CharField(blank=True, max_length=24)),
                ("bucket", models.BigIntegerField()),
                ("people", models.IntegerField(default=0)),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contest.round",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("round", "board", "bucket"), name="board_bucket_once")],
            },
        ),
        migrations.AddField(
            model_name="attempt",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="attempts", to="contest.round"
            ),
        ),
        migrations.CreateModel(
            name="RuleSetVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("data", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("locked_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rule_sets", to="contest.contest"
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
            ],
            options={
                "ordering": ["contest_id", "number"],
                "constraints": [models.UniqueConstraint(fields=("contest", "number"), name="rule_set_once")],
            },
        ),
        migrations.AddField(
            model_name="round",
            name="rule_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="contest.rulesetversion"
            ),
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("board", models.CharField(blank=True, max_length=24)),
                ("position", models.PositiveIntegerField(help_text="dense 1..n, for paging")),
                ("rank", models.PositiveIntegerField()),
                ("tied", models.BooleanField(default=False)),
                ("points_milli", models.PositiveIntegerField()),
                ("correct", models.PositiveSmallIntegerField()),
                ("duration_ms", models.PositiveIntegerField()),
                ("distance", models.BigIntegerField(null=True)),
                ("submitted_at", models.DateTimeField()),
                ("attempts_used", models.PositiveSmallIntegerField(default=1)),
                ("salt", models.CharField(default=people.ids.new_public_id, max_length=22)),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="standings", to="contest.attempt"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="standings", to="contest.entry"
                    ),
                ),
                (
                    "result_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="standings", to="contest.resultset"
                    ),
                ),
            ],
            options={
                "ordering": ["result_set_id", "board", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("result_set", "board", "position"), name="standing_position_once"),
                    models.UniqueConstraint(fields=("result_set", "board", "entry"), name="standing_entry_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitStanding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("metric", models.CharField(max_length=24)),
                ("position", models.PositiveIntegerField()),
                ("rank", models.PositiveIntegerField()),
                ("tied", models.BooleanField(default=False)),
                ("value", models.BigIntegerField()),
                ("people", models.PositiveIntegerField()),
                ("detail", models.JSONField(default=dict)),
                (
                    "result_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unit_standings",
                        to="contest.resultset",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.unit"),
                ),
            ],
            options={
                "ordering": ["result_set_id", "metric", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("result_set", "metric", "unit"), name="unit_standing_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(help_text="index in the order shown, 0-based")),
                ("seq", models.PositiveIntegerField()),
                ("response", models.CharField(blank=True, max_length=500)),
                ("received_at", models.DateTimeField()),
                (
                    "attempt",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="contest.attempt",
                    ),
                ),
            ],
            options={
                "ordering": ["attempt_id", "position", "seq"],
                "constraints": [
                    models.UniqueConstraint(fields=("attempt", "position", "seq"), name="answer_event_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["round", "state", "accept_until"], name="attempt_due"),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("graded_at__isnull", True), models.Q(("state", "open"), _negated=True)),
                fields=["round"],
                name="attempt_ungraded",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("entry", "round"), name="attempt_one_open"
            ),
        ),
    ]
