//! How many files a program may have open.

/// Allows as many as the system's administrator does. Many systems allow 1,024 unless a program asks for more, since old ones
/// could not deal with more; a server has one for each client.
#[cfg(unix)]
pub fn allow_most() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // Where that is refused, there are as many as before, and the server waits for clients to leave.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub fn allow_most() {}
