"""`beside doctor`: say what is wrong with the set-up and how to fix it. Changes nothing."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

import click

from beside.cli.checks import set_up
from beside.cli.checks.findings import Finding, How

_MARK = {How.WELL: ("✓", "green"), How.NOTE: ("·", "yellow"), How.WRONG: ("✗", "red")}


@click.command(help="Say what is wrong with this set-up and how to fix it. Changes nothing.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line for each finding."
)
def command(*, as_json: bool) -> None:
    """Check everything. The exit status is 1 if something should be fixed."""
    found = []
    for finding in set_up.look(os.environ):
        found.append(finding)
        click.echo(json.dumps(asdict(finding)) if as_json else _in_words(finding))
    if any(finding.how == How.WRONG for finding in found):
        raise SystemExit(1)


def _in_words(finding: Finding) -> str:
    mark, colour = _MARK[finding.how]
    head = f"{click.style(mark, fg=colour)} {finding.about}: {finding.says}"
    return f"{head}\n    {finding.mend}" if finding.mend else head
