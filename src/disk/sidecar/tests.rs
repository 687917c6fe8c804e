use super::*;

/// The sidecar that is read for a photo if these files exist.
fn read(files: &[(&str, &str)], photo: &str) -> (Option<String>, bool) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let beside = beside(&folder.path().join(photo));
    let name = beside.sidecar.map(|sidecar| sidecar.path.file_name().unwrap().to_owned());
    (name.map(|name| name.into_string().unwrap()), beside.why.is_some())
}

#[test]
fn a_sidecar_is_read_for_the_photo_whose_it_is() {
    let for_tif = "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:Description \
        xmlns:p='http://ns.adobe.com/photoshop/1.0/' p:SidecarForExtension='TIF'/></r:RDF>";
    let (png, tif, jpg, raw) = (("a.png", ""), ("a.tif", ""), ("a.JPG", ""), ("a.CR2", ""));
    let (stem, full) = (("a.xmp", "1"), ("a.png.xmp", "2"));
    let other = ("a.tif.xmp", "3");
    for (files, photo, wanted) in [
        (&[png][..], "a.png", (None, false)),
        (&[png, stem], "a.png", (Some("a.xmp"), false)),
        (&[png, full], "a.png", (Some("a.png.xmp"), false)),
        (&[png, stem, full], "a.png", (Some("a.png.xmp"), true)),
        (&[png, tif, stem], "a.png", (None, true)),
        (&[png, tif, stem], "a.tif", (None, true)),
        (&[png, tif, stem, full], "a.tif", (Some("a.xmp"), false)),
        (&[png, tif, stem, full, other], "a.tif", (Some("a.tif.xmp"), true)),
        (&[png, tif, ("a.xmp", for_tif)], "a.tif", (Some("a.xmp"), false)),
        (&[png, tif, ("a.xmp", for_tif)], "a.png", (None, false)),
        (&[jpg, stem], "a.JPG", (Some("a.xmp"), false)),
        (&[jpg, raw, stem], "a.JPG", (None, false)),
        (&[jpg, raw, stem], "a.CR2", (Some("a.xmp"), false)),
        (&[jpg, ("a.webp", ""), stem], "a.JPG", (None, true)),
    ] {
        let (name, has_why) = read(files, photo);
        assert_eq!((name.as_deref(), has_why), wanted, "{photo} of {files:?}");
    }
}

#[test]
fn a_name_without_the_ending_is_given_to_one_photo_alone() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["1.png", "2.png", "2.tif", "3.CR2", "3.jpg", "4.jpg"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    let may = |name: &str| may_have_stem(&folder.path().join(name));
    assert!(["1.png", "3.CR2", "4.jpg"].into_iter().all(may));
    assert!(!["2.png", "2.tif", "3.jpg"].into_iter().any(may));
}
