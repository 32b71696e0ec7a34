from __future__ import annotations

import threading

import pytest

from geo.stats.engine.parallel import blocks, side_by_side


def test_results_come_in_the_order_of_the_tasks_whoever_ends_first() -> None:
    second_is_done = threading.Event()

    def first() -> str:
        assert second_is_done.wait(10)
        return "first"

    def second() -> str:
        second_is_done.set()
        return "second"

    assert side_by_side([first, second]) == ["first", "second"]
    assert side_by_side([]) == []


def test_what_goes_wrong_in_a_task_is_not_lost() -> None:
    def fail() -> None:
        raise ValueError("lost")

    with pytest.raises(ValueError, match="lost"):
        side_by_side([lambda: None, fail])


def test_where_one_task_fails_nobody_waits_for_those_after_it() -> None:
    failing, ended = threading.Event(), []

    def long() -> None:
        failing.wait(10)
        for _ in blocks(10_000, 1):
            threading.Event().wait(0.01)
        ended.append("long")

    def fail() -> None:
        failing.set()
        raise ValueError("first")

    for tasks in ([fail, long, long], [lambda: side_by_side([fail, long]), long]):
        failing.clear()
        with pytest.raises(ValueError, match="first"):
            side_by_side(tasks)
    assert ended == []
    # Nothing of that is left: what comes after is done.
    assert side_by_side([lambda: list(blocks(3, 1)), lambda: list(blocks(2, 1))]) == [[0, 1, 2], [0, 1]]
