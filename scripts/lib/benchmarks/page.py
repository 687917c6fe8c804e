"""BENCHMARKS.md, made of the runs that are kept: of each part the figures of the newest run that has it."""

import re
from dataclasses import dataclass

# What a part begins with, what does less than the whole work, and what that is. Our tool cannot be faster than a perfect
# version of it.
FLOORS = [
    ("read-exif", "head -c64K", "reads the first 64 KB of each file"),
    (
        "tag-exif",
        "cp -r",
        "copies the files. `tag-exif` has the system copy what stays of each (`copy_file_range`), and writes the metadata alone; no "
        "file system can share those blocks (reflinks), since metadata of another length moves all that follows",
    ),
    (
        "places written",
        "cp -r",
        "copies the files. `geotag-gpx --write` replaces each photo where it is: a new file, synced before it gets the name, then the old one "
        "is removed, after checks that nobody else has changed it. Of its time nearly all is in the kernel (perf and strace, 28 November "
        "2026, 500 photos: creating, syncing and freeing files; 0.04 s are its own)",
    ),
    ("pack-tar", "cp -r", "copies the files, without digests"),
    ("verify-archive", "openssl dgst", "makes one digest of each file, on one thread"),
    (
        "to-webp",
        "xargs -P",
        "encodes the same pixels by the same libwebp. `to-webp` gives it luma and chroma as the JPEG stores them, without colours in between: "
        "1.27 billion instructions a picture (callgrind, 28 November 2026), 1.44 with colours, and 1.47 of `cwebp`. 93 % of them are "
        "libwebp's encoder, which stays; 7 % decode the JPEG. Tried without gain beyond noise: libwebp 1.6 in place of 1.3, and the SIMD "
        "of libjpeg, which needs nasm to build",
    ),
    ("download", "curl -Z", "fetches the bytes, and checks and syncs nothing"),
]

# Where the floor is more than 1.3 times as fast: why, and what was tried.
NOTES = [
    (
        "places written",
        "Each photo is on the disk (`fsync`) before it takes the name of the old one; `cp -r` waits for none. With `fsync` made to do "
        "nothing, `geotag-gpx --write` took as long as its version that did not wait, so the rest is that wait, and it stays.",
    ),
    (
        "pack-tar",
        "Beside the copy, `pack-tar` makes a SHA-256 of all bytes: `openssl dgst` takes as long for that alone as the whole of "
        "`pack-tar`, which does it on all threads.",
    ),
]

OURS = {"rows", "download", "read-exif", "tag-exif", "geotag-gpx", "time-split", "pack-tar", "verify-archive", "to-webp"}

MACHINE = re.compile(r"(\d{4}-\d\d-\d\d), commit (\w+), (.+), load ([\d.]+)")
FIGURES = re.compile(r"  (\S.*?) +([\d.]+) +([\d.]+) +([\d.]+) s +([\d.]+) s +([\d.]+) MB")

HEAD = """\
# Benchmarks

Each tool beside the programs that one would take otherwise, in one run on one machine. `scripts/bench --record` measures, keeps
what it measured in [benches/runs](benches/runs), and writes this page: each part has the newest run that measured it.

* All commands of a part take turns, so that a busy moment of the machine hits all. The times are seconds on the clock: the middle
  of all runs, with the fastest and the slowest.
* The floor does less than the whole work, and so tells how much is left to gain.
* The memory is that of the largest process. In runs before 28 November 2026 it is never less than that of the script.

Other figures: [memory and seconds up to ten million rows, and one pace for many processes](docs/scale.md);
[serving an archive](docs/serving.md); [uploads](docs/reliability.md#uploads).
"""


@dataclass
class Contender:
    name: str
    fastest: float
    median: float
    slowest: float
    cpu: float
    memory: float


@dataclass
class Part:
    title: str
    # Date, commit, processors, load.
    machine: tuple
    contenders: list


def parts_of(text):
    """The parts of a kept run, those that were broken off left out."""
    found, machine, title = [], None, None
    for line in text.splitlines():
        if match := MACHINE.match(line):
            machine = match.groups()
        elif match := FIGURES.match(line):
            if not found or found[-1].title != title:
                found.append(Part(title, machine, []))
            found[-1].contenders.append(Contender(match[1], *map(float, match.groups()[1:])))
        elif line and not line.startswith((" ", "`", "#", "Written")):
            title = line
    return found


def newest(runs):
    """The parts by their titles, of files whose names sort by date."""
    parts = {}
    for path in sorted(runs.glob("*.md")):
        for part in parts_of(path.read_text()):
            # "the same" goes on with the part before.
            if part.title == "the same" and parts:
                list(parts.values())[-1].contenders.extend(part.contenders)
                continue
            parts.pop(part.title, None)
            parts[part.title] = part
    return sorted(parts.values(), key=heading)


def floor_of(part):
    for prefix, name, words in FLOORS:
        if part.title.startswith(prefix):
            return next(((it, words) for it in part.contenders if it.name.startswith(name)), (None, None))
    return None, None


def ours_of(part):
    return next((it for it in part.contenders if it.name.split()[0] in OURS), part.contenders[0])


def ratio(other, ours):
    """How many times as long the other one takes."""
    return f"{other.median / ours.median:.1f}" if ours.median else "?"


def heading(part):
    """The tool, and what it does there."""
    name = ours_of(part).name
    return f"`{name}`: {part.title.removeprefix(f'{name}: ')}"


def peers_of(part):
    """The fastest first."""
    floor, _ = floor_of(part)
    peers = [it for it in part.contenders if it is not ours_of(part) and it is not floor]
    return sorted(peers, key=lambda it: it.median)


def summary(parts):
    yield "| | ours | next program | times as long as ours | floor | times as long as ours |"
    yield "|---|---|---|---|---|---|"
    for part in parts:
        ours, (floor, _), peers = ours_of(part), floor_of(part), peers_of(part)
        cells = [heading(part), f"{ours.median:.2f} s"]
        for other in (peers[0] if peers else None, floor):
            cells += [f"`{other.name}`", f"{ratio(other, ours)} ({other.median:.2f} s)"] if other else ["", ""]
        yield f"| {' | '.join(cells)} |"


def detail(part):
    date, commit, processors, load = part.machine
    ours, (floor, words) = ours_of(part), floor_of(part)
    yield f"## {heading(part)}"
    yield ""
    yield f"{date}, commit {commit}, {processors}, load {load} at the start."
    yield ""
    yield "| program | seconds | fastest to slowest | processor | memory | times as long as ours |"
    yield "|---|---|---|---|---|---|"
    for it in part.contenders:
        name = f"`{it.name}`" + (" (floor)" if it is floor else "")
        times = "" if it is ours else ratio(it, ours)
        yield f"| {name} | {it.median:.2f} | {it.fastest:.2f} to {it.slowest:.2f} | {it.cpu:.2f} s | {it.memory:.0f} MB | {times} |"
    yield ""
    if floor:
        yield f"The floor {words}."
    if floor and ours.median > 1.3 * floor.median:
        yield from (note for prefix, note in NOTES if part.title.startswith(prefix))


def page(runs):
    parts = newest(runs)
    sections = [HEAD, "\n".join(summary(parts)), *("\n".join(detail(part)).rstrip() for part in parts)]
    return "\n\n".join(section.strip() for section in sections) + "\n"


def write(folder):
    (folder / "BENCHMARKS.md").write_text(page(folder / "benches" / "runs"))
