//! All tests that look at the tools from outside, as one program.
