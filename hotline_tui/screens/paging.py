"""Pages of a result by keyset, forward and back: where each began, and which rows it held."""

from __future__ import annotations

from collections.abc import Sequence

from hotline_tui.data.queries.rows import Cursor
from hotline_tui.screens.widgets.row_list import Edge


class Paging:
    """A list keeps a window of the result; what it dropped at an end is read again from where its page began."""

    def __init__(self) -> None:
        self._starts: list[Cursor | None] = [None]
        self._keys: dict[int, tuple[str, ...]] = {}
        self._page_of: dict[str, int] = {}

    def start(self, page: int) -> Cursor | None:
        """Where a page begins; None is the beginning of the result."""
        return self._starts[page]

    def took(self, page: int, keys: Sequence[str], following: Cursor | None) -> None:
        """A page was read; `following` is where the next begins, if there is one."""
        self._keys[page] = tuple(keys)
        self._page_of |= dict.fromkeys(keys, page)
        if following is not None and page == len(self._starts) - 1:
            self._starts.append(following)

    def beyond(self, key: str, edge: Edge) -> int | None:
        """The page to read when a list ends at `key`; None when there is nothing beyond.

        A page that the list holds only in part is that page itself.
        """
        page = self._page_of[key]
        keys = self._keys[page]
        if key == keys[-1 if edge == "after" else 0]:
            page += 1 if edge == "after" else -1
        return page if 0 <= page < len(self._starts) else None

    def more(self, page: int, edge: Edge) -> bool:
        """Whether there are pages beyond this one."""
        return page > 0 if edge == "before" else page < len(self._starts) - 1
