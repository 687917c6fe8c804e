// What the row of a picture says, in words.

import { isPano } from "./provider.js";

const NAMES = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];

export function facts(image, licence) {
  const place = image.geometry?.coordinates;
  const direction = image.computed_compass_angle ?? image.compass_angle;
  const round = (number, digits) => Number(number).toFixed(digits);
  const rows = [
    ["Taken", image.captured_at == null ? null : new Date(Number(image.captured_at)).toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC")],
    ["By", image.creator?.username],
    ["Place", place && `${round(place[1], 6)}, ${round(place[0], 6)}`],
    ["Direction", direction == null ? null : `${round(direction, 0)}° ${NAMES[Math.round(direction / 45) & 7]}`],
    ["Height", image.altitude == null ? null : `${round(image.altitude, 1)} m`],
    ["Camera", [image.make, image.model].filter((word) => word && word !== "none").join(" ")],
    ["Size", image.width && `${image.width} × ${image.height}${isPano(image) ? ", 360°" : ""}`],
    ["Organization", image.organization?.id],
    ["Sequence", image.sequence],
    ["Picture", image.id],
  ];
  const list = document.createElement("dl");
  for (const [name, value] of rows) {
    if (!value) continue;
    list.append(element("dt", name), element("dd", value));
  }
  const credit = element("p", "");
  credit.append(`© ${image.creator?.username ?? "unknown"} `);
  if (licence.text) {
    const link = element("a", licence.text);
    Object.assign(link, { href: licence.url, target: "_blank", rel: "noreferrer" });
    credit.append("· ", link);
  }
  // What lies in a tar has no address of its own.
  if (image.thumb_original_url && !image.thumb_original_url.includes("#")) {
    const file = element("a", "the file");
    Object.assign(file, { href: image.thumb_original_url, target: "_blank", rel: "noreferrer" });
    credit.append(" · ", file);
  }
  return [credit, list];
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
