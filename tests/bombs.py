"""PDF files of some kilobytes that take gigabytes or hours to read."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

_MEGABYTE = 1 << 20
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 14400 842]/Contents 4 0 R/Resources<<%s>>>>"


def unpacks_to(path: Path, megabytes: int) -> Path:
    """A page whose content is so much when it is unpacked: lines without end, and nothing to read."""
    packing = zlib.compressobj(1)
    unit = (b"0 0 m " * (_MEGABYTE // 6 + 1))[:_MEGABYTE]
    packed = b"".join(packing.compress(unit) for _ in range(megabytes)) + packing.flush()
    twice = zlib.compress(packed)
    return _written(path, [_PAGE % b"", _stream(twice, b"/Filter[/FlateDecode/FlateDecode]")])


def repeats_itself(path: Path, times: int) -> Path:
    """A page whose content is one stream of a megabyte, so many times over."""
    page = _PAGE.replace(b"4 0 R", b"[%s]" % (b"4 0 R " * times)) % b""
    return _written(
        path, [page, _stream(zlib.compress(b"0 0 m " * (_MEGABYTE // 6)), b"/Filter/FlateDecode")]
    )


def laughs(path: Path, levels: int) -> Path:
    """A page that shows a form ten times, which shows another ten times, and so on down."""
    forms = [_PAGE % b"/XObject<</F 5 0 R>>", _stream(b"/F Do " * 10)]
    for level in range(levels):
        deeper = b"/XObject<</F %d 0 R>>" % (6 + level) if level < levels - 1 else b""
        head = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<%s>>" % deeper
        forms.append(_stream(b"/F Do " * 10 if deeper else b"0 0 0 rg " * 100, head))
    return _written(path, forms)


def one_line(path: Path, characters: int) -> Path:
    """A page with a line of so many letters and spaces, over which the layout broods long."""
    font = b"/Font<</T<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    shown = b"(%s) Tj " % (b"a b " * 5000)  # pdfium cuts longer ones
    text = b"BT /T 0.01 Tf 0 1 Td %s ET" % (shown * (characters // 20_000))
    return _written(path, [_PAGE % font, _stream(zlib.compress(text), b"/Filter/FlateDecode")])


def _stream(content: bytes, head: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(content), content)


def _written(path: Path, objects: Sequence[bytes]) -> Path:
    every = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", *objects]
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, part) for number, part in enumerate(every, 1))
    path.write_bytes(b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF" % (len(every) + 1))
    return path
