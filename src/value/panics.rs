//! What a bug says: a panic as an error, so that the thread it hits ends the run instead of leaving it waiting.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Does the work; a panic in it is an error that says what was wrong.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| message(&*payload))
}

/// What to say of a panic.
pub fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_string());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    format!("internal error: {}; this is a bug, please report it", text.as_deref().unwrap_or("?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_with_its_words() {
        assert_eq!(caught(|| 7), Ok(7));
        for caught in [caught(|| panic!("no row")), caught(|| panic!("no {}", "row"))] {
            let said: String = caught.map(|()| String::new()).unwrap_err();
            assert_eq!(said, "internal error: no row; this is a bug, please report it");
        }
    }
}
