"""Few file handles, small files, a clock that jumps, a folder that may not be written, two runs at once."""

import os
import resource
import shutil
import subprocess

from .town import Result, digests, half_pictures


def trials(town, flags):
    for handles in (16, 24, 32, 64):
        yield lambda handles=handles: limited(town, f"{handles} file handles", resource.RLIMIT_NOFILE, handles)
    for size in (4_096, 65_536):
        yield lambda size=size: limited(town, f"no file over {size} bytes", resource.RLIMIT_FSIZE, size)
    for jump in ("-1d", "+1d", "-40y"):
        yield lambda jump=jump: clock(town, jump)
    yield lambda: read_only(town)
    yield lambda: at_once(town, flags.kills)


def limited(town, name, which, value):
    """The run may fail, in words; with the limit gone it ends right."""
    folder = town.work / "limited"
    status, said = town.chain(folder, town.good, preexec_fn=lambda: resource.setrlimit(which, (value, value)))
    if status not in (0, 1, 2, 128 + 25):
        return end(folder, Result(name, 1, 1, f"status {status}: {said[:200]}", True))
    if half := half_pictures(folder):
        return end(folder, Result(name, 1, 1, f"a half picture: {half[0]}", True))
    if status == 0 and not town.is_clean(folder):
        return end(folder, Result(name, 1, 1, "status 0, and not what a clean run has", True))
    then, words = town.chain(folder, town.good)
    if then or not town.is_clean(folder):
        return end(folder, Result(name, 1, 1, f"wrong without the limit: {words[:200]}", True))
    return end(folder, Result(name, 1, int(status != 0), "enough" if status == 0 else f"status {status}, right without the limit"))


def clock(town, jump):
    """Half of the work with a clock of another day, the rest with the right one."""
    name, folder = f"a clock {jump} off", town.work / "clock"
    if not shutil.which("faketime"):
        return Result(name, 0, 0, "not made: no faketime")
    shutil.copytree(town.clean, folder)
    for file in ("pictures.csv", "meta.csv"):
        (folder / file).unlink()
    shutil.rmtree(folder / "pictures")
    stages = "get-meta images.csv -q -o meta.csv && download meta.csv -q --into pictures -o pictures.csv"
    status, said = town.shell(f"faketime -f {jump} bash -c '{stages}'", folder, town.good)
    if status or not town.is_clean(folder):
        return end(folder, Result(name, 1, 1, f"status {status}: {said[:200]}", True))
    status, said = town.chain(folder, town.good)
    is_right = status == 0 and town.is_clean(folder)
    return end(folder, Result(name, 1, 1, "right, and so is the next run" if is_right else f"then: {said[:200]}", not is_right))


def read_only(town):
    """A folder that may not be written to ends the run in words, and nothing is there."""
    name, folder = "a folder without permission", town.work / "locked"
    folder.mkdir(mode=0o555)
    user = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    town.work.chmod(0o755)
    run = subprocess.run(["download", town.clean / "meta.csv", "--into", folder / "pictures"], env=town.env(town.good), cwd="/",
                         capture_output=True, text=True, executable=town.tools / "download", **user)
    is_right = run.returncode == 2 and "locked" in run.stderr and not any(folder.iterdir())
    return end(folder, Result(name, 1, 1, "status 2, by name" if is_right else f"status {run.returncode}: {run.stderr[:200]}", not is_right))


def at_once(town, tries):
    """Two runs into one folder, begun together: each picture whole and once, each list whole."""
    name, folder = "two runs at once into one folder", town.work / "twice"
    refused = 0
    for made in range(1, tries + 1):
        command = "download ../clean/meta.csv -q --into pictures -o pictures{}.csv"
        runs = [(folder.mkdir(exist_ok=True), subprocess.Popen(["bash", "-c", command.format(run)], cwd=folder, env=town.env(town.good),
                                                              stderr=subprocess.PIPE, text=True))[1] for run in "ab"]
        said = [run.communicate(timeout=300)[1] for run in runs]
        refused += sum(run.returncode != 0 for run in runs)
        if digests(folder / "pictures") != digests(town.clean / "pictures"):
            return end(folder, Result(name, made, refused, f"pictures differ: {said}"[:200], True))
        for run, letter in zip(runs, "ab"):
            if run.returncode == 0 and town.facts(folder, f"pictures{letter}.csv") != town.facts(town.clean):
                return end(folder, Result(name, made, refused, "a list differs", True))
        shutil.rmtree(folder)
    return Result(name, tries, refused, "the same pictures and lists")


def end(folder, result):
    shutil.rmtree(folder, ignore_errors=True)
    return result
