"""One of the lowest layers as a small crate of its own: it, those that it uses, and the dependencies that they name."""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LAYERS = ["threads", "value", "row", "format"]
# Packages whose library has another name.
LIBRARIES = {"kamadak-exif": "exif"}

# Which mutant runs is told by the environment, so that one build holds all of them. The first assertion of a test that fails
# ends the program: what the other tests say is not asked for. Panics of the code itself may be meant to be caught.
LIBRARY = """#![allow(warnings, arithmetic_overflow, unconditional_panic)]
pub mod mutation {
    pub fn number() -> u32 {
        static NUMBER: std::sync::LazyLock<u32> = std::sync::LazyLock::new(|| {
            let print = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                print(panic);
                if panic.location().is_some_and(|place| place.file().contains("tests")) {
                    std::process::exit(101);
                }
            }));
            std::env::var("MUTANT").ok().and_then(|text| text.parse().ok()).unwrap_or(0)
        });
        *NUMBER
    }
}
"""


def sources(layers):
    return "".join(file.read_text() for name in layers for file in sorted((ROOT / "src" / name).rglob("*.rs")))


def used_by(layer):
    """The layer, and the others that it and they use."""
    used, waiting = set(), [layer]
    while waiting:
        used.add(name := waiting.pop())
        text = sources([name])
        waiting += [other for other in LAYERS if f"crate::{other}" in text and other not in used]
    return [name for name in LAYERS if name in used]


def manifest(layers):
    """The project's Cargo.toml, with only the dependencies that these layers name."""
    text, kept, section = sources(layers), [], ""
    for line in (ROOT / "Cargo.toml").read_text().splitlines():
        section = line if line.startswith("[") else section
        name = re.match(r"([a-z][\w-]*)(\.[\w-]+)? *=", line)
        if line == section:
            is_kept = section in ("[package]", "[dependencies]", "[dev-dependencies]", "[profile.dev.package]")
        elif section == "[package]":
            is_kept = name and name[1] in ("name", "version", "edition", "license")
        elif section in ("[dependencies]", "[dev-dependencies]"):
            is_kept = name and re.search(rf"\b{LIBRARIES.get(name[1], name[1]).replace('-', '_')}(::| as )", text)
        else:
            is_kept = section == "[profile.dev.package]" and name
        kept += [line] if is_kept else []
    # The tests run thousands of times.
    return "\n".join([*kept, "mapillary-pipes.opt-level = 1", "", "[profile.dev]", "debug = 0", "[workspace]", ""])


def assemble(layer, folder):
    """Writes the crate anew; what was built of its dependencies stays."""
    layers = used_by(layer)
    shutil.rmtree(folder / "src", ignore_errors=True)
    for name in layers:
        shutil.copytree(ROOT / "src" / name, folder / "src" / name)
    (folder / "src/lib.rs").write_text(LIBRARY + "".join(f"pub mod {name};\n" for name in layers))
    (folder / "Cargo.toml").write_text(manifest(layers))
    shutil.copy(ROOT / "Cargo.lock", folder / "Cargo.lock")
