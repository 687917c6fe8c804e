//! Tests with files as other programs write them.

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type, Int96, Int96Type,
};
use parquet::file::metadata::KeyValue;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;

use super::*;
use crate::row::parquet::wkb;

/// A file as another program might write it: one row group, with columns filled by `fill` in order.
fn foreign(
    schema: &str,
    words: Option<&str>,
    fill: impl FnMut(usize, &mut SerializedColumnWriter),
) -> Vec<u8> {
    of_schema(parse_message_type(schema).unwrap(), words, fill)
}

fn of_schema(
    schema: Type,
    words: Option<&str>,
    mut fill: impl FnMut(usize, &mut SerializedColumnWriter),
) -> Vec<u8> {
    let schema = Arc::new(schema);
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut at = 0;
    while let Some(mut column) = group.next_column().unwrap() {
        fill(at, &mut column);
        column.close().unwrap();
        at += 1;
    }
    group.close().unwrap();
    let words = words.map(|words| KeyValue::new(KEY.to_string(), words.to_string()));
    words.into_iter().for_each(|words| writer.append_key_value_metadata(words));
    writer.into_inner().unwrap()
}

fn longs(column: &mut SerializedColumnWriter, values: &[i64]) {
    column.typed::<Int64Type>().write_batch(values, None, None).unwrap();
}

fn doubles(column: &mut SerializedColumnWriter, values: &[f64]) {
    column.typed::<DoubleType>().write_batch(values, None, None).unwrap();
}

fn texts(column: &mut SerializedColumnWriter, values: &[&[u8]]) {
    let values: Vec<ByteArray> = values.iter().map(|value| value.to_vec().into()).collect();
    column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
}

#[test]
fn times_of_others_are_milliseconds_where_we_have_those_and_words_elsewhere() {
    let schema = "message m { required int64 captured_at (TIMESTAMP(MICROS,true)); \
        required int64 first_captured_at (TIMESTAMP(NANOS,true)); \
        required int64 taken_at (TIMESTAMP(MICROS,false)); required int96 seen; \
        required int32 day (DATE); required int64 clock (TIME(MICROS,true)); }";
    let bytes = foreign(schema, None, |at, column| match at {
        0 => longs(column, &[1_717_245_296_123_000, 1_717_245_296_123_500]),
        1 => longs(column, &[1_717_245_296_123_000_000, -1_000_000]),
        2 => longs(column, &[1_717_245_296_500_000, -1]),
        3 => {
            let mut time = Int96::new();
            time.set_data(0, 0, 2_440_588);
            column.typed::<Int96Type>().write_batch(&[time, time], None, None).map(|_| ()).unwrap();
        }
        4 => {
            column.typed::<Int32Type>().write_batch(&[0, -1], None, None).map(|_| ()).unwrap();
        }
        _ => longs(column, &[3_600_000_000, 1]),
    });
    assert_eq!(
        read(bytes).unwrap(),
        "captured_at,first_captured_at,taken_at,seen,day,clock\n\
         1717245296123,1717245296123,2024-06-01T12:34:56.500,1970-01-01T00:00:00,1970-01-01,01:00:00\n\
         1717245296123.5,-1,1969-12-31T23:59:59.999999,1970-01-01T00:00:00,1969-12-31,00:00:00.000001\n"
    );
}

#[test]
fn numbers_of_others_keep_what_they_say_and_ids_that_lost_digits_show_it() {
    let schema = "message m { required double img_id; required double lon; required int64 seq_id; \
        required double score; required binary price (DECIMAL(9,2)); required boolean seen; }";
    let bytes = foreign(schema, None, |at, column| match at {
        0 => doubles(column, &[1.0203040506001e15, f64::NAN]),
        1 => doubles(column, &[90.0, -0.5]),
        2 => longs(column, &[i64::MAX, 0]),
        3 => doubles(column, &[f64::NAN, 0.25]),
        4 => texts(column, &[&[4, 210], &[255]]),
        _ => {
            column.typed::<BoolType>().write_batch(&[true, false], None, None).map(|_| ()).unwrap();
        }
    });
    assert_eq!(
        read(bytes).unwrap(),
        "img_id,lon,seq_id,score,price,seen\n\
         1020304050600100.0,90,9223372036854775807,,12.34,true\n\
         ,-0.5,0,0.25,-0.01,false\n"
    );
}

#[test]
fn what_has_no_place_in_a_cell_is_json_and_bytes_are_digits() {
    let schema = "message m { required group boxes (LIST) { repeated group list { required double element; } } \
        required group camera { required binary make (UTF8); required int64 id; } required binary old; }";
    let bytes = foreign(schema, None, |at, column| match at {
        0 => {
            let column = column.typed::<DoubleType>();
            column.write_batch(&[0.5, 1.0], Some(&[1, 1]), Some(&[0, 1])).map(|_| ()).unwrap();
        }
        1 => texts(column, &[b"A"]),
        2 => longs(column, &[17]),
        _ => texts(column, &[&[0, 255]]),
    });
    assert_eq!(
        read(bytes).unwrap(),
        "boxes,camera,old\n\"[0.5,1.0]\",\"{\"\"id\"\":17,\"\"make\"\":\"\"A\"\"}\",00FF\n"
    );
}

#[test]
fn geometries_of_others_are_places_where_they_are_points_in_degrees() {
    let of = |words: &str, value: &[u8]| {
        let words = format!(r#"{{"primary_column":"geom","columns":{{"geom":{{{words}}}}}}}"#);
        let schema = "message m { required binary geom; }";
        read(foreign(schema, Some(&words), |_, column| texts(column, &[value])))
    };
    let point = wkb::write(9.5, 54.25);
    let high = [&[1, 0xe9, 3, 0, 0][..], &point[5..], &12.5f64.to_le_bytes()].concat();
    let flat = r#""encoding":"WKB","geometry_types":["Point"]"#;
    assert_eq!(of(flat, &point).unwrap(), "lon,lat\n9.5,54.25\n");
    assert_eq!(of("", &high).unwrap(), "lon,lat,geometry\n9.5,54.25,POINT Z (9.5 54.25 12.5)\n");
    let metres = r#""crs":{"id":{"authority":"EPSG","code":25832}}"#;
    assert_eq!(of(metres, &point).unwrap(), "geometry\nSRID=25832;POINT (9.5 54.25)\n");
    assert_eq!(of("", &[1, 2, 0, 0, 0]).unwrap(), "lon,lat,geometry\n,,0102000000\n");
    let error = of(flat, &high).unwrap_err();
    assert!(
        error.contains("is not a point with two coordinates, which the footer promises"),
        "{error}"
    );
}

#[test]
fn a_column_of_the_type_geometry_is_a_place_where_it_is_in_degrees() {
    let of = |name: &str, logical: LogicalType| {
        let column = Type::primitive_type_builder(name, Physical::BYTE_ARRAY);
        let column = column.with_repetition(Repetition::REQUIRED).with_logical_type(Some(logical));
        let fields = vec![Arc::new(column.build().unwrap())];
        let schema = Type::group_type_builder("m").with_fields(fields).build().unwrap();
        let point = wkb::write(9.5, 54.25);
        read(of_schema(schema, None, |_, column| texts(column, &[&point]))).unwrap()
    };
    let place = "lon,lat,geometry\n9.5,54.25,\n";
    let projjson = |authority: &str, code: u32| {
        format!(r#"{{"name":"x","id":{{"authority":"{authority}","code":{code}}}}}"#)
    };
    for (crs, wanted) in [
        (None, place),
        (Some("OGC:CRS84".to_string()), place),
        (Some("EPSG:4326".to_string()), place),
        (Some("srid:4326".to_string()), place),
        (Some(projjson("EPSG", 4326)), place),
        (Some("EPSG:25832".to_string()), "geometry\nSRID=25832;POINT (9.5 54.25)\n"),
        (Some("srid:25832".to_string()), "geometry\nSRID=25832;POINT (9.5 54.25)\n"),
        (Some(projjson("EPSG", 25832)), "geometry\nSRID=25832;POINT (9.5 54.25)\n"),
        (Some("projjson:key".to_string()), "geometry\nSRID=0;POINT (9.5 54.25)\n"),
    ] {
        assert_eq!(of("geometry", LogicalType::geometry(crs.clone())), wanted, "{crs:?}");
        assert_eq!(of("geometry", LogicalType::geography(crs.clone(), None)), wanted, "{crs:?}");
    }
    let other = of("shape", LogicalType::geometry(None));
    assert_eq!(other, "shape\nPOINT (9.5 54.25)\n");
}

#[test]
fn a_geometry_and_columns_that_disagree_fail_the_row() {
    let words = r#"{"columns":{"geometry":{"geometry_types":["Point"]}}}"#;
    let schema = "message m { required double lon; required binary geometry; }";
    let bytes = foreign(schema, Some(words), |at, column| match at {
        0 => doubles(column, &[9.25]),
        _ => texts(column, &[&wkb::write(9.5, 54.25)]),
    });
    assert_eq!(read(bytes).unwrap_err(), "line 1: two values for column 'lon': '9.25' and '9.5'");
}

#[test]
fn a_footer_that_promises_more_rows_than_there_are_ends_the_input() {
    let schema = "message m { required int64 bytes; }";
    let good = foreign(schema, None, |_, column| longs(column, &[1, 2]));
    assert_eq!(read(good).unwrap(), "bytes\n1\n2\n");
    let none = foreign("message m { }", None, |_, _| {});
    assert_eq!(read(none).unwrap(), "\n", "no columns, and no end of rows without any");
}
