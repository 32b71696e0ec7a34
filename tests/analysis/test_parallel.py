from __future__ import annotations

import threading

import pytest

from geo.analysis.parallel import side_by_side


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
