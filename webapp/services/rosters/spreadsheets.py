"""A table of text out of a spreadsheet, whichever program wrote it, and an empty one to fill in."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter import Workbook

from webapp.errors import Refusal

MOST_ROWS = 1000  # as many as are approved together
MOST_BYTES = 5_000_000
MOST_UNPACKED = 50_000_000
ENCODINGS = ("utf-8-sig", "gb18030")  # what else writes Chinese CSV files writes one of the first


class SpreadsheetUnreadable(Refusal):
    """The file is no table that can be read. Save it as .xlsx, .xls, .ods or .csv and choose it again."""

    status = 422


class SpreadsheetTooLong(Refusal):
    """A list has at most {most} students. Divide it, for example by class."""

    status = 422


class ColumnsMissing(Refusal):
    """The first row has to name the columns, and these are missing: {columns}. Use the empty list as a model."""

    status = 422


def read_rows(data: bytes, needed: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of the first sheet below the one that names the columns, each by column; empty rows left out.

    Raises SpreadsheetUnreadable, SpreadsheetTooLong, or ColumnsMissing for one that is `needed`.
    """
    table = _table(data)
    header = [cell.strip().strip("*") for cell in table[0]] if table else []
    if missing := [column for column in needed if column not in header]:
        raise ColumnsMissing(columns="、".join(missing))
    rows = [dict(zip(header, row, strict=False)) for row in table[1:] if any(cell.strip() for cell in row)]
    if len(rows) > MOST_ROWS:
        raise SpreadsheetTooLong(most=MOST_ROWS)
    return rows


def empty_sheet(columns: Mapping[str, str]) -> bytes:
    """Return a sheet that names these columns, with what belongs into each as a note; its cells hold text.

    As numbers, the last digits of an identity number would be lost.
    """
    data = BytesIO()
    with Workbook(data, {"in_memory": True}) as book:
        sheet, as_text = book.add_worksheet(), book.add_format({"num_format": "@"})
        sheet.set_column(0, len(columns) - 1, 20, as_text)
        sheet.freeze_panes(1, 0)
        for position, (column, hint) in enumerate(columns.items()):
            sheet.write_string(0, position, column, book.add_format({"bold": True, "num_format": "@"}))
            sheet.write_comment(0, position, hint)
    return data.getvalue()


def _table(data: bytes) -> list[list[str]]:
    if len(data) > MOST_BYTES or _unpacked(data) > MOST_UNPACKED:
        raise SpreadsheetTooLong(most=MOST_ROWS)
    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0)
    except CalamineError:
        return _csv(data)
    rows = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + 2)
    return [[_text(cell) for cell in row] for row in rows]


def _unpacked(data: bytes) -> int:
    """How many bytes a file that is an archive, as most spreadsheets are, says that it unpacks to."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except BadZipFile:
        return 0


def _csv(data: bytes) -> list[list[str]]:
    for encoding in ENCODINGS:
        try:
            return list(csv.reader(StringIO(data.decode(encoding)), strict=True))
        except (UnicodeDecodeError, csv.Error):
            continue
    raise SpreadsheetUnreadable


def _text(cell: object) -> str:
    """A cell as it was typed: a day without its time, a whole number without its point."""
    match cell:
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
    return str(cell)
