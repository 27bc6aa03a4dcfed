"""Installation without internet: the documented commands, from the wheelhouse to a finished report, network off."""

from __future__ import annotations

import email
import hashlib
import json
import re
import shutil
import subprocess
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import EXAMPLES
from tests.test_installation import ROOT, run

pytestmark = pytest.mark.slow
NO_NETWORK = ["unshare", "-rn"]
"""Runs a command where there is no network at all, not even to this machine (Linux)."""
DEAD = "http://127.0.0.1:9"
WINDOWS = {
    **{"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    **{"python_version": "3.12", "python_full_version": "3.12.0", "implementation_name": "cpython"},
}


def without_network() -> list[str]:
    """What a command is to be run with; where the system cannot take the network away, pip's ways out are closed."""
    if shutil.which("unshare") and subprocess.run([*NO_NETWORK, "true"], check=False).returncode == 0:
        return NO_NETWORK
    closed = [
        f"{name}={DEAD}" for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy")
    ]
    return ["env", "PIP_NO_INDEX=1", *closed]


def documented(page: str) -> list[str]:
    """The commands of the section on machines without internet, without their comments."""
    text = (ROOT / page).read_text("utf-8")
    section = re.search(r"^## (?:Without internet|没有互联网的机器)\n(.*?)(?=^## )", text, re.S | re.M)
    assert section
    block = re.search(r"```sh\n(.*?)```", section[1], re.S)
    assert block
    return [line.split("#")[0].strip() for line in block[1].splitlines()]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of this checkout, without what was made from them."""
    folder = tmp_path_factory.mktemp("checkout") / "drafter"
    made = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "build", "dist", "wheelhouse")
    shutil.copytree(ROOT, folder, ignore=made)
    return folder


@pytest.fixture(scope="module")
def wheelhouse(checkout: Path) -> Path:
    done = run(documented("README.md")[0].split(), checkout)
    assert done.returncode == 0, done.stdout + done.stderr
    return checkout / "wheelhouse"


def test_both_readmes_document_the_same_commands() -> None:
    commands = documented("README.md")
    assert commands == documented("README.zh-CN.md")
    assert commands[0] == "make wheelhouse"
    assert "pip install --no-index --find-links wheelhouse drafter" in commands[-1]


def test_the_sums_are_those_of_the_wheels(wheelhouse: Path) -> None:
    lines = (wheelhouse / "SHA256SUMS").read_text("utf-8").splitlines()
    noted = {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}
    wheels = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in wheelhouse.glob("*.whl")}
    assert noted == wheels
    assert len(wheels) > 20
    assert {path.suffix for path in wheelhouse.iterdir()} == {".whl", ""}


def test_a_machine_without_internet_installs_from_it_and_drafts(wheelhouse: Path, tmp_path: Path) -> None:
    carried = tmp_path / "carried"
    shutil.copytree(wheelhouse, carried / "wheelhouse")
    venv.create(tmp_path / "v", with_pip=True)
    programs = tmp_path / "v/bin"
    off = without_network()
    if off == NO_NETWORK:
        reach = "import socket; socket.create_connection(('192.0.2.1', 53), 5)"
        assert "unreachable" in run([*off, str(programs / "python"), "-c", reach], tmp_path).stderr

    _, *on_the_other_machine = documented("README.md")
    for command in on_the_other_machine:
        first, *rest = command.split()
        program = programs / first if (programs / first).exists() else Path(shutil.which(first) or first)
        place = carried / "wheelhouse" if first == "sha256sum" else carried
        done = run([*off, str(program), *rest], place)
        assert done.returncode == 0, done.stdout + done.stderr
    installed = json.loads(run([str(programs / "pip"), "list", "--format", "json"], tmp_path).stdout)
    assert "drafter" in {row["name"] for row in installed}
    assert run([*off, str(programs / "pip"), "check"], tmp_path).returncode == 0

    facts = tmp_path / "facts.json"
    shutil.copy(EXAMPLES / "facts/yunxi-safety.json", facts)
    shutil.copytree(EXAMPLES / "corpus", tmp_path / "past")
    done = run([*off, str(programs / "drafter"), "draft", "facts.json", "--corpus", "past"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "没有错误" in done.stderr
    report = (tmp_path / "facts-draft/report.md").read_text("utf-8")
    assert report.startswith("# 云溪镇2024年上半年安全生产工作情况汇报")
    checked = run(
        [*off, str(programs / "drafter"), "check", "facts-draft/report.md", "--facts", "facts.json"], tmp_path
    )
    assert checked.returncode == 0, checked.stderr


def test_a_wheelhouse_for_windows_lacks_nothing_that_windows_needs(checkout: Path, wheelhouse: Path) -> None:
    """Every requirement that holds there, followed from drafter on, is met by a wheel that fits there."""
    kept = checkout / "own"
    wheelhouse.rename(kept)
    done = run(["make", "wheelhouse", "PLATFORM=win_amd64", "PYTHON_VERSION=3.12"], checkout)
    made = (checkout / "wheelhouse").rename(checkout / "windows")
    kept.rename(wheelhouse)
    assert done.returncode == 0, done.stdout + done.stderr
    needs: dict[str, list[Requirement]] = {}
    versions: dict[str, str] = {}
    for wheel in made.glob("*.whl"):
        assert wheel.stem.endswith(("-any", "-win_amd64")), wheel.name
        with zipfile.ZipFile(wheel) as archive:
            path = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
            metadata = email.message_from_bytes(archive.read(path))
        name = canonicalize_name(metadata["Name"])
        versions[name] = metadata["Version"]
        needs[name] = [Requirement(text) for text in metadata.get_all("Requires-Dist", [])]
    wanted, seen = [Requirement("drafter")], set()
    while wanted:
        requirement = wanted.pop()
        name = canonicalize_name(requirement.name)
        assert name in versions, f"{name} is missing"
        assert requirement.specifier.contains(versions[name], prereleases=True)
        if (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        for extra in ("", *requirement.extras):
            wanted += [
                need
                for need in needs[name]
                if need.marker is None or need.marker.evaluate({**WINDOWS, "extra": extra})
            ]
    assert "colorama" in {name for name, _ in seen}
