"""Pages of live boards."""

from __future__ import annotations

from django.urls import path

from realtime import views

app_name = "realtime"
urlpatterns = [
    path("chieu/<slug:slug>/", views.projector, name="projector"),
    path("chieu/<slug:slug>/bang.json", views.board_state, name="board_state"),
]
