use super::*;

#[test]
fn a_secret_is_hidden_whatever_is_written_around_it() {
    remember("MLY|4242|0ff1ceC0DEd00dfeed112233");
    for (text, shown) in [
        ("0ff1ceC0DEd00dfeed112233", "(hidden)"),
        ("a 0ff1ceC0DEd00dfeed112233 b", "a (hidden) b"),
        ("MLY\\u007c4242\\u007c0ff1ceC0DEd00dfeed112233\"", "MLY\\u007c4242\\u007c(hidden)\""),
        ("MLY&#124;4242&#124;0ff1ceC0DEd00dfeed112233;", "MLY&#124;4242&#124;(hidden);"),
        ("next=MLY%257C4242%257C0ff1ceC0DEd00dfeed112233&x", "next=MLY%257C4242%257C(hidden)&x"),
        ("MLY|4242|0FF1CEC0DED00DFEED112233", "MLY|4242|(hidden)"),
        ("cut: 0ff1ceC0DEd0", "cut: (hidden)"),
        ("é 0ff1ceC0 DEd00dfeed112233é", "é (hidden) (hidden)é"),
        ("0ff1ceC00ff1ceC0", "(hidden)"),
        ("0ff1ceC0é0ff1ceC0", "(hidden)é(hidden)"),
        ("0ff1ce", "0ff1ce"),
        ("app 4242, é", "app 4242, é"),
        ("", ""),
    ] {
        assert_eq!(without(text), shown, "{text}");
    }
}

#[test]
fn a_short_secret_would_hide_words_and_is_not_remembered() {
    remember("MLY|1|secret");
    remember("");
    assert_eq!(without("no secret here"), "no secret here");
}
