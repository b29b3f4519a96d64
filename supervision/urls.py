"""Pages of those who watch, and the alarm of the watch itself."""

from django.urls import path

from supervision.views.dashboard import board, dashboard_page
from supervision.views.health import healthz_sweep
from supervision.views.lists import cases, runs, warnings
from supervision.views.messages import inbox, message, read_everything
from supervision.views.outbox import outbox, retry

urlpatterns = [
    path("healthz/sweep", healthz_sweep, name="healthz_sweep"),
    path("supervision/", dashboard_page, name="supervision"),
    path("supervision/board/", board, name="supervision_board"),
    path("supervision/cases/", cases, name="supervision_cases"),
    path("supervision/warnings/", warnings, name="supervision_warnings"),
    path("supervision/runs/", runs, name="supervision_runs"),
    path("supervision/outbox/", outbox, name="supervision_outbox"),
    path("supervision/outbox/retry/", retry, name="supervision_outbox_retry"),
    path("messages/", inbox, name="messages"),
    path("messages/read/", read_everything, name="messages_read"),
    path("messages/<int:message_id>/", message, name="message"),
]
