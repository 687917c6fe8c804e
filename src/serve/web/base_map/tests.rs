use super::*;

#[test]
fn a_base_map_is_an_address_a_style_or_tiles_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path.to_str().expect("text").to_owned()
    };
    let tiles = |kind: u8| {
        let mut head = b"PMTiles\x03".to_vec();
        head.resize(127, 0);
        head[99] = kind;
        head
    };
    let vector = BaseMap::read(&file("v.pmtiles", &tiles(1))).expect("tiles");
    assert_eq!(vector.describe()["base"]["type"], "vector");
    let raster = BaseMap::read(&file("r.pmtiles", &tiles(2))).expect("tiles");
    assert_eq!(raster.describe()["base"]["type"], "raster");
    assert!(!vector.is_outside());
    let style = BaseMap::read(&file("a.json", br#"{"version":8,"layers":[]}"#)).expect("a style");
    assert_eq!(style.describe()["style"], STYLE);
    let address = BaseMap::read("https://example.org/style.json").expect("an address");
    assert!(address.is_outside() && style.is_outside());
    for name in
        [file("b.json", b"[]"), file("c.pmtiles", &tiles(1)[..126]), file("d.pmtiles", b"x")]
    {
        assert!(BaseMap::read(&name).is_err(), "{name}");
    }
    assert!(BaseMap::read("no-such.pmtiles").is_err());
}
