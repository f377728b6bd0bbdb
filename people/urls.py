"""Pages of the account, under /tai-khoan/. Some shadow pages of allauth that our one-field sign-in replaces."""

from __future__ import annotations

from django.urls import path

from people.views import account, consent, contact, profile, signin, units

app_name = "people"
urlpatterns = [
    path("vao/", signin.signup, name="signup"),
    path("ma/", signin.code, name="code"),
    path("ma/gui-lai/", signin.resend, name="resend"),
    path("", account.me, name="me"),
    path("ho-so/", profile.profile, name="profile"),
    path("don-vi/", units.units_search, name="units_search"),
    path("dong-y/", consent.consent, name="consent"),
    path("lien-lac/", contact.contact, name="contact"),
    path("xoa/", account.erase, name="erase"),
    # allauth's own pages for the same things; its links and bookmarks land on ours.
    path("signup/", signin.allauth_page_moved, name="signup_moved"),
    path("email/", contact.allauth_page_moved, name="email_moved"),
    path("confirm-email/", contact.allauth_page_moved, name="confirm_email_moved"),
]
