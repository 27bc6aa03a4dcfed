"""The peers: what a competent user of a model would write instead, each as its own documentation shows it.

    echo JSON | python -m benchmarks.quality.peers ROW

reads what to draft (`Job` as JSON) and prints `Done` as JSON. It runs in an environment of its own (peers.txt), in which
drafter is not installed: it imports nothing of drafter, and headings and numbering are put by these few lines.

plain       one prompt with all facts (the openai client)
pasted      the same with the nearest past report pasted in whole, as an example of the manner
langchain   a retrieval chain over the corpus (text splitter, BM25 retriever with jieba, prompt | model | parser) in a loop
            over sections: https://python.langchain.com/docs/tutorials/rag/ and /docs/integrations/retrievers/bm25/
instructor  the same loop with a response model whose validator compares the numbers with the facts and asks again:
            https://python.useinstructor.com/concepts/reask_validation/
"""

from __future__ import annotations

import json
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.quality.cases import Case, ledger

MAX_WHOLE = 4000
"""Tokens of a whole report's reply: the longest wanted here has some 3,500, and a small model that repeats itself must end."""
MAX_SECTION = 800
"""Tokens of a section's reply: twice what the longest needs. Left at 1,500, as drafter has it, the loops' rows wrote whole
reports in place of their first section and took ten times as long."""
NUMBERS = "一二三四五六七八九十"


@dataclass
class Job:
    """One report to draft. Times in seconds."""

    case: str
    facts: str
    best: str
    corpus: str
    base_url: str
    model: str
    seed: int
    temperature: float
    timeout: float = 3600

    def load(self) -> Case:
        path = Path(self.facts)
        return Case(self.case, path, Path(self.best), ledger(path.read_text("utf-8")))


@dataclass
class Done:
    """A report and what it cost. `replies` are the model's texts in order; `calls` have their tokens as the server counts."""

    text: str = ""
    calls: list[dict[str, int]] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)


# what is asked for

RULES = """要求：
1. 只写事实清单里的内容，每一条都要写到；数字、单位、日期、人名、地名、文件名照原样写，不改动，不推算，不编造清单里没有的内容。
2. 语言庄重、平实、简练，句子完整，不喊口号，不写“某”“XX”之类的空缺。"""
WHOLE = """请根据下面的事实清单，起草《{title}》，报送{recipient}。

{facts}

{rules}
3. 只输出报告全文，按下面的结构写，方括号里是说明，换成正文；不用 markdown 记号，不作说明。

{skeleton}"""
PASTED = """下面是一份往年的同类报告，只供参考行文和结构，其中的单位、地名、人名、数字和事情都与本报告无关，不要写进来：

<<<
{best}
>>>

"""
SYSTEM = "你是{organization}的公文写作人员，熟悉党政机关工作报告的写法。"
SECTION = """{about}

现在只写《{title}》中“{heading}”这一部分的正文，其他部分由别人写。{form}

{rules}
3. 不写标题，不用 markdown 记号，不作说明，直接输出正文。"""
FORMS = {
    "opening": "写一段，{length}字左右，以“{period}，{organization}”开头，概括总体情况，最后以“现将有关情况汇报如下：”结束。",
    "done": "写一段，{length}字左右，写已经完成的工作。",
    "problem": "用“一是”“二是”“三是”分述存在的问题，{length}字左右，不补充清单以外的原因和措施。",
    "plan": "用“一是”“二是”“三是”分述下一步打算，{length}字左右，用将来的口气。",
}


def listed(facts: list[dict[str, Any]]) -> str:
    return "\n".join(f"- {fact['text']}" for fact in facts)


def all_listed(case: Case) -> str:
    """Every fact, under its role and topic."""
    parts = ["事实清单：", "【基本情况】", listed(case.facts("background")), "【已完成的工作】"]
    for topic, facts in case.topics("done").items():
        parts += [f"（{topic}）", listed(facts)]
    parts += ["【存在的问题】", listed(case.facts("problem")), "【下一步打算】", listed(case.facts("plan"))]
    return "\n".join(part for part in parts if part)


def skeleton(case: Case) -> str:
    """The report's shape with its headings, the paragraphs told in brackets."""
    told = {
        "opening": "[开头一段，概括总体情况，最后以“现将有关情况汇报如下：”结束]",
        "done": "[一段]",
        "problem": "[用“一是”“二是”“三是”分述]",
        "plan": "[用“一是”“二是”“三是”分述]",
    }
    return laid_out(case, [(piece, told[piece.kind]) for piece in pieces(case)])


def whole_prompt(case: Case, best: str = "") -> list[dict[str, str]]:
    pasted = PASTED.format(best=best.strip()) if best else ""
    asked = WHOLE.format(
        title=case.title,
        recipient=case.data.get("recipient", "上级部门"),
        facts=all_listed(case),
        rules=RULES,
        skeleton=skeleton(case),
    )
    return [
        {"role": "system", "content": SYSTEM.format(**case.data)},
        {"role": "user", "content": pasted + asked},
    ]


@dataclass(frozen=True)
class Piece:
    """A section to be written by itself: where it stands, and its facts."""

    kind: str
    heading: str
    facts: list[dict[str, Any]]
    number: str = ""


def pieces(case: Case) -> Iterator[Piece]:
    """The sections of the loop: opening, each topic of what was done, problems, plans."""
    yield Piece("opening", "开头", case.facts("background"))
    for place, (topic, facts) in enumerate(case.topics("done").items()):
        number = NUMBERS[place] if place < 10 else "十" + NUMBERS[place - 10]
        yield Piece("done", topic, facts, number)
    yield Piece("problem", "存在的问题", case.facts("problem"))
    yield Piece("plan", "下一步工作打算", case.facts("plan"))


def laid_out(case: Case, written: list[tuple[Piece, str]]) -> str:
    """The report's text of its sections: title, addressee, headings and signature by rule."""
    lines = [case.title, f"{case.data.get('recipient', '')}："]
    for piece, text in written:
        if piece.kind == "done":
            if piece.number == "一":
                lines.append("一、主要工作开展情况")
            lines.append(f"（{piece.number}）{piece.heading}")
        elif piece.kind != "opening":
            lines.append({"problem": "二、", "plan": "三、"}[piece.kind] + piece.heading)
        lines.append(text.strip())
    lines.append(str(case.data["organization"]))
    if match := re.fullmatch(r"(\d+)-0?(\d+)-0?(\d+)", str(case.data.get("date", ""))):
        lines.append("{}年{}月{}日".format(*match.groups()))
    return "\n\n".join(line for line in lines if line)


def section_prompt(case: Case, piece: Piece, about: str) -> str:
    length = max(80, round(sum(len(fact["text"]) for fact in piece.facts) * 1.6 / 10) * 10)
    form = FORMS[piece.kind].format(**case.data, length=length)
    return SECTION.format(title=case.title, heading=piece.heading, about=about, rules=RULES, form=form)


# the rows


def plain(job: Job, best: bool = False) -> Done:
    import openai

    case = job.load()
    client = openai.OpenAI(base_url=job.base_url, api_key="none", timeout=job.timeout)
    messages: Any = whole_prompt(case, case.best.read_text("utf-8") if best else "")
    answer = client.chat.completions.create(
        model=job.model,
        messages=messages,
        temperature=job.temperature,
        seed=job.seed,
        max_tokens=MAX_WHOLE,
    )
    text = answer.choices[0].message.content or ""
    done = Done(text, [tokens(answer.usage)], [text], {"openai": version("openai")})
    if answer.choices[0].finish_reason == "length":
        done.notes.append("the reply was cut off")
    return done


def tokens(usage: Any) -> dict[str, int]:
    details = getattr(usage, "prompt_tokens_details", None)
    cached = getattr(details, "cached_tokens", 0) or 0
    return {"prompt": usage.prompt_tokens, "reply": usage.completion_tokens, "cached": cached}


def langchain(job: Job) -> Done:
    warnings.filterwarnings("ignore", message=".*being sunset.*")
    import jieba
    from langchain_community.retrievers import BM25Retriever
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_openai import ChatOpenAI
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    jieba.setLogLevel("ERROR")
    case = job.load()
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=300, chunk_overlap=30, separators=["\n\n", "\n", "。", "；", "，", ""]
    )
    chunks = splitter.create_documents(corpus_texts(Path(job.corpus)))
    retriever = BM25Retriever.from_documents(chunks, k=3, preprocess_func=jieba.lcut)
    model = ChatOpenAI(
        model=job.model,
        base_url=job.base_url,
        api_key="none",
        temperature=job.temperature,
        seed=job.seed,
        max_tokens=MAX_SECTION,
        timeout=job.timeout,
    )
    chain = ChatPromptTemplate.from_messages([("system", "{system}"), ("human", "{task}")]) | model
    done = Done()
    written = []
    for piece in pieces(case):
        query = " ".join([case.data["theme"], piece.heading, *(fact["text"] for fact in piece.facts)])
        examples = "\n\n".join(chunk.page_content for chunk in retriever.invoke(query))
        about = (
            f"往年报告的片段，只供参考行文，其中的单位、地名、人名、数字和事情都与本报告无关，不要写进来：\n{examples}"
            f"\n\n事实清单：\n{listed(piece.facts)}"
        )
        answer = chain.invoke(
            {"system": SYSTEM.format(**case.data), "task": section_prompt(case, piece, about)}
        )
        used = answer.usage_metadata
        done.calls.append(
            {
                "prompt": used["input_tokens"],
                "reply": used["output_tokens"],
                "cached": used.get("input_token_details", {}).get("cache_read", 0) or 0,
            }
        )
        done.replies.append(answer.text if isinstance(answer.text, str) else answer.text())
        written.append((piece, done.replies[-1]))
    done.text = laid_out(case, written)
    done.versions = {
        name: version(name)
        for name in ("langchain-core", "langchain-openai", "langchain-community", "rank-bm25")
    }
    return done


def corpus_texts(folder: Path) -> list[str]:
    """The example reports as their files have them."""
    texts = []
    for path in sorted(folder.iterdir()):
        raw = path.read_bytes()
        try:
            texts.append(raw.decode("utf-8"))
        except UnicodeDecodeError:
            texts.append(raw.decode("gb18030"))
    return texts


NUMERAL = re.compile(r"\d+(?:\.\d+)?")


def instructor(job: Job) -> Done:
    import instructor as library
    import openai
    from instructor.core.exceptions import InstructorError
    from pydantic import BaseModel, Field, ValidationInfo, field_validator

    class Section(BaseModel):
        """The text of one section of the report."""

        text: str = Field(description="这一部分的正文，完整的句子，不带标题")

        @field_validator("text")
        @classmethod
        def as_the_facts_say(cls, text: str, info: ValidationInfo) -> str:
            known = (info.context or {}).get("known", "")
            facts = (info.context or {}).get("facts", "")
            wrong = [number for number in NUMERAL.findall(text) if number not in NUMERAL.findall(known)]
            lost = [number for number in NUMERAL.findall(facts) if number not in NUMERAL.findall(text)]
            faults = []
            if wrong:
                faults.append(f"这些数字不在事实清单里，请改正或删去：{'、'.join(dict.fromkeys(wrong))}")
            if lost:
                faults.append(f"漏写了含有这些数字的事实，请补上：{'、'.join(dict.fromkeys(lost))}")
            if re.search(r"[xXＸ×某*]{2}|某[镇村区县乡]", text):
                faults.append("正文里有空缺或代号，请写出事实清单里的名称，没有的不写")
            if not text.strip():
                faults.append("正文是空的")
            if faults:
                raise ValueError("；".join(faults))
            return text

    case = job.load()
    plain_client = openai.OpenAI(base_url=job.base_url, api_key="none", timeout=job.timeout)
    client = library.from_openai(plain_client, mode=library.Mode.JSON_SCHEMA)
    done = Done()

    def answered(answer: Any) -> None:
        done.calls.append(tokens(answer.usage))
        done.replies.append(answer.choices[0].message.content or "")

    client.on("completion:response", answered)
    header = " ".join(str(case.data.get(key, "")) for key in ("period", "organization", "theme", "date"))
    written = []
    for piece in pieces(case):
        facts = listed(piece.facts)
        task = section_prompt(case, piece, f"事实清单：\n{facts}")
        messages: Any = [
            {"role": "system", "content": SYSTEM.format(**case.data)},
            {"role": "user", "content": task},
        ]
        try:
            section = client.chat.completions.create(
                model=job.model,
                messages=messages,
                response_model=Section,
                context={"known": f"{header} {facts}", "facts": facts},
                max_retries=3,
                temperature=job.temperature,
                seed=job.seed,
                max_tokens=MAX_SECTION,
            )
            text = section.text
        except InstructorError as error:
            # a user would rather have the last attempt than none; it is not said to be right
            text = last_attempt(done.replies)
            done.notes.append(f"{piece.heading}: given up ({type(error).__name__})")
        written.append((piece, text))
    done.text = laid_out(case, written)
    done.versions = {"instructor": version("instructor"), "openai": version("openai")}
    return done


def last_attempt(replies: list[str]) -> str:
    """The text of the last reply, as far as it goes: one that was cut off is no JSON."""
    found = re.search(r'"text"\s*:\s*"((?:[^"\\]|\\.)*)', replies[-1] if replies else "")
    return str(json.loads(f'"{found[1]}"', strict=False)) if found else ""


ROWS = {
    "plain": plain,
    "pasted": lambda job: plain(job, best=True),
    "langchain": langchain,
    "instructor": instructor,
}


def serve(rows: Mapping[str, Callable[[Job], Done]]) -> None:
    """Draft the job of the standard input by the row that the command line names, timed, and print what came out."""
    job = Job(**json.load(sys.stdin))
    begun = time.perf_counter()
    done = rows[sys.argv[1]](job)
    done.seconds = round(time.perf_counter() - begun, 1)
    json.dump(asdict(done), sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    serve(ROWS)
