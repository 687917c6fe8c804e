use super::*;

#[test]
fn a_name_is_read_from_its_end() {
    for (name, user, quality, is_webp) in [
        ("mapillary-ada-original", "ada", Quality::Original, false),
        ("mapillary-ada-2048-webp", "ada", Quality::W2048, true),
        ("mapillary-a-b-256-original", "a-b-256", Quality::Original, false),
        ("mapillary-x-webp-1024-webp", "x-webp", Quality::W1024, true),
        ("mapillary-mapillary-ada-256", "mapillary-ada", Quality::W256, false),
        ("mapillary-j. doe-256", "j. doe", Quality::W256, false),
    ] {
        let collection: Collection = name.parse().unwrap();
        assert_eq!((&*collection.user, collection.quality), (user, quality));
        assert_eq!((collection.is_webp, collection.to_string()), (is_webp, name.to_string()));
    }
}

#[test]
fn what_is_no_name_of_a_collection_is_refused() {
    for name in [
        "",
        "ada",
        "mapillary-ada",
        "mapillary-original",
        "mapillary--original",
        "mapillary-ada-4096",
        "mapillary-ada-original-jpg",
        "mapillary-../x-original",
        "Mapillary-ada-original",
    ] {
        let error = name.parse::<Collection>().unwrap_err();
        assert!(error.to_string().contains(&format!("'{name}'")), "{error}");
    }
}

#[test]
fn a_description_tells_its_number_of_pictures() {
    for (text, number) in [
        (count_words(1_234_567), Some(1_234_567)),
        (format!("Photos. {} in 2048px.", count_words(7)), Some(7)),
        ("Contains many images. Contains 12 images".to_string(), Some(12)),
        ("Contains +1 images".to_string(), None),
        ("Contains 99999999999999999999999 images".to_string(), None),
        ("12 images".to_string(), None),
    ] {
        assert_eq!(images_of(&text), number, "{text}");
    }
}

#[test]
fn not_every_user_can_be_the_name_of_an_item() {
    let of = |user: &str| Collection {
        user: user.to_string(),
        quality: Quality::Original,
        is_webp: true,
    };
    assert_eq!(of("a.b_c-d").unfit(), None);
    assert_eq!(of(&"a".repeat(100 - 24)).unfit(), None);
    assert!(of(&"a".repeat(101 - 24)).unfit().unwrap().contains("100"));
    assert!(of("zo\u{eb}").unfit().unwrap().contains('\u{eb}'));
    assert!(of("a b").unfit().is_some());
}
