"""The start, live: one line for each part on a terminal, one line for each change elsewhere."""

import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.spinner import Spinner
from rich.table import Table

from local_platform.platform.launch import News, Stage

MARKS = {
    Stage.WAITING: "[dim]·[/]",
    Stage.READY: "[green]✓[/]",
    Stage.FAILED: "[red]✗[/]",
    Stage.LEFT_OUT: "[yellow]–[/]",
}


class Board:
    """Shows the news of a launch; `tell` may be called from any thread."""

    def __init__(self, names: Sequence[str], console: Console) -> None:
        self._news = {name: News(name, Stage.WAITING) for name in names}
        self._spinner = Spinner("dots", style="cyan")
        self._console = console
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self._live = Live(get_renderable=self._table, console=console, refresh_per_second=10)

    def tell(self, news: News) -> None:
        with self._lock:
            self._news[news.part] = news
        settled = news.stage in (Stage.READY, Stage.FAILED, Stage.LEFT_OUT)
        if settled and not self._console.is_terminal:
            self._console.print(f"{MARKS[news.stage]} {news.part}: {escape(news.words)}")

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start(refresh=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 1))
        with self._lock:
            for news in self._news.values():
                mark = MARKS.get(news.stage) or self._spinner
                words = (
                    news.words
                    if news.stage in (Stage.READY, Stage.FAILED)
                    else f"[dim]{escape(news.words)}[/]"
                )
                table.add_row(mark, news.part, words)
        table.add_row("", "", f"[dim]{time.monotonic() - self._begun:.0f} s[/]")
        return table
