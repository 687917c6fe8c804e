//! An upload client over loopback, and the pictures that it sends.

use crate::disk::NOTES;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use super::super::*;
use crate::serve::{Server, ServerSettings};

/// A JPEG of two segments with an ImageDescription.
pub fn jpeg(description: &str, mark: &str) -> Vec<u8> {
    let mut text = description.as_bytes().to_vec();
    text.push(0);
    let mut tiff = b"II\x2A\0\x08\0\0\0\x01\0\x0E\x01\x02\0".to_vec();
    tiff.extend((text.len() as u32).to_le_bytes());
    tiff.extend(26u32.to_le_bytes());
    tiff.extend([0; 4]);
    tiff.extend(text);
    let length = (tiff.len() + 8) as u16;
    let mut jpeg = b"\xff\xd8\xff\xe1".to_vec();
    jpeg.extend(length.to_be_bytes());
    jpeg.extend(b"Exif\0\0");
    jpeg.extend(tiff);
    jpeg.extend(b"\xff\xc0\x00\x0b\x08\x00\x30\x00\x40\x01\x01\x11\x00\xff\xda\x00\x02");
    jpeg.extend(mark.as_bytes());
    jpeg.extend(b"\xff\xd9");
    jpeg
}

pub fn described(n: u32) -> Vec<u8> {
    let description = json!({
        "MAPLatitude": 52.52, "MAPLongitude": 13.4 + f64::from(n) / 1e4, "MAPAltitude": 34.5,
        "MAPCaptureTime": format!("2024_06_01_12_34_{:02}_123", n + 10),
        "MAPCompassHeading": {"TrueHeading": 271.5, "MagneticHeading": 271.5},
        "MAPDeviceMake": "Acme", "MAPDeviceModel": "One",
    });
    jpeg(&description.to_string(), &format!("pixels {n}"))
}

pub struct Got {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// An archive that accepts uploads.
pub struct Place {
    pub dir: tempfile::TempDir,
    pub server: Server,
}

impl Place {
    pub fn new(change: impl FnOnce(&mut ServerSettings)) -> Place {
        let dir = tempfile::tempdir().expect("a folder");
        let server = Place::serve(&dir, change);
        Place { dir, server }
    }

    pub fn serve(dir: &tempfile::TempDir, change: impl FnOnce(&mut ServerSettings)) -> Server {
        let mut settings = ServerSettings::new(dir.path());
        settings.upload = Some(Limits { min_free_bytes: 0, ..Limits::default() });
        change(&mut settings);
        Server::start(settings).expect("a server")
    }

    /// Restarts as after a kill, without a clean shutdown.
    pub fn restart(self) -> Place {
        let Place { dir, server } = self;
        drop(server);
        let server = Place::serve(&dir, |_| {});
        Place { dir, server }
    }

    pub fn open(&self, method: &str, target: &str, headers: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.server.address()).expect("a connection");
        write!(
            stream,
            "{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n"
        )
        .expect("a head is sent");
        stream
    }

    pub fn ask(&self, method: &str, target: &str, headers: &str, body: &[u8]) -> Option<Got> {
        let headers = format!("{headers}Content-Length: {}\r\n", body.len());
        let mut stream = self.open(method, target, &headers);
        let _ = stream.write_all(body);
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).ok()?;
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Got { status, head, body: bytes[end + 4..].to_vec() })
    }

    pub fn get(&self, target: &str) -> Got {
        self.ask("GET", target, TOKEN, b"").expect("an answer")
    }

    pub fn post_bytes(&self, name: &str, offset: u64, bytes: &[u8], more: &str) -> Option<Got> {
        let headers = format!("{TOKEN}Offset: {offset}\r\nX-Entity-Name: {name}\r\n{more}");
        self.ask("POST", &format!("/mapillary_public_uploads/{name}"), &headers, bytes)
    }

    pub fn offset(&self, name: &str) -> u64 {
        let got = self.get(&format!("/mapillary_public_uploads/{name}"));
        got.json()["offset"].as_u64().expect("an offset")
    }

    /// Sends a file; returns its handle.
    pub fn send(&self, name: &str, bytes: &[u8]) -> String {
        let got = self.post_bytes(name, 0, bytes, "").expect("an answer");
        assert_eq!(got.status, 200, "{}", String::from_utf8_lossy(&got.body));
        got.json()["h"].as_str().expect("a handle").to_owned()
    }

    pub fn manifest(&self, name: &str, handles: &[String]) -> String {
        let manifest = json!({"image_handles": handles, "upload_type": "images", "version": "1"});
        self.send(name, manifest.to_string().as_bytes())
    }

    pub fn finish(&self, handle: &str, kind: &str) -> Got {
        let body = json!({"file_handle": handle, "file_type": kind, "organization_id": 99});
        self.ask("POST", "/finish_upload", TOKEN, body.to_string().as_bytes()).expect("an answer")
    }

    pub fn finish_manifest(&self, handles: &[String]) -> Got {
        self.finish(&self.manifest("uuid_1.json", handles), "mly_bundle_manifest")
    }

    pub fn upload_three(&self) -> Vec<String> {
        (0..3).map(|n| self.send(&format!("mly_tools_{n}.jpg"), &described(n))).collect()
    }

    /// The folders of sequences.
    pub fn sequences(&self) -> Vec<std::path::PathBuf> {
        let inbox = fs::read_dir(self.dir.path().join(INBOX)).expect("an inbox");
        let all = inbox.map(|entry| entry.expect("an entry").path());
        all.filter(|path| !path.ends_with(NOTES)).collect()
    }

    pub fn images(&self) -> Vec<Value> {
        let fields = "captured_at,geometry,altitude,compass_angle,make,creator,organization,sequence,width,thumb_original_url";
        let got = self.get(&format!("/images?creator_username=uploader&fields={fields}"));
        let mut images = got.json()["data"].as_array().cloned().unwrap_or_default();
        images.sort_by_key(|image| image["captured_at"].as_i64());
        images
    }
}

pub const TOKEN: &str = "Authorization: OAuth MLY|1|2\r\n";
