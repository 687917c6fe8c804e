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

#[test]
fn a_file_of_many_chunks_comes_whole_whether_the_system_has_it_in_memory_or_not() {
    use std::io::Write;
    let bytes: Vec<u8> = (0..300_000u32).flat_map(u32::to_le_bytes).collect();
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(&bytes).expect("bytes");
    let mut payload = Payload::file(file, 4, bytes.len() as u64 - 4).expect("a payload");
    let mut came = Vec::new();
    let all = async {
        while let Some(chunk) =
            std::future::poll_fn(|context| payload.next(CHUNK_BYTES, context)).await.expect("bytes")
        {
            came.extend_from_slice(&chunk);
        }
    };
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(all);
    assert!(came == bytes[4..], "{} of {} bytes", came.len(), bytes.len() - 4);
}
