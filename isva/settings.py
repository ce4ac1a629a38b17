"""Settings: secure by default, from the environment. Production refuses to start with a weak secret or with DEBUG."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

TESTING = env.bool("ISVA_TESTING", default=False)
DEMO = env.bool("ISVA_DEMO", default=False)  # a fictional service on this machine: shows who can sign in
DEBUG = env.bool("DEBUG", default=False)
INSECURE_COOKIES = env.bool("INSECURE_COOKIES", default=False)  # plain http on the loopback address only
SECRET_KEY = env("SECRET_KEY")
FIELD_KEYS = env.list("FIELD_KEYS", default=env.list("FIELD_KEY", default=[]))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 8:
    raise ImproperlyConfigured("SECRET_KEY is too weak: give at least 50 random characters.")
if not FIELD_KEYS:
    raise ImproperlyConfigured("FIELD_KEYS is missing: drafts are not kept without encryption.")
if DEBUG and not (DEMO or TESTING):
    raise ImproperlyConfigured("DEBUG shows records to whoever causes an error: it is for the demo only.")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "testserver")
if (
    DEMO
    and not TESTING
    and (set(ALLOWED_HOSTS) - set(_LOOPBACK) or urlsplit(SITE_URL).hostname not in _LOOPBACK)
):
    raise ImproperlyConfigured(
        "ISVA_DEMO lets anybody sign in as anybody: it is for the loopback address only."
    )
if INSECURE_COOKIES and not SITE_URL.startswith(("http://127.0.0.1", "http://localhost")):
    raise ImproperlyConfigured("INSECURE_COOKIES is for the loopback address only.")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guardian",
    "simple_history",
    "django_filters",
    "csp",
    "isva",
    "isva.db",
    "isva.accounts",
    "isva.audit",
    "isva.clock",
    "isva.drafts",
    "isva.interface",
    "casework",
    "referrals",
    "triage",
    "supervision",
    "reporting",
]

MIDDLEWARE = [
    "isva.headers.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "isva.access.middleware.NothingStaysBehindMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "isva.headers.OwnFormsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "isva.access.limits.SessionLimitsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "isva.audit.middleware.NoPageWithoutEntryMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "isva.access.middleware.ActingPersonMiddleware",
    "isva.errors.SentWronglyMiddleware",
]

ROOT_URLCONF = "isva.urls"
WSGI_APPLICATION = "isva.wsgi.application"
FORM_RENDERER = "isva.interface.renderer.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "isva.navigation.navigation",
                "isva.demo.pages.personas",
            ],
        },
    }
]

# Two roles: `default` owns nothing and is what web, worker, commands and tests sign in as; `owner` migrates.
_CONNECTION = {
    "ATOMIC_REQUESTS": True,
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
    "CONN_HEALTH_CHECKS": True,
}
#: A question that takes longer than this many seconds is ended by the database, so that one page cannot fill the service.
_PATIENCE = env.int("STATEMENT_TIMEOUT", default=60)
#: Questions here are short. Where a server translates those that it thinks long first, taking one name to pieces takes it
#: 650 ms instead of 0.6 (measured).
_NO_JIT = "-c jit=off"


def with_options(database: dict, options: str) -> dict:
    """The database of an address, asked with these options of the server; what its address says of TLS stays."""
    return database | {"OPTIONS": database.get("OPTIONS", {}) | {"options": options}}


DATABASES = {
    "default": with_options(env.db("DATABASE_URL"), f"-c statement_timeout={_PATIENCE}s {_NO_JIT}")
    | _CONNECTION
    | {"TEST": {"MIRROR": "owner"}},
    "owner": with_options(env.db("DATABASE_OWNER_URL", default=env("DATABASE_URL")), _NO_JIT)
    | {
        "ATOMIC_REQUESTS": False,
        "TEST": {"NAME": env("TEST_DATABASE_NAME", default="test_isva"), "DEPENDENCIES": []},
    },
}
# Access entries are written on a connection of their own, as the same plain role: what a request undoes, they outlive.
DATABASES["log"] = DATABASES["default"] | {"ATOMIC_REQUESTS": False}
ACCESS_LOG_ALIAS = (
    "default" if TESTING else "log"
)  # a test's own transaction undoes its entries with all else
# Where the head of the chain of seals is noted: a file on a path that keeps what was appended, or `mail`.
AUDIT_ANCHOR = env("AUDIT_ANCHOR", default=str(BASE_DIR / ".isva" / "audit" / "anchor") if DEMO else "")
AUDIT_HOURS = tuple(env.list("AUDIT_HOURS", default=["07:00", "20:00"]))  # a look outside them is told
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the e-mail address is unique in any case, by a constraint
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
REDIS_CACHE = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": _REDIS_URL,
    "KEY_PREFIX": "isva",
    "OPTIONS": {"serializer": "isva.json_cache.JSONSerializer"},
    "VERSION": 2,  # what an earlier release kept there in another form is not looked at
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} if TESTING else REDIS_CACHE}
SESSION_ENGINE = "isva.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 10  # in the store; how long a session may last is told below
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("name", "email")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "isva.accounts.known_passwords.KnownPasswordValidator"},
]  # fmt: skip
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds for which the link of a new password works
# allauth keeps the second factors; the pages, the rules and the throttling are our own.
MFA_ADAPTER = "isva.accounts.factors.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Isva"
MFA_TOTP_TOLERANCE = 1  # the code before and the code after: telephones run fast and slow
MFA_RECOVERY_CODE_DIGITS = 10
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# A session ends when nobody was at work in it for so long, and in any case so long after signing in.
IDLE_MINUTES = env.int("IDLE_MINUTES", default=15)
WARNED_MINUTES = min(2, IDLE_MINUTES / 2)
LONGEST_HOURS = env.int("LONGEST_HOURS", default=10)
CONFIRMED_FOR_MINUTES = env.int("CONFIRMED_FOR_MINUTES", default=5)
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True

ASSETS = Path(env("ISVA_ASSETS", default=str(BASE_DIR / ".isva" / "assets")))
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / ".isva" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", ASSETS)]
WHITENOISE_USE_FINDERS = DEMO or TESTING
WHITENOISE_AUTOREFRESH = TESTING  # each test client is a start of its own: it need not list every file first
WHITENOISE_ALLOW_ALL_ORIGINS = False  # its default lets every site read our files
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Documents of cases: encrypted, outside everything that is served. clamd by `host:port` or by the path of its socket.
DOCUMENTS_ROOT = Path(env("DOCUMENTS_ROOT", default=str(BASE_DIR / ".isva" / "documents")))
CLAMD_ADDRESS = env("CLAMD_ADDRESS", default="")
FILE_UPLOAD_HANDLERS = ["isva.files.receiving.InMemoryOnly"]

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("FROM_EMAIL", default="no-reply@isva.example")

CELERY_BROKER_URL = _REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ALWAYS_EAGER = TESTING
CELERY_TASK_EAGER_PROPAGATES = TESTING
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "isva.clock.tasks.tick", "schedule": 60.0},
    "keep-grants-in-time": {"task": "casework.tasks.keep_grants_in_time", "schedule": 60.0},
    "keep-permissions-in-time": {"task": "isva.accounts.tasks.keep_permissions_in_time", "schedule": 3600.0},
    "forget-ended-sessions": {"task": "isva.accounts.tasks.forget_ended_sessions", "schedule": 3600.0},
    "tell-of-accounts-what-was-left": {
        "task": "isva.accounts.tasks.tell_what_was_left",
        "schedule": 300.0,
    },
    "let-go-of-who-has-left": {"task": "casework.tasks.let_go_of_who_has_left", "schedule": 3600.0},
    "acknowledge-what-was-left": {"task": "referrals.tasks.acknowledge_what_was_left", "schedule": 300.0},
    "seal-what-was-written": {"task": "isva.audit.tasks.seal_what_was_written", "schedule": 60.0},
    "raise-alerts": {"task": "casework.tasks.raise_alerts", "schedule": 60.0},
    "raise-alerts-of-the-day": {
        "task": "casework.tasks.raise_alerts",
        "schedule": 3600.0,
        "kwargs": {"minutes": 25 * 60},
    },
    "seal-everything": {"task": "isva.audit.tasks.seal_everything", "schedule": 86_400.0},
    "tell-of-emergencies-left-behind": {
        "task": "casework.tasks.tell_of_emergencies_left_behind",
        "schedule": 300.0,
    },
    # Every night (UTC), and twice more: a round that was lost is made up for, one that comes twice changes nothing.
    "sweep-what-was-left": {
        "task": "supervision.tasks.sweep_what_was_left",
        "schedule": crontab(hour="1,3,5", minute="20"),
    },
    "forget-what-has-lapsed": {"task": "casework.tasks.forget_what_has_lapsed", "schedule": 600.0},
    "print-what-was-left": {"task": "reporting.tasks.print_what_was_left", "schedule": 300.0},
}

# Headers
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = (
    "same-origin"  # nothing leaves to another host; public pages send none (isva/headers.py)
)
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_COOKIES
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = (
    None  # until the browser is closed: a visit to a public form leaves nothing on a shared device
)
CSRF_FAILURE_VIEW = "isva.errors.form_expired"
if not INSECURE_COOKIES:
    # The prefix makes browsers refuse a cookie of this name from another host of the domain, or over plain http.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if env.bool("BEHIND_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "frame-src": [NONE],
        "manifest-src": [NONE],
        "media-src": [NONE],
        "object-src": [NONE],
        "worker-src": [NONE],
        # Text never becomes markup or script in the browser: our own behaviours do without, and nothing may begin to.
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
        "upgrade-insecure-requests": not INSECURE_COOKIES,
    }
}
PERMISSIONS_POLICY = {
    feature: []
    for feature in ("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen",
                    "geolocation", "gyroscope", "idle-detection", "magnetometer", "microphone", "midi", "payment",
                    "screen-wake-lock", "serial", "usb", "web-share", "xr-spatial-tracking")
}  # fmt: skip

# No request path, no query and no value of a form reaches a log: errors are named, not quoted.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"nothing_personal": {"()": "isva.quiet_logs.NothingPersonal"}},
    "formatters": {"plain": {"()": "isva.quiet_logs.PlainFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["nothing_personal"], "formatter": "plain"}
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        # They tell of every page and every font of a report, and cost time doing so.
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
# The public forms: how often one address may post a page, send a form and answer a question within an hour, and how
# many seconds sending takes whether the person is known or not.
PUBLIC_FORMS_AN_HOUR = {
    "post": env.int("FORM_PAGES_AN_HOUR", default=1200),
    "send": env.int("FORMS_AN_HOUR", default=30),
    "file": env.int("FORM_FILES_AN_HOUR", default=60),
    "answer": env.int("ANSWERS_AN_HOUR", default=120),
}
SENDING_TAKES = env.float("SENDING_TAKES", default=0.0 if TESTING else 0.8)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 2
