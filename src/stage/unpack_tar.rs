//! unpack-tar: the files of tars, and their rows, as they were before packing.

use std::collections::HashMap;
use std::fs::{self};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::pack_tar::taken_ms;
use super::{Batch, Fault, Notes, Outcome, OwnRows, PLANNED, Shape};
use crate::disk::locate::{Found, Locator, Packed};
use crate::disk::open;
use crate::disk::packed;
use crate::disk::place::{CHUNK, digest_of_file, each_part};
use crate::disk::replace::Replacement;
use crate::format::tar::check_name;
use crate::row::{Columns, Field, Row};

/// What unpack-tar is asked to do.
#[derive(Debug, Clone)]
pub struct Settings {
    pub into: PathBuf,
    pub force: bool,
    pub dry_run: bool,
}

/// See the module's text.
pub struct UnpackTar {
    settings: Settings,
    locator: Locator,
}

impl UnpackTar {
    pub fn new(settings: Settings) -> UnpackTar {
        UnpackTar { settings, locator: Locator::default() }
    }

    fn unpack(&self, row: &mut Row) -> Result<&'static str, String> {
        let packed = match self.locator.find_or_say(row)? {
            Found::Packed(packed) => packed,
            Found::File(_) => return Ok("kept"),
        };
        // The name comes from a file that anyone may have made.
        check_name(&packed.member)?;
        let path = self.settings.into.join(&packed.member);
        let status = match path.exists() && !self.settings.force {
            true if is_same(&path, &packed) => "kept",
            true => {
                return Err(format!("'{}' is another file (--force replaces it)", path.display()));
            }
            false if self.settings.dry_run => PLANNED,
            false => {
                let modified = taken_ms(row)?.and_then(|ms| u64::try_from(ms).ok());
                write(&packed, &path, modified)
                    .map_err(|error| format!("cannot write '{}': {error}", path.display()))?;
                "done"
            }
        };
        row.set(Field::Path, path.to_str().ok_or("a path that is not UTF-8")?);
        Ok(status)
    }
}

impl Batch for UnpackTar {
    fn shape(&self) -> Shape {
        Shape {
            needs: vec![vec![Field::Archive, Field::Path]],
            sets: [Field::Path, Field::Status].map(Into::into).to_vec(),
            drops: vec![Field::Archive, Field::Member],
            ..Shape::default()
        }
    }

    fn run(&self, rows: Vec<Row>, _: &dyn Notes) -> Result<Vec<Outcome>, Fault> {
        let outcome = |mut row: Row| match self.unpack(&mut row) {
            Err(what) => Outcome::Failed(row, what),
            // A sidecar is a file, not a picture: it has no row of its own.
            Ok(_) if row.get(Field::Member).is_some_and(|member| member.ends_with(".json")) => {
                Outcome::Rows(Vec::new())
            }
            Ok(status) => {
                row.set(Field::Status, status);
                row.clear(Field::Archive);
                row.clear(Field::Member);
                Outcome::Rows(vec![row])
            }
        };
        Ok(rows.into_iter().map(outcome).collect())
    }
}

/// Whether the file is what the tar holds, as far as the tar tells.
fn is_same(path: &Path, packed: &Packed) -> bool {
    digest_of_file(path).is_ok_and(|(bytes, sha256)| {
        bytes == packed.bytes && packed.sha256.is_none_or(|known| known == sha256)
    })
}

/// Nothing that fails the digest gets its name.
fn write(packed: &Packed, path: &Path, modified_ms: Option<u64>) -> std::io::Result<()> {
    let tar = open::file(&*packed.archive)?;
    let mut file = Replacement::create(path)?;
    let part = (packed.offset, packed.bytes);
    let digest = each_part(&tar, part, &mut vec![0; CHUNK], |bytes, _| file.write_all(bytes))?;
    if packed.sha256.is_some_and(|known| known != digest) {
        return Err(std::io::Error::other("its digest is not that of the index"));
    }
    if let Some(modified_ms) = modified_ms {
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_millis(modified_ms))?;
    }
    file.finish(Some(packed.bytes), false)
}

/// The members of a tar, or of all tars of a folder, those among them of which
/// only the index is left.
pub struct Members {
    tars: Vec<PathBuf>,
    columns: Arc<Columns>,
}

impl Members {
    /// None when the path is neither.
    pub fn of(path: &Path) -> Result<Option<Members>, Fault> {
        // Standard input has rows.
        if path.as_os_str() == "-" {
            return Ok(None);
        }
        let wrong = |error| Fault(format!("cannot open '{}': {error}", path.display()));
        let tars = match fs::metadata(path).map_err(wrong)?.is_dir() {
            true => [packed::tars(path), packed::lost_tars(path)]
                .into_iter()
                .collect::<Result<Vec<_>, _>>()
                .map_err(wrong)?
                .concat(),
            false if packed::is_tar(path) => vec![path.to_path_buf()],
            false => return Ok(None),
        };
        // Looked through twice: all rows come under the columns of any.
        let mut columns = Columns::of(&[Field::Archive, Field::Member]);
        for tar in &tars {
            columns = rows_in(tar).iter().fold(columns, |columns, row| columns.with_all(row));
        }
        Ok(Some(Members { tars, columns }))
    }

    pub fn tars(&self) -> &[PathBuf] {
        &self.tars
    }

    /// The columns that any of them has.
    pub fn columns(&self) -> &Arc<Columns> {
        &self.columns
    }

    /// A row for each.
    pub fn rows(self) -> impl Iterator<Item = Row> + Send {
        self.tars.into_iter().flat_map(|tar| rows_in(&tar))
    }
}

/// The rows of a tar. One that cannot be read is a row without a member, which
/// fails where it is looked up, and stops no other.
fn rows_in(tar: &Path) -> Vec<Row> {
    match packed::read(tar) {
        Ok(members) => members.iter().map(|member| member.as_row(tar)).collect(),
        Err(_) => vec![Row::of(&[(Field::Archive, &tar.to_string_lossy())])],
    }
}

/// The members of a tar, or of all tars of a folder, as rows; none when the
/// path is neither. Of members of one name that in the last tar counts, which
/// came with `pack-tar --force`; how many that concerns is said.
pub fn rows_of(path: &Path, say: impl FnOnce(&str)) -> Result<Option<OwnRows>, Fault> {
    let Some(Members { tars, columns }) = Members::of(path)? else { return Ok(None) };
    let (last, older) = last_of(&tars);
    if older > 0 {
        say(&format!("newer versions in later tars are unpacked in place of {older} members"));
    }
    let rows = tars.into_iter().enumerate().flat_map(move |(at, tar)| {
        let mut rows = rows_in(&tar);
        rows.retain(|row| {
            name_of(row).is_none_or(|name| last.get(&name).is_none_or(|&tar| tar == at))
        });
        rows
    });
    Ok(Some(Box::new(rows.map(move |row| row.under(&columns)))))
}

/// The last of several tars that has each name, and how many members are in
/// earlier ones. By digests of the names: 16 bytes a member.
fn last_of(tars: &[PathBuf]) -> (HashMap<u64, usize>, usize) {
    let (mut last, mut older) = (HashMap::new(), 0);
    for (at, tar) in tars.iter().enumerate().filter(|_| tars.len() > 1) {
        for name in rows_in(tar).iter().filter_map(name_of) {
            older += usize::from(last.insert(name, at).is_some_and(|before| before != at));
        }
    }
    (last, older)
}

fn name_of(row: &Row) -> Option<u64> {
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    row.get(Field::Member).map(|name| hasher.hash_one(name))
}
