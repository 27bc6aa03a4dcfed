"""drafter turns a ledger of facts and an office's own past reports into a formal Chinese work report.

    import drafter
    report = drafter.draft("facts.json", corpus="past_reports/")
    report.findings; report.sections[0].text; report.save("report.md")
    drafter.check(text, facts)

`__all__` is exactly the public names, docs/library.md says what each is for; everything else may move. Names are
loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from drafter.batch import BatchProgress as BatchProgress
    from drafter.batch import BatchRow as BatchRow
    from drafter.batch import adraft_batch as adraft_batch
    from drafter.batch import draft_batch as draft_batch
    from drafter.checking import check as check
    from drafter.comparing import compare as compare
    from drafter.comparisons import Compared as Compared
    from drafter.comparisons import Comparison as Comparison
    from drafter.corpus import open_corpus as open_corpus
    from drafter.drafting import Journal as Journal
    from drafter.drafting import Progress as Progress
    from drafter.drafting import adraft as adraft
    from drafter.drafting import draft as draft
    from drafter.errors import BudgetError as BudgetError
    from drafter.errors import ContextOverflow as ContextOverflow
    from drafter.errors import CorpusError as CorpusError
    from drafter.errors import DamagedCorpus as DamagedCorpus
    from drafter.errors import DrafterError as DrafterError
    from drafter.errors import EndpointError as EndpointError
    from drafter.errors import FactsError as FactsError
    from drafter.errors import InputError as InputError
    from drafter.errors import LimitReached as LimitReached
    from drafter.errors import LostReports as LostReports
    from drafter.errors import OutlineError as OutlineError
    from drafter.errors import OutputError as OutputError
    from drafter.errors import PluginError as PluginError
    from drafter.errors import ReadOnlyCorpus as ReadOnlyCorpus
    from drafter.errors import SettingsError as SettingsError
    from drafter.facts import Fact as Fact
    from drafter.facts import Facts as Facts
    from drafter.facts import load_facts as load_facts
    from drafter.facts import parse_facts as parse_facts
    from drafter.passages import Copy as Copy
    from drafter.passages import Document as Document
    from drafter.passages import Passage as Passage
    from drafter.passages import Query as Query
    from drafter.plugins import Answer as Answer
    from drafter.plugins import CallLog as CallLog
    from drafter.plugins import Check as Check
    from drafter.plugins import CheckContext as CheckContext
    from drafter.plugins import Exporter as Exporter
    from drafter.plugins import Limits as Limits
    from drafter.plugins import Reader as Reader
    from drafter.plugins import Registry as Registry
    from drafter.plugins import Reply as Reply
    from drafter.plugins import ReportType as ReportType
    from drafter.plugins import Retriever as Retriever
    from drafter.plugins import Section as Section
    from drafter.plugins import SectionContext as SectionContext
    from drafter.plugins import SectionSpan as SectionSpan
    from drafter.plugins import Writer as Writer
    from drafter.plugins import WriteRequest as WriteRequest
    from drafter.plugins import hookimpl as hookimpl
    from drafter.plugins import load_registry as load_registry
    from drafter.report import Block as Block
    from drafter.report import CheckResult as CheckResult
    from drafter.report import Claim as Claim
    from drafter.report import Evidence as Evidence
    from drafter.report import Finding as Finding
    from drafter.report import Part as Part
    from drafter.report import RepairStep as RepairStep
    from drafter.report import Report as Report
    from drafter.report import SectionDraft as SectionDraft
    from drafter.report import Spending as Spending
    from drafter.report import Trace as Trace
    from drafter.report import Usage as Usage
    from drafter.settings import Settings as Settings
    from drafter.settings import load_settings as load_settings
    from drafter.writers.endpoint import EndpointWriter as EndpointWriter

__version__ = "0.1.0"

_HOME = {
    "drafter.batch": ("BatchProgress", "BatchRow", "adraft_batch", "draft_batch"),
    "drafter.checking": ("check",),
    "drafter.comparing": ("compare",),
    "drafter.comparisons": ("Compared", "Comparison"),
    "drafter.corpus": ("open_corpus",),
    "drafter.drafting": ("Journal", "Progress", "adraft", "draft"),
    "drafter.errors": (
        "BudgetError",
        "ContextOverflow",
        "CorpusError",
        "DamagedCorpus",
        "DrafterError",
        "EndpointError",
        "FactsError",
        "InputError",
        "LimitReached",
        "LostReports",
        "OutlineError",
        "OutputError",
        "PluginError",
        "ReadOnlyCorpus",
        "SettingsError",
    ),
    "drafter.facts": ("Fact", "Facts", "load_facts", "parse_facts"),
    "drafter.passages": ("Copy", "Document", "Passage", "Query"),
    "drafter.plugins": (
        "Answer",
        "CallLog",
        "Check",
        "CheckContext",
        "Exporter",
        "Limits",
        "Reader",
        "Registry",
        "Reply",
        "ReportType",
        "Retriever",
        "Section",
        "SectionContext",
        "SectionSpan",
        "WriteRequest",
        "Writer",
        "hookimpl",
        "load_registry",
    ),
    "drafter.report": (
        "Block",
        "CheckResult",
        "Claim",
        "Evidence",
        "Finding",
        "Part",
        "RepairStep",
        "Report",
        "SectionDraft",
        "Spending",
        "Trace",
        "Usage",
    ),
    "drafter.settings": ("Settings", "load_settings"),
    "drafter.writers.endpoint": ("EndpointWriter",),
}
_WHERE = {name: module for module, names in _HOME.items() for name in names}
__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'drafter' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
