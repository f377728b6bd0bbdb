"""Pages of contests. Certificates and the organizer's console keep their own lists."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from contest.views import board, contest_page, home, mock, paper, result

app_name = "contest"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("cua-toi/", result.mine, name="mine"),
    path("c/<slug:slug>/", contest_page.contest, name="contest"),
    path("c/<slug:slug>/the-le/", contest_page.rules, name="rules"),
    path("c/<slug:slug>/ma-qr.svg", contest_page.qr, name="qr"),
    path("c/<slug:slug>/vong/<int:number>/", contest_page.round_page, name="round"),
    path("c/<slug:slug>/vong/<int:number>/bat-dau/", contest_page.start, name="start"),
    path("thi-thu/", mock.mock_rounds, name="mock_rounds"),
    path("c/<slug:slug>/vong/<int:number>/thi-thu/", mock.mock, name="mock"),
    path("c/<slug:slug>/bang/", board.board, name="board"),
    path("t/<str:public_id>/", paper.attempt, name="attempt"),
    path("t/<str:public_id>/luu/", paper.save, name="save"),
    path("t/<str:public_id>/du-doan/", paper.predict, name="predict"),
    path("t/<str:public_id>/nop/", paper.submit, name="submit"),
    path("t/<str:public_id>/tiep/", paper.take_over, name="take_over"),
    path("t/<str:public_id>/trang-thai.json", paper.state, name="attempt_state"),
    path("k/<str:public_id>/", result.result, name="result"),
    path("k/<str:public_id>/trang-thai.json", result.state, name="result_state"),
    path("k/<str:public_id>/don-vi.json", result.unit_place, name="unit_place"),
    path("k/<str:public_id>/xem-lai/", result.review, name="review"),
    path("k/<str:public_id>/du-doan/", result.predict, name="predict_after"),
    path("", include("contest.urls_invites")),
    path("gcn/", include("contest.urls_certificates")),
    path("quan-ly/", include("contest.urls_console")),
]
