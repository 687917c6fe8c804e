// What MapillaryJS asks for, answered from an archive: no meshes, no clusters, no tiles of pictures.

const { DataProviderBase, S2GeometryProvider } = window.mapillary;

export class ArchiveProvider extends DataProviderBase {
  constructor(archive) {
    super(new S2GeometryProvider());
    this.archive = archive;
  }

  async getCoreImages(cellId) {
    const cellOf = (image) => this.geometry.lngLatToCellId(point(image.computed_geometry ?? image.geometry));
    return { cell_id: cellId, images: (await this.archive.cell(cellId, cellOf)).map(core) };
  }

  async getImages(ids) {
    const images = await this.archive.images(ids);
    return images.map((image) => ({ node: { ...spatial(image), ...core(image) }, node_id: image.id }));
  }

  async getSpatialImages(ids) {
    return (await this.archive.images(ids)).map((image) => ({ node: spatial(image), node_id: image.id }));
  }

  async getSequence(id) {
    // A picture without a sequence is alone.
    return { id, image_ids: id ? await this.archive.sequence(id) : [] };
  }

  getImageBuffer(url) {
    return this.archive.picture(url);
  }

  async getImageTiles(request) {
    return { node: [], node_id: request.imageId };
  }

  async getMesh() {
    return { faces: [], vertices: [] };
  }

  async getCluster() {
    return { points: {}, reference: { alt: 0, lat: 0, lng: 0 }, rotation: [0, 0, 0] };
  }

  setAccessToken() {}
}

function point(geometry) {
  return geometry ? { lng: geometry.coordinates[0], lat: geometry.coordinates[1] } : null;
}

function core(image) {
  return {
    computed_geometry: point(image.computed_geometry),
    geometry: point(image.geometry),
    id: image.id,
    sequence: { id: image.sequence ?? "" },
  };
}

export function isPano(image) {
  return image.is_pano === true || ["spherical", "equirectangular"].includes(image.camera_type);
}

function spatial(image) {
  const none = { id: null, url: null };
  const kind = isPano(image) ? "spherical" : image.camera_type === "fisheye" ? "fisheye" : "perspective";
  const url = image.thumb_2048_url ?? image.thumb_original_url ?? image.thumb_1024_url ?? image.thumb_256_url;
  return {
    ...image,
    altitude: image.altitude ?? 0,
    camera_parameters: image.camera_parameters ?? (kind === "spherical" ? [] : [0.85, 0, 0]),
    camera_type: kind,
    cluster: none,
    compass_angle: image.compass_angle ?? image.computed_compass_angle ?? 0,
    creator: image.creator ?? { id: null, username: null },
    exif_orientation: image.exif_orientation ?? 1,
    height: image.height ?? (kind === "spherical" ? 1024 : 768),
    merge_id: image.merge_cc ? String(image.merge_cc) : null,
    mesh: none,
    owner: image.organization ?? { id: null },
    private: null,
    thumb: { id: null, url: url ?? null },
    width: image.width ?? (kind === "spherical" ? 2048 : 1024),
  };
}
