"""`xueji audit`: is the audit trail whole, and where does it end today?"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import click
from sqlalchemy.orm import Session

from webapp import clock
from webapp.commands.sessions import command_session
from webapp.services.audit.anchors import AnchorRefused, write_anchor
from webapp.services.audit.findings import Finding
from webapp.services.audit.verification import verify
from webapp.services.context import settings_of


@click.group()
def audit() -> None:
    """Check the audit trail, and anchor it outside the database."""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    kind = click.Path(path_type=Path, file_okay=False)
    where = "The folder of the anchors. Default: anchors in the data folder."
    with_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)
    return click.option("--anchors", "folder", type=kind, help=where)(with_json)


@audit.command("verify")
@_options
def verify_command(folder: Path | None, *, as_json: bool) -> None:
    """Print every contradiction in the audit trail; exit code 1 if there is one."""
    with command_session() as session:
        findings = verify(session, settings_of(session).audit_key, _anchors(session, folder))
    _tell(findings, as_json=as_json)
    if findings:
        raise SystemExit(1)


@audit.command("anchor")
@_options
def anchor_command(folder: Path | None, *, as_json: bool) -> None:
    """Write today's anchor, unless it exists; exit code 1 if what was anchored before is gone."""
    with command_session() as session:
        key = settings_of(session).audit_key
        try:
            path = write_anchor(session, key, _anchors(session, folder), clock.today())
        except AnchorRefused as refused:
            _tell(refused.findings, as_json=as_json)
            raise SystemExit(1) from refused
        session.commit()
    click.echo(json.dumps({"anchor": str(path)}) if as_json else path)


def _anchors(session: Session, folder: Path | None) -> Path:
    return folder or settings_of(session).data_dir / "anchors"


def _tell(findings: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        lines = [f"{finding.where}: {finding.what} ({finding.fault})" for finding in findings]
        click.echo("\n".join(lines) or "The audit trail is whole.")
