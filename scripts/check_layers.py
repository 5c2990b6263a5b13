#!/usr/bin/env python3
"""Refuses an include that the house does not allow.

The arrows (ARCHITECTURE.md): cli -> public headers -> archive -> engine -> codec, parallel, io ->
base. One codec folder never includes another; a third-party header appears only in the module
that owns the library; nothing includes by a relative path.
"""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAY_INCLUDE = {
    "base": {"base"},
    "io": {"io", "base"},
    "codec": {"codec", "base"},
    "parallel": {"parallel", "base"},
    "engine": {"engine", "codec", "parallel", "io", "base"},
    "archive": {"archive", "engine", "codec", "parallel", "io", "base"},
    "cli": {"cli"},
}
# Library headers and the folders that may name them.
OWNERS = {
    r"libdeflate\.h|isa-l.*|igzip_lib\.h|crc\.h|zlib\.h": {"codec/deflate"},
    r"zstd.*\.h": {"codec/zstd"},
    r"lz4.*\.h": {"codec/lz4"},
    r"xxhash\.h": {"codec/brotli", "codec/lz4", "codec/zstd"},
    r"lzma\.h": {"codec/lzma"},
    r"bzlib\.h|divsufsort\.h": {"codec/bzip2"},
    r"brotli/.*": {"codec/brotli"},
    r"hwloc.*": {"parallel"},
    r"fmt/.*|nlohmann/.*": {"cli"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def place(path):
    """('codec', 'codec/zstd') of src/codec/zstd/x.cpp; ('public', ...) of include/braid/x.hpp."""
    parts = path.parts
    if parts[0] == "include":
        return "public", "include"
    if parts[0] == "src" and len(parts) > 2:
        return parts[1], "/".join(parts[1:-1])
    return None, None


def faults(path):
    module, folder = place(path)
    if module is None:
        return
    for number, line in enumerate((ROOT / path).read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        kind, name = match.groups()
        where = f"{path}:{number}: "
        if ".." in name.split("/"):
            yield where + f"relative include {name}"
        for pattern, owners in OWNERS.items():
            if re.fullmatch(pattern, name) and folder not in owners and module not in owners:
                yield where + f"{name} belongs to {', '.join(sorted(owners))}"
        if kind == "<":
            continue
        if module == "public":
            yield where + f"a public header includes {name}"
            continue
        target = name.split("/")
        if target[0] not in MAY_INCLUDE.get(module, set()):
            yield where + f"{module} may not include {name}"
        if module == "codec" and target[0] == "codec" and len(target) > 2 and len(path.parts) > 3:
            if target[1] != path.parts[2]:
                yield where + f"codec folder {path.parts[2]} includes folder {target[1]}"


def main():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.hpp", "*.cpp"],
                            cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = [f for name in listed.splitlines() for f in faults(Path(name))]
    print("\n".join(found) or "layers: every include follows an arrow")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
