#!/usr/bin/env python3
"""Holds the C++ block of README.md against the example it is taken from, between the lines
`// readme: begin` and `// readme: end`. `--fix` writes the example's text into the README."""
import re
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "readme.cpp"
README = ROOT / "README.md"


def main():
    source = EXAMPLE.read_text()
    body = re.search(r"// readme: begin\n(.*?)[ ]*// readme: end", source, re.S).group(1)
    wanted = "#include <braid/braid.hpp>\n\n" + textwrap.dedent(body)
    readme = README.read_text()
    block = re.search(r"```cpp\n(.*?)```", readme, re.S)
    if block and block.group(1) == wanted:
        print("readme: the C++ block is the example's")
        return 0
    if "--fix" in sys.argv and block:
        README.write_text(readme[:block.start(1)] + wanted + readme[block.end(1):])
        return 0
    print("README.md: the C++ block is not that of examples/readme.cpp "
          "(scripts/check_readme.py --fix)")
    return 1


if __name__ == "__main__":
    sys.exit(main())
