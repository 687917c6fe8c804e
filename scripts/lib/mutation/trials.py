"""Builds the mutants of a layer, and looks whether a test sees each."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from .layer import assemble
from .switch import Mutant, Source, blamed, by_file, functions, switched

# Of processor time, and of memory: a mutant may run, or ask for more, without end.
LIMITS = 'ulimit -t "$1"; ulimit -v 8000000 2> /dev/null; shift; exec "$@"'
PLAIN = {"CaughtMutant": "caught", "MissedMutant": "survived", "Timeout": "timed out", "Unviable": "not built"}


class Crate:
    """One layer as a crate."""

    def __init__(self, layer, target, flags):
        self.layer, self.folder, self.flags = layer, target / "mutants" / layer, flags
        self.folder.mkdir(parents=True, exist_ok=True)
        # At this level of optimization a function with many bodies needs the stack of all of them.
        self.environment = {**os.environ, "CARGO_TARGET_DIR": str(self.folder / "target"), "RUST_MIN_STACK": str(64 << 20), "RUST_BACKTRACE": "0"}
        self.skipped = [word for name in flags.skip for word in ("--skip", name)]
        assemble(layer, self.folder)

    def cargo(self, *words, **how):
        return subprocess.run(["cargo", *words], cwd=self.folder, env=self.environment, text=True, **how)

    def listed(self, files):
        """What cargo-mutants would change, each with the span of its function."""
        choice = [word for file in files for word in ("--file", file)]
        out = self.cargo("mutants", "--list", "--json", *choice, check=True, stdout=subprocess.PIPE).stdout
        for number, one in enumerate(json.loads(out), 1):
            source = Source((self.folder / one["file"]).read_text())
            places = [source.offset(one["span"][end]) for end in ("start", "end")]
            mutant = Mutant(number, one["name"], one["file"], *places, one["replacement"])
            yield mutant, one["function"] and one["function"]["span"]

    def try_all(self, listed):
        files = {file: Source((self.folder / file).read_text()) for file in by_file(listed)}
        parts = {file: functions(files[file], of_file) for file, of_file in by_file(listed).items()}
        program = self.built(files, {file: outermost for file, (outermost, _) in parts.items()})
        if self.seen(program, 0, f"{self.layer}::") != "survived":
            sys.exit(f"mutants: the tests of {self.layer} fail without a mutant")
        together = [one for outermost, _ in parts.values() for function in outermost for one in function.mutants if not one.outcome]
        with ThreadPoolExecutor(self.flags.jobs) as pool:
            for done, _ in enumerate(pool.map(lambda one: self.judge(program, one), together), 1):
                if done % 100 == 0 or done == len(together):
                    print(f"mutants: {self.layer}: {done} of {len(together)}", file=sys.stderr, flush=True)
        for file, source in files.items():
            (self.folder / file).write_text(source.text)
        self.one_by_one([one for _, alone in parts.values() for one in alone])

    def built(self, files, outermost):
        """The test program with all mutants in it, once those that do not compile are out of it."""
        while True:
            owners = {}
            for file, source in files.items():
                text, owners[file] = switched(source, outermost[file])
                (self.folder / file).write_text(text)
            done = self.cargo("test", "--lib", "--no-run", "--message-format=json", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            messages = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
            if done.returncode == 0:
                return next(one["executable"] for one in messages if one.get("executable"))
            faults = [one["message"] for one in messages if one["reason"] == "compiler-message" and one["message"]["level"] == "error"]
            unbuilt = [one for fault in faults for one in blamed(owners, places_of(fault))]
            if not unbuilt:
                sys.exit(f"mutants: {self.layer} does not compile:\n" + "".join(fault["rendered"] for fault in faults))
            for one in unbuilt:
                one.outcome = "not built"

    def seen(self, program, number, tests):
        seconds = self.flags.timeout
        command = ["sh", "-c", LIMITS, "sh", str(seconds), program, "--quiet", "--test-threads", "1", *self.skipped, tests]
        try:
            done = subprocess.run(command, cwd=self.folder, env={**self.environment, "MUTANT": str(number)}, timeout=10 * seconds,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            return "timed out"
        # Killed for its processor time, by SIGKILL or SIGXCPU.
        return {0: "survived", -9: "timed out", -24: "timed out"}.get(done.returncode, "caught")

    def judge(self, program, mutant):
        """First with the tests beside the code, which are the likeliest to see it; then with all of the layer."""
        module = re.sub(r"(/mod)?\.rs$", "", mutant.file.removeprefix("src/")).split("/")[:2]
        for tests in dict.fromkeys(["::".join(module) + "::", f"{self.layer}::"]):
            mutant.outcome = self.seen(program, mutant.number, tests)
            if mutant.outcome != "survived":
                return
        print(f"mutants: survived: {mutant.name}", file=sys.stderr, flush=True)

    def one_by_one(self, mutants):
        """What cannot be chosen as the program runs (constants, types without names) is built for each, by cargo-mutants."""
        if not mutants:
            return
        names = "^(" + "|".join(re.escape(one.name) for one in mutants) + ")$"
        # A pattern of names alone lets fields of structs of any file through.
        files = [word for file in sorted({one.file for one in mutants}) for word in ("--file", file)]
        self.cargo("mutants", *files, "--in-place", "--colors", "never", "--timeout", str(self.flags.timeout), "--build-timeout", "600",
                   "--output", str(self.folder), "--re", names, "--", "--lib", f"{self.layer}::", "--", *self.skipped, stdout=sys.stderr)
        outcomes = json.loads((self.folder / "mutants.out/outcomes.json").read_text())["outcomes"]
        by_name = {one["scenario"]["Mutant"]["name"]: one["summary"] for one in outcomes if one["scenario"] != "Baseline"}
        for one in mutants:
            one.outcome = PLAIN.get(by_name.get(one.name), "not built")


def places_of(fault):
    """Files and lines that a message of the compiler points to, the most telling ones first; also out of macros."""
    for span in sorted(fault["spans"], key=lambda span: not span["is_primary"]):
        while span:
            yield span["file_name"], span["line_start"]
            span = (span.get("expansion") or {}).get("span")
