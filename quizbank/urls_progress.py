"""What learning brings: achievements, the map of knowledge, the weekly league, goals of units. Mounted at /hoc/."""

from __future__ import annotations

from django.urls import path

from quizbank.views import progress, unit_goals

urlpatterns = [
    path("thanh-tich/", progress.progress, name="progress"),
    path("thanh-tich/tin-vui/", progress.news, name="news"),
    path("thanh-tich/cai-dat/", progress.settings, name="progress_settings"),
    path("ban-do/", progress.knowledge, name="knowledge"),
    path("bang-tuan/", progress.league, name="league"),
    path("khen-thuong/", progress.rewards_off, name="rewards_off"),
    path("muc-tieu/", unit_goals.goals, name="goals"),
    path("muc-tieu/moi/", unit_goals.goal_new, name="goal_new"),
    path("muc-tieu/<str:public_id>/", unit_goals.goal, name="goal"),
    path("muc-tieu/<str:public_id>/ma-qr.svg", unit_goals.goal_qr, name="goal_qr"),
    path("muc-tieu/<str:public_id>/ket-thuc/", unit_goals.goal_end, name="goal_end"),
]
