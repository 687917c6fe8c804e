//! The XMP sidecar of a photo: `a.xmp` or `a.dng.xmp`, and which photo it belongs to where several share a name.

use std::fs;
use std::path::{Path, PathBuf};

use crate::disk::open;
use crate::format::xmp;

use super::pictures;

/// A sidecar that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sidecar {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
}

/// The sidecar of a photo.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    pub sidecar: Option<Sidecar>,
    /// A message about other sidecars that were not read.
    pub why: Option<String>,
}

/// The possible names of a sidecar: the photo's name without its extension, and with it.
pub fn names(photo: &Path) -> [PathBuf; 2] {
    let mut full = photo.as_os_str().to_os_string();
    full.push(".xmp");
    [photo.with_extension("xmp"), full.into()]
}

/// Reads the sidecar of a photo. One with the full name belongs to this photo only; one without the extension
/// may belong to another photo, and is not used then.
pub fn beside(photo: &Path) -> Beside {
    let [stem, full] = names(photo);
    let (of_stem, of_full) = (open::read(&stem).ok(), open::read(&full).ok());
    let shown = |path: &Path| path.file_name().unwrap_or_default().display().to_string();
    match (of_stem, of_full) {
        (None, None) => Beside::default(),
        (Some(of_stem), None) => match owner(photo, Some(&of_stem)) {
            Owner::This => {
                Beside { sidecar: Some(Sidecar { path: stem, bytes: of_stem }), why: None }
            }
            Owner::Other => Beside::default(),
            Owner::Unknown(other) => {
                let [stem, full, other] = [&stem, &full, &other].map(|path| shown(path));
                let why = format!(
                    "sidecar '{stem}' may be that of '{other}' too and is not read: name it '{full}' if it is this one's"
                );
                Beside { sidecar: None, why: Some(why) }
            }
        },
        (of_stem, Some(bytes)) => {
            let is_second = of_stem.as_ref().is_some_and(|there| {
                *there != bytes && !matches!(owner(photo, Some(there)), Owner::Other)
            });
            let why = is_second.then(|| {
                let [stem, full] = [&stem, &full].map(|path| shown(path));
                format!("of two sidecars '{full}' is read, and '{stem}' is not")
            });
            Beside { sidecar: Some(Sidecar { path: full, bytes }), why }
        }
    }
}

/// Whether a photo may get a new sidecar under its name without the extension.
pub fn may_have_stem(photo: &Path) -> bool {
    matches!(owner(photo, None), Owner::This)
}

/// The photo that a sidecar without the extension belongs to.
enum Owner {
    This,
    Other,
    /// Ambiguous: it may also belong to this other photo.
    Unknown(PathBuf),
}

/// A sidecar that states the extension of its photo belongs to that one. Otherwise, formats that can hold
/// embedded XMP do not need a sidecar, so it belongs to the raw photo, if there is exactly one.
fn owner(photo: &Path, packet: Option<&[u8]>) -> Owner {
    let mut others = sharers(photo);
    if packet.is_some() {
        // A photo with a sidecar under its full name does not need a second one.
        others.retain(|other| !names(other)[1].exists());
    }
    if others.is_empty() {
        return Owner::This;
    }
    let packet = packet.map(xmp::read).unwrap_or_default();
    if let Some(ending) = packet.text(xmp::PHOTOSHOP, "SidecarForExtension") {
        let is_it =
            |path: &Path| path.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending));
        if is_it(photo) || others.iter().any(|other| is_it(other)) {
            return if is_it(photo) { Owner::This } else { Owner::Other };
        }
    }
    let needs = |path: &&PathBuf| !pictures::is_written(path);
    let (needy, is_needy) = (others.iter().filter(needs).count(), !pictures::is_written(photo));
    match (is_needy, needy) {
        (true, 0) => Owner::This,
        (false, 1) => Owner::Other,
        _ => {
            let other = others.iter().find(needs).unwrap_or(&others[0]);
            Owner::Unknown(other.clone())
        }
    }
}

/// The other photos whose sidecar would have the same name. They are looked up by name, because a folder may
/// contain very many photos.
fn sharers(photo: &Path) -> Vec<PathBuf> {
    let is_this = |other: &Path| {
        let same = |path: &Path| fs::canonicalize(path).ok();
        other == photo || same(other) == same(photo)
    };
    let endings =
        pictures::endings().flat_map(|ending| [ending.to_string(), ending.to_uppercase()]);
    let others = endings.map(|ending| photo.with_extension(ending));
    others.filter(|other| other.exists() && !is_this(other)).collect()
}

#[cfg(test)]
mod tests;
