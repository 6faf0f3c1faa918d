"""The commands of an operator: windows, deployments, workers, everything on one machine."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.settings import Settings
from pipeline.windows.calendar import ZONE
from pipeline.windows.register import days_of, open_register
from pipeline.windows.status import phase_of, window_status

window_app = typer.Typer(
    help="申报窗口：登记、运行、状态、封存。Intake windows.", no_args_is_help=True
)

AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON")]
WindowId = Annotated[str, typer.Argument(help="窗口编号 the window's id")]


def add_commands(app: typer.Typer) -> None:
    """Adds the operator's commands to the command line."""
    app.add_typer(window_app, name="window")
    app.command("deploy")(deploy_command)
    app.command("worker")(worker_command)
    app.command("up")(up_command)
    app.command("backup")(backup_command)
    app.command("restore")(restore_command)


@window_app.command("add")
def add_command(
    intake: Annotated[
        str, typer.Argument(help="申报窗口文件夹，或 s3:// 地址 the intake folder, or a URL")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="结果写到哪里 where the reports go")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """登记一个申报窗口。Registers an intake window."""
    with open_register() as register:
        window = register.add(intake, out)
    if as_json:
        said = {"window_id": window.id, "intake": window.intake, "out": window.out}
        typer.echo(json.dumps(said, ensure_ascii=False))
    else:
        typer.echo(
            f"已登记 {window.id}（{window.opens_on} 至 {window.closes_on}），结果写到 {window.out}"
        )
        typer.echo(f"下一步：chuhe window run {window.id}，或 chuhe deploy 按日程运行")


@window_app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """列出已登记的窗口。Registered windows."""
    now = datetime.now(ZONE)
    with open_register() as register:
        windows = register.all()
    if as_json:
        rows = [
            {"window_id": w.id, "opens_on": str(w.opens_on), "closes_on": str(w.closes_on),
             "phase": phase_of(w, now), "intake": w.intake, "out": w.out}
            for w in windows
        ]  # fmt: skip
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for w in windows:
        typer.echo(f"{w.id}\t{w.opens_on} 至 {w.closes_on}\t{phase_of(w, now)}\t{w.intake}")
    if not windows:
        typer.echo("没有登记任何窗口。下一步：chuhe window add 申报窗口文件夹")


@window_app.command("status")
def status_command(
    window_id: WindowId,
    verify: Annotated[
        bool, typer.Option("--verify", help="核验封存 hash a sealed window's reports again")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """窗口进展：份数、去向、最近一次运行。How a window stands."""
    with open_register() as register:
        status = window_status(register, window_id, verify=verify)
    if as_json:
        typer.echo(json.dumps(status.as_json(), ensure_ascii=False))
    else:
        status.describe(Console())
    raise typer.Exit(1 if status.seal_holds is False else 0)


@window_app.command("seal")
def seal_command(window_id: WindowId, as_json: AsJson = False) -> None:
    """封存窗口：此后报告不再改变。Seals a window: its reports no longer change."""
    with open_register() as register:
        seal = register.seal(window_id)
    if as_json:
        said = {"window_id": window_id, "reports": seal.reports, "sha256": seal.sha256}
        typer.echo(json.dumps(said))
    else:
        typer.echo(f"已封存 {window_id}：{seal.reports} 份报告，SHA-256 {seal.sha256}")


@window_app.command("run")
def run_window_command(
    window_id: WindowId,
    local: Annotated[
        bool, typer.Option("--local", help="不经 Prefect 运行 without Prefect")
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="受理期外也运行 even outside the window's days")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """运行一个已登记的窗口：只处理新增和有变化的申报。Runs what is new or changed."""
    from flows.runners import run_plainly, run_with_prefect
    from pipeline.batch import run_batch
    from pipeline.windows.shared import prepare_registered

    settings = Settings()
    with open_register(settings) as register:
        window = register.get(window_id)
        register.require_open(window)
        why = None if anyway else days_of(window).why_not_now(datetime.now(ZONE))
        if why is not None:
            said = {"window_id": window_id, "ran": False, "why": why}
            typer.echo(
                json.dumps(said, ensure_ascii=False)
                if as_json
                else f"{window_id} 没有运行：{why}。需要时可加 --anyway"
            )
            return
        run = prepare_registered(register, window)
    outcome = run_batch(
        run, run_plainly if local else run_with_prefect, console=Console(), quiet=as_json
    )
    if as_json:
        typer.echo(json.dumps({"ran": True, **outcome.as_json()}, ensure_ascii=False))
    else:
        outcome.describe(Console())
    raise typer.Exit(outcome.exit_status)


def deploy_command(
    window_ids: Annotated[
        list[str] | None, typer.Argument(help="窗口编号，默认全部 ids; all when none is given")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """把窗口的运行日程登记到 Prefect。Registers the deployments of windows with their schedules."""
    from flows.deployments import deploy_windows

    settings = Settings()
    with open_register(settings) as register:
        windows = [register.get(i) for i in window_ids] if window_ids else register.all()
    named = deploy_windows([w for w in windows if w.sealed_at is None], settings)
    if as_json:
        typer.echo(json.dumps(named))
    else:
        typer.echo("\n".join(named) if named else "没有未封存的窗口")


def worker_command(
    name: Annotated[str | None, typer.Option("--name", help="名称 its name")] = None,
) -> None:
    """在本机领取并执行运行任务。Takes runs from the work pool and does them on this machine."""
    from flows.deployments import serve_worker

    serve_worker(Settings(), name)


def up_command(
    port: Annotated[int, typer.Option("--port", help="Prefect 端口")] = 4200,
    console_port: Annotated[int, typer.Option("--console-port", help="控制台端口")] = 8000,
    no_console: Annotated[bool, typer.Option("--no-console", help="不启动控制台")] = False,
) -> None:
    """一条命令在本机启动服务、工作进程和控制台。Server, worker and console on this machine."""
    from flows.up import run_everything

    raise typer.Exit(
        run_everything(Settings(), port=port, console_port=None if no_console else console_port)
    )


def backup_command(
    archive: Annotated[Path, typer.Argument(help="备份文件 the archive to write (.tar.gz)")],
    folder: Annotated[
        Path | None,
        typer.Option("--folder", help="备份哪个文件夹，默认 CHUHE_HOME what to back up"),
    ] = None,
) -> None:
    """备份报告、读取结果和数据库。Backs up reports, readings and the database."""
    from pipeline.backup import back_up

    made = back_up((folder or Settings().home).absolute(), archive)
    typer.echo(f"已备份 {made.files} 个文件，{made.size} 字节；清单 SHA-256 {made.sha256}")


def restore_command(
    archive: Annotated[Path, typer.Argument(help="备份文件 the archive")],
    folder: Annotated[
        Path | None,
        typer.Option("--folder", help="恢复到哪里，默认 CHUHE_HOME where to restore to"),
    ] = None,
) -> None:
    """从备份恢复，逐个文件核验。Restores a backup, every file verified."""
    from pipeline.backup import restore

    made = restore(archive, (folder or Settings().home).absolute())
    typer.echo(f"已恢复 {made.files} 个文件，全部核验一致；清单 SHA-256 {made.sha256}")
