"""The programs that bench/peers.py compares, one row for each format that one of them has.

{in} is a file by name; without it the program reads standard input. All write standard output.
{level} and {threads} are numbers; a command without {threads} runs with one thread only (or with
what the program takes by itself, which the CPU seconds show).
"""
import re
import shutil
import subprocess
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tool:
    name: str
    format: str
    write: str = ""  # empty: reads only
    read: str = ""
    # The levels to run, each with the level of braid to compare with (None: the same number).
    levels: dict = field(default_factory=dict)

    def program(self):
        return (self.write or self.read).split()[0]

    def ours(self):
        return self.program() == "braid"


def same(*levels):
    return {level: level for level in levels}


# The level at which every reader is tried on every writer's file.
USUAL_LEVEL = {"gzip": 6, "zlib": 6, "zstd": 3, "lz4": 1, "xz": 6, "lzma": 6, "lzip": 6, "bzip2": 9,
               "brotli": 5}
FORMATS = list(USUAL_LEVEL)


def braid(format, levels, name="braid", extra=""):
    return Tool(name, format, f"braid -q -c -F {format}{extra} -{{level}} -T {{threads}} {{in}}",
                f"braid -q -d -c -F {format} -T {{threads}} {{in}}", same(*levels))


def sevenzip(format, levels):
    return Tool("7zz", format, f"7zz a -t{format} -si -so -mx={{level}} -mmt={{threads}} -bd x",
                f"7zz e -t{format} -so -mmt={{threads}} -bd {{in}}", levels)


TOOLS = [
    braid("gzip", [1, 2, 3, 6, 9, 12]),
    braid("gzip", [1, 6], "braid --bgzf", " --bgzf"),
    Tool("gzip", "gzip", "gzip -{level} -c {in}", "gzip -dc {in}", same(1, 6, 9)),
    Tool("pigz", "gzip", "pigz -{level} -p {threads} -c {in}", "pigz -dc -p {threads} {in}",
         same(1, 6, 9)),
    # igzip has four levels of its own; by size they belong beside braid's first two.
    Tool("igzip", "gzip", "igzip -{level} -T {threads} -c {in}", "igzip -dc {in}",
         {0: 1, 1: 1, 2: 2, 3: 2}),
    Tool("libdeflate-gzip", "gzip", "libdeflate-gzip -{level} -c {in}", "libdeflate-gzip -dc {in}",
         same(1, 6, 9, 12)),
    Tool("bgzip", "gzip", "bgzip -l {level} -@ {threads} -c {in}", "bgzip -dc -@ {threads} {in}",
         same(1, 6, 9)),
    sevenzip("gzip", {1: 1, 5: 6}),
    Tool("rapidgzip", "gzip", "", "rapidgzip -dcfq -P {threads} {in}"),

    braid("zlib", [1, 6, 9]),
    Tool("pigz -z", "zlib", "pigz -z -{level} -p {threads} -c {in}", "pigz -dcz -p {threads} {in}",
         same(1, 6, 9)),

    braid("zstd", [1, 3, 9, 19]),
    Tool("zstd", "zstd", "zstd -{level} -T{threads} -q -c {in}", "zstd -dcq {in}",
         same(1, 3, 9, 19)),
    Tool("pzstd", "zstd", "pzstd -{level} -p {threads} -q -c {in}", "pzstd -dcq -p {threads} {in}",
         same(1, 3, 9, 19)),

    braid("lz4", [1, 9, 12]),
    Tool("lz4", "lz4", "lz4 -{level} -q -c {in}", "lz4 -dcq {in}", same(1, 9, 12)),
    Tool("lz4-1.10", "lz4", "lz4-1.10 -{level} -T{threads} -q -c {in}",
         "lz4-1.10 -dcq -T{threads} {in}", same(1, 9, 12)),

    braid("xz", [1, 6]),
    Tool("xz", "xz", "xz -{level} -T{threads} -c {in}", "xz -dc -T{threads} {in}", same(1, 6)),
    Tool("pixz", "xz", "pixz -t -{level} -p {threads}", "pixz -d -p {threads}", same(1, 6)),
    sevenzip("xz", {1: 1, 5: 6}),

    braid("lzma", [1, 6]),
    Tool("xz", "lzma", "xz --format=lzma -{level} -c {in}", "xz --format=lzma -dc {in}",
         same(1, 6)),

    braid("lzip", [1, 6]),
    Tool("lzip", "lzip", "lzip -{level} -c {in}", "lzip -dc {in}", same(1, 6)),
    Tool("plzip", "lzip", "plzip -{level} -n {threads} -c {in}", "plzip -dc -n {threads} {in}",
         same(1, 6)),

    braid("bzip2", [1, 9]),
    Tool("bzip2", "bzip2", "bzip2 -{level} -c {in}", "bzip2 -dc {in}", same(1, 9)),
    Tool("pbzip2", "bzip2", "pbzip2 -{level} -p{threads} -k -c {in}",
         "pbzip2 -dc -k -p{threads} {in}", same(9)),
    Tool("lbzip2", "bzip2", "lbzip2 -{level} -n {threads} -k -c {in}",
         "lbzip2 -dc -k -n {threads} {in}", same(9)),
    sevenzip("bzip2", {5: 9}),

    braid("brotli", [1, 5, 9]),
    Tool("brotli", "brotli", "brotli -q {level} -c {in}", "brotli -dc {in}", same(1, 5, 9)),
]


def suffix(format):
    """What a program may insist that a file it reads is called."""
    return {"gzip": ".gz", "zlib": ".zz", "zstd": ".zst", "lz4": ".lz4", "xz": ".xz",
            "lzma": ".lzma", "lzip": ".lz", "bzip2": ".bz2", "brotli": ".br"}[format]


def version(program):
    """The first line with a number that the program says of itself; "" when it says none."""
    for arguments in (["--version"], ["-V"], []):
        try:
            done = subprocess.run([program, *arguments], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=10)
        except (OSError, subprocess.TimeoutExpired):
            continue
        text = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout.decode(errors="replace"))
        for line in text.splitlines():
            if re.search(r"\d+\.\d+", line) and "rror" not in line:
                return line.strip(" *.").split(" : ")[0][:80]
    return ""


def installed(program):
    return shutil.which(program) is not None
