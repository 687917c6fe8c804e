use super::*;

#[test]
fn a_form_can_be_read_from_any_place() {
    let picture: Arc<dyn Content> = Arc::new(Memory((&b"picture"[..]).into()));
    let form = Form::new("a \"b\".jpg", &picture, &[("isBlurred", "false".into())]);
    let mut whole = vec![0; form.len() as usize];
    let mut at = 0;
    while at < whole.len() {
        let end = (at + 5).min(whole.len());
        at += form.read_at(at as u64, &mut whole[at..end]).unwrap();
    }
    let text = String::from_utf8(whole).unwrap();
    let boundary = &form.boundary;
    assert_eq!(
        text,
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"isBlurred\"\r\n\r\nfalse\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a %22b%22.jpg\"\r\n\
             Content-Type: image/jpeg\r\n\r\npicture\r\n--{boundary}--\r\n"
        )
    );
    assert_eq!(form.read_at(form.len(), &mut [0; 9]).unwrap(), 0);
}
