//! Links of a static catalog: relative, so that the whole folder can be moved.

use std::io;
use std::path::{Component, Path, absolute};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Characters that need no escape in the path of a link (RFC 3986, section 3.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The relative link from a folder to a file.
pub fn relative(folder: &Path, file: &Path) -> io::Result<String> {
    let (folder, file) = (absolute(folder)?, absolute(file)?);
    let (from, to): (Vec<_>, Vec<_>) = (steps(&folder), steps(&file));
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n("..".to_string(), from.len() - shared);
    let down = to[shared..].iter().map(|step| utf8_percent_encode(step, SEGMENT).to_string());
    let way: Vec<String> = up.chain(down).collect();
    let start = if way.first().is_some_and(|first| first == "..") { "" } else { "./" };
    Ok(start.to_string() + &way.join("/"))
}

/// The components of a path, with `..` resolved without the disk.
fn steps(path: &Path) -> Vec<String> {
    let mut steps = Vec::new();
    for part in path.components() {
        match part {
            Component::ParentDir => _ = steps.pop(),
            Component::Normal(name) => steps.push(name.to_string_lossy().into_owned()),
            Component::Prefix(prefix) => {
                steps.push(prefix.as_os_str().to_string_lossy().into_owned());
            }
            Component::RootDir | Component::CurDir => {}
        }
    }
    steps
}

#[cfg(test)]
mod tests;
