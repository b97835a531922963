"""One frozen Settings: flags over environment (HOTLINE_*) over TOML file over defaults."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import time
from pathlib import Path
from typing import Any

from hotline_tui.errors import StorageError, UsageError, reason


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation decides. Each is also `HOTLINE_<NAME>` and a key of `settings.toml` in the home."""

    home: Path
    """Embedded database, drafts, logs."""
    database_url: str
    """`sqlite:///...` or `postgresql+psycopg://...`."""
    listen_url: str = ""
    """Of the server itself, for news of changes, where `database_url` leads through a pool (PgBouncer)."""
    read_url: str = ""
    """Of a standby, for the dashboard alone and for figures; empty for `database_url`."""
    database_key: str = ""
    """Encrypts the embedded database when set."""
    city: str = ""
    issuer: str = ""
    """发文机关 of reports; empty for the city's hotline office."""
    templates: str = ""
    """Where the office's own templates of reports are; empty for a folder of the home."""
    mostly_satisfied: bool = True
    """Whether 基本满意 counts as satisfied (REGULATION section 5)."""
    appraisal_weights: str = ""
    """Of the indicators in the year-end appraisal, a hundred together; empty for `rules.indicators.Choices`."""
    appraisal_deductions: str = ""
    """Points that it takes off for a late return and for each recorded fault; empty for the same."""
    closing: time = time(18, 0)
    """Closing time in Shanghai; a deadline falls on it (R-D2)."""
    serious_days: int = 5
    """More working days than this past a deadline is seriously overdue (R-D7)."""
    lock_minutes: int = 10
    """Idle minutes until the screen locks; work is kept."""
    refresh_seconds: int = 5
    """How often the dashboard reads."""
    remind_days: int = 30
    """A standard answer that ends within so many calendar days is one to be looked after."""
    fuzzy_pinyin: bool = False
    """Whether z is taken for zh, n for l, in for ing and the like, where somebody types pinyin."""
    profile: str = ""
    """thin, rich, or empty for what fits the terminal."""

    @property
    def knowledge_index(self) -> Path | None:
        """The index that the seats of this host share; none of an encrypted database: it would tell of its words."""
        return None if self.database_key else self.home / "index" / "knowledge.idx"

    @property
    def learned(self) -> Path | None:
        """The copy of what was learned from orders; none of an encrypted database: it would tell of its words."""
        return None if self.database_key else self.home / "index" / "assist.idx"

    @property
    def address_setting(self) -> str:
        """Where the address stands that is connected to."""
        return "HOTLINE_READ_URL" if self.read_url == self.database_url else "HOTLINE_DATABASE_URL"

    def reading(self) -> Settings:
        """Of who only reads: from the standby, where there is one; what was changed is heard at the primary."""
        if not self.read_url:
            return self
        return replace(self, database_url=self.read_url, listen_url=self.listen_url or self.database_url)

    @property
    def report_templates(self) -> Path:
        """Where the office's own templates are looked for."""
        return Path(self.templates).expanduser() if self.templates else self.home / "templates"

    @property
    def drafts(self) -> Path:
        """Where drafts are kept."""
        return self.home / "drafts"


AT_A_SEAT = frozenset({"lock_minutes", "refresh_seconds", "profile"})
"""What only the screens need."""
_ALLOWED = {
    "closing": "00:00 至 23:59 的时间, 如 17:30",
    "serious_days": "1 以上的整数",
    "lock_minutes": "1 以上的整数",
    "refresh_seconds": "1 以上的整数",
    "remind_days": "1 以上的整数",
    "fuzzy_pinyin": "true 或 false",
    "mostly_satisfied": "true 或 false",
    "appraisal_weights": "合计 100 的权重, 如 签收及时率 20, 按时办结率 40, 满意率 40",
    "appraisal_deductions": "各项扣分, 如 逾期退件 0.5, 打击报复 10, 弄虚作假 5, 推诿不作为 2, 不写的不扣",
    "profile": "thin、rich 或空",
    "read_url": "Postgres 备库的地址, 如 postgresql://用户@备库主机/库名",
}


def load(
    flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] = os.environ, *, seat: bool = False
) -> Settings:
    """The settings in force; raises UsageError naming what is wrong, what is allowed and where it stands.

    What only a `seat` needs stops no other command: it is as if it had not been set.
    """
    home = Path((flags or {}).get("home") or environ.get("HOTLINE_HOME") or _default_home()).expanduser()
    known = {field.name for field in fields(Settings)} - {"home"}
    path = home / "settings.toml"
    given: dict[str, tuple[Any, str]] = {
        name: (value, f"设置文件 {path}") for name, value in _from_file(path, known).items()
    }
    for name in known:
        variable = f"HOTLINE_{name.upper()}"
        if environ.get(variable):
            given[name] = (environ[variable], f"环境变量 {variable}")
    given |= {name: (value, "参数") for name, value in (flags or {}).items() if name in known and value is not None}
    told: dict[str, Any] = {}
    for name, (value, where) in given.items():
        try:
            told[name] = _read(name, value)
        except (TypeError, ValueError) as error:
            if name in AT_A_SEAT and not seat:
                continue
            allowed = _ALLOWED.get(name, "文字")
            raise UsageError(f"设置 {name} 的值不对: {value}, 应为 {allowed}; 请改正{where}") from error
    settings = replace(Settings(home=home, database_url=f"sqlite:///{home / 'hotline.db'}"), **told)
    if settings.read_url and not settings.database_url.startswith("postgresql"):
        raise UsageError(
            f"设置 read_url 只用于 Postgres, 而 database_url 是内嵌数据库; 请删去{given['read_url'][1]} 中的这一项"
        )
    return settings


def _default_home() -> str:
    import platformdirs

    return platformdirs.user_data_dir("hotline-tui", appauthor=False)


def _from_file(path: Path, known: set[str]) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UsageError(f"设置文件 {path} 读不了: {reason(error)}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"设置文件 {path} 读不了: 须为 UTF-8 编码") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"设置文件 {path} 的写法不对: {_place(error)}, 每行应为 名称 = 值, 文字加引号") from error
    unknown = sorted(set(table) - known)
    if unknown:
        raise UsageError(f"设置文件 {path} 里没有这一项设置: {unknown[0]}, 请改正或删去")
    return table


def _place(error: tomllib.TOMLDecodeError) -> str:
    """Where the file goes wrong, of a message like `Invalid value (at line 3, column 8)`."""
    line = re.search(r"line (\d+)", str(error))
    return f"第 {line[1]} 行" if line else "文件末尾"


def _read(name: str, value: Any) -> Any:
    """A value from text or TOML as the field's type; raises TypeError or ValueError."""
    match name:
        case "closing":
            return value if isinstance(value, time) else time.fromisoformat(str(value))
        case "serious_days" | "lock_minutes" | "refresh_seconds" | "remind_days":
            number = int(value)
            if number < 1:
                raise ValueError(value)
            return number
        case "fuzzy_pinyin" | "mostly_satisfied":
            if str(value).lower() not in ("true", "false"):
                raise ValueError(value)
            return str(value).lower() == "true"
        case "appraisal_weights" | "appraisal_deductions":
            if value:
                from hotline_tui.rules.appraisal import deductions, weights

                (weights if name == "appraisal_weights" else deductions)(str(value))
            return str(value)
        case "profile":
            if value not in ("", "thin", "rich"):
                raise ValueError(value)
            return value
        case "database_url" | "listen_url":
            return _postgres_driver(str(value))
        case "read_url":
            if not (url := _postgres_driver(str(value))).startswith("postgresql"):
                raise StorageError(f"备库地址写法不对, 应为 {_ALLOWED['read_url']}")
            return url
        case _:
            return str(value)


def _postgres_driver(url: str) -> str:
    """The address as people write it, with the driver that this program uses."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise StorageError("数据库地址写法不对, 应为 postgresql://用户@主机/库名 或 sqlite:///文件路径")
    if scheme in ("postgres", "postgresql"):
        return f"postgresql+psycopg://{rest}"
    return url
