//! Bodies of the service as they never came, judged for each kind of endpoint.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mapillary_pipes::service::classify::{Endpoint, Head, classify};

fuzz_target!(|input: (u16, &[u8])| {
    let head = Head { status: input.0, content_type: None, redirect: None };
    for endpoint in [Endpoint::Graph, Endpoint::Tile, Endpoint::Picture] {
        classify(endpoint, &head, input.1);
    }
});
