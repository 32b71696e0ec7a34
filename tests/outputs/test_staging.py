"""Files put in place while other programs write, are killed, or have disks that cannot do much."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import geo.outputs.locks
import geo.outputs.staging
from geo.errors import OutputError
from geo.outputs.drafts import written_whole
from geo.outputs.locks import held, locked
from geo.outputs.staging import one_writer, put_all, staging_folder

pytestmark = pytest.mark.once  # what a system does with files and processes

ROOT = Path(__file__).parents[2]
NAMES = [f"{letter}.txt" for letter in "abcdefgh"]
# Puts a set of files whose content is the name of the writer, and says how it went by its exit status.
WRITER = """
    import sys
    from pathlib import Path
    from geo.errors import OutputError
    from geo.outputs.staging import put_all, staging_folder

    who, rounds, overwrite = sys.argv[2], int(sys.argv[3]), sys.argv[4] == "overwrite"
    for number in range(rounds):
        folder = Path(sys.argv[1]) / str(number)
        targets = [folder / f"{letter}.txt" for letter in "abcdefgh"]
        with staging_folder(folder) as staging:
            for target in targets:
                (staging / target.name).write_text(who)
            print("ready", flush=True)
            sys.stdin.readline()
            try:
                put_all(staging, targets, overwrite=overwrite)
                print("wrote", flush=True)
            except OutputError:
                print("refused", flush=True)
"""
# Makes a hidden folder and stays in it until it is told or killed.
HOLDER = """
    import sys, time
    from pathlib import Path
    from geo.outputs.staging import staging_folder
    with staging_folder(Path(sys.argv[1])) as staging:
        (staging / "half").write_text("half")
        print(staging, flush=True)
        sys.stdin.readline()
"""


def started(code: str, *arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def line(process: subprocess.Popen[str]) -> str:
    return process.stdout.readline().strip()


def go(process: subprocess.Popen[str]) -> None:
    process.stdin.write("go\n")
    process.stdin.flush()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def overtaken(target: Path) -> None:
    """Write a file while another program writes it too, and ends first."""
    with written_whole(target) as draft:
        draft.write_text("new")
        target.write_text("of another program")


@pytest.mark.parametrize("right", ["overwrite", "keep"])
def test_of_two_writers_the_whole_set_of_one_stands(tmp_path, right):
    rounds = 25
    for number in range(rounds):
        (tmp_path / str(number)).mkdir()
    pair = {who: started(WRITER, tmp_path, who, str(rounds), right) for who in ("one", "two")}
    for number in range(rounds):
        folder = tmp_path / str(number)
        assert {line(process) for process in pair.values()} == {"ready"}
        for process in pair.values():
            go(process)
        ended = {who: line(process) for who, process in pair.items()}
        (whose,) = {(folder / name).read_text() for name in NAMES}
        if right == "keep":
            assert sorted(ended.values()) == ["refused", "wrote"]
            assert ended[whose] == "wrote"
        else:
            assert set(ended.values()) == {"wrote"}
    for process in pair.values():
        process.communicate()
    assert {tuple(names(tmp_path / str(number))) for number in range(rounds)} == {tuple(NAMES)}


@pytest.mark.night
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked on Unix only")
def test_of_two_runs_at_once_the_whole_set_of_one_stands():
    script = ROOT / "scripts" / "race_writes.py"
    done = subprocess.run([sys.executable, script, "2"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("0 of 2 left a mixed or replaced set\n")


def test_what_a_killed_program_left_is_removed_but_not_what_a_running_one_uses(tmp_path):
    dead, alive = started(HOLDER, tmp_path), started(HOLDER, tmp_path)
    left, used = Path(line(dead)), Path(line(alive))
    (tmp_path / ".retorno-mine").mkdir()
    (tmp_path / ".retorno-mine" / "notes.txt").write_text("of a person")
    dead.kill()
    dead.communicate()
    assert left.is_dir()
    with written_whole(tmp_path / "a.txt") as draft:
        draft.write_text("a")
    assert not left.exists()
    assert (used / "half").read_text() == "half"
    assert names(tmp_path) == sorted([".retorno-mine", used.name, "a.txt"])
    alive.communicate("go\n")
    assert names(tmp_path) == [".retorno-mine", "a.txt"]


def test_a_lock_dies_with_its_program_and_is_no_blockade(tmp_path):
    lock = tmp_path / "lock"
    code = "import sys, time; from pathlib import Path; from geo.outputs.locks import locked\n"
    code += "with locked(Path(sys.argv[1])): print('held', flush=True); sys.stdin.readline()"
    holder = started(code, lock)
    assert line(holder) == "held"
    with pytest.raises(BlockingIOError), locked(lock):
        pass
    holder.kill()
    holder.communicate()
    assert lock.exists()
    with locked(lock) as known:
        assert known
    assert names(tmp_path) == []


def test_who_waits_too_long_for_a_turn_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setattr(geo.outputs.staging, "WAIT", 0.1)
    with (
        one_writer(tmp_path),
        pytest.raises(OutputError, match=r"one run at a time.*repeat"),
        one_writer(tmp_path),
    ):
        pass
    assert names(tmp_path) == []


def test_a_turn_is_waited_for(tmp_path):
    code = """
        import sys, time
        from pathlib import Path
        from geo.outputs.staging import one_writer
        with one_writer(Path(sys.argv[1])):
            print("held", flush=True)
            time.sleep(0.3)
            Path(sys.argv[1], "first.txt").touch()
    """
    holder = started(code, tmp_path)
    assert line(holder) == "held"
    with one_writer(tmp_path) as known:
        assert known
        assert (tmp_path / "first.txt").exists()
    holder.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="how Unix says that a disk has no locks")
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_disk_without_locks_is_written_to_all_the_same(tmp_path, monkeypatch, number):
    import fcntl

    def refuse(*_):
        raise OSError(number, os.strerror(number))

    left = tmp_path / ".retorno-left"
    left.mkdir()
    (left / ".alive").touch()
    monkeypatch.setattr(fcntl, "flock", refuse)
    with written_whole(tmp_path / "a.txt") as draft:
        draft.write_text("a")
    # Nobody can tell whether that one is in use.
    assert names(tmp_path) == [".retorno-left", "a.txt"]
    assert held(left / ".alive")


def test_a_disk_without_second_names_keeps_what_is_there(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(OutputError, match="never replaced"):
        overtaken(tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text() == "of another program"
    with written_whole(tmp_path / "a.txt", overwrite=True) as draft:
        draft.write_text("new")
    with written_whole(tmp_path / "b.txt") as draft:
        draft.write_text("b")
    assert names(tmp_path) == ["a.txt", "b.txt"]


def test_a_file_that_comes_into_being_meanwhile_is_not_replaced(tmp_path):
    with pytest.raises(OutputError, match="never replaced"):
        overtaken(tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text() == "of another program"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("overwrite", [True, False])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_move_that_is_interrupted_is_undone(tmp_path, monkeypatch, overwrite, after):
    targets = [tmp_path / "figures" / name for name in NAMES[:3]] + [tmp_path / name for name in NAMES[3:]]
    if overwrite:
        (tmp_path / "figures").mkdir()
        for target in targets:
            target.write_text("old")
    usual, moved = geo.outputs.staging.put, []

    def put(draft, target, *, overwrite):
        moved.append(target)
        if len(moved) == 5 and not after:
            raise KeyboardInterrupt
        usual(draft, target, overwrite=overwrite)
        if len(moved) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(geo.outputs.staging, "put", put)
    with staging_folder(tmp_path) as staging:
        for target in targets:
            (staging / target.name).write_text("new")
        with pytest.raises(KeyboardInterrupt):
            put_all(staging, targets, overwrite=overwrite)
    there = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.read_text() for path in there} == ({"old"} if overwrite else set())
    assert sorted(there) == (sorted(targets) if overwrite else [])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends programs without a word to them")
@pytest.mark.parametrize("name", ["SIGTERM", pytest.param("SIGHUP", marks=pytest.mark.night)])
def test_a_command_that_is_told_to_stop_clears_away_what_it_was_writing(tmp_path, name):
    out = tmp_path / "out"
    code = """
        import sys, time
        import geo.outputs.writing as output
        from geo.cli import main
        def slow(result, paths, *_):
            paths["map"].write_text("half")
            print("writing", flush=True)
            time.sleep(60)
        output._write = slow
        arguments = ["run", "--boundaries", "schematic", "--region", "Arica", "--permutations", "99"]
        sys.exit(main([*arguments, "--imputations", "0", "--lang", "en", "--out", sys.argv[1]]))
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(out)]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert run.stdout.readline() == "writing\n"
    number = getattr(signal, name)
    run.send_signal(number)
    _, said = run.communicate(timeout=60)
    assert (run.returncode, said) == (128 + number, "retorno: stopped; nothing was half-written\n")
    assert names(out) == []
