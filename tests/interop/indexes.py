#!/usr/bin/env python3
"""Indexes of gzip files against the programs that they are of, both ways: the same range of the same
file, through an index of braid's in their format and through one that they made.

    indexes.py BRAID

A tool that is not installed is reported, loudly, and skipped.
"""
import gzip
import os
import random
import shutil
import subprocess
import sys
import tempfile

LENGTH = 1000


def words(count, seed):
    source = random.Random(seed)
    vocabulary = ["".join(source.choices("abcdefghij", k=source.randint(2, 9))) for _ in range(5000)]
    return " ".join(source.choices(vocabulary, k=count)).encode()


def run(*command):
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if ran.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {ran.stderr.decode(errors='replace').strip()}")
    return ran.stdout


def main():
    braid = os.path.abspath(sys.argv[1])
    os.chdir(tempfile.mkdtemp())
    plain = words(1_500_000, 1)
    with open("plain", "wb") as file:
        file.write(plain)
    with open("one.gz", "wb") as file:
        file.write(gzip.compress(plain, 6, mtime=0))
    with open("members.gz", "wb") as file:
        half = len(plain) // 2
        file.write(gzip.compress(plain[:half], 1, mtime=0) + gzip.compress(plain[half:], 9, mtime=0))
    failures, done = [], 0

    def check(label, read):
        nonlocal done
        for offset in (0, 1, len(plain) // 3, len(plain) // 2 - 500, len(plain) - LENGTH):
            done += 1
            try:
                if read(offset)[:LENGTH] != plain[offset:offset + LENGTH]:
                    failures.append(f"{label} at {offset}: other bytes")
            except RuntimeError as error:
                failures.append(f"{label} at {offset}: {error}")

    def by_braid(file, index):
        return lambda offset: run(braid, "cat", f"--range={offset}:+{LENGTH}", f"--index={index}", file)

    if shutil.which("gztool"):
        for file in ("one.gz", "members.gz"):
            run(braid, "index", "--index-format=gztool", "-o", "ours.gzi", file)
            check(f"gztool, braid's index of {file}", lambda offset: run(
                "gztool", "-v0", "-b", str(offset), "-r", str(LENGTH), "-I", "ours.gzi", file))
            for lines in ("-x", "-X", "-z"):
                theirs = f"{file}{lines}.gzi"
                run("gztool", "-v0", "-s", "1", lines, "-I", theirs, file)
                check(f"braid, gztool's index of {file} {lines}", by_braid(file, theirs))
    else:
        print("NOT INSTALLED, skipped: gztool")
    if shutil.which("bgzip"):
        run("bgzip", "-k", "-i", "-I", "theirs.gzi", "plain")
        check("braid, bgzip's index", by_braid("plain.gz", "theirs.gzi"))
        run(braid, "index", "--index-format=gzi", "-o", "plain.gz.gzi", "plain.gz")
        check("bgzip, braid's index",
              lambda offset: run("bgzip", "-b", str(offset), "-s", str(LENGTH), "plain.gz"))
    else:
        print("NOT INSTALLED, skipped: bgzip")
    shutil.rmtree(os.getcwd())
    print("\n".join(failures))
    print(f"{done - len(failures)} passed, {len(failures)} failed")
    return 1 if failures or not done else 0


if __name__ == "__main__":
    sys.exit(main())
