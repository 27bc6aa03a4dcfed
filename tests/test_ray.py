"""A batch on a Ray cluster of two nodes of this machine, one of which is killed. Needs the extra `ray`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest

from tests.misbehaving_server import Answer, serving, telling

REPO = Path(__file__).resolve().parent.parent
REPORTS = 8

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux", reason="Ray's clusters of several nodes on one machine are for Linux"
    ),
]


def slowly(body: dict[str, Any]) -> Answer:
    return Answer(telling(body).body, delay=0.5)


CLUSTER = """
    import json, os, sys, threading, time
    import ray
    from ray.cluster_utils import Cluster
    cluster = Cluster()
    head = cluster.add_node(num_cpus=1, include_dashboard=False)
    other = cluster.add_node(num_cpus=1)
    print(cluster.address, flush=True)
    sys.stdin.readline()
    cluster.remove_node(other, allow_graceful=False)
    print("killed", flush=True)
    sys.stdin.readline()
    cluster.shutdown()
"""


def batch(folder: Path, out: Path, url: str, *more: str) -> list[str]:
    endpoint = (
        "--base-url",
        url,
        "--model",
        "m-1",
        "--format",
        "md",
        "--format",
        "json",
        "--concurrency",
        "4",
    )
    return [sys.executable, "-m", "drafter", "batch", str(folder), "-o", str(out), *endpoint, *more]


def test_a_lost_node_s_reports_are_taken_up_by_the_other(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="the extra drafter[ray] is not installed")
    folder = tmp_path / "facts"
    folder.mkdir()
    for place in range(REPORTS):
        facts = [f"开展上门服务{place + 11}次", {"role": "plan", "text": f"年内再设便民点{place + 2}处"}]
        data = {"organization": "青禾镇", "period": "2024年上半年", "theme": "便民服务工作", "facts": facts}
        (folder / f"t{place}.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    settings = tmp_path / "settings.toml"
    settings.write_text('api_key = "sk-secret-of-this-node"\n', "utf-8")
    surroundings = {
        **os.environ,
        "PYTHONPATH": str(REPO),
        "DRAFTER_SETTINGS": str(settings),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_TMPDIR": str(tmp_path / "r") if len(str(tmp_path)) < 40 else "/tmp/r",
    }
    code = textwrap.dedent(CLUSTER)
    with (
        serving(slowly) as server,
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=surroundings,
            cwd=tmp_path,
        ) as cluster,
    ):
        assert cluster.stdin is not None
        assert cluster.stdout is not None
        address = cluster.stdout.readline().strip()
        try:
            out = tmp_path / "out"
            line = batch(folder, out, server.url, "--ray", address)
            with subprocess.Popen(line, stderr=subprocess.PIPE, text=True, env=surroundings) as drafting:
                until = time.monotonic() + 180
                while len(server.asked) < 5 and drafting.poll() is None and time.monotonic() < until:
                    time.sleep(0.05)
                cluster.stdin.write("\n")
                cluster.stdin.flush()
                assert cluster.stdout.readline().strip() == "killed"
                said = drafting.communicate(timeout=300)[1]
            assert drafting.returncode == 0, said
            whole = json.loads((out / "summary.json").read_text("utf-8"))
            assert whole["totals"]["done"] == REPORTS
            asked = len(server.asked)
            assert set(server.keys) == {"Bearer sk-secret-of-this-node"}
            for place in range(REPORTS):
                assert f"上门服务{place + 11}次" in (out / f"t{place}/report.md").read_text("utf-8")
                assert (out / f"t{place}/journal.sqlite").is_file()
            calls = whole["totals"]["calls"]
            assert calls <= asked <= calls + 8, "no more than one node's unfinished reports was lost"
            # the journals that came back are whole: nothing is asked again, here or there
            again = subprocess.run(
                batch(folder, tmp_path / "out", server.url),
                capture_output=True,
                text=True,
                env=surroundings,
                check=False,
            )
            assert again.returncode == 0, again.stderr
            assert len(server.asked) == asked
        finally:
            cluster.stdin.write("\n")
            cluster.stdin.flush()
            cluster.wait(60)
    for path in out.rglob("*"):
        if path.is_file():
            assert b"sk-secret" not in path.read_bytes(), path


def test_what_is_wrong_with_a_cluster_is_one_line(tmp_path: Path) -> None:
    facts = tmp_path / "a.json"
    facts.write_text(
        '{"organization": "青禾镇", "period": "2024年", "theme": "服务", "facts": ["上门9次"]}', "utf-8"
    )
    pytest.importorskip("ray", reason="the extra drafter[ray] is not installed")
    done = subprocess.run(
        batch(facts, tmp_path / "out", "http://127.0.0.1:9/v1", "--ray", "127.0.0.1:9"),
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPO)},
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert re.search("错误：--ray：连不上 Ray 集群 127.0.0.1:9", done.stderr)
    assert "Traceback" not in done.stderr
