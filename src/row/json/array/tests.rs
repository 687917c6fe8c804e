use super::*;

/// The line where an item begins, and its text or error.
type Item = (u64, Result<String, String>);

fn items(text: &str) -> Result<Vec<Item>, String> {
    let wrong = |error: io::Error| error.to_string();
    let start = Start::from_bytes(text.as_bytes()).ok_or("neither")?;
    let input = std::io::BufReader::with_capacity(3, io::Cursor::new(text.as_bytes().to_vec()));
    let mut items = Items::new(Box::new(input), start).map_err(wrong)?;
    let mut all = Vec::new();
    while let Some((line, item)) = items.next_item().map_err(wrong)? {
        all.push((line, item.map(String::from).map_err(|error| error.to_string())));
    }
    Ok(all)
}

#[test]
fn the_elements_of_an_array_are_rows_and_bare_ones_are_ids() {
    let text = "[\n{\"id\":\"1\", \"a\":\"]}\\\"\"},\n {\"b\":[{\"c\":2}]} , \"3\", 4,[5]\n]\n";
    let found = items(text).unwrap();
    let wanted = [
        (2, Ok("{\"id\":\"1\", \"a\":\"]}\\\"\"}")),
        (3, Ok("{\"b\":[{\"c\":2}]}")),
        (3, Ok("{\"id\":\"3\"}")),
        (3, Ok("{\"id\":4}")),
        (3, Err("not a JSON object")),
    ];
    assert_eq!(found.len(), wanted.len());
    for (found, (line, item)) in found.into_iter().zip(wanted) {
        assert_eq!(found, (line, item.map(String::from).map_err(String::from)));
    }
    assert_eq!(items("[]\n"), Ok(vec![]));
}

#[test]
fn the_features_of_a_collection_are_rows() {
    let text = "{ \"type\": \"FeatureCollection\", \"name\": \"x\",\n\"features\": [\n\
                {\"type\":\"Feature\",\"id\":0,\"geometry\":null,\"properties\":{ \"id\":7 }},\n\
                {\"type\":\"Feature\",\"geometry\":{\"a\":1},\"properties\":{}},{}\n]}\n";
    let rows: Vec<_> = items(text).unwrap().into_iter().map(|(_, row)| row).collect();
    assert_eq!(rows[0], Ok("{\"feature_id\":0,\"geometry\":null,\"id\":7}".into()));
    assert_eq!(rows[1], Ok("{\"geometry\":{\"a\":1}}".into()));
    assert_eq!(rows[2], Err("no GeoJSON feature".into()));
    let other = text.replace("\"name\": \"x\"", "\"crs\":{\"name\":\"EPSG:3857\"}");
    assert!(items(&other).unwrap_err().contains("not longitudes"));
}

#[test]
fn an_array_cut_anywhere_is_an_error_and_so_is_what_is_no_array() {
    let text = "[{\"id\":\"1\"},{\"id\":\"2\"}]";
    for end in 1..text.len() {
        assert!(items(&text[..end]).is_err(), "{}", &text[..end]);
    }
    for wrong in ["[{}{}]", "[{},]", "[,{}]", "[{}]x", "[}"] {
        assert!(items(wrong).is_err(), "{wrong}");
    }
    for other in ["[x],y\n", "{\"id\":1}", "img_id", ""] {
        assert!(Start::from_bytes(other.as_bytes()).is_none(), "{other}");
    }
}

#[test]
fn a_collection_is_known_by_its_members_in_any_order() {
    let is = |start: &str| matches!(Start::from_bytes(start.as_bytes()), Some(Start::Collection));
    let bbox = "\"bbox\":[9,54,10,55]";
    for start in [
        &format!("{{{bbox},\"type\":\"FeatureCollection\""),
        &format!("{{ {bbox} , \"name\":\"a, b\",\"features\" : [{{\"type\":\"Feature\"}}]"),
        "{\"crs\":{\"type\":\"name\"},\n\"features\":\n[",
        "{\"metadata\":{\"count\":1},\"type\" : \"FeatureCollection\"}",
    ] {
        assert!(is(start), "{start}");
    }
    for (start, is_open) in [
        (&*format!("{{{bbox},\n"), true),
        ("{\n\"name\":\n", true),
        ("{\"crs\":{\n", true),
        (&format!("{{{bbox},\"id\":\"1\"}}\n"), false),
        ("{\"id\":\"1\",\"features\":[1,2]}\n", false),
        ("{\"bbox\":[1,2],\"type\":\"Feature\",\n", false),
        ("{\"bbox\":[1,2],\"note\":\"FeatureCollection\"}\n", false),
        ("{x\n", false),
    ] {
        assert!(!is(start) && Start::is_open(start.as_bytes()) == is_open, "{start}");
    }
}
