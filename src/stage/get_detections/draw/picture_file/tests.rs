use super::*;
use crate::stage::get_detections::draw::Targets;

fn size_of(cells: &[(Field, &str)]) -> Result<(usize, usize), String> {
    let draw = Draw::new(Targets::default(), &std::env::temp_dir()).map_err(|fault| fault.0)?;
    let (name, size) = draw.file(&Row::from_cells(cells)).map_err(|error| error.to_string())?;
    assert_eq!(name, None);
    Ok(size)
}

#[test]
fn without_a_file_the_size_is_that_of_the_row_upright() {
    let cells = [(Field::Width, "4000"), (Field::Height, "3000"), (Field::ExifOrientation, "6")];
    assert_eq!(size_of(&cells[..2]), Ok((4000, 3000)));
    assert_eq!(size_of(&cells), Ok((3000, 4000)));
}

#[test]
fn a_size_that_no_picture_has_fails_its_row() {
    let of = |width, height| size_of(&[(Field::Width, width), (Field::Height, height)]);
    assert!(of("16000", "10000").is_ok());
    for (width, height) in [("16001", "10000"), ("1e10", "1e10"), ("1e300", "2")] {
        let error = of(width, height).unwrap_err();
        assert!(error.contains("more than 160000000 pixels"), "{width}: {error}");
    }
    for (width, height) in [("0", "3000"), ("0.5", "3000"), ("", "3000")] {
        let error = of(width, height).unwrap_err();
        assert!(error.contains("how large it is, is not known"), "{width}: {error}");
    }
}

#[test]
fn a_file_that_the_row_names_and_that_is_not_there_is_no_size_of_the_row() {
    let cells = [(Field::Path, "/no/such.jpg"), (Field::Width, "40"), (Field::Height, "30")];
    assert!(size_of(&cells).unwrap_err().contains("download it"));
}

#[test]
fn a_file_on_its_side_has_its_upright_size_whatever_the_row_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("1.jpg");
    let pixels = Pixels { width: 32, height: 20, channels: 3, samples: vec![90; 32 * 20 * 3] };
    let stored = thumbnail::jpeg(&pixels, "test").unwrap();
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([6, 0, 0, 0, 0, 0, 0, 0]);
    let length = (exif.len() as u16 + 2).to_be_bytes();
    let turned = [&stored[..2], &[0xFF, 0xE1], &length, &exif, &stored[2..]].concat();
    for (bytes, size) in [(&stored, (32, 20)), (&turned, (20, 32))] {
        std::fs::write(&path, bytes).unwrap();
        let draw = Draw::new(Targets::default(), &std::env::temp_dir()).unwrap();
        let path = path.to_str().unwrap();
        let row = [(Field::Path, path), (Field::Width, "32"), (Field::Height, "20")];
        assert_eq!(draw.file(&Row::from_cells(&row)).ok().unwrap().1, size);
    }
}
