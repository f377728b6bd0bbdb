"""Addresses of certificates, below /gcn/."""

from __future__ import annotations

from django.urls import path

from contest.views import certificates

urlpatterns = [
    path("", certificates.verify_form, name="verify_form"),
    path("<str:code>.pdf", certificates.certificate_file, name="certificate_pdf"),
    path("<str:code>/", certificates.verify, name="verify"),
]
