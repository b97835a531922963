"""`hotline kb`: standard answers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from hotline_tui.commands import console, knowledge_keeping, opening
from hotline_tui.commands.parsing import Commands, count
from hotline_tui.errors import Refused, UsageError

if TYPE_CHECKING:
    from hotline_tui.data.search.knowledge import KnowledgeIndex
    from hotline_tui.services.desk import Desk

EXCERPT = 100
"""Signs of an answer that are shown; --json has all of it."""
LISTED = 20
"""So many rows that could not be asked are named."""


def add(commands: Commands) -> None:
    """The commands."""
    group = commands.add_parser("kb", help="知识库").add_commands()
    search = group.add_parser("search", help="查找标准答案, 最相关的在前")
    search.add_argument("words", metavar="词语", nargs="+", help="一句话、词语、拼音或拼音首字母")
    search.add_argument("-n", "--limit", metavar="N", type=count, default=5, help="最多多少条, 不写则 5")
    search.add_json()
    search.set_defaults(run=run_search)
    index = group.add_parser("index", help="重建知识库索引; 平时由程序自动重建")
    index.set_defaults(run=run_index)
    evaluate = group.add_parser("evaluate", help="用已知答案的问题测量查找的质量和快慢")
    evaluate.add_argument("file", metavar="文件", type=Path, help="csv, xlsx 或 jsonl, 一列问题, 一列正确的标准答案")
    evaluate.add_argument(
        "--map", metavar="字段=列名", action="append", default=[], help="指明 question 或 answer 在哪一列"
    )
    evaluate.add_json()
    evaluate.set_defaults(run=run_evaluate)
    knowledge_keeping.add(group)


def run_search(args: argparse.Namespace) -> None:
    """Answers in force today."""
    from hotline_tui.commands.plain import plain
    from hotline_tui.data.queries.knowledge import article
    from hotline_tui.data.search.matched import excerpt, pieces_of
    from hotline_tui.data.search.tokens import runs
    from hotline_tui.rules.deadlines import shanghai_day

    words = " ".join(args.words)
    if not runs(words):
        raise UsageError("没有可用于查找的文字, 请输入汉字、拼音或数字")
    with opening.reading() as desk:
        today = shanghai_day(desk.clock())
        hits = _index(desk).search(words, today=today, limit=args.limit)
        with desk.store.read() as session:
            found = [(hit, article(session, desk.viewer, hit.article_id)) for hit in hits]
    if args.json:
        console.put_json(
            [
                {"id": str(hit.article_id)} | plain(hit, ("article_id",)) | {"answer": full.answer, "basis": full.basis}
                for hit, full in found
            ]
        )
        return
    if not found:
        console.say("没有找到, 请换个说法")
    for position, (hit, full) in enumerate(found, 1):
        until = f", 有效至 {hit.valid_to}" if hit.valid_to else ""
        console.put(f"{position}. {hit.title}({hit.unit or '未定单位'}{until})")
        console.put(f"   {excerpt(full.answer, pieces_of(' '.join((words, *hit.matched))), EXCERPT)}\n")


def run_index(_args: argparse.Namespace) -> None:
    """Make the index of this host anew."""
    from hotline_tui.data.search.maker import make
    from hotline_tui.settings import load

    settings = load()
    file = settings.knowledge_index
    if file is None:
        raise Refused("数据库已加密, 索引只在内存中, 不需要重建")
    with opening.database(settings) as store:
        many = make(store, file)
    console.say("别的程序正在重建索引" if many is None else f"已为 {many} 篇标准答案建立索引")


def run_evaluate(args: argparse.Namespace) -> None:
    """Where the right answers come, of a file that tells which they are."""
    from hotline_tui.data.imports.columns import parse_given
    from hotline_tui.services.evaluation import evaluate

    given = parse_given(args.map)
    with opening.reading() as desk:
        done = evaluate(desk, args.file, given, _index(desk))
    for row, why in done.left_out[:LISTED]:
        console.say(f"第 {row} 行: {why}")
    if len(done.left_out) > LISTED:
        console.say(f"另有 {len(done.left_out) - LISTED} 行未能评测")
    recall, latency = {n: done.recall(n) for n in (1, 5)}, {n: done.latency(n / 100) for n in (50, 95, 99)}
    if args.json:
        console.put_json(
            {"pairs": done.read, "measured": len(done.places), "left_out": len(done.left_out)}
            | {f"recall_at_{n}": round(value, 4) for n, value in recall.items()}
            | {"mrr": round(done.mrr, 4), "latency_ms": {f"p{n}": round(value, 2) for n, value in latency.items()}}
        )
        return
    console.put(f"问题: 读入 {done.read}, 评测 {len(done.places)}, 未能评测 {len(done.left_out)}")
    console.put(", ".join((*(f"recall@{n} {value:.3f}" for n, value in recall.items()), f"MRR {done.mrr:.3f}")))
    console.put("每次查找(毫秒): " + ", ".join(f"p{n} {value:.1f}" for n, value in latency.items()))


def _index(desk: Desk) -> KnowledgeIndex:
    """As a seat would have it; made here where there is none."""
    from hotline_tui.data.search.knowledge import KnowledgeIndex
    from hotline_tui.data.search.maker import make

    file = desk.settings.knowledge_index
    loosely = desk.settings.fuzzy_pinyin
    return KnowledgeIndex(desk.store, file, lambda: file and make(desk.store, file), loosely=loosely)
