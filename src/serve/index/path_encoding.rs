//! Paths as bytes and as lines of text, and back.

use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, percent_encode};

const ESCAPED: &AsciiSet = &CONTROLS.add(b'%');

/// A path as one line.
pub fn to_text(path: &Path) -> String {
    percent_encode(&to_bytes(path), ESCAPED).to_string()
}

pub fn from_text(text: &str) -> PathBuf {
    from_bytes(percent_decode_str(text).collect())
}

#[cfg(unix)]
pub fn to_bytes(path: &Path) -> Vec<u8> {
    std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec()
}

#[cfg(unix)]
pub fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    <std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes).into()
}

#[cfg(not(unix))]
pub fn to_bytes(path: &Path) -> Vec<u8> {
    path.to_string_lossy().into_owned().into_bytes()
}

#[cfg(not(unix))]
pub fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(test)]
mod tests;
