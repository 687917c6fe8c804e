"""What a power cut would leave: the calls to the system in their order.

A list of files gets its name when they are on disk: each was synced, or the whole disk was after the last of them got its name.
An original goes when what takes its place was synced by itself.
"""

import re
import shutil

from .town import Result

CALLS = "trace=fsync,fdatasync,syncfs,rename,renameat,renameat2,unlink,unlinkat"
COMMANDS = {
    "download": "download ../clean/meta.csv --into pictures -o list.csv",
    "tag-exif": "tag-exif pictures.csv --zone position -o list.csv",
    "to-webp --delete": "to-webp pictures.csv --method 0 --delete -o list.csv",
    "pack-tar": "pack-tar pictures.csv --into tars -o list.csv",
    "pack-tar --delete": "pack-tar pictures.csv --into tars --delete -o list.csv",
    "unpack-tar": "unpack-tar tars --into loose -o list.csv",
    "get-meta": "get-meta ../clean/images.csv -o list.csv",
}


def trials(town, _):
    for tool, command in COMMANDS.items():
        yield lambda tool=tool, command=command: trial(town, tool, command)


def trial(town, tool, command):
    name, folder = f"a power cut after any call, {tool}", town.work / "synced"
    if not shutil.which("strace"):
        return Result(name, 0, 0, "not made: no strace")
    shutil.copytree(town.clean, folder)
    if tool == "download":
        shutil.rmtree(folder / "pictures")
    if tool == "unpack-tar":
        town.shell("pack-tar pictures.csv --into tars -q > packed.csv", folder, town.good)
    status, said = town.shell(f"strace -f -y -s 4096 -o calls -e {CALLS} {command} -q", folder, town.good)
    made, wrong = judge((folder / "calls").read_text(errors="replace").splitlines(), str(folder))
    shutil.rmtree(folder)
    if status:
        return Result(name, made, 0, f"status {status}: {said[:200]}", True)
    return Result(name, made, len(wrong), wrong[0] if wrong else "what is listed is there, what went is elsewhere", bool(wrong))


def judge(calls, folder):
    """How many files got a name or went, and what was wrong."""
    named, synced, made, wrong = set(), set(), 0, []
    for call in whole(calls):
        if not re.search(r"= 0$", call):
            continue
        if found := re.search(r"\bf(?:data)?sync\(\d+<([^>]*)>", call):
            synced.add(stem(found[1]))
            named.discard(stem(found[1]))
        elif re.search(r"\bsyncfs\(", call):
            named.clear()
        elif found := re.search(r'\brename(?:at2?)?\(.*?"([^"]*)", (?:AT_FDCWD(?:<[^>]*>)?, |\d+<[^>]*>, )?"([^"]*)"', call):
            old, new = found[1], found[2]
            made += 1
            if new.endswith("list.csv"):
                wrong += [f"{name} may not be there" for name in sorted(named)[:1]]
            elif is_counted(new) and stem(old) not in synced:
                named.add(stem(new))
        elif (found := re.search(r'\bunlink(?:at)?\(.*?"([^"]*)"', call)) and is_original(found[1]):
            made += 1
            if stem(found[1]) not in synced and not any(place.endswith((".webp", ".tar")) for place in synced):
                wrong.append(f"{stem(found[1])} went before its successor was on disk")
    return made, wrong


def whole(calls):
    """Calls that others interrupted, joined."""
    begun = {}
    for call in calls:
        thread = call.split(" ", 1)[0]
        if call.endswith("<unfinished ...>"):
            begun[thread] = call.removesuffix("<unfinished ...>")
        elif found := re.search(r"<\.\.\. \w+ resumed>(.*)", call):
            yield begun.pop(thread, "") + found[1]
        else:
            yield call


def stem(path):
    """The name that a file has in the end: without the dot and the endings of the time before."""
    return re.sub(r"\.(part|new|removed)$", "", re.sub(r"\.(part|new|removed)$", "", path.rsplit("/", 1)[-1])).lstrip(".")


def is_counted(path):
    return path.endswith((".jpg", ".webp", ".tar"))


def is_original(path):
    return stem(path).endswith(".jpg")
