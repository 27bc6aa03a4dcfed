"""PDF files that take too much: each ends within its bounds with one line, and the others of the same run are read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drafter.corpus import PdfReader, open_store
from drafter.corpus.files import LACKING
from drafter.corpus.readers import apart, bounded, pdf
from drafter.errors import CorpusError
from tests import bombs
from tests.printed import print_report
from tests.processes import REPO, children, left, linux, posix, start
from tests.test_readers import REPORT, TEXT, refused

FEW = 1.0


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[apart.Apart]:
    """A process of each test's own, which computes for a second at most."""
    own = apart.Apart()
    monkeypatch.setattr(pdf, "_APART", own)
    monkeypatch.setattr(pdf, "MAX_SECONDS", FEW)
    yield own
    own._end()


def patched(monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    """The process, with something in its module changed before the first file."""
    code = apart._CODE.replace("serve()", f"from drafter.corpus.readers import bounded\n{change}\nserve()")
    monkeypatch.setattr(apart, "_CODE", code)


@pytest.mark.slow
def test_bombs_are_named_with_the_reason_and_the_other_files_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "MAX_SECONDS", 2 * FEW)  # to fill all the memory takes a while
    folder = tmp_path / "报告"
    folder.mkdir()
    wanted = {
        bombs.unpacks_to(folder / "1 胀.pdf", 900): "展开后要占 768 MB 以上内存",
        bombs.repeats_itself(folder / "2 重.pdf", 5000): "内存",
        bombs.laughs(folder / "3 套.pdf", 12): "算了 2 秒还没有读完",
        bombs.one_line(folder / "4 长.pdf", 400_000): "算了 2 秒还没有读完",
        print_report(folder / "5 密.pdf", REPORT, password="123456"): "有密码",
        print_report(folder / "6 断.pdf", REPORT): "已损坏",
    }
    cut = folder / "6 断.pdf"
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 4])
    print_report(folder / "0 好.pdf", REPORT)
    print_report(folder / "9 好.pdf", [REPORT[0].replace("2021", "2022"), *REPORT[1:]])
    with open_store(tmp_path / "store") as corpus:
        report = corpus.add([folder], readers={"pdf": PdfReader()}, processes=1)
    said = dict(report.skipped)
    assert list(said) == list(wanted)
    for path, reason in wanted.items():
        assert reason in said[path]
        assert "\n" not in said[path]
    assert report.added == 2


@linux
@pytest.mark.slow
def test_no_more_memory_is_taken_than_the_bound(tmp_path: Path) -> None:
    bombs.unpacks_to(tmp_path / "胀.pdf", 900)
    said = run(
        """
        import resource
        from pathlib import Path
        from drafter.corpus.readers import pdf
        try:
            pdf.read_pdf(Path("胀.pdf"))
        except pdf.CorpusError:
            print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
        """,
        tmp_path,
    )
    assert int(said) < 1.3 * pdf.MAX_MEMORY


def test_a_process_that_ended_meanwhile_is_replaced(tmp_path: Path, own: apart.Apart) -> None:
    path = print_report(tmp_path / "a.pdf", REPORT)
    before = pdf.read_pdf(path)
    for _ in range(2):
        assert own._child is not None
        own._child.process.kill()
        own._child.process.wait()
        assert pdf.read_pdf(path) == before


def test_a_file_over_which_processes_end_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = print_report(tmp_path / "a.pdf", REPORT)
    monkeypatch.setattr(
        apart, "_CODE", "import os; os.write(1, b'ready\\n'); os.read(0, 9); os.write(1, b'{'); os.abort()"
    )
    assert "进程中途退出" in refused(PdfReader(), path)
    monkeypatch.setattr(apart, "_CODE", "raise SystemExit(3)")
    assert refused(PdfReader(), path).startswith(LACKING)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    assert refused(PdfReader(), path).startswith(LACKING)


def test_what_keeps_the_watch_from_looking_is_ended_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = print_report(tmp_path / "a.pdf", REPORT)
    endless = (
        "import re; bounded.text_of_pdf = lambda raw: re.match('(a|a)*b', 'a' * 99)\nbounded._HANGING = 1\n"
    )
    code = apart._CODE.replace("serve()", f"from drafter.corpus.readers import bounded\n{endless}serve()")
    monkeypatch.setattr(apart, "_CODE", code)
    monkeypatch.setattr(pdf, "MAX_SECONDS", 0.5)
    assert "没有读" in refused(PdfReader(), path)


def test_a_fault_of_ours_is_told_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = print_report(tmp_path / "a.pdf", REPORT)
    patched(monkeypatch, "bounded.text_of_pdf = lambda raw: [][1]")
    with pytest.raises(RuntimeError, match="IndexError: list index out of range"):
        pdf.read_pdf(path)


@pytest.mark.parametrize(("held", "replaced"), [(pdf.MAX_MEMORY // 3, False), (pdf.MAX_MEMORY - 1, True)])
def test_a_process_that_holds_much_is_replaced(
    tmp_path: Path, own: apart.Apart, monkeypatch: pytest.MonkeyPatch, held: int, replaced: bool
) -> None:
    path = print_report(tmp_path / "a.pdf", REPORT)
    patched(monkeypatch, f"bounded._memory = lambda: {held}")
    assert "松坪镇" in pdf.read_pdf(path)
    assert (own._child is None) == replaced
    assert "松坪镇" in pdf.read_pdf(path)


def test_threads_take_turns(tmp_path: Path) -> None:
    paths = [
        print_report(tmp_path / f"{number}.pdf", [f"松坪镇{2000 + number}年防汛工作总结", *REPORT[1:]])
        for number in range(4)
    ]
    bomb = bombs.laughs(tmp_path / "套.pdf", 12)
    wrong: list[object] = []

    def read(number: int) -> None:
        try:
            for _ in range(3):
                (document,) = PdfReader().read(paths[number])
                if document.text != TEXT.replace("2021", str(2000 + number), 1):
                    wrong.append(document.text)
        except Exception as error:  # noqa: BLE001 - a thread's is lost otherwise
            wrong.append(error)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    with pytest.raises(CorpusError, match="算了 1 秒"):
        pdf.read_pdf(bomb)
    for thread in threads:
        thread.join(60)
    assert wrong == []


def run(script: str, folder: Path, *, before: str = "", status: int = 0) -> str:
    """What a program of somebody's own prints, or writes to out.txt."""
    (folder / "own.py").write_text(textwrap.dedent(script), "utf-8")
    command = [sys.executable, "own.py"]
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" "$@" {before}', *command] if before else command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPO), "PYTHONUTF8": "1", "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (status, "")
    return done.stdout


@posix
def test_it_works_without_stdin_stdout_and_stderr(tmp_path: Path) -> None:
    print_report(tmp_path / "a.pdf", REPORT)
    run(
        """
        from pathlib import Path
        from drafter.corpus import PdfReader
        (document,) = PdfReader().read(Path("a.pdf"))
        Path("out.txt").write_text(document.text, "utf-8")
        """,
        tmp_path,
        before="<&- >&- 2>&-",
    )
    assert (tmp_path / "out.txt").read_text("utf-8") == TEXT


@posix
def test_a_fork_has_a_process_of_its_own(tmp_path: Path) -> None:
    print_report(tmp_path / "a.pdf", REPORT)
    said = run(
        """
        import os, sys
        from pathlib import Path
        from drafter.corpus.readers import pdf
        before = pdf.read_pdf(Path("a.pdf"))
        one = pdf._APART._child.process.pid
        with pdf._APART._lock:  # as if another thread were at it
            fork = os.fork()
        if not fork:
            good = pdf.read_pdf(Path("a.pdf")) == before and pdf._APART._child.process.pid != one
            sys.exit(0 if good else 9)
        _, status = os.waitpid(fork, 0)
        print(status, pdf.read_pdf(Path("a.pdf")) == before, pdf._APART._child.process.pid == one)
        """,
        tmp_path,
    )
    assert said == "0 True True\n"


@posix
@linux
@pytest.mark.parametrize(
    ("number", "status", "ending"),
    [
        (signal.SIGINT, 130, "已中断；已入库的都保留，再次运行同一条命令即可接着做\n"),
        pytest.param(
            signal.SIGTERM,
            143,
            "已中断；已入库的都保留，再次运行同一条命令即可接着做\n",
            marks=pytest.mark.slow,
        ),
        pytest.param(signal.SIGKILL, -9, "", marks=pytest.mark.slow),
    ],
    ids=["ctrl-c", "sigterm", "sigkill"],
)
def test_a_stop_amid_a_file_leaves_no_process_and_no_trace(
    tmp_path: Path, number: signal.Signals, status: int, ending: str
) -> None:
    bombs.one_line(tmp_path / "长.pdf", 400_000)
    process = start("corpus", "add", "长.pdf", "--store", "store", folder=tmp_path)
    had = children(process, 1)
    time.sleep(1.0)
    os.killpg(process.pid, number)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (status, ending)
    assert left(had) == []


def test_elsewhere_than_on_linux_the_most_memory_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise FileNotFoundError

    now = bounded._memory()
    assert now > 1 << 20
    if sys.platform != "win32":
        monkeypatch.setattr("builtins.open", missing)
        most = bounded._memory()
        assert now * 0.9 < most < now + (4 << 30)
