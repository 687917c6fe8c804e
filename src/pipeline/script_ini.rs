//! The INI file of the single-purpose download scripts, which runs here as it is: `[mapillary]` with a token and one of
//! image_key, sequence_key and bbox.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::cli::given::flag;
use crate::disk::open;
use crate::disk::{Action, AtPath};
use crate::format::ini;
use crate::shape::FatalError;
use crate::value::bbox::BBox;
use crate::value::picture_id;

/// Where one is looked for when no flag says what to fetch.
const NAMES: [&str; 2] = ["fetch_mpy_images.ini", "config.ini"];
const SECTION: &str = "mapillary";
const QUERIES: [&str; 3] = ["image_key", "sequence_key", "bbox"];

/// What such a file asks for.
#[derive(Debug, PartialEq)]
pub struct ScriptIni {
    pub token: Option<String>,
    /// Flags of get-images.
    pub selection: Vec<OsString>,
    pub into: PathBuf,
}

/// The file of the current folder, if there is one.
pub fn found() -> Option<PathBuf> {
    let is_one = |path: &PathBuf| {
        let text = open::text(path).unwrap_or_default();
        ini::read(&text).iter().any(|(section, ..)| section == SECTION)
    };
    NAMES.map(PathBuf::from).into_iter().find(is_one)
}

impl ScriptIni {
    pub fn open(path: &Path) -> Result<ScriptIni, FatalError> {
        let text = open::text(path).at_path(Action::Open, path)?;
        ScriptIni::read(&text)
            .map_err(|what| FatalError(format!("'{}': {}", path.display(), what.0)))
    }

    fn read(text: &str) -> Result<ScriptIni, FatalError> {
        let value = |key: &str| ini::value(text, SECTION, key).filter(|value| !value.is_empty());
        if !ini::read(text).iter().any(|(section, ..)| section == SECTION) {
            return Err(FatalError(format!("it has no section [{SECTION}]")));
        }
        let mut queries = QUERIES.iter().filter_map(|key| Some((*key, value(key)?)));
        let (Some((key, query)), None) = (queries.next(), queries.next()) else {
            let there: Vec<&str> = QUERIES.into_iter().filter(|key| value(key).is_some()).collect();
            let what = if there.is_empty() { "no query".into() } else { there.join(" and ") };
            let wanted = "one of image_key, sequence_key, bbox says what to fetch";
            return Err(FatalError(format!("{what}: {wanted}")));
        };
        let wrong = |what: String| FatalError(format!("{key}: {what}"));
        let selection = match key {
            "image_key" => {
                let id = picture_id::read(&query).map_err(|error| wrong(error.to_string()))?;
                flag("image", id.into())
            }
            "sequence_key" => flag("sequence", query.clone().into()),
            _ => {
                query.parse::<BBox>().map_err(|error| wrong(error.to_string()))?;
                let limit = value("limit").unwrap_or_else(|| "1".into());
                if limit.parse::<u64>().is_err() {
                    return Err(FatalError(format!("limit: '{limit}' is not a whole number")));
                }
                [flag("bbox", without_blanks(&query).into()), flag("limit", limit.into())].concat()
            }
        };
        let root = PathBuf::from(value("output_root").unwrap_or_else(|| "downloads".into()));
        let into = root.join(folder(key, &query)?);
        Ok(ScriptIni { token: value("access_token"), selection, into })
    }
}

/// The folder of a query, as the scripts name it.
fn folder(key: &str, query: &str) -> Result<String, FatalError> {
    if query.contains(['/', '\\']) || query.contains("..") {
        return Err(FatalError(format!("{key}: '{query}' cannot be part of a folder's name")));
    }
    Ok(match key {
        "image_key" => format!("image_{query}"),
        "sequence_key" => format!("sequence_{query}"),
        _ => format!("bbox_{}", without_blanks(query).replace(',', "_")),
    })
}

fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_query_has_its_flags_and_its_folder() {
        for (query, flags, into) in [
            ("image_key = 1020 ; one", &["--image", "1020"][..], "downloads/image_1020"),
            ("sequence_key = -Zk_1", &["--sequence=-Zk_1"], "downloads/sequence_-Zk_1"),
            (
                "bbox = 1.5, 2, 3, 4\noutput_root = out",
                &["--bbox", "1.5,2,3,4", "--limit", "1"],
                "out/bbox_1.5_2_3_4",
            ),
            (
                "bbox = -3,2,3,4\nlimit = 50 ; boxes only\nimage_key =",
                &["--bbox=-3,2,3,4", "--limit", "50"],
                "downloads/bbox_-3_2_3_4",
            ),
        ] {
            let ini =
                ScriptIni::read(&format!("[mapillary]\naccess_token = t\n{query}\n")).unwrap();
            assert_eq!(ini.token.as_deref(), Some("t"));
            assert_eq!(
                (ini.selection, ini.into),
                (flags.iter().map(OsString::from).collect(), into.into())
            );
        }
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said() {
        for (text, said) in [
            ("image_key = 1", "no section [mapillary]"),
            ("[mapillary]\naccess_token = t", "no query: one of image_key, sequence_key, bbox"),
            ("[mapillary]\nimage_key = 1\nbbox = 1,2,3,4", "image_key and bbox: one of"),
            ("[mapillary]\nimage_key = x", "image_key: 'x' is not"),
            ("[mapillary]\nbbox = 1,2,3", "bbox: '1,2,3' has 3 numbers"),
            ("[mapillary]\nbbox = 1,2,3,4\nlimit = many", "limit: 'many' is not a whole number"),
            ("[mapillary]\nsequence_key = ../../etc", "cannot be part of a folder's name"),
        ] {
            let fault = ScriptIni::read(text).unwrap_err();
            assert!(fault.0.contains(said), "{text}: {fault}");
        }
    }
}
