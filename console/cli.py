"""The console's commands. Everything heavy is imported inside the command that needs it."""

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.roles import Role
from pipeline.errors import ChuheError, UsageError

if TYPE_CHECKING:
    from console.context import Console

user_app = typer.Typer(help="控制台账号。Accounts of the console.", no_args_is_help=True)
ledger_app = typer.Typer(help="留痕。The ledger.", no_args_is_help=True)

Out = Annotated[Path, typer.Option("--out", help="chuhe run 写结果的文件夹 where runs write")]
ACTOR = "(command line)"
KEEP_ALIVE_SECONDS = 75
"""People think longer than a server's usual five seconds: an answer that is sent just as the
connection is closed would be lost, because browsers do not repeat it."""


class LedgerChanged(ChuheError):
    """The ledger does not verify: something in it was changed, or cut off."""

    code = "LEDGER_CHANGED"
    exit_status = 1


def _open(out: Path) -> "Console":
    from console.context import STATE_FOLDER, open_console
    from pipeline.settings import Settings

    url = Settings().database_url
    if url is None and not (out / STATE_FOLDER).is_dir():
        raise UsageError(
            f"no run has written to {out} yet",
            next_step="Run `chuhe run INTAKE --out OUT` first, then name the same OUT here.",
        )
    return open_console(out, database_url=url)


def serve_command(
    out: Out,
    host: Annotated[
        str, typer.Option("--host", help="监听地址 address to listen on")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="端口")] = 8000,
) -> None:
    """启动审核控制台。Starts the console over what runs have written."""
    import uvicorn

    from console.app import create_app
    from console.imports import import_reports

    console = _open(out)
    taken = import_reports(console, ACTOR)
    with console.database.read() as session:
        from console.accounts import list_users

        has_users = bool(list_users(session))
    typer.echo(
        f"载入报告：新增 {taken.added}，更新 {taken.changed}，未变 {taken.unchanged}"
        + (f"，{taken.without_facts} 份旧报告须重新运行后才能载入" if taken.without_facts else "")
    )
    if not has_users:
        typer.echo("还没有账号；先开通一个：chuhe user add NAME --role administrator --out OUT")
    typer.echo(f"控制台 http://{host}:{port}/ （Ctrl+C 结束）")
    console.preparer.start()
    try:
        uvicorn.run(
            create_app(console),
            host=host,
            port=port,
            log_level="warning",
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
    finally:
        console.close()


@user_app.command("add")
def add_command(
    username: Annotated[str, typer.Argument(help="用户名：小写字母、数字")],
    out: Out,
    role: Annotated[Role, typer.Option("--role", help="角色")],
    name: Annotated[str, typer.Option("--name", help="显示的姓名")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="从标准输入读口令 read it from standard input")
    ] = False,
    oidc: Annotated[
        bool, typer.Option("--oidc", help="只用统一身份登录，无口令 signs in by OpenID only")
    ] = False,
) -> None:
    """开通账号；口令不出现在命令行上。Makes an account."""
    from console.accounts import add_oidc_user, add_user

    database = _open(out).database
    if oidc:
        add_oidc_user(database, ACTOR, username=username, display_name=name, role=role)
    else:
        add_user(
            database,
            ACTOR,
            username=username,
            display_name=name,
            role=role,
            password=_ask_password(from_stdin=password_stdin),
        )
    typer.echo(f"已开通 {username}（{role}）")


def _ask_password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("口令（至少 12 位）：")
    if first != getpass.getpass("再输一次："):
        raise UsageError("the two passwords differ", untouched="No account was made.")
    return first


@user_app.command("list")
def list_command(out: Out) -> None:
    """列出账号。Lists the accounts."""
    from console.accounts import list_users

    with _open(out).database.read() as session:
        for user in list_users(session):
            state = "启用" if user.is_active else "停用"
            factor = "动态码" if user.totp_secret else "—"
            typer.echo(f"{user.username}\t{user.role}\t{state}\t{factor}\t{user.display_name}")


@user_app.command("disable")
def disable_command(
    username: Annotated[str, typer.Argument(help="用户名")],
    out: Out,
    enable: Annotated[bool, typer.Option("--enable", help="重新启用 enables it again")] = False,
) -> None:
    """停用账号，立即生效。Disables an account at once."""
    from console.accounts import set_active

    set_active(_open(out).database, ACTOR, username, active=enable)
    typer.echo(f"已{'启用' if enable else '停用'} {username}")


@user_app.command("password")
def password_command(
    username: Annotated[str, typer.Argument(help="用户名")],
    out: Out,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="从标准输入读口令 read it from standard input")
    ] = False,
    reset_code: Annotated[
        bool, typer.Option("--reset-code", help="同时重置动态码 sets up the second factor anew")
    ] = False,
) -> None:
    """重设口令。Sets a new password."""
    from console.accounts import reset_second_factor, set_password

    database = _open(out).database
    set_password(database, ACTOR, username, _ask_password(from_stdin=password_stdin))
    if reset_code:
        reset_second_factor(database, ACTOR, username)
    typer.echo(f"已重设 {username} 的口令")


@ledger_app.command("verify")
def verify_command(
    out: Annotated[
        Path | None, typer.Option("--out", help="chuhe run 写结果的文件夹 where runs write")
    ] = None,
    archive: Annotated[
        Path | None, typer.Option("--archive", help="改为核验一个导出包 verifies an exported zip")
    ] = None,
) -> None:
    """核验留痕有无改动；有改动则退出码为 1。Finds any change; exit status 1 when there is one."""
    if (out is None) == (archive is None):
        raise UsageError("name either --out or --archive")
    if archive is not None:
        from console.archive import verify_archive

        problems = verify_archive(archive)
        if problems:
            raise LedgerChanged("\n".join(problems))
        typer.echo("导出包完好：签名、各文件与留痕链均相符")
        return
    assert out is not None
    from console import ledger

    database = _open(out).database
    with database.read() as session:
        verdict = ledger.verify(session, database.key.public_hex)
    if verdict.problems:
        raise LedgerChanged("\n".join(verdict.problems))
    typer.echo(f"留痕完好：{verdict.entries} 条，末条 {verdict.head}")


@ledger_app.command("export")
def export_command(
    out: Out,
    to: Annotated[
        Path | None, typer.Option("--to", help="写到文件；不写则输出到屏幕 a file to write")
    ] = None,
) -> None:
    """导出留痕（每行一条 JSON，最后一行是签名的末条）。Exports the ledger as JSON lines."""
    from console import ledger

    database = _open(out).database
    with database.write() as unit:
        unit.record(ACTOR, "ledger.export")
    with database.read() as session:
        lines = ledger.export_lines(session)
        if to is None:
            sys.stdout.writelines(lines)
        else:
            with to.open("w", encoding="utf-8") as stream:
                stream.writelines(lines)
            typer.echo(f"已写到 {to}；公钥 {database.key.public_hex}")
