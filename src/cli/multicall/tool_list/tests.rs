use super::*;

#[test]
fn a_long_description_goes_on_below_its_first_word() {
    let about = "Read the EXIF and XMP of pictures into rows";
    assert_eq!(entry("read-exif", about, 100), format!("  read-exif        {about}\n"));
    let narrow = entry("read-exif", about, 40);
    let wanted =
        "  read-exif        Read the EXIF and XMP\n                   of pictures into rows\n";
    assert_eq!(narrow, wanted);
    assert!(entry("x", "averyveryverylongword b", 20).lines().count() == 2);
}
