"""Files of questions in and out, and what questions' figures say. Mounted at /quan-ly/ngan-hang/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from quizbank.views import exports, imports, statistics

urlpatterns: list[URLPattern | URLResolver] = [
    path("nhap/", imports.imports, name="imports"),
    path("nhap/moi/", imports.new, name="import_new"),
    path("nhap/mau/<slug:code>/", imports.template, name="import_template"),
    path("nhap/<str:public_id>/", imports.page, name="import_page"),
    path("nhap/<str:public_id>/tien-do/", imports.progress, name="import_progress"),
    path("nhap/<str:public_id>/chon/", imports.choose, name="import_choose"),
    path("nhap/<str:public_id>/bo-sung/", imports.mend, name="import_mend"),
    path("nhap/<str:public_id>/luu/", imports.store, name="import_store"),
    path("nhap/<str:public_id>/hoan-tac/", imports.undo, name="import_undo"),
    path("nhap/<str:public_id>/bo/", imports.drop, name="import_drop"),
    path("xuat/", exports.export, name="export"),
    path("so-lieu/", statistics.overview, name="statistics"),
    path("so-lieu/<str:public_id>/", statistics.question, name="question_statistics"),
    path("so-lieu/<str:public_id>/do-kho/", statistics.difficulty, name="question_difficulty"),
]
