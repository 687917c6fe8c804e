//! What things are, as plain values: no bytes, no input, no output.
