"""Every setting of the house, from the environment, with a default that works and a line of help."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url

from hovedindgang.site import environment as env
from hovedindgang.site.addresses import over_tls
from hovedindgang.site.keys import demo_keys

HOME = env.folder(
    "HOVEDINDGANG_HOME", "var", "Folder for the embedded database, keys, static files and caches.", shown="./var"
)
ABOVE = HOME  # the folder as it was said; the practice house has one of its own in it
PRACTICE = env.flag(
    "HOVEDINDGANG_PRACTICE",
    False,
    "This is the practice house: invented people, nothing sent or counted. Its database is made by "
    "`hovedindgang practice new`, and its folder, keys and database are its own, in HOME/practice.",
)
if PRACTICE:
    HOME = HOME / "practice"
PRACTICE_ADDRESS = env.text(
    "HOVEDINDGANG_PRACTICE_ADDRESS",
    "",
    "Address of the practice house, said alike in both houses; in the real one employees are shown the way there.",
).rstrip("/")
REAL_ADDRESS = env.text(
    "HOVEDINDGANG_REAL_ADDRESS", "", "In the practice house: address of the real one, where signing out leads back to."
).rstrip("/")
PRACTICE_KEY_FILE = env.folder(
    "HOVEDINDGANG_PRACTICE_KEY_FILE",
    ABOVE / "keys" / "practice-pass.key",
    "File with the key that passes to the practice house are signed with, the same in both. Made by "
    "`hovedindgang practice new` where it is not there.",
    shown="HOME/keys/practice-pass.key",
)
DEBUG = env.flag("HOVEDINDGANG_DEBUG", False, "Show technical errors in the browser. Never where citizens' data lie.")
PILOT = env.flag(
    "HOVEDINDGANG_DEMO", False, "Invented people only: shows the cast on the start page and lets one sign in as them."
)

_keys = demo_keys(HOME)
SECRET_KEY = (
    env.text("HOVEDINDGANG_SECRET_KEY", "", "Signs sessions and forms. Empty: made once, in HOME/keys.")
    or _keys["secret"]
)
CPR_KEY = env.text(
    "HOVEDINDGANG_CPR_KEY",
    "",
    "32 bytes as 64 hexadecimal digits; encrypts CPR and drafts. Several as 2:…,1:…, the first seals. Empty: as above.",
)
KEY_FILE = HOME / "keys" / "keys.json"  # read by kernel.keyring where the environment gives no key
INDEX_KEY = (
    env.text(
        "HOVEDINDGANG_INDEX_KEY",
        "",
        "32 bytes as 64 hexadecimal digits; the keyed index that CPRs are found by. Empty: as above.",
    )
    or _keys["index"]
)
KEY_MONTHS = env.number(
    "HOVEDINDGANG_KEY_MONTHS", 24, "Months a key seals before the doctor asks for a new one. 0: it does not ask."
)
if PRACTICE:  # whatever the environment says: no key opens both houses, and a real CPR finds nobody here
    SECRET_KEY, CPR_KEY, INDEX_KEY = _keys["secret"], "", _keys["index"]

ALLOWED_HOSTS = env.listed("HOVEDINDGANG_HOSTS", "localhost,127.0.0.1,[::1]", "Host names answered to, by comma.")
HTTPS = env.flag("HOVEDINDGANG_HTTPS", False, "Pages are served over https: secure cookies and HSTS.")
TRUSTED_ORIGINS = env.listed(
    "HOVEDINDGANG_ORIGINS", "", "Origins that may post, such as https://borgerservice.example."
)

DATABASE = (
    env.text(
        "HOVEDINDGANG_DATABASE", "", "postgres://user:password@host/name, or sqlite:///path. Empty: SQLite in HOME."
    )
    or f"sqlite:///{HOME / 'hovedindgang.sqlite3'}"
)
CONNECTION_SECONDS = env.number(
    "HOVEDINDGANG_CONNECTION_SECONDS", 600, "Seconds a thread keeps its connection. 0: a new one each request."
)
WEB_THREADS = env.number("HOVEDINDGANG_THREADS", 8, "Threads of a web process.")
WEB_PROCESSES = env.number("HOVEDINDGANG_PROCESSES", 1, "Web processes; more than one only with PostgreSQL.")
DEFAULT_LANGUAGE = env.text("HOVEDINDGANG_LANGUAGE", "da", "Language where nobody has chosen one: da or en.")
if DEFAULT_LANGUAGE not in {"da", "en"}:
    DEFAULT_LANGUAGE = "da"
# The message ids are Danish: with another language here, Django would show that one where Danish has no entry.
LANGUAGE_CODE = "da"
SESSION_HOURS = env.number("HOVEDINDGANG_SESSION_HOURS", 10, "Longest working day of one sign-in, in hours.")
IDEMPOTENCY_DAYS = env.number("HOVEDINDGANG_IDEMPOTENCY_DAYS", 30, "Days a form's key still gives the same receipt.")
SECOND_FACTOR = env.flag(
    "HOVEDINDGANG_SECOND_FACTOR",
    True,
    "Whoever signs in with a password must also have a code from an app or a passkey. Not asked of invented people.",
)
PASSWORD_LIST = env.listed(
    "HOVEDINDGANG_PASSWORD_LIST",
    "",
    "Files of passwords that nobody may have, by comma: one a line, or SHA-1 hashes in rising order.",
)
FIRST_PASSWORD_DAYS = env.number(
    "HOVEDINDGANG_FIRST_PASSWORD_DAYS", 3, "Days a password given by an administrator opens the page that changes it."
)
OIDC_ISSUER = env.text(
    "HOVEDINDGANG_OIDC_ISSUER", "", "Address of the municipality's own sign-in (OpenID Connect). Empty: not used."
).rstrip("/")
OIDC_CLIENT_ID = env.text("HOVEDINDGANG_OIDC_CLIENT_ID", "", "What this system is called there.")
OIDC_SECRET_FILE = env.text("HOVEDINDGANG_OIDC_SECRET_FILE", "", "File with the secret that it was given there.")
OIDC_SCOPE = env.text(
    "HOVEDINDGANG_OIDC_SCOPE",
    "openid profile email offline_access",
    "What is asked for. With offline_access it can be asked later whether she may still.",
)
OIDC_GROUPS_CLAIM = env.text("HOVEDINDGANG_OIDC_GROUPS_CLAIM", "groups", "The claim that holds her groups.")
OIDC_GROUPS = env.text(
    "HOVEDINDGANG_OIDC_GROUPS",
    "",
    "What each group gives: GROUP: role centre=KEY department=KEY; the next after a semicolon.",
)
OIDC_STRENGTH = env.text(
    "HOVEDINDGANG_OIDC_STRENGTH",
    "",
    "How surely she must have signed in there: CLAIM=VALUE, as amr=mfa; another that is enough after a semicolon. "
    "Empty: it is not asked.",
)
OIDC_CPR_CLAIM = env.text(
    "HOVEDINDGANG_OIDC_CPR_CLAIM",
    "",
    "The claim with her own CPR, which closes her own record to her. Empty: none.",
)
OIDC_RECHECK_MINUTES = env.number(
    "HOVEDINDGANG_OIDC_RECHECK_MINUTES", 30, "How often it is asked there whether somebody signed in may still."
)
OIDC_LOGOUT_TYPED = env.flag(
    "HOVEDINDGANG_OIDC_LOGOUT_TYPED",
    True,
    "A log-out that comes from there must say that it is one (logout+jwt). 0: also where the provider never says so.",
)
OIDC_HELP = env.text("HOVEDINDGANG_OIDC_HELP", "", "Whom to ask who has no access: a name, a telephone number.")
MOST_LOOK_UPS = env.number(
    "HOVEDINDGANG_MOST_LOOK_UPS", 300, "Citizens one employee may look for or open in ten minutes. 0: no limit."
)
MOST_FORMS = env.number("HOVEDINDGANG_MOST_FORMS", 3_000, "Forms one employee may send in ten minutes. 0: no limit.")
MOST_COUNTED_PAGES = env.number(
    "HOVEDINDGANG_MOST_COUNTED_PAGES",
    60,
    "Pages that read through many rows, such as a register's, one employee may open in ten minutes. 0: no limit.",
)
MOST_API_READINGS = env.number(
    "HOVEDINDGANG_MOST_API_READINGS",
    6_000,
    "Citizens another system may find or read in ten minutes, of each web process. 0: no limit.",
)
MOST_API_CALLS = env.number(
    "HOVEDINDGANG_MOST_API_CALLS", 60_000, "Calls of another system in ten minutes, likewise. 0: no limit."
)
IDLE_MINUTES = env.number("HOVEDINDGANG_IDLE_MINUTES", 15, "Minutes without a click until the page locks. 0: never.")
PROXIES = env.number(
    "HOVEDINDGANG_PROXIES", 0, "Proxies of ours before the web process, whose X-Forwarded-For is believed."
)
LOG_MONTHS = env.number(
    "HOVEDINDGANG_LOG_MONTHS", 60, "Whole months of events kept before one may be forgotten; at least 12."
)
LOOK_UP_MONTHS = env.number(
    "HOVEDINDGANG_LOOK_UP_MONTHS",
    24,
    "Whole months of look-ups of citizens kept likewise; at least 6.",
)
HOUSE_ALARM = env.text(
    "HOVEDINDGANG_ALARM",
    "",
    "Address posted to, or file added to, when somebody at a desk raises the alarm.",
)
ARCHIVE_FOLDER = env.text(
    "HOVEDINDGANG_ARCHIVE", "", "Folder in which the archive collects what must be kept before it is forgotten here."
)
CASE_SYSTEM = env.text(
    "HOVEDINDGANG_CASES",
    "",
    "Case system (ESDH) that matters are journalised in: drop, sbsys or nova. Empty: none.",
)
CASES_ADDRESS = env.text(
    "HOVEDINDGANG_CASES_ADDRESS", "", "Its address (https), or for drop the folder that it collects from."
).rstrip("/")
CASES_TOKEN_FILE = env.text("HOVEDINDGANG_CASES_TOKEN_FILE", "", "File with the token that is shown there.")
CASES_TIMEOUT = env.number("HOVEDINDGANG_CASES_TIMEOUT", 10, "Seconds its answer is waited for.")
CASES_DAYS = env.number(
    "HOVEDINDGANG_CASES_DAYS",
    7,
    "Days after a matter came in until it is overdue for the journal (assumed).",
)
if PILOT and not CASE_SYSTEM:  # the demonstration has one that takes everything, and gives invented numbers
    CASE_SYSTEM = "practice"
if PRACTICE:  # it asks nobody and tells nobody: what would have been sent is written down instead
    OIDC_ISSUER = ""
    HOUSE_ALARM = CASE_SYSTEM = ARCHIVE_FOLDER = "practice"
SERVE_HOST = env.text("HOVEDINDGANG_HOST", "127.0.0.1", "Address that `hovedindgang serve` listens on.")
STATIC_ROOT = ABOVE / "static"  # of the program, not of a house

CHROMIUM = env.text(
    "HOVEDINDGANG_CHROMIUM", "", "Browser for `make screenshots` and the journeys. Empty: the first of the usual names."
)
_INSTALLED = Path(__file__).resolve().parents[1] / "models"  # in a clone they stand beside the sources
MODELS = env.folder(
    "HOVEDINDGANG_MODELS",
    _INSTALLED if _INSTALLED.exists() else Path(__file__).resolve().parents[3] / "models",
    "Folder of the service models that the demonstration adopts.",
    shown="./models",
)

SETTINGS = env.SETTINGS

# ---------------------------------------------------------------------------------------------- what follows from it

PACKAGE = Path(__file__).resolve().parent.parent

INSTALLED_APPS = [
    "hovedindgang.site",
    "hovedindgang.desk",
    "hovedindgang.governance",
    "hovedindgang.scenarios",
    "hovedindgang.privacy",
    "hovedindgang.insight",
    "hovedindgang.oversight",
    "hovedindgang.registers",
    "hovedindgang.surveys",
    "hovedindgang.contacts",
    "hovedindgang.knowledge",
    "hovedindgang.practice",
    "hovedindgang.safety",
    "hovedindgang.people",
    "hovedindgang.documents",
    "hovedindgang.policy",
    "hovedindgang.look",
    "hovedindgang.kernel",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "hovedindgang.look.middleware.every_answer",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hovedindgang.people.middleware.language",
    "hovedindgang.site.problems.problems",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hovedindgang.look.middleware.room",
    "allauth.account.middleware.AccountMiddleware",
    "hovedindgang.people.middleware.working_day",
    "hovedindgang.people.middleware.still_employed",
    "hovedindgang.people.middleware.idle_lock",
    "hovedindgang.people.middleware.second_factor",
    "hovedindgang.kernel.middleware.request_id",
    "hovedindgang.look.middleware.content_security_policy",
    "hovedindgang.look.middleware.deeds_only",
    "hovedindgang.site.problems.refused_input",
    "hovedindgang.practice.middleware.nothing_leaves",
    "hovedindgang.site.problems.keys_fit",
]

ROOT_URLCONF = "hovedindgang.site.urls"
WSGI_APPLICATION = "hovedindgang.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hovedindgang.look.context.page",
                "hovedindgang.site.navigation.house",
            ]
        },
    }
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": over_tls(dict(dj_database_url.parse(DATABASE, conn_max_age=CONNECTION_SECONDS)))
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # One writer at a time and nothing acknowledged before it is on disk.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    # PgBouncer in transaction mode keeps no session: no server-side cursors; prepared are only the statements of
    # `kernel.statements`, and those only where there is no pooler.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True

AUTH_USER_MODEL = "people.Employee"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "hovedindgang.people.passwords.NotOwnWords"},
    {"NAME": "hovedindgang.people.passwords.NotLostBefore"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "hovedindgang.people.accounts.StaffAccounts"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": None}  # `people.lockout` counts, in the database
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
SESSION_ENGINE = "hovedindgang.people.sessions"
# What allauth remembers for seconds (codes that have been used) is the same for all processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
LOGIN_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser: counters are shared
MFA_ADAPTER = "hovedindgang.people.accounts.StaffSecondFactor"
SOCIALACCOUNT_ADAPTER = "hovedindgang.people.provider.StaffProviders"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_QUERY_EMAIL = False
MFA_TOTP_ISSUER = "Hovedindgang"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "hovedindgang.people.accounts.CodeAtSignIn",
    "reauthenticate": "hovedindgang.people.accounts.CodeOnceMore",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # a browser itself allows passkeys on localhost only
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "start"
HOUSE_ALARM_ADAPTER = f"hovedindgang.integrations.{'practice.NoAlarm' if PRACTICE else 'house_alarm.HookOrFile'}"
CASE_SYSTEM_ADAPTERS = {
    "drop": "hovedindgang.integrations.case_drop.CaseDrop",
    "sbsys": "hovedindgang.integrations.sbsys.Sbsys",
    "nova": "hovedindgang.integrations.nova.Nova",
    "practice": "hovedindgang.integrations.practice.NoCaseSystem",
}
ARCHIVE_ADAPTER = f"hovedindgang.integrations.{'practice.NoArchive' if PRACTICE else 'file_drop.FileDrop'}"
FIRST_PAGES = {  # role → name of the page her day begins on; the first role she has decides
    "employee": "desk",
    "caseworker": "department_inbox",
    "leader": "board",
    "planner": "board",
    "editor": "articles",
    "administrator": "employees",
}
OPEN_FORMS = "hovedindgang.desk.queries.open_forms"  # who tells oversight which forms stand unsaved (its port)
BESIDE_CONTACTS = ("hovedindgang.surveys.beside.beside",)  # what higher rooms show there (port of contacts)
HISTORY_PAGE = "citizen_history"  # of a citizen's contacts; it lies in a higher room than her own page
CAST = ("anna", "finn", "carla", "lise", "per", "rigmor", "adam")  # whom one may be in the demonstration
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
COOKIE_PREFIX = "__Host-" if HTTPS else ""  # for this host alone, over https alone; a browser holds both
COOKIE_ENDING = "_practice" if PRACTICE else ""  # a cookie knows no port: the houses may lie on one machine
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}hovedindgang{COOKIE_ENDING}"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken{COOKIE_ENDING}"
CSRF_TRUSTED_ORIGINS = TRUSTED_ORIGINS
CSRF_FAILURE_VIEW = "hovedindgang.desk.leftover.form_expired"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^api/"]  # a system that calls in clear is told so (`site.problems`), not led on in silence
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = (
    20_000_000  # bytes: a million letters of any kind reach the form, which says what is room for
)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

LANGUAGES = [("da", "Dansk"), ("en", "English")]
USE_I18N = True
FORMAT_MODULE_PATH = ["hovedindgang.look.formats"]
USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}hovedindgang_language"

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "hovedindgang.look.storage.StaticFiles"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"cpr": {"()": "hovedindgang.kernel.logs.MaskCpr"}},
    "formatters": {"line": {"()": "hovedindgang.kernel.logs.Line"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["cpr"], "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.server": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
