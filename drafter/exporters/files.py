"""Output files: whole or not at all, and never over what a person has changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from drafter.errors import OutputError
from drafter.plugins import Exporter, load_registry
from drafter.report import Report


def save_report(report: Report, path: Path) -> Path:
    """Write one file in the format of its ending; `Report.save`.

    Raises:
        OutputError: no exporter has that ending, or the place cannot be written.
    """
    exporters = load_registry().exporters.values()
    exporter = next((exporter for exporter in exporters if exporter.suffix == path.suffix.lower()), None)
    if exporter is None:
        known = "、".join(exporter.suffix for exporter in exporters)
        raise OutputError(f"{path}：没有这种格式的导出器，可用的结尾有 {known}")
    write_outputs(report, {path: exporter})
    return path


def write_outputs(
    report: Report,
    targets: Mapping[Path, Exporter],
    *,
    last_written: Callable[[str], str | None] | None = None,
    force: bool = True,
) -> dict[str, str]:
    """Render the report to every target, then move all of them into place.

    Nothing is moved before everything is rendered, so a failure leaves the old files as they were.

    Args:
        report: the report.
        targets: the exporter for each path; the folders exist.
        last_written: the digest of what drafter last wrote under a file name, None when it never did.
        force: write also over files that a person has changed since.

    Returns:
        The digest of each file written, by file name.

    Raises:
        OutputError: a file was changed by a person, or a place cannot be written.
    """
    if not force and last_written is not None:
        refuse_changed(targets, last_written)
    drafts: dict[Path, Path] = {}
    digests: dict[str, str] = {}
    try:
        for path, exporter in targets.items():
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
            os.close(handle)
            drafts[path] = Path(name)
            exporter.write(report, drafts[path])
            with drafts[path].open("rb") as file:
                os.fsync(file.fileno())
                digests[path.name] = hashlib.sha256(file.read()).hexdigest()
            # mkstemp makes private files; a report is an ordinary document
            drafts[path].chmod(0o666 & ~_umask())
        for path in list(drafts):
            drafts.pop(path).replace(path)
    except OSError as error:
        where = error.filename2 or error.filename or ""
        raise OutputError(
            f"写不了输出文件（{error.strerror}：{where}）；请检查文件夹权限和磁盘空间，或用 -o 换个地方"
        ) from None
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    return digests


def refuse_changed(targets: Mapping[Path, Exporter], last_written: Callable[[str], str | None]) -> None:
    """Raise when a target exists and is not what drafter last wrote there.

    Raises:
        OutputError: naming the files.
    """
    changed = []
    for path in targets:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise OutputError(f"{path}：读不了已有的输出文件（{error.strerror}），请检查权限") from None
        if hashlib.sha256(content).hexdigest() != last_written(path.name):
            changed.append(path.name)
    if changed:
        names = "、".join(changed)
        raise OutputError(
            f"{names} 已被人修改过（或不是 drafter 写的），没有覆盖；确要覆盖请加 --force，或用 -o 换个地方"
        )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
