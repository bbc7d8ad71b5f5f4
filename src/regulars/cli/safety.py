"""`regulars backup`, `restore` and `release`: keeping the shop's facts safe."""

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from regulars.cli.app import AsJson, answer, app, progress_bar, refuse, start

Keys = Annotated[bool, typer.Option("--with-keys", help="Put this home's keys into the backup too.")]
Verify = Annotated[bool, typer.Option("--verify", help="Only check that the backup is whole.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command("backup")
def backup(
    folder: Annotated[Path, typer.Argument(help="Where backups go.")], with_keys: Keys = False, json: AsJson = False
) -> None:
    """Write a backup of everything while Regulars runs.

    Example: regulars backup /mnt/backups
    """
    now = start()
    from regulars.operations import api as operations

    with progress_bar("backup") as progress:
        try:
            made = operations.backup(operations.Wanted(folder, now, with_keys, progress))
        except operations.StillBusy as busy:
            refuse(str(busy))
    verdict = operations.verify(made)
    told = {"folder": str(made), **dataclasses.asdict(verdict)}
    keys = (
        ""
        if with_keys
        else "\nThe keys are not in it: keep the folder keys of this home apart, or sealed secrets cannot be read again."
    )
    answer(told, json, lambda: f"The backup {made} holds {verdict.facts:,} facts and is whole.{keys}")


@app.command("restore")
def restore(
    backup: Annotated[Path, typer.Argument(help="A folder that regulars backup made.", exists=True, file_okay=False)],
    verify: Verify = False,
    json: AsJson = False,
) -> None:
    """Put a backup into an empty home; nothing is sent until regulars release.

    Example: regulars restore /mnt/backups/regulars-20240601T120000Z
    """
    now = start()
    from regulars.operations import api as operations

    try:
        if verify:
            verdict = operations.verify(backup)
        else:
            with progress_bar("restore") as progress:
                verdict = operations.restore(backup, now, progress)
    except (operations.NotABackup, operations.CannotRestore) as problem:
        refuse(str(problem))
    told = dataclasses.asdict(verdict) | {"restored": not verify}
    if verdict.faults:
        answer(told, json, lambda: "This backup is damaged: " + "; ".join(verdict.faults))
        raise typer.Exit(1)
    done = "is whole" if verify else "is restored and fenced: nothing is sent until you run regulars release"
    answer(told, json, lambda: f"The backup of {verdict.made_at} with {verdict.facts:,} facts {done}.")


@app.command("release")
def release(yes: Yes = False, json: AsJson = False) -> None:
    """Let a restored system send again, once no other copy of it does.

    Example: regulars release --yes
    """
    start()
    from regulars.operations import api as operations

    if not yes:
        typer.confirm(
            "Is the system that this backup came from switched off? Two copies would write to the same customers",
            abort=True,
        )
    was_fenced = operations.release()
    answer({"released": was_fenced}, json, lambda: "Released." if was_fenced else "This system was not fenced.")
