"""The plots of bench/peers.py: speed against size, one SVG for each format and direction.

Written by hand so that nothing has to be installed. Colours follow the reader's light or dark
setting; lines join the levels of one program, dashed where one thread worked.
"""
import math
from html import escape

WIDTH, HEIGHT = 860, 480
LEFT, RIGHT, TOP, BOTTOM = 74, 236, 46, 58
# Hues that differ for readers who tell red from green badly, too; braid is the first.
COLOURS = ["#d1495b", "#3a7ca5", "#7a9e3f", "#b07aa1", "#c98a1b", "#2a9d8f", "#8c6d5a", "#6f7bd1"]
SHAPES = ["circle", "square", "diamond", "triangle"]
STYLE = """
  .page { fill: #ffffff } .ink { fill: #24292f } .line { stroke: #d0d7de } .frame { stroke: #57606a }
  text { font: 13px system-ui, sans-serif } .title { font-size: 16px; font-weight: 600 }
  .small { font-size: 11px }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } .ink { fill: #e6edf3 } .line { stroke: #30363d }
    .frame { stroke: #8b949e }
  }
"""


def ticks_of_log(low, high):
    """1, 2 and 5 times the powers of ten between the limits; all digits within half a decade."""
    steps = (1, 2, 5) if high / low > 5 else (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9)
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        for step in steps:
            value = step * 10.0 ** power
            if low <= value <= high:
                yield value


def ticks_of_percent(low, high):
    span = high - low
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100) if span / s <= 9)
    value = math.ceil(low / step - 1e-9) * step
    while value <= high + 1e-9:
        yield value
        value += step


class Scale:
    """From sizes (per cent, linear) and speeds (MB/s, logarithmic) to places in the plot."""

    def __init__(self, points):
        sizes = [point["x"] for point in points]
        speeds = [point["y"] for point in points]
        margin = max(0.06 * (max(sizes) - min(sizes)), 0.3)
        self.x_low, self.x_high = max(0.0, min(sizes) - margin), max(sizes) + margin
        self.y_low, self.y_high = min(speeds) / 1.35, max(speeds) * 1.35

    def x(self, percent):
        return LEFT + (percent - self.x_low) / (self.x_high - self.x_low) * (WIDTH - LEFT - RIGHT)

    def y(self, speed):
        part = math.log(speed / self.y_low) / math.log(self.y_high / self.y_low)
        return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM)


def text(x, y, content, anchor="start", kind="ink", turn=None):
    rotated = f' transform="rotate({turn} {x:.1f} {y:.1f})"' if turn is not None else ""
    return (f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{rotated}>'
            f'{escape(content)}</text>')


def mark(x, y, shape, colour, hollow):
    paint = f'fill="{"none" if hollow else colour}" stroke="{colour}" stroke-width="2"'
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" {paint}/>'
    corners = {"square": [(-4.5, -4.5), (4.5, -4.5), (4.5, 4.5), (-4.5, 4.5)],
               "diamond": [(0, -6), (6, 0), (0, 6), (-6, 0)],
               "triangle": [(0, -6), (5.5, 4.5), (-5.5, 4.5)]}[shape]
    places = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon points="{places}" {paint}/>'


def axes(scale, title, y_label):
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    out = [f'<rect class="page" width="{WIDTH}" height="{HEIGHT}"/>',
           text(LEFT, 26, title, kind="ink title")]
    for value in ticks_of_percent(scale.x_low, scale.x_high):
        x = scale.x(value)
        out.append(f'<line class="line" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}"/>')
        out.append(text(x, bottom + 18, f"{value:g}", "middle"))
    for value in ticks_of_log(scale.y_low, scale.y_high):
        y = scale.y(value)
        out.append(f'<line class="line" x1="{LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>')
        out.append(text(LEFT - 8, y + 4, f"{value:g}", "end"))
    out.append(f'<rect class="frame" fill="none" x="{LEFT}" y="{TOP}" width="{right - LEFT}" '
               f'height="{bottom - TOP}"/>')
    out.append(text((LEFT + right) / 2, HEIGHT - 16,
                    "packed size, % of the plain size (smaller is better)", "middle"))
    out.append(text(20, (TOP + bottom) / 2, y_label, "middle", turn=-90))
    return out


def plot(points, title, y_label):
    """`points`: dicts with series, threads, level, x (per cent), y (MB/s)."""
    scale = Scale(points)
    names = list(dict.fromkeys(point["series"] for point in points))
    names.sort(key=lambda name: (not name.startswith("braid"), name))
    most = max(point["threads"] for point in points)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
           f'aria-label="{escape(title)}">', f"<style>{STYLE}</style>"]
    out += axes(scale, title, y_label)
    place = TOP + 8
    for index, name in enumerate(names):
        colour = COLOURS[index % len(COLOURS)]
        shape = SHAPES[index % len(SHAPES)]
        for threads in sorted({p["threads"] for p in points if p["series"] == name}):
            line = sorted((p for p in points if p["series"] == name and p["threads"] == threads),
                          key=lambda p: p["level"])
            single = threads == 1 and most > 1
            dash = ' stroke-dasharray="4 4"' if single else ""
            places = " ".join(f"{scale.x(p['x']):.1f},{scale.y(p['y']):.1f}" for p in line)
            out.append(f'<polyline points="{places}" fill="none" stroke="{colour}" '
                       f'stroke-width="{2.5 if name == "braid" else 1.5}"{dash}/>')
            for p in line:
                x, y = scale.x(p["x"]), scale.y(p["y"])
                out.append(mark(x, y, shape, colour, single))
                out.append(text(x + 8, y - 6, f"{p['level']}", kind="ink small"))
            out.append(f'<line x1="{WIDTH - RIGHT + 14}" y1="{place}" x2="{WIDTH - RIGHT + 46}" '
                       f'y2="{place}" stroke="{colour}" stroke-width="2"{dash}/>')
            out.append(mark(WIDTH - RIGHT + 30, place, shape, colour, single))
            out.append(text(WIDTH - RIGHT + 54, place + 4,
                            f"{name}, {threads} thread{'s' if threads > 1 else ''}"))
            place += 19
    out.append(text(WIDTH - RIGHT + 14, place + 8, "numbers: levels", kind="ink small"))
    return "\n".join(out) + "\n</svg>\n"


def points_of(cells, size):
    """Writing: all cells. Reading: each program on its own files."""
    for cell in cells:
        own = cell["copies"] == 1 and (cell["direction"] == "write" or cell["maker"] == cell["tool"])
        if own and not cell["error"] and cell["seconds"] and cell["size"]:
            yield {"series": cell["tool"], "threads": cell["threads"], "level": cell["level"],
                   "x": 100 * cell["size"] / size, "y": size / 1e6 / cell["seconds"]}


def all_plots(result):
    """{file name: SVG}."""
    plots = {}
    for format in dict.fromkeys(cell["format"] for cell in result["cells"]):
        for direction, verb in (("write", "writing"), ("read", "reading its own files")):
            points = list(points_of([cell for cell in result["cells"] if cell["format"] == format
                                     and cell["direction"] == direction], result["bytes"]))
            if points:
                plots[f"{format}-{direction}.svg"] = plot(
                    points, f"{format}: {verb}", f"{'packing' if direction == 'write' else 'reading'}"
                    ", MB/s of plain bytes (log)")
    return plots
