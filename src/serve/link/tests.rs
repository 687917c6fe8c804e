use super::*;

fn at(s: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(s)
}

fn take_apart(link: &str) -> (String, Query) {
    let (path, query) = link.split_once('?').expect("a query");
    (path.rsplit('/').next().expect("a last part").to_owned(), Query::parse(query))
}

fn status(result: Result<(String, Quality), &str>) -> u16 {
    result.map_or(403, |_| 200)
}

#[test]
fn a_link_is_good_until_it_expires() {
    let signer = Signer::new("s".into(), Duration::from_secs(60));
    let (opaque, query) = take_apart(&signer.link("h", "12", Quality::W2048, at(1000)));
    let check = |s| signer.check(&opaque, &query, at(s));
    assert_eq!(check(1059).expect("good"), ("12".to_owned(), Quality::W2048));
    assert_eq!(status(check(1060)), 403);
}

#[test]
fn an_altered_link_is_refused() {
    let signer = Signer::new("s".into(), Duration::from_secs(60));
    let link = signer.link("h", "12", Quality::W256, at(1000));
    for (from, to) in
        [("oe=", "oe=F"), ("oh=00_", "oh=00_x"), ("oe=", "no="), ("oh=", "no="), ("/An", "/Ao")]
    {
        let (opaque, query) = take_apart(&link.replace(from, to));
        assert_eq!(status(signer.check(&opaque, &query, at(1000))), 403, "{from} as {to}");
    }
}

#[test]
fn the_link_of_another_secret_is_refused() {
    let link =
        Signer::new("a".into(), Duration::from_secs(60)).link("h", "1", Quality::W256, at(0));
    let (opaque, query) = take_apart(&link);
    assert_eq!(
        status(Signer::new("b".into(), Duration::from_secs(60)).check(&opaque, &query, at(0))),
        403
    );
}
