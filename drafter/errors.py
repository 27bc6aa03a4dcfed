"""The exception tree: what can go wrong for a user of drafter, and the exit status each kind ends in.

    DrafterError
    ├── InputError            2   something that was handed in has to be mended
    │   ├── FactsError            the facts file
    │   ├── SettingsError         a settings file, an environment variable or a flag
    │   ├── CorpusError           past reports, a store or an index
    │   │   ├── DamagedCorpus         a store is no longer what was written
    │   │   │   └── LostReports           single reports of it: they were taken out
    │   │   └── ReadOnlyCorpus        a store cannot be written now
    │   ├── OutlineError          the outline asks for what nobody offers
    │   ├── PluginError           a plugin, in strict mode
    │   ├── BudgetError           the facts of one section alone do not fit the model's context
    │   └── OutputError           the place where the report should go
    └── EndpointError         3   the model's server failed; the work so far is saved
        ├── ContextOverflow       prompt and reply do not fit the model's context; a shorter prompt may
        └── LimitReached          the budget or the time set for a report or a batch is used up

A message is one Chinese line: what was found, where, and what to do. docs/exceptions.md says what a caller can do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path


class DrafterError(Exception):
    """Base of every error that drafter raises on purpose; `str(error)` is one Chinese line for the user."""

    exit_status = 70


class InputError(DrafterError):
    """Something that was handed in is missing or wrong and must be mended by the user."""

    exit_status = 2


class FactsError(InputError):
    """The facts file cannot be used; the message names the place in it, such as `facts[3].role`."""


class SettingsError(InputError):
    """A settings file, environment variable or flag has a wrong value or is not allowed there."""


class CorpusError(InputError):
    """A folder of past reports, a store or its index cannot be used."""


class DamagedCorpus(CorpusError):
    """A store is no longer what was written: its index, its catalog or single reports in it."""


class LostReports(DamagedCorpus):
    """Reports of a store that changed by themselves and were taken out; their files are read again by the next `add`.

    `documents` are their ids with the source of each, `paths` the keys of the files they came from.
    """

    def __init__(self, path: Path, documents: Mapping[str, str], paths: Sequence[str]) -> None:
        """Args: the catalog, the documents with their sources, and the keys of their files."""
        self.path, self.documents, self.paths = path, documents, paths
        sources = "、".join(dict.fromkeys(documents.values()))
        super().__init__(
            f"{path}：报告 {'、'.join(documents)} 的内容已损坏（磁盘出错？），已移出库；请用 drafter corpus add 再加入 {sources}"
        )

    def __add__(self, other: LostReports) -> LostReports:
        return LostReports(self.path, {**self.documents, **other.documents}, [*self.paths, *other.paths])


class ReadOnlyCorpus(CorpusError):
    """A store cannot be written now: another process holds it, permissions, a full disk."""


class OutlineError(InputError):
    """The outline names a section or report type that nothing has registered."""


class PluginError(InputError):
    """A plugin is broken and strict mode was asked for."""


class BudgetError(InputError):
    """The facts of one section alone exceed the model's context window."""


class OutputError(InputError):
    """The output cannot be written there, or a file that a person changed would be lost."""


class EndpointError(DrafterError):
    """The model's server refused or failed; every reply received before is kept in the journal."""

    exit_status = 3


class ContextOverflow(EndpointError):
    """Prompt and reply do not fit the model's context: a shorter prompt may succeed, the same one never will.

    A writer raises it, and is asked again without past passages. `prompt_tokens` and `context` are what the server
    said of the prompt and of its window, in tokens; 0 where it said nothing.
    """

    def __init__(self, message: str, prompt_tokens: int = 0, context: int = 0) -> None:
        super().__init__(message)
        self.prompt_tokens = prompt_tokens
        self.context = context


class LimitReached(EndpointError):
    """One more call would pass the budget or the time that was set; it was not made. What was received is kept.

    `shared` when it is the budget of a whole batch.
    """

    def __init__(self, message: str, *, shared: bool = False) -> None:
        super().__init__(message)
        self.shared = shared


class RetrievalWarning(UserWarning):
    """Past passages are found, but not as well as they were asked for: the embeddings endpoint is away."""
