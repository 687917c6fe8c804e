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
    for kept in ["o:Keep='a &gt; b'", "<o:Struct r:parseType='Resource'><o:A>1</o:A></o:Struct>"] {
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
    let padded = FOREIGN.replace("<?xpacket end", &format!("{}\n<?xpacket end", " ".repeat(2000)));
    let new = edit(Some(padded.as_bytes()), &edits()).unwrap().unwrap();
    assert_eq!(new.len(), padded.len());
    let gone: Vec<Edit> = edits().into_iter().map(|edit| Edit { value: None, ..edit }).collect();
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
    let gone: Vec<Edit> = edits().into_iter().map(|edit| Edit { value: None, ..edit }).collect();
    let latin = FOREIGN.replace("Cy", "Zürich").chars().map(|c| c as u8).collect::<Vec<_>>();
    let why = edit(Some(&latin), &edits()).unwrap_err().what;
    assert_eq!(why, "XMP is not UTF-8: it has the byte 0xFC, so it is not changed");
    let wide: Vec<u8> = FOREIGN.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(read(&wide).values(DC, "creator").unwrap(), ["Ann & Bo", "Cy"]);
    assert!(edit(Some(&wide), &edits()).unwrap_err().what.contains("UTF-16"));
    // Deleting a property that does not exist changes nothing.
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

#[test]
fn a_packet_behind_a_byte_order_mark_is_changed_like_one_without() {
    let value = |text: &str| Some(Set::Text(text.into()));
    let first = edit(None, &[Edit { namespace: EXIF, name: "GPSDOP", value: value("2") }])
        .unwrap()
        .unwrap();
    let bare = String::from_utf8(first).unwrap().replace("end=\"w\"", "end=\"r\"");
    let marked = format!("\u{feff}{bare}");
    assert_eq!(read(marked.as_bytes()).properties.len(), read(bare.as_bytes()).properties.len());
    for (name, new) in [("GPSDOP", value("3")), ("GPSDOP", None), ("GPSLatitude", value("1"))] {
        let edits = [Edit { namespace: EXIF, name, value: new }];
        let of_bare = edit(Some(bare.as_bytes()), &edits).unwrap().unwrap();
        let of_marked = edit(Some(marked.as_bytes()), &edits).unwrap().unwrap();
        assert_eq!(
            String::from_utf8(of_marked).unwrap(),
            format!("\u{feff}{}", String::from_utf8(of_bare).unwrap())
        );
    }
}
