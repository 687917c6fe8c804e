//! The item list of archive.org as rows.

use crate::row::csv;
use crate::row::{Column, Columns, Field, Row};
use crate::service::Client;
use crate::service::internet_archive::{ArchiveItem, Items};
use crate::shape::FatalError;
use crate::value::collection::{Collection, images_of};

/// Items marked by mapillary_downloader and by these tools, and other items in the collection that both use.
const QUERY: &str = "mapillary_downloader:* OR mapillary_pipes:* OR collection:mapillary-images";

/// The list of archive.org.
pub struct List {
    /// The list as a file of rows.
    pub text: Vec<u8>,
    /// Why it must not be saved for later runs.
    pub doubt: Option<String>,
}

/// Requests all items, and sorts them by name.
pub fn fetch(client: &Client) -> Result<List, FatalError> {
    let mut list = client.items(QUERY).map_err(FatalError::new)?;
    list.items.sort_by(|a, b| a.identifier.cmp(&b.identifier));
    let columns = Columns::new(columns());
    let mut writer = csv::Writer::new(columns.list(), &[], false);
    let mut text = Vec::new();
    writer.header(&mut text);
    list.items.iter().filter_map(row).for_each(|row| writer.write(&row, &mut text));
    Ok(List { text, doubt: doubt(&list) })
}

fn doubt(list: &Items) -> Option<String> {
    let what = match list.odd {
        0 if list.items.is_empty() => "it is empty".to_string(),
        0 if list.is_counted => return None,
        0 => "it does not report the number of items".to_string(),
        odd => format!("{odd} entries of it have no name"),
    };
    Some(format!("the list of archive.org is odd, and not kept for later runs: {what}"))
}

pub fn columns() -> [Column; 6] {
    let own = [Field::CreatorUsername, Field::Quality, Field::ImageCount, Field::Bytes];
    let [user, quality, count, bytes] = own.map(Column::from);
    [Field::Collection.into(), user, quality, count, bytes, published()]
}

fn published() -> Column {
    Column::named("published")
}

/// The row of an item; `None` if its name is not that of a collection.
fn row(item: &ArchiveItem) -> Option<Row> {
    let collection: Collection = item.identifier.parse().ok()?;
    let mut row = Row::from_cells(&[
        (Field::Collection, &item.identifier),
        (Field::CreatorUsername, &collection.user),
        (Field::Quality, collection.quality.word()),
    ]);
    if let Some(count) = images_of(&item.description) {
        row.set_display(Field::ImageCount, count);
    }
    if let Some(bytes) = item.bytes {
        row.set_display(Field::Bytes, bytes);
    }
    row.set_column(&published(), &item.published, false);
    Some(row)
}
