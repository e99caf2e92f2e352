"""`xueji doctor`: does all that stands in the database fit together, and what of it can be derived anew?"""

import json
from collections.abc import Collection

import click

from webapp.commands.sessions import command_session
from webapp.services.doctor.examination import Examination, examine
from webapp.services.doctor.findings import Finding
from webapp.services.doctor.repairs import repair


@click.command()
@click.option("--repair", "mend", is_flag=True, help="Derive anew what is derivable.")
@click.option("--commit", is_flag=True, help="Keep what --repair mends. Without it, it is only tried.")
@click.option("--files", is_flag=True, help="See also whether the files of all papers are stored.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(*, mend: bool, commit: bool, files: bool, as_json: bool) -> None:
    """Hold every case against its history; exit code 1 if anything does not fit, or there is no case at all."""
    if commit and not mend:
        raise click.UsageError("--commit keeps what --repair mends; give both")
    with command_session() as session:
        examination = examine(session, files=files)
        session.rollback()
        mended = repair(session, examination.findings, commit=commit) if mend else []
        left = examination
        if mended and commit:
            left = examine(session, files=files)
    _tell(left, mended, committed=commit, as_json=as_json)
    if left.findings:
        raise SystemExit(1)


def _tell(left: Examination, mended: Collection[Finding], *, committed: bool, as_json: bool) -> None:
    if as_json:
        facts = {
            "cases": left.cases,
            "findings": [_plain(finding) for finding in left.findings],
            "repaired": [_plain(finding) for finding in mended],
            "committed": committed,
        }
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    done = "repaired" if committed else "would be repaired"
    for finding in mended:
        click.echo(f"{finding.where}: {finding.what} ({finding.code}): {done}")
    for finding in left.findings:
        click.echo(f"{finding.where}: {finding.what} ({finding.code}). {finding.advice}")
    click.echo(f"{left.cases} cases, {len(left.findings)} findings.")


def _plain(finding: Finding) -> dict[str, str]:
    return {"code": finding.code, "where": finding.where, "what": finding.what, "advice": finding.advice}
