"""Commands side by side: who is there to compare with, and how long each takes."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TARGET = Path(subprocess.check_output([ROOT / "scripts" / "lib" / "target-dir"], text=True).strip())
TOOLS = TARGET / "release"
# Commands name the tools alone, so that their folder may have blanks in its name.
os.environ["PATH"] = f"{TOOLS}:{os.environ['PATH']}"
PICTURES = 2_000
REST_S = float(os.environ.get("BENCH_REST_S", "1"))


def compare(title, contenders, runs, before=None):
    """Runs each command in turn, so that a busy moment of the machine hits all. Gives the median seconds by name.

    `before` makes the ground ready for each run, outside of its time."""
    print(f"\n{title}\n  {'':28} {'min':>7} {'median':>7} {'max':>7} s {'cpu':>7} s {'memory':>8} MB", flush=True)
    took = {name: [] for name, _ in contenders}
    spent = {name: [] for name, _ in contenders}
    peak = dict.fromkeys(took, 0)
    for _ in range(runs):
        for name, command in contenders:
            if before:
                before()
                os.sync()
                time.sleep(REST_S)
            seconds, cpu, kilobytes = measure(command)
            took[name].append(seconds)
            spent[name].append(cpu)
            peak[name] = max(peak[name], kilobytes)
    for name, times in took.items():
        spread = " ".join(f"{value:7.2f}" for value in (min(times), statistics.median(times), max(times)))
        print(f"  {name:28} {spread} s {statistics.median(spent[name]):7.2f} s {peak[name] / 1024:8.1f} MB", flush=True)
    return {name: statistics.median(times) for name, times in took.items()}


def set_aside(path):
    """Makes room for what the next command writes. For a minute after files were removed, ext4 without a journal passes
    over their places one by one, which would be charged to whoever comes next: so they are removed at the end of all."""
    if path.exists():
        aside = path.parent / "aside"
        aside.mkdir(exist_ok=True)
        path.rename(aside / str(len(os.listdir(aside))))


def measure(command):
    """Seconds on the clock, seconds of processors, and the most memory of one process in kilobytes. The system counts the memory
    of this program for what it starts, too; where GNU time is there, that does not matter."""
    with tempfile.NamedTemporaryFile("r") as peak:
        timer = ["time", "-f", "%M", "-o", peak.name] if shutil.which("time") else []
        start = time.monotonic()
        child = subprocess.Popen([*timer, "sh", "-c", command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        words = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        took = time.monotonic() - start
        if status != 0:
            sys.exit(f"bench: '{command}' ended with status {status}: {words.decode(errors='replace')[-400:]}")
        kilobytes = int(peak.read()) if timer else usage.ru_maxrss
    return took, usage.ru_utime + usage.ru_stime, kilobytes


def have(program, package=None):
    """Whether a program is there, or can be installed."""
    if shutil.which(program) is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-qy", package or program], capture_output=True)
    if shutil.which(program) is None:
        print(f"  (no {program}: left out)")
        return False
    return True


def python_with(folder, *packages):
    """A Python with these packages from PyPI, or nothing."""
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    done = subprocess.run([python, "-m", "pip", "install", "-q", *packages], capture_output=True)
    if done.returncode != 0:
        print(f"  (no {', '.join(packages)}: left out)")
        return None
    return python
