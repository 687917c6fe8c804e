"""What other people's clients make of a local server: clients.py ADDRESS FOLDER.

Their hosts are written into their code, so each request for one of the
service's hosts is sent to ADDRESS instead, and any other host is refused.
Nothing else of the clients is changed.
"""

import json
import logging
import sys
import urllib.parse
from pathlib import Path

import requests

ADDRESS, FOLDER = sys.argv[1], Path(sys.argv[2])
TOKEN = "MLY|1|local"
HOSTS = {"graph.mapillary.com", "tiles.mapillary.com"}
BOX = {"west": 9.94, "south": 54.31, "east": 9.97, "north": 54.33}
IMAGE = "1020304050600100"
# What the sample archive has (src/serve/sample_town.rs), less the deleted picture; a
# sequence of one picture has no line.
ADA, TOWN, LINES = 29, 58, 4
PANOS, PANO_LINES = 12, 1

send = requests.adapters.HTTPAdapter.send


def send_here(adapter, request, **how):
    parts, here = urllib.parse.urlsplit(request.url), urllib.parse.urlsplit(ADDRESS)
    if parts.hostname in HOSTS:
        request.url = parts._replace(scheme=here.scheme, netloc=here.netloc).geturl()
    elif parts.netloc != here.netloc:
        raise requests.ConnectionError(f"not a host of this check: {parts.hostname}")
    return send(adapter, request, **how)


requests.adapters.HTTPAdapter.send = send_here


def read(answer):
    return answer if isinstance(answer, dict) else json.loads(answer)


def features(answer):
    """The number of features of what the SDK gives: its own class, a text, or a dict."""
    answer = answer.to_dict() if hasattr(answer, "to_dict") else read(answer)
    return len(answer["features"])


def equal(got, wanted):
    assert got == wanted, f"{got} instead of {wanted}"
    return got


# mapillary-downloader


def downloader():
    from mapillary_downloader.client import MapillaryClient

    return MapillaryClient(TOKEN)


def user():
    images = list(downloader().get_user_images("ada", "original"))
    assert all(image["thumb_original_url"] for image in images)
    return f"{equal(len(images), ADA)} images"


def user_by_pages():
    images = list(downloader().get_user_images("ada", "original", limit=7))
    return f"{equal(len({image['id'] for image in images}), ADA)} images, 7 a page"


def user_in_box():
    box = [9.9495, 54.3195, 9.9525, 54.3225]
    images = list(downloader().get_user_images("ada", "original", bbox=box))
    assert 0 < len(images) < ADA, f"{len(images)} images"
    return f"{len(images)} images"


def picture():
    image = next(downloader().get_user_images("ada", "original", limit=1))
    path = FOLDER / "one.jpg"
    size = downloader().download_image(image["thumb_original_url"], path)
    assert path.read_bytes().startswith(b"\xff\xd8\xff"), "not a JPEG"
    return f"{equal(size, path.stat().st_size)} bytes"


def whole_run():
    from mapillary_downloader.downloader import MapillaryDownloader

    run = MapillaryDownloader(
        downloader(), str(FOLDER / "ada"), "ada", "original", max_workers=2, tar_sequences=False, check_ia=False
    )
    run.download_user_data()
    files = [path for path in (FOLDER / "ada").rglob("*.jpg") if path.stem.isdigit()]
    return f"{equal(len(files), ADA)} files"


# mapillary, the Python SDK


def sdk():
    import mapillary.interface

    mapillary.interface.set_access_token(TOKEN)
    return mapillary.interface


def token():
    sdk()
    return "accepted"


def image():
    # The SDK asks for the place and drops it.
    facts = read(sdk().image_from_key(IMAGE))["features"]["properties"]
    return f"by {facts['creator']['username']}, at {equal(facts['captured_at'], 1717245296123)}"


def images_in_box():
    # Unless told otherwise the SDK leaves out what is all around.
    return f"{equal(features(sdk().images_in_bbox(BOX)), TOWN - PANOS)} images"


def panos_in_box():
    return f"{equal(features(sdk().images_in_bbox(BOX, image_type='pano')), PANOS)} images"


def sequences_in_box():
    return f"{equal(features(sdk().sequences_in_bbox(BOX)), LINES - PANO_LINES)} sequences"


def close_to():
    got = features(sdk().get_image_close_to(longitude=9.95, latitude=54.32, radius=200))
    assert got > 0, "no image"
    return f"{got} images"


def detections():
    return f"{equal(features(sdk().get_detections_with_image_id(IMAGE)), 1)} detection"


# vt2geojson


def tiles():
    import vt2geojson.tools

    layers = {}
    # The tiles of zoom 14 that the box touches.
    for x in (8644, 8645):
        for y in range(5234, 5237):
            url = f"https://tiles.mapillary.com/maps/vtp/mly1_public/2/14/{x}/{y}"
            answer = requests.get(url, params={"access_token": TOKEN}, timeout=10)
            answer.raise_for_status()
            for layer in ("image", "sequence"):
                found = vt2geojson.tools.vt_bytes_to_geojson(answer.content, x, y, 14, layer=layer)
                layers[layer] = layers.get(layer, 0) + len(found["features"])
    assert layers["image"] >= TOWN and layers["sequence"] >= LINES, f"{layers}"
    return f"{layers['image']} points, {layers['sequence']} lines"


CHECKS = [
    ("mapillary-downloader", "images of a user", user),
    ("mapillary-downloader", "the same page by page", user_by_pages),
    ("mapillary-downloader", "images of a user in a box", user_in_box),
    ("mapillary-downloader", "a picture", picture),
    ("mapillary-downloader", "a whole run", whole_run),
    ("mapillary SDK", "a token", token),
    ("mapillary SDK", "an image by its key", image),
    ("mapillary SDK", "images in a box", images_in_box),
    ("mapillary SDK", "360 degree images in a box", panos_in_box),
    ("mapillary SDK", "sequences in a box", sequences_in_box),
    ("mapillary SDK", "images close to a place", close_to),
    ("mapillary SDK", "detections of an image", detections),
    ("vt2geojson", "tiles to GeoJSON", tiles),
]


def run(checks):
    """One line for each call, and a bad end if one did not get what it should."""
    logging.disable(logging.CRITICAL)
    failed = 0
    for client, call, check in checks:
        try:
            said, mark = check(), "ok"
        except Exception as error:  # any way to fail is an answer here
            said, mark, failed = f"{type(error).__name__}: {error}"[:300], "FAILED", failed + 1
        print(f"{mark:7} {client:21} {call:30} {said}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    run(CHECKS)
