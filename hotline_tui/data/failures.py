"""What a database says when it fails, as one Chinese sentence of the right kind; no English reaches the person."""

from __future__ import annotations

import re

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from hotline_tui.errors import Conflict, DamagedData, HotlineError, Lost, StorageError, Unreachable, reason

CHANGED = "此工单刚刚已被他人办理, 请按最新情况重新操作"
APPEND_ONLY = "办理过程和封存只能追加, 数据库拒绝改动"
ENCODING = "数据库的编码不是 UTF8, 存不了中文; 请用 createdb --encoding UTF8 另建一个库"
DAMAGED = "数据库文件已损坏, 请停止使用, 保留现场, 从备份恢复"
NO_DATABASE = "这个文件不是数据库: 已损坏, 或已加密而没有设定加密口令; 请检查 HOTLINE_DATABASE_URL, 或从备份恢复"
WRONG_KEY = "数据库文件打不开: 加密口令不对, 或文件已损坏; 请检查 database_key, 口令没有错的从备份恢复"
NOT_ENCRYPTED = "数据库文件没有加密, 却设定了加密口令; 请去掉 HOTLINE_DATABASE_KEY 或设置文件中的 database_key"
ADDRESS = "HOTLINE_DATABASE_URL"
OFFLINE = "数据库连接不上, 请检查网络和 HOTLINE_DATABASE_URL"
OFFLINE_AT_SEAT = "数据库连接不上, 没有办成; 请等末行显示在线后再办一次"
INCOMPLETE = "数据库中缺少本程序的表或列: 已损坏, 请停止使用, 保留现场, 从备份恢复"
FULL = "磁盘已满, 没有存入; 请清理磁盘后重试"
BUSY = "数据库正忙, 没有存入; 请稍后重试"
UNREADABLE = "磁盘读写出错, 没有存入; 请检查磁盘空间和磁盘是否完好"
NO_ROOM = "数据库服务器的连接已满, 请稍后重试"
STARTING = "数据库服务器正在启动或停止, 请稍后重试"
STANDBY = "能连上的只有备用服务器, 还没有接替主服务器; 请稍后重试"
READ_ONLY = "数据库现在只能读: 主备正在切换, 或连到了备用服务器, 没有存入; 请稍后重试"
IN_DOUBT = "数据库连接在存入时中断, 还不知是否已经存入; 请等连接恢复, 看清最新情况后再办"
_DAMAGE = frozenset({DAMAGED, INCOMPLETE})
_PASSING = frozenset({FULL, BUSY, UNREADABLE})
_LOST = frozenset({NO_ROOM, STARTING, STANDBY, READ_ONLY})
_UNDONE = ("40001", "40P01", "55P03")
"""A serialisation failure, a deadlock, a lock that was not had in time: the server undid this one of two."""
_BROKEN = ("08", "57P")
"""How the states of a connection begin that the server has ended, or never took."""

READS_ONLY = "25006"
"""What was to be written came to a server that only reads: the primary of before, or one that takes its place soon."""

# By SQLSTATE; a failed connection has none and is known by its words, which follow the server's lc_messages.
_STATES = {
    READS_ONLY: READ_ONLY,
    "28000": "数据库服务器不准这个用户从这里登录, 请数据库管理员检查 pg_hba.conf",
    "28P01": "数据库拒绝登录: 口令不对, 请检查 HOTLINE_DATABASE_URL 或 ~/.pgpass",
    "3D000": "数据库服务器上没有这个库, 请检查 HOTLINE_DATABASE_URL 中的库名",
    "3F000": "数据库用户没有可以建表的模式, 请数据库管理员授权",
    "42703": INCOMPLETE,
    "42P01": INCOMPLETE,
    "42501": "这个数据库登录的权限不够, 没有办理; 请换用办这件事的登录, 库中没有设角色的请数据库管理员授权",
    "53100": FULL,
    "53300": NO_ROOM,
    "57P03": STARTING,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
}
_NO_FILE = "数据库文件打不开, 请检查路径和权限"
_SAID = (
    (r"password authentication failed|认证失败", _STATES["28P01"]),
    (r"no password supplied|没有提供口令|没有提供密码", "数据库要求口令, 请写入 HOTLINE_DATABASE_URL 或 ~/.pgpass"),
    (r"(role|角色|用户)\s*[\"“].*(does not exist|不存在)", "数据库服务器上没有这个用户, 请检查 HOTLINE_DATABASE_URL"),
    (r"(role|角色).*(not permitted to log in|登录)", "这个数据库用户不准登录, 请数据库管理员授权"),
    (r"(database|数据库)\s*[\"“].*(does not exist|不存在)", _STATES["3D000"]),
    (r"permission denied for database|数据库.*权限不够", "数据库用户不准连接这个库, 请数据库管理员授权"),
    (r"root certificate", "找不到验证服务器证书用的根证书, 请检查 HOTLINE_DATABASE_URL 中的 sslrootcert"),
    (
        r"certificate verify failed",
        "服务器的证书验证不过, 没有连接: 不是 sslrootcert 所信任的机构签发的, 或不在有效期内; 请检查本机时间和证书",
    ),
    (r"does not match host name", "服务器证书上的主机名与地址不符, 没有连接; 请检查 HOTLINE_DATABASE_URL 中的主机名"),
    (r"does not support ssl", "数据库服务器没有启用 TLS, 没有连接; 请数据库管理员启用, 或改 sslmode"),
    (r"invalid \S+ value|invalid (connection option|uri)", "数据库地址问号以后的选项不对, 请检查 HOTLINE_DATABASE_URL"),
    (r"pg_hba\.conf|peer authentication|ident authentication", _STATES["28000"]),
    (r"too many (clients|connections)|remaining connection slots|连接.*已满", _STATES["53300"]),
    (r"the database system is|数据库系统", _STATES["57P03"]),
    (r"session is read-only|in hot standby", STANDBY),
    (r"no space|is full", _STATES["53100"]),
    (r"disk i/o", UNREADABLE),
    (r"malformed|could not decode", DAMAGED),
    (r"unable to open", _NO_FILE),
    (r"no such (table|column)|has no column", INCOMPLETE),
    (r"locked|busy", BUSY),
    (r"readonly|read-only", "数据库是只读的, 没有存入; 请检查文件权限"),
)


def translate(error: Exception, *, keyed: bool = False, plain: bool = False, full: bool = False) -> HotlineError:
    """The error for a failure of the database.

    `keyed` when a key was given for its file, which is `plain` or not; `full` when nothing more fits on its disk, of
    which SQLite says only that it could not read, write or open.
    """
    cause = getattr(error, "orig", None) or error
    text, state = str(cause).lower(), getattr(cause, "sqlstate", None)
    if isinstance(error, PoolTimeout) or state in _UNDONE:
        return Lost(BUSY)
    if "unique" in text and "sequence" in text:
        return Conflict(CHANGED)
    if "append-only" in text:
        return StorageError(APPEND_ONLY)
    if "not a database" in text:
        if keyed and plain:
            return StorageError(NOT_ENCRYPTED)
        return StorageError(WRONG_KEY) if keyed else DamagedData(NO_DATABASE)
    # What a server says of a statement may hold a person's words; only SQLite and a failed connection are read.
    sentence = (
        next((said for words, said in _SAID if re.search(words, text)), "") if state is None else _STATES.get(state)
    )
    if not sentence and state is not None and state.startswith(_BROKEN):
        sentence = OFFLINE
    if full and sentence in (UNREADABLE, _NO_FILE):
        sentence = FULL
    if sentence == OFFLINE:
        return _offline()
    if sentence:
        return _kind(sentence)(sentence)
    if isinstance(cause, OSError):
        return StorageError(f"数据库打不开: {reason(cause)}")
    sqlite = getattr(cause, "sqlite_errorname", None)
    if sqlite is None and isinstance(error, (OperationalError, InterfaceError)):
        return _offline()
    return StorageError(f"数据库出错, 没有存入; 错误代码 {state or sqlite or type(cause).__name__}")


def _offline() -> Lost:
    return Lost(OFFLINE, at_seat=OFFLINE_AT_SEAT)


def _kind(sentence: str) -> type[StorageError]:
    if sentence in _LOST:
        return Lost
    return DamagedData if sentence in _DAMAGE else Unreachable if sentence in _PASSING else StorageError


def broke(error: Exception) -> bool:
    """Whether the connection ended with this failure, so that an answer may have been lost with it."""
    return isinstance(error, DBAPIError) and error.connection_invalidated
