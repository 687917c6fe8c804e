//! What is written is read back unchanged, for generated values. They are the same in each run.

use std::fmt::Debug;
use std::io::Cursor;

use mapillary_pipes::format::exif::{self, gps};
use mapillary_pipes::format::tar::{
    Entries, EntryKind, NewMember, TarStep, end_len, header, padding_len,
};
use mapillary_pipes::row::known_fields::TABLE;
use mapillary_pipes::row::row_format::{Reader, RowFormat, Writer};
use mapillary_pipes::row::{Column, Columns, Field, Row, Type};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Checks a few hundred values, and reports the smallest that fails.
fn holds<S: Strategy<Value: Debug>>(values: S, check: impl Fn(S::Value)) {
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let checked = TestRunner::new_with_rng(config, random).run(&values, |value| {
        check(value);
        Ok(())
    });
    checked.unwrap_or_else(|failed| panic!("{failed}"));
}

/// The text of a known field, or of an unknown column.
fn cell(kind: Type) -> BoxedStrategy<String> {
    let text = || "[ -~äß😀,\"\n;\t]{0,12}".prop_map(|text| text);
    match kind {
        Type::Text | Type::Id => text().boxed(),
        Type::Number => prop_oneof![
            "-?(0|[1-9][0-9]{0,6})(\\.[0-9]{1,9})?",
            "(0|[1-9])e[+-]?[0-9]{1,2}",
            text()
        ]
        .boxed(),
        Type::Bool => prop_oneof![Just("true".into()), Just("false".into()), text()].boxed(),
        // Compact, as the tools write it.
        Type::Json => {
            let json = ["", "[0.85,-0.01]", "{\"id\":\"9\"}", "[", "no JSON", "[{}]"];
            select(json.map(String::from).to_vec()).boxed()
        }
    }
}

/// Columns in any order, without `creator_username`, which shares an object with `creator_id`; and rows with them.
fn table() -> impl Strategy<Value = (Vec<Column>, Vec<Row>)> {
    let known = TABLE.iter().map(|entry| entry.field).filter(|it| *it != Field::CreatorUsername);
    let known: Vec<Column> = known.map(Column::from).collect();
    let unknown = ["note", "a b", "x_1", "Größe", "0"].map(Column::named).to_vec();
    let columns = subsequence(known, 0..12).prop_flat_map(move |known| {
        let all: Vec<Column> = known.into_iter().chain(unknown.clone()).collect();
        subsequence(all.clone(), 1..=all.len()).prop_shuffle()
    });
    columns.prop_flat_map(|columns| {
        let cells: Vec<_> = columns.iter().map(|column| cell(column.kind())).collect();
        (Just(columns), vec(cells, 0..6)).prop_map(|(columns, rows)| {
            let shared = Columns::new(columns.clone());
            let row = |cells: Vec<String>| {
                let mut row = Row::new(shared.clone());
                columns.iter().zip(&cells).for_each(|(it, text)| row.set_column(it, text, false));
                row
            };
            let rows = rows.into_iter().map(row).collect();
            (columns, rows)
        })
    })
}

fn written(form: RowFormat, columns: &[Column], rows: &[Row]) -> Vec<u8> {
    let mut writer = Writer::new(form, columns, &[], false).unwrap();
    let mut out = Vec::new();
    writer.start(&mut out);
    rows.iter().for_each(|row| writer.write(row, &mut out).unwrap());
    out
}

fn read(text: Vec<u8>) -> (Vec<Column>, Vec<Row>) {
    let mut reader = Reader::new(Cursor::new(text)).unwrap();
    let rows = std::iter::from_fn(|| reader.next_row()).map(Result::unwrap).collect();
    (reader.columns().list().to_vec(), rows)
}

#[test]
fn any_table_comes_back_through_json_lines_byte_for_byte() {
    holds(table(), |(mut columns, mut rows)| {
        // An empty line is not a row of CSV.
        columns.retain(|column| column.field != Some(Field::Sha256));
        columns.insert(0, Field::Sha256.into());
        rows.iter_mut().for_each(|row| row.set(Field::Sha256, "00"));
        let csv = written(RowFormat::Csv, &columns, &rows);
        let (of_csv, from_csv) = read(csv.clone());
        let (of_lines, lines) = read(written(RowFormat::Jsonl, &of_csv, &from_csv));
        let again =
            written(RowFormat::Csv, if rows.is_empty() { &of_csv } else { &of_lines }, &lines);
        assert_eq!(String::from_utf8(again), String::from_utf8(csv));
    });
}

#[test]
fn any_lines_come_back_through_csv_with_their_known_values() {
    holds(table(), |(columns, mut rows)| {
        rows.iter_mut().for_each(|row| row.set(Field::Sha256, "00"));
        let (of_lines, lines) = read(written(RowFormat::Jsonl, &columns, &rows));
        let (_, back) = read(written(RowFormat::Csv, &of_lines, &lines));
        assert_eq!(back, rows);
    });
}

#[test]
fn the_members_of_any_tar_come_back() {
    let name = "[a-zäß0-9]{1,60}(/[a-zA-Z0-9 ._-]{0,120}[a-z]){0,4}";
    let member = (name, vec(any::<u8>(), 0..1500), 0i64..1 << 33);
    holds(vec(member, 0..5), |members| {
        let mut tar = Vec::new();
        for (name, body, modified_s) in &members {
            let (size, modified_s) = (body.len() as u64, *modified_s);
            let member = NewMember { name: name.clone(), size, modified_s };
            tar.extend(header(&member).unwrap());
            tar.extend(body);
            tar.resize(tar.len() + padding_len(size) as usize, 0);
        }
        tar.resize(tar.len() + end_len(tar.len() as u64) as usize, 0);
        let mut entries = Entries::new(&tar[..]);
        for (name, body, modified_s) in &members {
            let TarStep::Entry(entry) = entries.step().unwrap() else { panic!("{name} is lost") };
            assert_eq!((&entry.name, &entry.kind), (name, &EntryKind::File));
            assert_eq!(entry.modified.unwrap().s, *modified_s);
            let at = entry.body_at as usize;
            assert_eq!(&tar[at..at + entry.size as usize], body.as_slice());
        }
        assert!(matches!(entries.step().unwrap(), TarStep::Stopped(_)));
    });
}

#[test]
fn any_position_comes_back_from_exif_and_writing_it_again_changes_nothing() {
    const LIMIT: usize = 65_527;
    let heights = proptest::option::of(-500.0..20_000.0f64);
    holds((-90.0..=90.0f64, -180.0..=180.0f64, heights), |(lat, lon, altitude_m)| {
        let place = gps::Gps { lat: Some(lat), lon: Some(lon), altitude_m, ..Default::default() };
        let edits = gps::position_edits(&place);
        let block = exif::edit(None, &edits, LIMIT, None).unwrap().unwrap();
        let read = exif::read(&mut &block[..]).unwrap().gps;
        let near = |one: Option<f64>, other: f64, most: f64| (one.unwrap() - other).abs() <= most;
        assert!(near(read.lat, lat, 1e-8) && near(read.lon, lon, 1e-8), "{read:?}");
        assert!(altitude_m.is_none_or(|height| near(read.altitude_m, height, 0.005)), "{read:?}");
        assert_eq!(exif::edit(Some(&block), &edits, LIMIT, None).unwrap(), None);
    });
}
