"""kill -9 of each stage of the pipes of README.md and docs/cookbook.md, at any moment; then run again, and compare."""

import shutil
import signal
import subprocess
import time

from .town import Result, digests, half_pictures

# name, what is there before, the stages; each leaves its rows in rows.csv.
FETCH = ["get-sequences --bbox $BOX", "get-images", "get-meta", "download --into pictures -o rows.csv"]
PIPES = [
    ("an area", None, FETCH),
    ("a user", None, ["get-images --user ada", "get-meta", "download --into pictures -o rows.csv"]),
    ("tag and pack", "pictures", ["download ../clean/meta.csv --into pictures", "tag-exif --zone position", "pack-tar --into tars -o rows.csv"]),
    ("WebP and pack", "pictures", ["download ../clean/meta.csv --into pictures", "to-webp --method 0", "pack-tar --into tars -o rows.csv"]),
    ("WebP, delete and pack, delete", "pictures",
     ["download ../clean/meta.csv --into pictures", "to-webp --method 0 --delete", "pack-tar --delete --into tars -o rows.csv"]),
    ("own photos", "tagged", ["read-exif pictures", "time-split --gap 60", "interpolate-dir", "tag-exif -o rows.csv"]),
    ("unpack", "tars", ["unpack-tar tars --into pictures", "read-exif -o rows.csv"]),
]


def trials(town, flags):
    for name, before, stages in PIPES:
        yield lambda name=name, before=before, stages=stages: trial(town, name, before, stages, flags.kills)


def begin(town, before, folder):
    """What lies in a folder before the pipe runs."""
    folder.mkdir()
    commands = {
        "pictures": "cp -r ../clean/pictures .",
        "tagged": "download ../clean/meta.csv --into pictures -q | tag-exif -q --zone position > before.csv",
        "tars": "download ../clean/meta.csv --into loose -q | pack-tar -q --into tars > before.csv",
    }
    if before:
        status, said = town.shell(commands[before], folder, town.good)
        assert status == 0, said


def result_of(folder):
    """All files that count: pictures and tars. Rows have paths and times of their own run."""
    found = digests(folder)
    return {name: digest for name, digest in found.items() if name.endswith((".jpg", ".webp", ".tar"))}


def trial(town, name, before, stages, kills):
    pipe = " | ".join(stages)
    clean = town.work / "untouched"
    begin(town, before, clean)
    start = time.monotonic()
    status, said = town.shell(pipe, clean, town.good)
    took, wanted = time.monotonic() - start, result_of(clean)
    rows = (clean / "rows.csv").read_text().count("\n") if status == 0 else 0
    shutil.rmtree(clean)
    if status:
        return Result(f"kill -9, {name}", 0, 0, f"the pipe does not work even untouched: {said[:200]}", True)
    made = hit = 0
    for victim in range(len(stages)):
        for _ in range(kills):
            folder = town.work / "killed"
            begin(town, before, folder)
            made += 1
            hit += killed(town, stages, victim, folder, town.random.random() * took)
            wrong = wrong_after(town, pipe, folder, wanted, rows)
            shutil.rmtree(folder)
            if wrong:
                return Result(f"kill -9, {name}", made, hit, f"{stages[victim].split()[0]} killed: {wrong}", True)
    return Result(f"kill -9, {name}", made, hit, "the same files after one more run")


def killed(town, stages, victim, folder, moment_s):
    """Runs the pipe and kills one stage of it. Whether it was still at work."""
    processes, reads = [], subprocess.DEVNULL
    for at, stage in enumerate(stages):
        last = at + 1 == len(stages)
        process = subprocess.Popen(["bash", "-c", f"exec {stage}"], cwd=folder, env=town.env(town.good), stdin=reads,
                                   stdout=subprocess.DEVNULL if last else subprocess.PIPE, stderr=subprocess.DEVNULL)
        if at:
            reads.close()
        reads = process.stdout
        processes.append(process)
    time.sleep(moment_s)
    processes[victim].send_signal(signal.SIGKILL)
    statuses = [process.wait(timeout=120) for process in processes]
    return statuses[victim] == -signal.SIGKILL


def wrong_after(town, pipe, folder, wanted, rows):
    """What is wrong after a kill, or after one more run."""
    if half := half_pictures(folder):
        return f"a half picture: {half[0]}"
    table = folder / "rows.csv"
    if table.exists() and table.read_text().count("\n") != rows:
        return "a file of rows got its name before it was complete"
    status, said = town.shell(pipe, folder, town.good)
    if status:
        return f"status {status} afterwards: {said[:200]}"
    found = result_of(folder)
    if found != wanted:
        names = sorted(set(found.items()) ^ set(wanted.items()))
        return f"{len(names)} files differ, the first {names[0][0]}"
    return None
