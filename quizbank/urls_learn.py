"""Learning: cards, practice, the notebook of mistakes. Mounted at /hoc/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from quizbank.views import deck_files, practice, study

urlpatterns: list[URLPattern | URLResolver] = [
    path("", study.home, name="learn"),
    path("trang-thai.json", study.state, name="study_state"),
    path("on-tap.json", study.record, name="study_record"),
    path("luyen/", practice.practice, name="practice"),
    path("so-loi/", practice.mistakes, name="mistakes"),
    path("the/<slug:slug>/", study.deck, name="deck"),
    path("the/<slug:slug>/hoc/", study.study, name="study"),
    path("the/<slug:slug>/the.json", deck_files.deck_data, name="deck_data"),
    path("the/<slug:slug>/ma-qr.svg", deck_files.deck_qr, name="deck_qr"),
    path("the/<slug:slug>/in.pdf", deck_files.deck_pdf, name="deck_pdf"),
    path("the/<slug:slug>/nhung/", deck_files.deck_embed, name="deck_embed"),
    path("", include("quizbank.urls_progress")),
]
