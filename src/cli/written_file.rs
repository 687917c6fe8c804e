//! The value of a flag that names a file which the run writes.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use clap::builder::{MapValueParser, PathBufValueParser, TypedValueParser, ValueParserFactory};

/// A file that is written. All other files that flags name are read, which is how the
/// check of distinct files tells them apart: a flag has this type, and no list names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFile(PathBuf);

impl ValueParserFactory for WrittenFile {
    type Parser = MapValueParser<PathBufValueParser, fn(PathBuf) -> WrittenFile>;

    fn value_parser() -> Self::Parser {
        PathBufValueParser::new().map(WrittenFile)
    }
}

impl Deref for WrittenFile {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl AsRef<Path> for WrittenFile {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

impl From<WrittenFile> for PathBuf {
    fn from(file: WrittenFile) -> PathBuf {
        file.0
    }
}
