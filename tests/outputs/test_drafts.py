import errno
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from geo.errors import OutputError
from geo.outputs.drafts import open_elsewhere, written_at, written_whole

pytestmark = pytest.mark.once  # what a system does with files


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_appears_whole_and_alone(tmp_path):
    with written_whole(tmp_path / "a.json") as draft:
        draft.write_text("{}")
        draft.with_name("a.json-journal").write_text("left over")
        assert "a.json" not in names(tmp_path)
    assert names(tmp_path) == ["a.json"]


def test_an_existing_file_is_kept_unless_told(tmp_path):
    target = tmp_path / "a.json"
    target.write_text("old")
    with pytest.raises(OutputError, match=r"a\.json.*overwrite"), written_whole(target):
        pass
    assert target.read_text() == "old"
    with written_whole(target, overwrite=True) as draft:
        draft.write_text("new")
    assert target.read_text() == "new"


@pytest.mark.parametrize("fault", [ValueError("no"), KeyboardInterrupt()], ids=["error", "interrupt"])
def test_a_failure_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path, fault):
    target = tmp_path / "a.json"
    target.write_text("old")

    def write():
        with written_whole(target, overwrite=True) as draft:
            draft.write_text("half")
            raise fault

    with pytest.raises(type(fault)):
        write()
    assert names(tmp_path) == ["a.json"]
    assert target.read_text() == "old"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES])
def test_what_the_disk_refuses_is_said_with_a_remedy(tmp_path, number):
    with pytest.raises(OutputError) as caught, written_whole(tmp_path / "a.json"):
        raise OSError(number, os.strerror(number))
    assert os.strerror(number) in caught.value.received
    assert caught.value.remedy
    assert names(tmp_path) == []


def test_a_fault_that_has_nothing_to_do_with_the_place_is_not_disguised(tmp_path):
    with pytest.raises(FileNotFoundError), written_whole(tmp_path / "a.json"):
        (tmp_path / "absent").read_text()


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with (
        pytest.raises(OutputError, match="create the folder first"),
        written_whole(tmp_path / "no" / "a.json"),
    ):
        pass


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(OutputError, match="add a file name"), written_whole(tmp_path, overwrite=True):
        pass


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights of users are a matter of Unix")
def test_a_read_only_folder_is_named():
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o555)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)  # root may write anywhere
        try:
            with pytest.raises(OutputError, match="may write"), written_whole(Path(place) / "a.json"):
                pass
        finally:
            if root:
                os.seteuid(0)
            Path(place).chmod(0o755)


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    with written_whole(tmp_path / "link.json", overwrite=True) as draft:
        draft.write_text("new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_text() == "new"


def test_the_date_of_outputs_is_fixed_or_the_one_asked_for(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert written_at() == written_at()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1480000000")
    assert written_at() == datetime(2016, 11, 24, 15, 6, 40, tzinfo=UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(OutputError, match="yesterday"):
        written_at()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell who has a file open")
def test_a_file_is_open_where_somebody_keeps_it_open_not_where_somebody_glances_at_it(tmp_path, monkeypatch):
    file = tmp_path / "a.gpkg"
    file.write_text("whole")
    glance = file.open("rb")
    with monkeypatch.context() as patch:
        patch.setattr("geo.outputs.drafts.time.sleep", lambda seconds: seconds and glance.close())
        assert not open_elsewhere(file)
    assert glance.closed
    with file.open("rb"):
        assert open_elsewhere(file)
    assert not open_elsewhere(file)
