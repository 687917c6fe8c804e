//! What becomes of one row, by what lies on disk and in the tars.

use std::path::{Path, PathBuf};

use super::{Outcome, PackOptions};
use crate::archive::locate::{Found, Locator, Packed, Tars};
use crate::archive::packed::{Checkers, Member, Part};
use crate::disk::locked_file::{self, Identity};
use crate::disk::{Action, PathError};
use crate::row::{Field, Row};
use crate::shape::RowError;
use crate::value::digest::Digest;
use crate::value::provenance::Status;
use crate::value::quality::Quality;

/// What becomes of a row.
#[derive(Debug)]
pub enum PackDecision {
    /// It is to be packed: this file.
    New(PathBuf),
    /// It is enlisted under its group.
    Waiting,
    /// What becomes of that row.
    Same(usize),
    /// It lies in a tar, and this file, which is the same, is to go.
    Twice(Box<(Packed, PathBuf, Identity)>),
    /// This file is to take the place of a damaged member.
    Mend(Box<(Packed, PathBuf)>),
    /// It lies in a tar.
    At(Status, Box<TarLocation>),
    Failed(String),
}

/// Where a picture lies now.
#[derive(Debug, Clone)]
pub struct TarLocation {
    archive: Box<str>,
    member: Box<str>,
    bytes: u64,
    sha256: Option<Digest>,
}

impl TarLocation {
    pub fn new(tar: &Path, member: &Member) -> TarLocation {
        TarLocation {
            archive: tar.to_string_lossy().into(),
            member: (*member.name).into(),
            bytes: member.bytes,
            sha256: member.sha256,
        }
    }

    /// Where it would lie.
    pub fn planned(tar: &Path, part: &Part) -> TarLocation {
        TarLocation {
            archive: tar.to_string_lossy().into(),
            member: (*part.name).into(),
            bytes: part.bytes,
            sha256: None,
        }
    }
}

impl From<&Packed> for TarLocation {
    fn from(packed: &Packed) -> TarLocation {
        TarLocation {
            archive: packed.archive.to_string_lossy().into(),
            member: (*packed.member).into(),
            bytes: packed.bytes,
            sha256: packed.sha256,
        }
    }
}

/// What lies in tars already.
#[derive(Default)]
pub struct PackedPictures {
    pub sound: Tars,
    /// With the damaged ones, when they are to be mended.
    pub all: Option<Tars>,
    /// Finds what lies in the tars of other folders.
    pub elsewhere: Locator,
    pub checkers: Checkers,
}

/// What becomes of this row.
pub fn decide(row: &Row, held: &PackedPictures, settings: &PackOptions) -> PackDecision {
    try_decide(row, held, settings).unwrap_or_else(|what| PackDecision::Failed(what.to_string()))
}

fn try_decide(
    row: &Row,
    held: &PackedPictures,
    settings: &PackOptions,
) -> Result<PackDecision, RowError> {
    let path = row.get(Field::Path).map(Path::new);
    let packed = path.and_then(|path| held.sound.find(row, path));
    let file = path.map(|path| [path.to_path_buf(), path.with_extension("webp")]);
    let removes = settings.delete && !settings.dry_run;
    let is_back = |file: &Path| removes && locked_file::give_back(file).unwrap_or(false);
    let file = file.into_iter().flatten().find(|file| file.exists() || is_back(file));
    match (file, packed) {
        (Some(file), Some(packed)) => twice(file, packed, held, settings),
        (Some(file), None) => match held.all.as_ref().and_then(|all| all.find(row, &file)) {
            // Noted as damaged; a copy of the tar may have taken its place since.
            Some(packed) => twice(file, packed, held, settings),
            None => Ok(PackDecision::New(file)),
        },
        (None, Some(packed)) => Ok(PackDecision::at(Status::Kept, (&packed).into())),
        (None, None) if settings.index && row.get(Field::Archive).is_none() && path.is_none() => {
            by_id(row, held)
        }
        (None, None) => match held.elsewhere.find_or_say(row)? {
            Found::Packed(packed) => Ok(PackDecision::at(Status::Kept, (&packed).into())),
            // It came in the meantime: the next run takes it.
            Found::File(file) => {
                Err(format!("'{}' was not there a moment ago", file.display()).into())
            }
        },
    }
}

/// The picture of a row that tells no place, in a tar that got its index just now.
fn by_id(row: &Row, held: &PackedPictures) -> Result<PackDecision, RowError> {
    let id = row.get(Field::ImgId).unwrap_or_default();
    let named = |quality| held.sound.find_image(id, quality, true);
    let packed = Quality::ALL.into_iter().find_map(named).ok_or("no tar has a picture of it")?;
    Ok(PackDecision::at(Status::Kept, packed.into()))
}

/// A picture that lies loose and in a tar: a crash came before it was taken
/// away, or it is another one.
fn twice(
    file: PathBuf,
    packed: Packed,
    held: &PackedPictures,
    settings: &PackOptions,
) -> Result<PackDecision, RowError> {
    let wrong = |error| PathError::new(Action::Read, &file, error);
    if settings.repair && is_damaged(&packed, held) {
        return Ok(PackDecision::Mend(Box::new((packed, file))));
    }
    let (same, identity) = if !settings.delete {
        let identity = locked_file::identity_of(&file).map_err(wrong)?;
        (identity.len() == packed.bytes, identity)
    } else {
        let file = locked_file::LockedFile::open(&file).map_err(wrong)?;
        let (sha256, identity) = (file.digest().map_err(wrong)?, *file.identity());
        (identity.len() == packed.bytes && packed.sha256 == Some(sha256), identity)
    };
    match (same, settings.delete && !settings.dry_run) {
        (true, true) => Ok(PackDecision::Twice(Box::new((packed, file, identity)))),
        (true, false) => Ok(PackDecision::at(Status::Kept, (&packed).into())),
        (false, _) if settings.force => Ok(PackDecision::New(file)),
        (false, _) => Err(format!(
            "'{}' in '{}' is another picture (--force packs this one too)",
            packed.member,
            packed.archive.display()
        )
        .into()),
    }
}

fn is_damaged(packed: &Packed, held: &PackedPictures) -> bool {
    let checker = held.checkers.get(&packed.archive);
    let Ok(checker) = &*checker else { return true };
    checker.find(&packed.member).is_none_or(|at| checker.check(at).is_err())
}

impl PackDecision {
    pub fn at(status: Status, place: TarLocation) -> PackDecision {
        PackDecision::At(status, Box::new(place))
    }

    /// What comes out for the row; nothing when the run ended before its turn.
    pub fn outcome(&self, mut row: Row, fates: &[PackDecision]) -> Option<Outcome> {
        let (status, place) = match self {
            PackDecision::At(status, place) => (*status, place),
            PackDecision::Same(first) => match fates.get(*first)? {
                PackDecision::At(_, place) => (Status::Kept, place),
                other => return other.outcome(row, &[]),
            },
            PackDecision::Failed(what) => return Some(Outcome::Failed(row, what.clone())),
            PackDecision::New(_)
            | PackDecision::Waiting
            | PackDecision::Twice(_)
            | PackDecision::Mend(_) => return None,
        };
        row.clear(Field::Path);
        row.set(Field::Archive, &place.archive);
        row.set(Field::Member, &place.member);
        row.set_display(Field::Bytes, place.bytes);
        match place.sha256 {
            Some(sha256) => row.set_display(Field::Sha256, sha256),
            None => row.clear(Field::Sha256),
        }
        row.set(Field::Status, status.word());
        Some(Outcome::Rows(vec![row]))
    }
}
