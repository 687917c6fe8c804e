// What the address says: `#ID`, or `#id=ID&user=ada&from=2024-01-01&to=...&pano=1&sequence=...&map=14/54.32/9.95`.

const FILTERS = ["user", "from", "to", "pano", "sequence"];
// What is none of these filters nothing.
const FORMS = { from: /^\d{4}-\d\d-\d\d$/, to: /^\d{4}-\d\d-\d\d$/, pano: /^[01]$/ };

export function read(hash = location.hash) {
  const text = hash.replace(/^#/, "");
  const isPlain = /^[0-9]+$/.test(text);
  const pairs = new URLSearchParams(isPlain ? "id=" + text : text);
  const said = (key) => pairs.get(key) || "";
  const is = (key, value) => !FORMS[key] || FORMS[key].test(value);
  const filter = Object.fromEntries(FILTERS.map((key) => [key, is(key, said(key)) ? said(key) : ""]));
  return { id: said("id"), map: place(said("map")), filter };
}

function place(text) {
  const [zoom, lat, lon] = text.split("/").map(Number);
  const isPlace = [zoom, lat, lon].every(Number.isFinite) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return isPlace ? { zoom: Math.min(Math.max(zoom, 0), 21), center: [lon, lat] } : null;
}

export function write({ id, filter, map }) {
  const pairs = new URLSearchParams();
  if (id) pairs.set("id", id);
  for (const key of FILTERS) if (filter[key]) pairs.set(key, filter[key]);
  if (map) pairs.set("map", [map.zoom.toFixed(2), map.center.lat.toFixed(5), map.center.lng.toFixed(5)].join("/"));
  const text = "#" + pairs.toString().replace(/%2F/g, "/");
  if (text !== location.hash) history.replaceState(null, "", text);
}
