"""Pages of the question bank: what learners use, and what authors use."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from quizbank.views import pictures

app_name = "quizbank"
urlpatterns: list[URLPattern | URLResolver] = [
    path("quan-ly/ngan-hang/", include("quizbank.urls_console")),
    path("anh/<str:sha256>.webp", pictures.picture, name="picture"),
    path("hoc/", include("quizbank.urls_learn")),
    path("quan-ly/ngan-hang/", include("quizbank.urls_files")),
]
