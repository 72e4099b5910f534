"""Settings for every environment; what differs comes from environment variables.

Without ``DATABASE_URL`` or ``REDIS_URL`` a private PostgreSQL and Redis are started on demand (see
``cpconf.local_services``): development and tests use the same engines as production.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from accounts.encryption import key_from
from cpconf import local_services, logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

PRODUCTION = env.bool("CPCONF_PRODUCTION", default=False)
DEMO = env.bool("CPCONF_DEMO", default=not PRODUCTION)
DEBUG = env.bool("DJANGO_DEBUG", default=not PRODUCTION)
# Reload templates for each page, for people who edit them.
TEMPLATE_RELOAD = env.bool("CPCONF_TEMPLATE_RELOAD", default=False)
if PRODUCTION:
    SECRET_KEY = env.str("SECRET_KEY")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
else:
    SECRET_KEY = env.str("SECRET_KEY", default="development-only-not-a-secret-" + "x" * 32)
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
# Former secrets, while second factors and sessions made with them are still in use.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Unsent form input is encrypted with the first of these and decrypted with any of them.
DRAFT_KEYS = env.list("DRAFT_KEYS", default=[] if PRODUCTION else [key_from(SECRET_KEY)])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Without a trailing slash: URLs are built from it, and a key after two slashes opens nothing.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "crispy_forms",
    "crispy_forms_gds",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    # A tool for writing migrations; production has no use for it.
    *([] if PRODUCTION else ["django_linear_migrations"]),
    "govuk",
    "accounts",
    "notifications",
    "families",
    "deadlines",
    "conferences",
    "my_views",
    "meetings",
    "plans",
    "core_groups",
    "reports",
    "transfers",
    "chronology",
    "records",
    "incidents",
    "allegations",
    "demo",
    "cpconf",
]

MIDDLEWARE = [
    "cpconf.middleware.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "cpconf.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "cpconf.bodies.BodyLimitMiddleware",
    "cpconf.middleware.DatabaseDownMiddleware",
    "cpconf.middleware.SentByScriptMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.signin.sessions.LimitSessionsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cpconf.middleware.RequestLogMiddleware",
    "accounts.request_cache.AskOnceMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.signin.known_devices.KnownDeviceMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "accounts.guests.middleware.GuestMiddleware",
    "accounts.once.OnceMiddleware",
    "accounts.drafts.forms.KeepDraftsMiddleware",
    "accounts.signin.second_factor.RequireSecondFactorMiddleware",
    "accounts.access.SignInRequiredMiddleware",
    "deadlines.asking_why.AskWhyLateMiddleware",
]

ROOT_URLCONF = "cpconf.urls"
WSGI_APPLICATION = "cpconf.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

_LOADERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": _LOADERS if TEMPLATE_RELOAD else [("django.template.loaders.cached.Loader", _LOADERS)],
            "builtins": [
                "crispy_forms.templatetags.crispy_forms_tags",
                "govuk.templatetags.govuk",
                "deadlines.templatetags.procedures",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cpconf.context_processors.frame",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["gds"]
CRISPY_TEMPLATE_PACK = "gds"


def _server_url(name: str, local: Callable[[], str]) -> str:
    """Return a server's URL from the environment or, outside production, that of the local server."""
    url = env.str(name, default="")
    if PRODUCTION and not url:
        msg = f"{name} must be set in production."
        raise ImproperlyConfigured(msg)
    return url or local()


DATABASES = {"default": env.db_url_config(_server_url("DATABASE_URL", local_services.database_url))}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DATABASE_NAME", default=None)}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# Counting a family's deadlines is one long prepared statement: planning it takes longer than running it.
DATABASES["default"]["OPTIONS"].setdefault("options", "-c plan_cache_mode=force_generic_plan -c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = _server_url("REDIS_URL", local_services.redis_url)

# In the database rather than in Redis: rate limits must hold, and no page waits for Redis.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        # Someone who asks a lot must not evict the counts of others.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".local" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / ".local" / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # No URL leads here: files are served by a page that checks who may have them.
    "attachments": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": f"{MEDIA_ROOT}/attachments",
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Where ClamAV's daemon listens: tcp://host:3310 or unix:///path. Without it files are not scanned.
CLAMAV_URL = env.str("CLAMAV_URL", default="")

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "accounts.signin.adapter.ClosedAccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.signin.forms.passwords.SignInForm",
    "reset_password": "accounts.signin.forms.passwords.ForgottenPasswordForm",
    "user_token": "accounts.signin.forms.passwords.LinkForm",
    "reset_password_from_key": "accounts.signin.forms.passwords.NewPasswordForm",
    "change_password": "accounts.signin.forms.passwords.OtherPasswordForm",
    "set_password": "accounts.signin.forms.passwords.FirstPasswordForm",
    "reauthenticate": "accounts.signin.forms.second_factor.OwnPasswordForm",
}
# No one is asked whether to stay signed in: SESSION_EXPIRE_AT_BROWSER_CLOSE decides for every way of signing in.
ACCOUNT_SESSION_REMEMBER = False
# The library would tell an unknown address how to sign up, which no one can.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# A password reset link is used at once or never; until then anyone who reads the mailbox can use it.
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
# Anyone who holds a role needs a second factor; only a demo may do without.
REQUIRE_SECOND_FACTOR = env.bool("CPCONF_REQUIRE_SECOND_FACTOR", default=not DEMO)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A code entered as it changes is still valid; accounts.signin.second_factor.use_code makes it work only once.
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Child protection conferences"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "accounts.signin.second_factor_adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.signin.forms.second_factor.CodeForm",
    "authenticate_webauthn": "accounts.signin.forms.second_factor.PasskeyForm",
    "reauthenticate": "accounts.signin.forms.second_factor.CodeAgainForm",
    "reauthenticate_webauthn": "accounts.signin.forms.second_factor.PasskeyAgainForm",
    "login_webauthn": "accounts.signin.forms.second_factor.PasskeySignInForm",
    "activate_totp": "accounts.signin.forms.second_factor.SetUpAppForm",
    "add_webauthn": "accounts.signin.forms.second_factor.AddPasskeyForm",
    "edit_webauthn": "accounts.signin.forms.second_factor.RenamePasskeyForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # as accounts.signin.second_factor.FRESH_FOR
# Account owners are told of each change to how they sign in.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Councils' directories: a JSON list, and a secret for each (docs/runbook/directory.md).
OIDC_DIRECTORIES = env.str("OIDC_DIRECTORIES", default="")
OIDC_SECRETS = {name: value for name, value in os.environ.items() if name.startswith("OIDC_SECRET_")}
SOCIALACCOUNT_ADAPTER = "accounts.directory.adapter.DirectoryAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name", "job_title")},
    },
    {"NAME": "accounts.signin.passwords.LengthLimitValidator"},
    {"NAME": "accounts.signin.passwords.GuessablePatternValidator"},
]
CSRF_FAILURE_VIEW = "accounts.drafts.views.explain_stale_page"

DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 1

# Without a mail server nothing is sent. The outbox page shows every message except the links and codes of guests,
# which are only in the e-mails; on a developer's machine these are written to a folder.
if PRODUCTION or env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = BASE_DIR / ".local" / "mail"
EMAIL_TIMEOUT = 10
# Who receives the daily anchors of the read log, where no one can change them together with the database.
AUDIT_ANCHOR_EMAILS = env.list("AUDIT_ANCHOR_EMAILS", default=[])
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="conferences@council.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# A success message may name a person: it is stored on the server and ends with the session.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Pages that follow a meeting ask /live/ of their own site, which the proxy passes to a service of its own. Without a
# proxy that service has a port of its own on the same machine; pages then poll if it is not there.
LIVE_PORT = 0 if PRODUCTION else env.int("LIVE_PORT", default=0)

# Headers and cookies

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [
            SELF,
            *((f"http://{host}:{LIVE_PORT}" for host in ("localhost", "127.0.0.1")) if LIVE_PORT else ()),
        ],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        # No script of ours turns text into HTML; this keeps it that way.
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
        **({"upgrade-insecure-requests": True} if PRODUCTION else {}),
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

SESSION_ENGINE = "accounts.signin.session_store"
SESSION_COOKIE_AGE = 12 * 60 * 60  # as accounts.signin.sessions.ABSOLUTE_LIMIT, which counts from the sign-in
# Computers are shared: closing the browser ends the session, however it began.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
KNOWN_DEVICE_COOKIE = "known-device"
DEVICE_COOKIE = "device"

# The number of our own proxies in front; each adds the address that called it.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz(/web)?$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 60 * 60)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    KNOWN_DEVICE_COOKIE = "__Host-known-device"
    DEVICE_COOKIE = "__Host-device"

# Logs

LOGGING = logs.logging_settings(production=PRODUCTION, level=env.str("LOG_LEVEL", default="INFO"))
logs.configure_structlog()
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
