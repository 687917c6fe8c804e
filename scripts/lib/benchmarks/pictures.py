"""`tag-exif` and `read-exif` beside cp, head, exiftool, exiv2 and piexif."""

import subprocess

from .peers import PICTURES, TOOLS, compare, have, python_with, set_aside


def pictures(folder):
    """Pictures as they are downloaded, and the rows that tag them."""
    made, rows_csv = folder / "made", folder / "tag.csv"
    if not rows_csv.exists():
        subprocess.run([TOOLS / "examples" / "bench-pictures", made, str(PICTURES)], check=True)
        names = "SourceFile,path,img_id,captured_at,lon,lat,altitude,compass_angle,GPSLatitude,GPSLongitude\n"
        with open(rows_csv, "w") as out:
            out.write(names)
            for at, file in enumerate(sorted((made / "pictures").iterdir())):
                lon, lat, when = 13 + at * 1e-5, 52 + at * 1e-5, 1717245296123 + at * 1000
                out.write(f"pictures/{file.name},pictures/{file.name},{file.stem},{when},{lon:.7f},{lat:.7f},")
                out.write(f"34.5,{at % 360},{lat:.7f},{lon:.7f}\n")
    return made, rows_csv


PIEXIF_TAG = """
import csv, piexif, sys
def parts(deg):
    seconds = round(abs(deg) * 3600 * 10000)
    return ((seconds // 36000000, 1), (seconds // 600000 % 60, 1), (seconds % 600000, 10000))
for row in csv.DictReader(open(sys.argv[1])):
    lat, lon = float(row['lat']), float(row['lon'])
    gps = {1: 'N', 2: parts(lat), 3: 'E', 4: parts(lon), 5: 0, 6: (345, 10), 17: (int(row['compass_angle']), 1)}
    piexif.insert(piexif.dump({'GPS': gps}), row['path'], sys.argv[2] + '/' + row['path'])
"""
PIEXIF_READ = "import piexif, sys\nfor name in sys.argv[1:]: piexif.load(name)\n"


def tag(folder, runs):
    made, rows_csv = pictures(folder)
    into = folder / "tagged"

    def fresh():
        set_aside(into)

    contenders = [
        ("tag-exif", f"cd {made} && tag-exif -q --into {into} {rows_csv} > {folder}/out"),
        ("cp -r", f"cp -r {made} {into}"),
    ]
    if have("exiftool", "libimage-exiftool-perl"):
        contenders.append(("exiftool -csv", f"cd {made} && exiftool -q -csv={rows_csv} -o {into}/ pictures"))
    if have("exiv2"):
        one = "exiv2 -M'set Exif.GPSInfo.GPSLatitude 52/1 0/1 0/1' -M'set Exif.GPSInfo.GPSLongitude 13/1 0/1 0/1'"
        contenders.append(("exiv2", f"cp -r {made} {into} && {one} {into}/pictures/*"))
    if python := python_with(folder, "piexif"):
        (folder / "tag.py").write_text(PIEXIF_TAG)
        run = f"mkdir -p {into}/pictures && cd {made} && {python} {folder}/tag.py {rows_csv} {into}"
        contenders.append(("piexif", run))
    compare(f"tag-exif: {PICTURES:,} pictures of 300 KB into a folder", contenders, runs, fresh)


def read(folder, runs):
    made, rows_csv = pictures(folder)
    card = folder / "card"
    subprocess.run([TOOLS / "tag-exif", "-q", "--into", card, rows_csv], cwd=made, stdout=subprocess.DEVNULL, check=True)
    files = f"{card}/pictures"
    contenders = [
        ("read-exif", f"read-exif -q {files} > {folder}/out"),
        ("head -c64K", f"head -qc64K {files}/* > /dev/null"),
    ]
    if have("exiftool", "libimage-exiftool-perl"):
        contenders.append(("exiftool -fast2 -csv", f"exiftool -q -fast2 -csv {files} > {folder}/out"))
    if have("exiv2"):
        contenders.append(("exiv2", f"exiv2 -q pr {files}/* > {folder}/out"))
    if python := python_with(folder, "piexif"):
        (folder / "read.py").write_text(PIEXIF_READ)
        contenders.append(("piexif", f"{python} {folder}/read.py {files}/*"))
    compare(f"read-exif: {PICTURES:,} tagged pictures of 300 KB", contenders, runs)
