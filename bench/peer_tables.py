"""The tables of bench/peers.py, in markdown."""


def number(value):
    """Three significant digits."""
    if value is None:
        return "-"
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def speed(cell, size):
    return size / 1e6 / cell["seconds"] if cell["seconds"] else None


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |",
             "|---|---|" + "---:|" * (len(head) - 2)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def versus(cell, other):
    """The speed of `cell` as a multiple of the speed of `other`."""
    if other is None or not cell["seconds"] or not other["seconds"]:
        return "-"
    return f"{other['seconds'] / cell['seconds']:.2f}"


def failed(cell, width):
    return ["failed: " + cell["error"].replace("|", "/")] + [""] * (width - 1)


def writing(cells, size):
    ours = {(cell["level"], cell["threads"]): cell for cell in cells if cell["tool"] == "braid"}
    rows = []
    for cell in sorted(cells, key=lambda c: (c["braid_level"], c["threads"], c["tool"] != "braid",
                                             c["tool"], c["level"])):
        row = [f"{cell['tool']} -{cell['level']}", str(cell["threads"])]
        if cell["error"]:
            rows.append(row + failed(cell, 6))
            continue
        rows.append(row + [number(speed(cell, size)), number(cell["cpu_seconds"]),
                           f"{100 * cell['size'] / size:.2f} %", number(cell["peak"] / 1e6 or None),
                           versus(cell, ours.get((cell["braid_level"], cell["threads"]))),
                           str(len(cell["wall"]))])
    return table(["writer", "threads", "MB/s", "CPU s", "size", "peak MB", "x braid", "runs"], rows)


def reading(cells, size):
    def file_of(cell):
        return f"{cell['maker']} -{cell['level']}"

    ours = {(file_of(cell), cell["threads"]): cell for cell in cells if cell["tool"] == "braid"}
    rows, last = [], None
    for cell in sorted(cells, key=lambda c: (c["braid_level"], c["maker"] != "braid", file_of(c),
                                             c["threads"], c["tool"] != "braid", c["tool"])):
        file = file_of(cell)
        row = ["" if file == last else file, cell["tool"], str(cell["threads"])]
        last = file
        if cell["error"]:
            rows.append(row + failed(cell, 5))
            continue
        rows.append(row + [number(speed(cell, size)), number(cell["cpu_seconds"]),
                           number(cell["peak"] / 1e6 or None),
                           versus(cell, ours.get((file, cell["threads"]))), str(len(cell["wall"]))])
    return table(["written by", "read by", "threads", "MB/s", "CPU s", "peak MB", "x braid", "runs"],
                 rows)


def head(result):
    machine = result["machine"]
    lines = [
        f"Data: {result['data']}, {result['bytes']:,} bytes. Medians of {result['rounds']} round"
        f"{'s' if result['rounds'] > 1 else ''},", "in each of which every row ran once. MB/s: 10^6 plain bytes a second of wall time, of the",
        "whole process. *x braid*: speed as a multiple of braid's at the same level (as near as",
        "scales allow) and number of threads; above 1 is faster than braid. *2 x* a program of one",
        "thread: two processes side by side, each with all of the data, as if each did half: what this",
        "machine gives to two threads at all. Inputs in memory.",
        "",
        f"Machine: {machine['cpu']}, {machine['cpus']} CPUs, {machine['memory']}, Linux "
        f"{machine['kernel']}; load {machine['load']} at the start.",
        "",
        "Versions: " + "; ".join(f"{name}: {text or 'not told'}"
                                 for name, text in result["versions"].items()) + ".",
    ]
    if result["missing"]:
        lines += ["", "Not installed: " + ", ".join(result["missing"]) + "."]
    if result["faults"]:
        lines += ["", "**Faults of braid:** " + "; ".join(result["faults"]) + "."]
    return lines


def page(result):
    lines = ["# braid beside its peers", ""] + head(result)
    for format in dict.fromkeys(cell["format"] for cell in result["cells"]):
        cells = [cell for cell in result["cells"] if cell["format"] == format]
        lines += ["", f"## {format}", "", "### Writing", ""]
        lines += writing([c for c in cells if c["direction"] == "write"], result["bytes"])
        lines += ["", "### Reading", ""]
        lines += reading([c for c in cells if c["direction"] == "read"], result["bytes"])
    return "\n".join(lines) + "\n"
