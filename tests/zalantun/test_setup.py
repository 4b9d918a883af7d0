"""Set-up: what is missing is brought or named, and a killed attempt is finished by the next."""

import json
import re
import subprocess
import sys
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import pytest

from tests.zalantun.portal import ROOT, script

console, packages, setup = script("console"), script("packages"), script("setup")


# -- Debian packages ------------------------------------------------------------------------


def as_user(monkeypatch: pytest.MonkeyPatch, *, sudo: bool) -> list[list[str]]:
    """An ordinary user; returns the programs that were run."""
    ran: list[list[str]] = []
    monkeypatch.setattr(packages.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(packages.shutil, "which", lambda name: f"/usr/bin/{name}")
    answer: subprocess.CompletedProcess[str] = subprocess.CompletedProcess([], 0 if sudo else 1)
    monkeypatch.setattr(packages.subprocess, "run", lambda *args, **kwargs: answer)
    monkeypatch.setattr(packages, "run_program", lambda what, command, **kwargs: ran.append(list(command)))
    return ran


def test_what_works_without_its_package_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_installed", lambda names: set())
    assert packages.missing_packages({"present": lambda: True, "absent": lambda: False}) == ["absent"]


def test_an_installed_package_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_installed", lambda names: {"fonts-noto-cjk"})
    assert packages.missing_packages({"fonts-noto-cjk": None, "fonts-lxgw-wenkai": None}) == [
        "fonts-lxgw-wenkai"
    ]


def test_without_rights_it_prints_the_one_line_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = as_user(monkeypatch, sudo=False)
    with pytest.raises(console.Stop) as stop:
        packages.install_packages(["libpango-1.0-0", "fonts-noto-cjk"])
    assert str(stop.value).count("\n") == 0
    assert "apt-get install -y --no-install-recommends libpango-1.0-0 fonts-noto-cjk" in str(stop.value)
    assert ran == []


def test_with_passwordless_sudo_it_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = as_user(monkeypatch, sudo=True)
    packages.install_packages(["libpango-1.0-0"])
    assert ran[0][:2] == ["sudo", "-n"]
    assert ran[0][-1] == "libpango-1.0-0"


def test_old_lists_and_interrupted_installations_are_repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = as_user(monkeypatch, sudo=True)

    def run(what: str, command: list[str], **kwargs: Any) -> None:
        ran.append(command)
        if len(ran) == 1:
            raise console.Stop("no such package")

    monkeypatch.setattr(packages, "run_program", run)
    packages.install_packages(["libpango-1.0-0"])
    assert ["--configure" in command for command in ran] == [False, True, False, False]
    assert "update" in ran[2] and ran[3] == ran[0]


def test_nothing_missing_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = as_user(monkeypatch, sudo=True)
    packages.install_packages([])
    assert ran == []


# -- stamps ---------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty clone; no program is really run."""
    for name in ("requirements.txt", "requirements-dev.txt", "package.json", "package-lock.json"):
        (tmp_path / name).write_text(name)
    (tmp_path / ".venv").mkdir()
    (tmp_path / "node_modules").mkdir()
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "NODE_MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(setup, "_answers", lambda command: True)
    monkeypatch.setattr(setup, "install_packages", lambda names: None)
    return tmp_path


@pytest.fixture
def steps(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []

    def run(what: str, command: list[str], **kwargs: Any) -> None:
        done.append(what)
        if "ci" in command:
            (project / "node_modules").mkdir()

    monkeypatch.setattr(setup, "run_program", run)
    return done


def test_a_finished_set_up_does_nothing_more(steps: list[str]) -> None:
    setup.set_up()
    assert steps == ["安装 Python 软件包", "安装浏览器组件", "编译代码"]
    setup.set_up()
    assert steps[3:] == ["编译代码"]


def test_the_checker_of_pages_comes_with_the_tests_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def run(what: str, command: list[str], **kwargs: Any) -> None:
        if "ci" in command:
            asked.append(command)
            (project / "node_modules").mkdir()

    monkeypatch.setattr(setup, "run_program", run)
    setup.set_up()
    assert "--omit=dev" in asked[0]
    setup.set_up(development=True)
    assert "--omit=dev" not in asked[1]
    setup.set_up()
    assert len(asked) == 2  # what the tests need holds all that pages need


def test_our_modules_are_compiled_even_where_python_is_told_to_write_none(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "room").mkdir()
    (project / "room" / "__init__.py").write_text("")
    (project / "room" / "tables.py").write_text("ROWS = 3\n")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(setup, "PYTHON", Path(sys.executable))
    setup._byte_code()
    compiled = cache_from_source(str(project / "room" / "tables.py"))
    written = Path(compiled).stat().st_mtime_ns
    setup._byte_code()
    assert Path(compiled).stat().st_mtime_ns == written


@pytest.mark.parametrize("broken", ["安装 Python 软件包", "安装浏览器组件"])
def test_an_interrupted_step_is_done_again(
    project: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    done: list[str] = []

    def run(what: str, command: list[str], **kwargs: Any) -> None:
        done.append(what)
        if what == broken and done.count(broken) == 1:
            raise KeyboardInterrupt
        if "ci" in command:
            (project / "node_modules").mkdir()

    monkeypatch.setattr(setup, "run_program", run)
    with pytest.raises(KeyboardInterrupt):
        setup.set_up()
    setup.set_up()
    assert done.count(broken) == 2


def test_what_a_killed_npm_left_is_removed(steps: list[str], project: Path) -> None:
    (project / "node_modules" / "half").mkdir()
    setup.set_up()
    assert not (project / "node_modules" / "half").exists()


def test_changed_pins_are_installed(steps: list[str], project: Path) -> None:
    setup.set_up()
    (project / "requirements.txt").write_text("another")
    setup.set_up()
    assert steps.count("安装 Python 软件包") == 2
    assert steps.count("安装浏览器组件") == 1


def test_a_broken_environment_is_made_anew(
    steps: list[str], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "_answers", lambda command: False)
    setup.set_up()
    assert steps[0] == "创建虚拟环境"


def test_without_npm_one_is_installed(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    monkeypatch.setattr(setup, "_answers", lambda command: str(command[1])[-4:] != "/npm")
    setup.set_up()
    assert steps[:3] == ["安装 Python 软件包", "安装 Python 软件包", "安装浏览器组件"]


# -- errors ---------------------------------------------------------------------------------


def test_a_failing_program_is_a_sentence_with_its_last_lines() -> None:
    with pytest.raises(console.Stop) as stop:
        console.run_program("安装", [sys.executable, "-c", "print('last words'); raise SystemExit(3)"])
    assert str(stop.value).splitlines() == ["安装失败，程序输出的最后几行是：", "last words"]


def test_a_full_disk_is_one_sentence() -> None:
    with pytest.raises(console.Stop) as stop:
        console.run_program("安装", [sys.executable, "-c", "raise SystemExit('No space left on device')"])
    assert str(stop.value) == "安装失败：磁盘空间不足，请清理后重试。"


def test_a_missing_program_is_one_sentence() -> None:
    with pytest.raises(console.Stop) as stop:
        console.run_program("安装", ["/absent/program"])
    assert "找不到" in str(stop.value)


def test_an_old_python_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console.sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit) as stop:
        console.main(lambda: 0)
    assert "Python 3.11" in str(stop.value.code)


# -- pins -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_every_requirement_is_pinned_exactly(name: str) -> None:
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    wanted = [line for line in lines if line and not line.startswith("-r ")]
    assert all(re.fullmatch(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+( ?;.*)?", line) for line in wanted), wanted


def test_the_lock_file_holds_what_package_json_asks_for() -> None:
    asked = json.loads((ROOT / "package.json").read_text())["dependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert locked[""]["dependencies"] == asked
    assert all(locked[f"node_modules/{name}"]["version"] == version for name, version in asked.items())
    assert all("resolved" not in entry for entry in locked.values()), "names a registry"
