"""Settings and trust: where each value may come from, and which wins.

Order: the user's own settings file, drafter.toml in the working folder, environment, flags; later wins.
A drafter.toml in the working folder may have come with a received folder, so it may set how a report is
written and checked, but not plugins, prompts or where facts are sent.
"""

from __future__ import annotations

import difflib
import json
import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)

from drafter.errors import SettingsError
from drafter.validation import phrase

FOLDER_MAY_SET = frozenset(
    {
        "temperature",
        "passages",
        "length",
        "checks",
        "silenced",
        "formats",
        "docx_contents",
        "allow_copying_from",
    }
)
"""What a drafter.toml of the working folder may set; the rest needs the user's own hand."""

MAX_BYTES = 256 * 1024
"""Settings are a few lines; a file beyond this is something else, and reading it may take minutes."""


class Settings(BaseModel):
    """Everything that can be chosen besides the facts. Lengths are in characters, times in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = Field(default="", description="OpenAI 兼容接口的地址")
    model: str = Field(default="", description="模型名称")
    api_key: SecretStr = Field(default=SecretStr(""), description="接口密钥")
    offline: bool = Field(default=False, description="只用内置离线写作器")
    writer: str = Field(default="", description="写作器名称；不写时由是否选了模型决定")
    retriever: str = Field(default="local", description="检索器名称")
    embeddings_base_url: str = Field(
        default="", description="OpenAI 兼容的向量接口的地址；不写则不用向量检索"
    )
    embeddings_model: str = Field(default="", description="向量模型名称")
    embeddings_api_key: SecretStr = Field(default=SecretStr(""), description="向量接口的密钥")
    embeddings_query_prefix: str = Field(default="", description="检索语前加的话，如 e5 模型的 query: ")
    embeddings_passage_prefix: str = Field(default="", description="片段前加的话，如 e5 模型的 passage: ")
    temperature: float = Field(default=0.3, ge=0, le=2, description="采样温度")
    timeout: float = Field(default=300, gt=0, description="单次调用的时限（秒）")
    stall: float = Field(default=60, gt=0, description="回复开始后多久没有新内容算中断（秒）")
    deadline: float = Field(default=0, ge=0, description="一份报告的时限（秒）；0 为不限")
    attempts: int = Field(default=4, ge=1, le=20, description="暂时性故障时最多试几次")
    concurrency: int = Field(default=2, ge=1, le=256, description="同时进行的调用数")
    requests_per_minute: int = Field(default=0, ge=0, description="每分钟最多几次调用；0 为不限")
    tokens_per_minute: int = Field(default=0, ge=0, description="每分钟最多多少词元；0 为不限")
    budget_tokens: int = Field(default=0, ge=0, description="一份报告最多用多少词元；0 为不限")
    budget_money: float = Field(default=0, ge=0, description="一份报告最多花多少钱；0 为不限")
    batch_budget_tokens: int = Field(default=0, ge=0, description="一批报告最多用多少词元；0 为不限")
    batch_budget_money: float = Field(default=0, ge=0, description="一批报告最多花多少钱；0 为不限")
    price_input: float = Field(default=0, ge=0, description="每百万提示词词元的价格")
    price_cached: float | None = Field(
        default=None, ge=0, description="每百万缓存命中词元的价格；不写则同提示词"
    )
    price_output: float = Field(default=0, ge=0, description="每百万回复词元的价格")
    currency: str = Field(default="元", description="价格的货币单位")
    max_tokens: int = Field(default=1500, ge=64, description="单次回复的词元上限")
    context_window: int = Field(default=8192, ge=1024, description="模型上下文的词元数")
    extra_body: dict[str, Any] = Field(default_factory=dict, description="随请求附上的其他参数")
    passages: int = Field(
        default=3, ge=0, le=20, description="每次最多给模型看几个参考片段；第一个之外，合计不超过要写的字数"
    )
    repair: bool = Field(default=True, description="检查出的错误是否修改")
    repairs: int = Field(default=3, ge=0, le=50, description="每个小节最多请模型修改几次；0 为只按规则修改")
    length: int = Field(default=0, ge=0, le=20_000, description="每个小节的目标字数；0 为各章节自定")
    checks: list[str] = Field(default_factory=list, description="只做这些检查；空为全部")
    silenced: list[str] = Field(default_factory=list, description="不再提示的检查代码")
    phrases: list[str] = Field(
        default_factory=list, description="自己的固定说法，其中的数字不算数量，如“三长制”"
    )
    allow_copying_from: list[str] = Field(
        default_factory=list,
        description="可以照用原文的往期报告：编号、标题或单位；own 为本单位的往期报告",
    )
    period_lexicon: str = Field(default="", description="自己的时段词表：名称、起、止三栏，同名的取代内置的")
    previous: str = Field(
        default="", description="上期的事实文件，或放它们的文件夹（按文件名找同名的），用于比较"
    )
    common_names: list[str] = Field(
        default_factory=list,
        description="自己这里人人可用的名称（上级单位、当地品牌等），不算泄漏，也不遮盖；末尾的 * 表示任何结尾，如“苍岭县*”",
    )
    seal: bool = Field(
        default=False, description="封存起草：数字、日期和名称不发给模型，只发记号，由程序换回"
    )
    sealed_words: list[str] = Field(default_factory=list, description="封存起草时一律封存的词语")
    unsealed_words: list[str] = Field(
        default_factory=list, description="封存起草时不必封存的词语；末尾的 * 表示任何结尾"
    )
    formats: list[str] = Field(default_factory=list, description="输出格式；空为全部")
    docx_template: str = Field(
        default="", description="本单位的 Word 模板（.docx 或 .dotx），用其中的样式和页面"
    )
    docx_contents: bool = Field(default=False, description="Word 文件前面是否加目录")
    plugins: list[str] = Field(default_factory=list, description="另外加载的插件：模块名、.py 文件或文件夹")
    prompts: str = Field(default="", description="自己的提示词文件夹，逐个文件覆盖内置的")

    @field_validator("extra_body")
    @classmethod
    def _can_be_sent(cls, body: dict[str, Any]) -> dict[str, Any]:
        try:
            json.dumps(body)
        except (TypeError, ValueError):
            raise ValueError("extra_body 里只能有 JSON 能写的值（文字、数、真假、列表、表）") from None
        return body

    @property
    def writer_name(self) -> str:
        """Which writer drafts: facts go out only when a model, a base URL or a writer was chosen explicitly."""
        if self.offline:
            return "offline"
        if self.writer:
            return self.writer
        return "endpoint" if self.model or self.base_url else "offline"


ENVIRONMENT = {
    "OPENAI_API_KEY": "api_key",
    "OPENAI_BASE_URL": "base_url",
    **{f"DRAFTER_{name.upper()}": name for name in Settings.model_fields if name not in ("extra_body",)},
}
_ELSEWHERE = frozenset({"DRAFTER_SETTINGS", "DRAFTER_CACHE_DIR"})
"""Variables that are no settings: where the user's settings file and the caches are."""
_LISTS = frozenset(
    {
        "checks",
        "silenced",
        "phrases",
        "allow_copying_from",
        "common_names",
        "sealed_words",
        "unsealed_words",
        "formats",
        "plugins",
    }
)
_PATHS = ("prompts", "period_lexicon", "previous", "docx_template")


@dataclass(frozen=True)
class Source:
    """One place that settings come from: what it sets, and what is wrong with it.

    place   a file's path, or “环境变量”
    found   whether the file is there, or any variable is set
    values  by the name of the setting
    faults  a Chinese line each: the place, the key, and what is allowed
    """

    place: str
    found: bool
    values: dict[str, Any]
    faults: list[str]


def sources(
    *,
    folder: Path | None = None,
    environ: Mapping[str, str] | None = None,
    user_file: Path | None = None,
) -> list[Source]:
    """The user's own file, drafter.toml of the folder and the environment, in this order; later wins. None is taken on trust."""
    environ = os.environ if environ is None else environ
    try:
        user_file = user_file or _user_file(environ)
    except SettingsError as error:
        named = environ["DRAFTER_SETTINGS"].strip()
        return [
            Source(named, False, {}, [str(error)]),
            *_elsewhere(folder or Path.cwd(), Path(named), environ),
        ]
    own = _from_file(user_file)
    # paths in the user's own file are meant from there, wherever a command is run
    if not own.faults:
        values = own.values
        values |= {name: str(user_file.parent / values[name]) for name in _PATHS if values.get(name)}
        if "plugins" in values:
            values["plugins"] = [_from(user_file, name) for name in values["plugins"]]
    return [own, *_elsewhere(folder or Path.cwd(), user_file, environ)]


def _elsewhere(folder: Path, user_file: Path, environ: Mapping[str, str]) -> list[Source]:
    """drafter.toml of the folder, and the environment."""
    local = folder / "drafter.toml"
    received = _from_file(local)
    received.faults[:0] = [
        f"{local}：此处不能设置 {key}（收到的文件夹不应决定插件或数据去向）；请写进 {user_file}、环境变量或命令行"
        for key in received.values
        if key in Settings.model_fields and key not in FOLDER_MAY_SET
    ]
    variables = Source("环境变量", False, {}, [])
    for variable in environ:
        if variable.startswith("DRAFTER_") and variable not in ENVIRONMENT and variable not in _ELSEWHERE:
            variables.faults.append(f"不认识的环境变量 {variable}{_near(variable)}")
    for variable, name in ENVIRONMENT.items():
        if raw := environ.get(variable, "").strip():
            value: Any = [item.strip() for item in raw.split(",")] if name in _LISTS else raw
            variables.faults.extend(_mistakes({name: value}, f"环境变量 {variable}"))
            variables.values[name] = value
    return [received, replace(variables, found=bool(variables.values))]


def _from_file(path: Path) -> Source:
    try:
        values = _read(path)
    except SettingsError as error:
        return Source(str(path), True, {}, [str(error)])
    return Source(str(path), path.exists(), values, _mistakes(values, str(path)))


def load_settings(
    flags: Mapping[str, Any] | None = None,
    *,
    folder: Path | None = None,
    environ: Mapping[str, str] | None = None,
    user_file: Path | None = None,
) -> Settings:
    """Gather the settings from all places; an empty flag (None) leaves what was there.

    Raises:
        SettingsError: naming the file or variable, the key, and what is allowed.
    """
    values: dict[str, Any] = {}
    for source in sources(folder=folder, environ=environ, user_file=user_file):
        if source.faults:
            raise SettingsError(source.faults[0])
        values |= source.values
    for name, value in (flags or {}).items():
        if value is not None:
            _validate({name: value}, "命令行")
            values[name] = value
    return _validate(values, "设置")


def _from(user_file: Path, plugin: str) -> str:
    """A plugin named by its place, with that place; a module stays a module."""
    return (
        str(user_file.parent / plugin)
        if plugin.endswith(".py") or "/" in plugin or "\\" in plugin
        else plugin
    )


def _near(variable: str) -> str:
    close = difflib.get_close_matches(variable, [*ENVIRONMENT, *_ELSEWHERE], n=1)
    return f"，是否应为 {close[0]}？" if close else "，请检查拼写；可用的见 docs/settings.md"


def _user_file(environ: Mapping[str, str]) -> Path:
    if named := environ.get("DRAFTER_SETTINGS", "").strip():
        if not Path(named).is_file():
            raise SettingsError(f"环境变量 DRAFTER_SETTINGS：找不到设置文件 {named}")
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("drafter", appauthor=False) / "settings.toml"


def _read(path: Path) -> dict[str, Any]:
    """A settings file as plain data; empty where there is none. It may have come with a folder, so nothing is taken on trust."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            what = "文件夹" if stat.S_ISDIR(found.st_mode) else "管道、设备之类"
            raise SettingsError(f"{path}：这是{what}，不是设置文件；请移走或改名")
        if found.st_size > MAX_BYTES:
            raise SettingsError(
                f"{path}：文件有 {found.st_size / 1024:.0f} KB，超过上限 {MAX_BYTES // 1024} KB，不像设置文件；请移走或改名"
            )
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        if path.is_symlink():
            raise SettingsError(f"{path}：这个链接指向的文件不存在；请移走或改正") from None
        return {}
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}：第 {error.start + 1} 个字节起不是 UTF-8；请另存为 UTF-8 编码") from None
    except RecursionError:
        raise SettingsError(f"{path}：括号嵌套太深，不像设置文件") from None
    except ValueError as error:  # also a number too long to be one
        raise SettingsError(f"{path}：不是合法的 TOML（{error}）") from None
    except OSError as error:
        raise SettingsError(f"{path}：读不了（{error.strerror}），请检查权限") from None


def _validate(values: Mapping[str, Any], source: str) -> Settings:
    if mistakes := _mistakes(values, source):
        raise SettingsError(mistakes[0])
    return Settings.model_validate(dict(values))


def _mistakes(values: Mapping[str, Any], source: str) -> list[str]:
    """A line for each value that cannot be, with the place, and what may stand there."""
    try:
        Settings.model_validate(dict(values))
    except ValidationError as error:
        return [_told(fault, source) for fault in error.errors(include_url=False)]
    return []


def _told(fault: Any, source: str) -> str:
    field = Settings.model_fields.get(str(fault["loc"][0]))
    if field is not None and field.annotation is SecretStr:
        fault["input"] = "***"
    meaning = f"（{field.description}）" if field else ""
    return f"{source}：{phrase(fault, Settings.model_fields)}{meaning}"
