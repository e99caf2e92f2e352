"""The bench of kills finds what it looks for: acts that are lost, doubled, done though refused, or never sent."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bench.chaos.acts import Event, Together, wrong_acts, wrong_answers, wrong_counts, wrong_together
from bench.chaos.ledger import Act, Answer, Entry, Ledger, entries_in, troubles_in

DONE = Answer(303, "/inbox", ["success"], 1)
REFUSED = Answer(409, "", [], 1)
APPROVAL = Act("c1-1", "decide", "wang", "/tasks/7/decide")
DECIDED = Event("decided", "wang", 7, 3, "材料齐全〔c1-1〕", None)
SENT = Act("c1-2", "bulks", "wang", "/bulks")
BULK = Together(5, "wang", "材料齐全〔c1-2〕", undone=False, done=True, carried_out=1, waiting=0)
CARRIED_OUT = replace(DECIDED, words=BULK.words, bulk=5)
RESUBMITTED = Act("c1-3", "resubmit", "li", "/cases/3/resubmit")


@pytest.mark.parametrize(
    ("answer", "events", "found"),
    [
        (DONE, [DECIDED], []),
        (None, [], []),
        (None, [DECIDED], []),
        (REFUSED, [], []),
        (DONE, [], ["acknowledged and lost"]),
        (DONE, [DECIDED, DECIDED], ["done 2 times"]),
        (REFUSED, [DECIDED], ["refused and done"]),
        (DONE, [replace(DECIDED, login="li")], ["done otherwise"]),
        (DONE, [replace(DECIDED, task=8)], ["done otherwise"]),
        (DONE, [replace(DECIDED, kind="commented")], ["done otherwise"]),
        (DONE, [DECIDED, replace(DECIDED, words="〔c9-9〕")], ["never sent"]),
    ],
)
def test_an_act_is_there_once_if_it_was_acknowledged_and_at_most_once_if_not(
    answer: Answer | None, events: Sequence[Event], found: Sequence[str]
) -> None:
    wrong = [finding.partition(":")[0] for finding in wrong_acts([Entry(APPROVAL, answer)], events)]
    assert wrong == found


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (DONE, 0),
        (REFUSED, 0),
        (None, 1),
        (replace(DONE, location="/sign-in?next=/"), 1),
        (replace(DONE, news=["warning"]), 1),
    ],
)
def test_whoever_is_led_on_reads_good_news(answer: Answer | None, wrong: int) -> None:
    assert len([*wrong_answers([Entry(APPROVAL, answer)])]) == wrong


def test_what_has_no_words_is_counted() -> None:
    event = Event("resubmitted", "li", None, 3, None, None)
    assert [*wrong_counts([Entry(RESUBMITTED, DONE)], [event])] == []
    assert [*wrong_counts([Entry(RESUBMITTED, None)], [])] == []
    assert len([*wrong_counts([Entry(RESUBMITTED, DONE)], [])]) == 1
    assert len([*wrong_counts([Entry(RESUBMITTED, DONE)], [event, event])]) == 1


@pytest.mark.parametrize(
    ("events", "bulks", "wrong"),
    [
        ([CARRIED_OUT], [BULK], 0),
        ([], [], 1),
        ([], [BULK], 1),
        ([CARRIED_OUT, CARRIED_OUT], [BULK], 1),
        ([CARRIED_OUT], [BULK, replace(BULK, id=6, carried_out=0)], 1),
        ([CARRIED_OUT], [replace(BULK, done=False)], 1),
        ([CARRIED_OUT], [replace(BULK, waiting=1)], 1),
        ([CARRIED_OUT], [replace(BULK, done=False, undone=True)], 1),
    ],
)
def test_what_was_approved_together_is_there_once_and_carried_out_once(
    events: Sequence[Event], bulks: Sequence[Together], wrong: int
) -> None:
    assert len([*wrong_together([Entry(SENT, DONE)], events, bulks)]) == wrong


def test_what_was_undone_stays_undone() -> None:
    undo = Entry(Act("c1-4", "undo", "wang", "/bulks/5/undo"), DONE)
    undone = replace(BULK, undone=True, done=False, carried_out=0)
    assert [*wrong_together([Entry(SENT, DONE), undo], [], [undone])] == []
    assert len([*wrong_together([Entry(SENT, DONE), undo], [CARRIED_OUT], [BULK])]) == 1


def test_a_ledger_tells_what_was_sent_and_never_answered(tmp_path) -> None:
    ledger = Ledger(tmp_path / "1.ledger")
    ledger.sent(APPROVAL)
    ledger.sent(SENT)
    ledger.answered(APPROVAL, DONE)
    ledger.trouble("an error was shown")
    ledger.close()
    assert entries_in(tmp_path) == [Entry(APPROVAL, DONE), Entry(SENT, None)]
    assert troubles_in(tmp_path) == ["an error was shown"]
