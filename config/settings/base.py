"""What holds everywhere; demo, test and production add only what differs."""

from pathlib import Path

from celery.schedules import crontab

from config import charts
from config.settings import environment

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(environment.text("DATA_DIR", str(BASE_DIR / ".local")))
PROCESS_NAME = environment.text("PROCESS_NAME", "manage")  # web, worker, beat, manage

DEBUG = False
DEMO = False
SECRET_KEY = environment.text("SECRET_KEY")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")
SITE_ADDRESS = environment.address("SITE_ADDRESS")  # what codes on papers lead to
TRUSTED_PROXIES = environment.words("TRUSTED_PROXIES")  # addresses whose X-Forwarded-For is believed

# The first key of the ring encrypts, the others only read (halls field encryption).
FIELD_KEYS = environment.key_ring("FIELD_KEYS")
BLIND_INDEX_KEY = environment.key("BLIND_INDEX_KEY")
QUERY_CODE_KEY = environment.key("QUERY_CODE_KEY")
# Seals the daily anchors of the ledger: whoever has the database, even as its superuser, must not have this one.
ANCHOR_KEY = environment.key("ANCHOR_KEY")
ANCHOR_FILE = Path(environment.text("ANCHOR_FILE", str(DATA_DIR / "anchors" / "anchors.jsonl")))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",  # the templates of the widgets that templates/django/forms does not replace
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework.authtoken",
    "guardian",
    "simple_history",
    "axes",
    "drf_spectacular",
    "django_htmx",
    "halls",
    "matters",
    "applications",
    "supervision",
]

MIDDLEWARE = [
    "config.logs.request_id",
    "config.security.bounded_body",
    "config.proxy.client_address",
    "django.middleware.security.SecurityMiddleware",
    "config.security.headers",
    "config.errors.Refusals",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.security.idle_expiry",
    "halls.device.mark_device",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "config.context.frame",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database -------------------------------------------------------------------------------------------------------
# No ATOMIC_REQUESTS: an action opens its own transaction, and a refusal may leave a record behind.
DATABASES = {"default": environment.database(environment.text("DATABASE_URL"))}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "connect_timeout": 3,
        "application_name": PROCESS_NAME,
        # Only the web processes bound a statement: a migration or a report may take longer.
        "options": f"-c lock_timeout=10s -c statement_timeout={environment.number('STATEMENT_TIMEOUT_MS', 0)}",
        **DATABASES["default"]["OPTIONS"],
    },
}
DATABASE_APP_ROLE = "halls_app"  # the role of web, worker and beat; `secure_database` grants it what it needs
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_LINTER_OPTIONS = {
    "include_apps": ["halls", "matters", "applications", "supervision"],
    # Older code could not work beside these (a fact is told once, a table is replaced, an act happens once, a column is
    # asked for, a reason grows longer, a number is unique with its series). It never does, for the services stand still
    # during an update (docs/operations.md).
    "ignore_name": [
        "0005_facts_are_told_by_events",
        "0008_rules_in_sets",
        "0014_what_was_signed_stays",
        "0020_the_life_of_a_card",
        "0028_bulletins_count_acts",
        "0031_another_person_with_the_duty",
        "0032_nobody_is_left_untold",
        "0043_an_extended_limit_warns_again",
        "0057_offices_count_their_own_orders",
    ],
    "no_cache": True,
}

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "halls.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
ANONYMOUS_USER_NAME = None  # guardian's anonymous user would be a person without a post
GUARDIAN_MONKEY_PATCH_USER = False
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # its backend is not hooked: halls.scopes reads the grants itself

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "config.errors.locked_out"
AXES_LOCKOUT_TEMPLATE = "halls/locked_out.html"

# --- sessions, cookies, headers (config.security adds the content security policy) -----------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # not Redis: losing it must not log anybody out
SESSION_COOKIE_AGE = 60 * 60  # idle time; config.security.idle_expiry renews it
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# --- language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(environment.text("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
# What npm fetched at set-up (config/charts.py); without it pages show their tables alone.
CHART_LIBRARY = ""
if (charts.STATIC / charts.LIBRARY).exists():
    STATICFILES_DIRS.append(charts.STATIC)
    CHART_LIBRARY = charts.LIBRARY
# Uploads have no URL of their own: a view checks who asks, then streams the file.
MEDIA_ROOT = Path(environment.text("MEDIA_ROOT", str(DATA_DIR / "media")))
MEDIA_URL = ""
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FILES = 40
DATA_UPLOAD_MAX_NUMBER_FIELDS = 8000  # a guide of three hundred materials is one form

# --- cache and queue ------------------------------------------------------------------------------------------------
# Redis may be down or silent at any moment; nothing but speed may depend on it.
REDIS_URL = environment.text("REDIS_URL", "")
REDIS_TIMEOUT_SECONDS = 0.3
CACHES = {
    "default": {
        "BACKEND": "config.cache.SafeRedisCache",
        "LOCATION": REDIS_URL,
        "TIMEOUT": 300,
        "OPTIONS": {
            "socket_timeout": REDIS_TIMEOUT_SECONDS,
            "socket_connect_timeout": REDIS_TIMEOUT_SECONDS,
        },
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for Redis as long as it takes
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A worker's read blocks for a second by design; whoever only sends must never wait for a silent server.
    "socket_timeout": 5 if PROCESS_NAME == "worker" else REDIS_TIMEOUT_SECONDS,
    "socket_connect_timeout": REDIS_TIMEOUT_SECONDS,
    "socket_keepalive": True,
    "health_check_interval": 30,
    "visibility_timeout": 3600,
    "max_retries": 0,
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # a tick without a memory: the sweep finds its work in the database
CELERY_BEAT_SCHEDULE = {
    # An unclaimed tick is worthless once the next one is due.
    "sweep": {"task": "supervision.tasks.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "tell": {"task": "supervision.tasks.tell", "schedule": 60.0, "options": {"expires": 55}},
    "deliver": {"task": "supervision.tasks.deliver", "schedule": 60.0, "options": {"expires": 55}},
    "alarm": {"task": "supervision.tasks.alarm", "schedule": 60.0, "options": {"expires": 55}},
    "rehearse": {"task": "supervision.tasks.rehearse", "schedule": 60.0, "options": {"expires": 55}},
    # From midnight on cases are filed under the guide of the new day.
    "publish_due": {"task": "matters.tasks.publish_due", "schedule": 60.0, "options": {"expires": 55}},
    "reseat_voices": {"task": "supervision.tasks.reseat_voices", "schedule": 600.0, "options": {"expires": 590}},
    "open_accounts": {"task": "supervision.tasks.open_accounts", "schedule": 300.0, "options": {"expires": 290}},
    "prove": {"task": "supervision.tasks.prove", "schedule": crontab(hour=2, minute=30)},
    "verify_cards": {"task": "supervision.tasks.verify_cards", "schedule": crontab(hour=2, minute=45)},
    # First the old anchors are checked, then the new one is made.
    "verify_ledger": {"task": "supervision.tasks.verify_ledger", "schedule": crontab(hour=3, minute=0)},
    "anchor_ledger": {"task": "supervision.tasks.anchor_ledger", "schedule": crontab(hour=3, minute=30)},
    # Every morning, so that a Monday that was missed is made up for; one sample a week.
    "draw_callbacks": {"task": "supervision.tasks.draw_callbacks", "schedule": crontab(hour=6, minute=0)},
    "lint_catalogue": {"task": "matters.tasks.lint_catalogue", "schedule": crontab(hour=4, minute=0)},
    "check_sameness": {"task": "matters.tasks.check_sameness", "schedule": crontab(hour=4, minute=15)},
    # Behind proof and anchor: what they print is anchored. Every ten minutes: a draft that was dropped waits for it.
    "draft_bulletins": {"task": "supervision.tasks.draft_bulletins", "schedule": crontab(hour="5-23", minute="*/10")},
    "catch_up": {"task": "supervision.tasks.catch_up", "schedule": crontab(minute=45), "options": {"expires": 3000}},
}

# --- texts to telephones: dotted names of classes as in supervision/channels.py, the preferred one first; none = off --
MESSAGE_CHANNELS = environment.words("MESSAGE_CHANNELS")

# --- API ------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "halls.api.authentication.KnownToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["halls.api.parsers.JsonParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "halls.api.parsers.AlwaysJson",
    "DEFAULT_SCHEMA_CLASS": "halls.api.schema.ApiSchema",
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS would list what may be chosen
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "config.problems.problem_response",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "县乡村政务服务大厅接口",
    "DESCRIPTION": "先 POST /api/v1/auth/token/ 取得令牌，放进请求头 Authorization: Token …；出错时返回问题详情。",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",  # whose schemas are JSON Schema: the tests hold answers against them
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_NAME_OVERRIDES": {
        "LevelEnum": "halls.models.Level.choices",
        "ClockKindEnum": "applications.api.shapes.CLOCK_KINDS",
        "StepKindEnum": "applications.api.shapes.STEP_KINDS",
        "ColourEnum": "applications.api.shapes.COLOURS",
        "StatusEnum": "applications.api.shapes.STATUSES",
        "ClockStateEnum": "applications.api.shapes.CLOCK_STATES",
        "VoiceStateEnum": "supervision.models.voice.STATE_CHOICES",
        "RatingStateEnum": "supervision.domain.ratings.STATES",
    },
}

# --- logging: JSON lines, ids only; config.logs masks identity and phone numbers that slip in -------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # These two would write usernames, and SQL with its parameters.
        "axes": {"level": "ERROR"},
        "django.db.backends": {"level": "ERROR"},
    },
}
