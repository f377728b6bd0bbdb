"""Pages of live boards and live events."""

from __future__ import annotations

from django.urls import include, path

from realtime.views import board, live_play

app_name = "realtime"
urlpatterns = [
    path("chieu/<slug:slug>/", board.projector, name="projector"),
    path("chieu/<slug:slug>/bang.json", board.board_state, name="board_state"),
    path("choi/", live_play.pin, name="pin"),
    path("choi/<str:code>/", live_play.play, name="play"),
    path("su-kien/<str:public_id>/man-hinh/", live_play.wall, name="wall"),
    path("su-kien/<str:public_id>/man-hinh/trang-thai.json", live_play.wall_state, name="wall_state"),
    path("su-kien/<str:public_id>/qr.svg", live_play.event_qr, name="event_qr"),
    path("quan-ly/su-kien/", include("realtime.urls_live_console")),
]
