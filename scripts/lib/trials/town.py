"""The made-up town, servers over it that misbehave as told, and the four stages that fetch it."""

import hashlib
import os
import random
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BOX = "9.94,54.31,9.97,54.33"
AREA = ("get-sequences --bbox $BOX -o seqs.csv", "get-images seqs.csv -o images.csv")
USER = ("get-images --user ada -o images.csv",)
# What a rerun may change is left out: links, and the time at which they end.
FACTS = "img_id,seq_id,captured_at,lon,lat,quality,path,bytes"


@dataclass
class Result:
    """What a trial gave: how often it was made, how often it was hit, and what was wrong."""

    name: str
    made: int
    hit: int
    said: str
    is_bad: bool = False

    def line(self):
        return f"| {self.name} | {self.made} | {self.hit} | {'**' + self.said + '**' if self.is_bad else self.said} |"


class Town:
    """A folder with the town, the tools, and a clean run to compare with."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.servers = []

    def __enter__(self):
        subprocess.run(["cargo", "build", "--quiet", "--bins", "--examples"], cwd=ROOT, check=True)
        target = subprocess.check_output([ROOT / "scripts" / "lib" / "target-dir"], text=True).strip()
        self.tools = Path(target) / "debug"
        self.work = Path(tempfile.mkdtemp(prefix="torture-"))
        sample = subprocess.run([self.tools / "examples" / "sample-archive", self.work / "town"], capture_output=True, text=True, check=True)
        self.gone = sample.stdout.strip()
        self.good = self.serve("good")
        self.clean, self.clean_user = self.work / "clean", self.work / "clean-user"
        for folder, source in ((self.clean, AREA), (self.clean_user, USER)):
            status, said = self.chain(folder, self.good, source=source)
            if status:
                raise SystemExit(f"torture-matrix: the pipe does not work even untouched: {said}")
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.kill()
        shutil.rmtree(self.work, ignore_errors=True)

    def serve(self, name, *flags, port="0"):
        """The address of a server of its own."""
        address = self.work / f"{name}.address"
        address.unlink(missing_ok=True)
        command = [self.tools / "serve-archive", self.work / "town", "--gone", self.gone, "--port", port, "--address-file", address, *flags]
        with open(self.work / f"{name}.log", "w") as log:
            self.servers.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log))
        while not address.exists():
            time.sleep(0.01)
        return address.read_text().strip()

    def stop(self):
        """Ends the server that began last."""
        server = self.servers.pop()
        server.kill()
        server.wait()

    def env(self, address):
        """Without what the user has set up at home, which another user may not even look at."""
        home = {"HOME": str(self.work), "XDG_CONFIG_HOME": str(self.work / "config")}
        return {**os.environ, **home, "PATH": f"{self.tools}:{os.environ['PATH']}", "MAPILLARY_GRAPH_API_ENDPOINT": address,
                "MAPILLARY_TILES_ENDPOINT": address, "MAPILLARY_TOKEN": "torture", "BOX": BOX}

    def shell(self, command, folder, address, **more):
        """The status of a command, and what it said."""
        folder.mkdir(parents=True, exist_ok=True)
        run = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, env=self.env(address), capture_output=True,
                             text=True, errors="replace", timeout=600, **more)
        return run.returncode, run.stderr

    def chain(self, folder, address, flags="", source=AREA, **more):
        """The stages by file, as examples/Makefile has them."""
        stages = [*source, "get-meta images.csv -o meta.csv", "download meta.csv --into pictures -o pictures.csv"]
        return self.shell(" && ".join(f"{stage} -q {flags}" for stage in stages), folder, address, **more)

    def facts(self, folder, name="pictures.csv"):
        run = subprocess.run([self.tools / "rows", "-q", "--columns", FACTS, name], cwd=folder, capture_output=True, text=True)
        return sorted(run.stdout.splitlines()) if run.returncode == 0 else None

    def is_clean(self, folder, source=AREA):
        """Whether all pictures and rows are those of the clean run."""
        clean = self.clean if source is AREA else self.clean_user
        return digests(folder / "pictures") == digests(clean / "pictures") and self.facts(folder) == self.facts(clean)


def digests(folder):
    """SHA-256 of the files of a folder by their names, without those of the tools."""
    files = (path for path in folder.rglob("*") if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts))
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def half_pictures(folder):
    """Pictures under their own name that are not whole."""
    whole = lambda data: data[:2] == b"\xff\xd8" and data[-2:] == b"\xff\xd9"
    return [path.name for path in folder.rglob("[!.]*.jpg") if not whole(path.read_bytes())]
