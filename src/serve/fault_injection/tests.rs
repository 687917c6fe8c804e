use super::*;

fn orders(texts: &[&str]) -> Vec<Order> {
    texts.iter().map(|text| text.parse().expect("an order")).collect()
}

const GRAPH: RequestTarget =
    RequestTarget { surface: ServiceHost::Graph, page: None, has_cursors: false, step: None };
const TILES: RequestTarget = RequestTarget { surface: ServiceHost::Tiles, ..GRAPH };
const PICTURES: RequestTarget = RequestTarget { surface: ServiceHost::Pictures, ..GRAPH };
const PAGE: RequestTarget = RequestTarget { page: Some(false), has_cursors: true, ..GRAPH };
const LATER_PAGE: RequestTarget = RequestTarget { page: Some(true), ..PAGE };
const OFFSET: RequestTarget =
    RequestTarget { surface: ServiceHost::Uploads, step: Some(UploadStep::Offset), ..GRAPH };
const BYTES: RequestTarget = RequestTarget { step: Some(UploadStep::Bytes), ..OFFSET };
const FINISH: RequestTarget = RequestTarget { step: Some(UploadStep::Finish), ..GRAPH };

fn deal_all(seed: u64, target: RequestTarget, texts: &[&str]) -> Vec<Option<AssignedFaults>> {
    let dealer = FaultInjector::new(orders(texts), seed);
    (0..2000).map(|n| dealer.deal(target, || format!("/{}", n % 500))).collect()
}

#[test]
fn the_same_seed_deals_the_same_faults() {
    let deal = |seed| deal_all(seed, GRAPH, &["all=20%"]);
    assert_eq!(deal(7), deal(7));
    assert_ne!(deal(7), deal(8));
}

#[test]
fn the_order_of_requests_does_not_matter() {
    let dealer = FaultInjector::new(orders(&["all=0.5"]), 3);
    let forth: Vec<_> = (0..100).map(|n| dealer.deal(TILES, || n.to_string())).collect();
    let dealer = FaultInjector::new(orders(&["all=0.5"]), 3);
    let mut back: Vec<_> = (0..100).rev().map(|n| dealer.deal(TILES, || n.to_string())).collect();
    back.reverse();
    assert_eq!(forth, back);
}

#[test]
fn the_share_ordered_is_dealt() {
    for target in [GRAPH, TILES, PICTURES] {
        let struck = deal_all(1, target, &["all=0.2"]).iter().flatten().count();
        assert!((300..500).contains(&struck), "{struck} of 2000 on {target:?}");
    }
}

#[test]
fn a_request_struck_once_is_answered_later() {
    let dealer = FaultInjector::new(orders(&["drop=0.5"]), 1);
    let tries = (0..64).map(|_| dealer.deal(GRAPH, || "/1".to_owned())).collect::<Vec<_>>();
    assert!(tries.iter().any(Option::is_some) && tries.iter().any(Option::is_none));
}

#[test]
fn every_kind_that_fits_is_dealt_and_no_other() {
    for target in [GRAPH, TILES, PICTURES, PAGE, LATER_PAGE, OFFSET, BYTES, FINISH] {
        let dealt = deal_all(1, target, &["all=0.8", "lists=0.2"]);
        for fault in InjectedFault::ALL {
            let name = fault.word();
            let seen = dealt.iter().flatten().any(|dealt| dealt.fault == fault);
            assert_eq!(seen, fault.strikes(target), "{name} on {target:?}");
        }
    }
}

#[test]
fn a_wrong_order_says_what_there_is() {
    assert!("flood=1".parse::<Order>().expect_err("unknown").to_string().contains("app-limit"));
    assert!("cut".parse::<Order>().expect_err("no share").to_string().contains("KIND=SHARE"));
    assert!("cut=2".parse::<Order>().is_err());
    assert_eq!("cut=5%".parse::<Order>(), "cut=0.05".parse());
}
