#!/usr/bin/env python3
"""Holds the C++ blocks of the documentation against the examples they are taken from.

A block in a page stands behind a line `<!-- snippet: examples/08_thread_pool.cpp collect -->` and
is the text between `// snippet: collect` and the next `// snippet: end` of that program, which is
compiled and run as a test. Pages listed in WHOLE may have no other C++ block. `--fix` writes the
examples' text into the pages.
"""
import re
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WHOLE = {"README.md", "docs/threading.md"}
MARK = re.compile(r"<!-- snippet: (\S+) (\S+) -->\n```cpp\n(.*?)```", re.S)


def snippet(example, name):
    source = (ROOT / example).read_text()
    found = re.search(rf"// snippet: {re.escape(name)}\n(.*?)\n*[ ]*// snippet: end", source, re.S)
    if not found:
        raise SystemExit(f"{example}: no snippet {name}")
    return textwrap.dedent(found.group(1)) + "\n"


def main():
    faults = []
    count = 0
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = page.read_text()
        name = str(page.relative_to(ROOT))
        marked = MARK.findall(text)
        count += len(marked)
        if name in WHOLE and len(marked) != text.count("```cpp\n"):
            faults.append(f"{name}: a C++ block that is no snippet of an example")
        fixed = MARK.sub(lambda m: f"<!-- snippet: {m[1]} {m[2]} -->\n```cpp\n{snippet(m[1], m[2])}```",
                         text)
        if fixed == text:
            continue
        if "--fix" in sys.argv:
            page.write_text(fixed)
        else:
            faults.append(f"{name}: a block differs from its example "
                          "(scripts/check_snippets.py --fix)")
    print("\n".join(faults) or f"snippets: {count} blocks are their examples'")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
