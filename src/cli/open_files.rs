//! The limit of open files.

/// Raises the limit to the maximum set by the system's administrator. Many systems allow 1,024 unless a program
/// requests more, since old programs could not handle more; a server has an open file for each client.
#[cfg(unix)]
pub fn allow_most() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // If that is refused, the limit stays, and the server waits for clients to leave.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub fn allow_most() {}
