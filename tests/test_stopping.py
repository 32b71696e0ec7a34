"""Signals to stop: heard once, told again where a library drops them, and never in the way of clearing up."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from geo.cli import main, stopping
from geo.cli.stopping import Stopped, stoppable
from geo.stats.engine.parallel import blocks, side_by_side

pytestmark = [
    pytest.mark.once,  # what a system does with processes
    pytest.mark.skipif(sys.platform == "win32", reason="Windows ends programs without a word to them"),
]
SIGNALS = ["SIGTERM", "SIGHUP", "SIGINT"]


@pytest.fixture(autouse=True)
def usual(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Remind soon, and see that everything is afterwards as it was."""
    monkeypatch.setattr(stopping, "AGAIN", 0.05)
    numbers = [getattr(signal, name) for name in (*SIGNALS, "SIGALRM")]
    # Whoever started the tests may ignore some.
    ours = {n: signal.default_int_handler if n == signal.SIGINT else signal.SIG_DFL for n in numbers}
    before = {n: signal.signal(n, how) for n, how in ours.items()}
    yield
    after = {n: signal.signal(n, how) for n, how in before.items()}
    assert after == ours
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def busy(seconds: float) -> None:
    """Work on, as a loop in Python does that nothing disturbs."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


def dropped(number: int) -> None:
    """Be told to stop while code runs that drops every exception."""
    with suppress(BaseException):
        signal.raise_signal(number)


def status_of(work: Callable[[], None]) -> int:
    """Do work that is stopped, and give the exit status."""

    def run() -> None:
        with stoppable():
            work()

    with pytest.raises(Stopped) as stopped:
        run()
    return stopped.value.status


@pytest.mark.parametrize("name", SIGNALS)
def test_a_signal_that_a_library_drops_is_told_again(name: str) -> None:
    number = getattr(signal, name)

    def work() -> None:
        dropped(number)
        busy(5)
        pytest.fail("nobody was told again")

    assert status_of(work) == 128 + number


def test_a_second_signal_is_heard_where_the_first_was_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "AGAIN", 60.0)

    def work() -> None:
        dropped(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
        pytest.fail("the second was ignored")

    assert status_of(work) == 128 + signal.SIGTERM


def test_an_error_that_comes_of_a_dropped_signal_is_none() -> None:
    def half() -> None:
        raise ImportError("half a library")

    def work() -> None:
        dropped(signal.SIGTERM)
        half()

    assert status_of(work) == 128 + signal.SIGTERM
    with pytest.raises(ImportError), stoppable():
        half()


@pytest.mark.parametrize("within", ["finally", "except", "nested"])
def test_nothing_disturbs_what_clears_up(within: str) -> None:
    cleared = []

    def clear() -> None:
        signal.raise_signal(signal.SIGTERM)
        busy(0.2)  # the reminder comes four times
        cleared.append(within)

    def work() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        except BaseException:
            if within == "except":
                clear()
            if within == "nested":
                try:
                    raise OSError("a file that has gone")
                except OSError:
                    clear()
            raise
        finally:
            if within == "finally":
                clear()

    assert status_of(work) == 128 + signal.SIGTERM
    assert cleared == [within]


def test_work_on_other_cores_ends_with_its_block() -> None:
    """Of tasks at work, of those that wait, and of tasks within tasks."""
    begun, ended = [], []

    def long() -> None:
        if not begun:
            begun.append(threading.get_ident())
            os.kill(os.getpid(), signal.SIGTERM)
        for _ in blocks(1000, 1):
            time.sleep(0.01)
        ended.append(threading.get_ident())

    def several() -> None:
        side_by_side([long] * 4)

    def work() -> None:
        side_by_side([several] * 8)

    assert status_of(work) == 128 + signal.SIGTERM
    assert begun
    assert ended == []


def test_who_goes_on_asking_is_not_left_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "PATIENCE", 0.1)
    cleared = []

    def work() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            busy(0.3)  # reminders do not disturb it, however long it takes
            cleared.append("slowly")
            signal.raise_signal(signal.SIGINT)
            cleared.append("not reached")

    assert status_of(work) == 128 + signal.SIGINT
    assert cleared == ["slowly"]


def test_patience_is_counted_from_when_the_clearing_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "PATIENCE", 0.5)
    monkeypatch.setattr(stopping, "AGAIN", 60.0)
    cleared = []

    def work() -> None:
        dropped(signal.SIGTERM)
        busy(0.6)
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGTERM)
            cleared.append("whole")

    assert status_of(work) == 128 + signal.SIGTERM
    assert cleared == ["whole"]


def test_a_signal_as_the_work_ends_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is stopped and handlers are given back also where one comes in between."""
    usual = signal.setitimer

    def set_late(*given: float) -> object:
        done = usual(*given)
        signal.raise_signal(signal.SIGTERM)
        return done

    monkeypatch.setattr("geo.cli.stopping.signal.setitimer", set_late)
    with stoppable():
        pass


@pytest.mark.parametrize("name", SIGNALS)
def test_signals_that_somebody_ignores_stay_ignored(name: str) -> None:
    number = getattr(signal, name)
    usual = signal.signal(number, signal.SIG_IGN)
    try:
        with stoppable():
            signal.raise_signal(number)
    finally:
        signal.signal(number, usual)


@pytest.mark.parametrize(
    ("raised", "status", "said"),
    [
        (KeyboardInterrupt(), 130, "interrupted; nothing was half-written"),
        (Stopped(signal.SIGINT), 130, "interrupted; nothing was half-written"),
        (Stopped(signal.SIGTERM), 143, "stopped; nothing was half-written"),
        (MemoryError("9 TiB"), 1, "a run fits into memory; received 9 TiB; ask for less"),
        (OSError("no cache"), 1, "a run needs files and folders of its system; received no cache"),
    ],
    ids=["interrupt", "SIGINT", "SIGTERM", "memory", "system"],
)
def test_whatever_ends_a_command_is_one_line_and_a_status(
    raised: BaseException,
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr("geo.job.run", fail)
    assert main(["run", "--lang", "en"]) == status
    told = capsys.readouterr().err
    assert told.startswith(f"retorno: {said}")
    assert told.count("\n") == 1
