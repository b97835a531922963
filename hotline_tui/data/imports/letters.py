"""Letters to the mayor's mailbox (R-10), as another system exported them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from hotline_tui.data.imports.columns import Column
from hotline_tui.data.imports.fields import Fields, shaped
from hotline_tui.data.imports.rows import BadRow, Row, Value
from hotline_tui.rules.numbers import dialled
from hotline_tui.rules.words import Kind

NUMBER_LIMIT = 64
USER_LIMIT = 100
SUBJECT_LIMIT = 200
DETAIL_LIMIT = 20_000
PHONE_LIMIT = 40
NAME_LIMIT = 200

LETTER_COLUMNS = (
    Column("number", "编号", ("留言编号", "信件编号", "来信编号", "编号", "id"), otherwise=("序号",)),
    Column("user", "来信人", ("留言用户", "来信人", "留言人", "姓名", "用户", "诉求人", "name")),
    Column("subject", "主题", ("留言主题", "留言标题", "标题", "主题", "来信主题", "title")),
    Column("time", "来信时间", ("留言时间", "来信时间", "来信日期", "留言日期", "时间", "日期", "date"), required=True),
    Column(
        "detail",
        "内容",
        ("留言详情", "留言内容", "来信内容", "详情", "内容", "正文", "诉求内容", "content", "text"),
        required=True,
    ),
    Column("reply", "答复内容", ("答复意见", "答复内容", "回复内容", "回复意见", "答复", "回复", "answer")),
    Column("reply_time", "答复时间", ("答复时间", "回复时间", "答复日期", "回复日期", "replied_at")),
    Column("phone", "电话", ("电话", "联系电话", "手机", "手机号", "手机号码", "联系方式", "tel")),
    Column("kind", "类别", ("类别", "诉求类别", "诉求类型", "留言类型", "type")),
    Column("topic", "分类", ("分类", "问题分类", "一级分类", "一级标签", "主题分类", "label", "category")),
    Column("region", "区域", ("区域", "所属区域", "区县", "辖区", "地区", "area")),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, cleaned; times are UTC; what the file does not hold is "" or None."""

    row: int
    external_number: str
    user: str
    subject: str
    received_at: datetime
    detail: str
    reply: str
    replied_at: datetime | None
    phone: str
    kind: Kind | None
    topic: str
    region: str
    raw: Mapping[str, Value]

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hex of number, user, time, subject and detail without white space.

        The content counts even where there is a number, because two mailboxes may both count from 1; white space does
        not, because a csv and an xlsx of the same letters differ in it; the reply does not, because it comes later.
        """
        moment = self.received_at.isoformat(timespec="seconds")
        parts = (self.external_number, self.user, moment, self.subject, self.detail)
        return hashlib.sha256("\x1f".join("".join(part.split()) for part in parts).encode()).hexdigest()


def past(letter: Letter) -> Letter | BadRow:
    """As one that another system may have answered: with the time of its answer, or with the reason why not."""
    if letter.replied_at is None:
        why = "有答复而没有答复时间, 作为历史导入的请补上" if letter.reply else ""
    else:
        why = "答复时间早于来信时间" if letter.replied_at < letter.received_at else ""
    return BadRow(letter.row, why, letter.raw) if why else letter


def letters(rows: Iterable[Row | BadRow], mapping: Mapping[str, str], now: datetime) -> Iterator[Letter | BadRow]:
    """Each row as a letter or with the reason why it is none; `now` bounds the times."""
    return shaped(rows, mapping, LETTER_COLUMNS, lambda row, fields: _letter(row, fields, now))


def _letter(row: Row, fields: Fields, now: datetime) -> Letter:
    subject = fields.line("subject", SUBJECT_LIMIT)
    detail = fields.body("detail", DETAIL_LIMIT, required=True)
    received_at = fields.moment("time", now)
    if received_at is None:
        raise ValueError("来信时间是空的")
    return Letter(
        row=row.number,
        external_number=fields.line("number", NUMBER_LIMIT),
        user=fields.line("user", USER_LIMIT),
        subject=subject,
        received_at=received_at,
        detail=detail,
        reply=fields.body("reply", DETAIL_LIMIT),
        replied_at=fields.moment("reply_time", now),
        phone=dialled(fields.line("phone", PHONE_LIMIT)),
        kind=_kind(fields.line("kind", NAME_LIMIT)),
        topic=fields.line("topic", NAME_LIMIT),
        region=fields.line("region", NAME_LIMIT),
        raw=row.values,
    )


def _kind(text: str) -> Kind | None:
    if not text:
        return None
    found = next((kind for kind in Kind if text.casefold() in (kind.value, kind.label)), None)
    if found is None:
        raise ValueError(f"没有这个类别: {text}, 类别只有{'、'.join(kind.label for kind in Kind)}")
    return found
