#!/usr/bin/env python3
"""Holds the table of settings in docs/configuration.md against `braid formats --json`.

    check_settings.py BRAID [--fix]
"""
import json
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "configuration.md"
BEGIN, END = "<!-- settings: begin -->\n", "<!-- settings: end -->\n"
BYTES = {"chunk_size", "block_size", "dictionary_size", "dictionary", "header_name",
         "header_comment", "header_extra"}


def number(name, value):
    """Whole binary multiples of sizes by their unit."""
    if name in BYTES:
        for shift, unit in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
            if value >= 1 << shift and value % (1 << shift) == 0:
                return f"{value >> shift} {unit}"
    return str(value)


def table(formats):
    """One row a setting, in the order of the formats; ranges that agree are written once."""
    ranges = {}
    for row in formats:
        for knob in row["settings"]:
            span = f"{number(knob['name'], knob['min'])} to {number(knob['name'], knob['max'])}"
            ranges.setdefault(knob["name"], {}).setdefault(span, []).append(row["name"])
    lines = ["| setting | formats: range |", "|---|---|"]
    for name, spans in sorted(ranges.items()):
        text = "; ".join(f"{', '.join(names)}: {span}" for span, names in spans.items())
        lines.append(f"| `{name}` | {text} |")
    lines += ["", "| format | levels | default |", "|---|---|---|"]
    for row in formats:
        level = row["levels"]
        lines.append(f"| {row['name']} | {level['min']} to {level['max']} | {level['default']} |")
    return "\n".join(lines) + "\n"


def main():
    printed = subprocess.run([sys.argv[1], "formats", "--json"], capture_output=True, check=True)
    formats = json.loads(printed.stdout)["formats"]
    if not all(row["built"] for row in formats):
        print("settings: not every format was built, nothing to compare")
        return 0
    page = PAGE.read_text()
    begin, end = page.index(BEGIN) + len(BEGIN), page.index(END)
    wanted = table(formats)
    if page[begin:end] == wanted:
        print("settings: the table is the program's")
        return 0
    if "--fix" in sys.argv:
        PAGE.write_text(page[:begin] + wanted + page[end:])
        return 0
    print("docs/configuration.md: the table of settings is not that of the program "
          "(scripts/check_settings.py BRAID --fix)")
    return 1


if __name__ == "__main__":
    sys.exit(main())
