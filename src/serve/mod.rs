//! The service's own API over an archive on disk.
