"""All settings; everything that a deployment may change is an environment variable read here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environ import Env

from kb.environment import (
    keep_secret,
    read_bool,
    read_choice,
    read_folder,
    read_int,
    read_list,
    read_text,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = re.search(
    r"^## (\d+\.\d+\.\d+)", (BASE_DIR / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
)[1]  # type: ignore[index]  # a CHANGELOG without a version must stop the start

# Profile: "development" reads openly on the loopback; "production" asks for sign-in.
KB_ENV = read_choice("KB_ENV", "development", ["development", "production"])
PRODUCTION = KB_ENV == "production"
DEBUG = read_bool("KB_DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("KB_DEBUG=1 shows internals to visitors; unset it in production")

# Folders.
KB_DATA_DIR = read_folder("KB_DATA_DIR", BASE_DIR / ".data")
KB_CONTENT_DIR = read_folder("KB_CONTENT_DIR", BASE_DIR / "content")

# How Markdown is written here, where a text's front matter does not say.
KB_MARKDOWN_DIALECT = read_choice(
    "KB_MARKDOWN_DIALECT", "commonmark", ["commonmark", "python-markdown"]
)

# Address and keys.
HOST = read_text("HOST", "127.0.0.1")
LOOPBACK = HOST in ("localhost", "::1") or HOST.startswith("127.")
KB_OPEN_READING = read_bool("KB_OPEN_READING", default=LOOPBACK and not PRODUCTION)
PORT = read_int("PORT", 8000, low=1, high=65535)
KB_WORKERS = read_int("KB_WORKERS", 2 if PRODUCTION else 1, low=1, high=64)
SECRET_KEY = read_text("KB_SECRET_KEY") or keep_secret(KB_DATA_DIR)
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("KB_SECRET_KEY: use at least 50 random characters")
ALLOWED_HOSTS = read_list("KB_ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("KB_ALLOWED_HOSTS=*: name the hosts people use to reach Rootnote")
CSRF_TRUSTED_ORIGINS = read_list("KB_TRUSTED_ORIGINS")
KB_URL = read_text("KB_URL", f"http://{HOST}:{PORT}").rstrip("/")

# Database: SQLite that survives a power cut, or whatever DATABASE_URL names.
DATABASE_FILE = quote(str(KB_DATA_DIR / "rootnote.sqlite3"))
DATABASE_URL = read_text("DATABASE_URL", f"sqlite:///{DATABASE_FILE}")
DATABASES: dict[str, dict[str, Any]] = {"default": Env.db_url_config(DATABASE_URL)}
if "ENGINE" not in DATABASES["default"]:
    raise ImproperlyConfigured("DATABASE_URL: use postgres://user:password@host/name or unset it")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Full-text index: "whoosh:" needs nothing, "tantivy:" is for large bases.
KB_INDEX_URL = read_text("KB_INDEX_URL", "whoosh:")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin.apps.SimpleAdminConfig",  # kb.urls asks for kb.admin, commands never do
    "django_htmx",
    "csp",
    "kb",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "kb.urls"
WSGI_APPLICATION = "kb.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kb.web.access.role_context",
            ],
        },
    }
]

# Static files are served by the app itself, under hashed names in production.
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = read_folder("KB_STATIC_ROOT", BASE_DIR / "staticfiles") if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# People.
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Requests: a paste may be far larger than Django's default form, an archive larger still.
KB_PASTE_BYTES = 8 * 1024 * 1024
KB_ZIP_BYTES = read_int("KB_ZIP_BYTES", 50 * 1024 * 1024, low=1024, high=1024**3)
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "kb.web.uploads.BodyLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
]
CSRF_FAILURE_VIEW = "kb.web.failures.form_expired"

# Headers.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = read_bool("KB_HTTPS_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = read_int("KB_HSTS_SECONDS", 31_536_000, low=0, high=63_072_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if read_bool("KB_BEHIND_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Words and time.
LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": read_choice(
            "KB_LOG_LEVEL", "WARNING", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
        ),
    },
}
