"""What a terminal is sent: in its encoding, where it takes nothing more, and whatever stands in the files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from geo.cli import main, terminal
from geo.controls import without_controls

pytestmark = pytest.mark.once  # what a system does with streams and processes

FULL = Path("/dev/full")
RUN = ["run", "--boundaries", "schematic", "--permutations", "99", "--imputations", "0"]
posix = pytest.mark.skipif(sys.platform == "win32", reason="streams are closed by a POSIX shell")
full = pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")


def shell(command: str, *arguments: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell in which "$@" is the command with its arguments."""
    call: Sequence[str] = ["bash", "-c", command, "-", sys.executable, "-m", "geo", *arguments]
    return subprocess.run(call, capture_output=True, check=False, env=os.environ | env)


@posix
@pytest.mark.parametrize(
    ("encoding", "lang"),
    [*((encoding, "es") for encoding in ("cp1252", "cp850", "ascii")), ("ascii", "en")],
)
def test_any_encoding_takes_what_a_command_says(encoding: str, lang: str) -> None:
    done = shell('"$@"', "boundaries", "list", "--lang", lang, PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert done.stderr == b""
    said = done.stdout.decode(encoding)
    assert ("División" if encoding != "ascii" else "Divisi?n") in said
    assert "\\u" not in said


@posix
@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_help_and_errors_are_told_in_any_encoding(encoding: str) -> None:
    assert shell('"$@"', "--help", PYTHONIOENCODING=encoding).returncode == 0
    wrong = shell('"$@"', "run", "--lang", "ñandú−", PYTHONIOENCODING=encoding)
    assert (wrong.returncode, wrong.stderr.count(b"\n")) == (2, 1)
    assert b"-'" in wrong.stderr
    missing = shell('"$@"', "check", "año−1.csv", PYTHONIOENCODING=encoding)
    assert missing.returncode == 1
    assert {"cp1252": "año-1.csv", "ascii": "a?o-1.csv"}[encoding] in missing.stderr.decode(encoding)


def test_signs_that_an_encoding_lacks_have_plain_equivalents_and_letters_have_none() -> None:
    assert terminal.told_in("Ñuñoa − 5 … “x” ≤ 3 km²", "cp1252") == "Ñuñoa - 5 … “x” <= 3 km²"
    assert terminal.told_in("Ñuñoa − 5 … “x” ≤ 3 km²", "ascii") == '?u?oa - 5 ... "x" <= 3 km2'
    assert terminal.told_in("Ñuñoa −", "no such encoding") == "?u?oa -"


@posix
@full
@pytest.mark.parametrize("arguments", [["--help"], ["boundaries", "list"]])
def test_a_full_device_is_said_in_one_line(arguments: list[str]) -> None:
    done = shell('"$@" > /dev/full', *arguments)
    assert done.returncode == 1
    assert b"No space left on device" in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert shell('"$@" > /dev/full 2>&1', *arguments).returncode == 1


@posix
@full
def test_a_run_that_cannot_be_told_says_that_its_files_stand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    with FULL.open("w") as device:
        monkeypatch.setattr("sys.stdout", device)
        assert main([*RUN, "--region", "15", "--out", str(out)]) == 1
    said = capsys.readouterr().err
    assert f"the files are written, see {out}" in said
    assert said.count("\n") == 1
    assert len(list(out.glob("*manifest.json"))) == 1


@posix
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_nobody_to_be_told(closed: str) -> None:
    told = [(["boundaries", "list"], 0)]
    if closed == ">&- 2>&-":
        told += [(["--help"], 0), (["check", "no.csv"], 1), (["x"], 2)]
    for arguments, status in told:
        done = shell(f'"$@" {closed}', *arguments)
        assert done.returncode == status
        assert b"Traceback" not in done.stderr
        assert b"Exception" not in done.stderr


@posix
@pytest.mark.parametrize("arguments", [["boundaries", "list"], ["run", "--help"]])
def test_a_reader_that_goes_early_is_no_fault(arguments: list[str]) -> None:
    for reader in ("head -1 > /dev/null", "true"):
        done = shell(f'set -o pipefail; (sleep 0.3; "$@") | {reader}', *arguments)
        assert (done.returncode, done.stderr) == (0, b"")


def test_what_is_told_commands_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "x\x1b]0;title\x07\x9b31m\u202e\b\rretorno: all is well\n.csv"
    assert main(["check", name]) == 1
    with pytest.raises(SystemExit):
        main(["run", "--lang", name])
    said = capsys.readouterr()
    assert said.err.count("\n") == 2
    assert said.err.replace("\n", "").isprintable()
    stream = TextIOWrapper(BytesIO(), encoding="utf-8", newline="")
    monkeypatch.setattr("sys.stdout", stream)
    terminal.say("a\x1b[2J\tb\r\nc\udce9\x00")
    stream.seek(0)
    assert stream.read() == "a[2J\tb\nc\ufffd\n"


def test_letters_without_command_stay_as_they_are() -> None:
    for text in ("Ñuñoa", "O’Higgins", "القاهرة", "தமிழ்\u200dநாடு", "🏴\U000e0067\U000e007f", "e\u0301"):
        assert without_controls(text) == text
