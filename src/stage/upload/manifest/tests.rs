use super::*;

fn photo(handle: &str) -> Photo {
    Photo { handle: handle.to_owned(), md5: String::new(), bytes: 1 }
}

fn key(
    handles: [&str; 2],
    organization: Option<&str>,
    refusals: u64,
    salt: Option<u128>,
) -> String {
    Manifest::new(&handles.map(photo), organization, refusals, salt).key
}

#[test]
fn a_manifest_names_its_photos_in_their_order() {
    let Manifest { key, text } = Manifest::new(&[photo("h2"), photo("h1")], None, 0, None);
    assert_eq!(text, r#"{"image_handles":["h2","h1"],"upload_type":"images","version":"1"}"#);
    assert!(key.starts_with("uuid_") && key.ends_with(".json"), "{key}");
}

#[test]
fn a_manifest_has_another_key_for_other_photos_an_organization_a_refusal_and_on_purpose() {
    let first = key(["a", "b"], None, 0, None);
    assert_eq!(key(["a", "b"], None, 0, None), first, "after a kill it is the same one");
    let others = [
        key(["b", "a"], None, 0, None),
        key(["a", "b"], Some("7"), 0, None),
        key(["a", "b"], None, 1, None),
        key(["a", "b"], None, 2, None),
        key(["a", "b"], None, 0, Some(1)),
    ];
    let mut all: Vec<&String> = others.iter().chain([&first]).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 6, "{others:?}");
}
