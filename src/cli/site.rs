//! Exports the static site and reports the result.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::run::Summary;
use crate::serve::{self, SiteSettings};
use crate::shape::FatalError;

use super::Session;

/// What the folder is made of, and where.
#[derive(Debug, Clone, Args)]
pub struct MakeSite {
    /// Folder for the page [default: 'site' in DIR].
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
    /// Rows of the pictures, in any format; may be repeated.
    #[arg(long, value_name = "FILE")]
    rows: Vec<PathBuf>,
    /// URL of DIR, as the page sees it [default: the relative path].
    #[arg(long, value_name = "URL")]
    pictures: Option<String>,
}

impl Session {
    pub fn site(&self, dir: Option<&Path>, flags: &MakeSite) -> Result<Summary, FatalError> {
        let Some(dir) = dir else {
            return Err(FatalError(
                "no archive: name its folder, such as 'to-site mapillary'".into(),
            ));
        };
        let settings = SiteSettings {
            dir: dir.to_owned(),
            rows: flags.rows.clone(),
            into: flags.into.clone().unwrap_or_else(|| dir.join("site")),
            pictures: flags.pictures.clone(),
        };
        self.begin();
        let made = serve::write_site(&settings).map_err(FatalError::new)?;
        made.notes.iter().for_each(|note| self.say(note));
        if made.without_picture > 0 {
            self.say(&format!(
                "{} images have no picture in the archive: they are only on the map",
                made.without_picture
            ));
        }
        self.say(&format!(
            "{} images, {} tiles, {} files in '{}'",
            made.images,
            made.tiles,
            made.files,
            settings.into.display()
        ));
        Ok(Summary::nothing())
    }
}
