"""Writes to every photo while another process does, for scripts/torture-photos: each try is one photo, written by a tool and
by a rival at about the same moment. Whatever the rival wrote must be there afterwards, whole, with or without our tags.

usage: rivals.py TRIES SEED [RIVAL ...]; INTO says where photos are moved and packed, perhaps on another disk."""

import datetime, json, os, random, re, shutil, subprocess, sys, tarfile, threading, time

import ride

INTO = os.environ.get("INTO", "into")
TAKEN = datetime.datetime(2024, 5, 1, 10, 0, 0)
PIXELS = 60_000


def pixels(path):
    """What a photo has behind its head: the picture itself, or nothing if there is no whole one."""
    with open(path, "rb") as file:
        data = file.read()
    at = data.find(b"\xff\xda")
    return data[at:] if data[:2] == b"\xff\xd8" and at > 0 and data.endswith(b"\xff\xd9") else b""


def picture(path, number, version):
    ride.photo(path, TAKEN, "+02:00", bytes([1 + number % 200, 1 + version]) * (PIXELS // 2))


class Tool:
    """A tool that gets rows one by one; what it says of each comes back."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def ask(self, **row):
        try:
            self.process.stdin.write(json.dumps(row) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def answer(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line).get("status")
            if re.match(r"[\w-]+: line \d+:", line):
                return line.strip()
        return None  # It was killed.

    def end(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.stdout.read()
        self.process.wait()


def tag():
    return Tool("tag-exif", "-f", "jsonl", "-j", "2", "--overwrite")


# The rivals: each writes a photo in its own way; the new picture lies beside, whole.
def copy(path, new):
    shutil.copyfile(new, path)


def slow_copy(path, new):
    with open(new, "rb") as source, open(path, "wb") as file:
        while part := source.read(PIXELS // 6):
            file.write(part)
            file.flush()
            time.sleep(0.0005)


def write_over(path, new):
    """The same length, without cutting the file first."""
    with open(new, "rb") as source, open(path, "r+b", buffering=0) as file:
        data = source.read()
        file.write(data[: len(data) // 2])
        time.sleep(0.0005)
        file.write(data[len(data) // 2 :])
        file.truncate()


def exchange(path, new):
    shutil.copyfile(new, path + ".tmp")
    os.replace(path + ".tmp", path)


COPIES = {"a copy over it": copy, "a slow copy over it": slow_copy, "bytes over its own": write_over, "a new file in its place": exchange}


def at_once(delay_s, rival, ours):
    """The rival, and ours that much later, or earlier."""
    def late():
        time.sleep(max(0, -delay_s))
        rival()
    thread = threading.Thread(target=late)
    thread.start()
    time.sleep(max(0, delay_s))
    ours()
    thread.join()


def wrong(what):
    print(f"      {what}", file=sys.stderr)
    return 1


def duration(act, path):
    """How long it takes until a photo is another one."""
    before, begin = os.stat(path), time.time()
    act()
    while time.time() < begin + 2:
        now = os.stat(path)
        if (now.st_ino, now.st_mtime_ns) != (before.st_ino, before.st_mtime_ns):
            break
    return time.time() - begin


def spread(tool, rival):
    """Between which moments, before and after a rival's start, ours begins, so that each meets the other at any point."""
    ours_s, theirs_s = [], []
    for number in range(5):
        picture("warm.jpg", number, 0)
        ours_s.append(duration(lambda: tool.ask(path="warm.jpg", lon=number + 1, lat=5), "warm.jpg"))
        tool.answer()
        theirs_s.append(duration(lambda: rival("warm.jpg", number), "warm.jpg"))
    os.remove("warm.jpg")
    return -sorted(ours_s)[2], sorted(theirs_s)[2]


def batches(tries):
    """Photos in batches, since a tool that waits for rows takes its time to answer."""
    for first in range(0, tries, 20):
        yield range(first, min(first + 20, tries))


def against(rival, tries, rng, wrongs):
    """Photos that a tool tags while a rival writes them; `wrongs` says what is wrong with one of them."""
    tool, lost, said = tag(), 0, {}
    window = spread(tool, rival)
    for batch in batches(tries):
        for number in batch:
            path = f"{number}.jpg"
            picture(path, number, 0)
            ours = lambda: tool.ask(path=path, lon=number % 90 + 1, lat=5)
            at_once(rng.uniform(*window), lambda: rival(path, number), ours)
        for number in batch:
            count(said, tool.answer())
        for number in batch:
            path = f"{number}.jpg"
            for what in wrongs(path, number):
                lost += wrong(f"try {number}: {what}")
            lost += left_over(path)
            os.remove(path)
    tool.end()
    return lost, said


def against_copies(copy, tries, rng):
    def rival(path, number):
        picture("new", number, 1)
        copy(path, "new")

    def wrongs(path, number):
        picture("new", number, 1)
        if pixels(path) != pixels("new"):
            yield "what the rival wrote is lost"

    return against(rival, tries, rng, wrongs)


def against_exiftool(tries, rng, how):
    exiftool = subprocess.Popen(["exiftool", "-stay_open", "True", "-@", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    updated = set()

    def rival(path, number):
        exiftool.stdin.write(f"-Artist=rival{number}\n{how}\n{path}\n-execute\n")
        exiftool.stdin.flush()
        while (line := exiftool.stdout.readline()).strip() != "{ready}":
            if "1 image files updated" in line:
                updated.add(path)

    def wrongs(path, number):
        picture("new", number, 0)
        with open(path, "rb") as file:
            data = file.read()
        if pixels(path) != pixels("new"):
            yield "the picture is lost"
        elif path in updated and f"rival{number}".encode() not in data:
            yield "what exiftool wrote is lost"

    result = against(rival, tries, rng, wrongs)
    exiftool.stdin.write("-stay_open\nFalse\n")
    exiftool.communicate()
    return result


def against_ourselves(tries, rng):
    """A second run: what both wrote must be there, and no row fails."""
    second, answers = Tool("tag-exif", "-f", "jsonl", "-j", "2", "--backup", "_old"), []

    def rival(path, number):
        second.ask(path="./" + path, make="Acme", model="Two")

    def wrongs(path, number):
        status = second.answer() if path != "warm.jpg" else None
        picture("new", number, 0)
        read = subprocess.run(["read-exif", "-f", "jsonl", path], text=True, capture_output=True).stdout
        row = json.loads(read or "{}")
        if pixels(path) != pixels("new"):
            yield "the picture is lost"
        elif status != "done" or row.get("make") != "Acme" or "geometry" not in row:
            yield f"only one of both is there: {status}"
        if os.path.exists(path + "_old"):
            os.remove(path + "_old")

    def warm(path, number):
        rival(path, number)
        if path == "warm.jpg":
            second.answer()

    lost, said = against(warm, tries, rng, wrongs)
    second.end()
    if os.path.exists("warm.jpg_old"):
        os.remove("warm.jpg_old")
    return lost + sum(number for status, number in said.items() if status != "done"), said


def against_kills(tries, rng):
    """kill -9 while it writes: the old or the new, whole; and the next run uses up what was left."""
    lost, said = 0, {}
    for batch in batches(tries):
        for number in batch:
            picture(f"{number}.jpg", number, 0)
        tool = tag()
        for number in batch:
            tool.ask(path=f"{number}.jpg", lon=number % 90 + 1, lat=5)
        time.sleep(rng.uniform(0, 0.05))
        tool.process.kill()
        tool.end()
        rows = "path,make,model\n" + "".join(f"{number}.jpg,Acme,Two\n" for number in batch)
        for what in ("after the kill", "after the next run"):
            for number in batch:
                picture("new", number, 0)
                if pixels(f"{number}.jpg") != pixels("new"):
                    lost += wrong(f"try {number}: the picture is lost {what}")
            if what == "after the kill":
                with_place = sum(b"WGS-84" in open(f"{number}.jpg", "rb").read() for number in batch)
                count(said, "written", with_place)
                count(said, "not yet", len(batch) - with_place)
                again = subprocess.run(["tag-exif", "-q"], input=rows, text=True, capture_output=True)
                if again.returncode:
                    lost += wrong(again.stderr)
        for number in batch:
            lost += left_over(f"{number}.jpg")
            os.remove(f"{number}.jpg")
    return lost, said


def against_takers(command, tries, rng):
    """A tool that takes photos away: what a rival wrote last must be somewhere, whole."""
    lost, said, rounds = 0, {}, max(1, tries // 50)
    rivals = list(COPIES.values())
    for turn in range(rounds):
        shutil.rmtree("card", ignore_errors=True)
        shutil.rmtree(INTO, ignore_errors=True)
        os.makedirs("card")
        names = [f"card/{number}.jpg" for number in range(50)]
        for number, path in enumerate(names):
            picture(path, number, 0)
        picture("new", turn, 1)
        wanted = pixels("new")
        rows = "path,captured_at,seq_id\n" + "".join(f"{path},1714557600000,s\n" for path in names)
        tool = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        tool.stdin.write(rows)
        tool.stdin.close()
        time.sleep(rng.uniform(0, 0.02))
        written = []
        for path in rng.sample(names, len(names)):
            try:
                # A rival that opens what is there; what is gone it does not make anew.
                if os.path.exists(path):
                    rng.choice(rivals[:1] + rivals[2:])(path, "new")
                    written.append(path)
            except FileNotFoundError:
                pass
        words = tool.stderr.read()
        tool.wait()
        count(said, f"status {tool.returncode}")
        for path in written:
            if not is_somewhere(path, wanted):
                lost += wrong(f"round {turn}: what the rival wrote to {path} is nowhere: {words[-300:]}")
        count(said, "photos written in time", len(written))
        for path in names:
            if not is_somewhere(path, None):
                lost += wrong(f"round {turn}: {path} is nowhere")
    return lost, said


def is_somewhere(path, wanted):
    """Whether a photo with these pixels, or with any, is at its path, in a folder or in a tar."""
    name = os.path.basename(path)
    places = [path] + [os.path.join(folder, name) for folder, _, files in os.walk(INTO) if name in files]
    found = [pixels(place) for place in places if os.path.exists(place)]
    return any(one and wanted in (None, one) for one in found) or in_tars(wanted, name)


def in_tars(wanted, name):
    for folder, _, files in os.walk(INTO):
        for file in files:
            if file.endswith(".tar"):
                with tarfile.open(os.path.join(folder, file)) as tar:
                    for member in tar:
                        if member.name.endswith("/" + name) or member.name == name:
                            data = tar.extractfile(member).read()
                            if wanted is None or data[data.find(b"\xff\xda"):] == wanted:
                                return True
    return False


def left_over(path):
    """Hidden files of ours that stay behind."""
    rest = [name for name in os.listdir(".") if name.startswith(f".{path}.")]
    for name in rest:
        os.remove(name)
    return wrong(f"{rest[0]} is left behind") if rest else 0


def count(said, status, more=1):
    key = "killed" if status is None else status
    for words in ("changed by another process", "open for writing", "changed twice"):
        if words in key:
            key = words
    key = re.sub(r"\S*: line \d+: '[^']*': ", "", key)
    key = re.sub(r"'[^']*'|\d+", "...", key) if key not in ("done", "kept") and not key.startswith("status") else key
    said[key] = said.get(key, 0) + more


RIVALS = {name: lambda tries, rng, rival=rival: against_copies(rival, tries, rng) for name, rival in COPIES.items()}
if shutil.which("exiftool"):
    RIVALS["exiftool"] = lambda tries, rng: against_exiftool(tries, rng, "-overwrite_original")
    RIVALS["exiftool in place"] = lambda tries, rng: against_exiftool(tries, rng, "-overwrite_original_in_place")
RIVALS["a second run"] = against_ourselves
RIVALS["kill -9"] = against_kills
RIVALS["pack-tar --delete and copies"] = lambda tries, rng: against_takers(["pack-tar", "--into", INTO, "--delete"], tries, rng)
RIVALS["time-split --move and copies"] = lambda tries, rng: against_takers(["time-split", "--move", "--into", INTO], tries, rng)


def main():
    tries, seed, names = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] or list(RIVALS)
    lost = 0
    for name in names:
        begin = time.time()
        failed, said = RIVALS[name](tries, random.Random(seed))
        lost += failed
        words = ", ".join(f"{number} {word}" for word, number in sorted(said.items(), key=lambda item: -item[1]))
        print(f"{'FAIL' if failed else 'PASS'}  {name}: {failed} lost in {tries} tries ({words}; {time.time() - begin:.0f} s)", flush=True)
    sys.exit(1 if lost else 0)


main()
