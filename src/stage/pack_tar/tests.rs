use super::*;
use crate::photo::silent_reporter::Unheard;

/// Rows without a picture, each of which fails.
fn stage(folder: &std::path::Path, rows: usize) -> PackTar {
    let mut stage = PackTar::new(PackOptions {
        into: folder.join("tars"),
        by: By::Date,
        max_bytes: None,
        webdataset: false,
        delete: false,
        deleted: None,
        force: false,
        dry_run: false,
        repack: false,
        repair: false,
        index: false,
        min_free_bytes: 0,
        work: Work { jobs: 1, ..Work::default() },
        tmp_dir: folder.to_path_buf(),
    });
    for at in 0..rows {
        let row = Row::from_cells(&[(Field::Path, &format!("none/{at}.jpg"))]);
        stage.push(row, &mut Vec::new(), &Unheard).unwrap();
    }
    stage
}

#[test]
fn a_stopped_run_outputs_in_parts_what_it_has_decided() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = stage(folder.path(), 2 * PIECE + 5);
    assert!(!stage.goes_on_when_stopped(), "nothing is decided yet");
    let mut parts = Vec::new();
    loop {
        let mut out = Vec::new();
        stage.end(&mut out, &Unheard).unwrap();
        parts.push(out.len());
        if parts.len() == 1 {
            stage.settings.work.stop.set();
            continue;
        }
        if !stage.goes_on_when_stopped() {
            break;
        }
    }
    assert_eq!(parts, [PIECE, PIECE, 5]);
}
