use super::*;

const GET: &str = "GET /101 HTTP/1.1\r\nHost: h\r\n";

#[test]
fn only_a_head_that_is_whole_and_of_one_meaning_is_plain() {
    let plain = |text: &str| match read(text.as_bytes()) {
        Head::Plain(plain) => Some((plain.len, plain.is_last)),
        Head::Partial => Some((0, false)),
        Head::Other => None,
    };
    let whole = format!("{GET}\r\n");
    assert_eq!(plain(&whole), Some((whole.len(), false)));
    assert_eq!(plain(&format!("{whole}{GET}")), Some((whole.len(), false)));
    assert_eq!(plain(&format!("{GET}Connection: Close\r\n\r\n")).map(|of| of.1), Some(true));
    for end in 0..whole.len() {
        assert_eq!(plain(&whole[..end]), Some((0, false)), "cut at {end}");
    }
    for line in [
        "Content-Length: 0",
        "Transfer-Encoding: chunked",
        "Expect: 100-continue",
        "Connection: upgrade",
        "Connection: keep-alive, close",
        "Upgrade: h2c",
        "Bad name: x",
        "A: b\r\n c",
        "A: \u{1}",
    ] {
        assert_eq!(plain(&format!("{GET}{line}\r\n\r\n")), None, "{line}");
    }
    for first in [
        "POST / HTTP/1.1",
        "GET / HTTP/1.0",
        "GET http://h/ HTTP/1.1",
        "GET * HTTP/1.1",
        "GET  / HTTP/1.1",
        "get / HTTP/1.1",
        "PRI * HTTP/2.0",
    ] {
        assert_eq!(plain(&format!("{first}\r\nHost: h\r\n\r\n")), None, "{first}");
    }
    assert_eq!(plain(&format!("{GET}{}\r\n", "A: b\r\n".repeat(60))), None, "many headers");
}
