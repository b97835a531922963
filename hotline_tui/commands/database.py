"""`hotline db`: the database's version."""

from __future__ import annotations

import argparse

from hotline_tui.commands import console, opening
from hotline_tui.commands.parsing import Commands
from hotline_tui.settings import load


def add(commands: Commands) -> None:
    """The commands."""
    group = commands.add_parser("db", help="数据库版本").add_commands()
    upgrade = group.add_parser("upgrade", help="升级到本程序的版本")
    upgrade.set_defaults(run=run_upgrade)
    current = group.add_parser("current", help="显示数据库和本程序的版本")
    current.add_json()
    current.set_defaults(run=run_current)
    roles = group.add_parser("roles", help="Postgres 的角色和行级权限: 打印 SQL, 或直接建立")
    roles.add_argument("--apply", action="store_true", help="以当前地址(库主)在一个事务中运行")
    roles.set_defaults(run=run_roles)


def run_upgrade(_: argparse.Namespace) -> None:
    """To this program's version."""
    from hotline_tui.data.migrate import head, upgrade

    settings = load()
    opening.must_exist(settings)
    upgrade(settings.database_url, settings.database_key)
    console.say(f"数据库版本 {head()}")


def run_current(args: argparse.Namespace) -> None:
    """Both versions."""
    from hotline_tui.data.migrate import current, head, revisions

    with opening.database(load(), current=False) as store:
        database, program = current(store), head()
    if args.json:
        console.put_json({"database": database, "program": program, "current": database == program})
        return
    console.put_fields({"数据库": database or "尚未建立", "本程序": program})
    if database and database not in revisions():
        console.say("数据库由更新版本的程序建立, 请先升级本程序")
    elif database != program:
        console.say("请先运行 hotline db upgrade" if database else "请先运行 hotline init")


def run_roles(args: argparse.Namespace) -> None:
    """The SQL for the database's administrator, or run by the owner himself."""
    from hotline_tui.data.roles.install import install, schema_of
    from hotline_tui.data.roles.names import LOGINS
    from hotline_tui.data.roles.script import script

    settings = load()
    opening.must_be_server(settings)
    with opening.database(settings) as store:
        if not args.apply:
            console.put(script(schema_of(store)))
            return
        install(store)
    console.say(f"角色和行级权限已建立; 请数据库管理员在 psql 中用 \\password 为 {'、'.join(LOGINS)} 设定口令")
