use super::*;

#[test]
fn what_was_used_longest_ago_goes_first() {
    let cache = ByteCache::new(4 * (100 + ENTRY_BYTES));
    let value = Bytes::from(vec![0; 100]);
    for key in 0..4 {
        cache.put(key, value.clone());
    }
    assert!(cache.get(&0).is_some());
    cache.put(4, value.clone());
    let held: Vec<i32> = (0..5).filter(|key| cache.get(key).is_some()).collect();
    assert_eq!(held, [0, 2, 3, 4]);
    cache.put(4, value);
    assert_eq!(cache.lock().bytes, 4 * (100 + ENTRY_BYTES), "the same key counts once");
}

#[test]
fn one_large_value_does_not_push_out_the_others() {
    let cache = ByteCache::new(1000);
    cache.put(1, Bytes::from(vec![0; 20]));
    cache.put(2, Bytes::from(vec![0; 900]));
    assert!(cache.get(&1).is_some() && cache.get(&2).is_none());
}
