//! Rows in either form: which one is found from the first bytes; and written in
//! the form asked for.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use super::encoding::{self, BUFFER, Input};
use super::json::array::{Items, Start};
use super::{Column, Columns, MAX_ROW_BYTES, Row, csv, json};

/// The two written forms of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Csv,
    Jsonl,
}

/// Why a row could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// This row only: the next call goes on after it.
    /// The line is 0 for a row that came from no input.
    Row { line: u64, what: String },
    /// The input itself.
    Input(io::Error),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Row { line: 0, what } => f.write_str(what),
            ReadError::Row { line, what } => write!(f, "line {line}: {what}"),
            ReadError::Input(error) => write!(f, "cannot read rows: {error}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads rows of either form.
pub struct Reader {
    form: Form,
    source: Source,
}

enum Source {
    Csv(Box<csv::Reader<Input>>),
    Jsonl(Lines),
    Array(Elements),
}

/// A JSON array, or a GeoJSON collection.
struct Elements {
    items: Items,
    parser: json::Parser,
}

struct Lines {
    input: Input,
    parser: json::Parser,
    line: Vec<u8>,
    number: u64,
}

impl Reader {
    /// Looks at the first bytes and, in CSV, reads the header.
    pub fn new(input: impl Read + Send + 'static) -> Result<Reader, ReadError> {
        let (start, input) =
            encoding::open(input).and_then(first_lines).map_err(ReadError::Input)?;
        if let Some(kind) = Start::of(&start) {
            let items = Items::new(input, kind).map_err(ReadError::Input)?;
            let source = Source::Array(Elements { items, parser: json::Parser::default() });
            return Ok(Reader { form: Form::Jsonl, source });
        }
        match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => Ok(Reader::jsonl(input)),
            _ => Ok(Reader {
                form: Form::Csv,
                source: Source::Csv(Box::new(csv::Reader::new(input, &start)?)),
            }),
        }
    }

    /// Reads JSON lines, whatever the first one looks like.
    pub fn of_lines(input: impl Read + Send + 'static) -> Reader {
        Reader::jsonl(Box::new(BufReader::with_capacity(BUFFER, input)))
    }

    fn jsonl(input: Input) -> Reader {
        let lines = Lines { input, parser: json::Parser::default(), line: Vec::new(), number: 0 };
        Reader { form: Form::Jsonl, source: Source::Jsonl(lines) }
    }

    pub fn form(&self) -> Form {
        self.form
    }

    /// The columns known so far: all of them in CSV, those of the rows read in JSON lines.
    pub fn columns(&self) -> Arc<Columns> {
        match &self.source {
            Source::Csv(reader) => reader.columns(),
            Source::Jsonl(Lines { parser, .. }) | Source::Array(Elements { parser, .. }) => {
                Arc::clone(parser.columns())
            }
        }
    }

    /// Whether rows may name further columns.
    pub fn is_open(&self) -> bool {
        match &self.source {
            Source::Csv(reader) => reader.is_open(),
            Source::Jsonl(_) | Source::Array(_) => true,
        }
    }

    /// What of the input the user should know, told once.
    pub fn notes(&mut self) -> Vec<String> {
        match &mut self.source {
            Source::Csv(reader) => std::mem::take(&mut reader.notes),
            Source::Jsonl(_) | Source::Array(_) => Vec::new(),
        }
    }

    /// Reads the next row; false at the end. After [`ReadError::Row`] the next
    /// call goes on with the row after it.
    pub fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        match &mut self.source {
            Source::Csv(reader) => reader.read(row),
            Source::Jsonl(lines) => lines.read(row),
            Source::Array(elements) => elements.read(row),
        }
    }

    /// Reads to the end for the columns that the rows name; what is no row is
    /// left to the reading proper.
    pub fn look_through(&mut self) -> Result<(), ReadError> {
        match &mut self.source {
            Source::Jsonl(lines) => lines.look_through(),
            Source::Array(elements) => elements.look_through(),
            Source::Csv(reader) if reader.is_open() => {
                let mut row = Row::new(Columns::of(&[]));
                loop {
                    match reader.read(&mut row) {
                        Ok(true) | Err(ReadError::Row { .. }) => {}
                        Ok(false) => return Ok(()),
                        Err(error) => return Err(error),
                    }
                }
            }
            Source::Csv(_) => Ok(()),
        }
    }

    /// The next row as a value of its own.
    pub fn next_row(&mut self) -> Option<Result<Row, ReadError>> {
        // Those that the rows share: a list of its own for each row would cost more than the row.
        let columns = match &self.source {
            Source::Csv(reader) => reader.all(),
            Source::Jsonl(lines) => lines.parser.columns(),
            Source::Array(elements) => elements.parser.columns(),
        };
        let mut row = Row::new(Arc::clone(columns));
        match self.read(&mut row) {
            Ok(true) => Some(Ok(row)),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

impl Elements {
    fn look_through(&mut self) -> Result<(), ReadError> {
        while let Some((_, text)) = self.items.next_item().map_err(ReadError::Input)? {
            let _ = text.and_then(|text| self.parser.look(text));
        }
        Ok(())
    }

    fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        while let Some((line, text)) = self.items.next_item().map_err(ReadError::Input)? {
            row.line = line;
            let read = text.and_then(|text| self.parser.read(text, row));
            if read.map_err(|what| ReadError::Row { line, what })? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Lines {
    fn look_through(&mut self) -> Result<(), ReadError> {
        while self.next_line()? {
            if let Ok(text) = std::str::from_utf8(&self.line) {
                let _ = self.parser.look(text);
            }
        }
        Ok(())
    }

    fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        while self.next_line()? {
            let wrong = |what: String| ReadError::Row { line: self.number, what };
            let text = std::str::from_utf8(&self.line).map_err(|error| {
                wrong(format!("not UTF-8 at byte {} of the line", error.valid_up_to()))
            })?;
            row.line = self.number;
            if self.parser.read(text, row).map_err(wrong)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads the next line; false at the end.
    fn next_line(&mut self) -> Result<bool, ReadError> {
        self.line.clear();
        self.number += 1;
        let mut bounded = (&mut self.input).take(MAX_ROW_BYTES as u64 + 1);
        if bounded.read_until(b'\n', &mut self.line).map_err(ReadError::Input)? == 0 {
            return Ok(false);
        }
        if self.line.len() > MAX_ROW_BYTES {
            self.input.skip_until(b'\n').map_err(ReadError::Input)?;
            let what = format!("a row of more than {} MB", MAX_ROW_BYTES >> 20);
            return Err(ReadError::Row { line: self.number, what });
        }
        Ok(true)
    }
}

/// Longer first lines are told from their beginning.
const MAX_START: usize = 1 << 20;

/// The first line that says something, and the blank ones before it, with the
/// input as it was. A brace alone says nothing yet.
fn first_lines(mut input: Input) -> io::Result<(Vec<u8>, Input)> {
    let mut start = Vec::new();
    loop {
        let left = (MAX_START - start.len()) as u64;
        let read = (&mut input).take(left).read_until(b'\n', &mut start)?;
        let says = start.iter().any(|byte| !byte.is_ascii_whitespace() && !b"{[".contains(byte));
        if says || read == 0 {
            let input: Input = Box::new(io::Cursor::new(start.clone()).chain(input));
            return Ok((start, input));
        }
    }
}

/// Writes rows in one form.
pub enum Writer {
    Csv(csv::Writer),
    Jsonl(json::Writer),
}

impl Writer {
    /// A writer of these columns, in this order; `omit` are columns of the
    /// rows that are left out. What else a row has goes after them.
    /// `open` says that such further columns may turn up.
    pub fn new(form: Form, order: &[Column], omit: &[Column], open: bool) -> Writer {
        match form {
            Form::Csv => Writer::Csv(csv::Writer::new(order, omit, open)),
            Form::Jsonl => Writer::Jsonl(json::Writer::new(order, omit)),
        }
    }

    /// Appends what stands before the first row.
    pub fn start(&mut self, into: &mut Vec<u8>) {
        if let Writer::Csv(writer) = self {
            writer.header(into);
        }
    }

    /// Appends the row.
    pub fn write(&mut self, row: &Row, into: &mut Vec<u8>) {
        match self {
            Writer::Csv(writer) => writer.write(row, into),
            Writer::Jsonl(writer) => writer.write(row, into),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Field;

    fn rows(text: &str) -> (Form, Vec<Result<Row, String>>, Vec<String>) {
        let mut reader = Reader::new(io::Cursor::new(text.as_bytes().to_vec())).unwrap();
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row() {
            rows.push(row.map_err(|error| error.to_string()));
        }
        (reader.form(), rows, reader.notes())
    }

    /// The text in the other form, with the columns of all its rows as header.
    fn turned(text: &str, form: Form) -> String {
        let mut reader = Reader::new(io::Cursor::new(text.as_bytes().to_vec())).unwrap();
        let rows: Vec<Row> = std::iter::from_fn(|| reader.next_row()).map(Result::unwrap).collect();
        let mut writer = Writer::new(form, reader.columns().list(), &[], false);
        let mut out = Vec::new();
        writer.start(&mut out);
        rows.iter().for_each(|row| writer.write(row, &mut out));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn csv_comes_back_through_json_lines_as_the_same_bytes() {
        let text = "org_id,seq_id,img_id,lat,lon,note,is_pano,bytes\n\
                    1,-aB,0012,52.50,13.4,\"a, \"\"b\"\"\n\",true,\n\
                    ,,3,,,,,0\n";
        assert_eq!(turned(&turned(text, Form::Jsonl), Form::Csv), text);
    }

    #[test]
    fn json_lines_come_back_through_csv_with_the_same_known_values() {
        let text = "{\"id\":\"1\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[1.10,2]},\"mesh\":{\"id\":\"9\"},\"is_pano\":false}\n";
        assert_eq!(turned(&turned(text, Form::Csv), Form::Jsonl), text);
    }

    #[test]
    fn doubled_names_over_short_rows_are_left_out_and_it_is_said() {
        let text = "seq_id,img_id,sequence,id,width\ns,1,640\ns,2,800\n";
        let (_, rows, notes) = rows(text);
        assert_eq!(rows[1].as_ref().unwrap().get(Field::Width), Some("800"));
        assert!(notes[0].contains("doubles"));
    }

    #[test]
    fn other_ragged_rows_and_rows_that_disagree_fail_with_their_line() {
        let (_, rows, _) = rows("img_id,id\n1,1\n1\n2,3\n4,4,4\n5,\n");
        let errors: Vec<_> = rows.iter().filter_map(|row| row.as_ref().err()).collect();
        assert_eq!(errors.len(), 2, "{errors:?}");
        assert_eq!(errors[0], "line 4: two values for column 'img_id': '2' and '3'");
        assert_eq!(errors[1], "line 5: 3 cells, but the header has 2");
        assert_eq!(rows[4].as_ref().unwrap().get(Field::ImgId), Some("5"));
    }

    #[test]
    fn a_bom_crlf_and_gzip_are_read() {
        let (form, plain, _) = rows("\u{feff}id,make\r\n1,A\r\n");
        assert_eq!((form, plain[0].as_ref().unwrap().get(Field::Make)), (Form::Csv, Some("A")));
        let mut packed =
            flate2::read::GzEncoder::new(&b"{\"id\":1}\n"[..], flate2::Compression::fast());
        let mut bytes = Vec::new();
        packed.read_to_end(&mut bytes).unwrap();
        let mut reader = Reader::new(io::Cursor::new(bytes)).unwrap();
        assert_eq!(reader.next_row().unwrap().unwrap().get(Field::ImgId), Some("1"));
    }

    #[test]
    fn a_point_in_a_cell_and_the_column_more_are_unfolded() {
        let (_, rows, _) = rows(
            "id,geometry,more\n1,\"{\"\"type\"\":\"\"Point\"\",\"\"coordinates\"\":[1,2]}\",\"{\"\"make\"\":\"\"A\"\"}\"\n",
        );
        let row = rows[0].as_ref().unwrap();
        assert_eq!(
            (row.get(Field::Lon), row.get(Field::Lat), row.get(Field::Make)),
            (Some("1"), Some("2"), Some("A"))
        );
    }

    #[test]
    fn names_that_turn_up_late_go_to_more() {
        let mut writer = csv::Writer::new(&[Field::ImgId.into()], &[], true);
        let mut out = Vec::new();
        writer.header(&mut out);
        writer.write(
            &json::parse(r#"{"id":"1","geometry":{"type":"Point","coordinates":[1,2]}}"#).unwrap(),
            &mut out,
        );
        let text = String::from_utf8(out).unwrap();
        let (_, rows, _) = rows(&text);
        assert_eq!(rows[0].as_ref().unwrap().get(Field::Lat), Some("2"), "{text}");
    }

    #[test]
    fn a_column_without_a_name_comes_back() {
        assert_eq!(turned("\"\"\nx\n", Form::Csv), "\"\"\nx\n");
    }

    #[test]
    fn a_broken_line_does_not_hide_the_next() {
        let (_, rows, _) = rows("{\"id\":\"1\"}\n{\"id\":\n{\"id\":\"3\"}\n");
        assert_eq!(
            rows[1],
            Err("line 2: unexpected end of input at byte 7 of the line".to_string())
        );
        assert_eq!(rows[2].as_ref().unwrap().line, 3);
    }

    fn values(text: &str, fields: [Field; 2]) -> Vec<[Option<String>; 2]> {
        let rows = rows(text).1.into_iter().map(Result::unwrap);
        rows.map(|row| fields.map(|field| row.get(field).map(String::from))).collect()
    }

    fn pair(one: &str, other: &str) -> [Option<String>; 2] {
        [one, other].map(|text| (!text.is_empty()).then(|| text.to_string()))
    }

    #[test]
    fn a_header_that_comes_again_is_no_row_and_its_order_counts() {
        let text = "img_id,lon\n1,2\nimg_id,lon\n3,4\n\u{feff}lon,img_id\n6,5\nid\n";
        let (_, all, notes) = rows(text);
        let read: Vec<_> = all.iter().flatten().map(|row| row.get(Field::ImgId).unwrap()).collect();
        assert_eq!(read, ["1", "3", "5"]);
        assert!(notes[0].starts_with("line 3: the header comes again"), "{notes:?}");
        assert!(notes[1].starts_with("line 5: the header comes again, in another"), "{notes:?}");
        assert_eq!(all[3], Err("line 7: 1 cells, but the header has 2".into()));
    }

    #[test]
    fn a_header_with_further_columns_ends_the_input() {
        let text = "img_id,lon\n1,2\nimg_id,lon,make\n3,4,A\n";
        let mut reader = Reader::new(io::Cursor::new(text)).unwrap();
        assert!(reader.next_row().unwrap().is_ok());
        let error = reader.next_row().unwrap().unwrap_err().to_string();
        assert!(
            error.contains("line 3: another header, with columns that the first lacks: make"),
            "{error}"
        );
    }

    #[test]
    fn rows_that_only_look_like_a_header_are_rows() {
        for text in ["note\nnote\n", "make,model\nA,model\n", "path\nstatus\n", "a,b\na,b\n"] {
            assert_eq!(rows(text).1.len(), 1, "{text}");
        }
    }

    #[test]
    fn rows_of_separators_alone_are_no_rows() {
        let text = "img_id,lon,,\n1,2,,\n,,,\n,,,\n";
        let (_, rows, notes) = rows(text);
        assert_eq!((rows.len(), notes.len()), (1, 1));
        assert!(notes[0].starts_with("line 3: "), "{notes:?}");
    }

    #[test]
    fn tables_of_excel_are_read_in_all_their_dialects() {
        let wanted = [pair("1", "A, b"), pair("3", "C")];
        for text in [
            "sep=;\r\nimg_id;make\r\n1;A, b\r\n3;C\r\n",
            "img_id;make\n1;A, b\n3;C\n",
            "img_id\tmake\n1\tA, b\n3\tC\n",
        ] {
            assert_eq!(values(text, [Field::ImgId, Field::Make]), wanted, "{text}");
        }
        let (_, rows, _) = rows("sep=;\nimg_id;make\n1\n");
        assert_eq!(rows[0], Err("line 3: 1 cells, but the header has 2".into()));
    }

    #[test]
    fn arrays_and_collections_are_rows() {
        let array = "[{\"id\":\"1\",\"make\":\"A\"},\n{\"id\":2}]\n";
        assert_eq!(values(array, [Field::ImgId, Field::Make]), [pair("1", "A"), pair("2", "")]);
        let collection = "{\n\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\
            \"geometry\":{\"type\":\"Point\",\"coordinates\":[9.9,54.3]},\"properties\":{\"id\":7}}]}";
        assert_eq!(values(collection, [Field::ImgId, Field::Lat]), [pair("7", "54.3")]);
        let (_, rows, _) = rows("\n[{\"id\":1},\n5x,{\"id\":3}]");
        assert_eq!(rows[1].as_ref().unwrap_err(), "line 3: not a JSON object");
        assert_eq!(rows[2].as_ref().unwrap().line, 3);
    }

    #[test]
    fn a_header_that_would_be_taken_for_something_else_is_quoted() {
        for name in ["{x", "[1", "a;b", "a\tb", "sep=;", "a\u{0}"] {
            let quoted = format!("\"{name}\"\nx\n");
            assert_eq!(turned(&quoted, Form::Csv), quoted);
        }
    }

    #[test]
    fn random_changes_to_csv_do_no_harm() {
        let text = b"seq_id,img_id,sequence,more\na,1,a,\"{\"\"make\"\":1}\"\nb,2,b,\n";
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..5_000 {
            let mut bytes = text.to_vec();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
            }
            bytes.truncate(random.usize(..=bytes.len()));
            let Ok(mut reader) = Reader::new(io::Cursor::new(bytes)) else { continue };
            let mut row = Row::new(Columns::of(&[]));
            while !matches!(reader.read(&mut row), Ok(false) | Err(ReadError::Input(_))) {}
        }
    }
}
