"""`regulars run`, `rebuild` and `doctor`: keeping the shop's state in order."""

from pathlib import Path
from typing import Annotated, Any

import typer

from regulars.cli.app import AsJson, answer, app, progress_bar, start
from regulars.core import clock

At = Annotated[str | None, typer.Option("--now", help="Pretend that it is this instant, e.g. 2024-03-21T10:00:00Z.")]

Child = Annotated[bool, typer.Option("--child", hidden=True, help="End when standard input closes.")]


@app.command("run")
def run(
    once: Annotated[bool, typer.Option("--once", help="Run one tick of the loop and end.")] = False,
    jobs: Annotated[
        bool, typer.Option("--jobs", help="Do long work (imports, the demo shop) instead of ticks.")
    ] = False,
    messages: Annotated[bool, typer.Option("--messages", help="Hand over messages instead of ticks.")] = False,
    decisions: Annotated[
        bool, typer.Option("--decisions", help="Follow segments and campaigns instead of ticks.")
    ] = False,
    now: At = None,
    json: AsJson = False,
    child: Child = False,
) -> None:
    """Run the loop's workers, for ever or once; with --jobs the worker that does imports and other long work, with
    --decisions the one that follows segments and campaigns, with --messages the one that hands messages over.

    Example: regulars run --once
    """
    real = start()
    if not once:
        from regulars.cli.supervisor import ticking

        chosen = {ticking.run_jobs: jobs, ticking.run_deciders: decisions, ticking.run_senders: messages}
        next((run for run, is_asked in chosen.items() if is_asked), ticking.run_loop)(child)
        return
    from regulars import loop

    try:
        moment = clock.parse_instant(now) if now else real
    except ValueError as problem:
        raise typer.BadParameter(str(problem), param_hint="--now") from None
    done = loop.run_once(moment)
    answer(done, json, lambda: ", ".join(f"{name} {count:,}" for name, count in done.items()))


@app.command("rebuild")
def rebuild(json: AsJson = False) -> None:
    """Compute every projection and derived table again from the log; the facts stay as they are.

    Example: regulars rebuild
    """
    now = start()
    from regulars import loop

    with progress_bar("rebuilding from the log"):
        told = loop.rebuild(now)
    answer(told, json, lambda: f"Rebuilt from the facts up to seq {told['derived_at_seq']:,}.")


@app.command("doctor")
def doctor(
    sender: Annotated[
        str, typer.Option("--from", help="Judge SPF, DKIM and DMARC of this domain too, by the records given.")
    ] = "",
    records: Annotated[Path | None, typer.Option(help="A file with TXT records, a line each: name, then text.")] = None,
    record: Annotated[list[str] | None, typer.Option(help="One TXT record, as in the file; may be repeated.")] = None,
    selector: Annotated[str, typer.Option(help="The DKIM selector that signs.")] = "",
    signs_as: Annotated[str, typer.Option(help="The domain that signs (d=), if it is not that of From.")] = "",
    bounces_to: Annotated[str, typer.Option(help="The domain that bounces go to, if it is not that of From.")] = "",
    json: AsJson = False,
) -> None:
    """Check this installation, and with --from a sender's domain, and say what is wrong and what to do.

    The DNS is not asked: give the TXT records, as your provider shows them or as dig prints them.

    Example: regulars doctor --from shop.example --records records.txt
    """
    now = start()
    from regulars.cli import health
    from regulars.cli.letters.records import Sender, checks as of_the_domain

    checks: list[dict[str, Any]] = health.checks(now)
    if sender:
        checks += of_the_domain(Sender(sender, records, record or [], selector, signs_as, bounces_to))
    bad = [check for check in checks if check["state"] == "wrong"]
    answer({"ok": not bad, "checks": checks}, json, lambda: "\n".join(health.in_words(check) for check in checks))
    if bad:
        raise typer.Exit(1)
