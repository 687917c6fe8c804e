//! INI files: the configuration of these tools and of other programs.
//!
//! Lines are edited in place, so that comments and order are kept; no crate does this for this format.

/// The values of a file, in order: section, key, value.
pub fn read(text: &str) -> Vec<(String, String, String)> {
    let mut section = String::new();
    let mut entries = Vec::new();
    for line in text.trim_start_matches('\u{feff}').lines() {
        match Line::new(line) {
            Line::Section(name) => section = name.to_ascii_lowercase(),
            Line::Entry(key, value) => {
                entries.push((section.clone(), key.to_ascii_lowercase(), value.to_string()));
            }
            Line::Other => {}
        }
    }
    entries
}

/// The section names as written, including those of empty sections.
pub fn sections(text: &str) -> impl Iterator<Item = &str> {
    text.lines().enumerate().filter_map(|(at, line)| match Line::new(without_mark(at, line)) {
        Line::Section(name) => Some(name),
        Line::Entry(..) | Line::Other => None,
    })
}

/// Whether the section exists, even if empty.
pub fn has_section(text: &str, section: &str) -> bool {
    sections(text).any(|name| name.eq_ignore_ascii_case(section))
}

/// The invalid lines with their numbers: not a section, comment, `key = value` or blank line; and values before the
/// first section.
pub fn senseless(text: &str) -> Vec<(usize, String)> {
    let mut is_inside = false;
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = without_mark(at, line);
        let is_good = match Line::new(line) {
            Line::Section(_) => {
                is_inside = true;
                true
            }
            Line::Entry(key, _) => is_inside && !key.is_empty(),
            Line::Other => line.trim().is_empty() || line.trim().starts_with([';', '#']),
        };
        if !is_good {
            found.push((at + 1, line.trim().to_string()));
        }
    }
    found
}

/// The value of a key in a section; the last one if there are several.
pub fn value(text: &str, section: &str, key: &str) -> Option<String> {
    let mut all = read(text).into_iter().rev();
    all.find(|(s, k, _)| s == section && k == key).map(|(_, _, value)| value)
}

/// The text with the value of a key set: in its line, otherwise at the end of its section, otherwise in a new section.
/// Line endings are kept; a new line ends like the first one.
pub fn with(text: &str, section: &str, key: &str, value: &str) -> String {
    let end = if text.split_inclusive('\n').next().is_some_and(|line| line.ends_with("\r\n")) {
        "\r\n"
    } else {
        "\n"
    };
    let entry = format!("{key} = {value}{end}");
    let mut lines: Vec<String> = text.split_inclusive('\n').map(String::from).collect();
    if let Some(last) = lines.last_mut().filter(|last| !last.ends_with('\n')) {
        last.push_str(end);
    }
    let (mut inside, mut place, mut behind) = (false, None, None);
    for (at, line) in lines.iter().enumerate() {
        match Line::new(without_mark(at, line)) {
            Line::Section(name) => inside = name.eq_ignore_ascii_case(section),
            Line::Entry(name, _) if inside && name.eq_ignore_ascii_case(key) => place = Some(at),
            _ => {}
        }
        if inside && !line.trim().is_empty() {
            behind = Some(at + 1);
        }
    }
    match (place, behind) {
        (Some(at), _) => lines[at] = entry,
        (None, Some(behind)) => lines.insert(behind, entry),
        (None, None) => {
            lines.extend((!lines.is_empty()).then(|| end.to_string()));
            lines.extend([format!("[{section}]{end}"), entry]);
        }
    }
    lines.concat()
}

/// The text without a key of a section, and whether the key was present. The section stays, even if empty, with its
/// comments.
pub fn without(text: &str, section: &str, key: &str) -> (String, bool) {
    let (mut inside, mut kept) = (false, String::new());
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let is_it = match Line::new(without_mark(at, line)) {
            Line::Section(name) => {
                inside = name.eq_ignore_ascii_case(section);
                false
            }
            Line::Entry(name, _) => inside && name.eq_ignore_ascii_case(key),
            Line::Other => false,
        };
        if !is_it {
            kept += line;
        }
    }
    let was_there = kept.len() < text.len();
    (kept, was_there)
}

/// A byte order mark is only before the first line.
fn without_mark(at: usize, line: &str) -> &str {
    if at == 0 { line.trim_start_matches('\u{feff}') } else { line }
}

enum Line<'a> {
    Section(&'a str),
    Entry(&'a str, &'a str),
    /// Blank, a comment, or unknown.
    Other,
}

impl<'a> Line<'a> {
    fn new(line: &'a str) -> Line<'a> {
        let line = line.trim();
        if line.starts_with([';', '#']) {
            return Line::Other;
        }
        if let Some(rest) = line.strip_prefix('[') {
            return rest
                .split_once(']')
                .map_or(Line::Other, |(name, _)| Line::Section(name.trim()));
        }
        match line.split_once(['=', ':']) {
            Some((key, value)) => Line::Entry(key.trim(), without_comment(value).trim()),
            None => Line::Other,
        }
    }
}

/// An inline comment starts with a blank and `;`, because a token may contain `;` alone.
fn without_comment(value: &str) -> &str {
    let is_comment = |(at, _): &(usize, &str)| value[..*at].ends_with([' ', '\t']) || *at == 0;
    value.match_indices(';').find(is_comment).map_or(value, |(at, _)| &value[..at])
}

#[cfg(test)]
mod tests;
