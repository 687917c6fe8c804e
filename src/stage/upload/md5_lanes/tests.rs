use super::*;
use crate::service::upload::Memory;
use crate::stage::upload::md5::Md5;

fn content<E>(bytes: &[u8]) -> Result<Box<dyn Content>, E> {
    Ok(Box::new(Memory(bytes.to_vec().into())))
}

#[test]
fn files_of_every_length_have_the_digests_of_another_md5() {
    let mut lengths: Vec<usize> = (0..300).collect();
    lengths.extend([CHUNK - 9, CHUNK - 8, CHUNK, CHUNK + 1, 3 * CHUNK + 77, 2 * CHUNK]);
    let bytes: Vec<Vec<u8>> =
        lengths.iter().map(|&len| (0..len).map(|at| (at * 31 + len) as u8).collect()).collect();
    let found =
        digests(bytes.iter().map(|bytes| content::<io::Error>(bytes)), |_, error| error).unwrap();
    assert_eq!(found.len(), bytes.len());
    for (bytes, found) in bytes.iter().zip(found) {
        let mut other = Md5::default();
        other.add(bytes);
        assert_eq!(crate::stage::upload::md5::hex(&found), other.text(), "{} bytes", bytes.len());
    }
    assert!(
        digests(Vec::<Result<Box<dyn Content>, io::Error>>::new(), |_, error| error)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_file_that_ends_early_is_an_error() {
    struct Short;
    impl Content for Short {
        fn len(&self) -> u64 {
            9
        }
        fn read_at(&self, at: u64, _: &mut [u8]) -> io::Result<usize> {
            Ok((at == 0).into())
        }
    }
    let short: Result<Box<dyn Content>, usize> = Ok(Box::new(Short));
    assert!(matches!(digests([content(b"a"), short], |at, _| at), Err(1)));
    assert!(matches!(digests([content(b"a"), Err(7)], |at, _| at), Err(7)));
}
