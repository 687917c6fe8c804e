//! Picture bytes, and clients that do not read them.

use super::*;

#[test]
fn links_are_given_for_the_qualities_held_and_lead_to_the_picture() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let fields = "thumb_256_url,thumb_1024_url,thumb_2048_url,thumb_original_url";
    let entity = get(&server, &format!("/101?fields={fields}")).json();
    assert_eq!(entity.as_object().expect("an object").len(), 5, "smaller ones are made: {entity}");
    assert_eq!(get(&server, &format!("/103?fields={fields}")).text(), r#"{"id":"103"}"#);

    let link = target(&entity["thumb_original_url"]);
    let whole = ask(&server, "GET", &link, "");
    assert_eq!((whole.status, &whole.body[..]), (200, PICTURE));
    assert_eq!(whole.header("content-type"), Some("image/jpeg"));
    assert_eq!(whole.header("content-length"), Some(&*PICTURE.len().to_string()));
    assert!(whole.header("last-modified").is_some_and(|date| date.ends_with("GMT")));

    let head = ask(&server, "HEAD", &link, "");
    assert_eq!(
        (head.header("content-length"), head.body.len()),
        (whole.header("content-length"), 0)
    );
    let part = ask(&server, "GET", &link, "Range: bytes=2-4\r\n");
    assert_eq!((part.status, &part.body[..]), (206, &PICTURE[2..5]));
    assert_eq!(part.header("content-range"), Some(&*format!("bytes 2-4/{}", PICTURE.len())));
    assert_eq!(ask(&server, "GET", &link, "Range: bytes=500-\r\n").status, 416);
    let mark = whole.header("etag").expect("a mark");
    assert_eq!(ask(&server, "GET", &link, &format!("If-None-Match: {mark}\r\n")).status, 304);
}

/// A picture with a red left half and a blue right half.
fn drawn(width: u16, height: u16) -> Vec<u8> {
    let pixel = |at: usize| {
        if at % usize::from(width) < usize::from(width) / 2 { [200, 10, 10] } else { [10, 10, 200] }
    };
    let pixels: Vec<u8> = (0..usize::from(width) * usize::from(height)).flat_map(pixel).collect();
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb).expect("a picture");
    bytes
}

#[test]
fn a_size_that_is_not_held_is_made_of_a_larger_one() {
    let town = Town::new();
    let original = drawn(1400, 700);
    fs::write(town.dir.path().join("104.jpg"), &original).expect("a picture");
    fs::write(town.dir.path().join("2024/S/103_1024.jpg"), drawn(1024, 512)).expect("a picture");
    let server = town.serve(|_| {});
    let links = |id: &str| {
        let fields = "thumb_256_url,thumb_1024_url,thumb_2048_url,thumb_original_url";
        get(&server, &format!("/{id}?fields={fields}")).json()
    };
    let fetch = |link: &Value, headers: &str| ask(&server, "GET", &target(link), headers);
    let size =
        |got: &Got| crate::format::jpeg::read(&mut &got.body[..]).expect("a JPEG").layout.size;
    let of_104 = links("104");
    let small = fetch(&of_104["thumb_256_url"], "");
    assert_eq!((small.status, size(&small)), (200, Some((256, 128))));
    assert_eq!(small.header("content-type"), Some("image/jpeg"));
    assert_eq!(size(&fetch(&of_104["thumb_1024_url"], "")), Some((1024, 512)));
    assert_eq!(fetch(&of_104["thumb_2048_url"], "").body, original, "no picture is enlarged");
    let part = fetch(&of_104["thumb_256_url"], "Range: bytes=2-9\r\n");
    assert_eq!((part.status, &part.body[..]), (206, &small.body[2..10]));
    let mark = small.header("etag").expect("a mark").to_owned();
    let again = fetch(&of_104["thumb_256_url"], &format!("If-None-Match: {mark}\r\n"));
    assert_eq!((again.status, again.body.len()), (304, 0));
    let of_103 = links("103");
    assert_eq!(size(&fetch(&of_103["thumb_256_url"], "")), Some((256, 128)));
    assert!(of_103.get("thumb_2048_url").is_none() && of_103.get("thumb_original_url").is_none());
    let broken = fetch(&links("101")["thumb_1024_url"], "");
    assert_eq!(broken.status, 404, "what cannot be decoded has no smaller sizes");
    assert!(broken.text().contains("cannot be decoded"), "{}", broken.text());
}

/// A tar of these pictures, which replaces the one in the town; each with another time.
fn replace_tar(town: &Town, files: &[(&str, &[u8])], second: u64) {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, name, *bytes).expect("a member");
    }
    let (new, tar) = (town.dir.path().join(".new"), town.dir.path().join("day.tar"));
    fs::write(&new, builder.into_inner().expect("a tar")).expect("written");
    let time = std::time::UNIX_EPOCH + Duration::from_secs(1_717_245_296 + second);
    fs::File::options()
        .append(true)
        .open(&new)
        .expect("a file")
        .set_modified(time)
        .expect("a time");
    fs::rename(new, tar).expect("a name");
}

#[test]
fn a_tar_that_was_replaced_gives_no_picture_of_another_image() {
    let town = Town::new();
    for name in ["101.jpg", "101_256.jpg", "2024/S/102.jpg"] {
        fs::remove_file(town.dir.path().join(name)).expect("removed");
    }
    let (one, other) = (
        &b"\xff\xd8\xff\xfe one picture \xff\xd9"[..],
        &b"\xff\xd8\xff\xfe another one \xff\xd9"[..],
    );
    replace_tar(&town, &[("d/101.jpg", one), ("d/102.jpg", other)], 0);
    let server = town.serve(|settings| settings.watch = Duration::from_secs(3600));
    let links = ["101", "102"].map(|id| {
        let entity = get(&server, &format!("/{id}?fields=thumb_original_url")).json();
        target(&entity["thumb_original_url"])
    });
    let fetch = || links.each_ref().map(|link| ask(&server, "GET", link, ""));
    let is_right = |got: [Got; 2]| got[0].body == one && got[1].body == other;
    assert!(is_right(fetch()));
    replace_tar(&town, &[("d/102.jpg", other), ("d/101.jpg", one)], 1);
    for got in fetch() {
        assert_eq!((got.status, got.header("retry-after")), (503, Some("5")), "{}", got.text());
    }
    // Another program has appended to it: what the index knows is where it was.
    let more = [("d/101.jpg", one), ("d/102.jpg", other), ("d/103.jpg", one)];
    replace_tar(&town, &more, 2);
    assert!(is_right(fetch()));
    fs::remove_file(town.dir.path().join("day.tar")).expect("removed");
    assert_eq!(fetch().map(|got| got.status), [503, 503]);
}

#[cfg(unix)]
#[test]
fn a_fifo_in_the_place_of_a_picture_holds_nobody_up() {
    let town = Town::new();
    crate::disk::open::make_fifo(&town.dir.path().join("103.jpg"));
    let server = town.serve(|_| {});
    assert_eq!(get(&server, "/103?fields=thumb_original_url").text(), r#"{"id":"103"}"#);
    let link = get(&server, "/101?fields=thumb_original_url").json()["thumb_original_url"].clone();
    let picture = town.dir.path().join("101.jpg");
    fs::remove_file(&picture).expect("removed");
    crate::disk::open::make_fifo(&picture);
    for _ in 0..3 {
        let got = ask(&server, "GET", &target(&link), "");
        assert!(got.status == 404 && got.text().contains("FIFO"), "{}", got.text());
    }
    assert_eq!(get(&server, "/101").status, 200);
}

#[test]
fn a_client_that_never_reads_is_left() {
    let town = Town::new();
    let length = 64 << 20;
    let large = fs::File::create(town.dir.path().join("101.jpg")).expect("a file");
    large.set_len(length).expect("a length");
    let server = town.serve(|settings| settings.write_timeout = Duration::from_millis(100));
    let link = get(&server, "/101?fields=thumb_original_url").json()["thumb_original_url"].clone();
    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    let request = format!("GET {} HTTP/1.1\r\nHost: h\r\n\r\n", target(&link));
    stream.write_all(request.as_bytes()).expect("sent");
    // Once a byte has arrived, the response is in progress; it is over when the server drops its reference.
    stream.peek(&mut [0]).expect("an answer");
    while Arc::strong_count(&server.busy) > 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!((rest.len() as u64) < length, "{} bytes came", rest.len());
}

#[test]
fn links_that_expired_or_were_altered_are_refused() {
    let town = Town::new();
    let server = town.serve(|settings| settings.url_life = Duration::ZERO);
    let link = target(&get(&server, "/101?fields=thumb_256_url").json()["thumb_256_url"]);
    let expired = ask(&server, "GET", &link, "");
    assert_eq!((expired.status, expired.text()), (403, "URL signature expired"));
    assert_eq!(expired.header("content-type"), Some("text/plain"));
    let altered = ask(&server, "GET", &link.replace("oe=", "oe=7"), "");
    assert_eq!((altered.status, altered.text()), (403, "URL signature mismatch"));
    assert_eq!(ask(&server, "GET", "/m1/v/t6/nothing?oe=1", "").text(), "Bad URL hash");
}

/// A linked folder, or the path of a row that the user names, may hold other files too.
#[test]
fn a_file_that_is_no_picture_is_not_served_whatever_its_name() {
    let town = Town::new();
    let outside = tempfile::tempdir().expect("a folder");
    let secret = outside.path().join("secret.jpg");
    fs::write(&secret, "TOP SECRET, AND LONG ENOUGH").expect("a file");
    let path = town.dir.path().join("104.jpg");
    fs::remove_file(&path).expect("removed");
    fs::copy(&secret, &path).expect("a copy");
    let server = town.serve(|_| {});
    let link = get(&server, "/104?fields=thumb_original_url").json()["thumb_original_url"].clone();
    let got = ask(&server, "GET", &target(&link), "");
    assert!(got.status == 404 && !got.text().contains("SECRET"), "{} {}", got.status, got.text());
    fs::remove_file(&path).expect("removed");
    fs::write(&path, "").expect("an empty file");
    assert_eq!(ask(&server, "GET", &target(&link), "").status, 404, "replaced while it is served");
}
