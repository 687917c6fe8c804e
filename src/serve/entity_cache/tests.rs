use std::cell::Cell;

use super::*;

#[test]
fn an_image_is_kept_from_the_second_question_on_and_never_another_object_nor_links() {
    let (cache, asked) = (EntityCache::new(), Cell::new(0));
    let ask = |query: &str, found: fn(String) -> Found| {
        let object = || -> Result<Found, ()> {
            asked.set(asked.get() + 1);
            Ok(found("{}".to_owned()))
        };
        let answer = cache.answer("1", &Query::parse(query), object).expect("an answer");
        assert_eq!(answer.body.in_memory().map(|body| &body[..]), Some(&b"{}"[..]));
    };
    for (query, found, times) in [
        ("fields=make", Found::Image as fn(String) -> Found, 2),
        ("fields=model", Found::Image, 2),
        ("fields=thumb_256_url", Found::Image, 5),
        ("fields=username", Found::Other, 5),
        ("fields=make&other=1", Found::Image, 0),
    ] {
        asked.set(0);
        (0..5).for_each(|_| ask(query, found));
        assert_eq!(asked.get(), times, "{query}");
    }
}
