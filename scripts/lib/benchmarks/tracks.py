"""Photos and a track: `geotag-gpx` and `time-split` beside cp, exiftool, gpscorrelate, mapillary_tools and piexif."""

import os
import random
import subprocess

import ride

from .peers import PICTURES, TOOLS, compare, have, python_with, set_aside

# What a script of some years ago does: read each photo's time, cut at long gaps.
PIEXIF = """
import glob, sys, datetime, piexif
def taken(path):
    exif = piexif.load(path)["Exif"]
    sub = float("0." + exif.get(piexif.ExifIFD.SubSecTimeOriginal, b"0").decode())
    text = exif[piexif.ExifIFD.DateTimeOriginal].decode()
    return datetime.datetime.strptime(text, "%Y:%m:%d %H:%M:%S") + datetime.timedelta(seconds=sub)
photos = sorted((taken(path), path) for path in glob.glob(sys.argv[1] + "/*.jpg"))
sequence = 0
for at, (time, path) in enumerate(photos):
    sequence += at > 0 and (time - photos[at - 1][0]).total_seconds() > 60
    print(sequence, path)
"""


def tracks(folder, runs):
    photos, work = folder / "ride", folder / "work"
    ride.photos(photos, PICTURES, 4, first_s=1.25, offset="+02:00", size=300_000)
    for name, points in (("short.gpx", 10_000), ("long.gpx", 200_000)):
        rng = random.Random(8)
        ride.track(folder / name, [ride.drive(rng, points, 1, lambda: rng.uniform(1, 12))])
    python = python_with(folder, "piexif", "mapillary_tools")

    def fresh():
        set_aside(work)
        set_aside(folder / "copy")
        subprocess.run(["cp", "-r", photos, work], check=True)

    only_rows(folder, photos, python, runs)
    written(folder, photos, work, runs, fresh)
    split(folder, photos, python, runs)


def only_rows(folder, photos, python, runs):
    for name, points in (("short.gpx", "10,000"), ("long.gpx", "200,000")):
        contenders = [("geotag-gpx", f"geotag-gpx -q {photos} --gpx {folder}/{name}")]
        if python:
            program = os.path.join(os.path.dirname(python), "mapillary_tools")
            described = f"--geotag_source gpx --geotag_source_path {folder}/{name} --desc_path {folder}/described.json"
            contenders.append(("mapillary_tools", f"{program} process --skip_process_errors {described} {photos}"))
        compare(f"places of {PICTURES:,} photos, rows only, {points} points", contenders, runs)


def written(folder, photos, work, runs, fresh):
    contenders = [
        ("cp -r", f"cp -r {photos} {folder}/copy"),
        ("geotag-gpx --write", f"geotag-gpx -q {work} --gpx {folder}/short.gpx --write"),
    ]
    if have("gpscorrelate"):
        # It fails for photos off the track, which is an answer.
        contenders.append(("gpscorrelate", f"gpscorrelate -g {folder}/short.gpx -z +2 {work}/*.jpg || true"))
    compare(f"places written into {PICTURES:,} photos of 300 KB, 10,000 points", contenders, runs, fresh)
    if have("exiftool", "libimage-exiftool-perl"):
        times = "'-geotime<SubSecDateTimeOriginal'"
        command = f"exiftool -q -overwrite_original -geotag {folder}/short.gpx {times} {work}"
        compare("the same", [("exiftool -geotag", command)], 1, fresh)


def split(folder, photos, python, runs):
    contenders = [("time-split", f"time-split -q --gap 60 {photos}")]
    if python:
        script = folder / "split.py"
        script.write_text(PIEXIF)
        contenders.append(("a script with piexif", f"{python} {script} {photos}"))
    compare(f"sequences of {PICTURES:,} photos", contenders, runs)
