"""The ledger of facts: its model, its loader for .json and .yaml, and errors that name the place.

It knows nothing of reports: what becomes of a fact is decided by the rooms above.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import stat
import unicodedata
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)

from drafter.errors import FactsError
from drafter.passages import Role
from drafter.validation import kind_of, phrase

SUFFIXES = frozenset({".json", ".yaml", ".yml"})
"""Endings of facts files."""
MAX_BYTES = 2 * 1024 * 1024
"""A ledger is some hundred short lines; a larger file is a mistake (a report or an archive was named)."""
MAX_FACT = 2_000
"""Characters of one fact. One fact is one thing counted or one deed, not a page."""
MAX_FACTS = 5_000
"""A report of 4,000 characters has room for some sixty; beyond this it is no ledger of one report."""

_BREAKS = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
"""As ISO 8601 or GB/T 9704 write a day."""
_STRICT = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, strict=True)


Line = Annotated[str, AfterValidator(lambda text: _BREAKS.sub("", text))]
"""Text of one line: a break inside a title would be taken for layout."""
Entry = Annotated[str, AfterValidator(lambda text: _BREAKS.sub("，", text))]
"""A fact's text on one line, a break in it read as a comma."""


class Fact(BaseModel):
    """One thing counted, or one concrete deed, problem or plan, in terse ledger style."""

    model_config = _STRICT

    id: str = Field(default="", max_length=64, description="名称；不写时由内容算出，不随次序变化")
    role: Role = Field(default="done", description="background 背景、done 已做、problem 问题、plan 打算")
    topic: Line = Field(default="", max_length=60, description="主题，同一主题的事项写在一起")
    text: Entry = Field(min_length=1, max_length=MAX_FACT, description="事项，如“开展专项督查9次”")
    required: bool = Field(default=True, description="必写；背景默认不必写")

    @model_validator(mode="before")
    @classmethod
    def _background_is_optional(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("role") == "background":
            return {"required": False, **data}
        return data


class OutlineEntry(BaseModel):
    """One section of the outline that the facts file asks for; whatever is left out keeps its default."""

    model_config = _STRICT

    name: str = Field(min_length=1, description="章节名，见 drafter plugins")
    heading: Line | None = Field(default=None, min_length=1, max_length=60, description="章节标题，不带序号")
    topics: list[Line] | None = Field(default=None, min_length=1, description="只写这些主题，按此次序")
    length: int | None = Field(default=None, ge=50, le=20_000, description="目标字数")


class Facts(BaseModel):
    """A ledger: who reports, for which period, on what theme, and the facts."""

    model_config = _STRICT

    organization: Line = Field(min_length=1, max_length=100, description="报告单位，如“竹溪镇”")
    period: Line = Field(min_length=1, max_length=40, description="报告时段，如“2024年上半年”")
    theme: Line = Field(min_length=1, max_length=60, description="主题，如“安全生产工作”")
    title: Line = Field(default="", max_length=120, description="报告标题；不写时由单位、时段和主题组成")
    recipient: Line = Field(default="", max_length=100, description="主送机关")
    date: str = Field(default="", description="成文日期，如 2024-07-02 或 2024年7月2日")
    report_type: str = Field(default="work-report", min_length=1, description="报告类型")
    outline: list[OutlineEntry] | None = Field(default=None, min_length=1, description="提纲")
    document_number: str = Field(default="", max_length=60, description="发文字号（用于 Word 文件）")
    signer: str = Field(default="", max_length=60, description="签发人（用于 Word 文件）")
    attachments: list[str] = Field(default_factory=list, description="附件名称（用于 Word 文件）")
    contact: str = Field(default="", max_length=100, description="联系人（用于 Word 文件）")
    facts: list[Fact] = Field(
        min_length=1, max_length=MAX_FACTS, description="事项；一句话，或带 id、role、topic、text、required"
    )

    _repeated: dict[str, str] = PrivateAttr(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _bare_strings(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        data = dict(data)
        if isinstance(data.get("facts"), list):
            data["facts"] = [{"text": fact} if isinstance(fact, str) else fact for fact in data["facts"]]
        if isinstance(data.get("outline"), list):
            data["outline"] = [
                {"name": entry} if isinstance(entry, str) else entry for entry in data["outline"]
            ]
        return data

    @field_validator("date")
    @classmethod
    def _iso_date(cls, value: str) -> str:
        if value:
            written = _DATE.fullmatch(value)
            try:
                if written is None:
                    raise ValueError
                value = dt.date(*(int(part) for part in written.groups() if part)).isoformat()
            except ValueError:
                raise ValueError(f"日期“{value}”不是有效的日期，应写成 2024-07-02 或 2024年7月2日") from None
        return value

    @model_validator(mode="after")
    def _ids(self) -> Facts:
        """Give an id to each fact without one, from its text alone, so that reordering changes no id."""
        seen: dict[str, int] = {}
        equal: dict[str, int] = {}
        facts = list(self.facts)
        for place, fact in enumerate(facts):
            if not fact.id:
                digest = _digest(fact.text)
                equal[digest] = equal.get(digest, 0) + 1
                count = equal[digest]
                fact = fact.model_copy(update={"id": f"f-{digest}" + (f"-{count}" if count > 1 else "")})
                facts[place] = fact
            if fact.id in seen:
                raise ValueError(f"facts[{place}].id：“{fact.id}”与 facts[{seen[fact.id]}] 重复")
            seen[fact.id] = place
        # the model is frozen for its readers; its own validator fills in what the file left out
        object.__setattr__(self, "facts", self._folded(facts))
        return self

    def _folded(self, facts: list[Fact]) -> list[Fact]:
        """The facts, those that say the same as an earlier one left out: a row that was entered twice is written once."""
        first: dict[tuple[Role, str], int] = {}
        kept: list[Fact] = []
        for fact in facts:
            said = (fact.role, _digest(fact.text))
            place = first.setdefault(said, len(kept))
            if place == len(kept):
                kept.append(fact)
                continue
            self._repeated[fact.id] = kept[place].id
            if fact.required and not kept[place].required:
                kept[place] = kept[place].model_copy(update={"required": True})
        return kept

    @property
    def repeated(self) -> dict[str, str]:
        """Ids of facts that were left out, each with the id of the earlier one that says the same."""
        return dict(self._repeated)

    @property
    def report_title(self) -> str:
        """The title, composed as 单位 + 时段 + 主题 + 情况汇报 where the file gives none."""
        if self.title:
            return self.title
        work = self.theme if self.theme.endswith(("工作", "活动", "行动")) else f"{self.theme}工作"
        return f"{self.organization}{self.period}{work}情况汇报"


def _digest(text: str) -> str:
    normal = "".join(unicodedata.normalize("NFKC", text).split())
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def facts_schema() -> dict[str, Any]:
    """The JSON Schema of a facts file as a person may write it (a fact may be a bare sentence)."""
    schema = Facts.model_json_schema()
    for name, what in (("facts", "Fact"), ("outline", "OutlineEntry")):
        node = schema["properties"][name]
        array = node if "items" in node else next(a for a in node["anyOf"] if a.get("type") == "array")
        array["items"] = {"anyOf": [{"type": "string", "minLength": 1}, {"$ref": f"#/$defs/{what}"}]}
    schema["properties"]["date"]["pattern"] = rf"^(?:|{_DATE.pattern})$"
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema


def parse_facts(data: Any, source: str = "facts") -> Facts:
    """Validate plain data (what a JSON or YAML parser gives) as a ledger.

    Raises:
        FactsError: naming each faulty place, what was found there and what is allowed.
    """
    if not isinstance(data, dict):
        raise FactsError(
            f"{source}：最外层应是对象（organization、period、theme、facts），现在是{kind_of(data)}"
        )
    try:
        return Facts.model_validate(data)
    except ValidationError as error:
        faults = [phrase(fault, _keys(fault["loc"])) for fault in error.errors(include_url=False)[:5]]
        more = f"；另有 {error.error_count() - 5} 处" if error.error_count() > 5 else ""
        raise FactsError(f"{source}：" + "；".join(faults) + more) from None


def load_facts(path: str | Path) -> Facts:
    """Read a ledger from a .json, .yaml or .yml file (UTF-8, with or without a byte order mark).

    Raises:
        FactsError: the file is missing, empty, too large, not UTF-8, malformed, or breaks the model.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise FactsError(f"{path}：不认识的事实文件格式“{path.suffix}”，请用 .json、.yaml 或 .yml")
    text = _read(path)
    data = _parse_json(text, path) if path.suffix.lower() == ".json" else _parse_yaml(text, path)
    return parse_facts(data, str(path))


def _read(path: Path) -> str:
    try:
        found = path.stat()
        if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
            raise FactsError(f"{path}：这不是普通文件，请给出事实文件")
        size = found.st_size
        if size > MAX_BYTES:
            raise FactsError(
                f"{path}：文件有 {size / 1048576:.0f} MB，超过上限 {MAX_BYTES // 1048576} MB；事实文件只放台账条目，请核对是否选错文件"
            )
        raw = path.read_bytes()
    except FileNotFoundError:
        raise FactsError(f"{path}：找不到这个文件，请核对路径") from None
    except IsADirectoryError:
        raise FactsError(f"{path}：这是文件夹，请给出其中的事实文件") from None
    except OSError as error:
        raise FactsError(f"{path}：读不了（{error.strerror}），请检查权限") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FactsError(
            f"{path}：第 {error.start + 1} 个字节起不是 UTF-8{_encoding_guess(raw)}；请另存为 UTF-8 编码"
        ) from None
    if not text.strip():
        raise FactsError(f"{path}：文件是空的；格式见 drafter schema")
    return text


def _encoding_guess(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "（像是 UTF-16）"
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "（像是 GBK/GB18030）"


def _parse_json(text: str, path: Path) -> Any:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in items:
            if key in found:
                raise FactsError(f"{path}：键“{key}”在同一个对象里出现两次，请删去一处")
            found[key] = value
        return found

    def constant(name: str) -> Any:
        raise FactsError(f"{path}：{name} 不是合法的 JSON 值")

    try:
        return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise FactsError(
            f"{path}：第 {error.lineno} 行第 {error.colno} 列不是合法的 JSON，请检查引号、逗号和括号"
        ) from None
    except ValueError:
        raise FactsError(f"{path}：有一个数字太长，无法读取；请给它加上引号") from None
    except RecursionError:
        raise FactsError(f"{path}：括号嵌套太深，不像事实文件") from None


def _parse_yaml(text: str, path: Path) -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """Safe, and stricter: no aliases (they can blow a small file up), no key twice."""

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.events.AliasEvent):
                line = self.peek_event().start_mark.line + 1  # type: ignore[no-untyped-call]
                raise FactsError(f"{path}：第 {line} 行用了 YAML 别名（*…），请直接写出内容")
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen = set()
            for key, _ in node.value:
                name = str(self.construct_object(key, deep=True))
                if name in seen:
                    line = key.start_mark.line + 1
                    raise FactsError(f"{path}：第 {line} 行的键“{name}”重复，请删去一处")
                seen.add(name)
            return super().construct_mapping(node, deep)

    try:
        data = yaml.load(text, Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else "某处"
        raise FactsError(f"{path}：{place}不是合法的 YAML，请检查缩进和冒号") from None
    except yaml.YAMLError:
        raise FactsError(f"{path}：含有 YAML 不允许的字符，请另存为纯文本") from None
    except (ValueError, TypeError) as error:
        raise FactsError(f"{path}：YAML 里有无法理解的值（{error}），请给它加上引号") from None
    except RecursionError:
        raise FactsError(f"{path}：缩进嵌套太深，不像事实文件") from None
    if isinstance(data, dict) and isinstance(data.get("date"), dt.date):
        data["date"] = data["date"].isoformat()  # YAML reads an unquoted 2024-07-05 as a date
    return data


def _keys(loc: tuple[int | str, ...]) -> list[str]:
    """The keys allowed in the object that holds this place."""
    if len(loc) > 2 and loc[0] == "facts":
        return list(Fact.model_fields)
    return list(OutlineEntry.model_fields if len(loc) > 2 else Facts.model_fields)
