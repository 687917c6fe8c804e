// What lies below the sequences: nothing, a style of the user's, or a PMTiles file drawn plainly.

const COLORS = {
  light: { ground: "#f3f5f4", land: "#f7f8f6", water: "#c6dce4", green: "#dfeadb", road: "#ffffff", edge: "#c9d0cd", house: "#e4e7e4" },
  dark: { ground: "#14191a", land: "#171d1e", water: "#0e2229", green: "#182420", road: "#2c3738", edge: "#3a4647", house: "#212a2b" },
};

export function baseStyle(config, theme) {
  if (config.style) return new URL(config.style, document.baseURI).href;
  const color = COLORS[theme];
  const style = { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": color.ground } }] };
  if (!config.base) return style;
  const url = "pmtiles://" + new URL(config.base.file, document.baseURI).href;
  const attribution = config.base.attribution || "";
  if (config.base.type === "raster") {
    style.sources.base = { type: "raster", url, tileSize: 256, attribution };
    style.layers.push({ id: "base", type: "raster", source: "base", paint: { "raster-opacity": theme === "dark" ? 0.6 : 0.9 } });
    return style;
  }
  style.sources.base = { type: "vector", url, attribution };
  // The names of layers of Protomaps and of OpenMapTiles.
  for (const [layer, type, paint, minzoom] of [
    ["earth", "fill", { "fill-color": color.land }],
    ["landcover", "fill", { "fill-color": color.green, "fill-opacity": 0.5 }],
    ["landuse", "fill", { "fill-color": color.green, "fill-opacity": 0.6 }],
    ["park", "fill", { "fill-color": color.green }],
    ["water", "fill", { "fill-color": color.water }],
    ["waterway", "line", { "line-color": color.water }],
    ["buildings", "fill", { "fill-color": color.house }, 14],
    ["building", "fill", { "fill-color": color.house }, 14],
    ["roads", "line", road(color.edge, 2), 8],
    ["roads", "line", road(color.road, 0), 8],
    ["transportation", "line", road(color.edge, 2), 8],
    ["transportation", "line", road(color.road, 0), 8],
    ["boundaries", "line", { "line-color": color.edge, "line-dasharray": [3, 2] }],
    ["boundary", "line", { "line-color": color.edge, "line-dasharray": [3, 2] }],
  ]) {
    const geometry = type === "fill" ? "Polygon" : "LineString";
    const layout = type === "line" ? { "line-cap": "round", "line-join": "round" } : {};
    const id = `${layer}-${style.layers.length}`;
    style.layers.push({
      id, type, source: "base", "source-layer": layer, paint, layout, filter: ["==", ["geometry-type"], geometry],
      ...(minzoom ? { minzoom } : {}),
    });
  }
  return style;
}

function road(color, more) {
  return {
    "line-color": color,
    "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 8, 0.5 + more / 4, 14, 2 + more, 18, 12 + more],
  };
}
