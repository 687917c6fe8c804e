//! What becomes of rows: one file for each tool.
