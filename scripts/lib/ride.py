"""Makes photos and tracks for scripts/peers/geotag, peers/map, torture-photos and bench: small JPEGs with the times of a
camera, and GPX files of a made-up ride."""

import datetime, math, os, random

START = datetime.datetime(2024, 5, 1, 10, 0, 0)
EARTH_RADIUS_M = 6371008.7714


def exif(taken, offset=None):
    """A TIFF block with DateTimeOriginal, SubSecTimeOriginal and perhaps OffsetTimeOriginal."""
    le = lambda number, size: number.to_bytes(size, "little")
    texts = [(0x9003, taken.strftime("%Y:%m:%d %H:%M:%S"))]
    if offset:
        texts.append((0x9011, offset))
    texts.append((0x9291, f"{taken.microsecond // 1000:03d}"))
    values_at, table, values = 26 + 2 + 12 * len(texts) + 4, b"", b""
    for tag, text in texts:
        cell = text.encode() + b"\0"
        place = cell.ljust(4, b"\0") if len(cell) <= 4 else le(values_at + len(values), 4)
        table += le(tag, 2) + le(2, 2) + le(len(cell), 4) + place
        values += cell if len(cell) > 4 else b""
    main = le(1, 2) + le(0x8769, 2) + le(4, 2) + le(1, 4) + le(26, 4) + le(0, 4)
    return b"Exif\0\0II*\0" + le(8, 4) + main + le(len(texts), 2) + table + le(0, 4) + values


def scan(size):
    rng = random.Random(7)
    return bytes(rng.randrange(255) for _ in range(size))


def photo(path, taken, offset=None, scan=b"\0" * 64):
    """A picture of 16 by 16 grey pixels, as far as its head tells."""
    block = exif(taken, offset)
    app1 = b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block
    frame = b"\xff\xc0\0\x0b\x08\0\x10\0\x10\x01\x01\x11\0" + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0"
    with open(path, "wb") as file:
        file.write(b"\xff\xd8" + app1 + frame + scan + b"\xff\xd9")


def track(path, segments):
    """A GPX file of segments of fixes (time, lat, lon)."""
    with open(path, "w") as file:
        file.write('<?xml version="1.0"?>\n<gpx version="1.1" creator="ride" xmlns="http://www.topografix.com/GPX/1/1"><trk>\n')
        for segment in segments:
            file.write("<trkseg>\n")
            for at, (time, lat, lon) in enumerate(segment):
                stamp = time.strftime("%Y-%m-%dT%H:%M:%S") + (f".{time.microsecond // 1000:03d}" if time.microsecond else "")
                file.write(f'<trkpt lat="{lat:.8f}" lon="{lon:.8f}"><ele>{35 + at % 10}</ele><time>{stamp}Z</time></trkpt>\n')
            file.write("</trkseg>\n")
        file.write("</trk></gpx>\n")


def drive(rng, count, step_s, metres, lat=52.5, lon=13.4):
    """Fixes of a ride that winds: one each step, `metres()` from the one before."""
    bearing, fixes = 40.0, []
    for at in range(count):
        fixes.append((START + datetime.timedelta(seconds=at * step_s), lat, lon))
        bearing += rng.gauss(0, 8)
        leg = math.degrees(metres() / EARTH_RADIUS_M)
        lat += leg * math.cos(math.radians(bearing))
        lon += leg * math.sin(math.radians(bearing)) / math.cos(math.radians(lat))
        lon -= 360 * round(lon / 360)
    return fixes


def metres_apart(a, b):
    """Between places (lat, lon) that are near each other."""
    north = math.radians(a[0] - b[0])
    east = math.radians((a[1] - b[1] + 180) % 360 - 180) * math.cos(math.radians(a[0]))
    return EARTH_RADIUS_M * math.hypot(north, east)


def photos(folder, count, step_s, first_s=1, offset=None, size=64, hours_ahead=2):
    """Photos of a camera whose clock is ahead of UTC, with every fraction of a second."""
    os.makedirs(folder)
    pixels = scan(size)
    for at in range(count):
        seconds = first_s + at * step_s
        taken = START + datetime.timedelta(hours=hours_ahead, milliseconds=round(seconds * 1000))
        photo(f"{folder}/p{at:05d}.jpg", taken, offset, pixels)
