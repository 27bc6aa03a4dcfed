"""Output files: whole or not at all, and never over what a person has changed."""

from __future__ import annotations

import glob
import hashlib
import os
import tempfile
from collections.abc import Callable, Collection, Mapping
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
    before_moving: Callable[[Mapping[str, str]], None] = lambda digests: None,
) -> dict[str, str]:
    """Render the report to every target, then move all of them into place.

    Nothing is moved before everything is rendered, so a failure leaves the old files as they were.

    Args:
        report: the report.
        targets: the exporter for each path; the folders exist.
        before_moving: told the digest of each file, by file name, when all are rendered.

    Returns:
        The digest of each file written, by file name.

    Raises:
        OutputError: a place cannot be written, or an exporter of a plugin failed.
    """
    drafts: dict[Path, Path] = {}
    digests: dict[str, str] = {}
    try:
        for path, exporter in targets.items():
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
            os.close(handle)
            drafts[path] = Path(name)
            _export(report, exporter, drafts[path])
            with drafts[path].open("r+b") as file:  # Windows can sync only what it may write
                os.fsync(file.fileno())
                digests[path.name] = hashlib.sha256(file.read()).hexdigest()
            # mkstemp makes private files; a report is an ordinary document
            drafts[path].chmod(0o666 & ~_umask())
        before_moving(digests)
        for path in list(drafts):
            drafts[path].replace(path)
            del drafts[path]
    except OSError as error:
        where = error.filename2 or error.filename or ""
        raise OutputError(
            f"写不了输出文件（{error.strerror}：{where}）；请检查文件夹权限和磁盘空间，或用 -o 换个地方"
        ) from None
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    return digests


def sweep(targets: Mapping[Path, Exporter]) -> None:
    """Remove what a run that was killed while it rendered left beside these targets; nobody else may be writing them."""
    for path in targets:
        for part in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
            part.unlink(missing_ok=True)


def _export(report: Report, exporter: Exporter, path: Path) -> None:
    try:
        exporter.write(report, path)
    except (OSError, OutputError):
        raise
    except Exception as error:
        raise OutputError(
            f"导出格式 {exporter.name} 出错（{type(error).__name__}: {error}）；请修好这个插件，或用 --format 只选其他格式"
        ) from error


def refuse_changed(targets: Mapping[Path, Exporter], written: Callable[[str], Collection[str]]) -> None:
    """Raise when a target exists and is nothing that drafter wrote there.

    Raises:
        OutputError: naming the files.
    """
    changed = []
    for path in targets:
        if path.exists() and not path.is_file():
            raise OutputError(f"{path}：已有同名的东西，而且不是普通文件；请用 -o 换个地方")
        try:
            content = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise OutputError(f"{path}：读不了已有的输出文件（{error.strerror}），请检查权限") from None
        if hashlib.sha256(content).hexdigest() not in written(path.name):
            changed.append(str(path))
    if changed:
        names = "、".join(changed)
        raise OutputError(
            f"{names} 已被人修改过（或不是 drafter 写的），没有覆盖；确要覆盖请加 --force，或用 -o 换个地方"
        )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
