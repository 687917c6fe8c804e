//! The service as it really behaves: one function for each endpoint.
