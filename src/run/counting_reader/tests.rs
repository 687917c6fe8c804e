#[cfg(unix)]
#[test]
fn a_silent_writer_does_not_hold_up_the_end_of_the_run() {
    use super::*;
    let (reader, _writer) = io::pipe().unwrap();
    let file = File::from(std::os::fd::OwnedFd::from(reader));
    let stop = Stop::default();
    let mut stream = Stream::new(file, Arc::default(), Some(stop.clone()), Pause::default());
    let reading = std::thread::spawn(move || stream.read(&mut [0; 8]).is_err());
    stop.set();
    assert!(reading.join().unwrap());
}
