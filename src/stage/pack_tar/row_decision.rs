//! Decides what to do with one row, from the state of the disk and the tars.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{PackOptions, naming};
use crate::archive::damage_record::Damage;
use crate::archive::locate::{Found, Held, Locator, Packed, PackedStore, Tars};
use crate::archive::packed::{self, Checkers, Member, Part};
use crate::archive::{self, NotFound};
use crate::disk::locked_file::{self, Identity, LockedFile};
use crate::disk::{Action, AtPath, PathError};
use crate::photo::stated::{Stated, check_member};
use crate::row::{Field, Row};
use crate::shape::{FatalError, RowError};
use crate::value::digest::Digest;
use crate::value::provenance::Status;
use crate::value::quality::Quality;

/// What to do with a row, or its result.
#[derive(Debug, PartialEq, Eq)]
pub enum PackDecision {
    /// The same result as that row.
    Same(u32),
    /// The picture is in a tar, and this identical file is to be deleted.
    Twice(Box<PackedFile>),
    /// This file is to replace a damaged member.
    Mend(Box<PackedFile>),
    /// The picture is in a tar.
    At(Status, TarLocation),
    Failed(String),
}

/// The work to do for a row, if any.
pub enum Todo {
    /// Pack this file.
    Pack(PathBuf),
    Settled(PackDecision),
}

/// A file whose picture is also in a tar.
#[derive(Debug, PartialEq, Eq)]
pub struct PackedFile {
    pub place: TarLocation,
    pub file: PathBuf,
    pub identity: Identity,
}

/// The location of a picture in a tar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TarLocation {
    pub archive: Arc<PathBuf>,
    pub member: String,
    pub bytes: u64,
    pub sha256: Option<Digest>,
    /// What was wrong with the picture when it was packed now.
    pub fault: Option<String>,
}

impl TarLocation {
    pub fn new(tar: &Arc<PathBuf>, member: &Member, fault: Option<&str>) -> TarLocation {
        TarLocation {
            archive: Arc::clone(tar),
            member: member.name.clone(),
            bytes: member.bytes,
            sha256: member.sha256,
            fault: fault.map(String::from),
        }
    }

    /// The location that it would have.
    pub fn planned(tar: &Arc<PathBuf>, part: &Part) -> TarLocation {
        let (archive, member) = (Arc::clone(tar), part.name.clone());
        TarLocation { archive, member, bytes: part.bytes, sha256: None, fault: None }
    }
}

impl From<Packed> for TarLocation {
    fn from(packed: Packed) -> TarLocation {
        let Packed { archive, member, bytes, sha256, .. } = packed;
        TarLocation { archive, member, bytes, sha256, fault: None }
    }
}

/// The pictures that are in tars already.
pub struct PackedPictures {
    sound: Tars,
    /// Those known to be damaged, if there are any.
    damaged: Option<Tars>,
    /// Those of tars that would get an index.
    to_index: Option<Tars>,
    /// Finds pictures in the tars of other folders.
    elsewhere: Locator,
    checkers: Checkers,
}

impl PackedPictures {
    /// Reads the indexes of the tars.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn new(settings: &PackOptions) -> Result<PackedPictures, FatalError> {
        let PackOptions { into, tmp_dir, index, dry_run, repair, .. } = settings;
        let files = Arc::new(PackedStore::new(tmp_dir));
        // With --repair also those that are behind the end of a cut tar.
        let has_damage = *repair || !Damage::default().names(into).is_empty();
        let damaged = has_damage.then(|| Tars::read(into, &files, Held::Damaged)).transpose();
        let to_index = (*index && *dry_run).then(|| {
            let tars = packed::unindexed_tars(into).at_path(Action::Read, into)?;
            Tars::all_of(&tars, &files)
        });
        Ok(PackedPictures {
            to_index: to_index.transpose().map_err(FatalError::new)?,
            damaged: damaged.map_err(FatalError::new)?,
            sound: Tars::read(into, &files, Held::Sound).map_err(FatalError::new)?,
            elsewhere: Locator::new(tmp_dir),
            checkers: Checkers::default(),
        })
    }

    fn find_damaged(&self, row: &Row, path: &Path) -> Result<Option<Packed>, PathError> {
        self.damaged.as_ref().map_or(Ok(None), |damaged| damaged.find(row, path))
    }

    /// The error of a row whose picture is nowhere: it may be in a tar, but damaged.
    fn why(&self, row: &Row, what: archive::Error) -> RowError {
        let path = row.get(Field::Path).map(Path::new);
        match path.map_or(Ok(None), |path| self.find_damaged(row, path)) {
            Ok(Some(Packed { archive, member, .. })) => {
                let archive = archive.display().to_string();
                NotFound::Member { archive, member }.into()
            }
            Ok(None) => what.into(),
            Err(error) => error.into(),
        }
    }
}

/// Decides what to do with a row.
pub fn decide(row: &Row, held: &PackedPictures, settings: &PackOptions) -> Todo {
    let failed = |what: RowError| Todo::Settled(PackDecision::Failed(what.to_string()));
    try_decide(row, held, settings).unwrap_or_else(failed)
}

fn try_decide(row: &Row, held: &PackedPictures, settings: &PackOptions) -> Result<Todo, RowError> {
    let path = row.get(Field::Path).map(Path::new);
    let packed = path.map_or(Ok(None), |path| held.sound.find(row, path))?;
    let file = path.map(|path| [path.to_path_buf(), path.with_extension("webp")]);
    let removes = settings.delete && !settings.dry_run;
    let is_back = |file: &Path| removes && locked_file::give_back(file).unwrap_or(false);
    let file = file.into_iter().flatten().find(|file| file.exists() || is_back(file));
    match (file, packed) {
        (Some(file), Some(packed)) => twice(row, file, packed, held, settings),
        (Some(file), None) if !settings.repair => new(row, file, held, settings),
        (Some(file), None) => match held.find_damaged(row, &file)? {
            // It was recorded as damaged, but an intact copy of the tar may have replaced the tar since.
            Some(packed) => twice(row, file, packed, held, settings),
            None => new(row, file, held, settings),
        },
        (None, Some(packed)) => indexed(row, packed, Status::Kept, settings),
        (None, None) if settings.index && row.get(Field::Archive).is_none() && path.is_none() => {
            by_id(row, held, settings)
        }
        (None, None) => {
            match held.elsewhere.find_or_say(row).map_err(|what| held.why(row, what))? {
                Found::Packed(packed) => indexed(row, packed, Status::Kept, settings),
                // The file appeared in the meantime: the next run packs it.
                Found::File(file) => {
                    Err(format!("'{}' was not there a moment ago", file.display()).into())
                }
            }
        }
    }
}

/// Finds the picture of a row without a path, in a tar whose index was just built.
fn by_id(row: &Row, held: &PackedPictures, settings: &PackOptions) -> Result<Todo, RowError> {
    let id = row.get(Field::ImgId).unwrap_or_default();
    let tars = [(Status::Kept, Some(&held.sound)), (Status::Planned, held.to_index.as_ref())];
    for (status, tars) in tars {
        for quality in Quality::ALL {
            let found = tars.map(|tars| tars.find_image(id, quality, true)).transpose()?;
            if let Some(packed) = found.flatten() {
                return indexed(row, packed, status, settings);
            }
        }
    }
    Err("no tar has a picture of it".into())
}

/// A picture that is in no tar. A name that another one has is refused, as within one run: they are no versions of each other.
fn new(
    row: &Row,
    file: PathBuf,
    held: &PackedPictures,
    settings: &PackOptions,
) -> Result<Todo, RowError> {
    // A name that cannot be made is reported when it is needed.
    let name = naming::name(settings.naming(), row, &file).ok().filter(|_| !settings.force);
    match name.map_or(Ok(None), |name| held.sound.find_member(&name))? {
        Some(packed) if packed.is_other(row) => Err(another(&packed)),
        Some(packed) => twice(row, file, packed, held, settings),
        None => Ok(Todo::Pack(file)),
    }
}

fn another(packed: &Packed) -> RowError {
    let (member, archive) = (&packed.member, packed.archive.display());
    format!("'{member}' in '{archive}' is another picture (--force packs this one too)").into()
}

/// A picture that is only in a tar, which a row must not contradict: its size or digest may be all that shows damage.
fn indexed(
    row: &Row,
    packed: Packed,
    status: Status,
    settings: &PackOptions,
) -> Result<Todo, RowError> {
    if !settings.force {
        check_member(row, &packed)?;
    }
    Ok(Todo::Settled(PackDecision::At(status, packed.into())))
}

/// A picture that exists as a file and in a tar: a crash came before the file was deleted, or the file is a different
/// picture.
fn twice(
    row: &Row,
    file: PathBuf,
    packed: Packed,
    held: &PackedPictures,
    settings: &PackOptions,
) -> Result<Todo, RowError> {
    let wrong = |error| PathError::new(Action::Read, &file, error);
    let identity = locked_file::identity_of(&file).map_err(wrong)?;
    let stated = Stated::of_file(row, &file, settings.force)?;
    stated.check_len(&file, identity.len())?;
    if settings.repair && is_damaged(&packed, held) {
        if stated.sha256.is_some() {
            digest(&file, &stated)?;
        }
        return Ok(Todo::Settled(PackDecision::Mend(packed_file(packed, file, identity))));
    }
    // A row with the digest of the member proves that its picture is packed, unless the file is to be deleted. The name and
    // the size prove nothing: two cards have files of one name, and uncompressed files one size.
    let is_proven = !settings.delete && stated.sha256.is_some() && stated.sha256 == packed.sha256;
    let (same, identity) = if identity.len() != packed.bytes || is_proven {
        (identity.len() == packed.bytes, identity)
    } else {
        let (sha256, identity) = digest(&file, &stated)?;
        (identity.len() == packed.bytes && packed.sha256 == Some(sha256), identity)
    };
    match (same, settings.delete && !settings.dry_run) {
        (true, true) => Ok(Todo::Settled(PackDecision::Twice(packed_file(packed, file, identity)))),
        (true, false) => Ok(kept(packed)),
        (false, _) if settings.force => Ok(Todo::Pack(file)),
        (false, _) => Err(another(&packed)),
    }
}

/// The digest of a file, which must be that of its row.
fn digest(file: &Path, stated: &Stated) -> Result<(Digest, Identity), RowError> {
    let wrong = |error| PathError::new(Action::Read, file, error);
    let held = LockedFile::open(file).map_err(wrong)?;
    let sha256 = held.digest().map_err(wrong)?;
    stated.check_digest(file, sha256)?;
    Ok((sha256, *held.identity()))
}

fn is_damaged(packed: &Packed, held: &PackedPictures) -> bool {
    let checker = held.checkers.get(&packed.archive);
    let Ok(checker) = &*checker else { return true };
    checker.find(&packed.member).is_none_or(|at| checker.check(at).is_err())
}

fn kept(packed: Packed) -> Todo {
    Todo::Settled(PackDecision::At(Status::Kept, packed.into()))
}

fn packed_file(packed: Packed, file: PathBuf, identity: Identity) -> Box<PackedFile> {
    Box::new(PackedFile { place: packed.into(), file, identity })
}
