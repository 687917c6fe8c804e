use std::io;
use std::os::fd::OwnedFd;

use super::Completion::{Complete, Cut, RowsMissing, Unproven};
use super::*;

/// Both ends of a pipe; the writing end can be opened any number of times.
fn pipe() -> (File, impl Fn() -> Option<Writer>) {
    let (reader, writer) = io::pipe().unwrap();
    let new = move || Writer::new(File::from(OwnedFd::from(writer.try_clone().unwrap())));
    (File::from(OwnedFd::from(reader)), new)
}

#[test]
fn a_writer_that_goes_without_a_word_cuts_the_input_whoever_else_is_done() {
    let (input, writer) = pipe();
    assert_eq!(of_input(&input, false), Complete, "of other programs");
    writer().unwrap().end(Complete);
    assert_eq!(of_input(&input, false), Complete);
    let (first, second) = (writer().unwrap(), writer().unwrap());
    second.end(Complete);
    assert_eq!(of_input(&input, false), Cut);
    first.end(RowsMissing);
    assert_eq!(of_input(&input, false), RowsMissing);
    drop(writer());
    writer().unwrap().end(Complete);
    assert_eq!(of_input(&input, false), Cut);
}

#[test]
fn an_input_without_a_byte_is_complete_only_if_a_writer_tells_so() {
    let (input, writer) = pipe();
    assert_eq!(of_input(&input, true), Unproven);
    for (told, expected) in [
        (Complete, Complete),
        (Unproven, Unproven),
        (Complete, Unproven),
        (RowsMissing, RowsMissing),
        (Unproven, RowsMissing),
    ] {
        writer().unwrap().end(told);
        assert_eq!(of_input(&input, true), expected, "{told:?}");
    }
}

#[test]
fn a_writer_whose_rows_go_elsewhere_reports_nothing() {
    let (input, writer) = pipe();
    writer().unwrap().withdraw();
    assert_eq!((of_input(&input, true), of_input(&input, false)), (Unproven, Complete));
    writer().unwrap().end(RowsMissing);
    writer().unwrap().withdraw();
    assert_eq!(of_input(&input, true), RowsMissing);
}

#[test]
fn more_writers_than_can_be_counted_are_taken_on_trust() {
    let (input, writer) = pipe();
    let writers: Vec<Option<Writer>> = (0..40).map(|_| writer()).collect();
    assert_eq!(writers.iter().flatten().count(), 15);
    writers.into_iter().flatten().for_each(|writer| writer.end(Complete));
    assert_eq!(of_input(&input, false), Complete);
}

#[test]
fn what_has_a_name_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fifo");
    rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, 0o600.into(), 0)
        .unwrap();
    let fifo = File::options().read(true).write(true).open(&path).unwrap();
    assert!(Writer::new(fifo.try_clone().unwrap()).is_none());
    assert!(Writer::new(tempfile::tempfile().unwrap()).is_none());
    assert_eq!(of_input(&fifo, true), Complete);
}
