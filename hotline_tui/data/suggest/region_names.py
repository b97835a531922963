"""Regions as people say them: 东风路街道 is also 东风路."""

from __future__ import annotations

from collections.abc import Iterator

SUFFIXES = ("街道办事处", "街道", "社区", "镇", "乡", "村", "新区", "区", "县", "市")


def ways(name: str) -> Iterator[str]:
    """The name, and what is left of it without what kind of region it is."""
    yield name
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) > 1:
            yield name.removesuffix(suffix)
            return
