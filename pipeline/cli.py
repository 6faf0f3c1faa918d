"""The command line: `chuhe VERB`. What it prints names dossiers and files, never a person.

This module puts the whole product together, so it alone in `pipeline` may import `flows` and
`console`, and does so inside the commands that need them.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from console.cli import ledger_app, serve_command, user_app
from flows.commands import add_commands
from pipeline import __version__
from pipeline.after.cli import add_after_commands
from pipeline.errors import ChuheError, UsageError
from pipeline.logs import set_up_logging
from pipeline.settings import Settings

app = typer.Typer(
    name="chuhe",
    help="初核：读取职称初定申报材料，相互核对，逐条说明依据。Reads, cross-checks and explains.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(serve_command)
app.add_typer(user_app, name="user")
app.add_typer(ledger_app, name="ledger")
add_commands(app)
add_after_commands(app)
err = Console(stderr=True)


def main() -> None:
    """Runs the command line; errors of ours end it with their own exit status."""
    set_up_logging(Settings().log_format)
    try:
        app()
    except ChuheError as error:
        _fail(error)


def _fail(error: ChuheError) -> NoReturn:
    err.print(f"[bold red]{error.code}[/]", highlight=False, end=" ")
    err.print(str(error), markup=False, highlight=False)
    sys.exit(error.exit_status)


@app.command("run")
def run_command(
    intake: Annotated[Path, typer.Argument(help="申报窗口文件夹 the intake folder")],
    out: Annotated[Path, typer.Option("--out", help="结果写到哪里 where the reports go")],
    local: Annotated[
        bool, typer.Option("--local", help="不经 Prefect 运行 run without Prefect")
    ] = False,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="读取进程数")] = None,
    rulebook: Annotated[
        Path | None, typer.Option("--rulebook", help="规则文件 another rulebook")
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="重读上次因异常或超时隔离的文件")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="只输出 JSON")] = False,
) -> None:
    """核对整个申报窗口，逐份出具报告。Reports on every dossier of an intake window."""
    from flows.runners import run_plainly, run_with_prefect
    from pipeline.batch import run_batch
    from pipeline.window import prepare_run

    run = prepare_run(
        intake, out, workers=workers, rulebook_path=rulebook, retry_failed=retry_failed
    )
    outcome = run_batch(
        run,
        run_plainly if local else run_with_prefect,
        console=Console(),
        quiet=as_json,
    )
    if as_json:
        typer.echo(json.dumps(outcome.as_json(), ensure_ascii=False))
    else:
        outcome.describe(Console())
    raise typer.Exit(outcome.exit_status)


@app.command("read")
def read_command(
    files: Annotated[list[Path], typer.Argument(help="要读取的文件 files to read")],
    as_json: Annotated[bool, typer.Option("--json", help="只输出 JSON")] = False,
    text: Annotated[bool, typer.Option("--text", help="同时输出全部文字行 all lines too")] = False,
) -> None:
    """读取单个文件：材料类型、字段、可信度与位置。Kind and fields of single files."""
    from pipeline.single import describe_readings, read_files

    missing = [str(f) for f in files if not f.is_file()]
    if missing:
        raise UsageError("no such file: " + ", ".join(missing))
    with tempfile.TemporaryDirectory(prefix="chuhe-") as scratch:
        results = read_files(files, Path(scratch))
    if as_json:
        typer.echo(json.dumps([r.as_json(with_lines=text) for r in results], ensure_ascii=False))
    else:
        describe_readings(results, Console(), with_lines=text)
    raise typer.Exit(0 if all(r.reason is None for r in results) else 1)


@app.command("version")
def version_command() -> None:
    """版本。The version."""
    typer.echo(__version__)
