use std::time::Duration;

use super::*;

#[test]
fn a_request_is_a_line_of_the_common_log_format() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_717_245_296);
    let peer = "192.0.2.1:4711".parse().ok();
    assert_eq!(
        line(peer, now, "GET /101?fields=id HTTP/1.1", 200, 12),
        r#"192.0.2.1 - - [01/Jun/2024:12:34:56 +0000] "GET /101?fields=id HTTP/1.1" 200 12"#
    );
    assert!(
        line(None, now, "GET /\"\n HTTP/1.1", 304, 0).ends_with(r#""GET /\"\n HTTP/1.1" 304 -"#)
    );
}
