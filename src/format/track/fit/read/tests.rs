use super::*;

/// Number, size and base type of a field.
type Fields<'a> = &'a [(u8, u8, u8)];

fn definition(local: u8, is_big_endian: bool, kind: u16, fields: Fields) -> Vec<u8> {
    let number = if is_big_endian { kind.to_be_bytes() } else { kind.to_le_bytes() };
    let mut bytes = vec![0x40 | local, 0, u8::from(is_big_endian)];
    bytes.extend(number);
    bytes.push(fields.len() as u8);
    fields.iter().for_each(|&(number, size, base)| bytes.extend([number, size, base]));
    bytes
}

fn file(data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![14, 0x10, 0, 0];
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(b".FIT\0\0");
    bytes.extend(data);
    let sum = bytes.iter().fold(0, |sum, &byte| add(sum, byte));
    bytes.extend(sum.to_le_bytes());
    bytes
}

const RECORD_FIELDS: Fields =
    &[(253, 4, 0x86), (0, 4, 0x85), (1, 4, 0x85), (78, 4, 0x86), (73, 4, 0x86)];
/// 2024-05-01T12:00:00Z.
const NOON_S: u32 = (1_714_564_800 - EPOCH_S) as u32;

fn record(header: u8, time_s: u32, lat_deg: f64) -> Vec<u8> {
    let semicircles = |deg: f64| (deg / 180.0 * f64::from(1_u32 << 31)) as i32;
    let mut bytes = vec![header];
    bytes.extend(time_s.to_le_bytes());
    bytes.extend(semicircles(lat_deg).to_le_bytes());
    bytes.extend(semicircles(-8.25).to_le_bytes());
    bytes.extend(((431.4_f64 + 500.0) * 5.0).round().to_le_u32());
    bytes.extend(10_000_u32.to_le_bytes());
    bytes
}

trait ToLe {
    fn to_le_u32(self) -> [u8; 4];
}

impl ToLe for f64 {
    fn to_le_u32(self) -> [u8; 4] {
        (self as u32).to_le_bytes()
    }
}

fn ride() -> Vec<u8> {
    let mut data = definition(0, false, RECORD, RECORD_FIELDS);
    (0..5).for_each(|s| data.extend(record(0, NOON_S + s, 47.5)));
    data
}

fn remarks(recording: &Recording) -> Vec<String> {
    recording.remarks.iter().map(ToString::to_string).collect()
}

#[test]
fn records_have_place_height_and_speed() {
    let recording = read(&file(&ride())).unwrap();
    let fix = recording.segments[0][1];
    assert_eq!((recording.fixes(), fix.time_ms), (5, 1_714_564_801_000));
    assert!((fix.position.lat_deg() - 47.5).abs() < 1e-7);
    assert!((fix.position.lon_deg() + 8.25).abs() < 1e-7);
    assert_eq!((fix.ele_m.get(), fix.speed_kmh.get()), (Some(431.4), Some(36.0)));
    assert!(recording.remarks.is_empty(), "{:?}", recording.remarks);
}

#[test]
fn either_byte_order_and_compressed_times_and_fields_of_developers_are_read() {
    let mut data = definition(0, false, RECORD, RECORD_FIELDS);
    data.extend(record(0, NOON_S, 47.5));
    let mut big = definition(1, true, RECORD, &[(0, 4, 0x85), (1, 4, 0x85), (2, 2, 0x84)]);
    big[0] |= 0x20;
    big.extend([1, 0, 3, 0]);
    data.extend(big);
    // Two seconds later, then across the five bits.
    for offset_s in [(NOON_S + 2) & 0x1f, (NOON_S + 2 + 30) & 0x1f] {
        data.push(0x80 | 1 << 5 | offset_s as u8);
        data.extend(0x2000_0000_i32.to_be_bytes());
        data.extend(0x1000_0000_i32.to_be_bytes());
        data.extend(2_600_u16.to_be_bytes());
        data.extend([9, 9, 9]);
    }
    let recording = read(&file(&data)).unwrap();
    let fixes = &recording.segments[0];
    let seconds: Vec<i64> = fixes.iter().map(|fix| fix.time_ms / 1000 % 3600).collect();
    assert_eq!(seconds, [0, 2, 32]);
    assert_eq!((fixes[1].position.lat_deg(), fixes[1].position.lon_deg()), (45.0, 22.5));
    assert_eq!(fixes[1].ele_m.get(), Some(20.0));
}

#[test]
fn a_camera_has_milliseconds_and_its_clock_is_set_by_the_satellites() {
    let fields: Fields = &[(253, 4, 0x86), (0, 2, 0x84), (1, 4, 0x85), (2, 4, 0x85), (6, 4, 0x86)];
    let mut data = definition(0, false, GPS_METADATA, fields);
    for tenth in 0..20_u32 {
        let own_ms = 100_400 + tenth * 100;
        data.push(0);
        data.extend((own_ms / 1000).to_le_bytes());
        data.extend(((own_ms % 1000) as u16).to_le_bytes());
        data.extend([0x2000_0000_i32.to_le_bytes(), 0x1000_0000_i32.to_le_bytes()].concat());
        // The true second begins at 100.7 s of the camera's clock.
        data.extend((NOON_S + (own_ms + 300) / 1000 - 101).to_le_bytes());
    }
    let recording = read(&file(&data)).unwrap();
    let fixes = &recording.segments[0];
    assert_eq!(fixes[3].time_ms, 1_714_564_800_000);
    assert_eq!(fixes[4].time_ms, 1_714_564_800_100);
}

#[test]
fn what_cannot_be_used_is_said() {
    let mut data = ride();
    data.extend(record(0, 1000, 47.5));
    let mut none = record(0, NOON_S, 47.5);
    none[5..9].copy_from_slice(&i32::MAX.to_le_bytes());
    data.extend(none);
    let mut bytes = file(&data);
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let recording = read(&bytes).unwrap();
    assert_eq!(recording.fixes(), 5);
    let said = remarks(&recording);
    assert!(said[0].starts_with(POWER_ON) && said[1].starts_with(NO_PLACE), "{said:?}");
    assert!(said[2].starts_with(WRONG_SUM), "{said:?}");
    let mut lost = ride();
    lost.push(5);
    assert!(remarks(&read(&file(&lost)).unwrap())[0].starts_with(UNDEFINED));
}

#[test]
fn files_behind_each_other_are_segments_and_one_without_its_size_is_read_to_its_end() {
    let twice = [file(&ride()), file(&ride())].concat();
    assert_eq!(read(&twice).unwrap().segments.len(), 2);
    let mut crashed = file(&ride());
    crashed[4..8].fill(0);
    crashed.truncate(crashed.len() - 2);
    let recording = read(&crashed).unwrap();
    assert_eq!(recording.fixes(), 5);
    assert!(remarks(&recording)[0].starts_with(CUT_OFF));
}

#[test]
fn a_file_cut_anywhere_or_changed_at_random_does_no_harm() {
    let whole = file(&ride());
    let all = read(&whole).unwrap().segments.concat();
    for end in 0..whole.len() {
        let Ok(cut) = read(&whole[..end]) else { continue };
        let fixes = cut.segments.concat();
        assert_eq!(fixes, all[..fixes.len()]);
        assert!(remarks(&cut).iter().any(|remark| remark.starts_with(CUT_OFF)), "{end}");
    }
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..5_000 {
        let mut bytes = whole.clone();
        for _ in 0..random.usize(1..8) {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
        }
        let _ = read(&bytes);
    }
}

#[test]
fn the_checksum_is_the_one_of_the_standard() {
    // The check value of CRC-16/ARC in the catalogue of parametrised CRC algorithms.
    assert_eq!(b"123456789".iter().fold(0, |sum, &byte| add(sum, byte)), 0xbb3d);
}

#[test]
fn a_checksum_is_that_of_its_own_file_and_zero_is_none() {
    let last = |bytes: &[u8]| bytes.len() - 1;
    let mut second = file(&ride());
    let at = last(&second);
    second[at] ^= 1;
    let both = [file(&ride()), second.clone()].concat();
    let said = remarks(&read(&both).unwrap());
    assert_eq!(said, [format!("{WRONG_SUM} in byte {}", both.len() - 2)]);
    assert!(read(&[file(&ride()), file(&ride())].concat()).unwrap().remarks.is_empty());
    let mut none = file(&ride());
    none[at - 1..].fill(0);
    assert!(read(&none).unwrap().remarks.is_empty());
    none.truncate(at);
    assert_eq!(remarks(&read(&none).unwrap()), [format!("{CUT_OFF} in byte {}", at - 1)]);
    // What is cut inside a message is said once.
    let cut = &file(&ride())[..at - 20];
    let said = remarks(&read(cut).unwrap());
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with(&format!("{CUT_OFF} in byte")), "{said:?}");
    // The checksum of a file does not begin with what is before it.
    let mut first = file(&ride());
    first[at - 1..].fill(0);
    assert!(read(&[first, file(&ride())].concat()).unwrap().remarks.is_empty());
}

#[test]
fn a_compressed_time_is_relative_to_its_own_file() {
    let fields: Fields = &[(0, 4, 0x85), (1, 4, 0x85)];
    let mut compressed = definition(1, false, RECORD, fields);
    compressed.extend([0x80 | 1 << 5 | 9, 0, 0, 0, 0x20, 0, 0, 0, 0x10]);
    let recording = read(&[file(&ride()), file(&compressed)].concat()).unwrap();
    assert_eq!(recording.segments.iter().map(Vec::len).collect::<Vec<_>>(), [5]);
    let at = file(&ride()).len() + 14 + definition(1, false, RECORD, fields).len();
    assert_eq!(remarks(&recording), [format!("points without a time left out in byte {at}")]);
}

#[test]
fn a_camera_has_a_speed_and_a_heading() {
    let fields: Fields = &[
        (253, 4, 0x86),
        (0, 2, 0x84),
        (1, 4, 0x85),
        (2, 4, 0x85),
        (3, 4, 0x86),
        (4, 4, 0x86),
        (5, 2, 0x84),
    ];
    let mut data = definition(0, false, GPS_METADATA, fields);
    for heading in [12_345_u16, 36_001, u16::MAX] {
        data.push(0);
        data.extend(NOON_S.to_le_bytes());
        data.extend(250_u16.to_le_bytes());
        data.extend([0x2000_0000_i32.to_le_bytes(), 0x1000_0000_i32.to_le_bytes()].concat());
        data.extend([4_657_u32.to_le_bytes(), 1_500_u32.to_le_bytes()].concat());
        data.extend(heading.to_le_bytes());
    }
    let recording = read(&file(&data)).unwrap();
    let fixes = &recording.segments[0];
    // This clock has the date, so that its milliseconds count.
    assert_eq!((fixes[0].time_ms, fixes[0].ele_m.get()), (1_714_564_800_250, Some(431.4)));
    assert_eq!(fixes[0].speed_kmh.get(), Some(5.4));
    let courses: Vec<_> = fixes.iter().map(|fix| fix.course_deg.get()).collect();
    assert_eq!(courses, [Some(123.45), None, None]);
}

#[test]
fn a_clock_from_power_on_ends_where_dates_begin() {
    let at = |time_s: u32| {
        let mut data = definition(0, false, RECORD, RECORD_FIELDS);
        data.extend(record(0, time_s, 47.5));
        read(&file(&data)).unwrap()
    };
    assert!(remarks(&at(FIRST_DATE_S - 1))[0].starts_with(POWER_ON));
    let first = at(FIRST_DATE_S).segments[0][0].time_ms;
    assert_eq!(first, (EPOCH_S + i64::from(FIRST_DATE_S)) * 1000);
    let fields: Fields = &[(253, 4, 0x86), (1, 4, 0x85), (2, 4, 0x85), (6, 4, 0x86)];
    let camera = |time_s: u32| {
        let mut data = definition(0, false, GPS_METADATA, fields);
        data.push(0);
        data.extend(time_s.to_le_bytes());
        data.extend([0x2000_0000_i32.to_le_bytes(), 0x1000_0000_i32.to_le_bytes()].concat());
        data.extend(NOON_S.to_le_bytes());
        read(&file(&data)).unwrap().segments[0][0].time_ms
    };
    assert_eq!(camera(FIRST_DATE_S - 1), 1_714_564_800_000);
    assert_eq!(camera(FIRST_DATE_S), first);
}
