// The page: an archive, a map, a viewer, and what the address says.

import * as link from "./link.js";
import { ArchiveMap, theme } from "./map.js";
import { facts } from "./facts.js";
import { Server } from "./server.js";
import { Site } from "./static.js";
import { ArchiveProvider, isPano } from "./provider.js";

const at = (id) => document.getElementById(id);
const STEP_MS = 1200; // between two pictures when playing

const page = { archive: null, map: null, viewer: null, image: null, ids: [], filter: link.read().filter, playing: null, wanted: null, counts: "" };
// For tests and the curious.
window.page = page;

async function start() {
  at("starting").remove();
  setTheme(localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  const config = await (await fetch("config.json")).json();
  page.config = config;
  if (config.base || config.kind === "static") {
    window.maplibregl.addProtocol("pmtiles", new window.pmtiles.Protocol().tile);
  }
  let summary;
  for (let token = config.needs_token ? sessionStorage.getItem("token") ?? "" : "web"; ; token = await askToken(token !== "")) {
    page.archive = config.kind === "static" ? new Site(config) : new Server(config, token);
    try {
      summary = await page.archive.summary();
      break;
    } catch (error) {
      if (!error.needsToken) throw error;
    }
  }
  page.counts = `${summary.images.toLocaleString("en")} pictures, ${summary.sequences.toLocaleString("en")} sequences`;
  tell("");
  for (const user of summary.users) at("user").append(new Option(`${user.username} (${user.images.toLocaleString("en")})`, user.username));
  const said = link.read();
  page.map = new ArchiveMap(page.archive, config, summary, said.map, { image: open, sequence: openSequence, move: remember, fail: unreadable });
  fillFilter();
  page.map.setFilter(page.filter);
  listen();
  if (said.id) await find(said.id);
  document.documentElement.dataset.ready = "yes";
}

function askToken(isWrong) {
  at("token-message").hidden = !isWrong;
  at("token").value = "";
  at("token-dialog").showModal();
  return new Promise((done) => {
    at("token-dialog").addEventListener("close", () => {
      sessionStorage.setItem("token", at("token").value);
      done(at("token").value);
    }, { once: true });
  });
}

/** In the header, in place of the counts; nothing brings these back. */
function tell(text) {
  at("counts").textContent = text || page.counts;
  at("counts").title = text;
}

function unreadable(error) {
  // The counts do not come back: an empty map would look like an empty archive.
  const why = page.config.kind === "static" ? "the host must answer byte ranges" : error.message;
  page.counts = `The map cannot be read: ${why}`;
  tell("");
}

function say(text) {
  at("look-message").hidden = !text;
  at("look-message").textContent = text;
}

function remember() {
  link.write({ id: page.image?.id, filter: page.filter, map: page.map.place() });
}

// The picture.

function viewer() {
  if (page.viewer) return page.viewer;
  const { Viewer } = window.mapillary;
  page.viewer = new Viewer({
    container: "viewer", dataProvider: new ArchiveProvider(page.archive), accessToken: "local",
    component: { cover: false, attribution: false, keyboard: false, sequence: false, bearing: true },
    combinedPanning: false, imageTiling: false, trackResize: true,
  });
  page.viewer.on("image", (event) => shown(event.image.id));
  page.viewer.on("bearing", (event) => page.map.turn(event.bearing));
  return page.viewer;
}

async function open(id) {
  page.wanted = id;
  at("look").hidden = false;
  at("look").closest("main").classList.add("looking");
  page.map.map.resize();
  viewer().resize();
  try {
    const [image] = await page.archive.images([id]);
    if (page.wanted !== id) return;
    if (!image) throw new Error("the archive does not have it");
    if (!image.thumb_original_url && !image.thumb_2048_url && !image.thumb_1024_url && !image.thumb_256_url) {
      at("facts").replaceChildren(...facts(image, page.config.licence));
      page.map.choose(image.sequence);
      page.map.show(image, image.computed_compass_angle ?? image.compass_angle ?? 0, true);
      throw new Error("its file is not in the archive");
    }
    await viewer().moveTo(id);
    say("");
  } catch (error) {
    // Another one was wanted meanwhile.
    if (page.wanted !== id || error.name === "CancelMapillaryError") return;
    stop();
    say(`Picture ${id} cannot be shown: ${error.message}`);
  }
}

async function shown(id) {
  page.wanted = id;
  const [image] = await page.archive.images([id]);
  if (!image || page.wanted !== id) return;
  const isNew = page.image?.sequence !== image.sequence;
  page.image = image;
  if (isNew) page.ids = image.sequence ? await page.archive.sequence(image.sequence) : [id];
  const place = page.ids.indexOf(id);
  at("position").max = Math.max(page.ids.length - 1, 0);
  at("position").value = place;
  at("place").textContent = `${place + 1} / ${page.ids.length}`;
  at("facts").replaceChildren(...facts(image, page.config.licence));
  page.map.choose(image.sequence);
  page.map.show(image, await page.viewer.getBearing(), true);
  document.documentElement.dataset.image = id;
  document.documentElement.dataset.pano = isPano(image);
  remember();
}

function close() {
  stop();
  Object.assign(page, { image: null, ids: [], wanted: null });
  at("look").hidden = true;
  at("look").closest("main").classList.remove("looking");
  delete document.documentElement.dataset.image;
  page.map.map.resize();
  page.map.hide();
  page.map.choose(null);
  say("");
  remember();
}

/** An id of either kind, or a link that has one. */
async function find(text) {
  const id = text.match(/[?&](?:pKey|image_key|id)=([^&#]+)/)?.[1] ?? text.match(/\/map\/im\/([^/?#]+)/)?.[1] ?? text;
  tell("");
  if (/^[0-9]+$/.test(id)) {
    const [image] = await page.archive.images([id]);
    if (image) return open(id);
  }
  const ids = await page.archive.sequence(id);
  if (ids.length) return open(ids[0]);
  tell(`Nothing here has the id ${id}`);
}

/** The picture of a sequence that is nearest to a place. */
async function openSequence(sequence, place) {
  const ids = await page.archive.sequence(sequence);
  const images = await page.archive.images(ids.slice(0, 2000));
  const away = (image) => {
    const [lon, lat] = (image.geometry ?? image.computed_geometry)?.coordinates ?? [999, 999];
    return Math.hypot((lon - place.lng) * Math.cos((lat * Math.PI) / 180), lat - place.lat);
  };
  images.sort((a, b) => away(a) - away(b));
  if (images.length) open(images[0].id);
}

function step(by) {
  const place = page.ids.indexOf(page.wanted ?? page.image?.id);
  const next = Math.min(Math.max(place + by, 0), page.ids.length - 1);
  if (place < 0 || next === place) return false;
  open(page.ids[next]);
  return true;
}

function stop() {
  clearInterval(page.playing);
  page.playing = null;
  at("play").setAttribute("aria-pressed", "false");
}

function play() {
  if (page.playing) return stop();
  at("play").setAttribute("aria-pressed", "true");
  // One that does not come in time is waited for.
  page.playing = setInterval(() => {
    if (page.wanted === page.image?.id && !step(1)) stop();
  }, STEP_MS);
  step(1);
}

// The filter.

const INPUTS = { user: "user", from: "from", to: "to", pano: "pano", sequence: "sequence" };

function fillFilter() {
  for (const [key, id] of Object.entries(INPUTS)) at(id).value = page.filter[key];
  countFilter();
}

function countFilter() {
  at("filter-count").textContent = Object.values(page.filter).filter(Boolean).length || "";
}

function readFilter() {
  for (const [key, id] of Object.entries(INPUTS)) page.filter[key] = at(id).value.trim();
  page.map.setFilter(page.filter);
  countFilter();
  remember();
}

function showFilter(isShown) {
  at("filters").hidden = !isShown;
  at("filter-button").setAttribute("aria-expanded", String(isShown));
  if (isShown) at("user").focus();
}

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  at("theme-button").textContent = name === "dark" ? "☀" : "☾";
}

function turnTheme() {
  setTheme(theme() === "dark" ? "light" : "dark");
  localStorage.setItem("theme", theme());
  page.map.setTheme();
}

// What people do.

function listen() {
  const clicks = {
    first: () => step(-page.ids.length), previous: () => step(-1), next: () => step(1), last: () => step(page.ids.length),
    play, close, "find-button": findHere, "theme-button": turnTheme, "help-button": () => at("help").showModal(),
    "filter-button": () => showFilter(at("filters").hidden), "filter-close": () => showFilter(false),
  };
  for (const [id, act] of Object.entries(clicks)) at(id).addEventListener("click", act);
  at("position").addEventListener("change", (event) => open(page.ids[Number(event.target.value)]));
  at("filter-form").addEventListener("input", readFilter);
  at("filter-form").addEventListener("reset", () => setTimeout(readFilter));
  at("filter-form").addEventListener("submit", (event) => event.preventDefault());
  at("find").addEventListener("submit", (event) => {
    event.preventDefault();
    document.body.classList.remove("finding");
    at("find-id").blur();
    if (at("find-id").value.trim()) find(at("find-id").value.trim());
  });
  addEventListener("keydown", key);
  addEventListener("hashchange", () => {
    const said = link.read();
    page.filter = said.filter;
    fillFilter();
    page.map.setFilter(page.filter);
    if (said.id && said.id !== page.image?.id) find(said.id);
  });
}

function findHere() {
  document.body.classList.add("finding");
  at("find-id").focus();
}

const KEYS = {
  ArrowLeft: () => step(-1), ArrowRight: () => step(1), Home: () => step(-page.ids.length), End: () => step(page.ids.length),
  " ": play, f: () => showFilter(at("filters").hidden), t: turnTheme, "?": () => at("help").showModal(),
  "/": findHere,
  "+": () => page.map.map.zoomIn(), "-": () => page.map.map.zoomOut(),
  Escape: () => (at("filters").hidden ? page.image && close() : showFilter(false)),
};

function key(event) {
  const isTyping = event.target.matches("input:not([type=range]), select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey || (isTyping && event.key !== "Escape")) return;
  // A button that has the focus takes a space for itself, and the map its own keys.
  if (event.key === " " && event.target.matches("button")) return;
  if (document.querySelector("dialog[open]") || !KEYS[event.key]) return;
  event.preventDefault();
  event.stopPropagation();
  KEYS[event.key]();
}

start().catch((error) => {
  at("counts").textContent = `The archive cannot be read: ${error.message}`;
  console.error(error);
});
