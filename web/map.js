// The map: sequences as lines, pictures as points, and where one looks.

import { baseStyle } from "./base.js";

const { Map, Marker, NavigationControl, ScaleControl, LngLatBounds } = window.maplibregl;

const LAYERS = { points: "overview", lines: "sequence", images: "image" };
const POINTER = 6; // pixels around a click
const EDGE = 60; // nearer to the edge the map follows

export class ArchiveMap {
  constructor(archive, config, summary, place, on) {
    this.archive = archive;
    this.config = config;
    this.on = on;
    this.filter = {};
    this.users = summary.users;
    this.marker = new Marker({ element: here(), rotationAlignment: "map", pitchAlignment: "map" });
    const bounds = summary.bounds && inOrder(summary.bounds);
    const view = place ?? (bounds ? { bounds, fitBoundsOptions: { padding: 50, maxZoom: 16 } } : { zoom: 1, center: [0, 20] });
    this.map = new Map({
      container: "map", style: baseStyle(config, theme()), attributionControl: { compact: true }, maxZoom: 21,
      fadeDuration: 0, keyboard: false, ...view,
    });
    this.map.addControl(new NavigationControl({ visualizePitch: true }), "top-right");
    this.map.addControl(new ScaleControl({ maxWidth: 120 }), "bottom-left");
    this.map.on("style.load", () => this.addLayers());
    // Tiles that were asked for before the theme changed may want it of the new style earlier than that is loaded.
    this.map.on("styleimagemissing", ({ id }) => id === "arrow" && this.addArrow());
    this.map.on("moveend", () => on.move());
    this.map.on("error", ({ error, sourceId }) => sourceId === "archive" && on.fail(error));
    this.map.on("click", (event) => this.click(event));
    this.map.on("mousemove", (event) => {
      this.map.getCanvas().style.cursor = this.at(event.point).length ? "pointer" : "";
    });
    this.ready = new Promise((done) => this.map.once("idle", done));
  }

  place() {
    return { zoom: this.map.getZoom(), center: this.map.getCenter() };
  }

  addLayers() {
    const { line, point, chosen } = colors();
    this.map.addSource("archive", this.archive.tiles());
    const width = ["interpolate", ["linear"], ["zoom"], 6, 1, 12, 2, 16, 3.5, 20, 6];
    const add = (id, type, layer, paint, more = {}) =>
      this.map.addLayer({ id, type, source: "archive", "source-layer": layer, paint, ...more });
    add("points", "circle", LAYERS.points, { "circle-color": line, "circle-radius": ["interpolate", ["linear"], ["zoom"], 0, 2, 6, 4], "circle-opacity": 0.8 });
    add("lines", "line", LAYERS.lines, { "line-color": line, "line-width": width, "line-opacity": 0.75 }, { layout: { "line-cap": "round", "line-join": "round" } });
    add("chosen", "line", LAYERS.lines, { "line-color": chosen, "line-width": ["interpolate", ["linear"], ["zoom"], 6, 2, 16, 6] }, { layout: { "line-cap": "round", "line-join": "round" } });
    const radius = ["interpolate", ["linear"], ["zoom"], 14, 1.5, 17, 4, 20, 8];
    add("images", "circle", LAYERS.images, {
      "circle-radius": radius, "circle-color": point,
      "circle-stroke-color": ["case", ["boolean", ["get", "is_pano"], false], chosen, "#ffffff"],
      "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 15, 0, 17, 1.5],
    }, { minzoom: 14 });
    this.addArrow();
    this.map.addLayer({
      id: "directions", type: "symbol", source: "archive", "source-layer": LAYERS.images, minzoom: 16.5,
      filter: ["has", "compass_angle"],
      layout: {
        "icon-image": "arrow", "icon-rotate": ["get", "compass_angle"], "icon-rotation-alignment": "map",
        "icon-allow-overlap": true, "icon-ignore-placement": true, "icon-size": ["interpolate", ["linear"], ["zoom"], 16.5, 0.8, 20, 1.6],
      },
    }, "images");
    this.setFilter(this.filter);
  }

  addArrow() {
    if (!this.map.hasImage("arrow")) this.map.addImage("arrow", arrow(colors().point), { pixelRatio: 2 });
  }

  setFilter(filter) {
    this.filter = filter;
    if (!this.map.getLayer("lines")) return;
    const test = expression(filter, this.users);
    const sequence = (key) => (filter.sequence ? [["==", ["get", key], filter.sequence]] : []);
    for (const [id, key] of [["points", "sequence_id"], ["lines", "id"], ["images", "sequence_id"], ["directions", "sequence_id"]]) {
      const has = id === "directions" ? [["has", "compass_angle"]] : [];
      this.map.setFilter(id, ["all", ...test, ...sequence(key), ...has]);
    }
    this.choose(this.chosen);
  }

  choose(sequence) {
    this.chosen = sequence;
    if (this.map.getLayer("chosen")) this.map.setFilter("chosen", ["==", ["get", "id"], sequence ?? ""]);
  }

  at(point) {
    const box = [[point.x - POINTER, point.y - POINTER], [point.x + POINTER, point.y + POINTER]];
    const layers = ["images", "lines", "points"].filter((id) => this.map.getLayer(id));
    return this.map.queryRenderedFeatures(box, { layers });
  }

  click(event) {
    const found = this.at(event.point);
    const image = found.find((feature) => feature.layer.id === "images");
    const other = found[0];
    if (image) {
      // Of several the nearest.
      const images = found.filter((feature) => feature.layer.id === "images");
      const away = (feature) => {
        const at = this.map.project(feature.geometry.coordinates);
        return Math.hypot(at.x - event.point.x, at.y - event.point.y);
      };
      images.sort((a, b) => away(a) - away(b));
      this.on.image(images[0].id_text ?? String(images[0].properties.id));
    } else if (other) {
      const line = other.layer.id === "lines";
      this.on.sequence(line ? other.properties.id : other.properties.sequence_id, event.lngLat);
    }
  }

  /** Shows where the picture was taken and where one looks. */
  show(image, bearingDeg, isMoved) {
    const place = (image.computed_geometry ?? image.geometry)?.coordinates;
    if (!place) return this.marker.remove();
    this.marker.setLngLat(place).setRotation(bearingDeg).addTo(this.map);
    if (!isMoved) return;
    const isFar = this.map.getZoom() < 15;
    const at = this.map.project(place);
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    const isInside = at.x > EDGE && at.y > EDGE && at.x < width - EDGE && at.y < height - EDGE;
    if (isFar || !isInside) {
      this.map.easeTo({ center: place, zoom: isFar ? 16.5 : this.map.getZoom(), duration: 400 });
    }
  }

  turn(bearingDeg) {
    this.marker.setRotation(bearingDeg);
  }

  hide() {
    this.marker.remove();
  }

  setTheme() {
    this.map.setStyle(baseStyle(this.config, theme()), { diff: false });
  }
}

export function theme() {
  return document.documentElement.dataset.theme;
}

function colors() {
  const [line, point, chosen] = theme() === "dark" ? ["#2fb9a7", "#5fe0cf", "#ffb84d"] : ["#0a9a87", "#0a7a6b", "#d9480f"];
  return { line, point, chosen };
}

/** Tests on what tiles tell of images and of sequences. */
function expression(filter, users) {
  const tests = [];
  const time = ["get", "captured_at"];
  const ms = (day) => Date.parse(day + "T00:00:00Z");
  if (filter.from) tests.push([">=", time, ms(filter.from)]);
  if (filter.to) tests.push(["<", time, ms(filter.to) + 86_400_000]);
  if (filter.pano) tests.push(["==", ["boolean", ["get", "is_pano"], false], filter.pano === "1"]);
  if (filter.user) {
    const user = users.find((one) => one.username === filter.user);
    // In tiles users are numbers; one without an id has none there.
    tests.push(user?.id ? ["==", ["to-string", ["get", "creator_id"]], user.id] : ["!", ["has", "creator_id"]]);
  }
  return tests;
}

// Across the antimeridian the east has to be the greater one.
function inOrder([west, south, east, north]) {
  return new LngLatBounds([west, south], [west > east ? east + 360 : east, north]);
}

function here() {
  const element = document.createElement("div");
  element.className = "here";
  element.innerHTML =
    '<svg viewBox="-36 -36 72 72" width="72" height="72"><path d="M0 0-19-27A33 33 0 0 1 19-27Z" fill="#f08c00" fill-opacity=".5"/>' +
    '<circle r="8" fill="#f08c00" stroke="#fff" stroke-width="3"/></svg>';
  return element;
}

/** A small wedge above the point, looking north. */
function arrow(color) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const draw = canvas.getContext("2d");
  draw.fillStyle = color;
  draw.globalAlpha = 0.55;
  draw.beginPath();
  draw.moveTo(32, 32);
  draw.arc(32, 32, 30, -Math.PI / 2 - 0.45, -Math.PI / 2 + 0.45);
  draw.fill();
  return draw.getImageData(0, 0, 64, 64);
}
