use std::task::Waker;

use super::*;

fn next(payload: &mut Payload) -> io::Result<Option<Bytes>> {
    match payload.next(CHUNK_BYTES, &mut Context::from_waker(Waker::noop())) {
        Poll::Ready(next) => next,
        Poll::Pending => Err(io::Error::other("it waits")),
    }
}

#[test]
fn a_payload_gives_its_bytes_and_ends() {
    let mut payload = Payload::bytes(Bytes::from_static(b"abc"));
    assert_eq!(next(&mut payload).expect("bytes").as_deref(), Some(&b"abc"[..]));
    assert!(next(&mut payload).expect("the end").is_none());
}

#[test]
fn a_cut_payload_gives_some_bytes_and_breaks() {
    let mut payload = Payload::bytes(Bytes::from_static(b"abc"));
    payload.cut(2);
    assert_eq!(next(&mut payload).expect("bytes").as_deref(), Some(&b"ab"[..]));
    assert!(next(&mut payload).is_err());
}

#[test]
fn a_file_shorter_than_promised_is_no_answer() {
    let file = tempfile::tempfile().expect("a file");
    assert!(Payload::file(file, 0, 3).is_err());
}
