"""`hotline init`, `user`, `db`, `doctor`: from nothing to a hotline in which everything holds."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline_tui.data.migrate import head
from hotline_tui.data.seal import seal, unsealed
from hotline_tui.data.store import Store
from hotline_tui.services.accounts import sign_in
from hotline_tui.settings import load
from tests.builders import Town
from tests.cli.conftest import PASSWORD, Hotline
from tests.media import read_only
from tests.tampering import tamper


def test_a_new_hotline_lets_its_administrator_in_and_is_sound(installed: Hotline, database_url: str) -> None:
    store = Store(database_url)
    desk = sign_in(store, load(), "boss", PASSWORD)
    assert (desk.site, desk.role.value) == ("C01", "admin")
    store.dispose()
    report = installed("doctor", "--json")
    assert (report.code, report.json["sound"]) == (0, True)
    assert {"name", "ok", "detail"} == set(report.json["checks"][0])
    assert installed("db", "current", "--json").json == {"database": head(), "program": head(), "current": True}


def test_a_second_init_is_refused_and_changes_nothing(installed: Hotline) -> None:
    again = installed("init", "--admin", "other", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert (again.code, again.out) == (1, "")
    assert "已经建立" in again.err
    assert [row["login"] for row in installed("user", "list", "--json").json] == ["boss"]


def test_the_city_is_kept_in_the_settings_file_beside_what_stands_there(hotline: Hotline, folder: Path) -> None:
    folder.mkdir()
    (folder / "settings.toml").write_text("serious_days = 7\n", encoding="utf-8")
    made = hotline("init", "--city", '城"南', "--site", "C02", "--admin", "boss", "--password-stdin", stdin=PASSWORD)
    assert made.code == 0, made.err
    kept = folder / "settings.toml"
    assert tomllib.loads(kept.read_text("utf-8")) == {"city": '城"南', "serious_days": 7}
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"serious_days = 7\ncity = \xb3\xc7", "须为 UTF-8 编码"),
        ("serious_days = 7\ncity = 城南".encode(), "写法不对: 第 2 行"),
        (b'city = """', "写法不对: "),
        (b"serious_days = [7]", "设置 serious_days 的值不对: [7], 应为 1 以上的整数; 请改正设置文件 "),
        (b'closing = "25:00"', "应为 00:00 至 23:59 的时间, 如 17:30; 请改正设置文件 "),
        (b"day = 7", "没有这一项设置: day"),
        (None, "这是目录, 不是文件"),
    ],
)
def test_a_settings_file_that_is_wrong_is_one_chinese_sentence(
    hotline: Hotline, folder: Path, written: bytes | None, said: str
) -> None:
    kept = folder / "settings.toml"
    folder.mkdir()
    kept.mkdir() if written is None else kept.write_bytes(written)
    done = hotline("order", "list")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err
    assert not re.search(r"[a-z]{3,} [a-z]{2,}", done.err.replace(str(kept), ""))


def test_the_database_file_is_for_its_owner_alone(hotline: Hotline, folder: Path) -> None:
    folder.mkdir(mode=0o755)
    assert hotline("init", "--admin", "boss", "--password-stdin", stdin=PASSWORD).code == 0
    assert [path.stat().st_mode & 0o077 for path in folder.glob("hotline.db*")] == [0]


@pytest.mark.parametrize(
    ("args", "stdin", "expected"),
    [
        (("--admin", "boss", "--password-stdin"), "", (2, "没有口令")),
        (("--admin", "boss", "--password-stdin"), "1234\n", (1, "口令")),
        (("--admin", "boss", "--site", "x!", "--password-stdin"), PASSWORD, (2, "站点编号")),
        (("--admin", "boss"), "", (2, "--password-stdin")),
        ((), "", (2, "--password-stdin")),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_made(
    hotline: Hotline, folder: Path, args: tuple[str, ...], stdin: str, expected: tuple[int, str]
) -> None:
    done = hotline("init", *args, stdin=stdin)
    assert done.code == expected[0]
    assert expected[1] in done.err
    assert not (folder / "hotline.db").exists()


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("doctor",),
        ("db", "current"),
        ("db", "upgrade"),
        ("order", "list"),
        ("kb", "search", "x"),
        ("dashboard", "--once"),
        ("dashboard",),
        ("user", "list"),
        ("import", "letters", "x.csv"),
    ],
)
def test_without_a_database_every_command_asks_for_init_and_makes_none(
    hotline: Hotline, folder: Path, args: tuple[str, ...]
) -> None:
    done = hotline(*args)
    assert (done.code, done.out, done.err) == (3, "", "数据库尚未建立, 请先运行 hotline init\n")
    assert not folder.exists()


def test_a_server_out_of_reach_is_said(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x")
    for args in (("order", "list"), ("doctor",), ("init", "--admin", "boss", "--password-stdin")):
        done = hotline(*args, stdin=PASSWORD)
        assert done.code == 3
        assert "数据库连接不上" in done.err


def test_a_file_that_is_no_database_is_said(hotline: Hotline, folder: Path) -> None:
    folder.mkdir()
    (folder / "hotline.db").write_text("not a database at all " * 500)
    for args in (
        ("order", "list"),
        ("doctor",),
        ("db", "upgrade"),
        ("db", "current"),
        ("user", "list"),
        ("dashboard", "--once"),
    ):
        done = hotline(*args)
        assert (done.code, done.out) == (4, ""), (args, done.err)
        assert (
            done.err
            == "这个文件不是数据库: 已损坏, 或已加密而没有设定加密口令; 请检查 HOTLINE_DATABASE_URL, 或从备份恢复\n"
        )


def test_for_scripts_the_doctor_reports_in_one_shape_whatever_it_finds(
    hotline: Hotline, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def report(code: int) -> str:
        done = hotline("doctor", "--json")
        assert (done.code, done.err, set(done.json), done.json["sound"]) == (code, "", {"sound", "checks"}, code == 0)
        assert all(set(check) == {"name", "ok", "detail"} for check in done.json["checks"])
        return done.json["checks"][-1]["detail"]

    assert "hotline init" in report(3)
    assert not folder.exists()
    assert hotline("init", "--admin", "boss", "--password-stdin", stdin=PASSWORD).code == 0
    report(0)
    file = folder / "hotline.db"
    content = file.read_bytes()
    set_version(f"sqlite:///{file}", "9999")
    assert "请先升级本程序" in report(3)
    for damaged in (b"garbage " * 99, content[: len(content) // 2], content[:4096] + b"\xff" * (len(content) - 4096)):
        file.write_bytes(damaged)
        assert report(4)
    file.write_bytes(b"")
    assert "hotline init" in report(3)
    monkeypatch.setenv("HOTLINE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x")
    assert "连接不上" in report(3)
    monkeypatch.setenv("HOTLINE_DATABASE_URL", "postgresql://[bad")
    assert "地址写法不对" in report(3)
    monkeypatch.setenv("HOTLINE_CLOSING", "25:99")
    assert "HOTLINE_CLOSING" in report(2)


def test_an_empty_database_asks_for_init(hotline: Hotline, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_DATABASE_URL", database_url)
    for args in (("doctor",), ("order", "list")):
        assert (hotline(*args).code, hotline(*args).err) == (3, "数据库尚未建立, 请先运行 hotline init\n")
    done = hotline("doctor", "--json")
    assert (done.code, done.json["checks"][0]["detail"]) == (3, "数据库尚未建立, 请先运行 hotline init")


def test_on_read_only_media_a_backup_is_read_and_checked(
    hotline: Hotline, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hotline("init", "--admin", "boss", "--password-stdin", stdin=PASSWORD).code == 0
    with read_only(folder, monkeypatch):
        for args in (("doctor",), ("order", "list"), ("kb", "search", "水")):
            done = hotline(*args)
            assert (done.code, "只读" in done.err) == (0, False), args
        refused = hotline("user", "password", "boss", "--password-stdin", stdin="Another-lamp-88")
        assert (refused.code, refused.err) == (3, "数据库是只读的, 没有存入; 请检查文件权限\n")
    assert sorted(path.name for path in folder.glob("hotline.db*")) == ["hotline.db"]


def test_a_database_of_a_newer_program_is_left_alone(installed: Hotline, database_url: str) -> None:
    set_version(database_url, "9999")
    for args in (("order", "list"), ("doctor",), ("db", "upgrade"), ("import", "letters", "x.csv")):
        done = installed(*args)
        assert done.code == 3
        assert "请先升级本程序" in done.err


def test_an_older_database_is_told_by_the_doctor_and_upgraded_on_demand(
    hotline: Hotline, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import command

    from hotline_tui.data import migrate

    monkeypatch.setenv("HOTLINE_DATABASE_URL", database_url)
    store = Store(database_url)
    with store.write() as session:
        config = migrate._config()
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "0001")
        session.commit()
    store.dispose()
    assert hotline("order", "list").err == "数据库版本较旧, 请先运行 hotline db upgrade\n"
    report = hotline("doctor", "--json")
    assert (report.code, report.json["sound"]) == (3, False)
    assert hotline("db", "upgrade").code == 0
    assert hotline("db", "current", "--json").json["current"] is True


def test_the_doctor_calls_tampering_damage(in_town: Hotline, town: Town) -> None:
    town.register()
    seal(town.store, "C01")
    assert in_town("doctor").code == 0
    checks = in_town("doctor", "--json").json["checks"]
    head = next(check for check in checks if check["name"] == "chain:C01")["detail"].split()[1].rstrip(",")
    assert in_town("doctor", "--head", head).code == 0
    tamper(town.store, "UPDATE event SET actor = 'x'")
    done = in_town("doctor", "--json")
    assert (done.code, done.json["sound"]) == (4, False)
    assert [check["name"] for check in done.json["checks"] if not check["ok"]][-1] == "chain:C01"
    assert "数据有异常" in in_town("doctor").out
    with town.store.read() as session:
        assert unsealed(session, "C01") == 0


def test_the_doctor_seals_nothing_that_was_altered_with_its_seal_deleted(in_town: Hotline, town: Town) -> None:
    town.assigned()
    seal(town.store, "C01")
    tamper(town.store, "UPDATE event SET actor = 'x' WHERE sequence = 1", "DELETE FROM seal WHERE number = 1")
    for _ in range(2):
        assert in_town("doctor").code == 4
    with town.store.read() as session:
        assert unsealed(session, "C01") == 1


def test_accounts_are_added_listed_given_a_password_and_closed(in_town: Hotline, town: Town) -> None:
    made = in_town(
        "user",
        "add",
        "wang",
        "--name",
        "王某",
        "--role",
        "承办人",
        "--unit",
        "房产分局",
        "--password-stdin",
        stdin=PASSWORD,
    )
    assert made.code == 0, made.err
    row = next(row for row in in_town("user", "list", "--json").json if row["login"] == "wang")
    assert (row["role"], row["unit"], row["active"]) == ("handler", "城南新区房产管理分局", True)
    assert sign_in(town.store, town.settings, "wang", PASSWORD).name == "王某"
    assert in_town("user", "password", "wang", "--password-stdin", stdin="Another-lamp-88").code == 0
    assert sign_in(town.store, town.settings, "wang", "Another-lamp-88").name == "王某"
    assert in_town("user", "close", "wang").code == 0
    assert not next(row for row in in_town("user", "list", "--json").json if row["login"] == "wang")["active"]
    for args, said in (
        (("user", "close", "wang"), "账号 wang 先前已停用\n"),
        (("user", "password", "wang", "--password-stdin"), "账号 wang 已停用, 口令未改; 请先重新启用账号\n"),
        (("user", "close", "admin"), "不能停用最后一个系统管理员, 请先新建或启用另一个系统管理员账号\n"),
    ):
        refused = in_town(*args, stdin=PASSWORD)
        assert (refused.code, refused.out, refused.err) == (1, "", said)
    assert in_town("user", "reopen", "wang").code == 0
    assert sign_in(town.store, town.settings, "wang", "Another-lamp-88").name == "王某"
    assert in_town("user", "reopen", "wang").code == 1
    assert in_town("user", "close", "nobody").err == "没有账号 nobody\n"
    unknown = in_town("user", "add", "x", "--name", "某", "--role", "handler", "--unit", "无此单位", "--password-stdin")
    assert (unknown.code, unknown.err) == (1, "没有这个承办单位: 无此单位\n")


def set_version(url: str, version: str) -> None:
    store = Store(url)
    with store.write() as session:
        session.connection().execute(sa.text("UPDATE alembic_version SET version_num = :version"), {"version": version})
        session.commit()
    store.dispose()


def test_a_wrong_variable_says_what_is_allowed_and_stops_only_who_needs_it(
    installed: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_LOCK_MINUTES", "abc")
    assert installed("order", "list").code == 0
    for args in ((), ("dashboard",)):
        done = installed(*args)
        assert (done.code, done.out) == (2, "")
        assert done.err == ("设置 lock_minutes 的值不对: abc, 应为 1 以上的整数; 请改正环境变量 HOTLINE_LOCK_MINUTES\n")


def test_a_key_for_a_file_that_is_not_encrypted_is_said(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> None:
    assert hotline("init", "--password-stdin", stdin=PASSWORD).code == 0
    monkeypatch.setenv("HOTLINE_DATABASE_KEY", "secret")
    done = hotline("order", "list")
    assert (done.code, done.out) == (3, "")
    assert "没有加密, 却设定了加密口令" in done.err


def test_both_versions_are_told_of_a_newer_database_too(installed: Hotline, database_url: str) -> None:
    set_version(database_url, "9999")
    done = installed("db", "current")
    assert (done.code, done.out) == (0, f"数据库: 9999\n本程序: {head()}\n")
    assert "请先升级本程序" in done.err


def test_only_who_belongs_to_a_unit_is_given_one(in_town: Hotline) -> None:
    who = ("user", "add", "zuoxi09", "--name", "坐席09", "--role", "呼叫前台", "--unit", "房产分局", "--password-stdin")
    done = in_town(*who, stdin=PASSWORD)
    assert (done.code, done.err) == (1, "呼叫前台不属于承办单位, 请不要指定单位\n")


def test_the_verdict_tells_what_waits_for_its_seal(in_town: Hotline, town: Town) -> None:
    town.register()
    assert in_town("doctor").out.endswith("数据完好, 另有 1 条待封存\n")


def test_an_interrupted_doctor_says_no_more_than_that(installed: Hotline, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hotline_tui.data.doctor.doctor", stop)
    done = installed("doctor")
    assert (done.code, done.out, done.err) == (130, "", "已中断\n")
