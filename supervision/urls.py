"""Pages of those who watch, and the alarm of the watch itself."""

from django.urls import path

from supervision.domain.voices import Kind
from supervision.views.accounts import account_page_of, accountability, evidence
from supervision.views.bulletins import bulletin, bulletin_file, bulletins, draft, review, sign
from supervision.views.bulletins import drop as drop_bulletin
from supervision.views.calendar import calendar_page, notice_page, propose_page
from supervision.views.callbacks import callback_page, callback_phone, callbacks
from supervision.views.card_lists import issue, own, ranking
from supervision.views.cards import card_file, card_page, card_paper
from supervision.views.dashboard import board, dashboard_page
from supervision.views.default_acts import brake, release_one, releases
from supervision.views.defaults import confirm, drop, policies, policy, propose
from supervision.views.exclusions import exclusion_page, exclusions
from supervision.views.figure_rows import rows_page
from supervision.views.health import healthz_sweep
from supervision.views.ledgers import ledger
from supervision.views.lists import cases, runs, warnings
from supervision.views.messages import inbox, message, message_cases, own_phone, read_everything
from supervision.views.order_acts import order_act, order_file, order_paper, order_reply
from supervision.views.orders import order, order_new, orders
from supervision.views.outbox import outbox, retry
from supervision.views.rating_public import rate_page, rate_start, ratings_hall, ratings_public
from supervision.views.ratings import rating_enter, rating_page, rating_phone, rating_scan, ratings
from supervision.views.rule_trial import rule_trial
from supervision.views.rules import confirm_rule_set, drop_rule_set, rule_preset, rule_set_page, rules
from supervision.views.screens import hall_screen, screen_end, screen_open, screens, wall
from supervision.views.statistics import statistics_page
from supervision.views.suspicions import suspicions
from supervision.views.urges import case_urge, urge_page
from supervision.views.voice_lists import voice_list
from supervision.views.voice_record import voice_new
from supervision.views.voices import voice_page, voice_paper, voice_photo, voice_reveal, voice_verb

urlpatterns = [
    path("healthz/sweep", healthz_sweep, name="healthz_sweep"),
    path("supervision/", dashboard_page, name="supervision"),
    path("supervision/board/", board, name="supervision_board"),
    path("supervision/cases/", cases, name="supervision_cases"),
    path("supervision/warnings/", warnings, name="supervision_warnings"),
    path("supervision/cards/own/", own, name="supervision_cards_own"),
    path("supervision/cards/bodies/", ranking, name="supervision_cards_ranking"),
    path("supervision/cards/new/", issue, name="supervision_card_issue"),
    path("supervision/cards/<int:pk>/", card_page, name="supervision_card"),
    path("supervision/cards/<int:pk>/paper/", card_paper, name="supervision_card_paper"),
    path("supervision/cards/<int:pk>/file/", card_file, name="supervision_card_file"),
    path("supervision/exclusions/", exclusions, name="supervision_exclusions"),
    path("supervision/exclusions/<int:pk>/", exclusion_page, name="supervision_exclusion"),
    path("supervision/accountability/<int:pk>/", account_page_of, name="supervision_account"),
    path("supervision/accountability/<int:pk>/evidence/", evidence, name="supervision_evidence"),
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
    path("supervision/orders/", orders, name="orders"),
    path("supervision/orders/new/", order_new, name="order_new"),
    path("supervision/orders/<int:pk>/", order, name="order"),
    path("supervision/orders/<int:pk>/reply/", order_reply, name="order_reply"),
    path("supervision/orders/<int:pk>/act/<slug:act>/", order_act, name="order_act"),
    path("supervision/orders/<int:pk>/paper/<slug:kind>/", order_paper, name="order_paper"),
    path("supervision/orders/<int:pk>/files/<int:file_id>/", order_file, name="order_file"),
    path("supervision/cases/<str:number>/urge/", case_urge, name="case_urge"),
    path("supervision/urges/<int:pk>/", urge_page, name="urge"),
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
    path("supervision/bulletins/", bulletins, name="bulletins"),
    path("supervision/bulletins/draft/", draft, name="bulletin_draft"),
    path("supervision/bulletins/<int:bulletin_id>/", bulletin, name="bulletin"),
    path("supervision/bulletins/<int:bulletin_id>/review/", review, name="bulletin_review"),
    path("supervision/bulletins/<int:bulletin_id>/sign/", sign, name="bulletin_sign"),
    path("supervision/bulletins/<int:bulletin_id>/drop/", drop_bulletin, name="bulletin_drop"),
    path("supervision/bulletins/<int:bulletin_id>/file.pdf", bulletin_file, {"form": "pdf"}, name="bulletin_pdf"),
    path("supervision/bulletins/<int:bulletin_id>/file.docx", bulletin_file, {"form": "docx"}, name="bulletin_docx"),
    path("supervision/bulletins/<int:bulletin_id>/file.xlsx", bulletin_file, {"form": "xlsx"}, name="bulletin_xlsx"),
    path("ledger/", ledger, name="ledger"),
    # In the QR code of the paper that is handed over last: kept short.
    path("r/<str:ticket>/", rate_page, name="rate"),
    path("rate/", rate_start, name="rate_start"),
    path("ratings/", ratings_public, name="ratings_public"),
    path("ratings/<str:code>/", ratings_hall, name="ratings_hall"),
    path("supervision/ratings/", ratings, name="ratings"),
    path("supervision/ratings/new/", rating_enter, name="rating_enter"),
    path("supervision/ratings/callbacks/", callbacks, name="callbacks"),
    path("supervision/ratings/callbacks/<int:pk>/", callback_page, name="callback"),
    path("supervision/ratings/callbacks/<int:pk>/phone/", callback_phone, name="callback_phone"),
    path("supervision/ratings/<int:pk>/", rating_page, name="rating"),
    path("supervision/ratings/<int:pk>/phone/", rating_phone, name="rating_phone"),
    path("supervision/ratings/<int:pk>/scan/", rating_scan, name="rating_scan"),
    path("supervision/voices/", voice_list, name="voice_list"),
    *(
        path(f"supervision/voices/new/{kind.value}/", voice_new, {"kind": kind.value}, name=f"voice_new_{kind.value}")
        for kind in Kind
    ),
    path("supervision/voices/<str:number>/", voice_page, name="voice"),
    path("supervision/voices/<str:number>/reveal/", voice_reveal, name="voice_reveal"),
    path("supervision/voices/<str:number>/papers/<int:act_id>/", voice_paper, name="voice_paper"),
    path("supervision/voices/<str:number>/photos/<int:photo_id>/", voice_photo, name="voice_photo"),
    path("supervision/voices/<str:number>/<slug:verb>/", voice_verb, name="voice_verb"),
]
