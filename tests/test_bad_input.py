"""What nobody should hand to `drafter check` and somebody will: one line that names the file and the way out, soon."""

from __future__ import annotations

import json
import random
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import drafter
from drafter.checking import MAX_CHARS, notes_on, read_text
from drafter.checks import register_checks
from drafter.checks import run as run_checks
from drafter.cli import run
from drafter.corpus.readers import office, package
from drafter.errors import InputError
from drafter.facts import parse_facts
from drafter.plugins import Check, CheckContext
from tests.test_docx import packed, r
from tests.test_readers import LOCKED_WORD, OLD_WORD

LINE = "今年以来全镇召开防汛部署会12次排查山塘28座发现隐患9处其中已整改7处整改率达77.8%比去年增长3个百分点"
DENSE = "截至6月底，共清理河道6.5公里，比去年同期增长12%，由10处减少到7处；"


@pytest.fixture
def facts(tmp_path: Path, plain: dict[str, Any]) -> Path:
    path = tmp_path / "账.json"
    path.write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    return path


def built_in() -> list[Check]:
    checks: list[Check] = []
    register_checks(checks.append)
    return checks


def document(path: Path, declaration: str = "", body: str = "") -> None:
    """A Word file whose main part begins with this declaration."""
    packed(path, body)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = declaration.encode() + parts["word/document.xml"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def unpacks_to_much(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels", '<x><r Type="http://x/officeDocument" Target="word/document.xml"/></x>'
        )
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(b"<w:document xmlns:w='w'><w:body>")
            for _ in range(70):
                part.write(b" " * 1024 * 1024)


def laughs(path: Path) -> None:
    entities = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    document(path, f'<!DOCTYPE x [<!ENTITY a "哈">{entities}]>', f"<w:p>{r('&j;')}</w:p>")


def reads_a_file(path: Path) -> None:
    secret = path.with_suffix(".secret")
    secret.write_text("机密", "utf-8")
    document(path, f'<!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}">]>', f"<w:p>{r('好&a;')}</w:p>")


def unusually_packed(path: Path) -> None:
    packed(path, f"<w:p>{r('好')}</w:p>")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def cut(path: Path) -> None:
    packed(path, f"<w:p>{r('好' * 400)}</w:p>")
    path.write_bytes(path.read_bytes()[:-200])


BAD: list[tuple[str, Callable[[Path], object], str]] = [
    ("弹.docx", unpacks_to_much, "展开后超过 64 MB"),
    ("碎.docx", lambda path: document(path, body="<w:p/>" * (package.MAX_MARKS + 1)), "标记超过 200 万个"),
    ("笑.docx", laughs, "外部实体"),
    ("外.docx", reads_a_file, "外部实体"),
    ("深.docx", lambda path: document(path, body="<w:p>" * 50_000 + "</w:p>" * 50_000), "已损坏"),
    ("怪.docx", unusually_packed, "已损坏"),
    ("断.docx", cut, "已损坏"),
    ("文.docx", lambda path: path.write_text("不是压缩包", "utf-8"), "已损坏"),
    (
        "密.docx",
        lambda path: path.write_bytes(OLD_WORD + "EncryptedPackage".encode("utf-16-le")),
        "有密码，没有读；请去掉密码后用 Word 或 WPS 另存为 .docx",
    ),
    ("旧密.docx", lambda path: path.write_bytes(LOCKED_WORD), "有密码"),
    ("旧.docx", lambda path: path.write_bytes(OLD_WORD), "请用 Word 或 WPS 另存为 .docx"),
    ("空.docx", lambda path: path.touch(), "文件是空的"),
    ("无字.docx", lambda path: packed(path, "<w:p/>"), "没有文字"),
    ("空.md", lambda path: path.touch(), "文件是空的"),
    ("白.txt", lambda path: path.write_text("\ufeff \r\n\u3000\n", "utf-8"), "文件是空的"),
    ("零.txt", lambda path: path.write_bytes(b"\0\1\2\3" * 500), "不是纯文本"),
    ("代.txt", lambda path: path.write_bytes("好\ud800".encode("utf-8", "surrogatepass") * 40), "文字编码"),
    (
        "长.txt",
        lambda path: path.write_bytes((LINE * 40_000).encode()[:5_000_000]),
        "不像一份报告；请分成几份",
    ),
    ("大.txt", lambda path: path.write_bytes(b" " * (17 << 20)), "17 MB，超过上限 16 MB"),
    ("宏.docm", lambda path: packed(path, f"<w:p>{r('好')}</w:p>"), "现在是“.docm”；请另存为其中一种"),
    ("夹.md", Path.mkdir, "这是文件夹"),
]


@pytest.mark.parametrize(("name", "make", "said"), BAD, ids=[name for name, _, _ in BAD])
def test_a_text_that_is_no_good_is_one_line(
    facts: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    make: Callable[[Path], object],
    said: str,
) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    path = tmp_path / name
    make(path)
    assert run(["check", str(path), "--facts", str(facts)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"错误：{path}：")
    assert err.count("\n") == 1
    assert said in err
    assert "机密" not in err


def test_a_bomb_takes_little_memory(tmp_path: Path) -> None:
    unpacks_to_much(tmp_path / "弹.docx")
    tracemalloc.start()
    try:
        with pytest.raises(InputError):
            read_text(tmp_path / "弹.docx")
        assert tracemalloc.get_traced_memory()[1] < 200 << 20
    finally:
        tracemalloc.stop()


def test_any_damage_to_a_word_file_is_one_line_or_does_no_harm(tmp_path: Path) -> None:
    whole = packed(
        tmp_path / "r.docx",
        f"<w:p>{r('全镇召开会议12次。')}</w:p>",
        **{
            "word/_rels/document.xml.rels": b'<x><r Type="http://x/header" Target="h.xml"/></x>',
            "word/h.xml": "<h><t>页眉</t></h>".encode(),
        },
    ).read_bytes()
    choose, refused = random.Random(7), list[str]()
    for _ in range(400):
        content = bytearray(whole)
        for _ in range(choose.choice((1, 1, 4))):
            place = choose.randrange(len(content))
            if choose.random() < 0.7:
                content[place] = choose.randrange(256)
            else:
                del content[place : place + choose.randrange(1, 40)]
        path = tmp_path / "坏.docx"
        path.write_bytes(content)
        for reader in (read_text, notes_on):
            try:
                reader(path)
            except InputError as error:
                refused.append(str(error))
    assert len(refused) > 100
    assert all(said.startswith(f"{tmp_path / '坏.docx'}：") and "\n" not in said for said in refused)


UNUSUAL = [
    "",
    "\ufeff",
    "\0",
    "\ud800排查山塘82座\udfff。",
    "\u202e排查山塘82座\u202c，\u200b整改\u200e7处。",
    "e\u0301" * 50 + "山塘\u030082座",
    "😀🏳️‍🌈👨‍👩‍👧82座",
    "𠮷家村、𡸴头村82座。",
    "一是\u2028三是\u2029\x85\v\f",
    "排查82座。\r\n\r\n二、问题\r\n",
    "\x1b[31m【待补】\x07",
]


@pytest.mark.parametrize("text", UNUSUAL, ids=ascii)
def test_unusual_characters_are_checked_like_any(plain: dict[str, Any], text: str) -> None:
    result = drafter.check(text, plain)
    assert "plugin.failed" not in {finding.code for finding in result.findings}
    assert all(
        text[finding.start : finding.end] == finding.text
        for finding in result.findings
        if finding.start is not None
    )
    if "82座" in text:
        assert "82座" in {finding.text for finding in result.findings}
    json.loads(
        json.dumps(result.model_dump(mode="json"), ensure_ascii=False).encode("utf-8", "backslashreplace")
    )


def test_line_ends_of_every_kind_are_line_feeds(tmp_path: Path) -> None:
    path = tmp_path / "稿.txt"
    path.write_bytes("\ufeff一、甲\r\n二、乙\r三、丙\u2028四、丁\x85五、戊\n".encode())
    assert read_text(path) == "一、甲\n二、乙\n三、丙\n四、丁\n五、戊\n"


def test_a_text_beyond_any_report_is_refused_by_the_library_too(plain: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="31 万字，超过上限 30 万字"):
        drafter.check("山" * (MAX_CHARS + 10_000), plain)


@pytest.mark.parametrize("check", built_in(), ids=lambda check: check.name)
@pytest.mark.parametrize("piece", [LINE, DENSE.replace("；", "，")], ids=["no mark", "commas"])
def test_a_line_without_an_end_is_checked_to_it(plain: dict[str, Any], check: Check, piece: str) -> None:
    ledger = parse_facts(plain)
    result = run_checks((piece * 4_000)[:4_000], CheckContext(ledger, expected=ledger.facts), [check])
    assert "plugin.failed" not in {finding.code for finding in result.findings}


@pytest.mark.slow
def test_the_longest_text_that_is_taken_is_checked_to_its_end_in_one_line(plain: dict[str, Any]) -> None:
    text = LINE * (MAX_CHARS // len(LINE))
    result = drafter.check(text, plain)
    assert "plugin.failed" not in {finding.code for finding in result.findings}
    assert any(
        finding.start is not None and finding.start >= len(text) - len(LINE) for finding in result.findings
    )
