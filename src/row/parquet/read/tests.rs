use super::super::write::{WriteError, Writer};
use super::*;
use crate::row::row_format;

mod foreign;

/// The columns and rows of a CSV table.
fn rows(csv: &str) -> (Arc<Columns>, Vec<Row>) {
    let mut reader = row_format::Reader::new(io::Cursor::new(csv.as_bytes().to_vec())).unwrap();
    let rows = std::iter::from_fn(|| reader.next_row()).map(Result::unwrap).collect();
    (reader.columns(), rows)
}

fn written(csv: &str, with_geometry: bool) -> Vec<u8> {
    let (columns, rows) = rows(csv);
    let mut writer = Writer::new(columns.list(), &[], false, with_geometry).unwrap();
    let mut bytes = Vec::new();
    rows.iter().for_each(|row| writer.write(row, &mut bytes).unwrap());
    writer.finish(&mut bytes).unwrap();
    bytes
}

/// A Parquet file as CSV, or the error.
fn read(bytes: Vec<u8>) -> Result<String, String> {
    let mut reader = Reader::new(Bytes::from(bytes)).map_err(|error| error.to_string())?;
    let mut writer = crate::row::csv::Writer::new(reader.columns().list(), &[], false);
    let (mut out, mut row) = (Vec::new(), Row::new(Columns::from_fields(&[])));
    writer.header(&mut out);
    while reader.read(&mut row).map_err(|error| error.to_string())? {
        writer.write(&row, &mut out);
    }
    Ok(String::from_utf8(out).unwrap())
}

const TABLE: &str = "img_id,captured_at,lon,lat,is_pano,width,mesh,note\n\
    00123456789012345678,1717245296123,9.95,-54.32,true,640,\"{\"\"id\"\":\"\"9\"\"}\",\"a, ä\"\n\
    2,,,,,,,\n\
    3,-1,-180,90,false,0,,0012\n";

#[test]
fn rows_come_back_with_and_without_a_geometry() {
    for with_geometry in [false, true] {
        assert_eq!(read(written(TABLE, with_geometry)).unwrap(), TABLE);
    }
}

/// A dictionary pays off where values repeat; where they do not, it is larger than the values.
#[test]
fn values_that_repeat_are_written_by_a_table_and_others_one_after_the_other() {
    use parquet::basic::Encoding;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let mut csv = "seq_id,img_id,lon,compass_angle,captured_at,width,note\n".to_string();
    for at in 0..20_000 {
        let (sequence, angle, lon) = (at / 200, at % 90, 9.0 + f64::from(at) / 1e5);
        csv += &format!("s{sequence},{at},{lon},{angle},{},640,\n", 2000 * at);
    }
    let bytes = written(&csv, false);
    assert!(read(bytes.clone()).unwrap() == csv, "all come back");
    let reader = SerializedFileReader::new(Bytes::from(bytes)).unwrap();
    let group = reader.metadata().row_group(0);
    let has_table = group.columns().iter().map(|column| {
        let name = column.column_path().string();
        (name, column.encodings().any(|encoding| encoding == Encoding::RLE_DICTIONARY))
    });
    let with_table: Vec<String> = has_table.filter(|(_, has)| *has).map(|(name, _)| name).collect();
    assert_eq!(with_table, ["seq_id", "compass_angle", "width", "note"]);
}

#[test]
fn numbers_come_back_as_numbers_whatever_their_text_was() {
    let csv = "lon,lat,width,captured_at,is_pano\n9.950,1e1,640.0,1624789614209.0,True\n";
    let wanted = "lon,lat,width,captured_at,is_pano\n9.95,10,640,1624789614209,true\n";
    assert_eq!(read(written(csv, false)).unwrap(), wanted);
}

#[test]
fn a_row_with_a_wrong_value_is_named_and_the_others_stay() {
    let (columns, rows) = rows("img_id,lon,lat\n1,2,3\n2,east,3\n3,4,95\n4,5,6\n");
    let mut writer = Writer::new(columns.list(), &[], false, true).unwrap();
    let mut bytes = Vec::new();
    let said: Vec<String> = rows
        .iter()
        .filter_map(|row| writer.write(row, &mut bytes).err())
        .map(|error: WriteError| error.to_string())
        .collect();
    assert_eq!(
        said,
        [
            "'east' in column 'lon' is not a number",
            "'95' in column 'lat' is not a place on the earth"
        ]
    );
    writer.finish(&mut bytes).unwrap();
    assert_eq!(read(bytes).unwrap(), "img_id,lon,lat\n1,2,3\n4,5,6\n");
}

#[test]
fn names_that_turn_up_late_stand_under_more_as_json() {
    let (_, rows) = rows("img_id,make\n1,A\n2,\n");
    let mut writer = Writer::new(&[crate::row::Field::ImgId.into()], &[], true, false).unwrap();
    let mut bytes = Vec::new();
    rows.iter().for_each(|row| writer.write(row, &mut bytes).unwrap());
    writer.finish(&mut bytes).unwrap();
    assert_eq!(read(bytes).unwrap(), "img_id,more\n1,\"{\"\"make\"\":\"\"A\"\"}\"\n2,\n");
}

#[test]
fn a_group_has_a_hundred_thousand_rows_and_leaves_when_it_is_full() {
    let (columns, rows) = rows("bytes\n7\n");
    let mut writer = Writer::new(columns.list(), &[], false, false).unwrap();
    let (mut bytes, mut sizes) = (Vec::new(), Vec::new());
    for _ in 0..100_001 {
        writer.write(&rows[0], &mut bytes).unwrap();
        sizes.push(bytes.len());
    }
    assert!(sizes[99_998] == 0 && sizes[99_999] > 0 && sizes[100_000] == sizes[99_999]);
    writer.finish(&mut bytes).unwrap();
    let reader = Reader::new(Bytes::from(bytes)).unwrap();
    let groups = reader.file.metadata().row_groups().iter();
    assert_eq!(groups.map(|group| group.num_rows()).collect::<Vec<_>>(), [100_000, 1]);
    assert_eq!(reader.total(), 100_001);
}

#[test]
fn a_table_needs_columns_and_a_geometry_a_place() {
    let error = |columns: &[Column], with_geometry| {
        Writer::new(columns, &[], false, with_geometry).err().unwrap().to_string()
    };
    assert!(error(&[], false).starts_with("the input has no columns"));
    assert!(error(&[Column::named("note")], true).starts_with("no column 'lon'"));
}

#[test]
fn a_file_cut_anywhere_is_an_error() {
    let bytes = written(TABLE, true);
    for end in (0..bytes.len()).step_by(7).chain([bytes.len() - 1]) {
        assert!(read(bytes[..end].to_vec()).is_err(), "cut at {end}");
    }
}

#[test]
fn random_changes_do_no_harm_and_are_no_bug_of_ours() {
    let text = "img_id,lon,lat,note\n".to_string() + &"123,9.5,54.25,a note\n".repeat(300);
    let bytes = written(&text, true);
    let mut random = fastrand::Rng::with_seed(17);
    for _ in 0..1500 {
        let mut bytes = bytes.clone();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
        }
        let said = read(bytes).err().unwrap_or_default();
        assert!(!said.contains("please report"), "{said}");
    }
}

#[test]
fn two_columns_of_one_name_are_refused() {
    let schema = "message rows { required int64 lon; required int64 lat; required int64 lon; }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let mut bytes = Vec::new();
    let writer =
        parquet::file::writer::SerializedFileWriter::new(&mut bytes, schema, Arc::default());
    writer.unwrap().close().unwrap();
    assert_eq!(read(bytes), Err("two columns have the name 'lon': rename or remove one".into()));
}
