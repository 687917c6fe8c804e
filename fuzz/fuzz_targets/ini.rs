//! Any text as an INI file: a value that is set is read back, all others stay, and what is taken out is gone.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mapillary_pipes::format::ini;

fuzz_target!(|text: &str| {
    let others = |text: &str| {
        let mut entries = ini::read(text);
        entries.retain(|(section, key, _)| (&**section, &**key) != ("a", "k"));
        entries
    };
    let before = others(text);
    let set = ini::with(text, "a", "k", "v");
    assert_eq!(ini::value(&set, "a", "k").as_deref(), Some("v"));
    assert_eq!(others(&set), before);
    let (unset, was_there) = ini::without(&set, "a", "k");
    assert!(was_there && ini::value(&unset, "a", "k").is_none());
    assert_eq!(others(&unset), before);
});
