"""Commands over rulebooks and finished runs: `rules`, `explain`, `whatif`, `replay`."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.after import replay as replaying
from pipeline.after import whatif as comparing
from pipeline.after.explain import Explanation
from pipeline.after.finished import open_finished
from pipeline.after.rules import describe_rulebook, rulebook_json
from pipeline.errors import InvalidRulebook, UsageError
from pipeline.rulebooks import Rulebook
from validators import RulebookError, builtin_rulebook, builtin_rulebooks, load_rulebook

rules_app = typer.Typer(
    help="规则：条款、条件、参数、材料、评分。Rulebooks: the notice as data.",
    invoke_without_command=True,
)
AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON")]
DEFAULT = "sichuan-2022"


def add_after_commands(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.add_typer(rules_app, name="rules")
    app.command("explain")(explain_command)
    app.command("whatif")(whatif_command)
    app.command("replay")(replay_command)


@rules_app.callback()
def rules_command(
    context: typer.Context,
    rulebook: Annotated[
        str, typer.Option("--rulebook", help="内置规则的名称或规则文件 a built-in name or a file")
    ] = DEFAULT,
    code: Annotated[
        str | None, typer.Option("--code", help="只看一条规则 one rule in full")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """显示规则。Shows a rulebook."""
    if context.invoked_subcommand is not None:
        return
    shown = _load(rulebook)
    if code is not None and shown.rule(code) is None:
        raise UsageError(f"the rulebook {shown.id} has no rule {code}")
    if as_json:
        typer.echo(json.dumps(rulebook_json(shown), ensure_ascii=False))
        return
    describe_rulebook(shown, Console(), code=code)
    others = "、".join(name for name in builtin_rulebooks() if name != shown.id)
    typer.echo(
        f"\n另有内置规则：{others}。查看一条：chuhe rules --code CODE；检查文件：chuhe rules check FILE"
    )


@rules_app.command("check")
def check_rules_command(
    file: Annotated[Path, typer.Argument(help="规则文件 the rulebook")], as_json: AsJson = False
) -> None:
    """检查一个规则文件能否使用。Whether a rulebook loads."""
    if not file.is_file():
        raise UsageError(f"no such file: {file}")
    problems: list[str] = []
    loaded: Rulebook | None = None
    try:
        loaded = load_rulebook(file)
    except (RulebookError, OSError, UnicodeDecodeError) as error:
        problems = str(error).splitlines()
    if as_json:
        said = {"file": str(file), "rulebook": loaded.fingerprint if loaded else None, "problems": problems}  # fmt: skip
        typer.echo(json.dumps(said, ensure_ascii=False))
    elif loaded:
        typer.echo(
            f"可以使用：{loaded.title}（{loaded.fingerprint}），{len(loaded.clauses)} 条条款、"
            f"{len(loaded.conditions)} 项条件、{len(loaded.rules)} 条规则、"
            f"{len(loaded.parameter_list)} 个参数"
        )
        typer.echo("下一步：chuhe run INTAKE --out OUT --rulebook 或 chuhe whatif --rulebook")
    else:
        typer.echo(f"不能使用（{len(problems)} 处）：")
        for problem in problems:
            typer.echo(f"  {problem}")
    raise typer.Exit(0 if loaded else 2)


def explain_command(
    dossier: Annotated[
        str, typer.Argument(help="申报编号或报告文件 a dossier's id, or the path of its report")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="结果文件夹 where the reports are")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """逐条说明一份申报为何如此。Why a dossier stands as it does, clause by clause."""
    folder, dossier_id = _place_of(dossier, out)
    with open_finished(folder) as finished:
        kept = finished.kept(dossier_id)
        explanation = Explanation(kept, finished.rulebook(kept))
    if as_json:
        typer.echo(json.dumps(explanation.as_json(), ensure_ascii=False))
    else:
        explanation.describe(Console())


def _place_of(dossier: str, out: Path | None) -> tuple[Path, str]:
    path = Path(dossier)
    if path.suffix in (".json", ".html"):
        if not path.is_file() or path.parent.name != "reports":
            raise UsageError(
                f"no report: {dossier}", next_step="Name OUT/reports/<dossier_id>.json."
            )
        return out or path.parent.parent, path.stem
    if out is None:
        raise UsageError(
            "which run is meant is not said",
            next_step=f"chuhe explain {dossier} --out OUT, or chuhe explain OUT/reports/{dossier}.json",
        )
    return out, dossier


def whatif_command(
    out: Annotated[Path, typer.Argument(help="结果文件夹 where the reports are")],
    rulebook: Annotated[
        str, typer.Option("--rulebook", help="另一套规则：内置名称或文件 the other rulebook")
    ],
    as_json: AsJson = False,
) -> None:
    """换一套规则会怎样：哪些申报的去向会变，为什么。What another rulebook would change."""
    other = _load(rulebook)
    with open_finished(out) as finished:
        outcomes = comparing.compare_rulebooks(finished, other)
        if not as_json:
            comparing.describe(outcomes, Console())
            return
        changed = [outcome.as_json() for outcome in outcomes if outcome.differs]
        total = len(finished.ids())
    said = {"rulebook": other.fingerprint, "dossiers": total,
            "flips": sum(c["flips"] for c in changed), "changed": changed}  # fmt: skip
    typer.echo(json.dumps(said, ensure_ascii=False))


def replay_command(
    out: Annotated[Path, typer.Argument(help="结果文件夹 where the reports are")],
    values: Annotated[
        bool, typer.Option("--values", help="同时显示不同之处的内容 show the values that differ")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """用已保存的读取结果重建全部报告并逐字节比较。Rebuilds every report and compares it."""
    with open_finished(out) as finished:
        replayed = replaying.replay(finished, with_values=values)
        if as_json:
            items = list(replayed)
            different = [item for item in items if not item.is_same]
            said = {"reports": len(items), "different": [item.as_json() for item in different]}
            typer.echo(json.dumps(said, ensure_ascii=False))
            raise typer.Exit(1 if different else 0)
        raise typer.Exit(1 if replaying.describe(replayed, Console()) else 0)


def _load(name: str) -> Rulebook:
    try:
        return builtin_rulebook(name) if name in builtin_rulebooks() else load_rulebook(Path(name))
    except (RulebookError, OSError, UnicodeDecodeError) as error:
        raise InvalidRulebook(
            f"the rulebook {name} does not load: {error}",
            next_step=f"Built-in rulebooks: {', '.join(builtin_rulebooks())}.",
        ) from error
