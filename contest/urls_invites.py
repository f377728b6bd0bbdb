"""Addresses of invitations, included once at the root: short ones, because they are printed and read out."""

from __future__ import annotations

from django.urls import URLPattern, path

from contest.views import invites
from contest.views.console import invites as console

urlpatterns: list[URLPattern] = [
    path("moi/<str:code>.png", invites.invite_image, name="invite_image"),
    path("moi/<str:code>.svg", invites.invite_qr, name="invite_qr"),
    path("moi/<str:code>/", invites.landing, name="invite"),
    path("c/<slug:slug>/anh.png", invites.share_image, name="share_image"),
    path("c/<slug:slug>/lan-toa/", invites.spread, name="spread"),
    path("c/<slug:slug>/lan-toa/link/", invites.make_link, name="make_link"),
    path("quan-ly/cuoc-thi/<slug:slug>/lan-toa/", console.spread, name="console_spread"),
]
