"""Every fault that serve-archive knows, at three shares, on the four stages: run again until complete, then compare."""

import shutil

from .town import AREA, USER, Result, half_pictures

KINDS = ("app-limit xml login retry-after transient timeout server slow stall drip cut drop length expired html malformed error-200 "
         "false-gone app-usage short-page page-gone bad-next loop throttle lists all").split()
# Faults of lists in pages, which only the search of a user has.
LISTS = ("short-page", "page-gone", "bad-next", "loop", "lists")
SHARES = (0.01, 0.2, 0.6)
# Patience is short, so that runs do fail; as many runs as a night of cron has.
FLAGS = "--retry-wait 0.005 --retries 2 --max-failures 1000"
ROUNDS = 30


def trials(town, _):
    for kind in KINDS:
        for share in SHARES:
            # Drawn here, so that each trial has the same seed whichever are made.
            seed = town.random.randrange(1 << 30)
            yield lambda kind=kind, share=share, seed=seed: trial(town, kind, share, seed)


def trial(town, kind, share, seed):
    name = f"{kind} in {share:.0%} of the answers"
    address = town.serve("faulty", "--fault", f"{kind}={share}", "--slow", "0.01", "--seed", str(seed))
    folder, rounds, failures, status = town.work / "faulty", 0, 0, None
    # A deletion that is a lie is believed until it is asked for again.
    flags = FLAGS + (" --recheck" if kind in ("false-gone", "all") else "")
    source = USER if kind in LISTS else AREA
    while rounds < ROUNDS and status != 0:
        rounds += 1
        status, said = town.chain(folder, address, flags, source)
        failures += status != 0
        if half := half_pictures(folder):
            return end(town, folder, Result(name, rounds, failures, f"a half picture: {half[0]}", True))
        if status not in (0, 1, 2):
            return end(town, folder, Result(name, rounds, failures, f"status {status}: {said[:200]}", True))
    if status == 0 and not town.is_clean(folder, source) and kind not in ("false-gone", "all"):
        return end(town, folder, Result(name, rounds, failures, "complete, and not what a clean run has", True))
    after = f"complete after {rounds} runs" if status == 0 else f"not complete in {rounds} runs"
    # The service is well again, at the same address: links of pictures lead there.
    town.stop()
    town.serve("faulty", port=address.rsplit(":", 1)[1])
    status, said = town.chain(folder, address, "--recheck", source)
    if status or not town.is_clean(folder, source):
        return end(town, folder, Result(name, rounds, failures, f"{after}; wrong once the service is well: {said[:200]}", True))
    return end(town, folder, Result(name, rounds, failures, f"{after}, right"))


def end(town, folder, result):
    town.stop()
    shutil.rmtree(folder, ignore_errors=True)
    return result
