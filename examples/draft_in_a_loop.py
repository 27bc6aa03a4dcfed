"""Draft two reports at once inside a running event loop, as in a notebook or a web service, and show progress.

python examples/draft_in_a_loop.py

In a notebook the loop runs already: write `report = await drafter.adraft(...)` in a cell.
"""

import asyncio
from pathlib import Path

import drafter

HERE = Path(__file__).resolve().parent


def show(event: drafter.Progress) -> None:
    """Called in the loop's thread with each step; whatever takes long does not belong here."""
    if event.stage == "finish":
        print(f"[{event.done}/{event.total}] {event.heading or event.section}")
    elif event.stage == "done":
        print(f"共 {event.total} 个小节，全部写完")


async def main() -> None:
    """Both reports search the same past reports, which are opened once and closed by who opened them."""
    settings = drafter.load_settings({"offline": True})
    with drafter.open_corpus([HERE / "corpus"]) as past:
        reports = await asyncio.gather(
            *(
                drafter.adraft(HERE / "facts" / name, corpus=past, settings=settings, on_progress=show)
                for name in ("yunxi-safety.json", "liuwan-services.json")
            )
        )
    for report in reports:
        print(f"{report.title}：{len(report.text)} 字，未完成：{'是' if report.unfinished else '否'}")


if __name__ == "__main__":
    asyncio.run(main())
