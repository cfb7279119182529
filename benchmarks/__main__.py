"""`python -m benchmarks [NAME …]`: the measurements one after the other, as lines of JSON and then as a table.

Without names: commands, imports, rebuild on a ledger of 1,000,000 events, and sealing. `one_more` takes ten million and is run by
itself (`python -m benchmarks.one_more`).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from benchmarks import commands, imports, rebuild, sealing
from benchmarks.machine import told

_MEASUREMENTS: dict[str, Callable[[], None]] = {
    "commands": commands.main,
    "imports": lambda: imports.main([]),
    "rebuild": lambda: rebuild.main([]),
    "sealing": sealing.main,
}
_PER_SECOND = "_per_second"


def table(measured: list[dict[str, object]]) -> str:
    """The measurements in Markdown: ours, the other side, their ratio and the bar, where there is one."""
    lines = ["| what | ours | other side | ratio of medians | bar |", "|---|---|---|---|---|"]
    for one in measured:
        rates = [f"{value:,} {name.removesuffix(_PER_SECOND).replace('_', ' ')}/s" for name, value in _rates(one)]
        ours, other = [*rates, "", ""][:2]
        cells = (one["benchmark"], ours, other, one.get("ratio_of_medians", ""), one.get("bar", ""))
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _rates(one: dict[str, object]) -> list[tuple[str, int]]:
    return [(name, value) for name, value in one.items() if name.endswith(_PER_SECOND) and isinstance(value, int)]


def main(arguments: list[str] | None = None) -> None:
    """Run the measurements of these names, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Both sides of each ratio, in one run.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(_MEASUREMENTS))
    names = parser.parse_args(arguments).names or list(_MEASUREMENTS)
    unknown = [name for name in names if name not in _MEASUREMENTS]
    if unknown:
        parser.error(f"no measurement is called {', '.join(unknown)}")
    told.clear()
    for name in names:
        _MEASUREMENTS[name]()
    sys.stdout.write("\n" + table(told))


if __name__ == "__main__":
    main()
