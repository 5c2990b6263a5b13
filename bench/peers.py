#!/usr/bin/env python3
"""Runs braid and every other compressor that is installed on the same data, in turn.

    bench/peers.py                           everything, on data assembled from this machine's files
    bench/peers.py --formats gzip,zstd --levels 1,6 --threads 1,2 --rounds 5 --data FILE
    bench/peers.py --quick                   a smoke test: a few megabytes, one round

What is measured: wall and CPU seconds (user and system) of whole processes, size, peak resident
memory. Inputs lie in memory (/dev/shm); packed output goes there too, plain output to /dev/null. One
round runs every cell of a table once, so that a slow minute hits all of them; the numbers are
medians over the rounds. Rows such as "2 x brotli" are two processes of a program of one thread, each
with all of the data, half the time: what this machine gives to two threads at all, often less than
twice. Every reader's output is compared with the data once, outside the timing.
MB/s are 10^6 plain bytes a second, in both directions. A program that fails or is missing is listed
and stops nothing; the exit code is 1 when braid itself fails.

Output: the tables on standard output or in --markdown FILE, every number in --json FILE, plots of
speed against size in --svg DIR.
"""
import argparse
import atexit
import hashlib
import json
import os
import random
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field, replace

import make_data
import peer_plots
import peer_tables
import peer_tools


class ToolFailed(Exception):
    pass


@dataclass
class Cell:
    """One command that is measured, and what came out."""
    format: str
    direction: str  # "write" or "read"
    tool: str
    level: int  # of the writer, on its own scale
    threads: int
    braid_level: int  # what it is compared with
    copies: int = 1  # processes side by side; times are divided by it
    maker: str = ""  # reading: who wrote the file
    command: str = ""
    source: str = ""
    target: str = ""  # "" is /dev/null
    wall: list = field(default_factory=list)
    cpu: list = field(default_factory=list)
    peak: int = 0  # bytes
    size: int = 0  # packed bytes
    error: str = ""

    def spent(self):
        return sum(self.wall)

    def seconds(self):
        return statistics.median(self.wall) if self.wall and not self.error else None

    def cpu_seconds(self):
        return statistics.median(self.cpu) if self.cpu and not self.error else None


def watch_peak(pid, done, found):
    """Reads a small process's own peak memory while it runs; see run()."""
    while not done.wait(0.005):
        try:
            with open(f"/proc/{pid}/status") as status:
                for line in status:
                    if line.startswith("VmHWM:"):
                        found[0] = max(found[0], int(line.split()[1]) * 1024)
        except (OSError, ValueError):
            return


def start(words, cell, stdout, stderr):
    by_name = "{in}" in cell.command
    with open(os.devnull if by_name else cell.source, "rb") as stdin:
        return subprocess.Popen(words, stdin=stdin, stdout=stdout, stderr=stderr)


def run(cell, timeout, sink=None, watched=True):
    """Runs the cell's command once. Returns (wall s, CPU s, peak bytes). Errors: ToolFailed.
    `watched`: its memory is looked at meanwhile, which takes time from programs that use every CPU;
    else the peak may be 0, of small programs."""
    words = [word.format(**{"in": cell.source, "level": cell.level, "threads": cell.threads})
             for word in shlex.split(cell.command)]
    stdout = sink if sink is not None else open(cell.target or os.devnull, "wb")
    errors = tempfile.TemporaryFile()
    peak, done = [0], threading.Event()
    started = time.perf_counter()
    process = start(words, cell, stdout, errors)
    twins = [start(words, cell, subprocess.DEVNULL, subprocess.DEVNULL)
             for _ in range(cell.copies - 1)]
    watcher = threading.Thread(target=watch_peak, args=(process.pid, done, peak))
    if watched:
        watcher.start()
    killer = threading.Timer(timeout, lambda: [each.kill() for each in (process, *twins)])
    killer.start()
    endings = [os.wait4(each.pid, 0)[1:] for each in (process, *twins)]
    wall = time.perf_counter() - started
    killer.cancel()
    done.set()
    if watched:
        watcher.join()
    for each, (status, _) in zip((process, *twins), endings):
        each.returncode = os.waitstatus_to_exitcode(status)
    failed = next((each.returncode for each in (process, *twins) if each.returncode != 0), 0)
    cpu = sum(usage.ru_utime + usage.ru_stime for _, usage in endings)
    if sink is None:
        stdout.close()
    if failed != 0:
        errors.seek(0)
        said = " ".join(errors.read().decode(errors="replace").split())[-160:]
        killed = f"killed after {timeout:.0f} s" if wall >= timeout else ""
        raise ToolFailed(killed or f"exit {failed}: {said}")
    errors.close()
    # The kernel counts what the child was before it became the program, a copy of this process;
    # only above that is its number the program's own.
    own = resource_peak()
    counted = endings[0][1].ru_maxrss * 1024
    return wall / cell.copies, cpu / cell.copies, counted if counted > own else peak[0]


def resource_peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def check(cell, digest, timeout):
    """Runs a reading cell once and compares its output with the data. Errors: ToolFailed."""
    read_end, write_end = os.pipe()
    sha, failure = hashlib.sha256(), []

    def work():
        with os.fdopen(write_end, "wb") as sink:
            try:
                cell.peak = max(cell.peak, run(cell, timeout, sink)[2])
            except (ToolFailed, OSError) as error:
                failure.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    with os.fdopen(read_end, "rb") as output:
        while block := output.read(1 << 20):
            sha.update(block)
    worker.join()
    if failure:
        raise ToolFailed(str(failure[0]))
    if sha.digest() != digest:
        raise ToolFailed("WRONG BYTES")


def measure(cells, arguments, note):
    """Runs all cells --rounds times, each time in another order: what one takes may depend on the
    one before it. A cell that used up --budget is left alone."""
    for turn in range(arguments.rounds):
        for cell in random.sample(cells, len(cells)):
            if cell.error or (turn > 0 and cell.spent() > arguments.budget):
                continue
            note(f"{cell.format} {cell.direction} round {turn + 1}: {cell.tool} -{cell.level}")
            try:
                wall, cpu, peak = run(cell, arguments.timeout, watched=cell.peak == 0)
            except (ToolFailed, OSError) as error:
                cell.error = str(error)
                continue
            cell.wall.append(wall)
            cell.cpu.append(cpu)
            cell.peak = max(cell.peak, peak)
            if cell.target:
                cell.size = os.path.getsize(cell.target)


def is_alone(command, arguments):
    """Whether two processes of it side by side tell more."""
    return 2 in arguments.threads and "{threads}" not in command


def beside_itself(cell, target):
    """Two processes of what a cell runs in one."""
    return replace(cell, tool=f"2 x {cell.tool}", threads=2, copies=2, target=target, wall=[], cpu=[])


def writing_cells(format, tools, data, folder, arguments):
    cells = []
    for tool in tools:
        for level, braid_level in tool.levels.items():
            if arguments.levels and level not in arguments.levels and \
                    braid_level not in arguments.levels:
                continue
            for threads in arguments.threads if "{threads}" in tool.write else [1]:
                name = f"{tool.name}.{level}.{threads}".replace(" ", "")
                cells.append(Cell(format, "write", tool.name, level, threads, braid_level,
                                  command=tool.write, source=data,
                                  target=os.path.join(folder, name + peer_tools.suffix(format))))
            usual = braid_level == peer_tools.USUAL_LEVEL[format]
            if usual and is_alone(tool.write, arguments):
                cells.append(beside_itself(cells[-1], cells[-1].target + ".twin"))
    return cells


def files_to_read(written, usual):
    """One file of each writer and level: the one made with most threads, and at the usual level
    also the one made with one, where that differs (as with xz)."""
    kept = {}
    for cell in written:
        if not cell.error and cell.size and cell.copies == 1:
            kept.setdefault((cell.tool, cell.level), []).append(cell)
    for (tool, level), cells in kept.items():
        cells.sort(key=lambda cell: cell.threads)
        yield tool, cells[-1]
        first = cells[0]
        if first is not cells[-1] and first.braid_level == usual and not same_file(first, cells[-1]):
            yield f"{tool} on one thread", first


def same_file(one, other):
    return one.size == other.size and content(one.target) == content(other.target)


def content(path):
    """The SHA-256 of a file."""
    sha = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            sha.update(block)
    return sha.digest()


def reading_cells(format, tools, written, arguments):
    """Each file is read by its own writer and by braid; at the usual level by everybody."""
    usual = peer_tools.USUAL_LEVEL[format]
    own_levels = {cell.braid_level for cell in written}
    if usual not in own_levels and own_levels:
        usual = min(own_levels, key=lambda level: abs(level - usual))
    cells, commands = [], set()
    for maker, file in files_to_read(written, usual):
        for tool in tools:
            everybody = file.braid_level == usual
            if not (tool.ours() or everybody or tool.name == file.tool):
                continue
            for threads in arguments.threads if "{threads}" in tool.read else [1]:
                key = (file.target, tool.read, threads)
                if key in commands:  # two rows of one program read alike
                    continue
                commands.add(key)
                cells.append(Cell(format, "read", tool.name, file.level, threads, file.braid_level,
                                  maker=maker, command=tool.read, source=file.target,
                                  size=file.size))
            if maker == "braid" and everybody and is_alone(tool.read, arguments):
                cells.append(beside_itself(cells[-1], ""))
    return cells


def braid_differs(written):
    """braid's bytes must not depend on the number of threads."""
    faults, first = [], {}
    for cell in written:
        if cell.command.startswith("braid ") and cell.size and not cell.error:
            other = first.setdefault((cell.tool, cell.level), cell)
            if other is not cell and not same_file(cell, other):
                faults.append(f"{cell.format}: {cell.tool} -{cell.level}: other bytes on "
                              f"{cell.threads} threads than on {other.threads}")
    return faults


def run_format(format, tools, data, digest, folder, arguments, note):
    """Measures one format. Returns (cells, faults of braid)."""
    written = writing_cells(format, [tool for tool in tools if tool.write], data, folder, arguments)
    measure(written, arguments, note)
    faults = braid_differs(written)
    readings = reading_cells(format, tools, written, arguments)
    for cell in readings:
        note(f"{format} check: {cell.tool} on {cell.maker} -{cell.level}")
        try:
            check(cell, digest, arguments.timeout)
        except ToolFailed as error:
            cell.error = str(error)
    measure(readings, arguments, note)
    faults += [f"{cell.direction} {format} {cell.maker} -{cell.level}: {cell.error}"
               for cell in written + readings if cell.error and cell.command.startswith("braid ")]
    for cell in written:
        if os.path.exists(cell.target):
            os.unlink(cell.target)
    return written + readings, faults


def machine():
    """What the numbers depend on."""
    def first(path, key):
        try:
            with open(path) as file:
                return next((line.split(":", 1)[1].strip() for line in file
                             if line.startswith(key)), "")
        except OSError:
            return ""

    return {"cpu": first("/proc/cpuinfo", "model name"),
            "cpus": len(os.sched_getaffinity(0)),
            "memory": first("/proc/meminfo", "MemTotal"),
            "kernel": os.uname().release,
            "load": round(os.getloadavg()[0], 2)}


def numbers(text):
    return [int(word) for word in text.split(",")]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--formats", default=",".join(peer_tools.FORMATS))
    parser.add_argument("--levels", type=numbers, default=[], help="only these, e.g. 1,6")
    parser.add_argument("--threads", type=numbers, default=[1, len(os.sched_getaffinity(0))])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--budget", type=float, default=60,
                        help="seconds after which a cell is not repeated")
    parser.add_argument("--timeout", type=float, default=900, help="seconds for one command")
    parser.add_argument("--data", help="default: about 160 MB of this machine's files")
    parser.add_argument("--braid", help="the program; default: build/release/bin/braid, or PATH")
    parser.add_argument("--tmp", default="/dev/shm" if os.path.isdir("/dev/shm") else None)
    parser.add_argument("--json")
    parser.add_argument("--svg")
    parser.add_argument("--markdown")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    arguments.threads = sorted(set(arguments.threads))
    arguments.formats = arguments.formats.split(",")
    unknown = [name for name in arguments.formats if name not in peer_tools.FORMATS]
    if unknown:
        parser.error(f"no such format: {', '.join(unknown)}; "
                     f"there are {', '.join(peer_tools.FORMATS)}")
    if arguments.quick:
        arguments.rounds, arguments.budget = 1, 0
        arguments.levels = arguments.levels or [1]
    return arguments


def find_braid(path):
    """Makes `braid` the program asked for, whatever its file's name, by a link in front of PATH."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    built = os.path.join(root, "build", "release", "bin", "braid")
    found = path or (built if os.path.exists(built) else shutil.which("braid"))
    if found is None or not os.access(found, os.X_OK):
        sys.exit("peers: no braid program: build the release preset, or name it with --braid")
    folder = tempfile.mkdtemp(prefix="braid-peers.")
    atexit.register(shutil.rmtree, folder)
    os.symlink(os.path.abspath(found), os.path.join(folder, "braid"))
    os.environ["PATH"] = folder + ":" + os.environ["PATH"]


def write_results(result, arguments):
    text = peer_tables.page(result)
    if arguments.markdown:
        with open(arguments.markdown, "w") as file:
            file.write(text)
    else:
        print(text)
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(result, file, indent=1)
    if arguments.svg:
        os.makedirs(arguments.svg, exist_ok=True)
        for name, plot in peer_plots.all_plots(result).items():
            with open(os.path.join(arguments.svg, name), "w") as file:
                file.write(plot)


def as_record(cell):
    record = {key: value for key, value in asdict(cell).items() if key not in ("source", "target")}
    record |= {"seconds": cell.seconds(), "cpu_seconds": cell.cpu_seconds()}
    return record


def main():
    arguments = parse_arguments()
    find_braid(arguments.braid)

    def note(text):
        if sys.stderr.isatty():
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)

    present = [tool for tool in peer_tools.TOOLS if peer_tools.installed(tool.program())]
    missing = sorted({tool.name for tool in peer_tools.TOOLS} - {tool.name for tool in present})
    with tempfile.TemporaryDirectory(prefix="braid-peers.", dir=arguments.tmp) as folder:
        data = os.path.join(folder, "data")
        if arguments.data:
            shutil.copyfile(arguments.data, data)
        else:
            make_data.make(data, 3 if arguments.quick else 160)
        result = {"schema": 1, "machine": machine(), "rounds": arguments.rounds,
                  "data": os.path.basename(arguments.data) if arguments.data
                  else "assembled by bench/make_data.py",
                  "bytes": os.path.getsize(data), "missing": missing, "faults": [], "cells": [],
                  "versions": {name: peer_tools.version(name)
                               for name in sorted({tool.program() for tool in present})}}
        digest = content(data)
        for format in arguments.formats:
            tools = [tool for tool in present if tool.format == format]
            cells, faults = run_format(format, tools, data, digest, folder, arguments, note)
            result["cells"] += [as_record(cell) for cell in cells]
            result["faults"] += faults
            if arguments.markdown:  # a long run that is interrupted leaves what it has
                write_results(result, arguments)
    note("")
    write_results(result, arguments)
    for fault in result["faults"]:
        print(f"peers: braid: {fault}", file=sys.stderr)
    return 1 if result["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
