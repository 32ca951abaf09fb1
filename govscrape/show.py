"""What the command line shows: progress, summaries and explanations; colour and bars on a terminal, plain lines elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from math import inf

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from cleaners.core import Clean, undecided_runs
from cleaners.edits import Edit, Step, apply_edits
from cleaners.lines import lines_of
from cleaners.meta import Meta
from pipelines.dump import Summary

Watch = Callable[[Summary], None]


@contextmanager
def progress(console: Console) -> Iterator[Watch]:
    """Show a live line of counts on a terminal; elsewhere only failures, a line each, as they come."""
    shown = 0

    def failures(summary: Summary) -> None:
        nonlocal shown
        for line in summary.failures[shown:]:
            console.print(Text(line, style="red"), soft_wrap=True)
        shown = len(summary.failures)

    if not console.is_terminal:
        yield failures
        return
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.completed} done, {task.fields[rate]:.0f}/s, {task.fields[rejects]} rejected"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=None, rejects=0, rate=0.0)

        def watch(summary: Summary) -> None:
            failures(summary)
            done = summary.records + summary.rejects
            rate = done / max(bar.tasks[0].elapsed or 0, 0.001)
            bar.update(task, completed=done, rejects=summary.rejects, rate=rate)

        yield watch


def show_summary(console: Console, summary: Summary, seconds: float) -> None:
    """Print what a run did: counts, then a line for each cleaner and each reason."""
    total = summary.records + summary.rejects
    console.print(
        f"{total} inputs, {summary.records} records ({summary.chars} characters), {summary.rejects} rejected, "
        f"{seconds:.1f} s",
        highlight=False,
    )
    if summary.unresolved:
        console.print(
            f"{summary.unresolved} damaged places are not certain: left as found, marked, or the likeliest of several texts "
            "(quality.unresolved)",
            highlight=False,
            soft_wrap=True,
        )
    if summary.edits:
        print_table(
            console,
            ("cleaner", "documents", "edits"),
            [(name, summary.documents[name], count) for name, count in summary.edits.most_common()],
        )
    if summary.reasons:
        print_table(console, ("rejected as", "inputs"), summary.reasons.most_common())


def print_table(console: Console, head: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> None:
    """Print rows under a head: in columns on a terminal, elsewhere a sentence a row."""
    if not console.is_terminal:
        for row in rows:
            said = ", ".join(f"{n} {h}" for n, h in zip(row[1:], head[1:], strict=True) if h)
            console.print(Text(f"{head[0]} {row[0]}: {said}"), soft_wrap=True)
        return
    if rows:
        table = Table(*head, box=None, pad_edge=False, header_style="bold")
        for row in rows:
            table.add_row(*map(escape, map(str, row)))
        console.print(table)


def show_clean(console: Console, name: str, cleaned: Clean) -> None:
    """Print how a text was cleaned: how it was read, its metadata with their origin, each change in its place."""
    console.rule(escape(name), align="left", style="dim")
    if cleaned.encoding:
        console.print(f"decoded as {cleaned.encoding.name} ({cleaned.encoding.evidence})", highlight=False)
        console.print(f"text from {cleaned.extractor}; {cleaned.pruned} hidden or injected nodes cut", highlight=False)
    if cleaned.part:
        said = f"part {cleaned.part.number} of {len(cleaned.part.addresses)} of {cleaned.part.addresses[0]}"
        console.print(said, highlight=False, soft_wrap=True)
    console.print(f"script as found: {cleaned.script}", highlight=False)
    for field, value in _known(cleaned.meta):
        origin = cleaned.provenance.get(field)
        console.print(Text.assemble((f"{field}: ", "bold"), value, (f"  ({origin})" if origin else "", "dim")))
    text = cleaned.raw_text
    for step in cleaned.steps:
        _show_step(console, text, step)
        text = apply_edits(text, step.edits)
    if not cleaned.steps:
        console.print("nothing to change in the text")
    _show_undecided(console, cleaned)


def _known(meta: Meta) -> Iterator[tuple[str, str]]:
    for field in fields(meta):
        value = getattr(meta, field.name)
        if value:
            shown = ", ".join(getattr(v, "url", None) or str(v) for v in value) if isinstance(value, tuple) else value
            yield field.name, shown


def _show_step(console: Console, text: str, step: Step) -> None:
    count = len(step.edits)
    console.print(Text(f"\n{step.cleaner}: {count} edit{'s' if count != 1 else ''}", style="bold"))
    edits = list(step.edits)
    for line in lines_of(text):
        inside = [e for e in edits if line.start <= e.start <= line.end]
        if inside:
            edits = edits[len(inside) :]
            console.print(_marked(text, line.start, line.end, inside, plain=not console.is_terminal), soft_wrap=True)


_CANDIDATES, _AFTER = 5, 8
"""Texts shown of a run, and characters after it."""


def _show_undecided(console: Console, cleaned: Clean) -> None:
    """Print the damaged runs that evidence does not decide beyond doubt, each with what may have stood there, likeliest first."""
    runs = undecided_runs(cleaned)
    if runs:
        console.print(Text(f"\nnot certain: {len(runs)} damaged run{'s' if len(runs) != 1 else ''}", style="bold"))
    for text, run in runs:
        observed = text[run.start : run.end].replace("\n", "↵")
        before = _shortened(text[text.rfind("\n", 0, run.start) + 1 : run.start], at_start=True)
        after = text[run.end :].partition("\n")[0]
        after = after if len(after) <= _AFTER else after[:_AFTER] + "…"
        least = run.candidates[0][1]
        known = [_candidate(each, cost - least) for each, cost in run.candidates[:_CANDIDATES] if cost < inf]
        written = f"{known.pop(0)} rather than " if run.written and known[1:] else ""
        said = written + " or ".join(known) or "nothing explains it"
        console.print(Text.assemble("  ", before, (observed, "yellow"), after, ": ", said), soft_wrap=True)


def _candidate(text: str, behind: float) -> str:
    """A text that may have stood at a place, with the nats by which it is behind the likeliest."""
    shown = text.replace("\n", "↵").replace("\u3000", "␣") or "nothing"
    return f"{shown} (+{behind:.1f})" if behind else shown


_CONTEXT = 24
"""Unchanged characters shown on either side of a change."""


def _marked(text: str, start: int, end: int, edits: list[Edit], *, plain: bool) -> Text:
    """A line with its changes in place: removed struck out in red, added in green; `[-…-]{+…+}` without colour."""
    shown = Text("  ")
    at = start
    for edit in edits:
        shown.append(_shortened(text[at : edit.start], at_start=at == start), "")
        old, new = text[edit.start : edit.end].replace("\n", "↵"), edit.new.replace("\n", "↵")
        if old:
            shown.append(f"[-{old}-]" if plain else old, "red strike")
        if new:
            shown.append(f"{{+{new}+}}" if plain else new, "green")
        if edit.likely:
            shown.append(" (likely) ", "dim")
        at = edit.end
    tail = text[at:end]
    shown.append(tail if len(tail) <= _CONTEXT else tail[:_CONTEXT] + "…")
    return shown


def _shortened(between: str, *, at_start: bool) -> str:
    between = between.replace("\n", "↵")
    if at_start and len(between) > _CONTEXT:
        return "…" + between[-_CONTEXT:]
    if len(between) > 2 * _CONTEXT:
        return between[:_CONTEXT] + "…" + between[-_CONTEXT:]
    return between
