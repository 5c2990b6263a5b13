#!/usr/bin/env python3
"""Every format against the tools that define it, both ways: what braid writes they read, what they
write braid reads, byte for byte.

    interop.py BRAID [FORMAT... | K/N]

K/N: share K of N of the formats that were built, so that shares can run side by side.
A tool that is not installed is reported, loudly, and skipped.
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import zlib

SKIPPED = 77  # what ctest is told to take so

# format: options of braid that change what is written
WRITTEN = {
    "gzip": ["", "-1", "-9", "-12", "--set chunk_size=65536", "--set layout=members", "--set layout=bgzf",
             "--set layout=single", "--set header_checksum=1", "--rsyncable"],
    "zlib": ["", "-1", "--set chunk_size=65536", "--rsyncable"],
    "deflate": ["", "-1", "--set chunk_size=65536"],
    "zstd": ["", "-1", "-19", "--fast=3", "--set chunk_size=65536", "--set layout=single",
             "--set checksum=0", "--set window_log=20", "--set long_distance=1", "--rsyncable"],
    "lz4": ["", "-1", "-9", "--set block_size=65536", "--set linked_blocks=1",
            "--set block_checksum=1", "--set checksum=0"],
    "xz": ["", "-0", "-9", "-0e", "--set chunk_size=65536", "--set check=0", "--set check=1",
           "--set check=3", "--set layout=single"],
    "lzma": ["", "-0", "-9"],
    "lzip": ["", "-0", "-9", "--set chunk_size=65536", "--set dictionary_size=5000000"],
    "bzip2": ["", "-1", "-9"],
    "brotli": ["", "-0", "-9", "--set chunk_size=65536", "--set layout=single"],
}
# format: commands that read standard input and write standard output
READERS = {
    "gzip": ["gzip -dc", "pigz -dc", "bgzip -dc", "zcat"],
    "zstd": ["zstd -dcq", "pzstd -dcq"],
    "lz4": ["lz4 -dcq"],
    "xz": ["xz -dc", "xz -dc -T2"],
    "lzma": ["xz --format=lzma -dc"],
    "lzip": ["lzip -dc", "plzip -dc"],
    "bzip2": ["bzip2 -dc", "lbzip2 -dc"],
    "brotli": ["brotli -dc"],
}
# Readers that need a file's name: {} stands for it.
FILE_READERS = {"gzip": ["igzip -dc {}", "libdeflate-gzip -dc {}"]}
WRITERS = {
    "gzip": ["gzip -1c", "gzip -9c", "pigz -c", "pigz -ic", "bgzip -c", "gzip -c --rsyncable"],
    "zstd": ["zstd -1cq", "zstd -19cq", "zstd -3cq -T2", "zstd --long=27 -cq", "zstd --no-check -cq",
             "zstd --fast=5 -cq"],
    "lz4": ["lz4 -1cq", "lz4 -9cq", "lz4 -cq -BD", "lz4 -cq -B4", "lz4 -cq -BX", "lz4 -lcq",
            "lz4 -cq --no-frame-crc"],
    "xz": ["xz -0c", "xz -9c", "xz -c -T2 --block-size=100000", "xz -c --block-size=100000",
           "xz -c --check=none", "xz -c --check=crc32", "xz -c --check=sha256",
           "xz -c --x86 --lzma2=preset=1", "xz -c --delta=dist=4 --lzma2=preset=0"],
    "lzma": ["xz --format=lzma -0c", "xz --format=lzma -6c"],
    "lzip": ["lzip -0c", "lzip -9c", "lzip -c -b 100000", "plzip -c -B 100000", "lzip -c -s 5000000"],
    "bzip2": ["bzip2 -1c", "bzip2 -9c", "lbzip2 -c"],
    "brotli": ["brotli -q 0 -c", "brotli -q 9 -c", "brotli -q 5 -w 24 -c"],
}


# They take ten times as long as the others. Half as much is several chunks where chunks are small, and
# one where they are large, either way.
SLOW = {"xz", "lzma", "lzip"}


def samples(fmt):
    rng = random.Random(1)
    words = [b"chunk ", b"window ", b"the ", b"offset = ", b"{\n  ", b"}\n", b"return ", b"0x1f "]
    text = b"".join(rng.choice(words) for _ in range(200_000))
    noise = rng.randbytes(300_000)
    yield "empty", b""
    yield "byte", b"x"
    yield "text", text
    yield "mixed", text[:400_000] + noise + bytes(500_000) + text[400_000:]
    yield "large", (text + noise) * (2 if fmt in SLOW else 4)


def run(command, data):
    done = subprocess.run(command, input=data, capture_output=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}: "
                           f"{done.stderr.decode(errors='replace').strip()[-200:]}")
    return done.stdout


def python_reader(fmt):
    bits = {"gzip": 31, "zlib": 15, "deflate": -15}.get(fmt)
    if bits is None:
        return None

    def read(data):
        plain = b""
        while data:  # one member after another
            engine = zlib.decompressobj(bits)
            plain += engine.decompress(data) + engine.flush()
            if not engine.eof:
                raise RuntimeError("zlib: the stream does not end")
            data = engine.unused_data
        return plain
    return read


def python_writer(fmt, level):
    engine = zlib.compressobj(level, zlib.DEFLATED, {"gzip": 31, "zlib": 15, "deflate": -15}[fmt])
    return lambda data: engine.compress(data) + engine.flush()


def main():
    braid = os.path.abspath(sys.argv[1])
    formats = sys.argv[2:]
    if not formats or "/" in formats[0]:
        share, shares = map(int, formats[0].split("/")) if formats else (1, 1)
        formats = re.search(r"^formats: (.*)$", run([braid, "--version"], b"").decode(),
                            re.M).group(1).split(", ")[share - 1::shares]
        if not formats:
            print(f"SKIPPED: fewer than {share} formats were built")
            return SKIPPED
    missing, done, failures = set(), 0, []
    scratch = tempfile.mkdtemp()

    def check(label, action, plain):
        nonlocal done
        try:
            if action() != plain:
                failures.append(f"{label}: other bytes")
        except RuntimeError as error:
            failures.append(f"{label}: {error}")
        done += 1

    def present(command):
        if shutil.which(command.split()[0]):
            return True
        missing.add(command.split()[0])
        return False

    for fmt in formats:
        for name, plain in samples(fmt):
            for options in WRITTEN.get(fmt, []):
                label = f"{fmt} {name} [{options}]"
                try:
                    packed = run([braid, "-q", "-c", "-F", fmt, *options.split()], plain)
                except RuntimeError as error:
                    failures.append(f"{label}: {error}")
                    continue
                check(f"{label} -> braid", lambda: run([braid, "-q", "-dc", "-F", fmt], packed), plain)
                if reader := python_reader(fmt):
                    check(f"{label} -> zlib", lambda: reader(packed), plain)
                for command in READERS.get(fmt, []):
                    if present(command):
                        check(f"{label} -> {command}", lambda: run(command.split(), packed), plain)
                for command in FILE_READERS.get(fmt, []):
                    if present(command):
                        path = os.path.join(scratch, "packed.gz")
                        with open(path, "wb") as file:
                            file.write(packed)
                        check(f"{label} -> {command}",
                              lambda: run(command.format(path).split(), b""), plain)
            for command in WRITERS.get(fmt, []):
                if present(command):
                    packed = run(command.split(), plain)
                    check(f"{fmt} {name}: {command} -> braid",
                          lambda: run([braid, "-q", "-dc", "-F", fmt], packed), plain)
            if fmt in ("gzip", "zlib", "deflate"):
                for level in (0, 1, 6, 9):
                    packed = python_writer(fmt, level)(plain)
                    check(f"{fmt} {name}: zlib -{level} -> braid",
                          lambda: run([braid, "-q", "-dc", "-F", fmt], packed), plain)
    shutil.rmtree(scratch)
    for tool in sorted(missing):
        print(f"NOT INSTALLED, skipped: {tool}")
    print("\n".join(failures))
    print(f"{done - len(failures)} passed, {len(failures)} failed")
    return 1 if failures or not done else 0


if __name__ == "__main__":
    sys.exit(main())
