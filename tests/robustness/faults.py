#!/usr/bin/env python3
"""Lets the system refuse what braid asks of it: one call in turn, or all from one call on, fails
under strace while files are compressed and restored and archives packed and unpacked.

    faults.py BRAID

A run may end well, with all that it should have made; or with exit code 1 to 3, a message, and
nothing half-written left. It may not hang, crash or end well with something missing. Without strace,
or where processes may not be traced, nothing is tested, and said so loudly.
"""
import concurrent.futures
import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile

BRAID = os.path.abspath(sys.argv[1])
FAULTS = {
    "write": ["ENOSPC", "EINTR"],
    "pwrite64": ["ENOSPC", "EIO", "EINTR"],
    "read": ["EIO", "EINTR"],
    "pread64": ["EIO", "EINTR"],
    "openat": ["EMFILE"],
    "openat2": ["ENOSYS", "EMFILE", "EAGAIN"],
    "mkdirat": ["ENOSPC"],
    "symlinkat": ["ENOSPC"],
    "linkat": ["EIO"],
    "renameat": ["EIO"],
    "renameat2": ["EIO", "ENOSYS"],
    "ftruncate": ["EIO"],
    "fsync": ["EIO"],
    "close": ["EIO"],
    "newfstatat": ["EIO"],
    "fstat": ["EIO"],
    "lseek": ["EIO"],
    "getdents64": ["EIO"],
    "fchmod": ["EPERM"],
    "fchown": ["EPERM"],
    "utimensat": ["EPERM"],
    "clone3": ["EAGAIN"],
    "mmap": ["ENOMEM"],
    "sched_getaffinity": ["EPERM"],
}
# Name: (arguments, what is made).
RUNS = {
    "gzip": (["-qk", "-T3", "-F", "gzip", "f"], "f.gz"),
    "restoring gzip": (["-qkd", "-T3", "p.gz"], "p"),
    "restoring zstd": (["-qkd", "-T3", "p.zst"], "p"),
    "tar.zst": (["create", "-q", "-T3", "n.tar.zst", "tree"], "n.tar.zst"),
    "unpacking tar.zst": (["extract", "-q", "-T3", "-C", "out", "a.tar.zst"], "out"),
    "unpacking zip": (["extract", "-q", "-T3", "-C", "out", "a.zip"], "out"),
}


def braid(arguments, folder):
    subprocess.run([BRAID, *arguments], cwd=folder, check=True, timeout=60)


def make_base(folder):
    random.seed(5)
    words = [bytes(random.choices(b"abcdefghij ", k=random.randint(2, 9))) for _ in range(3000)]
    plain = b" ".join(random.choices(words, k=500_000))
    os.makedirs(f"{folder}/tree/sub")
    for i in range(20):
        with open(f"{folder}/tree/sub/{i}", "wb") as file:
            file.write(plain[i * 1000 : i * 1700])
    for name in ["f", "tree/large"]:
        with open(f"{folder}/{name}", "wb") as file:
            file.write(plain)
    os.symlink("large", f"{folder}/tree/link")
    braid(["-qk", "-F", "gzip", "-o", "p.gz", "f"], folder)
    braid(["-qk", "-F", "zstd", "-o", "p.zst", "f"], folder)
    braid(["create", "-q", "a.tar.zst", "tree"], folder)
    braid(["create", "-q", "a.zip", "tree"], folder)
    os.mkdir(f"{folder}/out")


def contents(folder):
    told = {}
    for at, _, files in os.walk(folder):
        for name in files:
            path = os.path.join(at, name)
            key = os.path.relpath(path, folder)
            if os.path.islink(path):
                told[key] = os.readlink(path)
            else:
                with open(path, "rb") as file:
                    told[key] = hashlib.sha256(file.read()).hexdigest()
    return told


def traced(arguments, folder, log, *options):
    """Whoever kills strace alone lets go of what it traces."""
    with subprocess.Popen(["strace", "-f", "-qq", "-o", log, *options, BRAID, *arguments], cwd=folder,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as run:
        try:
            out, err = run.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(run.args, run.returncode, out, err)


def count(arguments, folder):
    """System calls by name."""
    log = f"{folder}.log"
    traced(arguments, folder, log)
    told = {}
    with open(log, errors="replace") as file:
        for name in re.findall(r"^\d+ +(\w+)\(", file.read(), re.MULTILINE):
            told[name] = told.get(name, 0) + 1
    return told


class Faults:
    def __init__(self, folder):
        self.folder = folder
        self.base = f"{folder}/base"
        os.mkdir(self.base)
        make_base(self.base)
        self.tree = contents(f"{self.base}/tree")
        self.known = set(os.listdir(self.base))
        # What the loader does before main() is not braid's to survive.
        self.loading = count(["--version"], self.base)

    def copy(self, name):
        to = f"{self.folder}/{name}"
        shutil.copytree(self.base, to, symlinks=True)
        return to

    def is_whole(self, made, folder):
        """Whether what was to be made is all there."""
        if made == "out":
            return contents(f"{folder}/out/tree") == self.tree
        if made == "p":
            return contents(folder).get("p") == self.tree["large"]
        if not os.path.exists(f"{folder}/{made}"):
            return False
        if made == "f.gz":
            back = subprocess.run(["gzip", "-dc", made], cwd=folder, capture_output=True).stdout
            return hashlib.sha256(back).hexdigest() == self.tree["large"]
        braid(["extract", "-q", "-C", "out", made], folder)
        return contents(f"{folder}/out/tree") == self.tree

    def verdict(self, made, folder, done, stderr_fails):
        left = set(os.listdir(folder)) - self.known
        if done.returncode == 0:
            return None if self.is_whole(made, folder) else "ended well with something missing"
        if not 1 <= done.returncode <= 3:
            return f"exit code {done.returncode}"
        if not done.stderr and not stderr_fails:
            return "failed without a word"
        # Only waiting for the folder, or closing, may fail when the file is already in its place.
        if left and not (left == {made} and self.is_whole(made, folder)):
            return f"left {left}"
        for path, content in contents(f"{folder}/out").items():
            if self.tree.get(path.removeprefix("tree/")) != content:
                return f"left half of {path}"
        return None

    def one(self, name, call, error, at, onwards):
        arguments, made = RUNS[name]
        what = f"{name}, {call} {error}, call {at}{' and all after it' if onwards else ''}"
        folder = self.copy(f"{name}-{call}-{error}-{at}-{onwards}")
        try:
            inject = f"inject={call}:error={error}:when={at}{'+' if onwards else ''}"
            done = traced(arguments, folder, "/dev/null", "-e", f"trace={call}", "-e", inject)
            wrong = self.verdict(made, folder, done, call == "write" and onwards)
        except subprocess.TimeoutExpired:
            wrong = "hung"
        shutil.rmtree(folder)
        return wrong and f"{what}: {wrong}: {'' if wrong == 'hung' else done.stderr.decode(errors='replace')[:300]}"

    def cases(self):
        for name, (arguments, _) in RUNS.items():
            folder = self.copy("plain")
            calls = count(arguments, folder)
            shutil.rmtree(folder)
            for call, errors in FAULTS.items():
                first, last = self.loading.get(call, 0) + 1, calls.get(call, 0)
                places = sorted({first, (first + last) // 2, last})
                for at in [place for place in places if first <= place <= last]:
                    for error in errors:
                        # Interrupted for ever is no state that a system is in.
                        for onwards in [False] if error == "EINTR" else [False, True]:
                            yield name, call, error, at, onwards


def main():
    if shutil.which("strace") is None or subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"],
                                                        capture_output=True).returncode != 0:
        print("faults: strace CANNOT TRACE HERE: NOT TESTED")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        faults = Faults(folder)
        cases = list(faults.cases())
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            wrong = [found for found in pool.map(lambda case: faults.one(*case), cases) if found]
    for found in wrong:
        print("FAILED", found)
    print(f"faults: {len(cases)} runs, {len(wrong)} wrong")
    return 1 if wrong else 0


sys.exit(main())
