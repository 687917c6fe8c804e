//! Parses links to mapillary.com: which picture, sequence or user they refer to.

use percent_encoding::percent_decode_str;

use super::shell;

/// The id of the picture that a link shows: `/app/?pKey=ID`, `/map/im/ID`, `/embed?image_key=ID`. None for
/// any other text.
pub fn picture(text: &str) -> Option<&str> {
    let (path, query) = parts(text)?;
    let key = |pair: &&str| {
        let names = ["pkey", "image_key"];
        pair.split_once('=')
            .is_some_and(|(name, _)| names.iter().any(|known| name.eq_ignore_ascii_case(known)))
    };
    let of_query =
        query.split('&').find(key).and_then(|pair| pair.split_once('=')).map(|(_, id)| id);
    let of_path = || path.strip_prefix("map/im/")?.split('/').next();
    of_query.or_else(of_path).filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))
}

/// The name of the user whose page a link shows: `/app/user/NAME`, `/profile/NAME`.
pub fn user(text: &str) -> Option<String> {
    let (path, _) = parts(text)?;
    let rest = path.strip_prefix("app/user/").or_else(|| path.strip_prefix("profile/"))?;
    let name = rest.split('/').next()?;
    // Browsers percent-encode everything but plain letters.
    let name = percent_decode_str(name).decode_utf8_lossy().trim().to_string();
    (!name.is_empty()).then_some(name)
}

/// What a link to something other than a picture shows, and which tool accepts it. `None` for a link to a
/// picture, and for any other text.
pub fn without_picture(text: &str) -> Option<String> {
    let (_, query) = parts(text).filter(|_| picture(text).is_none())?;
    if let Some(name) = user(text) {
        let name = shell::quoted(&name).into_owned();
        return Some(format!(
            "the link shows the page of a user; get-images --user {name} lists their pictures, mly fetch --user {name} \
             downloads them"
        ));
    }
    let value = |wanted: &str| {
        let pair = query.split('&').find_map(|pair| pair.strip_prefix(wanted)?.strip_prefix('='));
        pair.filter(|value| !value.is_empty())
    };
    let has = |wanted: &str| value(wanted).is_some();
    let what = if has("pKey") || has("pkey") || has("image_key") {
        "the link has a key of the old API (v3), which is not a number; open the picture and copy its link"
    } else if has("lat") && has("lng") {
        "the link shows a place and no picture (it has no pKey=); get-images --bbox W,S,E,N lists those of an area, \
         mly fetch --bbox W,S,E,N downloads them"
    } else {
        "the link shows neither a picture (it has no pKey=) nor a user (/app/user/NAME)"
    };
    Some(what.into())
}

/// Whether the text is a link to the service's website.
pub fn is_link(text: &str) -> bool {
    parts(text).is_some()
}

/// The path and the query of a link to the service's website, without the leading slash.
fn parts(text: &str) -> Option<(&str, &str)> {
    let text = text.trim().trim_matches(['<', '>', '"', '\'', '(', ')', ',', ';', '.']);
    let bare =
        text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    let rest = bare.strip_prefix("mapillary.com")?;
    let rest = rest.strip_prefix('/').or(rest.is_empty().then_some(""))?;
    let rest = rest.split('#').next().unwrap_or_default();
    Some(rest.split_once('?').unwrap_or((rest, "")))
}

#[cfg(test)]
mod tests;
