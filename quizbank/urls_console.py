"""The bank's console, below /quan-ly/ngan-hang/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from quizbank.views import bank_editor, bank_list, bank_question, bank_sets

urlpatterns: list[URLPattern | URLResolver] = [
    path("", bank_list.bank, name="bank"),
    path("loat/", bank_list.bulk, name="bank_bulk"),
    path("nhat-ky/", bank_list.log, name="bank_log"),
    path("moi/", bank_editor.new, name="bank_new"),
    path("thu/", bank_editor.try_out, name="bank_try"),
    path("niem-phong/", bank_sets.sets, name="bank_sets"),
    path("niem-phong/<str:public_id>/", bank_sets.sealed_set, name="bank_set"),
    path("c/<str:public_id>/", bank_question.question, name="bank_question"),
    path("c/<str:public_id>/sua/", bank_editor.edit, name="bank_edit"),
    path("c/<str:public_id>/viec/", bank_question.decide, name="bank_decide"),
    path("c/<str:public_id>/nhan-ban/", bank_question.copy, name="bank_clone"),
]
