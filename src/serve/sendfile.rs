//! Linux-specific socket operations; unused on other systems.

use std::fs::File;
use std::io;

use tokio::net::TcpStream;

/// Has the system send a part of a file without copying it into this process (sendfile); returns the number of bytes
/// sent.
///
/// # Errors
/// The file or the socket fails, or the file is shorter than expected.
#[cfg(target_os = "linux")]
pub fn send_file(socket: &TcpStream, file: &File, mut at: u64, len: u64) -> io::Result<u64> {
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    match rustix::fs::sendfile(socket, file, Some(&mut at), len)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        sent => Ok(sent as u64),
    }
}

/// Sends bytes that are followed by more at once, so that both may go in one packet.
#[cfg(target_os = "linux")]
pub fn send_more(socket: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
    use rustix::net::{SendFlags, send};
    Ok(send(socket, bytes, SendFlags::MORE | SendFlags::NOSIGNAL)?)
}

#[cfg(not(target_os = "linux"))]
pub fn send_file(_: &TcpStream, _: &File, _: u64, _: u64) -> io::Result<u64> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(target_os = "linux"))]
pub fn send_more(socket: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
    socket.try_write(bytes)
}
