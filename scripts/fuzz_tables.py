"""Mutate valid tables and read every one: only an error of this package or a balanced account may come out.

    python scripts/fuzz_tables.py [COUNT] [SEED]

Each mutant is read, joined to the schematic map and audited. It is not part of the tests: 10,000 mutants
take some minutes. What fails is written to ``fuzz-failures/`` with its seed and the process exits 1.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from pathlib import Path

import pandas as pd
import xlsxwriter

import geo
from geo.boundaries.layer import schematic_boundaries
from geo.data.audit import audit_table

DATA = Path(__file__).parents[1] / "data"
ODD = (
    *(
        "",
        "..",
        "s/i",
        "*",
        "-",
        "–",
        "<5",
        "<0",
        "≤ 3",
        "1-4",
        "4-1",
        "1.234",
        "1,234",
        "12.000",
        "0.125",
        "12,5",
    ),
    *(
        "1 234",
        "1e5",
        "1e999",
        "inf",
        "nan",
        "-3",
        "9223372036854775808",
        "9" * 30,
        "83*",
        "(3)",
        "50%",
        "#¡REF!",
    ),
    *(
        "Total",
        "Gran total",
        "Chile",
        "Chile Chico",
        "Fuente: x",
        "Arica",
        "ARICA (1)",
        "P.A.C.",
        "Región de Ñuble",
    ),
    *(
        "5101",
        "05101",
        "08401",
        "16101",
        "10501",
        "0",
        "99999",
        "1101.0",
        "5.101",
        "Comuna",
        "Egresos 2015",
        "2016",
    ),
    *(
        '"',
        '""',
        "'",
        ";",
        ",",
        "\t",
        "\n",
        "\r",
        "\u2028",
        "\x0c",
        "\x00",
        "\ufeff",
        "ñ",
        "\x85",
        "a" * 1000,
    ),
)
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "latin-1")


def main(count: int = 10_000, seed: int = 0) -> int:
    """Run the mutants; give the exit status."""
    areas = schematic_boundaries().areas
    seeds, outcomes, failed = tables(), Counter[str](), 0
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            chance = random.Random(f"{seed}/{number}")
            name, content = chance.choice(seeds)
            path = Path(folder) / f"table{Path(name).suffix}"
            mutant = mutated(chance, name, content)
            path.write_bytes(mutant)
            try:
                outcomes[outcome(path, areas, options(chance))] += 1
            except Exception:
                failed += 1
                keep(mutant, f"{seed}-{number}-{name}", traceback.format_exc())
    for what, times in outcomes.most_common():
        print(f"{times:6d}  {what}")
    print(f"{count} mutants (seed {seed}) in {time.monotonic() - begun:.0f} s: {failed} failed")
    return 1 if failed else 0


def outcome(path: Path, areas: pd.DataFrame, given: dict[str, object]) -> str:
    """Read, join and audit one table; say what came of it."""
    try:
        table = geo.read_table(path, **given)  # type: ignore[arg-type]
    except geo.GeoError as error:
        return f"refused: {error.rule[:60]}"
    audit_table(table)
    try:
        joined = geo.join(table, areas)
    except geo.GeoError as error:
        return f"not joined: {error.rule[:60]}"
    account = joined.accounting
    assert account.balanced, account
    assert joined.frame["low"].sum() == account.releases_placed
    assert len(table.rows) + len(table.listed) == account.rows_read
    return "read and balanced"


def options(chance: random.Random) -> dict[str, object]:
    """Draw options, mostly none."""
    given: dict[str, object] = {}
    if chance.random() < 0.2:
        given["year"] = chance.choice([2015, 2016])
    if chance.random() < 0.1:
        given["decimal"] = chance.choice([",", "."])
    if chance.random() < 0.05:
        given["need"] = "population"
    if chance.random() < 0.05:
        given["columns"] = {
            chance.choice(["releases", "name", "rate"]): chance.choice(["#2", "-", "Egresos", "#9"])
        }
    return given


def tables() -> list[tuple[str, bytes]]:
    """Make the valid tables that are mutated."""
    study = pd.read_csv(DATA / "releases_2016.csv", dtype=str, keep_default_na=False)
    rows = study[["cut", "name_printed", "releases", "population_published", "rate_published"]]
    header = ["Código", "Comuna", "Egresos 2016", "Población", "Tasa"]
    body = [header, *rows.values.tolist(), ["", "Total", "5000", "", ""], ["", "Fuente: estudio", "", "", ""]]
    semicolons = "\n".join(";".join(row) for row in [["Egresos por comuna", "", "", "", ""], *body])
    commas = "\n".join(",".join(row) for row in body)
    years = "Comuna\tEgresos\t\n\t2015\t2016\nArica\t393\t<5\nIquique\t1-4\t..\nChile Chico\t1.234\t12\n"
    return [
        ("study.csv", semicolons.encode()),
        ("study.csv", commas.encode()),
        ("years.tsv", years.encode()),
        ("study.xlsx", excel({"Notas": [["Fuente"]], "Datos": body})),
        (
            "years.xlsx",
            excel({str(y): [["Comuna", "Egresos"], ["Arica", y], ["Iquique", "<5"]] for y in (2015, 2016)}),
        ),
        ("study.geojson", layer(rows.values.tolist())),
    ]


def excel(sheets: dict[str, list[list[object]]]) -> bytes:
    """Write sheets, numbers as numbers."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return buffer.getvalue()


def layer(rows: list[list[str]]) -> bytes:
    """Write rows as features without a shape."""
    features = ",\n".join(
        f'{{"type": "Feature", "geometry": null, "properties": {{"cut": "{code}", "comuna": "{name}", '
        f'"egresos": {count or "null"}, "poblacion": "{people}"}}}}'
        for code, name, count, people, _ in rows
    )
    return f'{{"type": "FeatureCollection", "features": [\n{features}\n]}}'.encode()


def mutated(chance: random.Random, name: str, content: bytes) -> bytes:
    """Change a table in one to four places."""
    for _ in range(chance.randint(1, 4)):
        if name.endswith(".xlsx") and chance.random() < 0.8:
            content = within_archive(chance, content)
        elif chance.random() < 0.7:
            content = as_text(chance, content)
        else:
            content = as_bytes(chance, content)
    return content


def within_archive(chance: random.Random, content: bytes) -> bytes:
    """Change one member of a workbook, so that it still unpacks."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {member: archive.read(member) for member in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, zipfile.zlib.error):
        return content
    chosen = chance.choice(sorted(members))
    members[chosen] = chance.choice([as_text, as_bytes])(chance, members[chosen])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member, raw in members.items():
            archive.writestr(member, raw)
    return buffer.getvalue()


def as_text(chance: random.Random, content: bytes) -> bytes:
    """Change cells, lines or the encoding."""
    text = content.decode("utf-8", errors="surrogateescape")
    lines = text.split("\n")
    place = chance.randrange(len(lines))
    kind = chance.randrange(7)
    if kind == 0:
        lines.insert(chance.randrange(len(lines) + 1), lines[place])
    elif kind == 1:
        del lines[place]
    elif kind == 2:
        lines[place] = chance.choice(ODD)
    elif kind == 3:
        mark = chance.choice(";,\t")
        return "\n".join(line.replace(chance.choice(";,\t"), mark) for line in lines).encode(
            "utf-8", "surrogateescape"
        )
    elif kind == 4 and chance.random() < 0.5:
        return text.encode(chance.choice(ENCODINGS), errors="replace")
    else:
        mark = max(";,\t>", key=lines[place].count)
        cells = lines[place].split(mark)
        cells[chance.randrange(len(cells))] = chance.choice(ODD)
        lines[place] = mark.join(cells)
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def as_bytes(chance: random.Random, content: bytes) -> bytes:
    """Flip, cut, repeat or insert bytes."""
    if not content:
        return b"\x00"
    start = chance.randrange(len(content))
    end = min(len(content), start + chance.choice([1, 2, 7, 100]))
    kind = chance.randrange(4)
    if kind == 0:
        return content[:start] + bytes(chance.randrange(256) for _ in range(end - start)) + content[end:]
    if kind == 1:
        return content[:start] + content[end:]
    if kind == 2:
        return content[:end] + content[start:]
    return content[:start] + chance.choice(ODD).encode("utf-8") + content[start:]


def keep(mutant: bytes, name: str, reason: str) -> None:
    """Write a failure where a person finds it."""
    folder = Path("fuzz-failures")
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(mutant)
    (folder / f"{name}.txt").write_text(reason, encoding="utf-8")
    print(f"failed: {folder / name}: {reason.strip().splitlines()[-1]}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
