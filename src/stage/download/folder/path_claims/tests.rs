use std::sync::mpsc::channel;
use std::time::Duration;

use super::*;

#[test]
fn a_path_is_written_by_one_at_a_time() {
    let place = tempfile::tempdir().unwrap();
    let claims = PathClaims::on_disk_of(place.path());
    let first = claims.claim("a").unwrap();
    let (tell, told) = channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let _second = claims.claim("a");
            tell.send(()).unwrap();
        });
        assert!(claims.claim("b").is_ok(), "another path waits for nobody");
        assert!(told.recv_timeout(Duration::from_millis(20)).is_err(), "the first is still held");
        drop(first);
        told.recv().unwrap();
    });
}
