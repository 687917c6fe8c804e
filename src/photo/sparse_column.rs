//! One value for each row, where few rows may have one.

/// Values by row; rows after the last value that was set take no memory.
#[derive(Default)]
pub struct Padded<T>(Vec<T>);

impl<T: Copy + Default> Padded<T> {
    pub fn get(&self, at: usize) -> T {
        self.0.get(at).copied().unwrap_or_default()
    }

    pub fn set(&mut self, at: usize, value: T) {
        if self.0.len() <= at {
            self.0.resize(at, T::default());
            return self.0.push(value);
        }
        self.0[at] = value;
    }
}
