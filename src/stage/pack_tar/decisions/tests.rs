use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::disk::locked_file::identity_of;
use crate::stage::pack_tar::row_decision::PackedFile;
use crate::value::digest::Digest;

fn place(tar: &str, member: &str) -> TarLocation {
    let (archive, member) = (Arc::new(PathBuf::from(tar)), member.to_string());
    let fault = Some("it is empty".to_string());
    TarLocation { archive, member, bytes: 7, sha256: Some(Digest([9; 32])), fault }
}

fn word(outcome: Option<Outcome>) -> String {
    match outcome {
        Some(Outcome::Rows(rows)) => {
            let cell = |field| rows[0].get(field).unwrap_or("-").to_string();
            [Field::Archive, Field::Member, Field::Status, Field::Why].map(cell).join(" ")
        }
        Some(Outcome::Failed(_, what)) => format!("failed: {what}"),
        other => format!("{other:?}"),
    }
}

#[test]
fn every_decision_comes_back_and_the_last_one_counts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jpg");
    std::fs::write(&file, "a").unwrap();
    let identity = identity_of(&file).unwrap();
    let both =
        || Box::new(PackedFile { place: place("t/1.tar", "a"), file: file.clone(), identity });
    let all = [
        || {
            PackDecision::At(
                Status::Planned,
                TarLocation { sha256: None, fault: None, ..place("t", "a b") },
            )
        },
        || PackDecision::Failed("why".into()),
        || PackDecision::Same(3),
    ];
    let all = || {
        all.map(|make| make())
            .into_iter()
            .chain([PackDecision::Twice(both()), PackDecision::Mend(both())])
    };
    let mut decisions = Decisions::new(8, folder.path());
    let mut reader = SpoolReader::default();
    assert!(!decisions.has(0) && decisions.get(0, &mut reader).unwrap().is_none());
    for row in (0..5).rev() {
        decisions.set(row, &PackDecision::Same(9)).unwrap();
        decisions.set(row, &all().nth(row).unwrap()).unwrap();
    }
    for (row, wanted) in all().enumerate() {
        assert!(decisions.has(row));
        assert_eq!(decisions.get(row, &mut reader).unwrap(), Some(wanted));
    }
}

#[test]
fn a_row_of_the_same_picture_shares_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut decisions = Decisions::new(6, folder.path());
    decisions.set(0, &PackDecision::At(Status::Done, place("t/1.tar", "d/a.jpg"))).unwrap();
    decisions.set(1, &PackDecision::Same(0)).unwrap();
    decisions.set(2, &PackDecision::Failed("changed".into())).unwrap();
    decisions.set(3, &PackDecision::Same(2)).unwrap();
    // The run ended before its turn.
    decisions.set(4, &PackDecision::Same(5)).unwrap();
    let mut reader = SpoolReader::default();
    let words =
        (0..6).map(|row| word(decisions.outcome(row, Row::from_cells(&[]), &mut reader).unwrap()));
    let wanted = [
        "t/1.tar d/a.jpg done it is empty",
        "t/1.tar d/a.jpg kept it is empty",
        "failed: changed",
        "failed: changed",
        "None",
        "None",
    ];
    assert_eq!(words.collect::<Vec<_>>(), wanted);
}
