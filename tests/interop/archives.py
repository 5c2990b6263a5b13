#!/usr/bin/env python3
"""Trees that are packed and unpacked by braid and by the tools that define the formats, both ways:
names, bytes, modes, times, links, holes and attributes must come back as they were.

    archives.py BRAID

A tool that is not installed is reported, loudly, and skipped.
"""
import hashlib
import os
import random
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile

BRAID = os.path.abspath(sys.argv[1])
# Inode times are kept to the nanosecond; these lie before 1970, within, and beyond 32 bits.
TIMES = [-5_500_000_000, 1_700_000_000_123_456_789, 4_300_000_000_000_000_001]
failures = []


def run(command, cwd, **more):
    done = subprocess.run(command, cwd=cwd, capture_output=True, **more)
    if done.returncode != 0:
        failures.append(f"{command}: exit code {done.returncode}: {done.stderr.decode(errors='replace')[:500]}")
    return done


def make_tree(root, plain=False):
    """`plain`: what every format can say."""
    random.seed(1)
    os.makedirs(f"{root}/dir/empty")
    os.makedirs(f"{root}/" + "/".join(["deep" * 12] * 6))
    names = ["a", "dir/b", "sp ace", "-dash", "dot.", "..dots", "back\\slash", "quo'te\"", "star*[x]?"]
    if not plain:
        names += ["new\nline", "tab\t", "bytes\udcff\udcfe", "x" * 255, "/".join(["deep" * 12] * 6) + "/f"]
    for i, name in enumerate(names):
        with open(f"{root}/{name}", "wb") as file:
            file.write(random.randbytes(i * 40_000 % 700_001))
        os.chmod(f"{root}/{name}", [0o644, 0o600, 0o755, 0o444, 0o640][i % 5])
    os.symlink("a", f"{root}/link")
    os.symlink("dir/../a", f"{root}/through")
    os.symlink("nowhere", f"{root}/dangling")
    if not plain:
        os.link(f"{root}/a", f"{root}/dir/second")
        os.link(f"{root}/a", f"{root}/zz third")
        with open(f"{root}/holes", "wb") as file:
            file.seek(3 << 20)
            file.write(b"between holes")
            file.truncate(9 << 20)
        with open(f"{root}/one hole", "wb") as file:
            file.truncate(5 << 20)
        try:
            os.setxattr(f"{root}/a", "user.note", b"\x00binary\xff")
            os.setxattr(f"{root}/dir", "user.folder", b"yes")
        except OSError:
            print("archives: this file system keeps no attributes: NOT TESTED")
    os.chmod(f"{root}/dir/empty", 0o700)
    times = [TIMES[1]] if plain else TIMES
    for i, (folder, folders, files) in enumerate(sorted(os.walk(root, topdown=False))):
        for name in sorted(files + folders):
            os.utime(f"{folder}/{name}", ns=(TIMES[1], times[(i + len(name)) % len(times)]), follow_symlinks=False)
    os.utime(root, ns=(TIMES[1], TIMES[1]))


def describe(root, whole_seconds=False, links=True, holes=False, xattrs=False, folders=True, modes=True):
    """What can be said of every file below, by path."""
    told = {}
    inodes = {}
    for folder, names, files in os.walk(root):
        for name in names + files:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            kind = stat.S_IFMT(status.st_mode)
            key = os.path.relpath(path, root)
            item = {"kind": kind}
            if not stat.S_ISLNK(kind) and modes:
                item["mode"] = oct(stat.S_IMODE(status.st_mode))
            if not stat.S_ISDIR(kind) or folders:
                item["time"] = status.st_mtime_ns // 1_000_000_000 if whole_seconds else status.st_mtime_ns
            if stat.S_ISLNK(kind):
                item["target"] = os.readlink(path)
                if not links:
                    del item["time"]
            if stat.S_ISREG(kind):
                item["size"] = status.st_size
                with open(path, "rb") as file:
                    item["sum"] = hashlib.sha256(file.read()).hexdigest()
                if links:
                    inodes.setdefault(status.st_ino, []).append(key)
                if holes:
                    item["holes"] = status.st_blocks * 512 < status.st_size
            if xattrs and not stat.S_ISLNK(kind):
                item["xattrs"] = {n: os.getxattr(path, n).hex() for n in sorted(os.listxattr(path)) if n.startswith("user.")}
            told[key] = item
    for names in inodes.values():
        for name in names:
            told[name]["is also"] = sorted(set(names) - {name})
    return told


def compare(what, wanted, got):
    for key in sorted(wanted.keys() | got.keys(), key=os.fsencode):
        if wanted.get(key) != got.get(key):
            failures.append(f"{what}: {key!r}: {wanted.get(key)} became {got.get(key)}")
            return
    print(f"archives: {what}: {len(wanted)} names as they were")


def have(tool):
    if shutil.which(tool):
        return True
    print(f"archives: {tool} IS NOT INSTALLED: NOT TESTED")
    return False


def fresh(folder, name):
    path = f"{folder}/{name}"
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def tar_both_ways(folder):
    make_tree(f"{folder}/t")
    wanted = describe(f"{folder}/t", holes=True, xattrs=True)
    for form in ["tar", "tar.gz", "tar.zst", "tar.xz", "tar.bz2", "tar.lz4", "tar.br"]:
        archive = f"{folder}/a.{form}"
        run([BRAID, "create", "--xattrs", archive, "t"], folder)
        out = fresh(folder, "out")
        run([BRAID, "extract", "--preserve", "--xattrs", archive, "-C", out], folder)
        compare(f"braid's {form} by braid", wanted, describe(f"{out}/t", holes=True, xattrs=True))
        if form in ("tar", "tar.gz", "tar.zst", "tar.xz"):
            out = fresh(folder, "out")
            run(["tar", "-xpf", archive, "--xattrs", "-C", out], folder)
            compare(f"braid's {form} by GNU tar", wanted, describe(f"{out}/t", holes=True, xattrs=True))
    if have("bsdtar"):
        out = fresh(folder, "out")
        run(["bsdtar", "-xpf", "a.tar", "-C", out], folder)
        # libarchive takes the fraction of a moment before 1970 for one after it.
        wanted = {name: item for name, item in wanted.items() if item["time"] >= 0}
        got = describe(f"{out}/t", holes=True, xattrs=True)
        compare("braid's tar by bsdtar", wanted, {name: item for name, item in got.items() if name in wanted})
    plain = describe(f"{folder}/t", whole_seconds=True)
    for options in [["--format=gnu"], ["--format=gnu", "-S"], ["--format=posix"], ["--format=posix", "-S"],
                    ["--format=posix", "-S", "--sparse-version=0.0"], ["--format=posix", "-S", "--sparse-version=0.1"],
                    ["--format=posix", "-z"], ["--format=gnu", "-J"]]:
        run(["tar", *options, "-cf", "g.tar", "t"], folder)
        out = fresh(folder, "out")
        run([BRAID, "extract", "--preserve", "g.tar", "-C", out], folder)
        compare(f"GNU tar's {' '.join(options)} by braid", plain, describe(f"{out}/t", whole_seconds=True))
        run([BRAID, "diff", "g.tar", out], folder)
    exact = describe(f"{folder}/t", xattrs=True)
    if have("setfacl") and have("getfacl"):
        done = subprocess.run(["setfacl", "-m", "u:12345:r", "t/a"], cwd=folder, capture_output=True)
        if done.returncode == 0:
            run([BRAID, "create", "-F", "tar", "--acls", "acl.tar", "t/a"], folder)
            out = fresh(folder, "out")
            run([BRAID, "extract", "--preserve", "--acls", "acl.tar", "-C", out], folder)
            got = run(["getfacl", "-n", f"{out}/t/a"], folder).stdout
            if b"user:12345:r--" not in got:
                failures.append(f"an access control list became {got}")
            run(["setfacl", "-b", "t/a"], folder)
            os.utime(f"{folder}/t/a", ns=(TIMES[1], TIMES[1]))
            exact = describe(f"{folder}/t", xattrs=True)
    run(["tar", "--format=posix", "--xattrs", "-cf", "g.tar", "t"], folder)
    out = fresh(folder, "out")
    run([BRAID, "x", "--preserve", "--xattrs", "-", "-C", out], folder, stdin=open(f"{folder}/g.tar", "rb"))
    compare("GNU tar's pax with attributes by braid, through a pipe", exact, describe(f"{out}/t", xattrs=True))


def zip_both_ways(folder):
    make_tree(f"{folder}/t", plain=True)
    # Info-ZIP keeps neither fractions of seconds nor the times of links.
    wanted = describe(f"{folder}/t", whole_seconds=True, links=False, folders=False)
    run([BRAID, "create", "a.zip", "t"], folder)
    out = fresh(folder, "out")
    run([BRAID, "extract", "--preserve", "a.zip", "-C", out], folder)
    compare("braid's zip by braid", wanted, describe(f"{out}/t", whole_seconds=True, links=False, folders=False))
    if have("unzip"):
        out = fresh(folder, "out")
        run(["unzip", "-q", "a.zip", "-d", out], folder)
        compare("braid's zip by unzip", wanted, describe(f"{out}/t", whole_seconds=True, links=False, folders=False))
    with zipfile.ZipFile(f"{folder}/a.zip") as archive:
        if archive.testzip() is not None:
            failures.append("python finds braid's zip damaged")
        for name in archive.namelist():
            path = f"{folder}/{name}"
            if os.path.isfile(path) and not os.path.islink(path) and archive.read(name) != open(path, "rb").read():
                failures.append(f"python reads other bytes of {name}")
    if have("zip"):
        run(["zip", "-qry", "z.zip", "t"], folder)
        out = fresh(folder, "out")
        run([BRAID, "extract", "--preserve", "z.zip", "-C", out], folder)
        compare("zip's archive by braid", wanted, describe(f"{out}/t", whole_seconds=True, links=False, folders=False))
    zip_of_others(folder, contents(f"{folder}/t"))


def contents(root):
    """The sum of every plain file below, by path: all that some programs keep."""
    return {name: item["sum"] for name, item in describe(root).items() if "sum" in item}


# Programs that are no oracle of modes, times and links in a zip, only of names and bytes: how each
# unpacks an archive into the folder that it is started in, and packs.
OTHERS = [
    ("7zz", ["7zz", "x", "-bd", "-y"], ["7zz", "a", "-bd", "-tzip"]),
    ("bsdtar", ["bsdtar", "-xf"], ["bsdtar", "--format=zip", "-cf"]),
    ("jar", ["jar", "xf"], ["jar", "cMf"]),
]


def zip_of_others(folder, wanted):
    # Without the links: 7zz takes dir/../a for an attack, and jar stops at one that dangles.
    for link in ["link", "through", "dangling"]:
        os.unlink(f"{folder}/t/{link}")
    run([BRAID, "create", "c.zip", "t"], folder)
    for tool, unpack, pack in OTHERS:
        if not have(tool):
            continue
        out = fresh(folder, "out")
        run([*unpack, f"{folder}/c.zip"], out)
        compare(f"braid's zip by {tool}", wanted, {k: v for k, v in contents(f"{out}/t").items() if k in wanted})
        out = fresh(folder, "out")
        run([*pack, f"{folder}/b.zip", "t"], folder)
        run([BRAID, "extract", f"{folder}/b.zip", "-C", out], folder)
        compare(f"{tool}'s zip by braid", wanted, {k: v for k, v in contents(f"{out}/t").items() if k in wanted})
        os.unlink(f"{folder}/b.zip")


def main():
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        tar_both_ways(one)
        zip_both_ways(two)
    for failure in failures:
        print("FAILED", failure)
    sys.exit(1 if failures else 0)


main()
