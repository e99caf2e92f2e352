"""The divisions of the country, their bureaus (教育行政部门) and exam offices (招生考试院): domain 2.1."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from models import Division, Office
from models.enums import OfficeKind, OfficeLevel
from webapp.services.offices.divisions import MUNICIPALITIES, DivisionRow, divisions

BUREAUS_SINCE = date(1949, 10, 1)


def load_divisions_and_bureaus(session: Session) -> None:
    """Load the divisions of the country, a bureau for each that has none, and an exam office for each city.

    The caller commits. May be repeated: names and superiors of divisions follow the standard, offices once made stay.
    """
    rows = divisions()
    columns = (Division.code, Division.name, Division.level, Division.superior_code)
    known = {DivisionRow(*row) for row in session.execute(select(*columns))}
    changed = [asdict(row) for row in rows if row not in known]
    if changed:
        upsert = insert(Division)
        new = {column: upsert.excluded[column] for column in ("name", "level", "superior_code")}
        session.execute(upsert.on_conflict_do_update(index_elements=["code"], set_=new), changed)
    bureaus = _missing_bureaus(session, rows)
    if bureaus:
        session.execute(insert(Office), bureaus)
    if exam_offices := _missing_exam_offices(session):
        session.execute(insert(Office), exam_offices)


def bureau_name(division: DivisionRow, superior: DivisionRow | None) -> str:
    """Return the name of a division's bureau; a district's begins with its city's, as districts share names."""
    if division.code in MUNICIPALITIES:
        return f"{division.name}教育委员会"
    if superior is None:
        return f"{division.name}教育厅"
    city = superior.name if division.name.endswith("区") and superior.name.endswith("市") else ""
    return f"{city}{division.name}教育局"


def new_office_ids(number: int) -> Select[int]:
    """Return the query for the ids of `number` offices to be made, whose paths must hold them."""
    sequence = func.pg_get_serial_sequence("office", "id")
    return select(func.nextval(sequence)).select_from(func.generate_series(1, number))


def _missing_bureaus(session: Session, rows: Sequence[DivisionRow]) -> list[dict[str, Any]]:
    """The bureaus to make, superiors first as the divisions are."""
    bureaus = select(Office.division_code, Office.path).where(
        Office.kind == OfficeKind.BUREAU, Office.valid_to.is_(None)
    )
    paths: dict[str, list[int]] = dict(session.execute(bureaus).all())
    divisions_by_code = {row.code: row for row in rows}
    lacking = [row for row in rows if row.code not in paths]
    missing = []
    for row, office_id in zip(lacking, session.scalars(new_office_ids(len(lacking))), strict=True):
        superior = divisions_by_code[row.superior_code] if row.superior_code else None
        above = paths[superior.code] if superior else []
        paths[row.code] = [*above, office_id]
        missing.append(
            {
                "id": office_id,
                "kind": OfficeKind.BUREAU,
                "level": OfficeLevel(row.level),
                "name": bureau_name(row, superior),
                "division_code": row.code,
                "superior_id": above[-1] if above else None,
                "path": paths[row.code],
                "valid_from": BUREAUS_SINCE,
            }
        )
    return missing


def _missing_exam_offices(session: Session) -> list[dict[str, Any]]:
    """The exam offices to make, under the bureaus of their cities."""
    has_one = aliased(Office)
    lacking = (
        select(Office.id, Office.path, Division.code, Division.name)
        .join(Division, Division.code == Office.division_code)
        .where(Office.kind == OfficeKind.BUREAU, Office.level == OfficeLevel.CITY, Office.valid_to.is_(None))
        .where(~exists().where(has_one.superior_id == Office.id, has_one.kind == OfficeKind.EXAM_OFFICE))
    )
    rows = session.execute(lacking.order_by(Office.id)).all()
    return [
        {
            "id": office_id,
            "kind": OfficeKind.EXAM_OFFICE,
            "level": OfficeLevel.CITY,
            "name": f"{row.name}招生考试院",
            "division_code": row.code,
            "superior_id": row.id,
            "path": [*row.path, office_id],
            "valid_from": BUREAUS_SINCE,
        }
        for row, office_id in zip(rows, session.scalars(new_office_ids(len(rows))), strict=True)
    ]
