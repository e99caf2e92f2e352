"""Anchors keep the ends of all histories where whoever rules the database cannot reach them."""

import json
import threading
from datetime import date

import pytest
from click.testing import CliRunner

from models.enums import EventKind, Outcome
from tests.webapp.case_histories import IN_REVIEW, KEY, SERIES, Road, four_cases, opened, tamper
from tests.webapp.tamperings import FOUND_BY_THE_ANCHOR_ALONE
from webapp.commands.audit import audit
from webapp.services.audit import anchors
from webapp.services.audit.anchors import AnchorRefused, check_anchors, write_anchor
from webapp.services.audit.findings import Fault

pytestmark = pytest.mark.slow

FIRST, SECOND, THIRD, FOURTH = (date(2025, 9, day) for day in (11, 12, 13, 14))


def anchor(url, folder, day, key=KEY):
    with opened(url) as session:
        path = write_anchor(session, key, folder, day)
        session.commit()
    return path


def faults(url, folder):
    with opened(url) as session:
        return [finding.fault for finding in check_anchors(session, KEY, folder)]


@pytest.fixture
def anchored(new_database, tmp_path):
    """The URL of a database with four cases, and the folder of its three anchors."""
    url, folder = new_database(), tmp_path / "anchors"
    with opened(url) as session:
        four_cases(session)
        session.commit()
    for day in (FIRST, SECOND, THIRD):
        anchor(url, folder, day)
    return url, folder


def test_untouched_anchors_are_whole_in_batches_of_any_size(anchored, monkeypatch):
    monkeypatch.setattr(anchors, "ROWS_AT_ONCE", 2)
    assert faults(*anchored) == []


def test_a_case_that_went_on_still_holds_what_was_anchored(anchored):
    url, folder = anchored
    with opened(url) as session:
        Road(session, f"{SERIES}-00004").decide("in_school:1", EventKind.DECIDED, Outcome.APPROVE)
        session.commit()
    assert faults(url, folder) == []
    assert anchor(url, folder, FOURTH).exists()


def test_an_altered_anchor_is_found(anchored):
    url, folder = anchored
    newest = folder / f"{THIRD}.anchor"
    whole = newest.read_text()
    head, *lines = whole.splitlines(keepends=True)
    altered = {
        "its number": whole.replace('"anchor":3', '"anchor":4'),
        "its day": whole.replace("2025-09-13", "2025-09-14"),
        "the anchor before": head.replace('"previous":"', '"previous":"0') + "".join(lines),
        "a count": whole.replace("\n2 3 ", "\n2 2 "),
        "a case removed": head + "".join(lines[1:]),
        "cut short": whole[:-20],
        "without its seal": head + "".join(lines[:-1]),
        "a seal of zeros": head + "".join(lines[:-1]) + "0" * 64 + "\n",
        "empty": "",
        "binary": "\0" * 100,
        "another day's": (folder / f"{FIRST}.anchor").read_text(),
    }
    for what, content in altered.items():
        assert content != whole
        newest.write_text(content)
        assert Fault.ANCHOR_ALTERED in faults(url, folder), what


def test_an_anchor_sealed_with_another_key_is_found(anchored, tmp_path):
    url, folder = anchored
    tamper(url, "DELETE FROM number_counter WHERE series = 'anchor'")
    forged = anchor(url, tmp_path / "elsewhere", THIRD, key=b"o" * 32)
    forged.rename(folder / forged.name)
    assert Fault.ANCHOR_ALTERED in faults(url, folder)


def test_a_sound_anchor_that_follows_another_one_is_found(anchored, tmp_path):
    url, folder = anchored
    tamper(url, "DELETE FROM number_counter WHERE series = 'anchor'")
    for day in (date(2025, 9, 1), date(2025, 9, 2), THIRD):
        other = anchor(url, tmp_path / "elsewhere", day)
    other.rename(folder / other.name)
    assert faults(url, folder) == [Fault.ANCHOR_ALTERED]


@pytest.mark.parametrize("days", [[SECOND], [THIRD], [SECOND, THIRD], [FIRST, SECOND, THIRD]])
def test_a_removed_anchor_is_found(anchored, days):
    url, folder = anchored
    for day in days:
        (folder / f"{day}.anchor").unlink()
    assert faults(url, folder) == [Fault.ANCHOR_MISSING]


def test_old_anchors_may_be_archived(anchored):
    url, folder = anchored
    for day in (FIRST, SECOND):
        (folder / f"{day}.anchor").unlink()
    assert faults(url, folder) == []


@pytest.mark.parametrize("statements", FOUND_BY_THE_ANCHOR_ALONE.values(), ids=FOUND_BY_THE_ANCHOR_ALONE)
def test_no_anchor_is_written_over_a_history_cut_short(anchored, statements):
    url, folder = anchored
    tamper(url, *statements)
    with pytest.raises(AnchorRefused) as refused:
        anchor(url, folder, FOURTH)
    assert [finding.fault for finding in refused.value.findings] == [Fault.ANCHOR_DIFFERS]
    assert not (folder / f"{FOURTH}.anchor").exists()


def test_no_anchor_is_written_for_a_day_before_the_newest(anchored):
    url, folder = anchored
    with pytest.raises(AnchorRefused):
        anchor(url, folder, date(2025, 9, 10))


def test_the_anchor_of_a_day_is_written_once_by_however_many_workers(anchored):
    url, folder = anchored
    workers = [threading.Thread(target=anchor, args=(url, folder, FOURTH)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{day}.anchor" for day in (FIRST, SECOND, THIRD, FOURTH)
    ]
    assert faults(url, folder) == []


@pytest.fixture
def xueji_audit(anchored, settings_for, monkeypatch):
    """Runs `xueji audit …` on the database and its anchors; returns the exit code and what was printed."""
    url, folder = anchored
    for name, value in settings_for(url).environment().items():
        monkeypatch.setenv(name, value)

    def run(*arguments):
        result = CliRunner().invoke(audit, [*arguments, "--anchors", str(folder)])
        return result.exit_code, result.output

    return run


def test_xueji_audit_verify_says_that_the_trail_is_whole(xueji_audit):
    assert xueji_audit("verify") == (0, "The audit trail is whole.\n")
    assert xueji_audit("verify", "--json") == (0, "[]\n")


def test_xueji_audit_verify_fails_with_what_it_found(xueji_audit, anchored):
    tamper(
        anchored[0], f"UPDATE case_event SET actor_id = 9 WHERE change_request_id = {IN_REVIEW} AND seq = 2"
    )
    assert xueji_audit("verify")[0] == 1
    code, printed = xueji_audit("verify", "--json")
    assert code == 1
    assert [(found["fault"], found["where"]) for found in json.loads(printed)] == [
        ("entry_altered", f"{SERIES}-00002")
    ]


def test_xueji_audit_anchor_writes_todays_anchor_or_says_why_not(xueji_audit, anchored):
    folder = anchored[1]
    code, printed = xueji_audit("anchor", "--json")
    assert (code, json.loads(printed)) == (0, {"anchor": str(max(folder.iterdir()))})
    max(folder.iterdir()).unlink()
    assert xueji_audit("anchor") == (
        1,
        "anchors: there is no sound anchor with the number 4 (anchor_missing)\n",
    )
