"""`hotline assist`: what suggestions of topics and units learn from the office's own orders."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from hotline_tui.commands import console, opening
from hotline_tui.commands.parsing import Commands, whole

if TYPE_CHECKING:
    from hotline_tui.services.learning import Judged

FOLDS = (2, 20)
"""Least and most: of one part nothing would be left to learn from."""


def add(commands: Commands) -> None:
    """The commands."""
    group = commands.add_parser("assist", help="分类和承办单位建议的训练和评测").add_commands()
    train = group.add_parser("train", help="用本单位已分类的工单训练建议; 保密、举报、反映单位的工单不用")
    train.add_json()
    train.set_defaults(run=run_train)
    evaluate = group.add_parser("evaluate", help="交叉验证: 用一部分工单训练, 在其余的上面检验")
    evaluate.add_argument("--folds", metavar="N", type=whole(FOLDS[1], FOLDS[0]), default=5, help="分成几份, 不写则 5")
    evaluate.add_json()
    evaluate.set_defaults(run=run_evaluate)


def run_train(args: argparse.Namespace) -> None:
    """Learn, and keep it in the database for every seat."""
    from hotline_tui.services.training import train

    with opening.desk() as desk:
        done = train(desk, (lambda _step: None) if args.json else console.say)
    if args.json:
        console.put_json({name: getattr(done, name) for name in ("orders", "topics", "topics_left", "units", "bytes")})
        return
    console.put(
        f"已训练: 工单 {done.orders} 件, 分类 {done.topics} 个, 承办单位 {done.units} 个, 占 {done.bytes / 1e6:.1f} MB"
    )
    if done.topics_left > 0:
        console.put(f"另有 {done.topics_left} 个分类工单太少, 仍按名称和关键词建议")


def run_evaluate(args: argparse.Namespace) -> None:
    """Accuracy, macro F1, top three, of topics and of units."""
    from hotline_tui.services.training import evaluate

    with opening.reading() as desk:
        topics, units = evaluate(desk, args.folds)
    if args.json:
        console.put_json({"folds": args.folds, "topics": _data(topics), "units": _data(units) if units else None})
        return
    for what, done in (("分类", topics), ("承办单位", units)):
        if done is None:
            console.put(f"{what}: 工单太少, 未评测")
        else:
            console.put(
                f"{what}: 工单 {done.examples} 件, 共 {done.labels} 个, 正确率 {done.accuracy:.3f},"
                f" macro F1 {done.macro_f1:.3f}, 前三命中 {done.top3:.3f}"
            )


def _data(done: Judged) -> dict[str, Any]:
    return {name: round(getattr(done, name), 4) for name in ("examples", "labels", "accuracy", "macro_f1", "top3")}
