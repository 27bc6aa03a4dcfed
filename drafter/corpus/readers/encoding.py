"""Turns the bytes of a text file into text without guessing wildly: wrong characters are worse than none."""

from __future__ import annotations

import codecs
import re
import stat
from pathlib import Path

from drafter.errors import CorpusError

MAX_BYTES = 16 * 1024 * 1024
"""Reports are some kilobytes; a file beyond this is something else."""
_REPORT = "请确认它是一份报告"
IRREGULAR = "不是普通文件（是管道、设备之类），没有读；请给出文件本身"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_COMMON_HAN = frozenset(
    "的一是在和有了不为工作开展我们全镇村会中人大上年月日各民生建设加强进行等群众党委政府安"
)
_HAN = re.compile("[\u4e00-\u9fff]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SAMPLE = 20_000
"""Characters that are looked at to tell whether a decoding makes sense."""
_SURE = 0.75
"""Least share of usual characters in a text that was decoded rightly; misread reports stay at one half or below."""


def read_text(path: Path) -> str:
    """The text of a file, whatever its encoding: UTF-8, UTF-16 and UTF-32 with or without a mark, GB18030, Big5.

    Where the file breaks off amid its last character, as a copy that was interrupted does, that one is left out.

    Raises:
        CorpusError: the file is missing, not readable, too large, empty, binary, no regular file, or in no encoding
            that we can tell.
    """
    text = decode(read_bytes(path), str(path))
    if not text.strip():
        raise CorpusError(f"{path}：文件是空的，请换成有内容的报告")
    return text


def read_bytes(path: Path, most: int = MAX_BYTES, remedy: str = _REPORT) -> bytes:
    """The bytes of a file that the user named; `remedy` is the way out for one of more than `most` bytes.

    Raises:
        CorpusError: the file is missing, not readable, too large or no regular file.
    """
    try:
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            raise IsADirectoryError
        if not stat.S_ISREG(state.st_mode):
            raise CorpusError(f"{path}：{IRREGULAR}")
        if state.st_size > most:
            size = f"{state.st_size / 1048576:.0f} MB"
            raise CorpusError(f"{path}：文件有 {size}，超过上限 {most // 1048576} MB；{remedy}")
        return path.read_bytes()
    except FileNotFoundError:
        raise CorpusError(f"{path}：找不到这个文件，请核对路径") from None
    except IsADirectoryError:
        raise CorpusError(f"{path}：这是文件夹，不是文件") from None
    except OSError as error:
        raise CorpusError(f"{path}：读不了（{error.strerror}），请检查权限和链接") from None


def decode(raw: bytes, source: str) -> str:
    """The text that these bytes hold; `source` names them in errors.

    Raises:
        CorpusError: binary content, or no encoding fits.
    """
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            text = _decoded(raw, encoding)
            if text is None:
                raise CorpusError(f"{source}：开头标明是 {encoding}，内容却不是；请另存为 UTF-8 编码")
            return text.removeprefix("\ufeff")
    zeros = b"\x00" in raw
    if zeros and b"\x00" not in (body := raw.rstrip(b"\x00")):
        raw = body  # a file system fills up with zeros what a crash left unwritten
    plain = b"\x00" not in raw and len(_CONTROL.findall(raw)) * 100 <= len(raw)
    if plain and (text := _decoded(raw, "utf-8")) is not None:
        return text
    # without a mark the zeros of UTF-16 and UTF-32 stand at digits and line ends only: what tells is the sense it makes
    wide = [encoding for encoding in ("utf-32-le", "utf-32-be") if b"\x00" in raw]
    readings = [
        text
        for encoding in (*wide, *(["gb18030"] if plain else []), "utf-16-le", "utf-16-be")
        if (text := _decoded(raw, encoding)) is not None
    ]
    best = max(readings, key=_sense, default="")
    if _sense(best) >= _SURE:
        return best
    # Big5 before GB18030: nearly any bytes can be read as the latter, and reports of Taiwan and Hong Kong seldom as both
    for encoding in ("big5hkscs", "gb18030", _detected(raw)) if plain else ():
        text = _decoded(raw, encoding) or ""
        if _looks_chinese(text):
            return text
    if zeros or not plain:
        raise CorpusError(f"{source}：不是纯文本（含有二进制内容）；请另存为 .txt（UTF-8）")
    raise CorpusError(f"{source}：认不出文字编码；请另存为 UTF-8 编码")


def _decoded(raw: bytes, encoding: str) -> str | None:
    """The text, but for a last character of which only the beginning is there; None if these bytes are no such text."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        return decoder.decode(raw, final=False)
    except (UnicodeError, LookupError):
        return None


def _detected(raw: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(raw[: 256 * 1024]).best()
    return best.encoding if best else ""


def _sense(text: str) -> float:
    """The share of characters that a Chinese report is written with: ASCII, and those of GB 2312. 0 without any Han."""
    sample = text[:_SAMPLE]
    if not _HAN.search(text):
        return 0.0
    known = sample.encode("gb2312", "ignore")
    return (len(known.decode("gb2312")) - len(_CONTROL.findall(known))) / len(sample)


def _looks_chinese(text: str) -> bool:
    """Whether a decoded text reads as Chinese: much Han, and often the commonest characters."""
    han = len(_HAN.findall(text[:_SAMPLE]))
    return han * 3 > len(text[:_SAMPLE]) and common_han(text) > 0.04


def common_han(text: str) -> float:
    """The share of the commonest Han in all Han of a text; far below that of prose where characters were misread."""
    han = _HAN.findall(text[:_SAMPLE])
    return sum(1 for char in han if char in _COMMON_HAN) / len(han) if han else 0.0
