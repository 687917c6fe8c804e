use super::*;

fn read(names: &[&str]) -> Result<RequestFields, String> {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    RequestFields::read(&names).map_err(|error| error.to_string())
}

#[test]
fn names_in_any_spelling_become_keys_of_the_service_each_once() {
    let fields = read(&["lon", " geometry ", "seq_id", "sequence", "org_id", "new_field"]).unwrap();
    assert_eq!(fields.keys, ["geometry", "sequence", "organization", "new_field"]);
    let names: Vec<&str> = fields.columns.iter().map(|column| &*column.name).collect();
    assert_eq!(names, ["lon", "lat", "seq_id", "org_id", "new_field"]);
    assert!(fields.listed);
}

#[test]
fn lists_that_have_a_name_mean_no_single_field() {
    let standard = read(&["standard"]).unwrap();
    assert_eq!(standard.keys, STANDARD);
    let all = read(&["all", "standard"]).unwrap();
    assert!(!standard.listed && !all.listed && all.keys.len() > STANDARD.len());
    assert!(!all.keys.iter().any(|key| key == "id"), "which is sent always");
    assert!(STANDARD.iter().all(|key| all.keys.iter().any(|other| other == key)));
    assert_eq!(read(&[]).unwrap().keys, Vec::<String>::new());
}

#[test]
fn what_the_service_cannot_have_is_refused_with_what_there_is() {
    // Columns of the tools, and texts that would change the request.
    for name in ["path", "status", "raw_json", "", " ", "a,b", "a-b", "a{b}", "é", "id&limit=1"] {
        let error = read(&[name]).unwrap_err();
        assert!(
            error.contains("fields are standard, all, organization, sequence,"),
            "{name}: {error}"
        );
    }
}
