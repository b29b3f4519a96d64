"""Who may do what: the policy in words of people, kept apart from the code that enforces it.

generate.py turns the rules into matrix.csv.
"""

from __future__ import annotations

from dataclasses import replace

from tests.policy.people import STAFF
from tests.policy.rule import (
    ACCEPTING,
    AT_WORK,
    COUNTY_CASE,
    EDITING,
    FILING,
    FILING_SOMEWHERE,
    IN_CASES,
    LOCAL,
    READING_MATTERS,
    TOWNSHIP_CASE,
    VILLAGE,
    VILLAGE_STEP,
    WATCHING,
    Roles,
    Rule,
    act,
    duty,
    opened,
    read,
    roles,
)

VERBS = [
    act("api_verb_submit", "draft", VILLAGE, sees=VILLAGE),
    act("api_verb_receive", "submitted", ACCEPTING),
    act("api_verb_withdraw", "submitted", FILING),
    act("api_verb_accept", "received", ACCEPTING),
    act("api_verb_request_correction", "received", ACCEPTING),
    act("api_verb_decline", "received", ACCEPTING),
    act("api_verb_supply", "correcting", FILING),
    act("api_verb_tell", "correcting", FILING),
    act("api_verb_extend", "accepted", roles("approver")),
    act("api_verb_suspend", "accepted", VILLAGE_STEP),
    act("api_verb_pass_on", "accepted", VILLAGE_STEP),
    act("api_verb_resume", "suspended", VILLAGE_STEP),
    act("api_verb_step_back", "at_decision", roles("approver")),
    act("api_verb_grant", "at_decision", roles("approver")),
    act("api_verb_refuse", "at_decision", roles("approver")),
    act("api_verb_grant", "county:at_decision", roles("bureau_approver"), sees=COUNTY_CASE),
    act("api_verb_refuse", "county:at_decision", roles("bureau_approver"), sees=COUNTY_CASE),
    act("api_verb_step_back", "county:at_decision", roles("bureau_approver"), sees=COUNTY_CASE),
    act("api_verb_make_result", "county:granted", roles("bureau_window", "county_window"), sees=COUNTY_CASE),
    act("api_verb_hand_over", "ready", ACCEPTING),
    # Whoever sent it does not sign for its arrival.
    replace(act("api_verb_take_over", "on_its_way", FILING), except_for=(("window", "409"),)),
    act("api_verb_deliver", "ready", ACCEPTING),
]
API = [
    opened("api_schema"),
    opened("api_token", "POST", ok="401", staff="401"),
    opened("api_halls"),
    opened("api_hall"),
    opened("api_matters"),
    opened("api_matter"),
    *(duty(f"api_matter_{act}", EDITING, "POST") for act in ("pause", "abolish", "merge")),
    duty("api_matter_reopen", EDITING, "POST", ok="409"),
    duty("api_matter_closing", EDITING, ok="404"),  # nothing waits
    *(duty(f"api_matter_closing_{act}", EDITING, "POST", ok="409") for act in ("confirm", "drop")),
    duty("api_drafts", READING_MATTERS),
    duty("api_drafts", EDITING, "POST"),
    *(
        Rule(route, method, may=READING_MATTERS, ok="404")  # of a draft that does not exist
        for route, method in (
            ("api_draft", "GET"),
            ("api_draft", "PUT"),
            *((f"api_draft_{act}", "POST") for act in ("check", "approve", "drop")),
        )
    ),
    duty("api_sameness", READING_MATTERS | WATCHING | roles("director_other"), ok="404"),
    opened("api_matter_check"),
    opened("api_bundles"),
    opened("api_bundle"),
    opened("api_progress", "POST", "submitted"),
    duty("api_cases", STAFF),
    duty("api_cases", VILLAGE, "POST", ok="201"),
    duty("api_case_search", STAFF, "POST"),
    duty("api_lights", STAFF),
    duty("api_orders", STAFF),
    duty("api_ratings", STAFF),
    *(duty(f"api_{name}", IN_CASES) for name in ("figures", "figure_rows", "rates")),
    read("api_case", "submitted"),
    read("api_case", "draft", VILLAGE),
    read("api_case", "county:at_decision", COUNTY_CASE),
    read("api_case_clocks", "submitted"),
    read("api_case_clock", "submitted"),
    read("api_case_events", "submitted"),
    read("api_case_materials", "submitted"),
    act("api_case_reveal", "submitted", TOWNSHIP_CASE - WATCHING),
    act("api_case_reveal", "county:at_decision", COUNTY_CASE - WATCHING, sees=COUNTY_CASE),
    act("api_case_applicant", "draft", VILLAGE, "PUT", sees=VILLAGE),
    act("api_case_form", "draft", VILLAGE, "PUT", sees=VILLAGE),
    act("api_case_declared", "draft", VILLAGE, "PUT", sees=VILLAGE),
    # Not this counter's, or not its moment: one answer for both.
    Rule(
        "api_case_handle_immediately",
        "POST",
        "immediate:submitted",
        sees=TOWNSHIP_CASE,
        may=ACCEPTING | roles("village_clerk"),
        barred="409",
    ),
    act("api_case_upload", "submitted", FILING, ok="201"),
    act("api_file", "submitted", TOWNSHIP_CASE - WATCHING, "GET"),
    act("api_file", "submitted", FILING, "DELETE", ok="204"),
    *VERBS,
]
SUPERVISION = ("", "_board", "_cases", "_warnings", "_runs", "_suspicions")
# What governs the whole county: who supervises or administers it.
GOVERNING = roles("supervisor", "administrator")
MESSAGES = [
    duty("messages", STAFF),
    # Everybody reads only their own; a number that is not theirs does not exist.
    Rule("message", "GET", sees=roles(), may=roles()),
    Rule("message_cases", "GET", sees=roles(), may=roles()),
    # What is read is named; an empty press is told so.
    duty("messages_read", STAFF, "POST", ok="422"),
    duty("messages_phone", STAFF),
    duty("messages_phone", STAFF, "POST"),
    duty("supervision_outbox", GOVERNING),
    duty("supervision_outbox_retry", GOVERNING, "POST", ok="302"),
]
PAGES = [
    opened("healthz", ok="503"),  # nobody sweeps in the county of the matrix
    opened("readyz"),
    opened("healthz_sweep", ok="503"),
    opened("landing", staff="302"),
    opened("login", staff="302"),
    opened("login", "POST", staff="302"),
    opened("login", "PUT", staff="302"),
    opened("logout", "POST", ok="login", staff="login"),
    opened("elder", "POST", ok="302"),
    opened("guide_list"),
    opened("guide_halls"),
    opened("guide"),
    opened("guide_check"),
    opened("bundle_list"),
    opened("bundle"),
    opened("guide_short"),
    opened("guide_qr"),
    opened("guide_file", ok="404", staff="404"),
    opened("guide_blank"),
    opened("hall_board"),
    opened("hall_booklet"),
    opened("progress"),
    opened("progress", "POST", "submitted", ok="302"),
    opened("progress_by_token", "GET", "submitted"),
    opened("progress_limits", "GET", "submitted"),
    # Whoever is logged in for work is turned away, an account that was switched off is nobody.
    opened("rate", "GET", "delivered", staff="403"),
    opened("rate", "POST", "delivered", ok="302", staff="403"),
    opened("rate_start", staff="403"),
    opened("rate_start", "POST", "delivered", ok="302", staff="403"),
    opened("ratings_public"),
    opened("ratings_hall"),
    # Whoever has no cases of their own is sent on to where their work is.
    Rule("home", "GET", may=AT_WORK, barred="302"),
    duty("case_list", STAFF),
    duty("case_search", STAFF),
    duty("case_search", STAFF, "POST"),
    read("case", "submitted"),
    read("case", "county:at_decision", COUNTY_CASE),
    read("case_paper", "submitted"),
    # A code to rate with is printed by who files and who accepts.
    act("case_paper", "delivered", FILING),
    act("case_signature", "delivered", TOWNSHIP_CASE - WATCHING, "GET"),
    read("clock_statement", "submitted"),
    read("clock_paper", "submitted"),
    # Number and code are handed out by who files and who accepts.
    act("receipt", "submitted", FILING, "GET"),
    act("receipt_print", "submitted", FILING, "GET"),
    act("case_reveal", "submitted", TOWNSHIP_CASE - WATCHING),
    act("case_verb", "submitted", ACCEPTING, "GET"),
    act("case_verb", "submitted", ACCEPTING, ok="302"),
    act("case_verb", "at_decision", roles("approver"), "GET"),
    act("case_verb", "at_decision", roles("approver"), ok="302"),
    act("material_file", "submitted", TOWNSHIP_CASE - WATCHING, "GET"),
    act("material_thumb", "submitted", TOWNSHIP_CASE - WATCHING, "GET"),
    act("material_file_remove", "submitted", FILING, ok="302"),
    act("material_upload", "submitted", FILING, ok="302"),
    duty("intake", FILING_SOMEWHERE),
    # The matter of the sample is not taken in at the county's own counter.
    Rule("intake", "POST", may=FILING_SOMEWHERE, ok="302", except_for=(("county_window", "409"),)),
    duty("intake_matters", FILING_SOMEWHERE),
    *(
        rule
        for name in ("tasks", "applicant", "details", "materials", "check")
        for rule in (
            read(f"intake_{name}", "draft", VILLAGE),
            act(f"intake_{name}", "draft", VILLAGE, sees=VILLAGE, ok="200" if name == "tasks" else "302"),
        )
    ),
    act("intake_leave", "draft", VILLAGE, sees=VILLAGE, ok="302"),
    *(duty(f"supervision{name}", WATCHING | roles("director_other")) for name in SUPERVISION),
    duty("matter_catalogue", READING_MATTERS),
    duty("hall_matters", STAFF),
    duty("hall_facts", LOCAL),
    duty("hall_facts", LOCAL, "POST", ok="422"),
    duty("local_matter", LOCAL),
    duty("local_matter", LOCAL, "POST", ok="422"),
    duty("local_state", LOCAL, "POST", ok="422"),
    duty("local_promise", LOCAL, "POST", ok="422"),
    duty("matter", READING_MATTERS),
    duty("matter_lint", READING_MATTERS),
    duty("matter_sameness", READING_MATTERS | WATCHING | roles("director_other")),
]
WATCHERS = WATCHING | roles("director_other")
# Whoever watches, or administers the county, reads what governs it; only who governs signs.
READING = WATCHERS | GOVERNING
RATED = (
    STAFF
    - roles("approver", "approver_other", "bureau_approver", "bureau_approver_other")
    - EDITING
    - roles("administrator", "township_editor")
)
CASED = AT_WORK | WATCHERS
DECIDING = roles("village_head", "approver", "approver_other", "bureau_approver", "bureau_approver_other")


def _unknown(route: str, may: Roles, method: str = "GET") -> Rule:
    """Of something that does not exist: whoever may is told so, the others that it is not their work."""
    return Rule(route, method, may=may, ok="404")


ORDERS = [
    # For who watches, and for who answers for an organ.
    duty("orders", WATCHERS | DECIDING),
    duty("order_new", WATCHERS),
    # The organ of the sample lies in 太和乡: another township's director has no such organ to choose.
    Rule("order_new", "POST", may=WATCHING, ok="302", except_for=(("director_other", "422"),)),
    *(
        Rule(route, method, sees=roles(), may=roles())  # of an order, or an urge, that does not exist
        for route, method in (
            *((name, "GET") for name in ("order", "order_reply", "order_act", "order_paper", "order_file", "urge")),
            *((name, "POST") for name in ("order_reply", "order_act", "urge")),
        )
    ),
    replace(duty("case_urge", WATCHERS, case="submitted"), except_for=(("director_other", "404"),)),
    replace(duty("case_urge", WATCHERS, "POST", case="submitted", ok="302"), except_for=(("director_other", "404"),)),
]
COUNTY_RULES = [
    *(duty(f"supervision_{name}", IN_CASES) for name in ("statistics", "rows")),
    # Screens on walls: for whom nobody let in, the page does not exist.
    replace(duty("wall", WATCHERS), unknown="404"),
    Rule("hall_screen", "GET", sees=TOWNSHIP_CASE, may=TOWNSHIP_CASE, unknown="404"),
    opened("screen_open", ok="404"),
    duty("screens", READING),
    duty("screens", READING, "POST", ok="400"),
    _unknown("screen_end", READING, "POST"),
    duty("calendar", READING),
    _unknown("calendar_notice", READING),
    _unknown("calendar_notice", READING, "POST"),
    *(
        rule
        for route in ("calendar_propose", "calendar_propose_county")
        for rule in (duty(route, GOVERNING), duty(route, GOVERNING, "POST", ok="400"))
    ),
    *ORDERS,
    # A hall sees its own, whoever watches those below; the others have no part in ratings.
    duty("ratings", RATED),
    _unknown("rating", RATED),
    _unknown("rating", RATED, "POST"),
    _unknown("rating_phone", RATED, "POST"),
    _unknown("rating_scan", RATED),
    duty("rating_enter", WATCHERS),
    duty("rating_enter", WATCHERS, "POST", ok="422"),
    duty("callbacks", WATCHERS),
    _unknown("callback", WATCHERS),
    _unknown("callback", WATCHERS, "POST"),
    _unknown("callback_phone", WATCHERS, "POST"),
    # Of a card that does not exist whoever has to do with cases hears so: their own body may be blamed by one.
    _unknown("supervision_card", CASED),
    _unknown("supervision_card", CASED, "POST"),
    _unknown("supervision_card_paper", CASED),
    _unknown("supervision_card_file", CASED),
    duty("supervision_cards_own", CASED),
    duty("supervision_cards_ranking", WATCHERS),
    duty("supervision_card_issue", roles("supervisor")),
    duty("supervision_card_issue", roles("supervisor"), "POST", ok="422"),
    duty("supervision_exclusions", READING),
    duty("supervision_exclusions", GOVERNING, "POST", ok="422"),
    _unknown("supervision_exclusion", READING),
    _unknown("supervision_exclusion", READING, "POST"),
    _unknown("supervision_account", WATCHERS),
    _unknown("supervision_account", WATCHERS, "POST"),
    _unknown("supervision_evidence", roles("supervisor"), "POST"),
    duty("api_cards", CASED),
    _unknown("api_card", CASED),
    duty("supervision_rules", READING),
    duty("supervision_rule_trial", WATCHERS),
    duty("supervision_rule_preset", READING),
    # The form is read before the duty is asked for; with a whole form the others are refused (tests/supervision).
    duty("supervision_rule_preset", READING, "POST", ok="422"),
    _unknown("supervision_rule_set", READING),
    _unknown("supervision_rule_set_confirm", STAFF, "POST"),
    _unknown("supervision_rule_set_drop", STAFF, "POST"),
    duty("bulletins", READING),
    *(_unknown(f"bulletin{part}", READING) for part in ("", "_pdf", "_docx", "_xlsx")),
    *(Rule(f"bulletin_{act}", "POST", sees=roles(), may=roles()) for act in ("review", "sign", "drop")),
    duty("bulletin_draft", GOVERNING, "POST", ok="422"),
    duty("ledger", IN_CASES),
    duty("defaults", READING),
    _unknown("defaults_policy", READING),
    duty("defaults_propose", GOVERNING),
    duty("defaults_propose", GOVERNING, "POST"),
    _unknown("defaults_confirm", GOVERNING, "POST"),
    _unknown("defaults_drop", GOVERNING, "POST"),
    duty("defaults_accountability", WATCHERS),
    duty("defaults_releases", READING | DECIDING),
    _unknown("defaults_release", STAFF),
    _unknown("defaults_release", STAFF, "POST"),
    duty("defaults_brake", READING),
    duty("defaults_brake", roles("supervisor"), "POST", ok="422"),
]
CATALOGUE = [
    duty("matter_drafts", READING_MATTERS),
    duty("matter_draft_new", READING_MATTERS),
    duty("matter_draft_new", READING_MATTERS, "POST", ok="422"),
    duty("matter_draft_open", EDITING, "POST", ok="302"),
    *(
        _unknown(f"matter_draft{name}", READING_MATTERS, method)
        for name, method in (
            ("", "GET"),
            ("_preview", "GET"),
            ("_files", "GET"),
            ("_files", "POST"),
            ("_scenarios", "GET"),
            ("_scenarios", "POST"),
            ("_scenario_drop", "POST"),
            ("_section", "GET"),
            ("_section", "POST"),
            *((f"_{act}", "POST") for act in ("why", "check", "approve", "drop", "tryout")),
        )
    ),
    duty("matter_similar", READING_MATTERS),
    duty("matter_pair", EDITING),
    duty("matter_pair", EDITING, "POST", ok="422"),
    duty("matter_close", EDITING),
    duty("matter_close", EDITING, "POST", ok="302"),
    duty("matter_history", READING_MATTERS),
    duty("matter_export_json", READING_MATTERS),
    duty("matter_export_xlsx", READING_MATTERS),
    duty("matter_import", READING_MATTERS),
    duty("matter_import", READING_MATTERS, "POST", ok="422"),
]
# Whoever works on cases or watches them; whoever takes things in at a counter, or watches, may write a complaint down.
WITH_CASES = STAFF - roles("catalogue_editor", "bureau_editor", "administrator")
WRITING_DOWN = FILING_SOMEWHERE | WATCHERS | roles("bureau_window", "station_clerk")
VOICES = [
    opened("voices"),
    *(
        rule
        for name in ("complain", "ask", "repeat", "follow")
        for rule in (opened(f"voice_{name}"), opened(f"voice_{name}", "POST", ok="422"))
    ),
    # Of a number that nothing has; who sees which is a table of its own (tests/supervision/test_voices_shield.py).
    *(opened(name, ok="404") for name in ("voice_by_token", "voice_receipt", "voice_paper_by_token")),
    duty("voice_list", IN_CASES),
    *(
        Rule(name, method, sees=roles(), may=roles())
        for name, method in (
            ("voice", "GET"),
            ("voice_paper", "GET"),
            ("voice_paper", "POST"),
            ("voice_photo", "GET"),
            ("voice_reveal", "POST"),
            ("voice_verb", "GET"),
            ("voice_verb", "POST"),
        )
    ),
    *(
        rule
        for kind in ("complaint", "repeat", "inquiry")
        for rule in (
            duty(f"voice_new_{kind}", WRITING_DOWN),
            duty(f"voice_new_{kind}", WRITING_DOWN, "POST", ok="422"),
        )
    ),
    duty("api_voices", STAFF),
]
RULES = [*API, *PAGES, *MESSAGES, *COUNTY_RULES, *CATALOGUE, *VOICES]
