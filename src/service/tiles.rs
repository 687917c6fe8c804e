//! The bytes of vector tiles.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use reqwest::Url;

use crate::format::mvt;

use super::classify::ResponseClass;
use super::client::Client;
use super::error::Error;
use super::no_answer::NoAnswer;
use super::request::Ask;
use super::request::Request;

/// Tiles of dense centres were seen up to about 10 MB; a multiple of that is no tile.
const MOST_TILE_BYTES: u64 = 64 << 20;

impl Client {
    /// A tile of a set such as `mly1_public`, unpacked; empty when there is nothing there.
    pub fn tile(&self, set: &str, z: u8, x: u32, y: u32) -> Result<Vec<u8>, Error> {
        let what = format!("tile {z}/{x}/{y}");
        let path = format!("/maps/vtp/{set}/2/{z}/{x}/{y}");
        let ask = Ask::new(Request::Tile, join(&self.tiles, &path), MOST_TILE_BYTES);
        match self.ask(&ask, whole_tile)? {
            Ok(tile) => Ok(tile),
            Err(ResponseClass::MaybeEmpty) => Ok(Vec::new()),
            Err(verdict) => Err(self.error(&what, &verdict)),
        }
    }
}

/// The endpoint with a path behind its own.
pub(super) fn join(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url
}

/// The tile unpacked, once it can be read: a body that was cut on its way is worth another try.
fn whole_tile(body: Vec<u8>) -> Result<Vec<u8>, NoAnswer> {
    let tile = unpack(body)?;
    mvt::read(&tile)?;
    Ok(tile)
}

/// Some bodies are gzip without a header that says so (RFC 1952, section 2.3.1: magic 1f 8b).
fn unpack(body: Vec<u8>) -> Result<Vec<u8>, NoAnswer> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Ok(body);
    }
    let mut tile = Vec::new();
    let mut limited = MultiGzDecoder::new(body.as_slice()).take(MOST_TILE_BYTES + 1);
    limited.read_to_end(&mut tile).map_err(|e| NoAnswer::Gzip(e.to_string()))?;
    if tile.len() as u64 > MOST_TILE_BYTES {
        Err(NoAnswer::UnpacksTooLong(MOST_TILE_BYTES))
    } else {
        Ok(tile)
    }
}

#[cfg(test)]
mod tests {
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
        let script = Script::play(vec![answer(
            500,
            "",
            b"MLY|1|secret failed, access_token=MLY%7C1%7Csecret",
        )]);
        let (client, lines) =
            script.client_with(|s| s.token = Some(Token::new("MLY|1|secret").unwrap()));
        let error = client.tile("mly1_public", 14, 1, 2).unwrap_err();
        assert!(script.seen()[0].contains("?access_token=MLY%7C1%7Csecret "));
        let all = format!("{error} {error:?} {client:?} {:?}", lines.lock().unwrap());
        assert!(all.contains("HTTP 500") && !all.contains("secret"), "{all}");
    }
}
