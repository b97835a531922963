"""`hotline user`: accounts, by whoever may open the database."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING
from uuid import UUID

from hotline_tui.commands import console, opening
from hotline_tui.commands.parsing import Commands, listed, word
from hotline_tui.errors import NotFound
from hotline_tui.rules.words import Role

if TYPE_CHECKING:
    from hotline_tui.services.desk import Desk


def add(commands: Commands) -> None:
    """The commands."""
    group = commands.add_parser("user", help="账号").add_commands()
    new = group.add_parser("add", help="新建账号")
    new.add_argument("login", metavar="账号")
    new.add_argument("--name", metavar="姓名", required=True)
    new.add_argument("--role", metavar="岗位", required=True, type=word(Role, "岗位"), help=listed(Role))
    new.add_argument("--unit", metavar="单位", help="承办单位的编号、名称或简称")
    new.add_argument("--site", metavar="编号", help="站点, 不写则为首个")
    new.add_argument("--password-stdin", action="store_true", help="从标准输入读口令, 供脚本使用")
    new.set_defaults(run=run_add)
    rows = group.add_parser("list", help="账号一览")
    rows.add_json()
    rows.set_defaults(run=run_list)
    close = group.add_parser("close", help="停用账号")
    close.add_argument("login", metavar="账号")
    close.set_defaults(run=run_close)
    reopen = group.add_parser("reopen", help="重新启用已停用的账号, 口令不变")
    reopen.add_argument("login", metavar="账号")
    reopen.set_defaults(run=run_reopen)
    password = group.add_parser("password", help="重设口令")
    password.add_argument("login", metavar="账号")
    password.add_argument("--password-stdin", action="store_true", help="从标准输入读口令, 供脚本使用")
    password.set_defaults(run=run_password)


def run_add(args: argparse.Namespace) -> None:
    """A new account."""
    from hotline_tui.services.accounts import NewAccount, create

    with opening.desk(Role.ADMIN, args.site) as desk:
        unit_id = opening.unit(desk, args.unit) if args.unit else None
        password = console.new_password(stdin=args.password_stdin)
        create(desk, NewAccount(args.login, args.name, args.role, desk.site, unit_id), password)
    console.say(f"已新建账号 {args.login}")


def run_list(args: argparse.Namespace) -> None:
    """Every account."""
    from hotline_tui.services.accounts import listing

    with opening.reading(Role.ADMIN) as desk:
        rows = listing(desk)
    if args.json:
        console.put_json(
            [
                {
                    "login": row.login,
                    "name": row.name,
                    "role": row.role.value,
                    "site": row.site,
                    "unit": row.unit_name or None,
                    "active": row.active,
                }
                for row in rows
            ]
        )
        return
    console.put_table(
        ("账号", "姓名", "岗位", "站点", "单位", "状态"),
        (
            (row.login, row.name, row.role.label, row.site, row.unit_name, "在用" if row.active else "停用")
            for row in rows
        ),
    )


def run_close(args: argparse.Namespace) -> None:
    """The account signs in no more."""
    from hotline_tui.services.accounts import close

    with opening.desk(Role.ADMIN) as desk:
        close(desk, _account(desk, args.login))
    console.say(f"已停用账号 {args.login}")


def run_reopen(args: argparse.Namespace) -> None:
    """The account signs in again."""
    from hotline_tui.services.accounts import reopen

    with opening.desk(Role.ADMIN) as desk:
        reopen(desk, _account(desk, args.login))
    console.say(f"已启用账号 {args.login}")


def run_password(args: argparse.Namespace) -> None:
    """A new password."""
    from hotline_tui.services.accounts import reset_password

    with opening.desk(Role.ADMIN) as desk:
        account_id = _account(desk, args.login)
        reset_password(desk, account_id, console.new_password(stdin=args.password_stdin))
    console.say(f"已重设 {args.login} 的口令")


def _account(desk: Desk, login: str) -> UUID:
    from hotline_tui.services.accounts import listing, plain_login

    for row in listing(desk):
        if row.login == plain_login(login):
            return row.account_id
    raise NotFound(f"没有账号 {login}")
