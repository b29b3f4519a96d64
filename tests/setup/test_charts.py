"""The chart library: fetched by npm as the lock says, kept, and never in the way of a start."""

import json

import pytest

from config import charts


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A place of its own for what is fetched."""
    monkeypatch.setattr(charts, "HOME", tmp_path / "vendor")
    monkeypatch.setattr(charts, "STATIC", tmp_path / "vendor" / "static")
    return tmp_path / "vendor"


def test_the_lock_names_versions_and_hashes_of_everything():
    packages = json.loads(charts._LOCK.read_text(encoding="utf-8"))["packages"]
    fetched = {name: one for name, one in packages.items() if name}
    assert "node_modules/echarts" in fetched
    assert all(one["integrity"].startswith("sha512-") for one in fetched.values())


def test_what_was_fetched_is_kept_until_the_lock_changes(elsewhere, tmp_path, monkeypatch, capsys):
    log = tmp_path / "setup.log"
    assert charts.ensure_charts(log)
    library = elsewhere / "static" / charts.LIBRARY
    assert 400_000 < library.stat().st_size < 700_000
    assert (elsewhere / "static" / "vendor" / "echarts.LICENSE.txt").exists()
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    capsys.readouterr()
    assert charts.ensure_charts(log)
    assert capsys.readouterr().out == ""
    assert sorted(path.name for path in elsewhere.iterdir()) == ["fetched", "lock", "static"]


def test_without_the_registry_a_start_goes_on_and_says_so_once(elsewhere, tmp_path, monkeypatch, closed_port, capsys):
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{closed_port}/")
    assert not charts.ensure_charts(tmp_path / "setup.log")
    assert "统计页只显示表格" in capsys.readouterr().out
    assert not charts.ensure_charts(tmp_path / "setup.log")
    assert capsys.readouterr().out == "", "an hour later it tries again"


def test_another_file_than_the_locked_one_is_refused(elsewhere, tmp_path, monkeypatch):
    lock = json.loads(charts._LOCK.read_text(encoding="utf-8"))
    lock["packages"]["node_modules/echarts"]["integrity"] = "sha512-" + "A" * 86 + "=="
    root = tmp_path / "root"
    root.mkdir()
    (root / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    (root / "package.json").write_bytes((charts._LOCK.with_name("package.json")).read_bytes())
    monkeypatch.setattr(charts, "_LOCK", root / "package-lock.json")
    monkeypatch.setattr("config.charts.ROOT", root)
    assert not charts.ensure_charts(tmp_path / "setup.log")
    assert not (elsewhere / "static" / charts.LIBRARY).exists()
