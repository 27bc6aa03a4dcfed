"""What calls have cost, by section and step, and whether one more may be made: tokens, money and time.

A call is checked before it leaves with the most that it can cost, so that a budget is never passed, also not by calls
under way together. What a server does not report is put at that most.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from drafter.errors import LimitReached, SettingsError
from drafter.report import Spending, Usage
from drafter.settings import Settings


def cost(usage: Usage, settings: Settings) -> float:
    """What the usage costs at the prices of the settings, in their currency."""
    cached = settings.price_input if settings.price_cached is None else settings.price_cached
    fresh = max(0, usage.prompt_tokens - usage.cached_tokens)
    prices = ((fresh, settings.price_input), (usage.cached_tokens, cached))
    return (sum(n * price for n, price in prices) + usage.completion_tokens * settings.price_output) / 1e6


@dataclass
class Purse:
    """A budget of one report or of a batch: what is spent, and what calls under way may still cost.

    `tokens` and `money` bound it; 0 is no bound. `names` are the settings that a message names.
    """

    settings: Settings
    tokens: int = 0
    money: float = 0.0
    names: tuple[str, str] = ("budget_tokens", "budget_money")
    of: str = "这份报告"
    spent: Usage = field(default_factory=Usage)
    reserved: Usage = field(default_factory=Usage)
    _waiting: list[asyncio.Future[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.money and not (self.settings.price_input or self.settings.price_output):
            raise SettingsError(f"设了预算 {self.names[1]}，却没有价格；请设置 price_input 和 price_output")

    def fits(self, most: Usage) -> bool:
        """Whether a call that may cost so much fits beside all that are under way."""
        return not self._excess(self.spent + self.reserved, most)

    def refusal(self, most: Usage) -> str:
        """Why a call that may cost so much can never be made, however little those under way come to; else empty."""
        return self._excess(self.spent, most)

    async def settled(self) -> None:
        """Wait until a call that is under way is over."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        await waiting

    def wake(self) -> None:
        """A call is over: who waits looks again."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    def _excess(self, sure: Usage, most: Usage) -> str:
        total = sure + most
        if self.tokens and total.total > self.tokens:
            return (
                f"{self.of}已用 {sure.total} 词元，再调用一次至多要 {most.total}，会超出预算 {self.tokens}"
                f"（{self.names[0]}）"
            )
        if self.money and cost(total, self.settings) > self.money:
            unit = self.settings.currency
            used, next_one = cost(sure, self.settings), cost(most, self.settings)
            return (
                f"{self.of}已花 {used:.4g} {unit}，再调用一次至多要 {next_one:.4g} {unit}，"
                f"会超出预算 {self.money:g} {unit}（{self.names[1]}）"
            )
        return ""


def report_purse(settings: Settings) -> Purse:
    """The budget of one report."""
    return Purse(settings, settings.budget_tokens, settings.budget_money)


def batch_purse(settings: Settings) -> Purse:
    """The budget that all reports of a batch share."""
    names = ("batch_budget_tokens", "batch_budget_money")
    return Purse(settings, settings.batch_budget_tokens, settings.batch_budget_money, names, "这一批报告")


class Meter:
    """The account of one run: a row for each section, subsection and step, and the purses that pay.

    Args:
        settings: prices, budgets and the time for a report.
        shared: the purse of a batch.
    """

    def __init__(self, settings: Settings, shared: Purse | None = None) -> None:
        self._settings = settings
        self._own = report_purse(settings)
        self._purses = [self._own] + ([shared] if shared else [])
        self._rows: dict[tuple[str, str, str], Spending] = {}
        self._most: dict[int, Usage] = {}
        self._until = time.monotonic() + settings.deadline if settings.deadline else 0.0

    @property
    def rows(self) -> list[Spending]:
        """What was spent, in the order in which it began."""
        return list(self._rows.values())

    @property
    def seconds_left(self) -> float | None:
        """Of the time for the report; None where there is no limit."""
        return max(0.0, self._until - time.monotonic()) if self._until else None

    def spent_before(self, usage: Usage) -> None:
        """What earlier runs of the same report have cost belongs to its budget."""
        self._own.spent += usage

    def out_of_time(self) -> LimitReached:
        """The error for when the report's time is over."""
        return LimitReached(f"这份报告的时限（deadline，{self._settings.deadline:g} 秒）到了，没有再调用")

    def take(self, most: Usage) -> bool:
        """Put one more call, which costs at most so much, to the account; False while those under way leave no room.

        Raises:
            LimitReached: it may never be made, however little those under way come to.
        """
        if self.seconds_left == 0.0:
            raise self.out_of_time()
        for purse in self._purses:
            if refusal := purse.refusal(most):
                raise LimitReached(f"{refusal}；没有再调用", shared=purse is not self._own)
        if not all(purse.fits(most) for purse in self._purses):
            return False
        for purse in self._purses:
            purse.reserved += most
        return True

    async def reserve(self, most: Usage) -> None:
        """Wait until one more call, which costs at most so much, may be made: those under way may come to less.

        Raises:
            LimitReached: it may not.
        """
        while not self.take(most):
            full = next(purse for purse in self._purses if not purse.fits(most))
            await full.settled()

    def settle(self, most: Usage, used: Usage, section: str, heading: str, step: str, seconds: float) -> None:
        """A call that was reserved is over: it cost `used`, which is nothing where it was refused."""
        for purse in self._purses:
            purse.reserved = purse.reserved.minus(most)
            purse.spent += used
            purse.wake()
        row = self._rows.setdefault(
            (section, heading, step), Spending(section=section, heading=heading, step=step)
        )
        row.calls += 1
        row.tokens += used
        row.seconds = round(row.seconds + seconds, 3)
        row.cost = round(cost(row.tokens, self._settings), 6)
