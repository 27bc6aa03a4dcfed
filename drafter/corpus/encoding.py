"""Turns the bytes of a text file into text without guessing wildly: wrong characters are worse than none."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from drafter.errors import CorpusError

MAX_BYTES = 16 * 1024 * 1024
"""Reports are some kilobytes; a file beyond this is something else."""
IRREGULAR = "不是普通文件（是管道、设备之类），没有读；请给出文件本身"

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_COMMON_HAN = frozenset(
    "的一是在和有了不为工作开展我们全镇村会中人大上年月日各民生建设加强进行等群众党委政府安"
)
_HAN = re.compile("[\u4e00-\u9fff]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def read_text(path: Path) -> str:
    """The text of a file, whatever its encoding: UTF-8, UTF-16 or UTF-32 with a mark, GB18030, or what a detector is sure of.

    Raises:
        CorpusError: the file is missing, not readable, too large, empty, binary, no regular file, or in no encoding
            that we can tell.
    """
    try:
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            raise IsADirectoryError
        if not stat.S_ISREG(state.st_mode):
            raise CorpusError(f"{path}：{IRREGULAR}")
        size = state.st_size
        if size > MAX_BYTES:
            raise CorpusError(
                f"{path}：文件有 {size / 1048576:.0f} MB，超过上限 {MAX_BYTES // 1048576} MB；请确认它是一份报告"
            )
        raw = path.read_bytes()
    except FileNotFoundError:
        raise CorpusError(f"{path}：找不到这个文件，请核对路径") from None
    except IsADirectoryError:
        raise CorpusError(f"{path}：这是文件夹，不是文件") from None
    except OSError as error:
        raise CorpusError(f"{path}：读不了（{error.strerror}），请检查权限和链接") from None
    text = decode(raw, str(path))
    if not text.strip():
        raise CorpusError(f"{path}：文件是空的，请换成有内容的报告")
    return text


def decode(raw: bytes, source: str) -> str:
    """The text that these bytes hold; `source` names them in errors.

    Raises:
        CorpusError: binary content, or no encoding fits.
    """
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                raise CorpusError(
                    f"{source}：开头标明是 {encoding}，内容却不是；请另存为 UTF-8 编码"
                ) from None
    if b"\x00" in raw or len(_CONTROL.findall(raw)) * 100 > len(raw):
        raise CorpusError(f"{source}：不是纯文本（含有二进制内容）；请另存为 .txt（UTF-8）")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if _looks_chinese(text):
        return text
    from charset_normalizer import from_bytes

    best = from_bytes(raw[: 256 * 1024]).best()
    if best is not None and best.encoding:
        try:
            text = raw.decode(best.encoding)
        except (UnicodeDecodeError, LookupError):
            text = ""
        if _looks_chinese(text):
            return text
    raise CorpusError(f"{source}：认不出文字编码；请另存为 UTF-8 编码")


def _looks_chinese(text: str) -> bool:
    """Whether a decoded text reads as Chinese: much Han, and often the commonest characters."""
    han = _HAN.findall(text[:20_000])
    sample = len(text[:20_000])
    common = sum(1 for char in han if char in _COMMON_HAN)
    return bool(han) and len(han) * 3 > sample and common * 25 > len(han)
