"""What every test may ask for: a clean memory, a Chromium, and a place for screenshots.

The database is a throw-away one: run the suite through `python3 start.py test`.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connections
from guardian.shortcuts import clear_ct_cache
from hypothesis import settings as hypothesis_settings
from hypothesis.configuration import set_hypothesis_home_dir
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from config.machine import find_browser
from supervision.selectors.written import forget_written

pytest_plugins = ["tests.seed"]  # the real county, for modules that ask for it

LOCAL = Path(__file__).resolve().parent.parent / ".local"
ARTIFACTS = LOCAL / "artifacts"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

set_hypothesis_home_dir(LOCAL / "cache" / "hypothesis")
hypothesis_settings.register_profile("here", deadline=None)  # a shared machine has slow moments
hypothesis_settings.load_profile("here")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files come first, so that no process is left with one while the others have nothing to do."""
    long = {item.path for item in items if item.get_closest_marker("slow") or "chromium" in _asked(item)}
    items.sort(key=lambda item: item.path not in long)


def _asked(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


def _forget() -> None:
    cache.clear()
    forget_written()
    ContentType.objects.clear_cache()
    clear_ct_cache()


@pytest.fixture(scope="module", autouse=True)
def _clean_memory_for_a_file() -> None:
    """What a file builds for all its tests is built before the first of them forgets what an emptied database was."""
    _forget()


@pytest.fixture(autouse=True)
def _clean_memory() -> None:
    """Empty what the process remembers between tests, so that query counts do not depend on their order."""
    _forget()


# --- browser ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = find_browser()
    if not executable:
        pytest.fail(
            "没有找到 Chromium。请运行 python3 start.py test，或用环境变量 CHROME 指定它的路径。", pytrace=False
        )
    # Playwright runs an event loop in this thread; Django would refuse the database beside it, and has another
    # connection there. The one from before would wake up in a forked process, on the database it was opened for.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connections.close_all()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Give `open_page(width=1440, height=900, **context_options) -> Page`, each in a context (person) of its own.

    The test fails afterwards if a page broke the content security policy, raised a script error, or got a 5xx.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_one(width: int = 1440, height: int = 900, **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
        page.on(
            "response", lambda answer: faults.append(f"{answer.status} {answer.url}") if answer.status > 499 else None
        )
        return page

    yield open_one
    failed = request.node.stash.get(_FAILED, False)
    for number, page in enumerate(page for context in contexts for page in context.pages):
        if failed:
            page.screenshot(path=_artifact(f"failed/{request.node.name}-{number}"), full_page=True)
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """Open a page as on an office screen, 1440 px wide."""
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """Open a page as on a phone, 375 px wide."""
    return open_page(width=375, height=812, has_touch=True, is_mobile=True, device_scale_factor=2)


@pytest.fixture
def keep() -> Callable[[Page, str], Path]:
    """Give `keep(page, "township/inbox")`: a full screenshot under .local/artifacts."""

    def keep_one(page: Page, name: str) -> Path:
        path = _artifact(name)
        page.screenshot(path=path, full_page=True)
        return path

    return keep_one


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Give `axe(page) -> ["rule: help (3 places, first selector)"]`, empty when nothing is wrong."""
    source = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

    def violations(page: Page) -> list[str]:
        page.wait_for_load_state()  # a page that is still arriving has no document yet
        page.evaluate(source)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(answer => answer.violations)")
        return [f"{one['id']}: {one['help']} ({len(one['nodes'])}x, {one['nodes'][0]['target']})" for one in found]

    return violations


_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


def _artifact(name: str) -> Path:
    path = ARTIFACTS / (re.sub(r"[^\w./-]", "_", name) + ".png")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
