use super::*;

#[test]
fn the_pictures_of_a_folder_are_known_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["31_2048.jpg", "a/32.webp", "a/33.txt"] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "x").unwrap();
    }
    let known = KnownIds::read(&[folder.path().to_path_buf()], |_| ()).unwrap();
    assert_eq!(["31", "32", "33"].map(|id| known.has(id)), [true, true, false]);
}

/// The known ids from these texts, each in its own file, and the messages about them.
fn read(texts: &[&[u8]]) -> (KnownIds, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> =
        (0..texts.len()).map(|at| folder.path().join(format!("{at}"))).collect();
    paths.iter().zip(texts).for_each(|(path, text)| std::fs::write(path, text).unwrap());
    let said = std::cell::RefCell::default();
    let known = KnownIds::read(&paths, |words| {
        let said: &std::cell::RefCell<Vec<String>> = &said;
        said.borrow_mut().push(words.to_string());
    });
    (known.unwrap(), said.into_inner())
}

#[test]
fn rows_and_bare_ids_are_known_and_failed_rows_are_not() {
    let (known, said) = read(&[b"img_id,error\n11,\n12,gone\n", b"21\n22\n"]);
    assert!(known.has("11") && known.has("21") && known.has("22"));
    assert!(!known.has("12") && !known.has("3"));
    assert_eq!(said, Vec::<String>::new());
    let error = KnownIds::read(&[PathBuf::from("/nonexistent/b")], |_| ()).unwrap_err();
    assert!(error.0.contains("b'"), "{error}");
}

#[test]
fn ids_are_known_from_whatever_form_others_gave_them() {
    let wide: Vec<u8> =
        "\u{feff}img_id\tlon\n77\t9\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for text in [
        &b"[{\"id\":\"77\"},{\"id\":\"5\"}]"[..],
        b"[77,\n5]",
        b"\"77\"\n\"5\"\n",
        b"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"id\":77}}]}",
        b"sep=;\r\nimg_id;lon\r\n77;9,9\r\n",
        b"img_id\tlon\n77\t9\n",
        b"img_id,lon\n 77 , 9.9 \n",
        b"img_id,lon\n=\"77\",9.9\n",
        &wide,
    ] {
        let (known, said) = read(&[text]);
        assert!(known.has("77") && said.is_empty(), "{said:?}");
    }
}

#[test]
fn a_file_that_leaves_out_nothing_says_why() {
    for (text, why) in [
        (
            &b"IMG_ID,Lon\n77,9\n"[..],
            "no id of a picture in it, so it leaves out nothing; its columns: IMG_ID, Lon",
        ),
        (
            b"img_id\n1.02E+15\n",
            "nothing; line 2: '1.02E+15' is not the id of a picture, but a number that a spreadsheet",
        ),
        (b"img_id\n7\n8.0\n", "1 of its ids are none; line 3: '8.0'"),
        (b"", "its columns: none"),
    ] {
        let (_, said) = read(&[text]);
        assert!(said.len() == 1 && said[0].contains(why), "{said:?}");
    }
}

#[test]
fn the_same_ids_have_one_digest_in_any_order() {
    let digest = |text: &[u8]| read(&[text]).0.digest();
    assert_eq!(digest(b"img_id\n1\n2\n"), digest(b"2\n1\n"));
    assert_ne!(digest(b"1\n2\n"), digest(b"1\n3\n"));
}

#[test]
fn a_table_with_types_is_known_like_any_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let row = crate::row::Row::from_cells(&[(Field::ImgId, "1020304050600100")]);
    let mut writer = parquet::Writer::new(row.columns().list(), &[], false, false).unwrap();
    let mut bytes = Vec::new();
    writer.write(&row, &mut bytes).unwrap();
    writer.finish(&mut bytes).unwrap();
    std::fs::write(&path, bytes).unwrap();
    let known = KnownIds::read(&[path], |_| {}).unwrap();
    assert!(known.has("1020304050600100") && !known.has("1"));
}
