//! The pictures of a collection outside its tars: loose files, and listed pictures that are missing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::FatalError;
use super::listing::Listings;
use super::picture_join::{Found, Line, NamedBytes, PictureId, PictureJoin};
use super::stated::file_name;
use super::stated_place::ListedFolder;
use crate::archive::{packed, picture_index};
use crate::disk::pictures;
use crate::disk::record_sorter::{RecordCursor, SortedRecords};
use crate::photo::row_store::{damaged, temporary};
use crate::photo::tar_members::{self, Members};
use crate::row::{Columns, Field, Row};

/// What is said of a row whose picture in the tar is another one. The tar itself may be intact.
const OTHER: &str = "its bytes or its digest in the tar are not those of its row in the list";

/// Everything outside of the tars: the rows of the lists whose pictures are loose files, with their paths, and those
/// without any picture; then the loose pictures that are in no list.
pub struct Beside {
    found: SortedRecords,
    cursor: RecordCursor,
    listings: Listings,
    /// The row of the lists that was read last, and its number.
    row: Option<(u64, Row)>,
}

impl Beside {
    /// Looks for the pictures of the lists, and for loose ones. Temporary files are in `tmp_dir`.
    /// Adds the columns of the lists. `say` hears of files of kinds that are not read.
    pub fn new(
        folder: &Path,
        members: &Members,
        lists: &[PathBuf],
        columns: &mut Arc<Columns>,
        tmp_dir: &Path,
        say: impl Fn(&str) + Send,
    ) -> Result<Beside, FatalError> {
        let mut join = PictureJoin::new(tmp_dir);
        let listed = ListedFolder::new(folder)?;
        if !lists.is_empty() {
            add_lists(lists, &listed, columns, &mut join)?;
            add_members(members, &mut join)?;
        }
        for path in pictures::files(vec![folder.to_path_buf()], true, say) {
            let path = path.map_err(FatalError::new)?;
            let below = listed.below(&path).unwrap_or_default();
            join.loose(id_of(&path), &path, &below).map_err(temporary)?;
        }
        Ok(Beside {
            found: join.finish().map_err(temporary)?,
            cursor: RecordCursor::default(),
            listings: Listings::new(lists),
            row: None,
        })
    }

    fn read(&mut self) -> Result<Option<Row>, FatalError> {
        let Beside { found, cursor, listings, row } = self;
        let Some(record) = cursor.next(found).map_err(temporary)? else { return Ok(None) };
        let found = Found::from_record(record).ok_or_else(damaged)?;
        let listed = match found.line {
            Line::Listed(line) => listed(line, row, listings),
            Line::Named | Line::Unknown => None,
        };
        // If another process has changed a list since it was read, the row has only the id.
        let mut row = match listed.filter(|row| found.has_id(row.get(Field::ImgId))) {
            Some(row) => row.clone(),
            None if found.id.is_empty() => Row::from_cells(&[]),
            None => Row::from_cells(&[(Field::ImgId, found.id)]),
        };
        // What a row says of the bytes of one file does not hold for another.
        let name = found.path.and_then(|path| Path::new(path).file_name());
        if name.is_none() || file_name(&row) != name {
            [Field::Bytes, Field::Sha256].into_iter().for_each(|field| row.clear(field));
        }
        [Field::Path, Field::Archive, Field::Member].into_iter().for_each(|field| row.clear(field));
        if found.is_other {
            row.line = 0;
            row.set(Field::Error, OTHER);
        }
        let path = found.path.or(found.missing_at);
        path.into_iter().for_each(|path| row.set(Field::Path, path));
        Ok(Some(row))
    }
}

/// The row of the lists with this number.
fn listed<'a>(
    line: u64,
    row: &'a mut Option<(u64, Row)>,
    listings: &mut Listings,
) -> Option<&'a Row> {
    while row.as_ref().is_none_or(|(number, _)| *number < line) {
        *row = Some(listings.next().ok().flatten()?);
    }
    row.as_ref().filter(|(number, _)| *number == line).map(|(_, row)| row)
}

impl Iterator for Beside {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        self.read().unwrap_or_else(|fault| {
            // There is nothing more to read.
            self.found = SortedRecords::default();
            self.cursor = RecordCursor::default();
            Some(Row::from_cells(&[(Field::Error, &fault.0)]))
        })
    }
}

fn add_lists(
    lists: &[PathBuf],
    folder: &ListedFolder,
    columns: &mut Arc<Columns>,
    join: &mut PictureJoin,
) -> Result<(), FatalError> {
    // Read twice, because every row gets the columns of all rows.
    let mut rows = Listings::new(lists);
    while let Some((line, row)) = rows.next()? {
        *columns = columns.with_all(&row);
        let added = match (PictureId::of(&row), folder.place(&row)) {
            (Some(id), _) => join.listed(line, id, &NamedBytes::of(&row)),
            (None, Some(place)) => join.listed_path(line, &place),
            (None, None) => Ok(()),
        };
        added.map_err(temporary)?;
    }
    Ok(())
}

/// The ids and names of all members, also of those that an index does not name. An unreadable tar has none, so that its
/// rows in the listing are missing.
fn add_members(members: &Members, join: &mut PictureJoin) -> Result<(), FatalError> {
    let mut add = |row: &Row, stated: &NamedBytes| {
        PictureId::of(row).map_or(Ok(()), |id| join.in_tar(id, stated))?;
        file_name(row).map_or(Ok(()), |name| join.path_in_tar(Path::new(name)))
    };
    for tar in &members.tars {
        let contents = match packed::contents(tar) {
            Err(what) if what.is_of_process() => return Err(FatalError::new(what)),
            contents => contents.unwrap_or_default(),
        };
        for member in contents.members.iter().chain(&contents.unnamed) {
            let row = member.as_row(Path::new(""));
            add(&row, &NamedBytes::of(&row)).map_err(temporary)?;
        }
    }
    let mut of_streams = members.streams.iter().flat_map(|path| tar_members::rows_of_names(path));
    of_streams.try_for_each(|row| add(&row, &NamedBytes::default())).map_err(temporary)
}

/// The id in the name of a picture.
fn id_of(path: &Path) -> Option<PictureId<'_>> {
    let (id, quality) = picture_index::read_stem(path.file_stem()?.to_str()?);
    id.bytes().all(|byte| byte.is_ascii_digit()).then_some(PictureId { id, quality })
}
