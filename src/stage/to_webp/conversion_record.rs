//! Records which JPEG each WebP was made from, by digest, so that an original is only deleted if that is proven. File
//! names prove nothing, and may change.
//!
//! There is one line for each WebP: the digests of the JPEG and of the WebP, the encoder settings, and what was left
//! out.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::folder_record;
use crate::format::transcode::How;
use crate::value::digest::Digest;

const NAME: &str = "webp-made-of-jpeg";

/// The records of the folders seen, read when first needed. About 200 bytes of memory per WebP in them.
pub struct Origins {
    into: Option<PathBuf>,
    folders: Mutex<HashMap<PathBuf, Arc<Mutex<OriginIndex>>>>,
}

/// What is known of a JPEG and a WebP.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// The WebP was made from the JPEG, with these settings.
    Made(How),
    /// A different WebP was made from the JPEG: this one was changed since, or replaced it.
    Other,
    Unknown,
}

/// The conversions by digest of the JPEG.
#[derive(Default)]
struct OriginIndex(HashMap<Digest, Vec<(Digest, How)>>);

impl Origins {
    pub fn new(into: Option<PathBuf>) -> Origins {
        Origins { into, folders: Mutex::default() }
    }

    /// What the records around a WebP say.
    pub fn find(&self, target: &Path, jpeg: Digest, webp: Digest) -> Origin {
        let mut found = Origin::Unknown;
        for folder in folder_record::folders(target, self.into.as_deref()) {
            let known = self.known(&folder);
            let known = known.lock().unwrap_or_else(|broken| broken.into_inner());
            let Some(made) = known.0.get(&jpeg) else { continue };
            match made.iter().rfind(|(digest, _)| *digest == webp) {
                Some((_, how)) => return Origin::Made(*how),
                None => found = Origin::Other,
            }
        }
        found
    }

    /// Records which JPEG a WebP was made from.
    pub fn add(
        &self,
        target: &Path,
        (jpeg, webp): (Digest, Digest),
        how: How,
        dropped: &[String],
    ) -> io::Result<()> {
        let folder = folder_record::folder(target, self.into.as_deref());
        let line = format!("{jpeg}\t{webp}\t{how}\t{}", dropped.join(", "));
        folder_record::append(&folder, NAME, &line)?;
        // Threads that load the record later find the line in the file.
        let folders = self.folders.lock().unwrap_or_else(|broken| broken.into_inner());
        if let Some(known) = folders.get(&folder) {
            known.lock().unwrap_or_else(|broken| broken.into_inner()).add(&line);
        }
        Ok(())
    }

    fn known(&self, folder: &Path) -> Arc<Mutex<OriginIndex>> {
        let mut folders = self.folders.lock().unwrap_or_else(|broken| broken.into_inner());
        let read = || {
            let mut known = OriginIndex::default();
            folder_record::read(folder, NAME).iter().for_each(|line| known.add(line));
            Arc::new(Mutex::new(known))
        };
        Arc::clone(folders.entry(folder.to_path_buf()).or_insert_with(read))
    }
}

impl OriginIndex {
    /// An incomplete line is ignored.
    fn add(&mut self, line: &str) {
        let read = || -> Option<(Digest, Digest, How)> {
            let fields: Vec<&str> = line.split('\t').collect();
            let [jpeg, webp, how, _] = fields[..] else { return None };
            Some((jpeg.parse().ok()?, webp.parse().ok()?, how.parse().ok()?))
        };
        if let Some((jpeg, webp, how)) = read() {
            self.0.entry(jpeg).or_default().push((webp, how));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::NOTES;

    const HOW: How = How { quality: 80.0, method: 4, lossless: false };

    #[test]
    fn a_webp_is_known_by_both_digests_wherever_its_folder_is_moved() {
        let top = tempfile::tempdir().unwrap();
        let [jpeg, webp, other] = [1, 2, 3].map(|byte| Digest([byte; 32]));
        let target = top.path().join("a/1.webp");
        let origins = Origins::new(None);
        assert_eq!(origins.find(&target, jpeg, webp), Origin::Unknown);
        origins.add(&target, (jpeg, webp), HOW, &["IPTC (9 bytes)".to_string()]).unwrap();
        std::fs::rename(top.path().join("a"), top.path().join("b")).unwrap();
        let moved = top.path().join("b/2.webp");
        for origins in [origins, Origins::new(None)] {
            assert_eq!(origins.find(&moved, jpeg, webp), Origin::Made(HOW));
            assert_eq!(origins.find(&moved, jpeg, other), Origin::Other);
            assert_eq!(origins.find(&moved, other, webp), Origin::Unknown);
        }
    }

    #[test]
    fn what_was_added_after_the_first_look_is_known_and_a_cut_line_is_not() {
        let top = tempfile::tempdir().unwrap();
        let [jpeg, webp] = [1, 2].map(|byte| Digest([byte; 32]));
        let target = top.path().join("1.webp");
        let origins = Origins::new(None);
        std::fs::create_dir(top.path().join(NOTES)).unwrap();
        assert_eq!(origins.find(&target, jpeg, webp), Origin::Unknown);
        origins.add(&target, (jpeg, webp), HOW, &[]).unwrap();
        assert_eq!(origins.find(&target, jpeg, webp), Origin::Made(HOW));
        let note = top.path().join(NOTES).join(NAME);
        let line = std::fs::read_to_string(&note).unwrap();
        for end in 0..line.len() {
            // After a crash cut the line, another run appends to it.
            for rest in ["", &line] {
                std::fs::write(&note, line[..end].to_string() + rest).unwrap();
                let origin = Origins::new(None).find(&target, jpeg, webp);
                let is_whole = rest == line && end == 0;
                assert_eq!(origin == Origin::Made(HOW), is_whole, "cut at {end}");
            }
        }
    }
}
