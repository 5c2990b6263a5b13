#!/usr/bin/env python3
"""Packs and unpacks a folder with braid and with every other archiver that is installed, in turn.

    bench/archives.py FOLDER [--rounds 5] [--threads 2] [--braid PROGRAM] [--markdown FILE]

The folder should lie in memory (/dev/shm), and what is made of it goes to the folder beside it, so
that a disk is no part of what is measured. Wall and CPU seconds (user and system) of whole command
lines, medians over the rounds; one round runs every command once, in random order, since what one
takes may depend on the one before it. Every tree that was unpacked is compared with the folder
once, outside the timing.
"""
import argparse
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

# What is packed, and by whom: (heading, extension, [(name, command)]). {out} is the archive, {in}
# the folder's name, {n} the number of threads. The archive of the first command, which is braid's,
# is unpacked afterwards, and that of the second where it is another's.
WRITE = [
    ("create, tar.zst -3", "tar.zst", [
        ("braid create -3", "{braid} create -q -T{n} -3 -F tar.zst {out} {in}"),
        ("tar, zstd -T", "tar cf - {in} | zstd -q -3 -T{n} -o {out}"),
        ("bsdtar, zstd:threads",
         "bsdtar -c --zstd --options zstd:compression-level=3,zstd:threads={n} -f {out} {in}"),
    ]),
    ("create, tar.gz -6", "tar.gz", [
        ("braid create -6", "{braid} create -q -T{n} -6 -F tar.gz {out} {in}"),
        ("tar, pigz -p", "tar cf - {in} | pigz -p{n} -6 > {out}"),
    ]),
    ("create, zip", "zip", [
        ("braid create -6", "{braid} create -q -T{n} -6 {out} {in}"),
        ("braid create -5", "{braid} create -q -T{n} -5 {out} {in}"),
        ("7zz -mx1 -mmt", "7zz a -bd -tzip -mx1 -mmt{n} {out} {in}"),
        ("zip -6", "zip -q -r {out} {in}"),
    ]),
]
# By extension: (name, command). {to} is an empty folder.
READ = {
    "tar.zst": [("braid extract", "{braid} extract -q -T{n} -C {to} {out}"),
                ("tar, zstd -d", "tar -C {to} -I zstd -xf {out}"),
                ("tar, pzstd -d -p", "tar -C {to} -I 'pzstd -q -p{n}' -xf {out}"),
                ("bsdtar", "bsdtar -C {to} -xf {out}")],
    "tar.gz": [("braid extract", "{braid} extract -q -T{n} -C {to} {out}"),
               ("tar, igzip -d", "tar -C {to} -I igzip -xf {out}"),
               ("tar, pigz -d", "tar -C {to} -I pigz -xf {out}"),
               ("bsdtar", "bsdtar -C {to} -xf {out}")],
    "zip": [("braid extract", "{braid} extract -q -T{n} -C {to} {out}"),
            ("7zz x", "7zz x -bd -y -mmt{n} -o{to} {out}"),
            ("unzip", "unzip -q {out} -d {to}"),
            ("bsdtar", "bsdtar -C {to} -xf {out}")],
}


def installed(command):
    words = command.replace("|", " ").replace("'", " ").split()
    tools = {"tar", "zstd", "pzstd", "pigz", "igzip", "bsdtar", "7zz", "zip", "unzip"}
    return all(shutil.which(word) for word in words if word in tools)


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        folder = os.path.abspath(arguments.folder)
        self.parent, self.name = os.path.split(folder)
        self.scratch = tempfile.mkdtemp(dir=self.parent)
        self.lines = []

    def say(self, line):
        print(line, flush=True)
        self.lines.append(line)

    def run(self, command, out):
        """Returns (wall s, CPU s), and whether links that lead upwards were left out."""
        to = os.path.join(self.scratch, "to")
        shutil.rmtree(to, ignore_errors=True)
        os.mkdir(to)
        values = {"braid": self.arguments.braid, "n": self.arguments.threads, "in": self.name,
                  "out": out, "to": to}
        line = "set -o pipefail; " + command.format(**values)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        done = subprocess.run(["bash", "-c", line], cwd=self.parent, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        wall = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        errors = [said for said in done.stderr.decode(errors="replace").splitlines() if said]
        # 7zz makes everything but such links, even within the folder, and says so.
        without_links = done.returncode != 0 and bool(errors) and \
            all("Dangerous link path" in said for said in errors)
        if done.returncode != 0 and not without_links:
            sys.exit("\n".join([line, *errors]))
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return (wall, cpu), without_links

    def table(self, heading, commands, size_of=None, check=False):
        """Each of `commands` is (name, command, archive)."""
        times = {name: [] for name, _, _ in commands}
        without_links = set()
        for turn in range(self.arguments.rounds):
            for name, command, out in random.sample(commands, len(commands)):
                if size_of:
                    if os.path.exists(out):
                        os.remove(out)
                time_taken, incomplete = self.run(command, out)
                times[name].append(time_taken)
                if incomplete:
                    without_links.add(name)
                elif check and turn == 0:
                    self.compare(name)
        self.say(f"\n| {heading} | wall s | CPU s | braid is faster by |" + (" bytes |" if size_of else ""))
        self.say("|---|---|---|---|" + ("---|" if size_of else ""))
        ours = statistics.median(wall for wall, _ in times[commands[0][0]])
        for name, _, out in commands:
            wall = statistics.median(wall for wall, _ in times[name])
            cpu = statistics.median(cpu for _, cpu in times[name])
            size = f" {os.path.getsize(out):,} |" if size_of else ""
            if name in without_links:
                name += " (leaves out links that lead upwards)"
            self.say(f"| {name} | {wall:.2f} | {cpu:.2f} | {wall / ours:.2f} |{size}")

    def compare(self, name):
        made = os.path.join(self.scratch, "to", self.name)
        same = subprocess.run(["diff", "-r", "--no-dereference", os.path.join(self.parent, self.name),
                               made], stdout=subprocess.PIPE)
        if same.returncode != 0:
            sys.exit(f"{name}: another tree came out: {same.stdout.decode()[:500]}")

    def all(self):
        count = sum(len(files) for _, _, files in os.walk(os.path.join(self.parent, self.name)))
        self.say(f"{count:,} files, {self.arguments.threads} threads, medians of "
                 f"{self.arguments.rounds} rounds.")
        for heading, extension, writers in WRITE:
            present = [(name, command, os.path.join(self.scratch, f"{i}.{extension}"))
                       for i, (name, command) in enumerate(writers) if installed(command)]
            self.table(heading, present, size_of=True)
            readers = [(name, command) for name, command in READ[extension] if installed(command)]
            for maker, _, archive in present[:1 if extension == "zip" else 2]:
                self.table(f"extract, {extension} by {maker}",
                           [(name, command, archive) for name, command in readers], check=True)

    def end(self):
        shutil.rmtree(self.scratch)
        if self.arguments.markdown:
            with open(self.arguments.markdown, "w", encoding="utf-8") as file:
                file.write("\n".join(self.lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--braid", default="build/release/bin/braid")
    parser.add_argument("--markdown")
    arguments = parser.parse_args()
    arguments.braid = os.path.abspath(arguments.braid)
    bench = Bench(arguments)
    try:
        bench.all()
    finally:
        bench.end()


if __name__ == "__main__":
    main()
