//! Merges properties into a packet, or makes one; all that is not set stays byte for byte.

use std::ops::Range;

use quick_xml::escape::escape;

use super::{Namespace, Packet, RDF, encoding, read};
use crate::format::Malformed;

/// Set a property, or remove it where the value is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub namespace: Namespace,
    pub name: &'static str,
    pub value: Option<Set>,
}

/// A value, in the shape that its property has (XMP part 1, 7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Set {
    Text(String),
    /// In an order that matters, as dc:creator.
    Seq(Vec<String>),
    Bag(Vec<String>),
    /// One text in no particular language, as dc:rights.
    Alt(String),
}

/// A new packet (XMP part 1, 7.3.2). The blank at its end is room for
/// programs that change it at its place; we ask for little.
const TEMPLATE: &str = "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>";

/// The new packet, or `None` when the old says so already. The padding of the
/// old one is used up before the packet grows.
///
/// # Errors
/// A packet that cannot be read to its end is not touched.
pub fn edit(packet: Option<&[u8]>, edits: &[Edit]) -> Result<Option<Vec<u8>>, Malformed> {
    let bytes = packet.unwrap_or(TEMPLATE.as_bytes());
    let known = read(bytes);
    if edits.iter().all(|edit| edit.value.is_none() && !names(bytes, edit.name)) {
        return Ok(None);
    }
    if !encoding::is_utf8(bytes) {
        return Err(Malformed::at_byte(0, "XMP in UTF-16 or UTF-32 is read, not changed"));
    }
    if let Some(Malformed { at, what }) = known.faults.first() {
        return Err(Malformed { at: *at, what: format!("{what}, so it is not changed") });
    }
    let Some(body_end) = known.body_end else {
        return Err(Malformed::at_byte(bytes.len(), "XMP without rdf:RDF"));
    };
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let mut added = Vec::new();
    for edit in edits {
        change(&known, edit, &mut changes, &mut added);
    }
    if !added.is_empty() {
        changes.push((body_end..body_end, description(&known, &added)));
    }
    if changes.is_empty() {
        return Ok(None);
    }
    changes.sort_by_key(|(range, _)| range.start);
    let mut new = Vec::with_capacity(bytes.len());
    let mut copied = 0;
    for (range, text) in changes {
        new.extend_from_slice(&bytes[copied..range.start]);
        new.extend_from_slice(text.as_bytes());
        copied = range.end;
    }
    new.extend_from_slice(&bytes[copied..]);
    keep_length(&mut new, bytes.len());
    Ok(Some(new))
}

/// Whether the name of a property stands anywhere, even behind a break.
fn names(packet: &[u8], name: &str) -> bool {
    memchr::memmem::find(packet, name.as_bytes()).is_some() || !encoding::is_utf8(packet)
}

/// What one edit does: an element gives way at its place; attributes, and what
/// stands there twice, go.
fn change<'e>(
    known: &Packet,
    edit: &'e Edit,
    changes: &mut Vec<(Range<usize>, String)>,
    added: &mut Vec<&'e Edit>,
) {
    let is_it = |p: &&super::Property| p.name == edit.name && p.uri == edit.namespace.uri;
    let old: Vec<_> = known.properties.iter().filter(is_it).collect();
    let wanted = match &edit.value {
        None => Vec::new(),
        Some(Set::Text(text) | Set::Alt(text)) => vec![text.clone()],
        Some(Set::Seq(items) | Set::Bag(items)) => items.clone(),
    };
    if let [only] = old[..]
        && edit.value.is_some()
        && only.values == wanted
    {
        return;
    }
    let mut new = edit.value.as_ref();
    for property in old {
        let text = match new.take_if(|_| !property.is_attribute) {
            Some(value) => element(known, edit, value, true),
            None => String::new(),
        };
        changes.push((property.range.clone(), text));
    }
    if new.is_some() {
        added.push(edit);
    }
}

/// A description of its own for what is new.
fn description(known: &Packet, added: &[&Edit]) -> String {
    let (rdf, is_bound) = rdf_prefix(known);
    let mut spaces: Vec<Namespace> = Vec::new();
    for edit in added {
        if !spaces.contains(&edit.namespace) {
            spaces.push(edit.namespace);
        }
    }
    let own = (!is_bound).then(|| binding(&rdf, RDF.uri));
    let others = spaces.iter().map(|&space| binding(&known.prefix(space), space.uri));
    let bindings: String = own.into_iter().chain(others).collect();
    let elements: String = added
        .iter()
        .filter_map(|edit| Some(element(known, edit, edit.value.as_ref()?, false) + "\n"))
        .collect();
    let about = escape(&known.about);
    format!(
        "<{rdf}:Description {rdf}:about=\"{about}\"{bindings}>\n{elements}</{rdf}:Description>\n"
    )
}

/// One property as an element, which brings its own bindings where it stands
/// among those of others.
fn element(known: &Packet, edit: &Edit, value: &Set, binds: bool) -> String {
    let (prefix, (rdf, _)) = (known.prefix(edit.namespace), rdf_prefix(known));
    let list = |kind: &str, attributes: &str, items: &[String]| {
        let item = |text: &String| format!("<{rdf}:li{attributes}>{}</{rdf}:li>", escape(text));
        let items: String = items.iter().map(item).collect();
        format!("<{rdf}:{kind}>{items}</{rdf}:{kind}>")
    };
    let content = match value {
        Set::Text(text) => escape(text).into_owned(),
        Set::Seq(items) => list("Seq", "", items),
        Set::Bag(items) => list("Bag", "", items),
        Set::Alt(text) => list("Alt", " xml:lang=\"x-default\"", std::slice::from_ref(text)),
    };
    let mut bindings = String::new();
    if binds {
        bindings = binding(&prefix, edit.namespace.uri);
        if !matches!(value, Set::Text(_)) {
            bindings += &binding(&rdf, RDF.uri);
        }
    }
    format!("<{prefix}:{0}{bindings}>{content}</{prefix}:{0}>", edit.name)
}

/// The prefix of rdf:RDF, which is bound in all of it; or one that is not yet.
fn rdf_prefix(known: &Packet) -> (String, bool) {
    match known.rdf_name.split_once(':') {
        Some((prefix, _)) => (prefix.to_string(), true),
        None => (known.prefix(RDF), false),
    }
}

fn binding(prefix: &str, uri: &str) -> String {
    format!(" xmlns:{prefix}=\"{uri}\"")
}

/// Takes from the padding what the packet has grown, or gives it back.
fn keep_length(packet: &mut Vec<u8>, len: usize) {
    let trailer = b"<?xpacket end=";
    let Some(end) = memchr::memmem::rfind(packet, trailer) else { return };
    let blank = packet[..end].iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
    if packet.len() > len {
        // One line end stays before the trailer.
        let spare = blank.saturating_sub(1).min(packet.len() - len);
        packet.drain(end - 1 - spare..end - 1);
    } else if blank > 0 {
        let missing = len - packet.len();
        packet.splice(end - 1..end - 1, std::iter::repeat_n(b' ', missing));
    }
}

/// A blank that is shorter is how somebody indents.
const MIN_BLANK: usize = 32;

/// The packet without the room that its writers have left for others: long blanks between its
/// elements, and whatever blank lies behind its end. For one that would not fit otherwise.
pub fn without_padding(packet: &[u8]) -> Vec<u8> {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
    let end = packet.iter().rposition(|byte| !is_blank(byte)).map_or(0, |last| last + 1);
    let values: Vec<Range<usize>> = read(packet).properties.into_iter().map(|p| p.range).collect();
    let mut new = Vec::with_capacity(end);
    let mut at = 0;
    while at < end {
        let len = packet[at..end].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let is_between = at > 0 && packet[at - 1] == b'>' && packet[at + len] == b'<';
        let is_value = || values.iter().any(|range| range.start < at + len && at < range.end);
        if len >= MIN_BLANK && is_between && !is_value() {
            new.push(b'\n');
        } else {
            new.extend_from_slice(&packet[at..at + len]);
        }
        at += len;
        let word = packet[at..end].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
        new.extend_from_slice(&packet[at..at + word]);
        at += word;
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::xmp::*;

    const FOREIGN: &str = "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>
<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
<r:Description r:about='uuid:1' xmlns:e='http://ns.adobe.com/exif/1.0/' e:GPSLatitude = \"51,30.6N\"
  xmlns:d='http://purl.org/dc/elements/1.1/' xmlns:o='urn:other' o:Keep='a &gt; b'>
<d:creator><r:Seq><r:li>Ann &amp; Bo</r:li><r:li>Cy</r:li></r:Seq></d:creator>
<o:Struct r:parseType='Resource'><o:A>1</o:A></o:Struct></r:Description></r:RDF></x:xmpmeta>
                                        <?xpacket end='w'?>";

    fn edits() -> Vec<Edit> {
        vec![
            Edit { namespace: EXIF, name: "GPSLatitude", value: Some(Set::Text("1,2.5S".into())) },
            Edit { namespace: DC, name: "creator", value: Some(Set::Seq(vec!["<Me>".into()])) },
            Edit { namespace: DC, name: "rights", value: Some(Set::Alt("CC BY-SA 4.0".into())) },
            Edit {
                namespace: GPANO,
                name: "ProjectionType",
                value: Some(Set::Text("equirectangular".into())),
            },
        ]
    }

    #[test]
    fn any_prefix_and_both_forms_are_read() {
        let packet = read(FOREIGN.as_bytes());
        assert_eq!(packet.faults, []);
        assert_eq!(packet.text(EXIF, "GPSLatitude"), Some("51,30.6N"));
        assert_eq!(packet.values(DC, "creator").unwrap(), ["Ann & Bo", "Cy"]);
    }

    #[test]
    fn a_merge_keeps_the_rest_and_is_done_once() {
        let new = edit(Some(FOREIGN.as_bytes()), &edits()).unwrap().unwrap();
        let text = std::str::from_utf8(&new).unwrap();
        for kept in
            ["o:Keep='a &gt; b'", "<o:Struct r:parseType='Resource'><o:A>1</o:A></o:Struct>"]
        {
            assert!(text.contains(kept), "{kept}");
        }
        let packet = read(&new);
        assert_eq!(packet.text(EXIF, "GPSLatitude"), Some("1,2.5S"));
        assert_eq!(packet.values(DC, "creator").unwrap(), ["<Me>"]);
        assert_eq!(packet.text(DC, "rights"), Some("CC BY-SA 4.0"));
        assert_eq!(packet.text(GPANO, "ProjectionType"), Some("equirectangular"));
        assert_eq!(edit(Some(&new), &edits()).unwrap(), None);
    }

    #[test]
    fn a_vocabulary_keeps_the_prefix_that_the_packet_has_for_it() {
        let old = "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
<r:Description about='uuid:2' xmlns:xap='http://ns.adobe.com/xap/1.0/' xap:Rating='3'
  xmlns:dc='urn:other' dc:Keep='1'/></r:RDF>";
        let date = Some(Set::Text("2024".into()));
        let mut edits = edits();
        edits.push(Edit { namespace: XMP, name: "CreateDate", value: date });
        let new = edit(Some(old.as_bytes()), &edits).unwrap().unwrap();
        let text = std::str::from_utf8(&new).unwrap();
        assert!(text.contains("<xap:CreateDate>2024</xap:CreateDate>"), "{text}");
        assert!(text.contains("<r:Description r:about=\"uuid:2\""), "{text}");
        assert!(text.contains("<dc_:rights><r:Alt>"), "{text}");
        assert_eq!(read(&new).faults, []);
        assert_eq!(edit(Some(&new), &edits).unwrap(), None);
    }

    #[test]
    fn padding_is_used_before_the_packet_grows() {
        let padded =
            FOREIGN.replace("<?xpacket end", &format!("{}\n<?xpacket end", " ".repeat(2000)));
        let new = edit(Some(padded.as_bytes()), &edits()).unwrap().unwrap();
        assert_eq!(new.len(), padded.len());
        let gone: Vec<Edit> =
            edits().into_iter().map(|edit| Edit { value: None, ..edit }).collect();
        assert_eq!(edit(Some(&new), &gone).unwrap().unwrap().len(), padded.len());
    }

    #[test]
    fn padding_anywhere_gives_way_where_a_packet_would_not_fit() {
        let blank = " ".repeat(500);
        let value = format!("<d:title> <r:Alt>{blank}<r:li>{blank}</r:li></r:Alt></d:title>");
        let padded = FOREIGN
            .replace("</r:Description>", &format!("{value}</r:Description>{blank}"))
            .replace("<r:RDF", &format!("{blank}<r:RDF"))
            + &blank
            + &"\0".repeat(500);
        assert_eq!(read(padded.as_bytes()).faults, []);
        let new = without_padding(padded.as_bytes());
        assert!(new.len() + 2_000 < padded.len(), "{}", String::from_utf8_lossy(&new));
        let values = |packet: &[u8]| {
            let packet = read(packet);
            packet.properties.into_iter().map(|p| (p.name, p.values)).collect::<Vec<_>>()
        };
        assert_eq!(values(&new), values(padded.as_bytes()));
        assert_eq!(without_padding(&new), new);
        assert_eq!(without_padding(b" \n\0"), b"");
    }

    #[test]
    fn a_packet_is_made_where_there_is_none() {
        let new = edit(None, &edits()).unwrap().unwrap();
        assert_eq!(read(&new).text(DC, "rights"), Some("CC BY-SA 4.0"));
        assert_eq!(edit(Some(&new), &edits()).unwrap(), None);
    }

    #[test]
    fn a_packet_in_another_encoding_is_read_and_left_alone() {
        let gone: Vec<Edit> =
            edits().into_iter().map(|edit| Edit { value: None, ..edit }).collect();
        let latin = FOREIGN.replace("Cy", "Zürich").chars().map(|c| c as u8).collect::<Vec<_>>();
        let why = edit(Some(&latin), &edits()).unwrap_err().what;
        assert_eq!(why, "XMP is not UTF-8: it has the byte 0xFC, so it is not changed");
        let wide: Vec<u8> = FOREIGN.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&wide).values(DC, "creator").unwrap(), ["Ann & Bo", "Cy"]);
        assert!(edit(Some(&wide), &edits()).unwrap_err().what.contains("UTF-16"));
        // What is not there need not be taken away.
        let own = [Edit { namespace: OWN, name: "PositionBy", value: None }];
        assert_eq!(edit(Some(&latin), &own).unwrap(), None);
        assert!(edit(Some(&latin), &gone).is_err());
    }

    #[test]
    fn broken_packets_are_read_in_part_and_never_changed_for_the_worse() {
        for end in 0..FOREIGN.len() {
            let cut = &FOREIGN.as_bytes()[..end];
            read(cut);
            assert!(
                edit(Some(cut), &edits()).is_err() || end > FOREIGN.find("</x:").unwrap(),
                "cut at {end}"
            );
        }
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..5_000 {
            let mut broken = FOREIGN.as_bytes().to_vec();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(..broken.len());
                broken[at] = random.u8(..);
            }
            if let Ok(Some(new)) = edit(Some(&broken), &edits()) {
                read(&new);
            }
        }
    }
}
