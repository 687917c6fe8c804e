use super::*;

/// The number of samples of each tar.
fn lens<const N: usize>(samples: Vec<[u64; N]>, how: Cut) -> Vec<usize> {
    let mut lens = Vec::new();
    let mut filling = Filling::new(how);
    for sample in samples {
        let bytes = sample.into_iter().map(stored_bytes).sum();
        if !filling.takes(bytes) {
            lens.push(filling.samples);
            filling = Filling::new(how);
            assert!(filling.takes(bytes));
        }
    }
    lens.extend(Some(filling.samples).filter(|&samples| samples > 0));
    lens
}

#[test]
fn a_tar_is_full_before_it_is_too_long() {
    let how = Cut { max_bytes: Some(20_480), is_webdataset: false };
    assert_eq!(lens([5000, 5000, 5000, 99_999, 10].map(|bytes| [bytes]).into(), how), [3, 1, 1]);
    assert_eq!(lens::<1>(vec![], how), [0; 0]);
    let shards = Cut { max_bytes: Some(20_480), is_webdataset: true };
    assert_eq!(lens([[5000, 10]; 3].into(), shards), [2, 1]);
}

#[test]
fn a_shard_has_no_more_samples_than_a_shuffle_can_use() {
    let shards = Cut { max_bytes: None, is_webdataset: true };
    assert_eq!(lens(vec![[1, 1]; MAX_SAMPLES + 3], shards), [MAX_SAMPLES, 3]);
    assert_eq!(lens(vec![[1]; MAX_SAMPLES + 3], Cut { is_webdataset: false, ..shards }).len(), 1);
}

#[test]
fn an_addendum_takes_the_next_number() {
    let folder = tempfile::tempdir().unwrap();
    let first = || free_names(folder.path(), "2024-01-15", false).next().unwrap();
    assert_eq!(first(), folder.path().join("2024-01-15.tar"));
    std::fs::write(first(), "").unwrap();
    assert_eq!(first(), folder.path().join("2024-01-15.1.tar"));
    std::fs::write(folder.path().join("2024-01-15.2.tar"), "").unwrap();
    assert_eq!(first(), folder.path().join("2024-01-15.3.tar"));
}
