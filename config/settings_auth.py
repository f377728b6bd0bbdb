"""The allauth block of the settings: a phone or an e-mail with a one-time code; passwords only for staff.

The code flow itself is ours (people/domain/codes.py, docs/decisions/020-one-field-sign-in.md); allauth keeps sessions,
passwords, the second factor, passkeys and identity providers. Limits per address of the network are wide, so that a
classroom behind one address is not locked out.
"""

from __future__ import annotations

import environ

_env = environ.Env()

ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "people.adapters.SocialAdapter"
ACCOUNT_FORMS = {"login": "people.forms.auth.StaffLoginForm", "reset_password": "people.forms.auth.StaffResetForm"}
SOCIALACCOUNT_FORMS = {"signup": "people.forms.auth.ThirdPartySignupForm"}

ACCOUNT_LOGIN_METHODS = {"username", "email"}
# The sign-up form these describe is shut (adapter). "password1" makes the staff's sign-in ask for a password;
# "email" must be listed, or allauth's third-party form raises ImproperlyConfigured.
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
# Addresses are proven by our own code before they are stored.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "300/m/ip,5/5m/key",
    "request_login_code": "600/m/ip",
    "confirm_code": "1200/m/ip",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "people.forms.auth.AddPasskeyForm",
    "edit_webauthn": "people.forms.auth.EditPasskeyForm",
}
MFA_TOTP_ISSUER = "Thi Số"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "people:me"
LOGOUT_REDIRECT_URL = "/"

SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_STORE_TOKENS = False
# One OpenID Connect provider by environment: a province's single sign-on, or VNeID through its gateway.
OIDC_SERVER_URL = _env.str("OIDC_SERVER_URL", default="")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": _env.str("OIDC_NAME", default="SSO"),
                "client_id": _env.str("OIDC_CLIENT_ID", default=""),
                "secret": _env.str("OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_SERVER_URL, "token_auth_method": "client_secret_basic"},
            }
        ]
        if OIDC_SERVER_URL
        else [],
    }
}
