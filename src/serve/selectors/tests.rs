use super::*;

#[test]
fn a_time_is_read_in_every_way_that_clients_write_it() {
    let midnight = 1_717_200_000_000;
    for text in [
        "2024-06-01T00:00:00Z",
        "2024-06-01T00:00:00.000Z",
        "2024-06-01T00:00:00+0000",
        "2024-06-01T00:00:00 0000",
        "2024-06-01T02:00:00+02:00",
        "2024-06-01T02:00:00 02:00",
        "2024-05-31T22:00:00-02",
        "2024-06-01T00:00Z",
        "2024-06-01T00:00",
        "2024-06-01 00:00:00",
        "2024-06-01",
        "1717200000",
        "1717200000000",
    ] {
        assert_eq!(read_instant_ms(text), Some(midnight), "{text}");
    }
    for text in ["soon", "2024-06", "2024-13-01", "2024-06-01T25:00Z", "1e9", "T00:00Z"] {
        assert_eq!(read_instant_ms(text), None, "{text}");
    }
}
