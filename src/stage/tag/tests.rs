//! Tests of tagging by values.
