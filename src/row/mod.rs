//! One row of a pipe, and its two written forms.
