"""Pages of those who watch, and the alarm of the watch itself."""

from django.urls import path

from supervision.views.calendar import calendar_page, notice_page, propose_page
from supervision.views.cards import card_page
from supervision.views.dashboard import board, dashboard_page
from supervision.views.default_acts import accountability, brake, release_one, releases
from supervision.views.defaults import confirm, drop, policies, policy, propose
from supervision.views.figure_rows import rows_page
from supervision.views.health import healthz_sweep
from supervision.views.lists import cases, runs, warnings
from supervision.views.messages import inbox, message, message_cases, own_phone, read_everything
from supervision.views.outbox import outbox, retry
from supervision.views.rule_trial import rule_trial
from supervision.views.rules import confirm_rule_set, drop_rule_set, rule_preset, rule_set_page, rules
from supervision.views.screens import hall_screen, screen_end, screen_open, screens, wall
from supervision.views.statistics import statistics_page
from supervision.views.suspicions import suspicions

urlpatterns = [
    path("healthz/sweep", healthz_sweep, name="healthz_sweep"),
    path("supervision/", dashboard_page, name="supervision"),
    path("supervision/board/", board, name="supervision_board"),
    path("supervision/cases/", cases, name="supervision_cases"),
    path("supervision/warnings/", warnings, name="supervision_warnings"),
    path("supervision/cards/<int:pk>/", card_page, name="supervision_card"),
    path("supervision/statistics/", statistics_page, name="supervision_statistics"),
    path("supervision/rows/", rows_page, name="supervision_rows"),
    path("supervision/runs/", runs, name="supervision_runs"),
    path("supervision/outbox/", outbox, name="supervision_outbox"),
    path("supervision/outbox/retry/", retry, name="supervision_outbox_retry"),
    path("supervision/screens/", screens, name="screens"),
    path("supervision/screens/<int:pk>/end/", screen_end, name="screen_end"),
    path("screens/<str:token>/", screen_open, name="screen_open"),
    path("wall/", wall, name="wall"),
    path("halls/<str:code>/screen/", hall_screen, name="hall_screen"),
    path("messages/", inbox, name="messages"),
    path("messages/read/", read_everything, name="messages_read"),
    path("messages/phone/", own_phone, name="messages_phone"),
    path("messages/<int:message_id>/", message, name="message"),
    path("messages/<int:message_id>/cases/", message_cases, name="message_cases"),
    path("supervision/defaults/", policies, name="defaults"),
    path("supervision/defaults/new/", propose, name="defaults_propose"),
    path("supervision/defaults/policies/<int:policy_id>/", policy, name="defaults_policy"),
    path("supervision/defaults/policies/<int:policy_id>/confirm/", confirm, name="defaults_confirm"),
    path("supervision/defaults/policies/<int:policy_id>/drop/", drop, name="defaults_drop"),
    path("supervision/defaults/releases/", releases, name="defaults_releases"),
    path("supervision/defaults/releases/<int:account_id>/", release_one, name="defaults_release"),
    path("supervision/defaults/accountability/", accountability, name="defaults_accountability"),
    path("supervision/defaults/brake/", brake, name="defaults_brake"),
    path("supervision/suspicions/", suspicions, name="supervision_suspicions"),
    path("supervision/calendar/", calendar_page, name="calendar"),
    path("supervision/calendar/new/", propose_page, {"kind": "state"}, name="calendar_propose"),
    path("supervision/calendar/new/county/", propose_page, {"kind": "county"}, name="calendar_propose_county"),
    path("supervision/calendar/notices/<int:pk>/", notice_page, name="calendar_notice"),
    path("supervision/rules/", rules, name="supervision_rules"),
    path("supervision/rules/try/", rule_trial, name="supervision_rule_trial"),
    path("supervision/rules/presets/<slug:code>/", rule_preset, name="supervision_rule_preset"),
    path("supervision/rules/sets/<int:pk>/", rule_set_page, name="supervision_rule_set"),
    path("supervision/rules/sets/<int:pk>/confirm/", confirm_rule_set, name="supervision_rule_set_confirm"),
    path("supervision/rules/sets/<int:pk>/drop/", drop_rule_set, name="supervision_rule_set_drop"),
]
