"""The scripts of the web map's page: modules that are still whole when they are joined to one script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geo.assets import asset_path
from geo.outputs.web.mappage import write_map
from geo.outputs.web.scripts import ENTRY, FOLDER, SCRIPTS, classic, page_script, script_text
from tests.outputs.mapcase import embedded, twelve_areas, write_case

TYPES = Path(__file__).parents[1] / "page" / "types.d.ts"

pytestmark = pytest.mark.once  # texts


def declared(name: str) -> list[str]:
    """Names at the top level of a module: what stands there begins a line."""
    pattern = r"^(?:export )?(?:async )?(?:function\*?|class|const|let|var) +(\[[^]]*\]|\{[^}]*\}|[$\w]+)"
    found = re.findall(pattern, script_text(name), re.MULTILINE)
    return [one for text in found for one in re.findall(r"[$\w]+", text)]


def exported(name: str) -> set[str]:
    return set(re.findall(r"^export \w+ ([$\w]+)", script_text(name), re.MULTILINE))


def imported(name: str) -> list[tuple[str, str]]:
    """The modules that one imports from, with each name."""
    lines = re.findall(r'^import \{ (.+) \} from "\./(.+)";$', script_text(name), re.MULTILINE)
    return [(source, one) for names, source in lines for one in names.split(", ")]


def test_the_list_names_every_module_once() -> None:
    with asset_path("maps", f"{FOLDER}/{SCRIPTS[0]}") as first:
        assert sorted(SCRIPTS) == sorted(path.name for path in Path(first).parent.iterdir())


def test_a_module_stands_after_those_it_imports_from() -> None:
    pairs = [(name, source) for name in SCRIPTS for source, _ in imported(name)]
    assert len(pairs) > 40
    assert [pair for pair in pairs if pair[1] not in SCRIPTS[: SCRIPTS.index(pair[0])]] == []


def test_every_import_is_of_a_name_that_its_module_exports_and_is_used() -> None:
    for name in SCRIPTS:
        for source, one in imported(name):
            assert one in exported(source), f"{name}: {one} of {source}"
            assert (
                len(re.findall(rf"(?<![$\w]){re.escape(one)}(?![$\w])", classic(script_text(name), name))) > 0
            )


def test_no_two_modules_declare_the_same_name() -> None:
    names = [one for name in SCRIPTS for one in declared(name)]
    assert {"$", "Words", "showTip", "LEFT", "RIGHT", "MARKS"} <= set(names)
    assert sorted(one for one in names if names.count(one) > 1) == []


def test_nothing_is_used_that_another_module_declares_and_this_one_does_not_import() -> None:
    # Joined, such a use would work: in the tests of one module alone it would not.
    owner = {one: name for name in SCRIPTS for one in declared(name)}
    for name in SCRIPTS:
        code = re.sub(r"//.*|\"[^\"\n]*\"|'[^'\n]*'", "", classic(script_text(name), name))
        own = set(declared(name)) | {one for _, one in imported(name)}
        called = set(re.findall(r"(?<![.$\w])([$\w]+)\(", code)) & owner.keys()
        local = set(re.findall(r"^ +(?:const|let) ([$\w]+) =|^  ([$\w]+)\(.*\) \{$", code, re.MULTILINE))
        assert called - own - {one for pair in local for one in pair} == set(), name


def test_the_page_has_one_classic_script_with_one_global_name() -> None:
    script = page_script()
    assert re.findall(r"^\s*(?:import|export)\b.*", script, re.MULTILINE) == []
    assert re.findall(r"^(?:var|let|const|function|class) (\w+)", script.split("\n", 1)[0]) == [ENTRY]
    assert script.splitlines()[1] == '"use strict";'
    assert [one for name in SCRIPTS for one in declared(name) if one not in script] == []
    assert "@param" not in script
    assert "@type" not in re.sub(r"/\*\* @type .*?\*/", "", script)


@pytest.mark.parametrize(
    "line",
    [
        "export default 1;",
        "export { a };",
        "export { a } from './a.js';",
        "export * from './a.js';",
        "export let a = 1;",
        "export async function a() {}",
        "import './a.js';",
        "import a from './a.js';",
        'import * as a from "./a.js";',
        'import { a as b } from "./a.js";',
        'import { a } from "../a.js";',
        'import { a } from "a";',
        "import { a } from './a.js';",
        'import { a } from "./a.js"; f();',
        '  import { a } from "./a.js";',
        "const a = await import('./a.js');",
        "const a = import.meta.url;",
        "const a = `first",
        "const a = 'first\\",
    ],
)
def test_what_the_rule_does_not_know_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"a\.js: cannot be part of one script"):
        classic(f"const before = 1;\n{line}\nconst after = 2;\n", "a.js")


def test_only_comments_that_have_lines_to_themselves_are_left_out() -> None:
    source = """/* What it is. */

/**
 * @param {number} a - see import("./b.js")
 */
export function f(a) {
  // twice
  const b = /** @type {number} */ (a); // stays
  /** @type {number} */ (b).c = "// text";
  return 2 * b; /* stays
  too */
}
"""
    kept = """function f(a) {
  const b = /** @type {number} */ (a); // stays
  /** @type {number} */ (b).c = "// text";
  return 2 * b; /* stays
  too */
}
"""
    assert classic(source, "a.js") == kept


# ---- What the scripts are told -----------------------------------------------------------------------------


def described(name: str) -> dict[str, str]:
    """The fields of an interface in the description for the type checker."""
    body = re.search(rf"^interface {name} {{$(.*?)^}}$", TYPES.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert body
    return dict(re.findall(r"^  (\w+\??): (.+);$", body[1], re.MULTILINE))


@pytest.mark.skipif(not TYPES.exists(), reason="a source distribution has no tests of the scripts")
def test_the_types_describe_what_is_embedded(tmp_path: Path) -> None:
    data = embedded(write_case(tmp_path))
    assert set(data) == set(described("PageData"))
    columns = set(re.findall(r'"(\w+)"', re.split("type Columns", TYPES.read_text("utf-8"))[0]))
    assert set(data["columns"]) <= columns
    layers = described("Layer")
    needed = {field for field in layers if not field.endswith("?")}
    for layer in data["layers"]:
        assert needed <= set(layer) <= {field.rstrip("?") for field in layers}
        assert all(set(kind) == set(described("LayerClass")) for kind in layer["classes"])
        assert set(layer.get("circles", described("Circles"))) == set(described("Circles"))
        assert all(set(one) == set(described("AreaSet")) for one in layer["sets"])
    bare = embedded(write_map(twelve_areas()[["area_name", "rate", "geometry"]], tmp_path / "bare.html"))
    assert set(bare) == set(data)
