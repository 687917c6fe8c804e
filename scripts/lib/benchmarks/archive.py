"""`pack-tar`, `verify-archive` and `to-webp` beside GNU tar, openssl, bagit.py and cwebp."""

import os
import shutil
import subprocess

from .peers import PICTURES, TOOLS, compare, have, python_with, set_aside
from .pictures import pictures

# The encoder is the floor: some hundred pictures tell as much as thousands.
CONVERTED = 160

GNU_TAR = "tar -c --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mode=0644"
TARFILE = """
import hashlib, os, sys, tarfile
with tarfile.open(sys.argv[2], 'w') as tar:
    for name in sorted(os.listdir(sys.argv[1])):
        path = os.path.join(sys.argv[1], name)
        print(hashlib.sha256(open(path, 'rb').read()).hexdigest(), name)
        tar.add(path, name)
"""


def pack(folder, runs):
    made, rows_csv = pictures(folder)
    into = folder / "packed"

    def fresh():
        set_aside(into)
        into.mkdir()

    (folder / "peer.py").write_text(TARFILE)
    contenders = [
        ("pack-tar", f"cd {made} && pack-tar -q --into {into} {rows_csv} > {folder}/out"),
        (
            "tar && openssl dgst",
            f"cd {made} && {GNU_TAR} -f {into}/a.tar pictures && openssl dgst -sha256 pictures/* > {folder}/out",
        ),
        ("python tarfile, hashlib", f"python3 {folder}/peer.py {made}/pictures {into}/a.tar > {folder}/out"),
        ("cp -r", f"cp -r {made}/pictures {into}/pictures"),
    ]
    compare(f"pack-tar: {PICTURES:,} pictures of 300 KB, digests and index included", contenders, runs, fresh)


def verify(folder, runs):
    made, rows_csv = pictures(folder)
    tars, bag = folder / "tars", folder / "bag"
    subprocess.run([TOOLS / "pack-tar", "-q", "--into", tars, rows_csv], cwd=made, stdout=subprocess.DEVNULL, check=True)
    contenders = [("verify-archive", f"verify-archive -q {tars} > {folder}/out")]
    if python := python_with(folder, "bagit", "setuptools<81"):
        bagit = python.with_name("bagit.py")
        shutil.copytree(made / "pictures", bag)
        subprocess.run([python, bagit, "--quiet", "--sha256", bag], check=True)
        contenders.append(("bagit.py, two processes", f"{python} {bagit} --quiet --validate --processes 2 {bag}"))
    contenders.append(("openssl dgst", f"cd {made}/pictures && openssl dgst -sha256 * > {folder}/out"))
    contenders.append(("sha256sum", f"cd {made}/pictures && sha256sum * > {folder}/out"))
    compare(f"verify-archive: {PICTURES:,} pictures of 300 KB", contenders, runs)


def webp(folder, runs):
    drawn, tagged, into = folder / "photos", folder / "photos-tagged", folder / "webp"
    subprocess.run([TOOLS / "examples" / "bench-pictures", drawn, str(CONVERTED), "", "photos"], check=True)
    rows = tagged / "rows.csv"
    tagged.mkdir()
    rows.write_text("path,img_id,captured_at,lon,lat\n" + "".join(
        f"pictures/{file.name},{file.stem},{1717245296123 + at * 1000},13,52\n"
        for at, file in enumerate(sorted((drawn / "pictures").iterdir()))
    ))
    # There shall be metadata to keep.
    subprocess.run([TOOLS / "tag-exif", "-q", "--into", tagged, rows], cwd=drawn, stdout=subprocess.DEVNULL, check=True)

    def fresh():
        set_aside(into)
        into.mkdir()

    contenders = [("to-webp", f"cd {tagged} && to-webp -q --into {into} --keep-larger {rows} > {folder}/out")]
    if have("cwebp", "webp"):
        one = f"cwebp -quiet -q 80 -m 4 -metadata all pictures/{{}} -o {into}/{{}}.webp"
        contenders.append((
            f"xargs -P{os.cpu_count()} cwebp",
            f"cd {tagged} && ls pictures | xargs -P{os.cpu_count()} -I{{}} {one}",
        ))
    size = next((drawn / "pictures").iterdir()).stat().st_size // 1000
    compare(f"to-webp: {CONVERTED} pictures of {size} KB, quality 80, method 4, metadata kept", contenders, runs, fresh)
