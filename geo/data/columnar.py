"""Tables that come as typed columns: Parquet files and the attributes of vector layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path

from geo.data.cells import Cell, Rows, Sheet, find_sheet
from geo.errors import TableError


def read_parquet(path: Path) -> Iterator[Sheet]:
    """Read a Parquet file; pyarrow is an extra."""
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError as error:
        raise TableError(
            "Parquet needs pyarrow", path.name, "pip install 'retorno[parquet]', or export the table as CSV"
        ) from error
    try:
        table = parquet.read_table(path)
        columns = {name: table.column(i).to_pylist() for i, name in enumerate(table.column_names)}
    except Exception as error:  # pyarrow raises its own and Python's, by the kind of damage
        raise _broken(error, path) from error
    yield _sheet(list(columns), list(columns.values()), name=None)


def read_layers(path: Path, layer: str | None) -> Iterator[Sheet]:
    """Read the attribute tables of a vector file, geometry left aside."""
    from geo.files.vector import opened

    with opened(path, error=TableError, crs=True) as readable:
        sheets = list(_layers_of(readable, path, layer))
    yield from sheets


def _layers_of(readable: Path, path: Path, layer: str | None) -> Iterator[Sheet]:
    import pyogrio

    from geo.files.vector import check_driver

    try:
        names = [str(name) for name in pyogrio.list_layers(readable)[:, 0]]
    except Exception as error:
        raise _broken(error, path) from error
    chosen = None if layer is None else find_sheet(layer, names)
    if layer is not None and chosen is None:
        shown = ", ".join(map(repr, names))
        raise TableError(f"a layer is one of {shown}", repr(layer), "name it with --sheet")
    for name in [chosen] if chosen is not None else names:
        try:
            check_driver(pyogrio.read_info(readable, layer=name), path.name, TableError)
            frame = pyogrio.read_dataframe(readable, layer=name, read_geometry=False)
        except TableError:
            raise
        except Exception as error:
            raise _broken(error, path) from error
        columns = [frame.iloc[:, i].tolist() for i in range(frame.shape[1])]
        yield _sheet([str(c) for c in frame.columns], columns, name=name if len(names) > 1 else None)


def _sheet(header: list[str], columns: Sequence[Sequence[object]], *, name: str | None) -> Sheet:
    """Lay columns out as rows; records are numbered from 1, as attribute tables show them."""
    titles: list[Cell] = [title.strip() for title in header]
    rows: Rows = [titles, *([_cell(value) for value in record] for record in zip(*columns, strict=True))]
    return Sheet(rows=rows, numbers=list(range(len(rows))), name=name)


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value.strip()
    if value is None or str(value) in ("<NA>", "NaT", "nan"):
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (int, float, date)):
        return value
    return value.decode("utf-8", errors="replace").strip() if isinstance(value, bytes) else str(value).strip()


def _broken(error: Exception, path: Path) -> TableError:
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return TableError("a table must open", f"{path.name}: {reason}", "check the file, or export it as CSV")
