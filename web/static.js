// The archive as files on any web host: rows in packed blocks, pictures in tars, all read by ranges (to-site).

const ENTRY = 20; // bytes: hash, offset, length
const KEPT = 200; // blocks
const HEADER = 512; // bytes before the data of a member of a tar

export class Site {
  constructor(config) {
    this.config = config;
    this.root = new URL(".", document.baseURI).href;
    this.pictures = new URL(config.pictures, this.root).href;
    this.blocks = new Map();
    this.cells = new Map();
  }

  async summary() {
    return (await this.fetch("summary.json")).json();
  }

  tiles() {
    return { type: "vector", url: "pmtiles://" + this.root + "coverage.pmtiles" };
  }

  async fetch(address, range) {
    const url = new URL(address, this.root);
    const answer = await fetch(url, range ? { headers: { Range: `bytes=${range[0]}-${range[0] + range[1] - 1}` } } : {});
    if (!answer.ok) throw new Error(`${url.pathname.split("/").pop()}: status ${answer.status}`);
    return answer;
  }

  /** A part of a file, also from a host that gives nothing but all of it. */
  async part(address, at, length) {
    const answer = await this.fetch(address, [at, length]);
    const bytes = await answer.arrayBuffer();
    return answer.status === 206 ? bytes : bytes.slice(at, at + length);
  }

  /** The blocks in which a name may be. */
  async places(kind, name) {
    const { step, count, firsts } = this.config.index;
    const wanted = hash(kind + name);
    let at = 0;
    for (let low = 0, high = firsts.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (firsts[middle] < wanted) [low, at] = [middle + 1, middle];
      else high = middle;
    }
    const found = [];
    // Equal ones may go on in the next part.
    for (; at < firsts.length && firsts[at] <= wanted; at++) {
      const entries = Math.min(step, count - at * step);
      const view = new DataView(await this.part("index.bin", at * step * ENTRY, entries * ENTRY));
      for (let entry = 0; entry < entries; entry++) {
        const own = view.getBigUint64(entry * ENTRY).toString(16).padStart(16, "0");
        if (own === wanted) found.push([Number(view.getBigUint64(entry * ENTRY + 8)), view.getUint32(entry * ENTRY + 16)]);
      }
    }
    return found;
  }

  async block(offset, length) {
    if (!this.blocks.has(offset)) {
      if (this.blocks.size > KEPT) this.blocks.clear();
      this.blocks.set(offset, this.read(offset, length));
    }
    return this.blocks.get(offset);
  }

  async read(offset, length) {
    const packed = new Blob([await this.part("rows.bin", offset, length)]);
    const rows = await new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).json();
    for (const row of rows) {
      if (row.picture) row.thumb_original_url = this.address(row.picture, row.id);
      if (row.view) row.thumb_2048_url = this.address(row.view, row.id);
    }
    return rows;
  }

  /** Of a picture: its file and, in a tar, its part. */
  address([file, , at, size], id) {
    const url = new URL(typeof file === "number" ? this.config.index.files[file] : file, this.pictures).href;
    return at === undefined ? url : `${url}#${at},${size},${id}`;
  }

  async rows(kind, name, isIt) {
    const blocks = await Promise.all((await this.places(kind, name)).map(([offset, length]) => this.block(offset, length)));
    return blocks.flat().filter(isIt);
  }

  async images(ids) {
    const found = await Promise.all(ids.map((id) => this.rows("i", id, (row) => row.id === id)));
    return found.map((rows) => rows[0]).filter(Boolean);
  }

  async sequence(id) {
    const rows = await this.rows("s", id, (row) => row.sequence === id && row.picture);
    return rows.sort((a, b) => Number(a.captured_at ?? 0) - Number(b.captured_at ?? 0)).map((row) => row.id);
  }

  /** Only what has been read so far: a static host answers no question about places. */
  async cell(id, cellOf) {
    const rows = (await Promise.all(this.blocks.values())).flat();
    return rows.filter((row) => row.picture && row.geometry && cellOf(row) === id);
  }

  async picture(url) {
    const [address, part] = url.split("#");
    if (!part) return (await this.fetch(address)).arrayBuffer();
    const [at, size, id] = part.split(",");
    const bytes = await this.part(address, at - HEADER, HEADER + Number(size));
    if (isOther(new TextDecoder("latin1").decode(bytes.slice(0, HEADER)), size, id))
      throw new Error("the tar has changed since this page was made: run to-site again");
    return bytes.slice(HEADER);
  }
}

/** Whether a tar's header is that of another member: of another size, or a file named by another id. Names with 14 or 17 digits
may be times. */
function isOther(header, size, id) {
  const name = header.slice(0, 100).split("\0")[0].split("/").pop();
  const other = name.match(/^(\d{15,16})(_\w+)?\.\w+$/);
  return parseInt(header.slice(124, 136), 8) !== Number(size) || (other && other[1] !== id);
}

/** FNV-1a of 64 bits, as 16 digits. */
function hash(text) {
  let value = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  return value.toString(16).padStart(16, "0");
}
