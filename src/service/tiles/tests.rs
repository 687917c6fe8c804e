use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use super::*;
use crate::service::Token;
use crate::service::mock_server::{Script, answer, client};

#[test]
fn a_tile_comes_as_its_bytes_packed_or_not() {
    let tile = mvt::write([mvt::LayerWriter::new("image", 4096)]);
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&tile).unwrap();
    let packed = packed.finish().unwrap();
    let labelled = answer(200, "Content-Encoding: gzip\r\n", &packed);
    let script = Script::play(vec![answer(200, "", &tile), answer(200, "", &packed), labelled]);
    let client = client(&script);
    for _ in 0..3 {
        assert_eq!(client.tile("mly1_public", 14, 1, 2).unwrap(), tile);
    }
    assert!(script.seen()[0].starts_with("GET /maps/vtp/mly1_public/2/14/1/2 "));
    assert!(unpack(packed[..packed.len() - 3].to_vec()).is_err());
}

#[test]
fn a_tile_that_was_cut_on_its_way_is_asked_again() {
    let mut layer = mvt::LayerWriter::new("image", 4096);
    layer.feature(None, mvt::GeometryType::Points, &[&[(1, 2)]], &[]);
    let tile = mvt::write([layer]);
    let cut = &tile[..tile.len() - 1];
    let script = Script::play(vec![answer(200, "", cut), answer(200, "", &tile)]);
    assert_eq!(client(&script).tile("mly1_public", 14, 1, 2).unwrap(), tile);
    assert_eq!(script.seen().len(), 2);
}

#[test]
fn nothing_there_is_an_empty_tile_and_a_404_is_asked_twice() {
    let script =
        Script::play(vec![answer(204, "", b""), answer(200, "", b""), answer(404, "", b"no")]);
    let client = client(&script);
    for _ in 0..3 {
        assert!(client.tile("mly1_public", 14, 1, 2).unwrap().is_empty());
    }
    assert_eq!(client.counts().requests(Request::Tile), 4);
}

#[test]
fn the_token_travels_in_the_query_encoded_and_shows_nowhere_else() {
    let script =
        Script::play(vec![answer(500, "", b"MLY|1|secret failed, access_token=MLY%7C1%7Csecret")]);
    let (client, lines) =
        script.client_with(|s| s.token = Some(Token::new("MLY|1|secret").unwrap()));
    let error = client.tile("mly1_public", 14, 1, 2).unwrap_err();
    assert!(script.seen()[0].contains("?access_token=MLY%7C1%7Csecret "));
    let all = format!("{error} {error:?} {client:?} {:?}", lines.lock().unwrap());
    assert!(all.contains("HTTP 500") && !all.contains("secret"), "{all}");
}
