use super::*;
use std::io::Cursor;

#[test]
fn a_window_gives_the_same_bytes_as_the_block() {
    let bytes: Vec<u8> = (0..200_000u32).map(|i| (i / 7) as u8).collect();
    let mut window = Window::open(Cursor::new(&bytes)).unwrap();
    for at in [0, 10, 65_530, 65_536, 70_000, 66_000, 199_990, 200_000, 1 << 40] {
        let mut block = &bytes[..];
        let expected = block.at(at, 100).unwrap().to_vec();
        assert_eq!(window.at(at, 100).unwrap(), expected, "at {at}");
    }
    assert_eq!(window.size(), 200_000);
}

#[test]
fn a_stream_gives_the_same_bytes_as_the_block_and_none_twice() {
    let bytes: Vec<u8> = (0..200_000u32).map(|i| (i / 7) as u8).collect();
    let mut stream = Forward::new(&bytes[..]);
    for at in [0, 0, 10, 50, 150, 70_000, 199_990, 199_995, 200_000, 1 << 40] {
        let mut block = &bytes[..];
        let expected = block.at(at, 100).unwrap().to_vec();
        assert_eq!(stream.at(at, 100).unwrap(), expected, "at {at}");
    }
    assert_eq!(stream.size(), 200_000);
    assert!(stream.at(5, 1).is_err());
}
