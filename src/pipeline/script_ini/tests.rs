use super::*;

#[test]
fn each_query_has_its_flags_and_its_folder() {
    for (query, flags, into) in [
        ("image_key = 1020 ; one", &["--image", "1020"][..], "downloads/image_1020"),
        ("sequence_key = -Zk_1", &["--sequence=-Zk_1"], "downloads/sequence_-Zk_1"),
        (
            "image_key = https://www.mapillary.com/app/?pKey=1020&z=17",
            &["--image", "1020"],
            "downloads/image_1020",
        ),
        (
            "bbox = 1,2,3,4\n[DEFAULT]\nlimit = 7\noutput_root = out\nbbox = 5,6,7,8",
            &["--bbox", "1,2,3,4", "--limit", "7"],
            "out/bbox_1_2_3_4",
        ),
        (
            "bbox = 1.5, 2, 3, 4\noutput_root = out",
            &["--bbox", "1.5,2,3,4", "--limit", "1"],
            "out/bbox_1.5_2_3_4",
        ),
        (
            "bbox = [1.50; 2; 3; 4]",
            &["--bbox", "1.50,2,3,4", "--limit", "1"],
            "downloads/bbox_1.50_2_3_4",
        ),
        (
            "bbox = -3,2,3,4\nlimit = 50 ; boxes only\nimage_key =",
            &["--bbox=-3,2,3,4", "--limit", "50"],
            "downloads/bbox_-3_2_3_4",
        ),
    ] {
        let ini = ScriptIni::read(&format!("[mapillary]\naccess_token = t\n{query}\n")).unwrap();
        assert_eq!(ini.token.as_deref(), Some("t"));
        assert_eq!(
            (ini.selection, ini.into),
            (flags.iter().map(OsString::from).collect(), into.into())
        );
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    for (text, said) in [
        ("image_key = 1", "no section [mapillary]: write that line above the others"),
        ("[mapilary]\nimage_key = 1", "no section [mapillary], but [mapilary]"),
        ("img_id\n1\n", "a list of ids or rows goes to download"),
        ("[mapillary]\nimages_key = 1", "says what to fetch; it has images_key"),
        ("[mapillary]\nimage_key 1", "; line 2 has no '=': 'image_key 1'"),
        ("[mapillary]\naccess_token = t", "no query: one of image_key, sequence_key, bbox"),
        ("[mapillary]\nimage_key = 1\nbbox = 1,2,3,4", "image_key and bbox: one of"),
        ("[mapillary]\nimage_key = x", "image_key: 'x' is not"),
        ("[mapillary]\nbbox = 1,2,3", "bbox: '1,2,3' has 3 numbers"),
        ("[mapillary]\nbbox = 1,2,3,4\nlimit = many", "limit: 'many' is not a whole number"),
        ("[mapillary]\nbbox = 1,2,3,4\nlimit = 0", "limit: '0' is not a whole number from 1"),
        ("[mapillary]\nsequence_key = ../../etc", "'../../etc' is not the id of a sequence"),
        ("[mapillary]\n; image_key = 1", "no query: one of"),
        ("[mapillary]\nimage_key = 1\nimage_key = 2", "image_key is there twice"),
        (
            "[mapillary]\nimage_key = 1\naccess_token = a b",
            "access_token: the token holds characters",
        ),
    ] {
        let fault = ScriptIni::read(text).unwrap_err();
        assert!(fault.0.contains(said), "{text}: {fault}");
    }
}

#[test]
fn what_says_nothing_is_told() {
    let text = "[mapillary]\nimage_key = 1\nlimit = 5\nsize = 2048\n";
    let notes = ScriptIni::read(text).unwrap().notes;
    assert!(
        notes[0].starts_with("'size' is not read") && notes[1].starts_with("limit counts for bbox"),
        "{notes:?}"
    );
}
