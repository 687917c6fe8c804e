//! The string literals of a source file: read from its tokens, so that comments and tests are ignored.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The text between quotes outside of attributes and of code that exists only for tests.
pub fn of_text(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(text.parse().unwrap(), &mut found);
    found
}

fn walk(tokens: TokenStream, found: &mut Vec<String>) {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(sign) if sign.as_char() == '#' => {
                let attribute = tokens.find(|token| matches!(token, TokenTree::Group(_)));
                if attribute.is_some_and(|attribute| is_for_tests(&attribute.to_string())) {
                    skip_item(&mut tokens);
                }
            }
            TokenTree::Group(group) => walk(group.stream(), found),
            TokenTree::Literal(literal) => {
                found.extend(
                    syn::parse_str::<syn::LitStr>(&literal.to_string()).map(|text| text.value()),
                );
            }
            _ => {}
        }
    }
}

fn is_for_tests(attribute: &str) -> bool {
    let mut words = attribute.split(|c: char| !c.is_alphanumeric());
    attribute.contains("cfg") && !attribute.contains("not") && words.any(|word| word == "test")
}

/// Skips the item that follows an attribute.
fn skip_item(tokens: &mut impl Iterator<Item = TokenTree>) {
    tokens.find(|token| match token {
        TokenTree::Punct(sign) => sign.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    });
}

#[test]
fn literals_are_those_of_the_code_alone() {
    let text = r##"
        //! "module"
        /// "comment"
        #[serde(rename = "attribute")]
        fn f() { g("a", r#"b"#, format!("c {}", h("d"))); }
        #[cfg(test)]
        mod tests { fn t() { f("test") } }
        #[cfg(test)]
        use x;
        static S: &str = "e";
    "##;
    assert_eq!(of_text(text), ["a", "b", "c {}", "d", "e"]);
}
