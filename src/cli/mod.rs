//! Flags, help, messages, exit status.
