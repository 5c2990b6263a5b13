#!/usr/bin/env python3
"""Assembles benchmark data from files that this machine has anyway, as one tar.

    bench/make_data.py OUT [--megabytes 160]

Headers, other text, programs and libraries, and package lists in fixed shares; a kind that the
machine has too little of is made up for by the others. Names are sorted and times left out, so that
one machine gives the same file until its packages change. Numbers of different machines compare
only when they were taken on a copy of the same file.
"""
import argparse
import io
import os
import sys
import tarfile

TEXT = (".txt", ".html", ".md", ".py", ".pl", ".pm", ".sh", ".xml", ".json", ".css", ".js", ".c",
        ".h", ".hpp", ".rst", ".po", ".conf", "copyright", "changelog")
LARGEST = 8_000_000  # a single file must not be a whole kind


def is_text(path):
    return path.endswith(TEXT)


def is_elf(path):
    try:
        with open(path, "rb") as file:
            return file.read(4) == b"\x7fELF"
    except OSError:
        return False


# (share of the whole, folders, which of their files)
KINDS = [
    (0.30, ["/usr/include", "/usr/src"], is_text),
    (0.20, ["/usr/share", "/usr/lib/python3"], is_text),
    (0.35, ["/usr/lib", "/usr/bin", "/usr/libexec"], is_elf),
    (0.15, ["/var/lib/dpkg", "/var/lib/apt/lists"], lambda path: True),
]


def files(folders, wanted):
    """Regular files below the folders, sorted, links and unreadable ones left out."""
    for top in folders:
        for folder, below, names in os.walk(top):
            below.sort()
            for name in sorted(names):
                path = os.path.join(folder, name)
                if os.path.islink(path) or not os.path.isfile(path) or not wanted(path):
                    continue
                size = os.path.getsize(path)
                if 0 < size <= LARGEST and os.access(path, os.R_OK):
                    yield path


def add(tar, path):
    """Adds one file under its name alone: no owner, no time. Returns what the tar grew by."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return 0
    entry = tarfile.TarInfo(path.lstrip("/"))
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))
    return 512 + -(-len(content) // 512) * 512


def make(out, megabytes):
    """Writes `out`; returns its size. It is less than asked for only where the machine has less."""
    goal = int(megabytes * 1e6)
    sources = [files(folders, wanted) for _, folders, wanted in KINDS]
    with tarfile.open(out, "w", format=tarfile.GNU_FORMAT) as tar:
        written = 0
        for (share, _, _), source in zip(KINDS, sources):
            end = written + share * goal
            while written < end and (path := next(source, None)):
                written += add(tar, path)
        for source in sources:
            while written < goal and (path := next(source, None)):
                written += add(tar, path)
    return os.path.getsize(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--megabytes", type=float, default=160)
    arguments = parser.parse_args()
    size = make(arguments.out, arguments.megabytes)
    print(f"{arguments.out}: {size / 1e6:.1f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
