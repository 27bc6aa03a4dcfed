"""Where one report goes: a folder or a file, the journal beside it, and how what stands there is kept from harm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from drafter.drafting.flow import run_flow
from drafter.drafting.journal import Journal
from drafter.drafting.run import Plan, Run
from drafter.errors import OutputError
from drafter.exporters.files import refuse_changed, sweep, write_outputs
from drafter.plugins import Exporter, Registry
from drafter.report import Report


@dataclass(frozen=True)
class Place:
    """The folder of one report, and the exporter for each file of it."""

    folder: Path
    targets: Mapping[Path, Exporter]

    @property
    def journal(self) -> Path:
        """The journal of the folder, or beside a single file that was asked for by name."""
        single = next(iter(self.targets))
        if len(self.targets) == 1 and single.stem != "report":
            return self.folder / f"{single.name}.journal.sqlite"
        return self.folder / "journal.sqlite"

    def open(self, run: Run, opened: ExitStack, *, read_only: bool = False) -> None:
        """Give the run its journal if there is one already; nothing is made yet."""
        path = self.journal
        if path.is_file() and not (read_only and not path.stat().st_size):
            run.journal = opened.enter_context(Journal(path, read_only=read_only))

    def make_ready(self, run: Run, opened: ExitStack, *, force: bool = False) -> None:
        """Everything that is refused before anything is paid for; then the folder and the journal are there.

        Raises:
            OutputError: a person changed a file that would be written (unless `force`), or the place cannot be written.
        """
        if not force:
            refuse_changed(self.targets, run.journal.written if run.journal else lambda name: ())
        if run.journal is not None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"{self.folder}：建不了输出文件夹（{error.strerror}）；请检查权限，或用 -o 换个地方"
            ) from None
        run.journal = opened.enter_context(Journal(self.journal))

    async def carry_out(self, run: Run, plan: Plan, *, force: bool = False) -> Report:
        """Draft, and write the files; `make_ready` has been called."""
        report = await run_flow(run, plan)
        journal = run.journal
        assert journal is not None

        def about_to_move(digests: Mapping[str, str]) -> None:
            if not force:
                # somebody may have edited a file while the report was drafted
                refuse_changed(self.targets, journal.written)
            journal.remember(digests)

        async with run.desk.turn():
            sweep(self.targets)
            write_outputs(report, self.targets, before_moving=about_to_move)
        return report


def choose_exporters(formats: Sequence[str], registry: Registry) -> list[Exporter]:
    """The exporters of these formats, all for none.

    Raises:
        OutputError: an unknown format.
    """
    unknown = [name for name in formats if name not in registry.exporters]
    if unknown:
        raise OutputError(f"没有名为“{unknown[0]}”的输出格式，可用的有 {'、'.join(registry.exporters)}")
    return [registry.exporters[name] for name in formats or registry.exporters]


def folder_place(folder: Path, formats: Sequence[str], registry: Registry) -> Place:
    """A folder that holds report.md and its like.

    Raises:
        OutputError: an unknown format, or a file of this name.
    """
    chosen = choose_exporters(formats, registry)
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}：已有同名文件，不能作为输出文件夹；请用 -o 换个地方")
    return Place(folder, {folder / f"report{exporter.suffix}": exporter for exporter in chosen})


def choose_place(facts: Path, out: Path | None, formats: Sequence[str], registry: Registry) -> Place:
    """Where the report of this facts file goes: `out`, a folder or a file with an ending; by default beside the facts.

    Raises:
        OutputError: an unknown format or ending, or a folder and a file mistaken for each other.
    """
    choose_exporters(formats, registry)
    # out2024.07 is a folder; a file has an ending of letters
    if out is not None and out.suffix[1:].isalpha() and not out.is_dir():
        for exporter in registry.exporters.values():
            if exporter.suffix == out.suffix.lower():
                return Place(out.parent, {out: exporter})
        known = "、".join(exporter.suffix for exporter in registry.exporters.values())
        raise OutputError(f"{out}：没有这种格式的导出器，可用的结尾有 {known}")
    return folder_place(out if out is not None else facts.parent / f"{facts.stem}-draft", formats, registry)
