use super::*;

const TEXT: &str = "img_id,note\r\n1,é😀\r\n";

fn bytes(is_big: bool, mark: bool) -> Vec<u8> {
    let text = if mark { format!("\u{feff}{TEXT}") } else { TEXT.to_string() };
    let pair = |unit: u16| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    text.encode_utf16().flat_map(pair).collect()
}

/// A pipe that delivers one byte at a time.
struct Slow(Vec<u8>);

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() || buffer.is_empty() {
            return Ok(0);
        }
        buffer[0] = self.0.remove(0);
        Ok(1)
    }
}

fn read(bytes: &[u8]) -> io::Result<String> {
    let mut text = String::new();
    open(Slow(bytes.to_vec()))?.read_to_string(&mut text)?;
    Ok(text)
}

#[test]
fn utf_16_is_read_with_and_without_its_mark() {
    for (is_big, mark) in [(false, false), (false, true), (true, false), (true, true)] {
        assert_eq!(read(&bytes(is_big, mark)).unwrap(), TEXT);
    }
    assert_eq!(read(format!("\u{feff}{TEXT}").as_bytes()).unwrap(), TEXT);
    for (bytes, text) in [(b"\xe9\0,\0", "é,"), (b"\0\xe9\0,", "é,")] {
        assert_eq!(read(bytes).unwrap(), text);
    }
}

#[test]
fn utf_32_is_named() {
    for start in [[0xff, 0xfe, 0, 0], [0, 0, 0xfe, 0xff]] {
        assert!(
            read(&[&start[..], b"i\0\0\0"].concat()).unwrap_err().to_string().contains("UTF-32")
        );
    }
}

#[test]
fn half_a_character_is_an_error_wherever_it_is_cut() {
    let whole = bytes(false, true);
    for end in 2..whole.len() {
        let wanted: Vec<u16> =
            whole[..end].chunks_exact(2).map(|p| u16::from_le_bytes([p[0], p[1]])).collect();
        let is_half = end % 2 == 1 || String::from_utf16(&wanted).is_err();
        assert_eq!(read(&whole[..end]).is_err(), is_half, "{end}");
    }
    assert!(read(b"\xff\xfe\x00\xdc\x00\x00").is_err(), "a second half without the first");
    assert!(read(b"\xff\xfe\x00\xd8\x00\xd8").is_err(), "two first halves");
    assert!(read(b"\xff\xfe\x00\xd8\x00\xd8\x00\xdc").is_err(), "a first half before a character");
    let error = read(b"\xff\xfea\0\x00\xdc").unwrap_err().to_string();
    assert!(error.ends_with("at byte 6"), "with the mark: {error}");
}
