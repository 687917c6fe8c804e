// The archive behind serve-archive: the service's own API.

const FIELDS = [
  "id", "geometry", "computed_geometry", "sequence", "altitude", "atomic_scale", "camera_parameters", "camera_type",
  "captured_at", "compass_angle", "computed_altitude", "computed_compass_angle", "computed_rotation", "creator",
  "exif_orientation", "height", "is_pano", "make", "merge_cc", "model", "organization", "quality_score",
  "thumb_256_url", "thumb_1024_url", "thumb_2048_url", "thumb_original_url", "width",
].join(",");

// What the service takes at once, and gives at once.
const AT_ONCE = 100;
const PAGE = 2000;
// Facts that are remembered.
const KEPT = 5000;

export class Server {
  constructor(config, token) {
    this.token = token;
    this.root = new URL("..", document.baseURI).href;
    this.config = config;
    this.kept = new Map();
  }

  async get(path) {
    const answer = await fetch(this.root + path, { headers: { Authorization: "OAuth " + this.token } });
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      const error = new Error(body.error?.message || `status ${answer.status}`);
      error.needsToken = body.error?.code === 190;
      throw error;
    }
    return body;
  }

  summary() {
    return this.get("web/summary.json");
  }

  tiles() {
    const tiles = [this.root + "maps/vtp/mly1_public/2/{z}/{x}/{y}?access_token=" + encodeURIComponent(this.token)];
    return { type: "vector", tiles, minzoom: 0, maxzoom: 14 };
  }

  /** Facts of images, each with its id; those that are gone are left out. */
  async images(ids) {
    const unknown = ids.filter((id) => !this.kept.has(id));
    const parts = [];
    for (let at = 0; at < unknown.length; at += AT_ONCE) parts.push(unknown.slice(at, at + AT_ONCE));
    const answers = await Promise.all(
      parts.map((part) => this.get(`images?image_ids=${part.map(encodeURIComponent).join(",")}&fields=${FIELDS}`)),
    );
    if (this.kept.size > KEPT) this.kept.clear();
    const found = new Map(answers.flatMap((answer) => answer.data).map((image) => [image.id, image]));
    for (const [id, image] of found) this.kept.set(id, image);
    return ids.map((id) => found.get(id) ?? this.kept.get(id)).filter(Boolean);
  }

  /** The pictures of a sequence that are here, in the order of their capture. */
  async sequence(id) {
    const fields = "id,captured_at,thumb_256_url";
    const { data } = await this.get(`images?sequence_ids=${encodeURIComponent(id)}&limit=${PAGE}&fields=${fields}`);
    if (data.length < PAGE) {
      const taken = (image) => Number(image.captured_at ?? 0);
      return data.filter((image) => image.thumb_256_url).sort((a, b) => taken(a) - taken(b)).map((image) => image.id);
    }
    // A longer one is listed without what each has.
    return (await this.get("image_ids?sequence_id=" + encodeURIComponent(id))).data.map((image) => image.id);
  }

  /** The images of an S2 cell, with their places. */
  async cell(id) {
    const { data } = await this.get(`images?s2=${id}&fields=id,geometry,computed_geometry,sequence,thumb_256_url`);
    return data.filter((image) => image.thumb_256_url);
  }

  async picture(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`the picture cannot be had: ${await answer.text()}`);
    return answer.arrayBuffer();
  }
}
