"""Who may do what: the policy in words of people, kept apart from the code that enforces it.

A rule names a route, a method and the case it is tried on. `sees`: to everybody else the address does not exist.
`may`: the others who see it are told that it is not their work. generate.py turns the rules into matrix.csv.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.policy.people import ANONYMOUS, DISABLED, STAFF

Roles = frozenset[str]


def _(*names: str) -> Roles:
    return frozenset(names)


VILLAGE = _("village_clerk", "village_head")
# Whoever files, accepts or issues at or above 高桥村.
FILING = VILLAGE | _("window", "county_window")
ACCEPTING = _("window", "county_window")
WATCHING = _("director", "supervisor")
TOWNSHIP_CASE = FILING | WATCHING | _("examiner", "approver")
# A county-decided case passes 县民政局.
COUNTY_CASE = TOWNSHIP_CASE | _("bureau_window", "bureau_examiner", "bureau_approver")
VILLAGE_STEP = VILLAGE | _("examiner")
FILING_SOMEWHERE = FILING | _("village_clerk_other", "window_other")
AT_WORK = (
    STAFF - WATCHING - _("director_other", "catalogue_editor", "bureau_editor", "administrator", "township_editor")
)
# Whoever has business in cases, at work or watching.
IN_CASES = STAFF - _("catalogue_editor", "bureau_editor", "administrator", "township_editor")
# The county's editor, and 县民政局's for its own matters.
EDITING = _("catalogue_editor", "bureau_editor")
# Beside them the townships' editors, who read the catalogue and write what their halls say themselves.
READING_MATTERS = EDITING | _("township_editor")
LOCAL = _("catalogue_editor", "township_editor")
UNKNOWN = _(ANONYMOUS, DISABLED)


@dataclass(frozen=True)
class Rule:
    route: str
    method: str
    case: str = ""
    sees: Roles = STAFF
    may: Roles = STAFF
    ok: str = "200"
    barred: str = "403"
    except_for: tuple[tuple[str, str], ...] = ()  # single roles with an answer of their own
    unknown: str = ""  # what somebody without a working login gets; "" for the usual

    def expected(self, role: str) -> str:
        if role in UNKNOWN:
            return self.unknown or ("401" if self.route.startswith("api_") else "login")
        if role in dict(self.except_for):
            return dict(self.except_for)[role]
        if role not in self.sees:
            return "404"
        return self.ok if role in self.may else self.barred


def _open(route: str, method: str = "GET", case: str = "", *, ok: str = "200", staff: str = "") -> Rule:
    """Open to everybody; `staff` where people at work are sent elsewhere."""
    return Rule(route, method, case, ok=staff or ok, unknown=ok)


def _duty(route: str, may: Roles, method: str = "GET", *, ok: str = "200", case: str = "") -> Rule:
    """A page of one duty."""
    return Rule(route, method, case, may=may, ok=ok)


def _read(route: str, case: str, sees: Roles = TOWNSHIP_CASE, method: str = "GET") -> Rule:
    """Shown to everybody who sees the case."""
    return Rule(route, method, case, sees=sees, may=sees)


def _act(
    route: str, case: str, may: Roles, method: str = "POST", *, sees: Roles = TOWNSHIP_CASE, ok: str = "200"
) -> Rule:
    return Rule(route, method, case, sees=sees, may=may, ok=ok)


VERBS = [
    _act("api_verb_submit", "draft", VILLAGE, sees=VILLAGE),
    _act("api_verb_receive", "submitted", ACCEPTING),
    _act("api_verb_withdraw", "submitted", FILING),
    _act("api_verb_accept", "received", ACCEPTING),
    _act("api_verb_request_correction", "received", ACCEPTING),
    _act("api_verb_decline", "received", ACCEPTING),
    _act("api_verb_supply", "correcting", FILING),
    _act("api_verb_tell", "correcting", FILING),
    _act("api_verb_extend", "accepted", _("approver")),
    _act("api_verb_suspend", "accepted", VILLAGE_STEP),
    _act("api_verb_pass_on", "accepted", VILLAGE_STEP),
    _act("api_verb_resume", "suspended", VILLAGE_STEP),
    _act("api_verb_step_back", "at_decision", _("approver")),
    _act("api_verb_grant", "at_decision", _("approver")),
    _act("api_verb_refuse", "at_decision", _("approver")),
    _act("api_verb_grant", "county:at_decision", _("bureau_approver"), sees=COUNTY_CASE),
    _act("api_verb_refuse", "county:at_decision", _("bureau_approver"), sees=COUNTY_CASE),
    _act("api_verb_step_back", "county:at_decision", _("bureau_approver"), sees=COUNTY_CASE),
    _act("api_verb_make_result", "county:granted", _("bureau_window", "county_window"), sees=COUNTY_CASE),
    _act("api_verb_hand_over", "ready", ACCEPTING),
    # Whoever sent it does not sign for its arrival.
    replace(_act("api_verb_take_over", "on_its_way", FILING), except_for=(("window", "409"),)),
    _act("api_verb_deliver", "ready", ACCEPTING),
]
API = [
    _open("api_schema"),
    _open("api_token", "POST", ok="401", staff="401"),
    _open("api_halls"),
    _open("api_hall"),
    _open("api_matters"),
    _open("api_matter"),
    *(_duty(f"api_matter_{act}", EDITING, "POST") for act in ("pause", "abolish", "merge")),
    _duty("api_matter_reopen", EDITING, "POST", ok="409"),
    _duty("api_matter_closing", EDITING, ok="404"),  # nothing waits
    *(_duty(f"api_matter_closing_{act}", EDITING, "POST", ok="409") for act in ("confirm", "drop")),
    _duty("api_drafts", READING_MATTERS),
    _duty("api_drafts", EDITING, "POST"),
    *(
        Rule(route, method, may=READING_MATTERS, ok="404")  # of a draft that does not exist
        for route, method in (
            ("api_draft", "GET"),
            ("api_draft", "PUT"),
            *((f"api_draft_{act}", "POST") for act in ("check", "approve", "drop")),
        )
    ),
    _duty("api_sameness", READING_MATTERS | WATCHING | _("director_other"), ok="404"),
    _open("api_matter_check"),
    _open("api_bundles"),
    _open("api_bundle"),
    _open("api_progress", "POST", "submitted"),
    _duty("api_cases", STAFF),
    _duty("api_cases", VILLAGE, "POST", ok="201"),
    _duty("api_case_search", STAFF, "POST"),
    _duty("api_lights", STAFF),
    _duty("api_orders", STAFF),
    _duty("api_ratings", STAFF),
    *(_duty(f"api_{name}", IN_CASES) for name in ("figures", "figure_rows", "rates")),
    _read("api_case", "submitted"),
    _read("api_case", "draft", VILLAGE),
    _read("api_case", "county:at_decision", COUNTY_CASE),
    _read("api_case_clocks", "submitted"),
    _read("api_case_clock", "submitted"),
    _read("api_case_events", "submitted"),
    _read("api_case_materials", "submitted"),
    _act("api_case_reveal", "submitted", TOWNSHIP_CASE - WATCHING),
    _act("api_case_reveal", "county:at_decision", COUNTY_CASE - WATCHING, sees=COUNTY_CASE),
    _act("api_case_applicant", "draft", VILLAGE, "PUT", sees=VILLAGE),
    _act("api_case_form", "draft", VILLAGE, "PUT", sees=VILLAGE),
    _act("api_case_declared", "draft", VILLAGE, "PUT", sees=VILLAGE),
    # Not this counter's, or not its moment: one answer for both.
    Rule(
        "api_case_handle_immediately",
        "POST",
        "immediate:submitted",
        sees=TOWNSHIP_CASE,
        may=ACCEPTING | _("village_clerk"),
        barred="409",
    ),
    _act("api_case_upload", "submitted", FILING, ok="201"),
    _act("api_file", "submitted", TOWNSHIP_CASE - WATCHING, "GET"),
    _act("api_file", "submitted", FILING, "DELETE", ok="204"),
    *VERBS,
]
SUPERVISION = ("", "_board", "_cases", "_warnings", "_runs", "_suspicions")
# What governs the whole county: who supervises or administers it.
GOVERNING = _("supervisor", "administrator")
MESSAGES = [
    _duty("messages", STAFF),
    # Everybody reads only their own; a number that is not theirs does not exist.
    Rule("message", "GET", sees=_(), may=_()),
    Rule("message_cases", "GET", sees=_(), may=_()),
    # What is read is named; an empty press is told so.
    _duty("messages_read", STAFF, "POST", ok="422"),
    _duty("messages_phone", STAFF),
    _duty("messages_phone", STAFF, "POST"),
    _duty("supervision_outbox", GOVERNING),
    _duty("supervision_outbox_retry", GOVERNING, "POST", ok="302"),
]
PAGES = [
    _open("healthz", ok="503"),  # nobody sweeps in the county of the matrix
    _open("readyz"),
    _open("healthz_sweep", ok="503"),
    _open("landing", staff="302"),
    _open("login", staff="302"),
    _open("login", "POST", staff="302"),
    _open("login", "PUT", staff="302"),
    _open("logout", "POST", ok="login", staff="login"),
    _open("elder", "POST", ok="302"),
    _open("guide_list"),
    _open("guide_halls"),
    _open("guide"),
    _open("guide_check"),
    _open("bundle_list"),
    _open("bundle"),
    _open("guide_short"),
    _open("guide_qr"),
    _open("guide_file", ok="404", staff="404"),
    _open("guide_blank"),
    _open("hall_board"),
    _open("hall_booklet"),
    _open("progress"),
    _open("progress", "POST", "submitted", ok="302"),
    _open("progress_by_token", "GET", "submitted"),
    _open("progress_limits", "GET", "submitted"),
    # Whoever is logged in for work is turned away, an account that was switched off is nobody.
    _open("rate", "GET", "delivered", staff="403"),
    _open("rate", "POST", "delivered", ok="302", staff="403"),
    _open("rate_start", staff="403"),
    _open("rate_start", "POST", "delivered", ok="302", staff="403"),
    _open("ratings_public"),
    _open("ratings_hall"),
    # Whoever has no cases of their own is sent on to where their work is.
    Rule("home", "GET", may=AT_WORK, barred="302"),
    _duty("case_list", STAFF),
    _duty("case_search", STAFF),
    _duty("case_search", STAFF, "POST"),
    _read("case", "submitted"),
    _read("case", "county:at_decision", COUNTY_CASE),
    _read("case_paper", "submitted"),
    # A code to rate with is printed by who files and who accepts.
    _act("case_paper", "delivered", FILING),
    _act("case_signature", "delivered", TOWNSHIP_CASE - WATCHING, "GET"),
    _read("clock_statement", "submitted"),
    _read("clock_paper", "submitted"),
    # Number and code are handed out by who files and who accepts.
    _act("receipt", "submitted", FILING, "GET"),
    _act("receipt_print", "submitted", FILING, "GET"),
    _act("case_reveal", "submitted", TOWNSHIP_CASE - WATCHING),
    _act("case_verb", "submitted", ACCEPTING, "GET"),
    _act("case_verb", "submitted", ACCEPTING, ok="302"),
    _act("case_verb", "at_decision", _("approver"), "GET"),
    _act("case_verb", "at_decision", _("approver"), ok="302"),
    _act("material_file", "submitted", TOWNSHIP_CASE - WATCHING, "GET"),
    _act("material_thumb", "submitted", TOWNSHIP_CASE - WATCHING, "GET"),
    _act("material_file_remove", "submitted", FILING, ok="302"),
    _act("material_upload", "submitted", FILING, ok="302"),
    _duty("intake", FILING_SOMEWHERE),
    # The matter of the sample is not taken in at the county's own counter.
    Rule("intake", "POST", may=FILING_SOMEWHERE, ok="302", except_for=(("county_window", "409"),)),
    _duty("intake_matters", FILING_SOMEWHERE),
    *(
        rule
        for name in ("tasks", "applicant", "details", "materials", "check")
        for rule in (
            _read(f"intake_{name}", "draft", VILLAGE),
            _act(f"intake_{name}", "draft", VILLAGE, sees=VILLAGE, ok="200" if name == "tasks" else "302"),
        )
    ),
    _act("intake_leave", "draft", VILLAGE, sees=VILLAGE, ok="302"),
    *(_duty(f"supervision{name}", WATCHING | _("director_other")) for name in SUPERVISION),
    _duty("matter_catalogue", READING_MATTERS),
    _duty("hall_matters", STAFF),
    _duty("hall_facts", LOCAL),
    _duty("hall_facts", LOCAL, "POST", ok="422"),
    _duty("local_matter", LOCAL),
    _duty("local_matter", LOCAL, "POST", ok="422"),
    _duty("local_state", LOCAL, "POST", ok="422"),
    _duty("local_promise", LOCAL, "POST", ok="422"),
    _duty("matter", READING_MATTERS),
    _duty("matter_lint", READING_MATTERS),
    _duty("matter_sameness", READING_MATTERS | WATCHING | _("director_other")),
]
WATCHERS = WATCHING | _("director_other")
# Whoever watches, or administers the county, reads what governs it; only who governs signs.
READING = WATCHERS | GOVERNING
RATED = (
    STAFF
    - _("approver", "approver_other", "bureau_approver", "bureau_approver_other")
    - EDITING
    - _("administrator", "township_editor")
)
CASED = AT_WORK | WATCHERS
DECIDING = _("village_head", "approver", "approver_other", "bureau_approver", "bureau_approver_other")


def _unknown(route: str, may: Roles, method: str = "GET") -> Rule:
    """Of something that does not exist: whoever may is told so, the others that it is not their work."""
    return Rule(route, method, may=may, ok="404")


ORDERS = [
    # For who watches, and for who answers for an organ.
    _duty("orders", WATCHERS | DECIDING),
    _duty("order_new", WATCHERS),
    # The organ of the sample lies in 太和乡: another township's director has no such organ to choose.
    Rule("order_new", "POST", may=WATCHING, ok="302", except_for=(("director_other", "422"),)),
    *(
        Rule(route, method, sees=_(), may=_())  # of an order, or an urge, that does not exist
        for route, method in (
            *((name, "GET") for name in ("order", "order_reply", "order_act", "order_paper", "order_file", "urge")),
            *((name, "POST") for name in ("order_reply", "order_act", "urge")),
        )
    ),
    replace(_duty("case_urge", WATCHERS, case="submitted"), except_for=(("director_other", "404"),)),
    replace(_duty("case_urge", WATCHERS, "POST", case="submitted", ok="302"), except_for=(("director_other", "404"),)),
]
COUNTY_RULES = [
    *(_duty(f"supervision_{name}", IN_CASES) for name in ("statistics", "rows")),
    # Screens on walls: for whom nobody let in, the page does not exist.
    replace(_duty("wall", WATCHERS), unknown="404"),
    Rule("hall_screen", "GET", sees=TOWNSHIP_CASE, may=TOWNSHIP_CASE, unknown="404"),
    _open("screen_open", ok="404"),
    _duty("screens", READING),
    _duty("screens", READING, "POST", ok="400"),
    _unknown("screen_end", READING, "POST"),
    _duty("calendar", READING),
    _unknown("calendar_notice", READING),
    _unknown("calendar_notice", READING, "POST"),
    *(
        rule
        for route in ("calendar_propose", "calendar_propose_county")
        for rule in (_duty(route, GOVERNING), _duty(route, GOVERNING, "POST", ok="400"))
    ),
    *ORDERS,
    # A hall sees its own, whoever watches those below; the others have no part in ratings.
    _duty("ratings", RATED),
    _unknown("rating", RATED),
    _unknown("rating", RATED, "POST"),
    _unknown("rating_phone", RATED, "POST"),
    _duty("rating_enter", WATCHERS),
    _duty("rating_enter", WATCHERS, "POST", ok="422"),
    _duty("callbacks", WATCHERS),
    _unknown("callback", WATCHERS),
    _unknown("callback", WATCHERS, "POST"),
    _unknown("callback_phone", WATCHERS, "POST"),
    # Of a card that does not exist whoever has to do with cases hears so: their own body may be blamed by one.
    _unknown("supervision_card", CASED),
    _unknown("supervision_card", CASED, "POST"),
    _unknown("supervision_card_paper", CASED),
    _unknown("supervision_card_file", CASED),
    _duty("supervision_cards_own", CASED),
    _duty("supervision_cards_ranking", WATCHERS),
    _duty("supervision_card_issue", _("supervisor")),
    _duty("supervision_card_issue", _("supervisor"), "POST", ok="422"),
    _duty("supervision_exclusions", READING),
    _duty("supervision_exclusions", GOVERNING, "POST", ok="422"),
    _unknown("supervision_exclusion", READING),
    _unknown("supervision_exclusion", READING, "POST"),
    _unknown("supervision_account", WATCHERS),
    _unknown("supervision_account", WATCHERS, "POST"),
    _unknown("supervision_evidence", _("supervisor"), "POST"),
    _duty("api_cards", CASED),
    _unknown("api_card", CASED),
    _duty("supervision_rules", READING),
    _duty("supervision_rule_trial", WATCHERS),
    _duty("supervision_rule_preset", READING),
    # The form is read before the duty is asked for; with a whole form the others are refused (tests/supervision).
    _duty("supervision_rule_preset", READING, "POST", ok="422"),
    _unknown("supervision_rule_set", READING),
    _unknown("supervision_rule_set_confirm", STAFF, "POST"),
    _unknown("supervision_rule_set_drop", STAFF, "POST"),
    _duty("bulletins", READING),
    *(_unknown(f"bulletin{part}", READING) for part in ("", "_pdf", "_docx", "_xlsx")),
    *(Rule(f"bulletin_{act}", "POST", sees=_(), may=_()) for act in ("review", "sign", "drop")),
    _duty("bulletin_draft", GOVERNING, "POST", ok="422"),
    _duty("ledger", IN_CASES),
    _duty("defaults", READING),
    _unknown("defaults_policy", READING),
    _duty("defaults_propose", GOVERNING),
    _duty("defaults_propose", GOVERNING, "POST"),
    _unknown("defaults_confirm", GOVERNING, "POST"),
    _unknown("defaults_drop", GOVERNING, "POST"),
    _duty("defaults_accountability", WATCHERS),
    _duty("defaults_releases", READING | DECIDING),
    _unknown("defaults_release", STAFF),
    _unknown("defaults_release", STAFF, "POST"),
    _duty("defaults_brake", READING),
    _duty("defaults_brake", _("supervisor"), "POST", ok="422"),
]
CATALOGUE = [
    _duty("matter_drafts", READING_MATTERS),
    _duty("matter_draft_new", READING_MATTERS),
    _duty("matter_draft_new", READING_MATTERS, "POST", ok="422"),
    _duty("matter_draft_open", EDITING, "POST", ok="302"),
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
    _duty("matter_similar", READING_MATTERS),
    _duty("matter_pair", EDITING),
    _duty("matter_pair", EDITING, "POST", ok="422"),
    _duty("matter_close", EDITING),
    _duty("matter_close", EDITING, "POST", ok="302"),
    _duty("matter_history", READING_MATTERS),
    _duty("matter_export_json", READING_MATTERS),
    _duty("matter_export_xlsx", READING_MATTERS),
    _duty("matter_import", READING_MATTERS),
    _duty("matter_import", READING_MATTERS, "POST", ok="422"),
]
# Whoever works on cases or watches them; whoever takes things in at a counter, or watches, may write a complaint down.
WITH_CASES = STAFF - _("catalogue_editor", "bureau_editor", "administrator")
WRITING_DOWN = FILING_SOMEWHERE | WATCHERS | _("bureau_window", "station_clerk")
VOICES = [
    _open("voices"),
    *(
        rule
        for name in ("complain", "ask", "repeat", "follow")
        for rule in (_open(f"voice_{name}"), _open(f"voice_{name}", "POST", ok="422"))
    ),
    # Of a number that nothing has; who sees which is a table of its own (tests/supervision/test_voices_shield.py).
    *(_open(name, ok="404") for name in ("voice_by_token", "voice_receipt", "voice_paper_by_token")),
    _duty("voice_list", IN_CASES),
    *(
        Rule(name, method, sees=_(), may=_())
        for name, method in (
            ("voice", "GET"),
            ("voice_paper", "GET"),
            ("voice_reveal", "POST"),
            ("voice_verb", "GET"),
            ("voice_verb", "POST"),
        )
    ),
    *(
        rule
        for kind in ("complaint", "repeat", "inquiry")
        for rule in (
            _duty(f"voice_new_{kind}", WRITING_DOWN),
            _duty(f"voice_new_{kind}", WRITING_DOWN, "POST", ok="422"),
        )
    ),
    _duty("api_voices", STAFF),
]
RULES = [*API, *PAGES, *MESSAGES, *COUNTY_RULES, *CATALOGUE, *VOICES]
