"""`hotline init`: database, site, first administrator."""

from __future__ import annotations

import argparse
import json

from hotline_tui.commands import console
from hotline_tui.commands.parsing import Commands
from hotline_tui.errors import StorageError, reason
from hotline_tui.settings import Settings, load

SITE = "C01"
SITE_NAME = "热线中心"


def add(commands: Commands) -> None:
    """The command."""
    parser = commands.add_parser(
        "init", help="建立数据库和首个系统管理员", description="建立数据库、站点和首个系统管理员; 没写的会逐项询问。"
    )
    parser.add_argument("--city", metavar="名称", help="城市名称, 记入设置文件")
    parser.add_argument("--site", metavar="编号", help=f"站点编号, 工单编号以它开头, 如 {SITE}")
    parser.add_argument("--site-name", metavar="名称", help="站点名称")
    parser.add_argument("--admin", metavar="账号", help="首个系统管理员的账号")
    parser.add_argument("--admin-name", metavar="姓名", help="系统管理员的姓名, 不写则与账号相同")
    parser.add_argument("--password-stdin", action="store_true", help="从标准输入读口令, 供脚本使用")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Ask for what is missing, then build."""
    from hotline_tui.data.heads import seal_and_note
    from hotline_tui.data.store import Store
    from hotline_tui.services.setup import FirstAdmin, init

    settings = load()
    asks = not args.password_stdin
    city = args.city if args.city is not None or not asks else console.ask("城市名称", settings.city)
    site = args.site or (console.ask("站点编号", SITE) if asks else SITE)
    site_name = args.site_name or (console.ask("站点名称", SITE_NAME) if asks else SITE_NAME)
    login = args.admin or (console.ask("系统管理员账号", "admin") if asks else "admin")
    password = console.new_password(stdin=args.password_stdin)
    init(settings, FirstAdmin(login, args.admin_name or login, password), site=site, site_name=site_name)
    if city and city != settings.city:
        _keep_city(settings, city)
    store = Store(settings.database_url, settings.database_key)
    try:
        seal_and_note(store, site, settings.home)
    finally:
        store.dispose()
    console.say(f"已建立: 站点 {site} {site_name}, 系统管理员 {login}; 运行 hotline 登录")


def _keep_city(settings: Settings, city: str) -> None:
    """Add the city to the settings file; a JSON string is a TOML string."""
    path = settings.home / "settings.toml"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        others = [line for line in before.splitlines() if line.partition("=")[0].strip() != "city"]
        path.touch(mode=0o600)
        path.chmod(0o600)  # a database's address may carry a password
        path.write_text("\n".join([f"city = {json.dumps(city, ensure_ascii=False)}", *others, ""]), encoding="utf-8")
    except OSError as error:
        raise StorageError(f"设置文件 {path} 写不了: {reason(error)}; 数据库已建立, 城市名称可在文件中补写") from error
