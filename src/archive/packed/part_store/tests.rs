use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::archive::packed::Source;
use crate::disk::locked_file::identity_of;
use crate::row::{Field, Row};
use crate::value::digest::Digest;

fn part(name: &str, source: Source, number: Option<u32>) -> Part {
    let row = Arc::new(Row::from_cells(&[(Field::SeqId, name), (Field::Make, "Bolt")]));
    let (bytes, modified_s, sha256) = (700, -5, number.map(|_| Digest([7; 32])));
    Part { name: name.into(), bytes, modified_s, source, sha256, row, number }
}

#[test]
fn parts_come_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let identity = identity_of(folder.path()).unwrap();
    let sources = [
        Source::File("pics/ä.jpg".into(), identity),
        Source::Packed(PathBuf::from("a.tar"), 512),
        Source::Packed(PathBuf::from("b.tar"), 1536),
        Source::Memory(b"{}\n".to_vec()),
    ];
    let mut store = PartStore::new(folder.path());
    // More than are held in memory.
    let names = (0..20_000).map(|at| (format!("2024-01-15/{at:08}.jpg"), at));
    let parts: Vec<_> = names
        .map(|(name, at)| part(&name, sources[at % 4].clone(), (at % 3 > 0).then_some(at as u32)))
        .collect();
    store.extend(&parts).unwrap();
    let read: Vec<_> = store.parts().map(Result::unwrap).collect();
    assert_eq!(format!("{read:?}"), format!("{parts:?}"));
    let kept = store.only(|part| part.number.is_none()).unwrap();
    assert_eq!(kept.len(), parts.iter().filter(|part| part.number.is_none()).count());
    assert_eq!(kept.padded(), kept.len() as u64 * 1024);
    let bare = kept.parts_without_rows().next().unwrap().unwrap();
    assert_eq!((&*bare.name, bare.row.get(Field::Make)), ("2024-01-15/00000000.jpg", None));
}
