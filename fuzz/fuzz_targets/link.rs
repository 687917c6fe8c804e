//! Any text as a link to mapillary.com: what is named is in it, and the link made of that names the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mapillary_pipes::value::{mapillary_url, picture_id};

fuzz_target!(|text: &str| {
    let (picture, user) = (mapillary_url::picture(text), mapillary_url::user(text));
    assert!(mapillary_url::is_link(text) || picture.is_none() && user.is_none());
    if let Some(id) = picture {
        let made = format!("https://www.mapillary.com/app/?pKey={id}");
        assert_eq!(mapillary_url::picture(&made), Some(id));
    }
    assert_ne!(user.as_deref(), Some(""));
    if let Ok(id) = picture_id::read(text) {
        assert_eq!(picture_id::read(id), Ok(id));
    }
});
