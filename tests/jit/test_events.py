"""The log of events: a file that cannot be written ends the log, not the program."""

from pathlib import Path

import pytest

from fluentai_jit.jit.events import KEPT_EVENTS, EventLog


def test_a_full_disk_ends_the_file_only() -> None:
    log = EventLog(Path("/dev/full"))
    with pytest.warns(UserWarning, match="the log of events ends here: No space left"):
        log.add("hot", function="f")
    log.add("compile", function="f")
    log.close()
    assert [row["event"] for row in log.events] == ["hot", "compile"]


def test_events_are_lines_of_json(tmp_path: Path) -> None:
    path = tmp_path / "events"
    log = EventLog(path)
    log.add("hot", function="f")
    log.close()
    (line,) = path.read_text().splitlines()
    assert '"event": "hot"' in line


def test_the_last_events_are_kept_and_all_are_written(tmp_path: Path) -> None:
    path = tmp_path / "events"
    log = EventLog(path)
    for number in range(KEPT_EVENTS + 5):
        log.add("hot", number=number)
    log.close()
    assert len(log.events) == KEPT_EVENTS
    assert (log.events[0]["number"], log.events[-1]["number"]) == (5, KEPT_EVENTS + 4)
    assert len(path.read_text().splitlines()) == KEPT_EVENTS + 5
