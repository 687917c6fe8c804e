use super::*;

#[test]
fn rows_become_days_sequences_and_a_box_and_what_failed_stands_together_by_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (rows, failed) = (folder.path().join("rows.csv"), folder.path().join("failed.csv"));
    let text = "img_id,seq_id,captured_at,lon,lat,bytes,creator_username\n\
                1,a,1717245296123,9.95,54.32,1000,ada\n2,a,1717331700040,9.96,54.31,500,ada\n3,b,,,,,\n";
    std::fs::write(&rows, text).unwrap();
    std::fs::write(
        &failed,
        "img_id,error\n7,cannot get '7': status 500\n8,cannot get '8': status 500\n9,gone\n",
    )
    .unwrap();
    let report = Report::read(&rows, &[&failed]).unwrap();
    let wanted = "3 pictures, 1.5 kB in 'town'\n\
         captured from 2024-06-01T12:34:56.123Z to 2024-06-02T12:35:00.040Z\n\
         within 9.95000,54.31000,9.96000,54.32000\n\n\
         by day:\n  2024-06-01  1 picture, 1.0 kB\n  2024-06-02  1 picture, 500 B\n  no date     1 picture, 0 B\n\n\
         by sequence:\n  a  2 pictures, 1.5 kB\n  b  1 picture, 0 B\n\n\
         by user:\n  ada  2 pictures, 1.5 kB\n\n\
         not fetched: 2, cannot get 'ID': status 500: 7, 8\n\n\
         not fetched: 1, gone: 9\n";
    assert_eq!(report.text(Path::new("town")), wanted);
    let json = report.json(Path::new("town"));
    assert_eq!((&json["pictures"], &json["days"][2]["day"]), (&3.into(), &"no date".into()));
    assert_eq!(json["missing"][0]["ids"], json!(["7", "8"]));
}
