"""A question and its immutable versions. The key lives beside the content, never inside it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.ids import PUBLIC_ID_LENGTH, new_public_id
from quizbank.enums import Difficulty, KindCode, QuestionState


class Question(models.Model):
    """The lasting identity of a question through all its versions."""

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    code = models.CharField(_("Mã"), max_length=40, unique=True)
    topic = models.ForeignKey("quizbank.Topic", on_delete=models.PROTECT, related_name="questions")
    state = models.CharField(
        _("Trạng thái"), max_length=12, choices=QuestionState.choices, default=QuestionState.DRAFT, db_index=True
    )
    builtin = models.BooleanField(default=False)
    tags = models.JSONField(default=list, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="questions"
    )
    current = models.ForeignKey(
        "quizbank.QuestionVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sealed_in = models.ForeignKey(
        "quizbank.SealedSet", null=True, blank=True, on_delete=models.SET_NULL, related_name="questions"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]
        verbose_name = _("câu hỏi")
        verbose_name_plural = _("câu hỏi")

    def __str__(self) -> str:
        return self.code


class QuestionVersion(models.Model):
    """One frozen wording. ``content`` is what a participant may see; ``key`` is what nobody may see before
    the policy reveals it. Shapes of both are defined by the kind (quizbank/kinds/)."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("Loại câu"), max_length=12, choices=KindCode.choices)
    stem = models.TextField(_("Câu hỏi"))
    content = models.JSONField(default=dict)
    key = models.JSONField(default=dict)
    explanation = models.TextField(_("Giải thích"), blank=True)
    citation = models.CharField(_("Căn cứ"), max_length=400, blank=True)
    citation_url = models.URLField(_("Liên kết căn cứ"), max_length=500, blank=True)
    facts = models.JSONField(default=list, blank=True)
    audience = models.JSONField(default=list, blank=True)
    difficulty = models.CharField(_("Độ khó"), max_length=8, choices=Difficulty.choices)
    language = models.CharField(_("Ngôn ngữ"), max_length=5, default="vi")
    extra = models.JSONField(default=dict, blank=True)
    translations = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["question", "number"], name="version_once"),)

    def __str__(self) -> str:
        return f"{self.question_id}/{self.number}"

    # What makes a version the version it is; changing any of these after creation is refused.
    FROZEN: ClassVar[tuple[str, ...]] = (
        "question_id", "number", "kind", "stem", "content", "key", "explanation", "citation", "citation_url",
        "facts", "audience", "difficulty", "language", "extra", "translations", "digest",
    )  # fmt: skip

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **options: Any) -> QuestionVersion:
        version = super().from_db(db, field_names, values, **options)
        version.__dict__["_frozen"] = {name: version.__dict__.get(name) for name in cls.FROZEN}
        return version

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert, or change only the approval.

        Raises:
            ValueError: when a frozen field of a stored version was changed (edit makes a new version instead).
        """
        frozen = getattr(self, "_frozen", None)
        if self.pk and frozen is not None:
            changed = [n for n, old in frozen.items() if n in self.__dict__ and self.__dict__[n] != old]
            if changed:
                raise ValueError(f"a question version is immutable; tried to change {', '.join(changed)}")
        super().save(*args, **kwargs)
