"""What a plugin may be: one protocol a kind, each with one method whose docstring is its contract.

Only plain data crosses these borders; nothing here imports a writer, an index or a document format.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from drafter.comparisons import Compared, Comparison
from drafter.events import Event
from drafter.facts import Fact, Facts
from drafter.passages import Copy, Document, Passage, Query, Role
from drafter.report import Block, Claim, Finding, Report, Usage
from drafter.settings import Settings


@dataclass(frozen=True)
class SectionContext:
    """What a section that renders itself may see: the whole ledger, and the facts that fell to the section."""

    ledger: Facts
    facts: Sequence[Fact]
    heading: str


class Section:
    """One section of a report. Subclass it, set the attributes, register an instance.

    name      how outlines and `--section` call it
    heading   its heading without a number; empty for a section that has none (opening, closing)
    label     what a person calls it where it has no heading
    roles     the roles of the facts that it takes; all but the first only where no other section's first role they are
    template  the file in prompts/ that asks a writer for it; or override `render` and need no writer
    by_topic  one subsection (（一）（二）…) a topic instead of one text
    topics    takes only facts of these topics; empty: of any topic
    length    characters aimed at for one leaf; 0: by its facts
    always    it stands in the report even when no fact falls to it
    tail      a sentence that the program puts behind its text, {genre} being 汇报 or 报告
    """

    name: str = ""
    heading: str = ""
    label: str = ""
    roles: tuple[Role, ...] = ()
    template: str = ""
    by_topic: bool = False
    topics: tuple[str, ...] = ()
    length: int = 0
    always: bool = False
    tail: str = ""

    def render(self, context: SectionContext) -> list[Block] | None:
        """The section's blocks, made by the program alone; None (the default) asks the writer instead."""
        return None


@dataclass(frozen=True)
class ReportType:
    """An order of sections under a name, such as work-report."""

    name: str
    sections: tuple[str, ...]


@dataclass(frozen=True)
class SectionSpan:
    """Where a section stands in the text that is checked, and what was wanted of it."""

    name: str
    start: int
    end: int
    heading: str = ""
    length: int = 0
    """Characters aimed at; 0 where nothing was asked."""
    facts: tuple[str, ...] = ()
    """Ids of the facts that fell to the section."""


@dataclass
class CheckContext:
    """What a check may lean on besides the text.

    ledger    every fact that may support the text
    expected  the facts that this text must carry; the ledger's required ones for a whole report
    sections  where sections stand, when the text was drafted here; empty for a text from elsewhere
    examples  passages of past reports (unmasked) that the writer was shown, or that are near the text
    shown     ids of the passages that the writer was shown; empty for a text from elsewhere
    lookup    finds passages of the corpus that hold a string (not masked); None without a corpus
    copies    finds runs of a text, of at least so many Han characters, that documents of the corpus have; None where
              there is no corpus, or one that cannot tell: then `examples` are compared
    markdown  whether the text is markdown, in which #-headings, tables and **bold** are rightful
    phrases   set phrases with a numeral that count nothing, besides those that every report has
    allow_copying_from  past reports whose words may be used again: ids, titles, organisations, or "own" for the
              ledger's own organisation's
    events    dated names besides the built-in ones; of two alike these hold
    comparison  the ledger beside that of an earlier period; None where none was given
    common_names  names that are common property here, besides the national lexicon; `*` at the end means any ending
    claims    where a check leaves what it could trace
    """

    ledger: Facts
    expected: Sequence[Fact] = ()
    sections: Sequence[SectionSpan] = ()
    examples: Sequence[Passage] = ()
    shown: Collection[str] = ()
    lookup: Callable[[str], Sequence[Passage]] | None = None
    copies: Callable[[str, int], Sequence[Copy]] | None = None
    markdown: bool = True
    phrases: Sequence[str] = ()
    allow_copying_from: Sequence[str] = ()
    events: Sequence[Event] = ()
    common_names: Sequence[str] = ()
    comparison: Comparison | None = None
    claims: list[Claim] = field(default_factory=list)

    def section_at(self, offset: int) -> str | None:
        """Name of the section that holds this offset."""
        return next((span.name for span in self.sections if span.start <= offset < span.end), None)


@runtime_checkable
class Check(Protocol):
    """Looks at a text and says what is wrong with it."""

    name: str

    def check(self, text: str, context: CheckContext) -> Iterable[Finding]:
        """Findings over `text`, offsets in code points of it, `code` beginning with this check's name.

        The section of a finding may be left None: the caller fills it in from its offset. What could be
        traced goes to `context.claims`. A check keeps no state between calls and raises nothing for any text.
        """
        ...


@dataclass(frozen=True)
class Limits:
    """Bounds of one reply: characters to aim at, and tokens that it may have at most."""

    length: int = 300
    max_tokens: int = 1200

    def ran_away(self, text: str) -> bool:
        """Whether a reply that was cut off had long left its task behind: no more of it is worth asking for."""
        return len(text) > 3 * self.length + 300


Purpose = Literal["write", "patch", "rewrite"]


@dataclass(frozen=True)
class Answer:
    """One answer of a server, as it was received.

    `finish` as of `Reply`; or "broken" where the server broke off by its own will, "partial" where the connection did,
    so that the text may be gone on with.
    """

    text: str
    finish: str = "stop"
    usage: Usage = field(default_factory=Usage)
    model: str = ""


class CallLog(Protocol):
    """Keeps each call of one request, so that what was paid for is never asked again.

    For a writer that makes several calls for one reply. A call is one round trip, with its messages. What is awaited here
    waits for the disk; it is carried to its end although the one who awaits is cancelled.
    """

    def kept(self, messages: Sequence[Mapping[str, str]]) -> Answer | None:
        """The answer that these messages got before, in this run or an earlier one; ask nobody then."""
        ...

    async def sent(self, messages: Sequence[Mapping[str, str]], *, url: str = "", body: Any = None) -> int:
        """Note a call before it leaves; `body` is what is sent, without key. Returns the call's number.

        Raises:
            LimitReached: the budget or the time for the report does not allow it; it must not be made.
        """
        ...

    async def received(self, number: int, answer: Answer, seconds: float) -> None:
        """Keep the answer of a call; on return it is on the disk."""
        ...

    async def failed(self, number: int, reason: str, seconds: float, *, worked: bool = False) -> None:
        """Note that a call got no answer; the reason in one line, without key.

        `worked` when the server may have worked on it all the same, and charge for it: a timeout, a broken connection.
        """
        ...


@dataclass(frozen=True)
class WriteRequest:
    """One unit of work: everything that a writer may know of one leaf of the outline.

    An endpoint needs `messages` only; a writer without a model works from the rest. `heading` is the leaf's
    own, without number. `compared` are the facts' figures beside those of an earlier period. `purpose` is "write" for the leaf's text, "rewrite" for a better one, and "patch" for
    changes to it, in which case the reply's text is what the model said, word for word.
    """

    messages: tuple[dict[str, str], ...]
    section: str
    roles: tuple[Role, ...]
    heading: str
    topics: tuple[str, ...]
    facts: tuple[Fact, ...]
    ledger: Facts
    limits: Limits = Limits()
    purpose: Purpose = "write"
    compared: tuple[Compared, ...] = ()
    calls: CallLog | None = field(default=None, compare=False, repr=False)
    """Where a writer with `keeps_calls = True` keeps its calls; None when nothing is kept."""


@dataclass(frozen=True)
class Reply:
    """What a writer gives back.

    text    the body of the leaf: paragraphs divided by newlines, no heading, no number, no markdown
    finish  "stop", or why the text ends otherwise: "length", "content_filter", "empty"
    usage   tokens as the server reported them, over all calls that this reply took
    calls   requests that were answered in this run; what a CallLog had kept counts for none
    """

    text: str
    finish: str = "stop"
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    calls: int = 1


@runtime_checkable
class Writer(Protocol):
    """Turns one request into one reply."""

    name: str

    async def write(self, request: WriteRequest) -> Reply:
        """The text of one leaf.

        A writer that works without messages says so with an attribute `wants_messages = False`; then no prompt is
        built for it, no token budget binds it and no repair is asked of it. One that makes several calls for a reply
        may say `keeps_calls = True` and keep each in `request.calls`; otherwise its replies are kept whole. One that keeps
        to `settings.concurrency` by itself may say `paces_calls = True`; it is then handed some more requests at once.
        Called concurrently. Raises EndpointError for a fault that repeating will not mend; retries of its own
        for those that it will.
        """
        ...


class Retriever(Protocol):
    """Finds passages of past reports.

    One that can does more for the checks: `containing(text)` gives passages that hold exactly this string, and
    `copies(text, least)` the runs of a text, of at least so many Han characters, that its documents have too, exact or
    with small edits (a list of `Copy`). Without them only passages near the text are compared with it. One that sends
    something elsewhere says so with `take_sent()`: address and body (without keys) of each request since it was last
    asked, for `drafter log --outgoing`.
    """

    def search(self, query: Query) -> list[Passage]:
        """At most `query.limit` passages, best first, spread over documents, `masked` filled in."""
        ...


class Reader(Protocol):
    """Reads one format of file into documents."""

    name: str
    suffixes: tuple[str, ...]

    def read(self, path: Path) -> Iterable[Document]:
        """The reports in a file, cleaned and told apart. Raises CorpusError with the reason when it cannot."""
        ...


class Exporter(Protocol):
    """Writes a report in one format.

    It may have two methods more: `configured(settings) -> Exporter`, the exporter as the settings want it, asked before
    anything is drafted (it may raise InputError); and `notices() -> Sequence[str]`, a Chinese line for each thing that the
    user should know of the files once they are written.
    """

    name: str
    suffix: str

    def write(self, report: Report, path: Path) -> None:
        """Write the whole report to `path`, which the caller moves into place afterwards."""
        ...


WriterFactory = Callable[[Settings], Writer]
"""Makes a writer from the settings; registered under the writer's name, called only when it is chosen."""

RetrieverFactory = Callable[[Sequence[Path], Settings, "Mapping[str, Reader]"], Retriever]
"""Opens a retriever over the given stores and folders, reading with the given readers; registered under its name.

Without paths it opens what it has of its own, such as an index on a server, or raises CorpusError where it has nothing.
"""
