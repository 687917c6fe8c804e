"""Small base maps that are made up: one colour each, so that a pixel tells whether it is drawn."""

import json, struct, zlib

PNG_COLOUR, VECTOR_COLOUR, STYLE_COLOUR = (200, 30, 30), (198, 220, 228), (18, 52, 86)


def png(colour, side=256):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = (b"\0" + bytes(colour) * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def varint(number):
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def vector(layer):
    """A tile with one layer, which is one square that covers all of it."""
    corners = [(0, 0), (4096, 0), (4096, 4096), (0, 4096)]
    geometry, pen = varint(9), (0, 0)
    for at, corner in enumerate(corners):
        if at == 1:
            geometry += varint(3 << 3 | 2)
        for axis in (0, 1):
            step = corner[axis] - pen[axis]
            geometry += varint((step << 1) ^ (step >> 63))
        pen = corner
    geometry += varint(15)
    feature = varint(3 << 3) + varint(3) + field(4, geometry)
    return field(3, field(1, layer.encode()) + field(2, feature) + varint(5 << 3) + varint(4096) + varint(15 << 3) + varint(2))


def pmtiles(path, tile, kind, metadata):
    """PMTiles, version 3, of the one tile of zoom 0: kind 1 is vector, 2 is PNG; nothing in it is compressed."""
    root = varint(1) + varint(0) + varint(1) + varint(len(tile)) + varint(1)
    metadata = json.dumps(metadata).encode()
    at = 127 + len(root)
    head = b"PMTiles\x03" + struct.pack("<QQQQQQQQQQQ", 127, len(root), at, len(metadata), 0, 0, at + len(metadata), len(tile), 1, 1, 1)
    head += struct.pack("<BBBBBB", 1, 1, 1, kind, 0, 0)
    head += struct.pack("<iiiiBii", -1800000000, -850000000, 1800000000, 850000000, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(head + root + metadata + tile)


def write(folder):
    """A file of each kind, and the colour of a pixel where nothing else lies: of vectors that of water in the page."""
    pmtiles(f"{folder}/raster.pmtiles", png(PNG_COLOUR), 2, {"name": "red"})
    pmtiles(f"{folder}/vector.pmtiles", vector("water"), 1, {"name": "water", "vector_layers": [{"id": "water", "fields": {}}]})
    style = {"version": 8, "sources": {}, "layers": [{"id": "sea", "type": "background", "paint": {"background-color": "rgb(%d,%d,%d)" % STYLE_COLOUR}}]}
    with open(f"{folder}/style.json", "w") as file:
        json.dump(style, file)
    return {"raster.pmtiles": PNG_COLOUR, "vector.pmtiles": VECTOR_COLOUR, "style.json": STYLE_COLOUR}


def pixel(shot):
    """The colour of a PNG of one pixel."""
    data, at = b"", 8
    while at < len(shot):
        length, kind = struct.unpack(">I4s", shot[at:at + 8])
        data += shot[at + 8:at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    return tuple(zlib.decompress(data)[1:4])
