#!/usr/bin/env python3
"""Warns of source files above 400 lines and refuses those above 500."""
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WARN, REFUSE = 400, 500


def main():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard",
         "*.hpp", "*.cpp", "*.py", "*.sh", "*.cmake"],
        cwd=ROOT, capture_output=True, text=True, check=True).stdout
    refused = False
    for name in listed.splitlines():
        lines = len((ROOT / name).read_text().splitlines())
        if lines > REFUSE:
            refused = True
            print(f"{name}: {lines} lines, more than {REFUSE}")
        elif lines > WARN:
            print(f"{name}: {lines} lines (warning)")
    if not refused:
        print(f"sizes: no file above {REFUSE} lines")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
